"""/feeds in the chat: who may, what is added, what each button does and shows."""

from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Update

from bot.feeds import Feeds
from bot.fetch import Fetcher
from bot.handlers import feeds as handlers
from bot.services import Context
from bot.settings import Settings
from bot.store.feeds import FeedTable
from bot.store.prompts import Prompts
from bot.texts import feeds as texts
from tests.feed_server import Response, Site, html, item, redirect, rss, serving, xml

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
ADMIN, READER, GROUP = 1, 2, -100


class Table(FeedTable, Prompts):
    """What these handlers need of the store."""


@dataclass
class Chat:
    """A chat with the bot in it, as far as its handlers of feeds see it."""

    table: Table
    context: Context
    said: list[dict[str, Any]] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)

    async def send_message(self, chat_id: int, text: str, **options: Any) -> None:
        self.said.append({"chat": chat_id, "text": text, **options})

    async def send_chat_action(self, *_: Any) -> None:
        """«Печатает…» is not what is tested here."""

    async def edit_message_text(self, text: str, chat_id: int, _id: int, **options: Any) -> None:
        await self.send_message(chat_id, text, edited=True, **options)

    async def answer(self, text: str | None = None, *, show_alert: bool = False) -> None:
        if show_alert:
            self.alerts.append(text or "")

    def update(self, text: str, user: int, kind: str) -> Update:
        chat_id = user if kind == "private" else GROUP
        chat = SimpleNamespace(id=chat_id, type=kind)
        message = SimpleNamespace(text=text, chat=chat, chat_id=chat_id, message_id=5)
        person = SimpleNamespace(id=user)
        query = SimpleNamespace(data=text, message=message, from_user=person, answer=self.answer)
        given = {"effective_user": person, "effective_message": message, "callback_query": query}
        return cast("Update", SimpleNamespace(**given))

    async def say(self, text: str, user: int = ADMIN, kind: str = "private") -> str:
        await handlers.feeds(self.update(text, user, kind), self.context)
        return self.last

    async def press(self, data: str, user: int = ADMIN, kind: str = "private") -> str:
        await handlers.pressed(self.update(data, user, kind), self.context)
        return self.last

    @property
    def last(self) -> str:
        return str(self.said[-1]["text"]) if self.said else ""

    @property
    def buttons(self) -> list[str]:
        markup = self.said[-1]["api_kwargs"]["reply_markup"]
        return [button["callback_data"] for row in markup["inline_keyboard"] for button in row]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as serves:
        serves.pages["/rss"] = xml(rss(item("Уран", "https://a.kz/1"), item("Нефть")))
        yield serves


@pytest.fixture
async def chat(site: Site, tmp_path: Path) -> AsyncIterator[Chat]:
    settings = Settings(admin_ids=frozenset({ADMIN}), corpus_dir=tmp_path)
    table = await Table.open(tmp_path / "bot.sqlite3")

    def clock() -> datetime:
        return NOW

    async def on_stored() -> None:
        pass

    tasks: list[Coroutine[Any, Any, None]] = []
    async with Fetcher({site.host}) as fetcher:
        feeds = Feeds(table, fetcher, settings, clock, on_stored)
        services = SimpleNamespace(settings=settings, store=table, feeds=feeds, clock=clock)
        application = SimpleNamespace(create_task=tasks.append)
        context = SimpleNamespace(services=services, application=application)
        here = Chat(table, cast("Context", context))
        context.bot = here
        yield here
    for task in tasks:
        await task
    await table.close()


async def test_only_admins_see_and_change_feeds(chat: Chat, site: Site) -> None:
    assert await chat.say("/feeds", READER) == ""
    assert await chat.say(f"/feeds {site.url}/rss", READER) == ""
    assert await chat.press("f:a", READER, "group") == ""
    assert chat.alerts == [texts.ADMINS_ONLY]
    await handlers.typed_feed(chat.update("", READER, "private"), chat.context, "a.kz", 0)
    assert (chat.said, site.asked, await chat.table.feeds()) == ([], [], [])


@pytest.mark.parametrize("command", ["/feeds добавить {}", "/feeds add {}", "/feeds {}"])
async def test_a_feed_is_added_by_command(chat: Chat, site: Site, command: str) -> None:
    said = await chat.say(command.format(f"{site.url}/rss"))
    assert said.startswith("Лента «Вестник» добавлена. Сейчас в ней 2 записи.")
    assert [feed.title for feed in await chat.table.feeds()] == ["Вестник"]
    again = await chat.say(command.format(f"{site.url}/rss"))
    assert again == "Лента «Вестник» уже есть в списке."


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (html("<p>Нет</p>"), "это не лента RSS или Atom"),
        (Response(b"", 404), "по этому адресу ничего нет"),
        (redirect("http://10.0.0.1/rss"), "адрес ведёт во внутреннюю сеть"),
    ],
)
async def test_what_is_wrong_with_an_address_is_said_in_one_line(
    chat: Chat, site: Site, response: Response, reason: str
) -> None:
    site.pages["/rss"] = response
    said = await chat.say(f"/feeds {site.url}/rss")
    assert said.startswith(f"Лента не добавлена: {reason}")
    assert "\n" not in said


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "http://u:p@a.kz/", "ftp://a.kz/"])
async def test_an_address_that_must_not_be_fetched_is_not(chat: Chat, address: str) -> None:
    assert (await chat.say(f"/feeds add {address}")).startswith("Лента не добавлена: ")
    assert await chat.table.feeds() == []


async def test_the_address_is_asked_for_in_private_and_told_in_a_group(
    chat: Chat, site: Site
) -> None:
    assert await chat.press("f:a") == texts.WHERE
    prompt = await chat.table.take_prompt(ADMIN, ADMIN, datetime.min.replace(tzinfo=UTC))
    assert prompt
    assert prompt.kind == "feed"
    typed = chat.update("", ADMIN, "private")
    await handlers.typed_feed(typed, chat.context, f" {site.url}/rss ", 0)
    assert chat.last.startswith("Лента «Вестник» добавлена.")
    assert await chat.press("f:a", kind="group") == texts.HOW
    assert await chat.say("/feeds добавить") == texts.HOW


async def test_every_button_does_what_it_says(chat: Chat, site: Site) -> None:
    await chat.say(f"/feeds {site.url}/rss")
    (feed,) = await chat.table.feeds()
    assert "1. Вестник" in await chat.say("/feeds")
    assert f"f:o:{feed.id}" in chat.buttons

    assert (await chat.press(f"f:o:{feed.id}")).startswith("Вестник\n")
    assert chat.said[-1]["edited"]
    assert "приостановлена" in await chat.press(f"f:p:{feed.id}")
    assert await chat.table.due_feeds(NOW) == []
    assert "приостановлена" not in await chat.press(f"f:r:{feed.id}")
    assert await chat.table.due_feeds(NOW) != []
    assert (await chat.press(f"f:c:{feed.id}")).startswith(texts.CHECKING)
    assert (await chat.press(f"f:d:{feed.id}")).startswith("Удалить ленту?")
    assert chat.buttons == [f"f:D:{feed.id}", f"f:o:{feed.id}"]
    assert texts.NO_FEEDS in await chat.press(f"f:D:{feed.id}")
    assert await chat.table.feeds() == []


@pytest.mark.parametrize(
    "data", ["f:o:99", "f:x:1", "f:", "f:o:", "f:o:-1", f"f:o:{'9' * 50}", "f:o:٣", "f:o:1:2"]
)
async def test_a_button_of_a_feed_that_is_gone_leads_to_the_list(chat: Chat, data: str) -> None:
    assert texts.NO_FEEDS in await chat.press(data)
    assert chat.alerts == [texts.REMOVED]
