"""Holds the current generation of the archive; searches it off the event loop and reloads it."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from time import perf_counter

from bot import overview
from bot.message import shortened
from bot.outcome import Outcome, Reach
from bot.quotes import Quote, quote_of
from bot.rebuilding import (
    LARGE,
    NOT_REBUILT,
    Interrupted,
    Making,
    Rebuild,
    in_a_child,
    warn_of,
)
from bot.render import ReloadReport
from bot.settings import index_in
from bot.store import StoredQuote
from bot.texts import EXAMPLES
from retrieval import compiled, query, search
from retrieval.building.update import Built, Changes
from retrieval.found import Correction
from retrieval.generation import Generation
from retrieval.models import Article, Passage, Span
from retrieval.query import Query
from retrieval.storage import open_generation

log = logging.getLogger(__name__)

EXAMPLE = 60
"""Characters of an example question made of an article's title: it must fit on a button."""

STOPS = "the index is not brought up to date: the bot stops"


class Searcher:
    """The one reference that changes at run time: which generation answers."""

    def __init__(
        self,
        current: Generation,
        corpus_dir: Path,
        state_dir: Path,
        loaded_at: datetime,
        rebuild: Rebuild = in_a_child,
    ) -> None:
        self.current = current
        self.loaded_at = loaded_at
        self.behind = False
        """Whether the corpus folder has not been looked at since the start."""
        self._told = current
        """The generation that the last report was of: changes are told from it on."""
        self._corpus_dir = corpus_dir
        self._state_dir = state_dir
        self._index = index_in(state_dir)
        self._rebuild = rebuild
        self._building: asyncio.Task[Built | None] | None = None
        self._merging: tuple[Making, asyncio.Task[None]] | None = None
        self._closed = False

    async def search(
        self,
        question: str,
        k: int,
        shown: Collection[StoredQuote] = (),
        today: date | None = None,
        *,
        literal: bool = False,
    ) -> Outcome:
        """What the archive has for a question, as `look_up` finds it."""
        return await asyncio.to_thread(
            look_up, self.current, question, k, shown, today, literal=literal
        )

    async def reload(self, now: datetime) -> ReloadReport:
        """Have the next generation built from the corpus folder, and answer from it.

        One at a time. Raises one of NOT_REBUILT; the current generation goes on answering then.
        """
        started = perf_counter()
        if self._closed:
            raise Interrupted(STOPS)
        await self._stop_merging()
        making = self._rebuild(self._corpus_dir, self._state_dir)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(making.aclose)
            built = await self._first(making)
            warn_of(built.refused)
            if built.name != self.current.name:
                self.current = await asyncio.to_thread(self._opened)
            stack.pop_all()
        self.loaded_at, self.behind = now, False
        self._merging = making, asyncio.create_task(self._follow(making))
        if not self._follows(built):
            changes = await asyncio.to_thread(_changes, self._told, self.current)
            added, changed, removed = changes
            built = built._replace(added=added, changed=changed, removed=removed)
        self._told = self.current
        return ReloadReport(
            built.added,
            built.changed,
            built.removed,
            built.refused,
            built.articles,
            perf_counter() - started,
        )

    def _follows(self, built: Built) -> bool:
        """Whether nobody else has built before or after it since the last report."""
        told = self._told.name
        return bool(told) and built.base == told and built.name == self.current.name

    async def _first(self, making: Making) -> Built:
        """What is built; it is given up where this searcher is closed meanwhile."""
        self._building = asyncio.ensure_future(anext(making))
        try:
            if built := await self._building:
                return built
        except asyncio.CancelledError:
            if not self._closed:
                raise
        finally:
            self._building = None
        raise Interrupted(STOPS)

    async def _follow(self, making: Making) -> None:
        """Answer from each newer generation that comes of merging segments."""
        try:
            async for _ in making:
                self.current = await asyncio.to_thread(self._opened)
                changes = await asyncio.to_thread(_changes, self._told, self.current)
                if not any(changes):
                    self._told = self.current
        except NOT_REBUILT as error:
            log.warning("segments of the index are merged another time: %s", error)
        await self.quicken()

    async def quicken(self) -> None:
        """Load the compiled kernels, where it pays and nothing is to be compiled for it."""
        if self.current.size >= LARGE and await asyncio.to_thread(compiled.cached):
            await asyncio.to_thread(compiled.load)

    def _opened(self) -> Generation:
        found = open_generation(self._index, self.current.analyzer)
        found.warm()
        return found

    async def _stop_merging(self) -> None:
        """It begins anew after the next reload."""
        if self._merging:
            making, following = self._merging
            following.cancel()
            await asyncio.wait({following})
            await making.aclose()  # it may not have begun to follow

    async def close(self) -> None:
        """Have what is being built stop; whoever waits for it is told so."""
        self._closed = True
        if self._building:
            self._building.cancel()
        await self._stop_merging()

    async def examples(self, k: int = 3) -> list[str]:
        """Questions that this archive answers, to be offered as buttons."""
        return await asyncio.to_thread(_examples, self.current, k)

    def article(self, article_id: str) -> Article | None:
        return self.current.article(article_id)

    def around(self, article: Article, quoted: Span) -> Sequence[Passage]:
        """The passages that a span of an article lies in, with one more before and after."""
        passages = self.current.passages_of(article.id)
        inside = [i for i, passage in enumerate(passages) if passage.overlaps(quoted)]
        return passages[max(inside[0] - 1, 0) : inside[-1] + 2] if inside else ()

    def quote(self, article: Article, span: Span) -> Quote:
        """A span of an article as a quote, said to be cut where it is a part of its passage."""
        inside = [one for one in self.current.passages_of(article.id) if one.overlaps(span)]
        before = any(one.start < span.start for one in inside)
        after = any(span.stop < one.stop for one in inside)
        return Quote(article, span, cut_before=before, cut_after=after)


def find(
    current: Generation, question: str, k: int, shown: Collection[StoredQuote] = ()
) -> list[Quote]:
    """Up to `k` quotes of one generation that answer a question, best first."""
    return list(look_up(current, question, k, shown).quotes)


def look_up(
    current: Generation,
    question: str,
    k: int,
    shown: Collection[StoredQuote] = (),
    today: date | None = None,
    *,
    literal: bool = False,
) -> Outcome:
    """Up to `k` quotes that answer a question, best first, without those already shown.

    Where there are none, what can be said of it. `today` is what «вчера» is counted from; no word
    of a `literal` question is corrected.
    """
    asked = query.parse(question, current.analyzer, today, literal=literal)
    keys = {search.key(passage) for quote in shown for passage in _passages_of(current, quote)}
    found = search.search(current, asked, k, keys)
    nearest = quote_of(found.nearest) if found.nearest and not found.hits else None
    instead = _instead(current, asked) if literal and not found.hits else ()
    quotes = tuple(map(quote_of, found.hits))
    reach = Reach(len(current.articles)) if quotes else _reach(current)
    read = replace(found.query or asked, literal=literal)
    return Outcome(read, found, reach, quotes, nearest, instead, typed=asked.text)


def _instead(current: Generation, asked: Query) -> tuple[Correction, ...]:
    """The corrections with which a question that was taken literally is answered."""
    found = search.search(current, replace(asked, literal=False), 1)
    return found.corrections if found.hits else ()


def _reach(current: Generation) -> Reach:
    """What was searched."""
    return Reach(len(current.articles), *overview.reach(current))


def where(quote: StoredQuote, article: Article) -> Span | None:
    """Where a quote stands in its article as it is now; None if it is no longer in it."""
    if article.text[quote.start : quote.stop] == quote.text:
        return Span(quote.start, quote.stop)
    start = article.text.find(quote.text)
    return None if start < 0 else Span(start, start + len(quote.text))


def _passages_of(current: Generation, quote: StoredQuote) -> list[Passage]:
    """The passages that a quote was taken from, wherever a reload has moved them."""
    article = current.article(quote.article_id)
    span = where(quote, article) if article else None
    if span is None:
        return []
    return [passage for passage in current.passages_of(quote.article_id) if passage.overlaps(span)]


def _examples(current: Generation, k: int) -> list[str]:
    """The shipped examples where they work here, else the newest articles' own titles."""
    newest = map(current.article_at, overview.newest(current, 4 * k)[: 4 * k])
    titles = (shortened(article.title, EXAMPLE).rstrip("…") for article in newest)
    candidates = [*EXAMPLES, *titles]
    working = (text for text in dict.fromkeys(candidates) if find(current, text, 1))
    return [text for text, _ in zip(working, range(k), strict=False)]


def _changes(old: Generation, new: Generation) -> Changes:
    """What a reader sees changed from one generation to another."""
    before, after = overview.digests(old), overview.digests(new)
    return Changes(
        added=tuple(name for name in after if name not in before),
        changed=tuple(name for name in after if before.get(name, after[name]) != after[name]),
        removed=tuple(name for name in before if name not in after),
    )
