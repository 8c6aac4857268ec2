"""Passages and articles as the documents that BM25 scores; kept with a generation.

An article's term frequencies are those of its passages summed: they stand side by side in the
postings, so that no second index is needed.
"""

import threading
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval import adding, compiled
from retrieval.accumulators import Column, Grouping, Rows, Spans, rows_of
from retrieval.arrays import Flags, Floats, Ids
from retrieval.bm25 import Bm25, lucene
from retrieval.rising import distinct

if TYPE_CHECKING:
    from retrieval.generation import Generation  # which keeps a scorer

_EVERY: Flags = np.empty(0, bool)


class _Local(threading.local):
    """The slots that the questions of one thread use, one after another."""

    def __init__(self, size: int) -> None:
        self.slots = np.zeros(size, np.int32)


class Documents:
    """Passages, as they are scored."""

    def __init__(self, index: Bm25, values: Sequence[Floats], size: int) -> None:
        """`values`: for each part of the index what each code counts; `size`: with the dead."""
        self._index = index
        self._columns = tuple(
            Column(
                _fixed(part.postings.ids),
                _fixed(part.postings.codes),
                _fixed(counted),
                _fixed(_EVERY if part.live is None else part.live),
                first,
            )
            for part, counted, first in zip(index.parts, values, index.first, strict=False)
        )
        self._local = _Local(size)

    def rows(self, most: int) -> Rows:
        """Accumulators for so many of them at most; to be cleared before there are others."""
        return rows_of(self._local.slots, most)

    def rarity(self, count: int) -> float:
        """The idf of whatever is in so many documents."""
        return self._index.rarity(count)

    def of(self, passages: Ids) -> Ids:
        """The documents that passages, which rise, are of: each once."""
        return passages

    def look_up(self, rows: Rows, terms: Sequence[str]) -> None:
        """See the documents that have any of the terms, each with the weight of its best one."""
        for part, spans in self._spans(terms):
            self._look_up(rows, self._columns[part], spans)

    def _look_up(self, rows: Rows, column: Column, spans: Spans) -> None:
        steps().look_up(rows, column, spans)

    def _spans(self, terms: Sequence[str]) -> list[tuple[int, Spans]]:
        """Where the postings of terms stand, by the parts of the archive."""
        found: dict[int, list[tuple[int, int]]] = {}
        for term in terms:
            for part, number in self._index.places(term):
                places = self._index.parts[part].postings.of(number)
                found.setdefault(part, []).append((places.start, places.stop))
        return [(part, np.array(spans, np.int64)) for part, spans in found.items()]


class Articles(Documents):
    """Articles, as they are scored."""

    def __init__(self, index: Bm25, generation: "Generation") -> None:
        frequencies = [part.postings.pairs[:, 0].astype(np.float64) for part in index.parts]
        lengths = _lengths(index, generation.article_starts)
        super().__init__(index, frequencies, len(lengths))
        live = generation.article_live
        living = lengths if live is None else lengths[live]
        self._size = len(living)
        average = float(living.mean()) if living.any() else 1.0
        norms = index.k1 * (1 - index.b + index.b * lengths / average)
        self.grouping = Grouping(_fixed(generation.article_of), _fixed(norms), index.k1 + 1)

    def rarity(self, count: int) -> float:
        return lucene(self._size, count)

    def of(self, passages: Ids) -> Ids:
        return distinct(self.grouping.document_of[passages])

    def _look_up(self, rows: Rows, column: Column, spans: Spans) -> None:
        steps().look_up_groups(rows, column, spans, self.grouping)


class Scorer:
    """What the questions to a generation have in common."""

    def __init__(self, generation: "Generation") -> None:
        index = generation.index
        weights = [index.weights(part) for part in range(len(index.parts))]
        self.passages = Documents(index, weights, index.first[-1])
        self.articles = Articles(index, generation)


def steps() -> ModuleType:
    """What adds up: compiled as soon as that is ready, else arrays. The sums are the same."""
    return compiled.kernels("retrieval.tally_kernels") or adding


def _lengths(index: Bm25, starts: Ids) -> NDArray[np.int64]:
    """How many terms the passages of each article have together; `starts`: their first ones."""
    lengths = [part.postings.lengths for part in index.parts]
    ends = np.cumsum(np.concatenate([[0], *lengths]), dtype=np.int64)
    return np.diff(ends[starts])


def _fixed(array: NDArray[Any]) -> NDArray[Any]:
    """A view that cannot be written to, as compiled code is made for: plain, not of a file."""
    view = np.ascontiguousarray(array).view(np.ndarray)
    view.flags.writeable = False
    return view
