"""The best k passages of a query, without scoring all that have a word of it.

A score is a sum with a part for each term. No part is greater than its term's idf times the best
weight in its list, and whoever is to be among the best k must reach the worst of the k found so
far, the threshold. So most postings need not be read, and of those that are read most are given up
after one look (MaxScore: H. Turtle, J. Flood, Query evaluation: strategies and optimizations, 1995;
bounds finer than a list's: S. Ding, T. Suel, Faster top-k document retrieval using block-max
indexes, 2011). The result is exact.

    lists, the shortest first      most that it gives    it and those behind it
    северус       41 passages             13.1                   31.0
    отец       4,800                      11.2                   17.9
    звать     21,000                       6.7                    6.7   < threshold 16.2: not read

1. Walk. A list is read posting by posting, the shortest first. A passage of it that is in none of
   the lists before is worth its part, and at most what the lists behind give on top; if that is
   less than the threshold, it is given up. Else it is looked up in the lists behind, one by one,
   for as long as it may still get there. Looking up is cheap: see `retrieval.bm25.lists`.
2. Stop. As soon as a list and all behind it together give less than the threshold, no passage
   that has only these is among the best.
3. Scan. Lists that have more than one passage in sixteen are not walked. When the walk comes to
   the first of these, only such are left; their rows, a byte a passage, are added up, and the
   passages whose sum of upper bounds reaches the threshold are looked up. So no query costs more
   than that, however common its words.

A passage that gets there is scored anew, the parts added in the order of the query in double
precision: the score is the library's to the last bit. Bounds are compared with a margin that
rounding cannot reach. The threshold is taken along from one part of the index to the next.

Here a chunk of passages goes through each step at once, as arrays; `retrieval.bm25.kernels` takes
one after another, compiled. What is found is the same.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Floats, Ids
from retrieval.bm25.lists import Bits, Marked, Stored
from retrieval.bm25.queries import Best, Numbers, Query

FEWEST, MOST = 1 << 10, 1 << 16
"""How many passages are taken at once: first, while the threshold is low, and later."""
MARGIN = 1 - 1e-9
ROUGHLY = 1 - 1e-5
"""The margin where bounds are added up in single precision."""


def _below() -> NDArray[np.uint64]:
    """For each of 256 places the four words in which the bits before it are set."""
    flags = np.tri(256, 256, -1, dtype=np.bool_)
    words: NDArray[np.uint64] = np.packbits(flags, axis=1, bitorder="little").view("<u8")
    return words


BELOW = _below()


def search(stored: Stored, marked: Marked, query: Query, best: Best) -> None:
    """Put passages of a part in place of the worst of the best, if they rank before these."""
    for number, one in enumerate(query.lists):
        if query.worth[number, 2] < threshold_of(best):
            return
        if one[3] >= 0:
            _scan(stored, marked, query, number, best)
            return
        _walk(stored, marked, query, number, best)


def threshold_of(best: Best) -> float:
    """What a passage must reach to be among the best."""
    return MARGIN * float(best.scores.min()) if best.state[0] == len(best.scores) else 0.0


def _walk(stored: Stored, marked: Marked, query: Query, number: int, best: Best) -> None:
    parts = query.worth[number, 1] * stored.weights
    start, stop = query.lists[number, :2].tolist()
    for chunk in _chunks(start, stop, best):
        worthwhile = parts + query.worth[number + 1, 2] >= threshold_of(best)
        codes = stored.codes[chunk]
        kept = np.flatnonzero(worthwhile[codes])
        if len(kept):
            found = _found(query, number, stored.ids[chunk][kept], stored.weights[codes[kept]])
            _complete(stored, marked, query, number, found, best)


def _scan(stored: Stored, marked: Marked, query: Query, number: int, best: Best) -> None:
    factors = (query.worth[number:-1, 1] * marked.step).astype(np.float32)
    rows = [marked.rows[row] for row in query.lists[number:, 3].tolist()]
    for chunk in _chunks(0, marked.rows.shape[1], best):
        sums = factors[0] * rows[0][chunk]
        for factor, row in zip(factors[1:], rows[1:], strict=True):
            sums += factor * row[chunk]
        passing = np.flatnonzero(sums >= np.float32(ROUGHLY * threshold_of(best)))
        if len(passing):
            passages = (chunk.start + passing).astype(np.int32)
            weights = _weights(stored, marked, query.lists[number], passages)
            found = _found(query, number, passages, weights)
            _complete(stored, marked, query, number, found, best)


def _chunks(start: int, stop: int, best: Best) -> Iterator[slice]:
    size = MOST if threshold_of(best) else FEWEST
    while start < stop:
        yield slice(start, min(stop, start + size))
        start += size
        size = min(2 * size, MOST)


class _Found(NamedTuple):
    """Passages that may be among the best, what is known of their scores, and of their weights."""

    passages: Ids
    bounds: Floats
    weights: Floats
    """A row a list."""

    def only(self, kept: NDArray[np.intp]) -> "_Found":
        """Some of them."""
        if len(kept) == len(self.passages):
            return self
        return _Found(self.passages[kept], self.bounds[kept], self.weights[:, kept])


def _found(query: Query, number: int, passages: Ids, weights: Floats) -> _Found:
    """Passages and the weights that one list has for them."""
    every = np.zeros((len(query.lists), len(passages)))
    every[number] = weights
    return _Found(passages, query.worth[number, 1] * weights, every)


def _complete(
    stored: Stored, marked: Marked, query: Query, number: int, found: _Found, best: Best
) -> None:
    """Look passages up in the lists behind one, and settle those that get there.

    Those that are in a list before have been settled there.
    """
    threshold = threshold_of(best)
    for later in range(number + 1, len(query.lists)):
        _, value, _ = query.worth[later].tolist()
        found.weights[later] = _weights(stored, marked, query.lists[later], found.passages)
        bounds = found.bounds + value * found.weights[later]
        kept = np.flatnonzero(bounds + query.worth[later + 1, 2] >= threshold)
        found = found._replace(bounds=bounds).only(kept)
        if not len(kept):
            return
    new = found.weights.any(axis=0)
    for earlier in query.lists[:number]:
        new &= _weights(stored, marked, earlier, found.passages) == 0
    found = found.only(np.flatnonzero(new))
    if len(stored.live):
        found = found.only(np.flatnonzero(stored.live[found.passages]))
    scores = np.zeros(len(found.passages))
    for one in query.order.tolist():
        scores += query.worth[one, 0] * found.weights[one]
    _merge(best, scores, best.state[1] + found.passages.astype(np.int64))


def _merge(best: Best, scores: Floats, numbers: Numbers) -> None:
    count = best.state[0]
    scores = np.concatenate([best.scores[:count], scores])
    numbers = np.concatenate([best.numbers[:count], numbers])
    kept = np.lexsort((numbers, -scores))[: len(best.scores)]
    best.state[0] = len(kept)
    best.scores[: len(kept)], best.numbers[: len(kept)] = scores[kept], numbers[kept]


def _weights(stored: Stored, marked: Marked, one: Numbers, passages: Ids) -> Floats:
    """The weight that a list has for each of some passages; 0 for those that are not in it."""
    start, stop, line, _ = one.tolist()
    weights = np.zeros(len(passages))
    if line >= 0:
        found, counts = _counted(marked.bits[line], passages)
        weights[found] = stored.weights[stored.codes[start + counts]]
        return weights
    ids = stored.ids[start:stop]
    places = np.minimum(np.searchsorted(ids, passages), len(ids) - 1)
    found = np.flatnonzero(ids[places] == passages)
    weights[found] = stored.weights[stored.codes[start + places[found]]]
    return weights


def _counted(line: Bits, passages: Ids) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Which of these have their bit set in a line, and how many are set before each of those."""
    numbers = passages >> 8
    words = line.reshape(-1).take(5 * numbers + (passages >> 6 & 3) + 1)
    found = np.flatnonzero(words >> (passages & 63).astype(np.uint64) & np.uint64(1))
    blocks = line.take(numbers[found], axis=0)
    before = blocks[:, 1:] & BELOW.take(passages[found] & 255, axis=0)
    counts = np.bitwise_count(before).sum(axis=1, dtype=np.int64)
    return found, counts + blocks[:, 0].astype(np.int64)
