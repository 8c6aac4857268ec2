"""/feeds, for admins: the list of feeds, adding one, and a screen for each."""

import logging
from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Chat, Update

from bot import replies
from bot.answering import show_typing
from bot.fetch import FetchError
from bot.handlers.rights import acknowledge
from bot.message import Reply
from bot.render import feeds as render
from bot.services import Context
from bot.store.feeds import StoredFeed
from bot.texts import feeds as texts

log = logging.getLogger(__name__)

PROMPT = "feed"
LARGEST = 2**63 - 1


async def feeds(update: Update, context: Context) -> None:
    """/feeds: the list. /feeds добавить АДРЕС, or just the address: add that feed."""
    message = update.effective_message
    if message is None or not is_admin(update, context):
        return
    _, *words = (message.text or "").split()
    adding = bool(words) and words[0].lower() in texts.ADDING
    words = words[1:] if adding else words
    if adding or any("." in word for word in words[:1]):
        reply = await add(context, " ".join(words))
    else:
        reply = await _list(context, 0)
    to = None if message.chat.type == Chat.PRIVATE else message.message_id
    await replies.send(context.bot, message.chat_id, reply, to)


async def typed_feed(update: Update, context: Context, text: str, _number: int) -> None:
    """The address that «Добавить ленту» asked for."""
    message = update.effective_message
    if message and is_admin(update, context):
        await show_typing(context.bot, message.chat_id)
        await replies.send(context.bot, message.chat_id, await add(context, text))


def is_admin(update: Update, context: Context) -> bool:
    user = update.effective_user
    return user is not None and user.id in context.services.settings.admin_ids


async def add(context: Context, text: str) -> Reply:
    """Put a feed on the list; says what it was understood as, or what is wrong with it."""
    words = text.split()
    if not words:
        return Reply(texts.HOW)
    url = words[0] if "://" in words[0] else f"https://{words[0]}"
    try:
        feed, found = await context.services.feeds.add(url)
    except FetchError as error:
        log.info("no feed was added: %s", error)
        return Reply(texts.not_added(error.trouble))
    if feed is None:
        return Reply(texts.known(render.name_of(found.feed.title, found.url)))
    said = texts.added(render.title_of(feed), len(found.feed.entries))
    return render.one_feed(feed, context.services.settings.timezone, said)


# Buttons


async def pressed(update: Update, context: Context) -> None:
    """Any button of the list and of a feed's screen: «f:», what to do, and with which feed."""
    query = update.callback_query
    if query is None or query.message is None or not query.data:
        return
    if not is_admin(update, context):
        await acknowledge(query, texts.ADMINS_ONLY)
        return
    _, verb, number = [*query.data.split(":"), "0"][:3]
    which = int(number) if number.isascii() and number.isdigit() else 0
    if verb == "a":
        await _ask_for_address(query, context)
    elif verb == "l":
        context.application.create_task(acknowledge(query))
        await _show(query, context, await _list(context, which))
    else:
        await _serve(query, context, verb, which)


async def _list(context: Context, page: int) -> Reply:
    found = await context.services.store.feeds()
    return render.feed_list(found, page, context.services.settings.timezone)


async def _ask_for_address(query: CallbackQuery, context: Context) -> None:
    """In a group nobody can be told apart from who asked: there the command takes the address."""
    message, services = query.message, context.services
    if message is None:
        return
    context.application.create_task(acknowledge(query))
    is_private = message.chat.type == Chat.PRIVATE
    if is_private:
        await services.store.ask_for(
            message.chat.id, query.from_user.id, PROMPT, 0, services.clock()
        )
    text = texts.WHERE if is_private else texts.HOW
    await replies.send(context.bot, message.chat.id, Reply(text))


async def _serve(query: CallbackQuery, context: Context, verb: str, feed_id: int) -> None:
    """Do something with one feed, and show what has become of it in the same message."""
    feed = await context.services.store.feed(min(feed_id, LARGEST))
    if feed is None or verb not in VERBS:
        await acknowledge(query, texts.REMOVED)
        await _show(query, context, await _list(context, 0))
        return
    context.application.create_task(acknowledge(query))
    await _show(query, context, await VERBS[verb](context, feed))


async def _open(context: Context, feed: StoredFeed, said: str = "") -> Reply:
    now = await context.services.store.feed(feed.id) or feed
    return render.one_feed(now, context.services.settings.timezone, said)


async def _pause(context: Context, feed: StoredFeed) -> Reply:
    await context.services.store.pause_feed(feed.id, context.services.clock(), paused=True)
    return await _open(context, feed)


async def _resume(context: Context, feed: StoredFeed) -> Reply:
    await context.services.store.pause_feed(feed.id, context.services.clock(), paused=False)
    context.services.feeds.wake()
    return await _open(context, feed)


async def _check(context: Context, feed: StoredFeed) -> Reply:
    await context.services.feeds.check(feed.id)
    return await _open(context, feed, texts.CHECKING)


async def _ask_remove(_context: Context, feed: StoredFeed) -> Reply:
    return render.ask_remove(feed)


async def _remove(context: Context, feed: StoredFeed) -> Reply:
    await context.services.store.remove_feed(feed.id)
    return await _list(context, 0)


VERBS: dict[str, Callable[[Context, StoredFeed], Awaitable[Reply]]] = {
    "o": _open,
    "p": _pause,
    "r": _resume,
    "c": _check,
    "d": _ask_remove,
    "D": _remove,
}
"""What the letter in a button's data does; each returns what is shown then."""


async def _show(query: CallbackQuery, context: Context, reply: Reply) -> None:
    """In place of the message that the button stands under, or anew where that is gone."""
    message = query.message
    if message is None:
        return
    if not await replies.edit(context.bot, message.chat.id, message.message_id, reply):
        await replies.send(context.bot, message.chat.id, reply)
