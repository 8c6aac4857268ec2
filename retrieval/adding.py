"""The steps of a tally in arrays; `retrieval.tally_kernels` has the same, compiled.

Each changes rows in place (see `retrieval.accumulators`), and does so in the same order of
operations as its compiled twin: the sums are equal to the last bit.
"""

import numpy as np
from numpy.typing import NDArray

from retrieval import rising
from retrieval.accumulators import Column, Grouping, Masks, Rows, Spans
from retrieval.arrays import Floats, Ids


def enter(rows: Rows, ids: Ids, bit: int) -> None:
    """These documents have a word."""
    rows.masks[0][_rows(rows, ids)] |= np.uint64(bit)


def enter_groups(rows: Rows, grouping: Grouping, passages: Ids, bit: int) -> None:
    """The documents of these passages, rising, have a word."""
    enter(rows, rising.distinct(grouping.document_of[passages]), bit)


def look_up(rows: Rows, column: Column, spans: Spans) -> None:
    """What the terms of a part of a word weigh in each passage."""
    for start, stop in spans.tolist():
        ids, values = column.ids[start:stop], column.values[column.codes[start:stop]]
        if len(column.live):
            live = column.live[ids]
            ids, values = ids[live], values[live]
        _raise(rows, ids + column.first, values)


def look_up_groups(rows: Rows, column: Column, spans: Spans, grouping: Grouping) -> None:
    """What they weigh in each document, counted over its passages."""
    for start, stop in spans.tolist():
        ids, counts = column.ids[start:stop], column.values[column.codes[start:stop]]
        if len(column.live):
            live = column.live[ids]
            ids, counts = ids[live], counts[live]
        documents = grouping.document_of[ids + column.first]
        starts = np.flatnonzero(np.diff(documents, prepend=-1))
        if len(starts):
            documents, counts = documents[starts], np.add.reduceat(counts, starts)
            weights = counts * grouping.gain / (counts + grouping.norms[documents])
            _raise(rows, documents, weights)


def level(rows: Rows, ids: Ids) -> None:
    """As if these documents had a term that weighs 1."""
    _raise(rows, ids, np.ones(len(ids)))


def mark_akin(rows: Rows, bit: int) -> None:
    """The documents seen have a word akin to one of the question."""
    rows.masks[1][_seen(rows)] |= np.uint64(bit)


def add(rows: Rows, idf: float) -> None:
    """Add the part of a word that is looked up to the word."""
    part, score, _ = rows.sums
    seen = _seen(rows)
    _meet(rows, seen)
    score[seen] += idf * part[seen]
    part[seen] = 0
    rows.counts[1] = 0


def add_akin(rows: Rows, idf: float, share: float) -> None:
    """The word counts as much as a share of the part looked up if that is more."""
    part, score, _ = rows.sums
    seen = _seen(rows)
    _meet(rows, seen)
    score[seen] = np.maximum(score[seen], share * (idf * part[seen]))
    part[seen] = 0
    rows.counts[1] = 0


def close(rows: Rows, factor: float) -> None:
    """Add the word, times a factor, to the question."""
    _, score, total = rows.sums
    met = rows.ids[3, : rows.counts[2]]
    total[met] += score[met] * factor
    score[met] = 0
    rows.counts[2] = 0


def weigh(
    start: Floats, has: Masks, akin: Masks, bits: Masks, worth: NDArray[np.float64]
) -> Floats:
    """What masks are worth, added to `start` word by word.

    `worth` has a row for each bit: of the word itself, and of one akin where it is not there.
    """
    total = start.copy()
    for bit, (own, kin) in zip(bits, worth.tolist(), strict=True):
        if own:
            total += np.where(has & bit, own, 0.0)
        if kin:
            total += np.where(akin & ~has & bit, kin, 0.0)
    return total


def gather(into: Masks, places: Ids, masks: Masks) -> None:
    """Put each mask to those of its place."""
    np.bitwise_or.at(into, places, masks)


def _rows(rows: Rows, ids: Ids) -> NDArray[np.intp]:
    """The rows of distinct documents; one that has none gets it."""
    slots, count = rows.slots, int(rows.counts[0])
    found = slots[ids]
    new = ids[found == 0]
    if len(new):
        rows.ids[1, count : count + len(new)] = new
        rows.counts[0] += len(new)
        slots[new] = np.arange(count + 1, count + 1 + len(new), dtype=np.int32)
        found = slots[ids]
    return found.astype(np.intp) - 1


def _raise(rows: Rows, ids: Ids, values: Floats) -> None:
    """Each document has at least this value; it is seen."""
    found, part = _rows(rows, ids), rows.sums[0]
    before = part[found]
    new, count = found[before == 0], int(rows.counts[1])
    rows.ids[2, count : count + len(new)] = new
    rows.counts[1] += len(new)
    part[found] = np.maximum(before, values)


def _seen(rows: Rows) -> Ids:
    seen: Ids = rows.ids[2, : rows.counts[1]]
    return seen


def _meet(rows: Rows, seen: Ids) -> None:
    """Those of the rows seen that the word did not have before are met now."""
    new, count = seen[rows.sums[1, seen] == 0], int(rows.counts[2])
    rows.ids[3, count : count + len(new)] = new
    rows.counts[2] += len(new)
