"""The one handler of everything that went wrong while an update was handled."""

import logging

from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot import replies, texts
from bot.database import StoreError
from bot.limiter import is_passing
from bot.message import Reply
from bot.services import Context

log = logging.getLogger(__name__)


async def failed(update: object, context: Context) -> None:
    """Keep the update for the next start if the network failed it; else say so in the chat."""
    error = context.error
    chat = update.effective_chat if isinstance(update, Update) else None
    if chat and isinstance(error, Forbidden):
        await closed(context, chat.id, error)
        return
    foreseen = isinstance(error, TelegramError | StoreError)
    log.error(
        "an update was not handled: %s: %s",
        type(error).__name__,
        error,
        exc_info=None if foreseen else error,
    )
    if isinstance(update, Update) and error and is_passing(error):
        context.services.inbox.keep(update)
    elif chat:
        await _tell(context, chat.id)


async def closed(context: Context, chat_id: int, error: Forbidden) -> None:
    """The bot may not write to this chat any more; what it knows of the chat is kept."""
    log.info("chat %s is closed to the bot: %s", chat_id, error)
    try:
        await context.services.store.closed(chat_id)
    except StoreError as problem:
        log.error("chat %s was not marked as closed: %s", chat_id, problem)


async def _tell(context: Context, chat_id: int) -> None:
    try:
        await replies.send(context.bot, chat_id, Reply(texts.FAILED))
    except TelegramError as error:
        log.warning("chat %s was not told of it: %s", chat_id, error)
