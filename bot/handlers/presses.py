"""What commands and buttons that change a chat's settings have in common."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from telegram import CallbackQuery, Chat, Update

from bot import replies
from bot.handlers.rights import acknowledge, may_manage
from bot.message import Reply
from bot.services import Context
from bot.texts.digests import ADMINS_ONLY
from bot.texts.subscriptions import STALE_BUTTON

T = TypeVar("T")


class StaleButton(Exception):
    """A button's data means nothing: it is of another release, or forged."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, and who may have been asked something by it."""

    chat_id: int
    message_id: int
    user_id: int
    private: bool


Serve = Callable[[Context, Press], Awaitable[Reply | None]]
"""Does what a button is for; what it returns is put in place of the button's message."""

Verbs = dict[str, Callable[[str], Serve]]
"""By the verb of a button's data what to do with the rest of it. Each may raise StaleButton."""


async def say(update: Update, context: Context, reply: Reply) -> None:
    """Answer a command; in a group under it."""
    message = update.effective_message
    if message:
        to = None if message.chat.type == Chat.PRIVATE else message.message_id
        await replies.send(context.bot, message.chat_id, reply, to)


async def may_command(update: Update, context: Context) -> bool:
    """Whether who wrote may change the chat's settings; if not they are told."""
    allowed = await may_manage(update, context)
    if not allowed:
        await say(update, context, Reply(ADMINS_ONLY))
    return allowed


async def serve_press(update: Update, context: Context, verbs: Verbs) -> None:
    """Do what a button is for, if whoever pressed it may."""
    query = update.callback_query
    if query is None or query.message is None or not query.data:
        return
    try:
        serve = served(query.data, verbs)
    except StaleButton:
        await acknowledge(query, STALE_BUTTON)
        return
    if not await may_manage(update, context):
        await acknowledge(query, ADMINS_ONLY)
        return
    context.application.create_task(acknowledge(query))
    await _show(context, query, serve)


def served(data: str, verbs: Verbs) -> Serve:
    """What a button with this data is for. Raises StaleButton."""
    _, verb, value = [*data.split(":", 2), "", ""][:3]
    if verb not in verbs:
        raise StaleButton(data)
    return verbs[verb](value)


async def _show(context: Context, query: CallbackQuery, serve: Serve) -> None:
    """Presses in a chat are served one after another: the last one is what is seen."""
    if query.message is None:
        return
    chat, message_id = query.message.chat, query.message.message_id
    press = Press(chat.id, message_id, query.from_user.id, chat.type == Chat.PRIVATE)
    async with context.services.turns(chat.id, 0):
        reply = await serve(context, press)
        if reply and not await replies.edit(context.bot, chat.id, message_id, reply):
            await replies.send(context.bot, chat.id, reply)


def among(value: str, known: Iterable[T]) -> T:
    """The one of the known values that a button's data names. Raises StaleButton."""
    for each in known:
        if value == str(each):
            return each
    raise StaleButton(value)


def number(value: str, below: int) -> int:
    """A whole number in a button's data, from 0. Raises StaleButton."""
    if value.isascii() and value.isdigit() and len(value) <= 18 and int(value) < below:
        return int(value)
    raise StaleButton(value)
