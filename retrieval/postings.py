"""Postings as typed arrays: for each term the passages that have it, and how.

    bounds  0           3        5     …    where the postings of each term begin
    ids     2   7   9   0   7    …          the passages, rising, of one term after another
    codes   4   0   4   1   0    …          of each posting, which row of `pairs` it is
    pairs   (1, 40)  (1, 52)  (2, 40)  …    how often the term stands there, and how many terms
                                            the passage has; each such pair once

What BM25 makes of a posting depends on its pair alone, but for the idf of its term: a table with a
weight for each pair serves all postings, and nothing is rewritten when the archive grows.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Ids, ends_of

TERMS_AT_ONCE = 1 << 22
"""How many terms are sorted at a time."""

Codes = NDArray[np.unsignedinteger[Any]]
"""Sixteen bits, unless there are more pairs than that."""


class Postings(NamedTuple):
    """The postings of some passages; terms and passages are numbered from 0."""

    bounds: NDArray[np.int64]
    ids: Ids
    codes: Codes
    pairs: Ids
    """Rows of a term frequency and a length, both in terms."""
    lengths: Ids
    """How many terms each passage has, those that are repeated too."""

    def of(self, term: int) -> slice:
        """Where the postings of a term stand."""
        return slice(int(self.bounds[term]), int(self.bounds[term + 1]))


def code_type(pairs: int) -> type[np.unsignedinteger[Any]]:
    """What codes of so many pairs are stored as."""
    return np.uint16 if pairs <= 1 << 16 else np.uint32


def postings_of(numbers: Ids, lengths: Ids, terms: int) -> Postings:
    """Count the terms of passages: `numbers` has those of one passage after another.

    A block of passages at a time is sorted; what each block has of a term is then put behind what
    the blocks before it had. So little more memory is taken than the result has.
    """
    blocks = list(_blocks(numbers, lengths))
    pairs, codes = _pairs(blocks, lengths)
    sizes = np.zeros(terms, np.int64)
    for block in blocks:
        sizes[block.terms] += block.sizes
    bounds = ends_of(sizes)
    found = Postings(
        bounds=bounds,
        ids=np.empty(bounds[-1], np.int32),
        codes=np.empty(bounds[-1], code_type(len(pairs))),
        pairs=pairs,
        lengths=lengths.astype(np.int32),
    )
    ends = bounds[:-1].copy()
    for block, own in zip(blocks, codes, strict=True):
        before = np.cumsum(block.sizes) - block.sizes
        places = np.repeat(ends[block.terms] - before, block.sizes)
        places += np.arange(len(places))
        found.ids[places] = block.first + block.ids.astype(np.int32)
        found.codes[places] = own
        ends[block.terms] += block.sizes
    return found


class _Block(NamedTuple):
    """The postings of a few passages that follow one another."""

    first: int
    """The number of the first of them."""
    terms: Ids
    """The terms that they have, rising."""
    sizes: Ids
    """In how many of them each of these is."""
    ids: NDArray[np.uint16]
    """Which passages, counted from the first one; of one term after another."""
    counts: Ids
    """How often the term is there."""


def _blocks(numbers: Ids, lengths: Ids) -> Iterator[_Block]:
    ends = ends_of(lengths)
    by_terms = np.searchsorted(ends, np.arange(0, ends[-1], TERMS_AT_ONCE))
    edges = np.union1d(np.arange(0, len(lengths), 1 << 16), by_terms).tolist()
    for first, last in pairwise([*edges, len(lengths)]):
        local = np.repeat(np.arange(last - first), lengths[first:last])
        keys = numbers[ends[first] : ends[last]].astype(np.int64) << 16 | local
        keys.sort()
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(starts, append=len(keys)).astype(np.int32)
        keys = keys[starts]
        ids = (keys & 0xFFFF).astype(np.uint16)
        keys >>= 16
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        sizes = np.diff(starts, append=len(keys)).astype(np.int32)
        yield _Block(first, keys[starts].astype(np.int32), sizes, ids, counts)


def _pairs(blocks: Sequence[_Block], lengths: Ids) -> tuple[Ids, Iterator[Codes]]:
    """Every pair of a frequency and a length that occurs, in order, and its number at each posting.

    A pair is found in a table with a row for each frequency there is and a column for each length.
    """
    columns, column_of = np.unique(lengths, return_inverse=True)
    occurring = np.zeros(int(lengths.max(initial=0)) + 1, np.bool_)
    for block in blocks:
        occurring[block.counts] = True
    rows = np.flatnonzero(occurring)
    row_of = np.cumsum(occurring) - 1

    def cells(block: _Block) -> NDArray[np.int64]:
        row, column = row_of[block.counts], column_of[block.first + block.ids.astype(int)]
        return np.asarray(row * len(columns) + column)

    table = np.zeros(len(rows) * len(columns), np.bool_)
    for block in blocks:
        table[cells(block)] = True
    pairs = np.flatnonzero(table)
    codes = (np.cumsum(table, dtype=np.int32) - 1).astype(code_type(len(pairs)))
    row, column = np.divmod(pairs, max(len(columns), 1))
    found = np.column_stack([rows[row], columns[column]]).astype(np.int32)
    return found, (codes[cells(block)] for block in blocks)
