"""The algorithm of `retrieval.bm25.maxscore`, compiled; read it there."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit, types

from retrieval.arrays import Floats, Ids
from retrieval.bm25.lists import Bits, Marked, Rows, Stored
from retrieval.bm25.maxscore import MARGIN, ROUGHLY
from retrieval.bm25.queries import BLOCK, Best, Numbers, Query, Scratch, Singles, scratch_of

_Function = TypeVar("_Function", bound=Callable[..., Any])

Number = int | np.int64
Tables = tuple[Stored, Marked, Best, Scratch]

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
_compiled: Callable[[_Function], _Function] = njit(**_OPTIONS)
_cached: Callable[[_Function], _Function] = njit(cache=True, **_OPTIONS)
"""Without numba's own allocation: no array is made here, so that none is counted either, which is
most of what a small function would do. What is written to comes as `Scratch`."""


@_compiled
def ones(word: np.uint64) -> np.int64:
    """How many bits of a word are set."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@_compiled
def reached(ids: Ids, place: Number, stop: Number, passage: Number) -> Number:
    """The first place from `place` on whose passage is not before this one, by growing steps."""
    step = 1
    ahead = place
    while ahead < stop and ids[ahead] < passage:
        place = ahead + 1
        ahead += step
        step *= 2
    stop = min(stop, ahead)
    while place < stop:
        middle = (place + stop) >> 1
        if ids[middle] < passage:
            place = middle + 1
        else:
            stop = middle
    return place


@_compiled
def counted(bits: Bits, line: int, passage: Number) -> Number:
    """How many bits of a line are set before that of a passage; -1 if its own is not."""
    block = passage >> 8
    word = 1 + ((passage >> 6) & 3)
    bit = np.uint64(1) << np.uint64(passage & 63)
    if not bits[line, block, word] & bit:
        return -1
    count = np.int64(bits[line, block, 0]) + ones(bits[line, block, word] & (bit - np.uint64(1)))
    for earlier in range(1, word):
        count += ones(bits[line, block, earlier])
    return count


@_compiled
def place_of(
    ids: Ids, bits: Bits, lists: Numbers, number: int, cursors: Numbers, passage: Number
) -> Number:
    """Where the posting of a passage stands in a list; -1 if it is not there.

    Passages are asked for in rising order: `cursors` keep where the last search ended.
    """
    line = lists[number, 2]
    if line >= 0:
        count = counted(bits, line, passage)
        return lists[number, 0] + count if count >= 0 else -1
    stop = lists[number, 1]
    place = reached(ids, cursors[number], stop, passage)
    cursors[number] = place
    return place if place < stop and ids[place] == passage else -1


@_compiled
def precedes(score: float, number: Number, other: float, its_number: Number) -> bool:
    """Whether the first of two passages ranks before the second."""
    if score == other:
        return int(number) < int(its_number)
    return score > other


@_compiled
def rise(scores: Floats, numbers: Numbers, place: int, score: float, number: Number) -> None:
    """Add a passage at the foot of a heap, whose top is the last of the best."""
    while place:
        above = (place - 1) >> 1
        if not precedes(scores[above], numbers[above], score, number):
            break
        scores[place], numbers[place] = scores[above], numbers[above]
        place = above
    scores[place], numbers[place] = score, number


@_compiled
def sink(scores: Floats, numbers: Numbers, score: float, number: Number) -> None:
    """Put a passage in place of the top of a heap."""
    place, below = 0, 1
    while below < len(scores):
        other = below + 1
        if other < len(scores) and precedes(
            scores[below], numbers[below], scores[other], numbers[other]
        ):
            below = other
        if not precedes(score, number, scores[below], numbers[below]):
            break
        scores[place], numbers[place] = scores[below], numbers[below]
        place, below = below, 2 * below + 1
    scores[place], numbers[place] = score, number


@_compiled
def threshold_of(scores: Floats, state: Numbers) -> float:
    """What a passage must reach to be among the best, less what rounding may take."""
    return scores[0] * MARGIN if state[0] == len(scores) else 0.0


@_compiled
def settle(tables: Tables, query: Query, number: int, passage: Number) -> None:
    """Offer a passage, given its part from each list from `number` on.

    One that is in an earlier list has been settled there.
    """
    (ids, _, _, live), (bits, _, _), (scores, numbers, state), (parts, cursors, _, _) = tables
    lists, _, order = query
    if len(live) and not live[passage]:
        return
    for earlier in range(number):
        if place_of(ids, bits, lists, earlier, cursors, passage) >= 0:
            return
    score = 0.0
    for one in order:
        score += parts[one]
    passage += state[1]
    if state[0] < len(scores):
        rise(scores, numbers, state[0], score, passage)
        state[0] += 1
    elif precedes(score, passage, scores[0], numbers[0]):
        sink(scores, numbers, score, passage)


@_compiled
def walk(tables: Tables, query: Query, number: int) -> None:
    """Take a list posting by posting, and look into those behind as long as it is worth it."""
    (ids, codes, weights, _), (bits, _, _), (scores, _, state), (parts, cursors, _, _) = tables
    lists, worth, _ = query
    threshold = threshold_of(scores, state)
    for at in range(lists[number, 0], lists[number, 1]):
        weight = weights[codes[at]]
        bound = worth[number, 1] * weight
        if bound + worth[number + 1, 2] < threshold:
            continue
        parts[number] = worth[number, 0] * weight
        passage = np.int64(ids[at])
        for later in range(number + 1, len(lists)):
            place = place_of(ids, bits, lists, later, cursors, passage)
            weight = weights[codes[place]] if place >= 0 else 0.0
            parts[later] = worth[later, 0] * weight
            bound += worth[later, 1] * weight
            if bound + worth[later + 1, 2] < threshold:
                break
        else:
            settle(tables, query, number, passage)
            threshold = threshold_of(scores, state)


@_compiled
def add_row(sums: Singles, row: Rows, factor: np.float32) -> None:
    """Add the most that a list can give to each of some passages."""
    for at in range(len(sums)):
        sums[at] += factor * np.float32(row[at])


@_compiled
def any_reaches(limit: np.float32, sums: Singles) -> bool:
    """Whether any of them is as great as that."""
    found = False
    for at in range(len(sums)):
        found |= sums[at] >= limit
    return found


@_compiled
def look_up(tables: Tables, query: Query, number: int, passage: Number) -> None:
    """Offer a passage if the lists from `number` on give it enough."""
    (ids, codes, weights, _), (bits, _, _), (scores, _, state), (parts, cursors, _, _) = tables
    lists, worth, _ = query
    bound, found = 0.0, False
    for later in range(number, len(lists)):
        place = place_of(ids, bits, lists, later, cursors, passage)
        weight = weights[codes[place]] if place >= 0 else 0.0
        parts[later] = worth[later, 0] * weight
        bound += worth[later, 1] * weight
        if place >= 0:
            found = True
    if found and bound >= threshold_of(scores, state):
        settle(tables, query, number, passage)


@_compiled
def scan(tables: Tables, query: Query, number: int) -> None:
    """Take all lists from `number` on at once, by their rows."""
    _, (_, rows, step), (scores, _, state), (_, _, sums, factors) = tables
    lists, worth, _ = query
    for later in range(number, len(lists)):
        factors[later] = np.float32(worth[later, 1] * step)
    for start in range(0, rows.shape[1], BLOCK):
        for at in range(BLOCK):
            sums[at] = 0
        for later in range(number, len(lists)):
            add_row(sums, rows[lists[later, 3], start : start + BLOCK], factors[later])
        limit = np.float32(threshold_of(scores, state) * ROUGHLY)
        if any_reaches(limit, sums):
            for at in range(BLOCK):
                if sums[at] >= limit:
                    look_up(tables, query, number, start + at)


@_cached
def best_of(stored: Stored, marked: Marked, query: Query, best: Best, scratch: Scratch) -> None:
    """As `search`, given room to compute in."""
    tables = stored, marked, best, scratch
    scores, _, state = best
    parts, cursors, _, _ = scratch
    lists, worth, _ = query
    for number in range(len(lists)):
        if worth[number, 2] < threshold_of(scores, state):
            return
        for other in range(len(lists)):
            cursors[other], parts[other] = lists[other, 0], 0.0
        if lists[number, 3] >= 0:
            scan(tables, query, number)
            return
        walk(tables, query, number)


def _array(scalar: types.Type, dimensions: int = 1, *, fixed: bool = False) -> types.Array:
    return types.Array(scalar, dimensions, "C", readonly=fixed)


def _tuple(*several: types.Type) -> Any:
    return types.Tuple(several)  # type: ignore[no-untyped-call]  # numba's own


def _signature(code: types.Type) -> tuple[types.Type, ...]:
    stored = (types.int32, code, types.float64, types.boolean)
    query = ((types.int64, 2), (types.float64, 2), (types.int64, 1))
    return (
        _tuple(*(_array(scalar, fixed=True) for scalar in stored)),
        _tuple(_array(types.uint64, 3), _array(types.uint8, 2), types.float64),
        _tuple(*(_array(*each) for each in query)),
        _tuple(_array(types.float64), _array(types.int64), _array(types.int64)),
        _tuple(*map(_array, (types.float64, types.int64, types.float32, types.float32))),
    )


KERNELS = ((best_of, (_signature(types.uint16), _signature(types.uint32))),)


def search(stored: Stored, marked: Marked, query: Query, best: Best) -> None:
    """Put passages of a part in place of the worst of the best, if they rank before these."""
    plain: list[Any] = [tuple(one) for one in (stored, marked, query, best)]
    plain.append(scratch_of(len(query.lists)))
    best_of(*plain)
