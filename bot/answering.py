"""From a question to its answer in the chat, so that none is given twice and an edit changes it."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple, Self

from telegram import Message
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot import render, replies
from bot.database import StoreError
from bot.message import Button, Reply
from bot.outcome import QUOTES, Outcome
from bot.quotes import Quote
from bot.services import Bot, Services
from bot.store import Answer, Offer, StoredQuote

log = logging.getLogger(__name__)

TYPING_SECONDS = 2.0
"""How long an answer may be held up by the «печатает…» that goes before it."""


class Asked(NamedTuple):
    """The message that a question stands in, and when it was sent (aware)."""

    chat_id: int
    message_id: int
    at: datetime

    @classmethod
    def in_message(cls, message: Message) -> Self:
        return cls(message.chat_id, message.message_id, message.date)


async def answer_question(
    bot: Bot, services: Services, asked: Asked, text: str, *, edited: bool = False
) -> None:
    """Reply to a message with quotes; if it was edited, change the reply that it has."""
    question = " ".join(text.split())
    chat_id, message_id, at = asked
    async with services.turns(chat_id, message_id):
        known = await _known(services, chat_id, message_id)
        if known and known.question == question and (edited or known.asked == at):
            return
        if not edited:
            known = None  # of another message: a new server counts from one again
        day = services.today()
        answer = await _open(services, asked, question, day)
        reply = await _compose(bot, services, chat_id, question, day, answer)
        try:
            place = await _deliver(bot, chat_id, message_id, reply, known)
        except TelegramError:
            await _drop(services, answer)
            raise
        await _close(services, answer, *place)


async def _known(services: Services, chat_id: int, message_id: int) -> Answer | None:
    try:
        return await services.store.answer_to(chat_id, message_id)
    except StoreError as error:
        log.error("answering without knowing earlier answers: %s", error)
        return None


async def _open(services: Services, asked: Asked, question: str, day: date) -> Answer | None:
    try:
        return await services.store.open_answer(
            asked.chat_id, asked.message_id, question, asked.at, day
        )
    except StoreError as error:
        log.error("answering without the database, so without buttons: %s", error)
        return None


async def answer_offer(bot: Bot, services: Services, offered: Answer, offer: Offer) -> None:
    """Reply with what a button under an answer offered, once; the answer before it stays."""
    answer = await services.store.take_offer(offered, offer)
    if answer is None:
        return
    day = answer.day or services.today()
    reply = await _compose(bot, services, answer.chat_id, answer.question, day, answer)
    try:
        sent = await replies.send(bot, answer.chat_id, reply, answer.message_id)
    except TelegramError:
        await _drop(services, answer)
        raise
    await _close(services, answer, sent.chat_id, sent.message_id)


async def _compose(
    bot: Bot, services: Services, chat_id: int, question: str, day: date, answer: Answer | None
) -> Reply:
    if wrong := render.complaint(question):
        return Reply(wrong)
    literal = answer is not None and answer.literal
    _, outcome = await asyncio.gather(
        show_typing(bot, chat_id),
        services.searcher.search(question, QUOTES, today=day, literal=literal),
    )
    if not outcome.quotes:
        return await _refusal(services, answer, outcome)
    offered = await _offered(services, answer, outcome)
    reply, _ = await quotes_reply(services, answer, outcome, render.notes(outcome), offered)
    return reply


async def _refusal(services: Services, answer: Answer | None, outcome: Outcome) -> Reply:
    """«Не найдено», with what comes nearest and other ways to ask as buttons."""
    loaded_at = services.searcher.loaded_at.astimezone(services.settings.timezone)
    nearest = await _kept(services, answer, filter(None, (outcome.nearest,)))
    offered = await _offered(services, answer, outcome)
    return render.refusal(outcome, loaded_at, next(iter(nearest), None), offered)


async def _offered(
    services: Services, answer: Answer | None, outcome: Outcome
) -> list[list[Button]]:
    """The buttons of other ways to ask; none without the database."""
    offers = render.offers(outcome)
    if answer is None or not offers:
        return []
    questions = [(offer.question, offer.literal) for offer in offers]
    try:
        ids = await services.store.add_offers(answer.id, questions)
    except StoreError as error:
        log.error("answering without other ways to ask: %s", error)
        return []
    return render.offer_buttons(offers, ids)


async def quotes_reply(
    services: Services,
    answer: Answer | None,
    outcome: Outcome,
    notes: Sequence[render.Note] = (),
    offered: Sequence[Sequence[Button]] = (),
) -> tuple[Reply, list[int]]:
    """The quotes, with buttons that go on working after a restart; and the quotes' ids.

    Without an answer in the database there are no buttons: they could refer to nothing.
    """
    ids = await _kept(services, answer, outcome.quotes)
    more = answer.id if answer and ids and outcome.found.more else None
    return render.answer(outcome.quotes, ids, more, notes=notes, offered=offered), ids


async def _kept(services: Services, answer: Answer | None, quotes: Iterable[Quote]) -> list[int]:
    """Keep what buttons under quotes refer to; an id each, none without the database."""
    stored = [
        StoredQuote(q.article.id, q.article.digest, q.span.start, q.span.stop, q.text)
        for q in quotes
    ]
    if answer is None or not stored:
        return []
    try:
        return await services.store.add_quotes(answer.id, stored)
    except StoreError as error:
        log.error("answering without buttons: %s", error)
        return []


async def show_typing(bot: Bot, chat_id: int) -> None:
    """«Печатает…», if it can be shown quickly; an answer never fails for want of it."""
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(bot.send_chat_action(chat_id, ChatAction.TYPING), TYPING_SECONDS)
    except TelegramError as error:
        log.info("«typing» was not shown in chat %s: %s", chat_id, error)


async def _deliver(
    bot: Bot, chat_id: int, message_id: int, reply: Reply, known: Answer | None
) -> tuple[int, int]:
    """Edit the reply that the message has, or send one; returns that reply's chat and id."""
    if known and known.reply_id and await replies.edit(bot, chat_id, known.reply_id, reply):
        return chat_id, known.reply_id
    sent = await replies.send(bot, chat_id, reply, message_id)
    return sent.chat_id, sent.message_id


async def _close(services: Services, answer: Answer | None, chat_id: int, reply_id: int) -> None:
    try:
        if answer:
            await services.store.close_answer(answer.id, chat_id, reply_id)
    except StoreError as error:
        log.error("the answer %s is out, but not noted: %s", reply_id, error)


async def _drop(services: Services, answer: Answer | None) -> None:
    """An answer did not reach its chat: what the message had before stays."""
    try:
        if answer:
            await services.store.drop_answer(answer.id)
    except StoreError as error:
        log.error("an answer that did not arrive was not dropped: %s", error)
