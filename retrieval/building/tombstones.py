"""Articles that have gone from a segment: it stays as it is, and flags beside it say so."""

import numpy as np

from retrieval.arrays import Flags, Ids, Numbers, runs
from retrieval.generation import Placed


def buried(placed: Placed, dead: Ids) -> Placed:
    """A segment without these living articles, by their numbers in it."""
    if not len(dead):
        return placed
    segment = placed.segment
    article_live = _copied(placed.article_live, segment.articles)
    live = _copied(placed.live, segment.size)
    article_live[dead] = False
    starts = segment.starts.astype(np.int64)
    passages = runs(starts[dead], starts[dead + 1] - starts[dead])
    live[passages] = False
    counts = np.diff(segment.postings.bounds) if placed.counts is None else placed.counts
    gone = _counts(placed, passages)
    return Placed(segment, live, article_live, (counts - gone).astype(np.int32))


def living(placed: Placed) -> int:
    """How many of its passages live."""
    return placed.segment.size if placed.live is None else int(placed.live.sum())


def living_articles(placed: Placed) -> Flags:
    """Which of its articles live."""
    return _copied(placed.article_live, placed.segment.articles)


def _copied(flags: Flags | None, size: int) -> Flags:
    return np.ones(size, np.bool_) if flags is None else flags.astype(np.bool_)


def _counts(placed: Placed, passages: Numbers) -> Numbers:
    """For each term in how many of these passages it is."""
    segment, terms = placed.segment, len(placed.segment.vocabulary)
    starts = segment.ends[passages]
    lengths = segment.ends[passages + 1] - starts
    numbers = segment.numbers[runs(starts, lengths)]
    owners = np.repeat(np.arange(len(passages), dtype=np.int64), lengths)
    distinct = np.unique(owners * terms + numbers)
    return np.bincount(distinct % max(terms, 1), minlength=terms)
