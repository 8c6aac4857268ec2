"""What the index is made of: parts, each with its postings and its own vocabulary."""

from typing import NamedTuple, Protocol

import numpy as np

from retrieval.arrays import Flags, Ids
from retrieval.postings import Postings


class Vocabulary(Protocol):
    """The terms of a part by number, from 0."""

    def __len__(self) -> int: ...
    def __getitem__(self, number: int, /) -> str: ...
    def number(self, text: str, /) -> int | None:
        """The number of a term; None if it is not among them."""


class Part(NamedTuple):
    """Passages that are searched together with others; they are numbered from 0 in each part."""

    vocabulary: Vocabulary
    postings: Postings
    live: Flags | None = None
    """Which passages are still there; None: all of them."""
    counts: Ids | None = None
    """For each term in how many live passages it is; None: to be counted when asked."""

    def count(self, term: int) -> int:
        """How many live passages have the term of this number."""
        if self.counts is not None:
            return int(self.counts[term])
        places = self.postings.of(term)
        if self.live is None:
            return len(self.postings.ids[places])
        return int(np.count_nonzero(self.live[self.postings.ids[places]]))

    def passages(self, term: int) -> Ids:
        """The live passages that have the term of this number, rising."""
        ids = self.postings.ids[self.postings.of(term)]
        return ids if self.live is None else ids[self.live[ids]]
