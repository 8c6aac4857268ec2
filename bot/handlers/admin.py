"""What only admins have: /reload, and word of an empty archive."""

import logging

from telegram import Update
from telegram.error import TelegramError

from bot import render, replies, texts
from bot.intake import ReloadRunning
from bot.message import Reply
from bot.rebuilding import NOT_REBUILT, Interrupted, NoSpaceError
from bot.services import Bot, Context, Services
from retrieval.corpus import CorpusError
from retrieval.storing.lock import LockError

log = logging.getLogger(__name__)

WHY: dict[type[Exception], str] = {
    CorpusError: texts.RELOAD_FAILED,
    LockError: texts.RELOAD_LOCKED,
    NoSpaceError: texts.RELOAD_NO_SPACE,
    Interrupted: texts.RELOAD_INTERRUPTED,
}


async def reload(update: Update, context: Context) -> None:
    """Take in what changed in the corpus folder; questions are answered meanwhile."""
    message = update.effective_message
    if message is None:
        return
    services = context.services
    try:
        report = await services.intake.reload()
    except ReloadRunning:
        reply = Reply(texts.RELOAD_RUNNING)
    except NOT_REBUILT as error:
        log.error("reload failed, the old archive stays: %s", error)
        reply = Reply(_why(error))
    else:
        reply = render.reload_report(report)
    await replies.send(context.bot, message.chat_id, reply, message.message_id)


def _why(error: Exception) -> str:
    """Why there is no new archive, for an admin."""
    return next((text for kind, text in WHY.items() if isinstance(error, kind)), texts.NOT_WRITTEN)


async def tell_of_empty_archive(bot: Bot, services: Services) -> None:
    """If there is nothing to answer from, say so to the admins."""
    if services.searcher.current.articles:
        return
    log.warning("the archive is empty: put articles into CORPUS_DIR and send /reload")
    for admin in sorted(services.settings.admin_ids):
        try:
            await replies.send(bot, admin, Reply(texts.EMPTY_ARCHIVE_ADMIN))
        except TelegramError as error:
            log.warning("admin %s was not told of the empty archive: %s", admin, error)
