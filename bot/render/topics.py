"""The list of /topics, and what a topic that is added would have matched.

A button's data is «t:», a verb, and after a second colon what it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.message import Button, Composer, Reply, shortened
from bot.quotes import Quote
from bot.render import MAX_TITLE, byline
from bot.render.subscriptions import turning
from bot.store.subscriptions import Subscription
from bot.texts import subscriptions
from bot.texts import topics as texts
from retrieval.models import Article

TOPICS_A_PAGE = 10
MAX_LABEL = 50
"""Characters of a topic on a button."""
QUOTE = 360
"""UTF-16 units of one quote: three articles with two quotes each stay within one message."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Where topics are shown: `subscription` is None for a chat that never subscribed."""

    subscription: Subscription | None
    private: bool


class Found(NamedTuple):
    """An article that a topic matches, and the passages that show why."""

    article: Article
    quotes: tuple[Quote, ...]


def data(verb: str, value: object = "") -> str:
    """What a button carries."""
    return f"t:{verb}:{value}"


def listed(topics: Sequence[tuple[int, str]], page: int, audience: Audience) -> Reply:
    """One page of a chat's topics (id, text), each with a button that removes it."""
    add = [Button(texts.ADD, data("add"))] if audience.private else []
    message = Composer()
    if not topics:
        message.line(texts.NO_TOPICS)
        message.line(texts.SYNTAX)
        _by_command(message, audience)
        return message.reply([add])
    pages = -(-len(topics) // TOPICS_A_PAGE)
    page = min(page, pages - 1)
    shown = topics[page * TOPICS_A_PAGE : (page + 1) * TOPICS_A_PAGE]
    message.line(f"{texts.count(len(topics))} {texts.ANY_OF_THEM}")
    message.line()
    for _, text in shown:
        message.line(f"{texts.BULLET}{shortened(text, MAX_TITLE)}")
    hint = _hint(message, audience)
    _by_command(message, audience)
    rows = [[_cut(topic_id, text, page)] for topic_id, text in shown]
    return message.reply([*rows, turning(page, pages, data("list")), add, hint])


def _cut(topic_id: int, text: str, page: int) -> Button:
    return Button(f"{texts.CUT}{shortened(text, MAX_LABEL)}", data("cut", f"{page}:{topic_id}"))


def _by_command(message: Composer, audience: Audience) -> None:
    """In a group the bot does not see what is typed, but for commands."""
    if not audience.private:
        message.line()
        message.line(texts.BY_COMMAND)


def _hint(message: Composer, audience: Audience) -> list[Button]:
    """Why topics do not work yet, if they do not, and the button that changes it."""
    subscription = audience.subscription
    if subscription is None or not subscription.subscribed:
        hint, buttons = texts.UNSUBSCRIBED, [Button(subscriptions.JOIN, data("join"))]
    elif subscription.paused:
        hint, buttons = texts.PAUSED, []
    elif subscription.scope != "topics":
        hint = texts.NOT_BY_TOPICS[subscription.scope]
        buttons = [Button(texts.ONLY_TOPICS, data("only"))]
    else:
        return []
    message.line()
    message.line(hint)
    return buttons


def added(topic: tuple[int, str], found: Sequence[Found], total: int, audience: Audience) -> Reply:
    """A topic (id, text) that was added: how much of the archive it matches, the newest shown."""
    topic_id, text = topic
    message = Composer()
    message.line(texts.added(shortened(text, MAX_TITLE)), "bold")
    message.line(texts.found(total, len(found)) if found else texts.NOTHING_FOUND)
    for place, each in enumerate(found, start=1):
        message.line()
        _article(message, each, place)
    hint = _hint(message, audience)
    return message.reply([[Button(texts.REMOVE, data("remove", topic_id))], hint])


def _article(message: Composer, found: Found, place: int) -> None:
    url = found.article.url
    message.add(f"{place}. ")
    message.line(shortened(found.article.title, MAX_TITLE), "text_link" if url else "bold", url)
    message.line(byline(found.article))
    for quote in found.quotes:
        message.quote(quote)


def known(topic: tuple[int, str], audience: Audience) -> Reply:
    """A topic (id, text) that is there already."""
    topic_id, text = topic
    message = Composer()
    message.line(texts.known(shortened(text, MAX_TITLE)))
    hint = _hint(message, audience)
    return message.reply([[Button(texts.REMOVE, data("remove", topic_id))], hint])


def removed(text: str | None) -> Reply:
    """A topic that was removed; None for one that was not there any more."""
    said = texts.removed(shortened(text, MAX_TITLE)) if text else texts.GONE
    return Reply(said, buttons=((Button(texts.TO_LIST, data("list", 0)),),))


def ask() -> Reply:
    """What a topic may be; the next message is one."""
    return Reply(texts.ASK_TOPIC, buttons=((Button(subscriptions.BACK, data("back")),),))


def refused(why: str, audience: Audience) -> Reply:
    """Why a topic was not added; in a private chat with a way to type another."""
    again = (Button(texts.ADD, data("add")),)
    return Reply(why, buttons=(again,) if audience.private else ())
