"""Buttons under answers and lists: «Ещё», «Контекст», «Статья», example questions.

What a button refers to lives in the database, so it works after a restart and after a reload.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, NamedTuple

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError

from bot import render, replies, texts
from bot.answering import Asked, answer_offer, answer_question, quotes_reply
from bot.database import StoreError
from bot.message import Button, Reply
from bot.outcome import QUOTES
from bot.searcher import where
from bot.services import Context, Services
from bot.store import Answer, StoredQuote
from retrieval.models import Article, Passage

log = logging.getLogger(__name__)


class Press(NamedTuple):
    """A button that was pressed: the number in its data, and the message it stands under."""

    query: CallbackQuery
    number: int
    chat_id: int
    message_id: int


def on_press(
    serve: Callable[[Press, Context], Awaitable[None]],
) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """A handler that stops the button's waiting sign, and serves the press meanwhile."""

    @wraps(serve)
    async def handler(update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None or query.message is None or not query.data:
            return
        context.application.create_task(_acknowledge(query))
        chat_id, message_id = query.message.chat.id, query.message.message_id
        await serve(Press(query, int(query.data[1:]), chat_id, message_id), context)

    return handler


async def _acknowledge(query: CallbackQuery) -> None:
    """A press is served all the same: it may be old, from a time when the bot was down."""
    try:
        await query.answer()
    except TelegramError as error:
        log.info("a button's waiting sign was not stopped: %s", error)


async def _say(context: Context, press: Press, reply: Reply) -> None:
    await replies.send(context.bot, press.chat_id, reply, press.message_id)


@on_press
async def more(press: Press, context: Context) -> None:
    """«Ещё»: the next quotes that answer the same question, as a message of their own."""
    async with context.services.turns(press.number):
        answer = await context.services.store.answer(press.number)
        if answer is None or answer.chat_id != press.chat_id:
            await _say(context, press, Reply(texts.ANSWER_GONE))
            return
        await _send_more(context, answer)
    await _remove_pressed(press.query)


async def _send_more(context: Context, answer: Answer) -> None:
    services = context.services
    shown = await services.store.quoted(answer.id)
    day = answer.day or services.today()
    outcome = await services.searcher.search(
        answer.question, QUOTES, shown, day, literal=answer.literal
    )
    reply, ids = await quotes_reply(services, answer, outcome, render.possibly(outcome))
    try:
        message = reply if outcome.quotes else Reply(texts.NO_MORE)
        await replies.send(context.bot, answer.chat_id, message, answer.message_id)
    except TelegramError:
        await _not_shown(services, ids)
        raise


async def _not_shown(services: Services, quote_ids: list[int]) -> None:
    try:
        await services.store.drop_quotes(quote_ids)
    except StoreError as error:
        log.error("quotes that did not arrive count as shown: %s", error)


@on_press
async def offer(press: Press, context: Context) -> None:
    """Another way to ask the same, such as «Искать …» as typed: its answer, in a new message."""
    store = context.services.store
    async with context.services.turns(press.number):
        offered = await store.offer(press.number)
        answer = await store.answer(offered.answer_id) if offered else None
        if offered is None or answer is None or answer.chat_id != press.chat_id:
            await _say(context, press, Reply(texts.ANSWER_GONE))
            return
        await answer_offer(context.bot, context.services, answer, offered)
    await _remove_pressed(press.query)


async def _remove_pressed(query: CallbackQuery) -> None:
    """Take a button away from the message it was pressed on: what it promised has been shown."""
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return
    rows = [
        row
        for row in message.reply_markup.inline_keyboard
        if all(button.callback_data != query.data for button in row)
    ]
    try:
        await query.edit_message_reply_markup(InlineKeyboardMarkup(rows))
    except TelegramError as error:
        log.info("a button was not taken away: %s", error)


@on_press
async def surroundings(press: Press, context: Context) -> None:
    """«Контекст»: the quote's paragraph with the one before it and the one after it."""
    quote = await context.services.store.quote(press.number, press.chat_id)
    article = context.services.searcher.article(quote.article_id) if quote else None
    await _say(context, press, _context(context, quote, article, press.number))


def _context(
    context: Context, quote: StoredQuote | None, article: Article | None, number: int
) -> Reply:
    span = where(quote, article) if quote and article else None
    if quote is None or article is None or span is None:
        return _gone(quote, article, number)
    passages = context.services.searcher.around(article, span)
    passages = passages or [Passage(article, span.start, span.stop)]
    return render.context(passages, span, number, changed=article.digest != quote.digest)


def _gone(quote: StoredQuote | None, article: Article | None, number: int) -> Reply:
    """Why a quote cannot be shown."""
    if quote is None:
        return Reply(texts.ANSWER_GONE)
    if article is None:
        return Reply(texts.ARTICLE_GONE)
    return Reply(texts.QUOTE_GONE, buttons=((Button(texts.ARTICLE, f"a{number}"),),))


@on_press
async def nearest(press: Press, context: Context) -> None:
    """What comes nearest to an answer where there is none: its quote, marked as no answer."""
    stored = await context.services.store.quote(press.number, press.chat_id)
    article = context.services.searcher.article(stored.article_id) if stored else None
    span = where(stored, article) if stored and article else None
    if article is None or span is None:
        await _say(context, press, _gone(stored, article, press.number))
        return
    quote = context.services.searcher.quote(article, span)
    await _say(context, press, render.answer([quote], [press.number], notes=render.PERHAPS))


@on_press
async def article_of_quote(press: Press, context: Context) -> None:
    """«Статья» under a quote."""
    quote = await context.services.store.quote(press.number, press.chat_id)
    if quote is None:
        await _say(context, press, Reply(texts.ANSWER_GONE))
        return
    article = context.services.searcher.article(quote.article_id)
    changed = bool(article and article.digest != quote.digest)
    await _send_article(press, context, article, changed=changed)


@on_press
async def listed_article(press: Press, context: Context) -> None:
    """«Статья» in a list of articles."""
    article_id = await context.services.store.article_id(press.number)
    article = context.services.searcher.article(article_id) if article_id else None
    await _send_article(press, context, article, changed=False)


async def _send_article(
    press: Press, context: Context, article: Article | None, *, changed: bool
) -> None:
    if article is None:
        await _say(context, press, Reply(texts.ARTICLE_GONE))
        return
    messages = render.article_messages(article, changed=changed)
    if not messages:
        await replies.send_article_file(context.bot, press.chat_id, article, changed=changed)
    for message in messages:
        await replies.send(context.bot, press.chat_id, message)


@on_press
async def example(press: Press, context: Context) -> None:
    """An example question: it is said in the chat, then answered."""
    question = await context.services.store.example(press.number)
    if question is None:
        await _say(context, press, Reply(texts.ANSWER_GONE))
        return
    said = await replies.send(context.bot, press.chat_id, Reply(question))
    await answer_question(context.bot, context.services, Asked.in_message(said), question)


async def unknown(update: Update, context: Context) -> None:
    """A button of another release."""
    query = update.callback_query
    if query and query.message:
        context.application.create_task(_acknowledge(query))
        await replies.send(context.bot, query.message.chat.id, Reply(texts.ANSWER_GONE))
