"""One immutable generation of the archive: segments, which of their articles live, what is learned.

Passages and articles are numbered from 0 through all segments, one after another; those that have
gone keep their numbers until their segment is written anew, and nothing finds them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from retrieval.abbreviations import Abbreviations
from retrieval.analyzer import Analyzer
from retrieval.arrays import Days, Flags, Ids, joined
from retrieval.bm25 import Bm25, Part
from retrieval.calibration import Calibration, calibrate
from retrieval.focusing.countries import countries
from retrieval.kin import Kindred
from retrieval.laying import Laid, laid
from retrieval.mending.corrections import Lexicon
from retrieval.models import Article, Passage, Refusal
from retrieval.records import Outline
from retrieval.scorer import Scorer
from retrieval.segment import Origin, Segment
from retrieval.sought import seek
from retrieval.views import Articles, Passages

_UNKNOWN = ("Врмлшн", "Vrmlshn")
"""No words: what is looked up to find one near them is read from disk."""


class Placed(NamedTuple):
    """A segment as a generation has it."""

    segment: Segment
    live: Flags | None = None
    """Which of its passages live; None: all."""
    article_live: Flags | None = None
    counts: Ids | None = None
    """In how many living passages each of its terms is; None: as its postings say."""

    @property
    def part(self) -> Part:
        """The same as the index sees it."""
        return Part(self.segment.vocabulary, self.segment.postings, self.live, self.counts)


@dataclass(frozen=True, eq=False)
class Generation:
    """The archive at one time. It never changes: a reload opens the next one."""

    segments: tuple[Placed, ...]
    analyzer: Analyzer
    abbreviations: Abbreviations
    """Those that the archive explains."""
    refused: tuple[Refusal, ...] = ()
    calibrated: Calibration | None = None
    """What was stored of how it was calibrated."""
    name: str = ""
    """That of the folder it is stored in, if it is."""

    @cached_property
    def index(self) -> Bm25:
        """BM25 over the living passages."""
        return Bm25([each.part for each in self.segments])

    @cached_property
    def scorer(self) -> Scorer:
        """What adds up what passages and articles have of a question."""
        return Scorer(self)

    @property
    def size(self) -> int:
        """How many passages live."""
        return self.index.corpus_size

    @cached_property
    def first_articles(self) -> tuple[int, ...]:
        """The number of the first article of each segment, and behind them that of all."""
        sizes = [each.segment.articles for each in self.segments]
        return tuple(np.cumsum([0, *sizes]).tolist())

    @cached_property
    def live(self) -> Flags | None:
        """By the numbers of passages which of them live; None: all."""
        return _flags([(each.live, each.segment.size) for each in self.segments])

    @cached_property
    def article_live(self) -> Flags | None:
        """By the numbers of articles which of them live; None: all."""
        return _flags([(each.article_live, each.segment.articles) for each in self.segments])

    @cached_property
    def articles(self) -> "Articles":
        """The living articles, in the order of their numbers."""
        return Articles(self._read, self.first_articles, self.article_live)

    @cached_property
    def passages(self) -> "Passages":
        """All passages by their numbers, those that have gone too."""
        return Passages(self._read, self.index.first)

    @cached_property
    def article_starts(self) -> Ids:
        """The number of each article's first passage, and behind them that of all passages."""
        parts = [
            each.segment.starts[:-1] + first
            for each, first in zip(self.segments, self.index.first, strict=False)
        ]
        return np.concatenate([*parts, [self.index.first[-1]]]).astype(np.int32)

    @cached_property
    def article_of(self) -> Ids:
        """For each passage the number of its article."""
        starts = self.article_starts
        return np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))

    @cached_property
    def place_of(self) -> Ids:
        """For each passage its place in its article, from 0."""
        starts = self.article_starts
        places = np.arange(starts[-1], dtype=np.int32)
        places -= np.repeat(starts[:-1], np.diff(starts))
        return places

    @cached_property
    def days(self) -> Days:
        """For each article the first and last day that its date may be; zeros if it has none."""
        return joined([each.segment.days for each in self.segments], width=2)

    @cached_property
    def mentions(self) -> Days:
        """The dates that passages name: rows of a passage's number and the first and last day."""
        moved = [
            each.segment.mentions + np.array([first, 0, 0], np.int32)
            for each, first in zip(self.segments, self.index.first, strict=False)
        ]
        return joined(moved, width=3)

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        """The sources, with their sites, that the articles are from; each once."""
        found = (origin for each in self.segments for origin in each.segment.origins)
        return tuple(dict.fromkeys(found))

    @cached_property
    def origin_of(self) -> Ids:
        """For each article the number of its origin."""
        numbers = {origin: number for number, origin in enumerate(self.origins)}
        tables = [
            np.array([numbers[one] for one in each.segment.origins], np.int32)
            for each in self.segments
        ]
        parts = [
            table[each.segment.origin] for table, each in zip(tables, self.segments, strict=True)
        ]
        return joined(parts)

    @cached_property
    def lexicon(self) -> Lexicon:
        """What a mistyped word may stand for."""
        return Lexicon(self._read, self.index.count)

    @cached_property
    def kindred(self) -> Kindred:
        """The terms that are of one root with a term."""
        return Kindred(self._read, self.index.count)

    @cached_property
    def calibration(self) -> Calibration:
        """What it gives for questions that it cannot answer."""
        return self.calibrated or calibrate(self)

    def number(self, article_id: str) -> int | None:
        """The number of the living article of this id; None if it has gone."""
        for placed, first in zip(self.segments, self.first_articles, strict=False):
            number = placed.segment.article_ids.number(article_id)
            if number is not None and (placed.article_live is None or placed.article_live[number]):
                return first + number
        return None

    def place(self, number: int) -> tuple[int, int]:
        """The place of the segment that has the article of a number, and its number there."""
        place = bisect_right(self.first_articles, number) - 1
        return place, number - self.first_articles[place]

    def article(self, article_id: str) -> Article | None:
        """The article of this id, None if it has gone."""
        number = self.number(article_id)
        return None if number is None else self.article_at(number)

    def article_at(self, number: int) -> Article:
        """The article of a number."""
        return self.articles.at(number)

    def article_id(self, number: int) -> str:
        """The id of the article of a number."""
        place, local = self.place(number)
        return self._read[place].article_ids[local]

    def digest(self, number: int) -> bytes:
        """The digest of the article of a number."""
        place, local = self.place(number)
        return bytes(self._read[place].digests[local])

    def outline(self, number: int) -> Outline:
        """What is known of the article of a number, without its text."""
        place, local = self.place(number)
        return self._read[place].outline(local)

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in its order; none if it has gone."""
        number = self.number(article_id)
        if number is None:
            return ()
        return tuple(self.passages[slice(*self.article_starts[number : number + 2].tolist())])

    def lemmas_of(self, article_id: str) -> list[tuple[str, ...]]:
        """The lemmas that each passage of an article is found by; none if it has gone."""
        number = self.number(article_id)
        if number is None:
            return []
        start, stop = self.article_starts[number : number + 2].tolist()
        return [self.lemmas_at(each) for each in range(start, stop)]

    def lemmas_at(self, number: int) -> tuple[str, ...]:
        """The lemmas that the passage of a number is found by."""
        place = bisect_right(self.index.first, number) - 1
        segment, local = self.segments[place].segment, number - self.index.first[place]
        start, stop = segment.ends[local : local + 2].tolist()
        return tuple(segment.vocabulary[each] for each in segment.numbers[start:stop].tolist())

    def outlines(self) -> Iterator[Outline]:
        """What is known of each living article, without its text."""
        for segment, _, live, _ in self.segments:
            every = np.arange(segment.articles) if live is None else np.flatnonzero(live)
            yield from map(segment.outline, every.tolist())

    def laid(self, numbers: Ids, *classes: Mapping[str, int]) -> Laid:
        """The terms of these passages end to end, each with its class in each of the mappings."""
        return laid(self._read, self.index, numbers, classes)

    def warm(self) -> None:
        """Make now what a question would otherwise wait for."""
        cached = (name for name, of in vars(type(self)).items() if isinstance(of, cached_property))
        for name in cached:
            getattr(self, name)
        countries("", (), self.analyzer)
        for unknown in _UNKNOWN:
            words = self.analyzer.tokens(unknown)
            seek(self, words)
            self.lexicon.near(unknown, words[0], self.analyzer)

    @cached_property
    def _read(self) -> tuple[Segment, ...]:
        return tuple(each.segment for each in self.segments)


def _flags(parts: Sequence[tuple[Flags | None, int]]) -> Flags | None:
    """Flags of several segments as one; None where all are set."""
    if all(flags is None for flags, _ in parts):
        return None
    return joined([np.ones(size, bool) if flags is None else flags for flags, size in parts])
