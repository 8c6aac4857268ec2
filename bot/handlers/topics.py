"""/topics: the list of saved questions, adding one and removing one."""

import asyncio

from telegram import Chat, Update

from bot import replies
from bot.handlers import subscription_menu
from bot.handlers.presses import Press, Serve, Verbs, may_command, number, say, serve_press
from bot.message import Reply
from bot.quotes import quote_of
from bot.render import topics as render
from bot.render.topics import Audience, Found
from bot.services import Context
from bot.texts import topics as texts
from retrieval.generation import Generation
from retrieval.topics import LONGEST, Topic, TopicError, find_topic, parse_topic

MOST_TOPICS = 500
"""Topics of one chat."""
SHOWN = 3
"""Articles of the archive that are shown for a new topic."""
LARGEST = 10**18
"""Above any id of a topic."""


async def topics(update: Update, context: Context) -> None:
    """/topics alone lists them; with «добавить» or «удалить» and a topic it does that."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or message is None:
        return
    words = (message.text or "").split(maxsplit=2)[1:]
    if not words:
        await say(update, context, await _list(context, chat.id, 0, _is_private(chat)))
    elif await may_command(update, context):
        verb, text = words[0].lower(), " ".join(words[1:])
        await say(update, context, await _done(context, chat, verb, text))


async def _done(context: Context, chat: Chat, verb: str, text: str) -> Reply:
    if verb in texts.ADD_WORDS:
        return await _add(context, chat.id, text, private=_is_private(chat))
    if verb in texts.REMOVE_WORDS and text:
        return await _remove_text(context, chat.id, text)
    return Reply(texts.NOT_UNDERSTOOD)


async def typed_topic(update: Update, context: Context, text: str, _number: int) -> None:
    """The topic that a person types after «Добавить тему»."""
    chat, user, services = update.effective_chat, update.effective_user, context.services
    if chat is None or user is None:
        return
    try:
        parse_topic(text, services.searcher.current.analyzer)
    except TopicError:  # what is wrong is said below, and another one is waited for
        await services.store.ask_for(chat.id, user.id, "topic", 0, services.clock())
    await say(update, context, await _add(context, chat.id, text, private=True))


async def button(update: Update, context: Context) -> None:
    """A button of the list, or under a topic that was added."""
    await serve_press(update, context, VERBS)


async def _add(context: Context, chat_id: int, text: str, *, private: bool) -> Reply:
    services = context.services
    audience = await _audience(context, chat_id, private=private)
    current = services.searcher.current
    try:
        topic = parse_topic(text, current.analyzer)
    except TopicError as error:
        return render.refused(
            texts.fault(error.reason, len(" ".join(text.split())), LONGEST), audience
        )
    own = await services.store.topics(chat_id)
    for topic_id, known in own:
        if known.casefold() == topic.text.casefold():
            # Again, since the bot may have been killed between adding it and this.
            await services.intake.follow(chat_id, topic_id, known)
            return render.known((topic_id, known), audience)
    if len(own) >= MOST_TOPICS:
        return Reply(texts.too_many(MOST_TOPICS))
    topic_id = await services.store.add_topic(chat_id, topic.text, services.clock())
    await services.intake.follow(chat_id, topic_id, topic.text)
    found, total = await asyncio.to_thread(_found, topic, current)
    return render.added((topic_id, topic.text), found, total, audience)


def _found(topic: Topic, current: Generation) -> tuple[list[Found], int]:
    """The newest articles that a topic matches with their passages, and how many there are."""
    matching = find_topic(topic, current, SHOWN)
    found = [
        Found(article, tuple(quote_of(hit, render.QUOTE) for hit in match.hits))
        for article, match in matching.articles
    ]
    return found, matching.total


async def _remove_text(context: Context, chat_id: int, text: str) -> Reply:
    asked = " ".join(text.split()).casefold()
    for topic_id, known in await context.services.store.topics(chat_id):
        if known.casefold() == asked:
            return await _remove(context, chat_id, topic_id)
    return render.removed(None)


async def _remove(context: Context, chat_id: int, topic_id: int) -> Reply:
    store = context.services.store
    text = dict(await store.topics(chat_id)).get(topic_id)
    await store.remove_topic(chat_id, topic_id)
    return render.removed(text)


async def _list(context: Context, chat_id: int, page: int, private: bool) -> Reply:
    own = await context.services.store.topics(chat_id)
    return render.listed(own, page, await _audience(context, chat_id, private=private))


async def _audience(context: Context, chat_id: int, *, private: bool) -> Audience:
    return Audience(await context.services.store.subscription(chat_id), private)


def _is_private(chat: Chat) -> bool:
    return chat.type == Chat.PRIVATE


# Buttons


def _page(value: str) -> Serve:
    page = number(value, MOST_TOPICS)

    async def serve(context: Context, press: Press) -> Reply:
        return await _list(context, press.chat_id, page, press.private)

    return serve


def _cut(value: str) -> Serve:
    """«✕»: remove a topic from the list, at once; adding it again undoes it."""
    page, _, topic_id = value.partition(":")
    shown, removed = number(page, MOST_TOPICS), number(topic_id, LARGEST)

    async def serve(context: Context, press: Press) -> Reply:
        await context.services.store.remove_topic(press.chat_id, removed)
        return await _list(context, press.chat_id, shown, press.private)

    return serve


def _removal(value: str) -> Serve:
    topic_id = number(value, LARGEST)

    async def serve(context: Context, press: Press) -> Reply:
        return await _remove(context, press.chat_id, topic_id)

    return serve


async def _ask(context: Context, press: Press) -> Reply:
    """«Добавить тему»: the next message is the topic; groups have the command for it."""
    if not press.private:
        return await _list(context, press.chat_id, 0, press.private)
    now = context.services.clock()
    await context.services.store.ask_for(press.chat_id, press.user_id, "topic", 0, now)
    return render.ask()


async def _back(context: Context, press: Press) -> Reply:
    """«Назад» instead of a topic: the next message is a question again."""
    await context.services.store.drop_prompt(press.chat_id, press.user_id)
    return await _list(context, press.chat_id, 0, press.private)


async def _only_topics(context: Context, press: Press) -> None:
    services = context.services
    now, zone = services.clock(), services.settings.timezone
    await services.store.change(press.chat_id, now, zone, scope="topics")
    await _send_menu(context, press)


async def _join(context: Context, press: Press) -> None:
    services = context.services
    await services.store.subscribe(press.chat_id, services.clock(), services.settings.timezone)
    await _send_menu(context, press)


async def _send_menu(context: Context, press: Press) -> None:
    """As a message of its own: what the topic matched stays where it is."""
    menu = await subscription_menu.menu(context, press.chat_id)
    await replies.send(context.bot, press.chat_id, menu)


VERBS: Verbs = {
    "list": _page,
    "cut": _cut,
    "remove": _removal,
    "add": lambda _: _ask,
    "back": lambda _: _back,
    "only": lambda _: _only_topics,
    "join": lambda _: _join,
}
