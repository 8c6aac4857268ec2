"""The generation that an update starts from, and what it knows of an article that is read anew."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from retrieval import storage
from retrieval.analyzer import Analyzer
from retrieval.arrays import Ids
from retrieval.building.files import Table
from retrieval.encoding import Analysed
from retrieval.generation import Generation
from retrieval.models import Article, Passage
from retrieval.segment import Segment
from retrieval.storage import GenerationError
from retrieval.storing import generations
from retrieval.storing.folder import FolderError
from retrieval.storing.strings import Arrays

log = logging.getLogger(__name__)


class Base:
    """A stored generation with the table of its files."""

    def __init__(self, generation: Generation, arrays: Arrays, segments: Sequence[str]) -> None:
        """`arrays` are kept with the generation; `segments` are named."""
        self.generation = generation
        self.table = Table(arrays)
        self.segments = segments
        self.calibrated_at = int(arrays["calibrated_at"][0])
        """How many passages it had when it was calibrated."""
        self._recalls = [Recall(each.segment) for each in generation.segments]

    @property
    def name(self) -> str:
        """Of the generation."""
        return self.generation.name

    @cached_property
    def file_of(self) -> Ids:
        """For each article the number of its file; -1 for one that has gone."""
        found = np.full(self.generation.first_articles[-1], -1, np.int32)
        sizes = np.diff(self.table.bounds)
        found[self.table.articles] = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        return found

    def recalled(self, number: int, article: Article) -> Analysed | None:
        """What was made of the article of a number, if it reads as this one does."""
        place, local = self.generation.place(number)
        return self._recalls[place].recalled(local, article)


def opened(index: Path, analyzer: Analyzer, *, scrubbed: bool = False) -> Base | None:
    """The generation stored under `index`; None where there is none of use.

    What of it is damaged is said in the log; with `scrubbed` every byte is looked at.
    """
    if next(generations.stored(index), None) is None:
        return None
    try:
        generation = storage.open_generation(index, analyzer)
        if scrubbed:
            generations.scrub(index, generation.name)
        fields, arrays = generations.read(index, generation.name)
        return Base(generation, arrays, fields["segments"])
    except (GenerationError, FolderError, LookupError) as error:
        log.warning("building the index anew: %s", error)
        return None


class Recall:
    """What the analyzer made of the articles of a segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def recalled(self, number: int, article: Article) -> Analysed | None:
        """That of an article, if this one reads the same; it may have another id, path or line."""
        known = self._segment.article(number)
        if (known.digest, known.body, known.headings) != (
            *(article.digest, article.body, article.headings),
        ):
            return None
        first, stop = self._segment.starts[number : number + 2].tolist()
        ends = self._segment.ends[first : stop + 1].tolist()
        terms, marks = self._segment.numbers, self._segment.marks
        return Analysed(
            article,
            tuple(self._passage(each, article) for each in range(first, stop)),
            tuple(self._terms(terms[start:end]) for start, end in pairwise(ends)),
            tuple(marks[start:end].tobytes() for start, end in pairwise(ends)),
            self._mentions(first, stop),
            tuple(
                [each - first, *row]
                for each in range(first, stop)
                for row in self._introduced.get(each, ())
            ),
            self._lone.get(number, ()),
        )

    def _passage(self, number: int, article: Article) -> Passage:
        found = self._segment.passage(number)
        return Passage(article, found.start, found.stop, found.section, found.question)

    def _terms(self, numbers: Ids) -> tuple[str, ...]:
        return tuple(self._segment.vocabulary[each] for each in numbers.tolist())

    def _mentions(self, first: int, stop: int) -> tuple[tuple[int, int, int], ...]:
        mentions = self._segment.mentions
        start, end = np.searchsorted(mentions[:, 0], [first, stop])
        rows = mentions[start:end].tolist()
        return tuple((passage - first, day, last) for passage, day, last in rows)

    @cached_property
    def _introduced(self) -> dict[int, list[list[Any]]]:
        found: dict[int, list[list[Any]]] = defaultdict(list)
        for number, *row in self._segment.introduced():
            found[number].append(row)
        return dict(found)

    @cached_property
    def _lone(self) -> dict[int, tuple[str, ...]]:
        return {number: tuple(lemmas) for number, lemmas in self._segment.lone()}
