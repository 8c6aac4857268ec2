"""Buttons under answers and lists: «Ещё», «Контекст», «Статья», example questions.

What a button refers to lives in the database, so it works after a restart and after a reload.
"""

import logging

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError

from bot import render, replies, texts
from bot.answering import QUOTES, answer_question, quotes_reply
from bot.message import MAX_MESSAGE, Button, Reply
from bot.quotes import units
from bot.searcher import where
from bot.services import Context
from bot.store import Answer, StoredQuote
from retrieval.models import Article, Passage

log = logging.getLogger(__name__)


async def pressed(update: Update, context: Context) -> tuple[int, int] | None:
    """Stop the button's waiting sign; returns the number in its data and the chat it stands in."""
    query = update.callback_query
    if query is None or query.message is None or not query.data:
        return None
    context.application.create_task(_acknowledge(query))
    return int(query.data[1:]), query.message.chat.id


async def _acknowledge(query: CallbackQuery) -> None:
    """A press is served all the same: it may be old, from a time when the bot was down."""
    try:
        await query.answer()
    except TelegramError as error:
        log.info("a button's waiting sign was not stopped: %s", error)


async def more(update: Update, context: Context) -> None:
    """«Ещё»: the next quotes that answer the same question, as a message of their own."""
    press = await pressed(update, context)
    if press is None:
        return
    number, chat_id = press
    async with context.services.turns(number):
        answer = await context.services.store.answer(number)
        if answer is None or answer.chat_id != chat_id:
            await replies.send(context.bot, chat_id, Reply(texts.ANSWER_GONE))
            return
        await _send_more(context, answer)
    await _remove_more(update.callback_query)


async def _send_more(context: Context, answer: Answer) -> None:
    services = context.services
    shown = await services.store.quoted(answer.id)
    found = await services.searcher.search(answer.question, QUOTES + 1, shown)
    reply, ids = await quotes_reply(services, answer, found)
    try:
        message = reply if found else Reply(texts.NO_MORE)
        await replies.send(context.bot, answer.chat_id, message, answer.message_id)
    except TelegramError:
        await services.store.drop_quotes(ids)
        raise


async def _remove_more(query: CallbackQuery | None) -> None:
    """Take «Ещё» away from the message it was pressed on: its quotes have been shown."""
    message = query.message if query else None
    if query is None or not isinstance(message, Message) or message.reply_markup is None:
        return
    rows = [
        row
        for row in message.reply_markup.inline_keyboard
        if all(button.callback_data != query.data for button in row)
    ]
    try:
        await query.edit_message_reply_markup(InlineKeyboardMarkup(rows))
    except TelegramError as error:
        log.info("«Ещё» was not taken away: %s", error)


async def surroundings(update: Update, context: Context) -> None:
    """«Контекст»: the quote's paragraph with the one before it and the one after it."""
    press = await pressed(update, context)
    if press is None:
        return
    number, chat_id = press
    quote = await context.services.store.quote(number)
    article = context.services.searcher.article(quote.article_id) if quote else None
    reply = _context(context, quote, article, number)
    await replies.send(context.bot, chat_id, reply, _message_id(update))


def _context(
    context: Context, quote: StoredQuote | None, article: Article | None, number: int
) -> Reply:
    if quote is None:
        return Reply(texts.ANSWER_GONE)
    if article is None:
        return Reply(texts.ARTICLE_GONE)
    span = where(quote, article)
    if span is None:
        button = Button(texts.ARTICLE, f"a{number}")
        return Reply(texts.QUOTE_GONE, buttons=((button,),))
    passages = context.services.searcher.around(article, span)
    passages = passages or [Passage(article, span.start, span.stop)]
    return render.context(passages, span, number, changed=article.digest != quote.digest)


async def article_of_quote(update: Update, context: Context) -> None:
    """«Статья» under a quote."""
    press = await pressed(update, context)
    if press is None:
        return
    number, chat_id = press
    quote = await context.services.store.quote(number)
    if quote is None:
        await replies.send(context.bot, chat_id, Reply(texts.ANSWER_GONE), _message_id(update))
        return
    article = context.services.searcher.article(quote.article_id)
    changed = bool(article and article.digest != quote.digest)
    await _send_article(update, context, article, changed=changed)


async def listed_article(update: Update, context: Context) -> None:
    """«Статья» in a list of articles."""
    press = await pressed(update, context)
    if press is None:
        return
    article_id = await context.services.store.article_id(press[0])
    article = context.services.searcher.article(article_id) if article_id else None
    await _send_article(update, context, article, changed=False)


async def _send_article(
    update: Update, context: Context, article: Article | None, *, changed: bool
) -> None:
    chat = update.effective_chat
    if chat is None:
        return
    if article is None:
        await replies.send(context.bot, chat.id, Reply(texts.ARTICLE_GONE), _message_id(update))
        return
    if units(article.text) > render.LONGEST_ARTICLE * MAX_MESSAGE:
        await replies.send_article_file(context.bot, chat.id, article, changed=changed)
        return
    for reply in render.article_messages(article, changed=changed):
        await replies.send(context.bot, chat.id, reply)


async def example(update: Update, context: Context) -> None:
    """An example question: it is said in the chat, then answered."""
    press = await pressed(update, context)
    if press is None:
        return
    number, chat_id = press
    question = await context.services.store.example(number)
    if question is None:
        await replies.send(context.bot, chat_id, Reply(texts.ANSWER_GONE))
        return
    asked = await replies.send(context.bot, chat_id, Reply(question))
    await answer_question(context.bot, context.services, chat_id, asked.message_id, question)


async def unknown(update: Update, context: Context) -> None:
    """A button of another release."""
    if update.callback_query:
        context.application.create_task(_acknowledge(update.callback_query))
        if update.effective_chat:
            await replies.send(context.bot, update.effective_chat.id, Reply(texts.ANSWER_GONE))


def _message_id(update: Update) -> int | None:
    return update.effective_message.message_id if update.effective_message else None
