"""From a question to its answer in the chat, so that none is lost and none is given twice.

A question is written down before work on it begins and marked when its answer is out; what a
crash left unanswered is answered at the next start.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta

from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import render, replies
from bot.message import Reply
from bot.quotes import Quote
from bot.services import Bot, Services
from bot.store import Answer, StoredQuote, StoreError

log = logging.getLogger(__name__)

QUOTES = 3
TYPING_SECONDS = 2.0
"""How long an answer may be held up by the «печатает…» that goes before it."""
RESUMED = timedelta(hours=24)
"""Questions older than this are not answered after a restart."""


async def answer_question(
    bot: Bot, services: Services, chat_id: int, message_id: int, text: str
) -> None:
    """Reply to a message with quotes; if it has a reply already (it was edited), change that."""
    question = " ".join(text.split())
    async with services.turns(chat_id, message_id):
        try:
            answer = await _take_in(services, chat_id, message_id, question)
            reply = await _compose(bot, services, answer) if answer else None
        except StoreError as error:
            log.error("answering without the database: %s", error)
            answer, reply = None, await _without_buttons(services, question)
            await replies.send(bot, chat_id, reply, message_id)
        if answer and reply:
            await _deliver(bot, services, answer, reply)


async def _take_in(
    services: Services, chat_id: int, message_id: int, question: str
) -> Answer | None:
    """Write the question down; None if this very question has its answer already."""
    known = await services.store.answer_to(chat_id, message_id)
    if known and known.reply_id and known.question == question:
        return None
    answer = await services.store.open_answer(chat_id, message_id, question, services.clock())
    if known:
        await services.store.forget_quotes(answer.id)
    return answer


async def _without_buttons(services: Services, question: str) -> Reply:
    """The same answer when nothing can be written down: buttons could refer to nothing."""
    quotes = [] if render.complaint(question) else await services.searcher.search(question, QUOTES)
    return render.answer(quotes) if quotes else _no_quotes(services, question)


async def _compose(bot: Bot, services: Services, answer: Answer) -> Reply:
    if render.complaint(answer.question):
        return _no_quotes(services, answer.question)
    _, found = await asyncio.gather(
        show_typing(bot, answer.chat_id),
        services.searcher.search(answer.question, QUOTES + 1),
    )
    reply = await quotes_reply(services, answer, found)
    return reply or _no_quotes(services, answer.question)


def _no_quotes(services: Services, question: str) -> Reply:
    return render.no_quotes(question, len(services.searcher.current.articles))


async def quotes_reply(services: Services, answer: Answer, found: list[Quote]) -> Reply | None:
    """The first quotes with buttons that go on working after a restart; None if there are none.

    `found` holds one more than is shown where «Ещё» has something to show.
    """
    quotes = found[:QUOTES]
    if not quotes:
        return None
    stored = [
        StoredQuote(q.article.id, q.article.digest, q.span.start, q.span.stop, q.text)
        for q in quotes
    ]
    ids = await services.store.add_quotes(answer.id, stored)
    return render.answer(quotes, ids, answer.id if len(found) > QUOTES else None)


async def show_typing(bot: Bot, chat_id: int) -> None:
    """«Печатает…», if it can be shown quickly; an answer never fails for want of it."""
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(bot.send_chat_action(chat_id, ChatAction.TYPING), TYPING_SECONDS)
    except TelegramError as error:
        log.info("«typing» was not shown in chat %s: %s", chat_id, error)


async def _deliver(bot: Bot, services: Services, answer: Answer, reply: Reply) -> None:
    try:
        if answer.reply_id and await replies.edit(bot, answer.chat_id, answer.reply_id, reply):
            return
        sent = await replies.send(bot, answer.chat_id, reply, answer.message_id)
    except (Forbidden, BadRequest) as error:
        log.warning("chat %s does not take the answer: %s", answer.chat_id, error)
        await services.store.drop_answer(answer.id)
        if isinstance(error, Forbidden):
            await services.store.set_active(answer.chat_id, active=False)
        return
    await services.store.close_answer(answer.id, sent.message_id)


async def resume(bot: Bot, services: Services) -> None:
    """Answer what was asked before a crash or a restart and got no answer."""
    for answer in await services.store.unanswered(services.clock() - RESUMED):
        log.warning("answering message %s in chat %s now", answer.message_id, answer.chat_id)
        await answer_question(bot, services, answer.chat_id, answer.message_id, answer.question)
