"""What only admins have: /reload, and word of an empty archive."""

import logging

from telegram import Update
from telegram.error import TelegramError

from bot import render, replies, texts
from bot.intake import ReloadRunning
from bot.message import Reply
from bot.services import Bot, Context, Services
from retrieval.corpus import CorpusError

log = logging.getLogger(__name__)


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
    except CorpusError as error:
        log.error("reload failed, the old archive stays: %s", error)
        reply = Reply(texts.RELOAD_FAILED)
    else:
        reply = render.reload_report(report)
    await replies.send(context.bot, message.chat_id, reply, message.message_id)


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
