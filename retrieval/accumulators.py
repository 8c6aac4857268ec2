"""Accumulators: what a question adds up to, word by word, in the documents that have a word of it.

Term at a time (A. Moffat, J. Zobel: Self-indexing inverted files for fast text retrieval, 1996).
The documents that have a word get a row each; nothing is as long as the archive but the table that
leads to the rows, and that is kept from question to question.

    slots     0 0 2 0 0 1 0 0 3 …     of each document the number of its row, from 1; 0: none
    numbers   5 2 8 …                 of each row its document
    seen      …                       the rows that the part of a word which is looked up has
    met       …                       the rows that the word has
    part      …                       of each row the greatest weight of a term of the part
    score     …                       the sum over the parts of the word
    total     …                       the sum over the words
    has, akin …                       the words that it has, has one akin to: a bit each
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Flags, Floats, Ids
from retrieval.postings import Codes

Masks = NDArray[np.uint64]
"""Sets of words, a bit each."""
Spans = NDArray[np.int64]
"""Rows of where the postings of a term begin and end."""


class Rows(NamedTuple):
    """The rows of one question."""

    slots: Ids
    """All zero before and after."""
    ids: NDArray[np.int32]
    """Numbers, seen, met: a row each."""
    sums: NDArray[np.float64]
    """Part, score, total."""
    masks: NDArray[np.uint64]
    """Has, akin."""
    counts: NDArray[np.int64]
    """How many rows there are, how many are seen, how many met; then how many documents beside
    those seen have the part looked up, and no row."""

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.counts[0])

    @property
    def numbers(self) -> Ids:
        """Of each row its document."""
        numbers: Ids = self.ids[0, : self.size]
        return numbers

    @property
    def total(self) -> Floats:
        """Of each row its score."""
        total: Floats = self.sums[2, : self.size]
        return total

    @property
    def has(self) -> Masks:
        """Of each row the words it has."""
        has: Masks = self.masks[0, : self.size]
        return has

    @property
    def akin(self) -> Masks:
        """Of each row the words it has one akin to, and not the word itself."""
        akin: Masks = self.masks[1, : self.size] & ~self.has
        return akin

    @property
    def having(self) -> int:
        """How many documents have the part of a word that is looked up."""
        return int(self.counts[1] + self.counts[3])

    def close(self) -> None:
        """Leave the slots as they were."""
        self.slots[self.numbers] = 0


class Column(NamedTuple):
    """The postings of a part of the archive, to be added up."""

    ids: Ids
    codes: Codes
    values: Floats
    """For each code what it counts."""
    live: Flags
    """Which passages live; empty: all."""
    first: int
    """The number of the part's first passage in the archive."""


class Grouping(NamedTuple):
    """How passages make longer documents, and what BM25 scores these with."""

    document_of: Ids
    """By the number of a passage; rising."""
    norms: Floats
    """For each document what is added to a term frequency below the line."""
    gain: float
    """What a term frequency is multiplied by above the line: k1 + 1."""


def rows_of(slots: Ids, most: int) -> Rows:
    """Rows for so many documents at most."""
    most = min(most, len(slots))
    return Rows(
        slots,
        np.empty((3, most), np.int32),
        np.zeros((3, most)),
        np.zeros((2, most), np.uint64),
        np.zeros(4, np.int64),
    )
