"""Postings as typed arrays: for each term the passages that have it, and how.

    bounds  0           3        5     …    where the postings of each term begin
    ids     2   7   9   0   7    …          the passages, rising, of one term after another
    codes   4   0   4   1   0    …          of each posting, which row of `pairs` it is
    pairs   (1, 40)  (1, 52)  (2, 40)  …    how often the term stands there, and how many terms
                                            the passage has; each such pair once

What BM25 makes of a posting depends on its pair alone, but for the idf of its term: a table with a
weight for each pair serves all postings, and nothing is rewritten when the archive grows.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Ids

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
    """Count the terms of passages: `numbers` has those of one passage after another."""
    size = max(len(lengths), 1)
    passages = np.repeat(np.arange(len(lengths)), lengths)
    places, counts = np.unique(numbers.astype(np.int64) * size + passages, return_counts=True)
    ids = (places % size).astype(np.int32)
    pairs, codes = np.unique((counts << 32) + lengths[ids], return_inverse=True)
    return Postings(
        bounds=np.searchsorted(places, np.arange(terms + 1) * size).astype(np.int64),
        ids=ids,
        codes=codes.astype(code_type(len(pairs))),
        pairs=np.column_stack([pairs >> 32, pairs & 0xFFFFFFFF]).astype(np.int32),
        lengths=lengths.astype(np.int32),
    )
