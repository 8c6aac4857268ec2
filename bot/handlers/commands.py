"""/start, /help, /latest, /sources, and what is no command."""

import asyncio
import logging
from collections.abc import Mapping

from telegram import Chat, Update
from telegram.error import TelegramError

from bot import overview, render, texts
from bot.database import StoreError
from bot.handlers.menu import commands_of, show_admin_commands
from bot.handlers.presses import say
from bot.message import Reply
from bot.services import Context
from retrieval.generation import Generation
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
    current, store = context.services.searcher.current, context.services.store
    if not current.articles:
        await say(update, context, Reply(texts.EMPTY_ARCHIVE))
        return
    candidates = await asyncio.to_thread(_candidates, current)
    seen = await store.first_seen(list(candidates.values()))
    newest = await asyncio.to_thread(_newest, current, candidates, seen)
    numbers = await store.article_numbers([article.id for article in newest])
    await say(update, context, render.newest(newest, numbers))


def _candidates(current: Generation) -> dict[int, str]:
    """The ids by number of the newest articles, and of all with the date of the last of these."""
    numbers = overview.newest(current, LATEST)
    return {number: current.article_id(number) for number in numbers}


def _newest(
    current: Generation, candidates: Mapping[int, str], seen: Mapping[str, str]
) -> list[Article]:
    def newness(number: int) -> tuple[int, int, str]:
        first, last = current.days[number].tolist()
        return first, -last, seen.get(candidates[number], "")

    newest = sorted(candidates, key=newness, reverse=True)[:LATEST]
    return [current.article_at(number) for number in newest]


async def sources(update: Update, context: Context) -> None:
    """Which sources, how many articles of each, which dates."""
    searcher = context.services.searcher
    current = searcher.current
    if not current.articles:
        await say(update, context, Reply(texts.EMPTY_ARCHIVE))
        return
    loaded_at = searcher.loaded_at.astimezone(context.services.settings.timezone)
    summaries = await asyncio.to_thread(overview.summaries, current)
    await say(update, context, render.sources(summaries, len(current.articles), loaded_at))


async def unknown(update: Update, context: Context) -> None:
    """A command that does not exist, or not for this reader."""
    chat, message = update.effective_chat, update.effective_message
    named = f"@{context.bot.username}".lower()
    if chat and message and message.text:
        command = message.text.split(maxsplit=1)[0].lower()
        if chat.type == Chat.PRIVATE or command.endswith(named):
            await say(update, context, Reply(texts.UNKNOWN_COMMAND))
