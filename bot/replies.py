"""Where messages are sent: a reply becomes Telegram's text, entities and keyboard.

Every quote is checked against its article here, just before it goes. Entities and keyboards go as
the JSON that they end as: as objects of the library they cost more than the search.
"""

import logging
from typing import Any

from telegram import Message, MessageEntity
from telegram.error import BadRequest, ChatMigrated
from telegram.ext import ExtBot

from bot import render
from bot.limiter import Lane
from bot.message import Reply
from bot.quotes import units
from retrieval.models import Article

log = logging.getLogger(__name__)

Json = dict[str, Any]

NO_PREVIEW: Json = {"is_disabled": True}


def entities(reply: Reply) -> list[MessageEntity]:
    """A reply's marks as the library has them."""
    return [MessageEntity(**each) for each in marked(reply)]


def marked(reply: Reply) -> list[Json]:
    """A reply's marks as entities, with offsets in UTF-16 units as the Bot API counts them."""
    text = reply.text
    places = [(mark, mark.start, mark.stop - mark.start) for mark in reply.marks]
    if not text.isascii() and max(text) > "\uffff":
        places = [
            (mark, units(text[: mark.start]), units(text[mark.start : mark.stop]))
            for mark in reply.marks
        ]
    return [
        {"type": mark.kind, "offset": offset, "length": length}
        | ({"url": mark.url} if mark.url else {})
        for mark, offset, length in places
    ]


def keyboard(reply: Reply) -> Json | None:
    if not reply.buttons:
        return None
    return {
        "inline_keyboard": [
            [{"text": button.label, "callback_data": button.data} for button in row]
            for row in reply.buttons
        ]
    }


def _shown(reply: Reply) -> Json:
    """What a message is beside its text."""
    return {
        "entities": marked(reply),
        "reply_markup": keyboard(reply),
        "link_preview_options": NO_PREVIEW,
    }


async def send(
    bot: ExtBot[Lane],
    chat_id: int,
    reply: Reply,
    to: int | None = None,
    *,
    digest: bool = False,
) -> Message:
    """Send a reply, as an answer to message `to` while that one still exists.

    Raises QuoteMismatch, and nothing is sent, if a quote is not its article's own text. A message
    of a digest is tried once, and raises ChatMigrated where others follow a group that moved.
    """
    reply.check()
    answered = {"message_id": to, "allow_sending_without_reply": True} if to else None
    try:
        return await bot.send_message(
            chat_id,
            reply.text,
            rate_limit_args="digest" if digest else None,
            api_kwargs=_shown(reply) | {"reply_parameters": answered},
        )
    except ChatMigrated as error:  # a group became a supergroup, where the message's id is unknown
        if digest:
            raise
        return await send(bot, error.new_chat_id, reply)


async def send_article_file(
    bot: ExtBot[Lane], chat_id: int, article: Article, *, changed: bool
) -> None:
    """Send an article that is too long for messages as a text file."""
    caption = render.caption(article, changed=changed)
    body = render.article_file(article).encode("utf-8", errors="replace")
    await bot.send_document(chat_id, body, caption=caption, filename=render.file_name(article))


async def edit(bot: ExtBot[Lane], chat_id: int, message_id: int, reply: Reply) -> bool:
    """Put a reply in place of a message; False if that message is no longer there.

    Raises QuoteMismatch as `send` does.
    """
    reply.check()
    try:
        await bot.edit_message_text(
            reply.text,
            chat_id,
            message_id,
            api_kwargs=_shown(reply),
        )
    except ChatMigrated:
        return False  # messages have other ids there
    except BadRequest as error:
        if "not modified" in error.message.lower():
            return True
        log.info("the answer %s in chat %s cannot be edited: %s", message_id, chat_id, error)
        return False
    return True
