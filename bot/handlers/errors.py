"""The one handler of everything that went wrong while an update was handled."""

import logging

from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot import replies, texts
from bot.message import Reply
from bot.services import Context

log = logging.getLogger(__name__)


async def failed(update: object, context: Context) -> None:
    """Say it in the log, and in the chat if the chat can be reached."""
    chat = update.effective_chat if isinstance(update, Update) else None
    log.error("an update was not handled", exc_info=context.error)
    if chat is None or isinstance(context.error, Forbidden):
        return
    try:
        await replies.send(context.bot, chat.id, Reply(texts.FAILED))
    except TelegramError as error:
        log.warning("chat %s was not told of it: %s", chat.id, error)
