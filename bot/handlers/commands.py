"""/start, /help, /latest, /sources, and what is no command."""

import logging
from itertools import groupby

from telegram import Chat, Update
from telegram.error import TelegramError

from bot import render, texts
from bot.database import StoreError
from bot.handlers.menu import commands_of, show_admin_commands
from bot.handlers.presses import say
from bot.message import Reply
from bot.render import SourceSummary
from bot.services import Context
from retrieval.models import Article

log = logging.getLogger(__name__)

LATEST = 9


async def start(update: Update, context: Context) -> None:
    """What the bot is, and example questions that this archive answers."""
    examples = await context.services.searcher.examples()
    try:
        ids = await context.services.store.example_ids(examples)
    except StoreError as error:
        log.error("/start goes without examples: %s", error)
        ids = []
    await say(update, context, render.start(list(zip(ids, examples, strict=False))))
    await _refresh_menu(update, context)


async def _refresh_menu(update: Update, context: Context) -> None:
    """An admin's own menu can only be set once the admin has written to the bot."""
    user, chat = update.effective_user, update.effective_chat
    if user and chat and chat.id == user.id and user.id in context.services.settings.admin_ids:
        try:
            await show_admin_commands(context.bot, user.id)
        except TelegramError as error:
            log.warning("the menu of admin %s was not set: %s", user.id, error)


async def help_(update: Update, context: Context) -> None:
    """How to ask, and which commands there are for this reader."""
    user = update.effective_user
    await say(
        update,
        context,
        render.help_text(commands_of(user.id if user else None, context.services.settings)),
    )


async def latest(update: Update, context: Context) -> None:
    """The newest articles: by their date, those without one last; then by when they came."""
    articles = context.services.searcher.current.articles
    if not articles:
        await say(update, context, Reply(texts.EMPTY_ARCHIVE))
        return
    seen = await context.services.store.first_seen()

    def newness(article: Article) -> tuple[str, str]:
        return str(article.date or ""), seen.get(article.id, "")

    newest = sorted(articles, key=newness, reverse=True)[:LATEST]
    numbers = await context.services.store.article_numbers([article.id for article in newest])
    await say(update, context, render.newest(newest, numbers))


async def sources(update: Update, context: Context) -> None:
    """Which sources, how many articles of each, which dates."""
    searcher = context.services.searcher
    articles = searcher.current.articles
    if not articles:
        await say(update, context, Reply(texts.EMPTY_ARCHIVE))
        return
    loaded_at = searcher.loaded_at.astimezone(context.services.settings.timezone)
    await say(update, context, render.sources(summaries(articles), len(articles), loaded_at))


def summaries(articles: tuple[Article, ...]) -> list[SourceSummary]:
    """A summary a source: most articles first, the unknown source last."""
    by_source = sorted(articles, key=lambda article: article.source or "")
    found = []
    for source, group in groupby(by_source, key=lambda article: article.source):
        members = list(group)
        dates = sorted(article.date for article in members if article.date)
        first, last = (dates[0], dates[-1]) if dates else (None, None)
        found.append(SourceSummary(source, len(members), first, last))
    return sorted(found, key=lambda summary: (summary.source is None, -summary.articles))


async def unknown(update: Update, context: Context) -> None:
    """A command that does not exist, or not for this reader."""
    chat, message = update.effective_chat, update.effective_message
    named = f"@{context.bot.username}".lower()
    if chat and message and message.text:
        command = message.text.split(maxsplit=1)[0].lower()
        if chat.type == Chat.PRIVATE or command.endswith(named):
            await say(update, context, Reply(texts.UNKNOWN_COMMAND))
