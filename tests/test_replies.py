"""Where messages are sent: a group that moved, an answer that is gone, a quote that is not one."""

from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot import render, replies
from bot.message import Reply
from bot.quotes import QuoteMismatch
from bot.services import Bot
from tests.builders import article, quote


@dataclass
class FakeBot:
    """Notes what it is told to send; raises the errors given, one a call."""

    errors: list[TelegramError] = field(default_factory=list)
    sent: list[tuple[int, str]] = field(default_factory=list)
    lanes: list[object] = field(default_factory=list)

    async def send_message(self, chat_id: int, text: str, **options: Any) -> None:
        self.sent.append((chat_id, text))
        self.lanes.append(options.get("rate_limit_args"))
        if self.errors:
            raise self.errors.pop(0)

    async def edit_message_text(
        self, text: str, chat_id: int, _message_id: int, **options: Any
    ) -> None:
        await self.send_message(chat_id, text, **options)


async def test_what_is_sent_to_a_group_that_moved_follows_it() -> None:
    bot = FakeBot([ChatMigrated(-1002)])
    await replies.send(cast("Bot", bot), -1, Reply("Уран"), to=5)
    assert bot.sent == [(-1, "Уран"), (-1002, "Уран")]


async def test_a_digest_says_what_it_is_and_does_not_follow_a_group() -> None:
    bot = FakeBot([ChatMigrated(-1002)])
    with pytest.raises(ChatMigrated):
        await replies.send(cast("Bot", bot), -1, Reply("Уран"), digest=True)
    await replies.send(cast("Bot", bot), -1, Reply("Нефть"))
    assert bot.sent == [(-1, "Уран"), (-1, "Нефть")]
    assert bot.lanes == ["digest", None]


@pytest.mark.parametrize(
    ("error", "there"),
    [
        ("Message is not modified: specified new message content is the same", True),
        ("Message to edit not found", False),
        ("Message can't be edited", False),
    ],
)
async def test_an_edit_says_whether_the_message_is_still_there(error: str, there: bool) -> None:
    bot = FakeBot([BadRequest(error)])
    assert await replies.edit(cast("Bot", bot), 1, 2, Reply("Уран")) is there


async def test_a_quote_that_is_not_in_its_article_is_never_sent() -> None:
    reply = render.answer([quote(article("Уран добывают."))])
    altered = replace(reply, text=reply.text.replace("добывают", "добывает"))
    bot = FakeBot()
    for send in (
        replies.send(cast("Bot", bot), 1, altered),
        replies.edit(cast("Bot", bot), 1, 2, altered),
    ):
        with pytest.raises(QuoteMismatch):
            await send
    assert bot.sent == []
