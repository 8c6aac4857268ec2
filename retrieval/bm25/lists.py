"""The posting lists of a part, and what makes long ones quick to look into.

Whether a passage is in a list, and where, is asked thousands of times in a query. A short list is
searched. A list of more than one passage in 128 has a bit for each passage, 256 to a block, and in
front of each block how many bits are set before it: a place is counted, not searched for.

    line    0 | 0010 0100 …   41 | 0110 0000 …   77 | 0000 1001 …

A list of more than one passage in sixteen has a byte for each passage as well: its weight in 255ths
of the greatest there is, rounded up, none for a passage that is not in the list.

    row     0   118   0   131   90   …

Both are made when a query first has the term, and take a sixth of a byte and a byte a passage.
"""

import threading
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Flags, Floats, Ids
from retrieval.bm25.parts import Part

LONG = 128
"""A list is long if it has more than one passage in so many."""
DENSE = 16
"""And dense if it has more than one in so many."""
STEPS = 255
REMEMBERED = 1 << 14
"""Lists that are kept as they were found."""

Bits = NDArray[np.uint64]
Rows = NDArray[np.uint8]
Numbers = NDArray[np.int64]


class Stored(NamedTuple):
    """The postings of a part, and the weight of each of its codes."""

    ids: Ids
    codes: NDArray[np.unsignedinteger[Any]]
    weights: Floats
    live: Flags
    """Empty if all passages are."""


class Marked(NamedTuple):
    """What long lists have besides."""

    bits: Bits
    """A line a list, of blocks of five: how many bits are set before, and the bits."""
    rows: Rows
    step: float
    """The weight that one in a row stands for."""


class Listed(NamedTuple):
    """A posting list: where its postings stand, its line of bits and its row, its best weight.

    The line and the row are -1 where there is none.
    """

    start: int
    stop: int
    line: int
    row: int
    greatest: float


class Lists:
    """The posting lists of a part."""

    def __init__(self, part: Part, weights: Floats) -> None:
        """`weights`: for each row of the part's `pairs`."""
        self._postings = part.postings
        live = np.empty(0, np.bool_) if part.live is None else part.live
        self.stored = Stored(
            fixed(part.postings.ids), fixed(part.postings.codes), fixed(weights), fixed(live)
        )
        size = len(part.postings.lengths)
        blocks = -(-size // 1024) * 4
        sizes = np.diff(part.postings.bounds)
        self._long, self._dense = size / LONG, size / DENSE
        long, dense = (int(np.count_nonzero(sizes > least)) for least in (self._long, self._dense))
        self.marked = Marked(
            bits=np.zeros((long, blocks, 5), np.uint64),
            rows=np.zeros((dense, 256 * blocks), np.uint8),
            step=float(weights.max(initial=0)) / STEPS * (1 + 1e-9),
        )
        self._listed: dict[int, Listed] = {}
        self._lines: dict[int, tuple[int, int]] = {}
        self._made = [0, 0]
        self._making = threading.Lock()

    def of(self, term: int) -> Listed:
        """The list of a term by its number; its lines are made when it is first asked for."""
        found = self._listed.get(term)
        if found is None:
            if len(self._listed) >= REMEMBERED:
                self._listed.clear()
            found = self._listed[term] = self._find(term)
        return found

    def _find(self, term: int) -> Listed:
        places = self._postings.of(term)
        codes = self.stored.codes[places]
        weights = self.stored.weights[codes]
        line, row = -1, -1
        if len(codes) > self._long:
            with self._making:
                if term not in self._lines:
                    self._lines[term] = self._make(self.stored.ids[places], weights)
                line, row = self._lines[term]
        return Listed(places.start, places.stop, line, row, float(weights.max(initial=0)))

    def _make(self, ids: Ids, weights: Floats) -> tuple[int, int]:
        bits, rows, step = self.marked
        line, row = self._made
        blocks = bits[line]
        flags = np.zeros(256 * len(blocks), np.bool_)
        flags[ids] = True
        blocks[:, 1:] = np.packbits(flags, bitorder="little").view("<u8").reshape(-1, 4)
        blocks[1:, 0] = np.cumsum(np.bitwise_count(blocks[:-1, 1:]).sum(axis=1))
        self._made[0] += 1
        if len(ids) <= self._dense:
            return line, -1
        rows[row][ids] = np.ceil(weights / step)
        self._made[1] += 1
        return line, row


def fixed(array: NDArray[Any]) -> NDArray[Any]:
    """A plain view that cannot be written to, of a mapped array too: kernels are made for it."""
    view = np.ascontiguousarray(array).view(np.ndarray)
    view.flags.writeable = False
    return view
