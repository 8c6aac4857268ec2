"""The steps of a tally in arrays; `retrieval.tally_kernels` has the same, compiled.

Each changes rows in place (see `retrieval.accumulators`), and does so in the same order of
operations as its compiled twin: the sums are equal to the last bit.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from retrieval.accumulators import Column, Grouping, Masks, Rows, Spans
from retrieval.arrays import Floats, Ids
from retrieval.rising import NONE

_SAMPLE = 4096
Weighed = tuple[Ids, Floats]
"""Documents, each once, and what a term weighs in each."""
Worth = tuple[float, float]
"""What an article's score counts, and how much more the first of its passages."""


def enter(rows: Rows, ids: Ids, bit: np.uint64) -> None:
    """These documents, each once, have a word."""
    rows.masks[0][_entered(rows, ids, ids[rows.slots[ids] == 0])] |= bit


def group(passages: Rows, rows: Rows, grouping: Grouping) -> Ids:
    """The documents of some passages have what these have; it is told in which row each is."""
    documents = grouping.document_of[passages.numbers]
    places = np.arange(len(documents), dtype=np.int32)
    rows.slots[documents[::-1]] = places[::-1]  # the first one of each is left
    found = _entered(rows, documents, documents[rows.slots[documents] == places])
    gather(rows.masks[0], found, passages.has)
    return found


def look_up(rows: Rows, column: Column, spans: Spans) -> None:
    """What the terms of a part of a word weigh in each passage; one without a row is counted."""
    _see(rows, (_living(column, *span) for span in spans.tolist()))


def look_up_groups(rows: Rows, column: Column, spans: Spans, grouping: Grouping) -> None:
    """What they weigh in each document, counted over its passages."""
    found = (_living(column, *span) for span in spans.tolist())
    _see(rows, (_grouped(grouping, *each) for each in found))


def level(rows: Rows, ids: Ids) -> None:
    """As if these documents had a term that weighs 1."""
    _see(rows, [(ids, np.ones(len(ids)))])


def add(rows: Rows, idf: float) -> None:
    """Add the part of a word that is looked up to the word."""
    part, score, _ = rows.sums
    seen = _seen(rows)
    _meet(rows, seen)
    score[seen] += idf * part[seen]
    part[seen] = 0
    rows.counts[[1, 3]] = 0


def add_akin(rows: Rows, idf: float, share: float, bit: np.uint64) -> None:
    """What is looked up is akin to the word: a share of it counts if that is more."""
    part, score, _ = rows.sums
    seen = _seen(rows)
    _meet(rows, seen)
    rows.masks[1][seen] |= bit
    score[seen] = np.maximum(score[seen], share * (idf * part[seen]))
    part[seen] = 0
    rows.counts[[1, 3]] = 0


def close(rows: Rows, factor: float) -> None:
    """Add the word, times a factor, to the question."""
    _, score, total = rows.sums
    met = rows.ids[2, : rows.counts[2]]
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


def lift(
    own: Floats, articles: Floats, article: Ids, places: Ids, coverage: Floats, worth: Worth
) -> Floats:
    """What passages are worth with their articles and by their places in these.

    Nothing, where they have nothing of the question.
    """
    of_article, of_lead = worth
    lifted = (own + of_article * articles[article]) * (1 + of_lead / (1 + places))
    return np.where(coverage > 0, lifted, 0)


def best(values: Floats, numbers: Ids, k: int) -> Ids:
    """The places of the `k` greatest values above 0, the greatest first, ties by their numbers."""
    places = np.flatnonzero(values > 0).astype(np.int32)
    for step in (1 + len(places) // _SAMPLE, 1):  # the k-th of a sample is no greater than of all
        some = values[places[::step]]
        if len(some) > k:
            places = places[values[places] >= np.partition(some, -k)[-k]]
    return places[np.lexsort((numbers[places], -values[places]))[:k]]


def _living(column: Column, start: int, stop: int) -> Weighed:
    """The living passages of the postings of a term."""
    ids, values = column.ids[start:stop], column.values[column.codes[start:stop]]
    if len(column.live):
        live = column.live[ids]
        ids, values = ids[live], values[live]
    return ids + column.first if column.first else ids, values


def _grouped(grouping: Grouping, passages: Ids, counts: Floats) -> Weighed:
    """The documents of passages, weighed by how often these have a term."""
    documents = grouping.document_of[passages]
    starts = np.flatnonzero(np.diff(documents, prepend=-1))
    if not len(starts):
        return passages, counts
    documents, counts = documents[starts], np.add.reduceat(counts, starts)
    return documents, counts * grouping.gain / (counts + grouping.norms[documents])


def _entered(rows: Rows, ids: Ids, new: Ids) -> Ids:
    """The rows of documents, once the new ones have got theirs."""
    count = rows.size
    rows.ids[0, count : count + len(new)] = new
    rows.counts[0] += len(new)
    rows.slots[new] = np.arange(count + 1, count + 1 + len(new), dtype=np.int32)
    found: Ids = rows.slots[ids] - 1
    return found


def _see(rows: Rows, terms: Iterable[Weighed]) -> None:
    """Each document that has a row has at least these values; it is seen. Others are counted."""
    slots, beyond = rows.slots, [NONE]
    for ids, values in terms:
        slot = slots[ids]
        inside = slot > 0
        _raise(rows, slot[inside] - 1, values[inside])
        beyond.append(ids[slot == 0])
        slots[beyond[-1]] = -1  # so that no other term counts them again
    for each in beyond:
        slots[each] = 0
        rows.counts[3] += len(each)


def _raise(rows: Rows, found: Ids, values: Floats) -> None:
    part, count = rows.sums[0], int(rows.counts[1])
    before = part[found]
    new = found[before == 0]
    rows.ids[1, count : count + len(new)] = new
    rows.counts[1] += len(new)
    part[found] = np.maximum(before, values)


def _seen(rows: Rows) -> Ids:
    seen: Ids = rows.ids[1, : rows.counts[1]]
    return seen


def _meet(rows: Rows, seen: Ids) -> None:
    """Those of the rows seen that the word did not have before are met now."""
    new, count = seen[rows.sums[1, seen] == 0], int(rows.counts[2])
    rows.ids[2, count : count + len(new)] = new
    rows.counts[2] += len(new)
