"""What a digest looks like: a heading with its period, an article each, its «Статья» buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot import texts
from bot.message import MAX_ENTITIES, MAX_MESSAGE, Button, Composer, Mark, Reply, shortened
from bot.quotes import Quote, units
from bot.render import MAX_SOURCE, MAX_TITLE, byline
from bot.texts import digests, russian
from retrieval.models import Article

BUTTONS_A_ROW = 4
QUOTE = 360
"""UTF-16 units of a quote in a digest: enough to judge an article by."""
MAX_EDITIONS = 8
"""Reprints of one article that are named; of more only the number."""


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a digest shows it."""

    article: Article
    quotes: tuple[Quote, ...] = ()
    """The lead, or the passages that matched; none in a very long digest."""
    number: int | None = None
    """The ledger's, for its button."""
    updated: bool = False
    topics: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    """Sources of the reprints folded under it; "" for an unknown one."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the articles of a message."""

    since: datetime
    until: datetime
    """Both in the reader's zone."""
    new: int
    updated: int
    """How many articles of each kind the whole digest has."""
    first: int
    """The place of this message's first article, from 1."""


@dataclass
class _Message:
    """A digest's message as it grows; an article is added whole or not at all."""

    composer: Composer
    buttons: list[Button] = field(default_factory=list)
    topic: str | None = None

    def fits(self, addition: Composer) -> bool:
        length = units(self.composer.text) + units(addition.text)
        marks = len(_lasting(self.composer.marks)) + len(_lasting(addition.marks))
        return length <= MAX_MESSAGE and marks <= MAX_ENTITIES


def message(heading: Heading, items: Sequence[Item]) -> tuple[Reply, int]:
    """The next message of a digest, and how many of the items it has room for: at least one."""
    built = _Message(_head(heading))
    taken = 0
    for place, item in enumerate(items, start=heading.first):
        addition = _item(item, place, built.topic)
        if taken and not built.fits(addition):
            break
        built.composer.extend(addition)
        built.topic = next(iter(item.topics), None)
        if item.number is not None:
            built.buttons.append(Button(f"{texts.ARTICLE} {place}", f"A{item.number}"))
        taken += 1
    rows = [
        built.buttons[start : start + BUTTONS_A_ROW]
        for start in range(0, len(built.buttons), BUTTONS_A_ROW)
    ]
    return built.composer.reply(rows), taken


def _head(heading: Heading) -> Composer:
    composer = Composer()
    if heading.first > 1:
        composer.line(digests.continued(heading.since, heading.until), "bold")
    else:
        composer.line(digests.heading(heading.since, heading.until), "bold")
        composer.line(digests.count(heading.new, heading.updated))
    return composer


def _item(item: Item, place: int, topic: str | None) -> Composer:
    """One article; its first topic above it, unless it is that of the article before."""
    composer = Composer()
    first = next(iter(item.topics), None)
    if first is not None and first != topic:
        composer.line()
        composer.line(f"▪ {shortened(first, MAX_TITLE)}", "bold")
    composer.line()
    composer.add(f"{place}. ")
    if item.updated:
        composer.add(f"{digests.UPDATED}: ", "italic")
    url = item.article.url
    title = shortened(item.article.title, MAX_TITLE)
    composer.line(title, "text_link" if url else "bold", url)
    composer.line(byline(item.article))
    for quote in item.quotes:
        composer.quote(quote)
    if item.editions:
        composer.line(_editions(item.editions))
    if others := item.topics[1:]:
        composer.line(f"{digests.OTHER_TOPICS}: {shortened('; '.join(others), MAX_TITLE)}")
    return composer


def _editions(sources: Sequence[str]) -> str:
    named = [shortened(source or russian.UNKNOWN_SOURCE, MAX_SOURCE) for source in sources]
    return digests.editions(named[:MAX_EDITIONS], len(named))


def _lasting(marks: Sequence[Mark]) -> list[Mark]:
    """Those that may not be dropped: without the words in bold inside of quotes."""
    return [mark for mark in marks if mark.kind != "bold"]


def catch_up_question(articles: int) -> Reply:
    """Whether to send what a reader who was away has missed."""
    buttons = (Button(digests.CATCH_UP, "d:catch"), Button(digests.SKIP, "d:skip"))
    return Reply(digests.welcome_back(articles), buttons=(buttons,))
