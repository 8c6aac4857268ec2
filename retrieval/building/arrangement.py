"""The segments of a generation in order, joined where small ones would become too many.

After an update the segment before the last has at least `_RATIO` times the living passages of the
last: each passage is written anew a few times only, however large the archive grows, and there are
no more than some ten segments. What is joined at once is small; the rest waits for `settle`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from retrieval.arrays import Flags, Ids
from retrieval.building.tombstones import living, living_articles
from retrieval.generation import Placed
from retrieval.merging import merge
from retrieval.segment import Segment
from retrieval.storing import generations
from retrieval.storing.folder import Writer

AT_ONCE = 5_000
"""Passages that are written anew in an update at most."""
_RATIO = 4
_MOST_DEAD = 0.25
"""Of the passages of a segment; with more it is written anew."""
_MERGED = "building/merged"


class Stored(NamedTuple):
    """A segment on disk, as a generation has it."""

    name: str
    placed: Placed


class Arrangement(NamedTuple):
    """The segments of a generation, and the numbers of the articles of all its files."""

    segments: tuple[Stored, ...]
    articles: Ids


def tidied(arrangement: Arrangement, home: Path, most: int | None = None) -> Arrangement:
    """The same archive in fewer segments, written under `home`.

    At most so many passages are joined at once, and what is half dead is left (None: no limit).
    Itself where there is nothing to do. Raises OSError.
    """
    for first, stop in _joins([each.placed for each in arrangement.segments], most):
        arrangement = _joined(arrangement, first, stop, home)
    return arrangement


def joined(segments: Sequence[tuple[Segment, Flags | None]], home: Path) -> Stored:
    """One segment of the living articles of several, in their order. Raises OSError."""
    with Writer(home / _MERGED) as writer:
        merge(segments, writer)
    name = generations.adopt(home, home / _MERGED, writer.digest)
    return Stored(name, Placed(Segment(generations.read_segment(home, name))))


def _joins(segments: Sequence[Placed], most: int | None) -> list[tuple[int, int]]:
    """Which segments to write anew as one, as ranges of their places; the last ones first."""
    sizes = [living(placed) for placed in segments]
    first, total = len(sizes) - 1, sum(sizes[-1:])
    while first > 0 and sizes[first - 1] < _RATIO * max(total, 1):
        total += sizes[first - 1]
        if most is not None and total > most:
            break
        first -= 1
    joins = [(first, len(sizes))] if first < len(sizes) - 1 else []
    rest = range(first if joins else len(sizes))
    alone = [place for place in rest if _must_go(segments[place], most)]
    return [*joins, *((place, place + 1) for place in reversed(alone))]


def _must_go(placed: Placed, most: int | None) -> bool:
    """Whether a segment is written anew for its dead: all of it, or much of it where time is."""
    if placed.article_live is None:
        return False
    half_dead = living(placed) < (1 - _MOST_DEAD) * placed.segment.size
    return not placed.article_live.any() or (most is None and half_dead)


def _joined(arrangement: Arrangement, first: int, stop: int, home: Path) -> Arrangement:
    """The same with the segments of a range written anew as one, or gone where nothing lives."""
    before = arrangement.segments
    group = [each.placed for each in before[first:stop]]
    live = [living_articles(placed) for placed in group]
    some = any(flags.any() for flags in live)
    pairs = [(placed.segment, flags) for placed, flags in zip(group, live, strict=True)]
    anew = (joined(pairs, home),) if some else ()
    every = [living_articles(each.placed) for each in before]
    kept = np.concatenate(
        [
            flags if first <= place < stop else np.ones(len(flags), np.bool_)
            for place, flags in enumerate(every)
        ]
    )
    numbers = np.cumsum(kept) - 1
    return Arrangement(
        (*before[:first], *anew, *before[stop:]), numbers[arrangement.articles].astype(np.int32)
    )
