"""Holds the current generation of the archive; searches and reloads it off the event loop."""

import asyncio
import gc
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from time import perf_counter

from bot.message import shortened
from bot.outcome import Outcome, Reach
from bot.quotes import Quote, quote_of
from bot.render import ReloadReport
from bot.store import StoredQuote
from bot.texts import EXAMPLES
from retrieval import generation, query, search, storage
from retrieval.features import FEATURES
from retrieval.found import Correction
from retrieval.generation import Generation
from retrieval.models import Article, Passage, Span
from retrieval.query import Query
from retrieval.ranker import RankerError, load_shipped
from retrieval.storage import GenerationError

log = logging.getLogger(__name__)

EXAMPLE = 60
"""Characters of an example question made of an article's title: it must fit on a button."""
INDEX = "index"
"""The index's folder within the state folder."""


def open_generation(
    corpus_dir: Path, state_dir: Path, progress: generation.Progress | None = None
) -> Generation:
    """The archive as the corpus folder has it now; only what is new since last time is analysed.

    Raises CorpusError if the folder cannot be read. An index that cannot be read is rebuilt, one
    that cannot be written is used from memory; both are said in the log, as is a ranker that
    cannot be used.
    """
    try:
        load_shipped(FEATURES)
    except RankerError as error:
        log.warning("ranking by BM25 alone: %s", error)
    previous = None
    try:
        if (state_dir / INDEX).exists():
            previous = storage.load(state_dir / INDEX)
    except GenerationError as error:
        log.warning("building the index anew: %s", error)
    return _build(corpus_dir, state_dir, previous, progress)


def _build(
    corpus_dir: Path,
    state_dir: Path,
    previous: Generation | None,
    progress: generation.Progress | None = None,
) -> Generation:
    built = generation.build(corpus_dir, previous, progress)
    for refused in built.refused:
        log.warning("refused %s", refused)
    built.warm()
    try:
        storage.save(built, state_dir / INDEX)
    except GenerationError as error:
        log.warning("the index stays in memory only: %s", error)
    return built


def settle() -> None:
    """Spare what lives as long as an archive the full garbage collections, which hold up answers.

    One takes some tenths of a second for a large archive. For the start, once: what is spared is
    never looked through again.
    """
    gc.collect()
    gc.freeze()


class Searcher:
    """The one reference that changes at run time: which generation answers."""

    def __init__(
        self, current: Generation, corpus_dir: Path, state_dir: Path, loaded_at: datetime
    ) -> None:
        self.current = current
        self.loaded_at = loaded_at
        self._corpus_dir = corpus_dir
        self._state_dir = state_dir

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
        """Build the next generation from the corpus folder and answer from it.

        One at a time. Raises CorpusError; the current generation goes on answering then.
        """
        started = perf_counter()
        new, changes = await asyncio.to_thread(self._next)
        self.current, self.loaded_at = new, now
        return ReloadReport(
            changes.added,
            changes.changed,
            changes.removed,
            new.refused,
            len(new.articles),
            perf_counter() - started,
        )

    def _next(self) -> tuple[Generation, generation.Changes]:
        new = _build(self._corpus_dir, self._state_dir, self.current)
        return new, generation.changes(self.current, new)

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
    """What was searched; it looks at every article, so only for a refusal."""
    dates = [article.date for article in current.articles if article.date]
    first, last = (min(dates, key=str), max(dates, key=str)) if dates else (None, None)
    return Reach(len(current.articles), first, last)


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
    newest = sorted(current.articles, key=lambda article: str(article.date or ""), reverse=True)
    titles = (shortened(article.title, EXAMPLE).rstrip("…") for article in newest[: 4 * k])
    candidates = [*EXAMPLES, *titles]
    working = (text for text in dict.fromkeys(candidates) if find(current, text, 1))
    return [text for text, _ in zip(working, range(k), strict=False)]
