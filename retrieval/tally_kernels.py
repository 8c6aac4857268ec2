"""The steps of a tally, compiled; `retrieval.adding` has the same in arrays, and says what they do.

Sums are added in the same order, nothing fused or reordered: they are equal to the last bit.
How a document gets its row is written out in each: a function that takes arrays costs ten times as
much as the step itself, for numba counts who refers to them.
"""

from typing import Any

import numpy as np
from numba import njit
from numba import types as untyped
from numpy.typing import NDArray

from retrieval.accumulators import Column, Grouping, Masks, Rows, Spans
from retrieval.adding import Worth, best
from retrieval.arrays import Floats, Ids

types: Any = untyped  # numba has no types of its own
_kernel = njit(nogil=True, cache=True)


@_kernel
def enter(rows: Rows, ids: Ids, bit: np.uint64) -> None:
    slots, numbers, counts, has = rows.slots, rows.ids[0], rows.counts, rows.masks[0]
    for number in ids:
        if slots[number] == 0:
            numbers[counts[0]] = number
            counts[0] += 1
            slots[number] = counts[0]
        has[slots[number] - 1] |= bit


@_kernel
def group(passages: Rows, rows: Rows, grouping: Grouping) -> Ids:
    slots, numbers, counts, has = rows.slots, rows.ids[0], rows.counts, rows.masks[0]
    found = np.empty(passages.counts[0], np.int32)
    for place in range(len(found)):
        document = grouping.document_of[passages.ids[0, place]]
        if slots[document] == 0:
            numbers[counts[0]] = document
            counts[0] += 1
            slots[document] = counts[0]
        found[place] = slots[document] - 1
        has[found[place]] |= passages.masks[0, place]
    return found


@_kernel
def look_up(rows: Rows, column: Column, spans: Spans) -> None:
    beyond = np.empty((spans[:, 1] - spans[:, 0]).sum(), np.int32)
    marked = 0
    for start, stop in spans:
        marked = _look_up(rows, column, start, stop, beyond, marked)
    _forget(rows, beyond[:marked])


@_kernel
def _look_up(rows: Rows, column: Column, start: int, stop: int, beyond: Ids, marked: int) -> int:
    slots, seen, counts, part = rows.slots, rows.ids[1], rows.counts, rows.sums[0]
    ids, codes, values, live, first = column
    for place in range(start, stop):
        if len(live) > 0 and not live[ids[place]]:
            continue
        number = ids[place] + first
        slot = slots[number]
        if slot > 0:
            if part[slot - 1] == 0:
                seen[counts[1]] = slot - 1
                counts[1] += 1
            part[slot - 1] = max(part[slot - 1], values[codes[place]])
        elif slot == 0:
            slots[number] = -1
            beyond[marked] = number
            marked += 1
    return marked


@_kernel
def look_up_groups(rows: Rows, column: Column, spans: Spans, grouping: Grouping) -> None:
    beyond = np.empty((spans[:, 1] - spans[:, 0]).sum(), np.int32)
    counts = np.empty(len(beyond))
    marked = 0
    for start, stop in spans:
        documents = np.empty(stop - start, np.int32)
        size = _count(column, start, stop, grouping.document_of, documents, counts)
        marked = _weigh(rows, grouping, documents[:size], counts, beyond, marked)
    _forget(rows, beyond[:marked])


@_kernel
def _count(
    column: Column, start: int, stop: int, document_of: Ids, documents: Ids, counts: Floats
) -> int:
    """How often each document has a term, counted over its passages; how many there are."""
    ids, codes, values, live, first = column
    size = 0
    for place in range(start, stop):
        if len(live) > 0 and not live[ids[place]]:
            continue
        document = document_of[ids[place] + first]
        if size == 0 or documents[size - 1] != document:
            documents[size] = document
            counts[size] = 0
            size += 1
        counts[size - 1] += values[codes[place]]
    return size


@_kernel
def _weigh(
    rows: Rows, grouping: Grouping, documents: Ids, counts: Floats, beyond: Ids, marked: int
) -> int:
    slots, seen, found, part = rows.slots, rows.ids[1], rows.counts, rows.sums[0]
    _, norms, gain = grouping
    for place, document in enumerate(documents):
        slot = slots[document]
        if slot > 0:
            if part[slot - 1] == 0:
                seen[found[1]] = slot - 1
                found[1] += 1
            weight = counts[place] * gain / (counts[place] + norms[document])
            part[slot - 1] = max(part[slot - 1], weight)
        elif slot == 0:
            slots[document] = -1
            beyond[marked] = document
            marked += 1
    return marked


@_kernel
def _forget(rows: Rows, beyond: Ids) -> None:
    """Count the documents without a row, and take the marks of having been counted from them."""
    rows.counts[3] += len(beyond)
    for number in beyond:
        rows.slots[number] = 0


@_kernel
def level(rows: Rows, ids: Ids) -> None:
    slots, seen, counts, part = rows.slots, rows.ids[1], rows.counts, rows.sums[0]
    for number in ids:
        row = slots[number] - 1
        if row < 0:
            continue
        if part[row] == 0:
            seen[counts[1]] = row
            counts[1] += 1
        part[row] = max(part[row], 1.0)


@_kernel
def add(rows: Rows, idf: float) -> None:
    part, score, met, count = rows.sums[0], rows.sums[1], rows.ids[2], rows.counts[2]
    for row in rows.ids[1, : rows.counts[1]]:
        if score[row] == 0:
            met[count] = row
            count += 1
        score[row] += idf * part[row]
        part[row] = 0
    rows.counts[1:] = 0, count, 0


@_kernel
def add_akin(rows: Rows, idf: float, share: float, bit: np.uint64) -> None:
    akin = rows.masks[1]
    part, score, met, count = rows.sums[0], rows.sums[1], rows.ids[2], rows.counts[2]
    for row in rows.ids[1, : rows.counts[1]]:
        if score[row] == 0:
            met[count] = row
            count += 1
        score[row] = max(score[row], share * (idf * part[row]))
        akin[row] |= bit
        part[row] = 0
    rows.counts[1:] = 0, count, 0


@_kernel
def close(rows: Rows, factor: float) -> None:
    score, total = rows.sums[1], rows.sums[2]
    for row in rows.ids[2, : rows.counts[2]]:
        total[row] += score[row] * factor
        score[row] = 0
    rows.counts[2] = 0


@_kernel
def weigh(
    start: Floats, has: Masks, akin: Masks, bits: Masks, worth: NDArray[np.float64]
) -> Floats:
    total = start.copy()
    for row in range(len(total)):
        for word in range(len(bits)):
            if has[row] & bits[word]:
                total[row] += worth[word, 0]
            elif akin[row] & bits[word]:
                total[row] += worth[word, 1]
    return total


@_kernel
def lift(
    own: Floats, articles: Floats, article: Ids, places: Ids, coverage: Floats, worth: Worth
) -> Floats:
    lifted = np.zeros_like(own)
    of_article, of_lead = worth
    for row in range(len(own)):
        if coverage[row] > 0:
            whole = own[row] + of_article * articles[article[row]]
            lifted[row] = whole * (1 + of_lead / (1 + places[row]))
    return lifted


@_kernel
def gather(into: Masks, places: Ids, masks: Masks) -> None:
    for row in range(len(places)):
        into[places[row]] |= masks[row]


def _fixed(kind: Any) -> Any:
    """An array that cannot be written to."""
    return types.Array(kind, 1, "C", readonly=True)


_ROWS = types.NamedTuple(
    (
        types.int32[::1],
        types.int32[:, ::1],
        types.float64[:, ::1],
        types.uint64[:, ::1],
        types.int64[::1],
    ),
    Rows,
)
_IDS, _FLOATS, _MASKS = _fixed(types.int32), _fixed(types.float64), _fixed(types.uint64)
_COLUMNS = [
    types.NamedTuple((_IDS, _fixed(code), _FLOATS, _fixed(types.boolean), types.int64), Column)
    for code in (types.uint16, types.uint32)
]
_GROUPING = types.NamedTuple((_IDS, _FLOATS, types.float64), Grouping)
_SPANS = types.int64[:, ::1]

KERNELS = (
    (enter, ((_ROWS, _IDS, types.uint64),)),
    (group, ((_ROWS, _ROWS, _GROUPING),)),
    (look_up, tuple((_ROWS, each, _SPANS) for each in _COLUMNS)),
    (look_up_groups, tuple((_ROWS, each, _SPANS, _GROUPING) for each in _COLUMNS)),
    (level, ((_ROWS, _IDS),)),
    (add, ((_ROWS, types.float64),)),
    (add_akin, ((_ROWS, types.float64, types.float64, types.uint64),)),
    (close, ((_ROWS, types.float64),)),
    (weigh, ((_FLOATS, _MASKS, _MASKS, _MASKS, types.float64[:, ::1]),)),
    (lift, ((_FLOATS, _FLOATS, _IDS, _IDS, _FLOATS, types.UniTuple(types.float64, 2)),)),
    (gather, ((types.uint64[::1], _IDS, _MASKS),)),
)
"""Those that are called, each with the types of arguments that it is compiled for."""
__all__ = ["KERNELS", "best"]
