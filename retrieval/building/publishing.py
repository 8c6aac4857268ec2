"""A generation made of segments that are on the disk, and published with the table of its files."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from retrieval import storage
from retrieval.abbreviations import Abbreviations
from retrieval.analyzer import Analyzer
from retrieval.building.arrangement import AT_ONCE, Arrangement, Stored, tidied
from retrieval.building.base import Base
from retrieval.building.placing import Next, empty
from retrieval.generation import Generation, Placed
from retrieval.storing.strings import Arrays

_SMALL = 10_000
"""Passages: as long as an archive has no more, it is calibrated anew each time."""
_GROWTH = 0.1
"""It is as well when it has grown or shrunk by this part since it was calibrated."""


def is_same(new: Next, base: Base) -> bool:
    """Whether there is nothing to publish; what was calibrated by other rules is, once."""
    if base.generation.calibrated is None:
        return False
    refused = tuple(refusal for _, refusal in new.refused)
    return not (new.anew or len(new.dead)) and refused == base.generation.refused


def publish(new: Next, base: Base | None, analyzer: Analyzer, home: Path) -> Generation:
    """Make the generation to come the current one. Raises GenerationError and OSError."""
    arrangement = tidied(new.arrangement, home, AT_ONCE)
    if not arrangement.segments:
        arrangement = arrangement._replace(segments=(empty(home),))
    segments = tuple(each.placed for each in arrangement.segments)
    generation = Generation(
        segments,
        analyzer,
        _abbreviations(new, base, segments),
        tuple(refusal for _, refusal in new.refused),
    )
    refusing = np.array([place for place, _ in new.refused], np.int32)
    table = {**new.table, "files.refusing": refusing}
    return _published(generation, arrangement, table, base, home)


def settle(base: Base, home: Path) -> bool:
    """Publish the same archive in fewer segments, if there is anything to gain by that."""
    stored = tuple(map(Stored, base.segments, base.generation.segments))
    before = Arrangement(stored, base.table.articles)
    after = tidied(before, home)
    if after is before:
        return False
    segments = tuple(each.placed for each in after.segments)
    generation = replace(base.generation, segments=segments, name="")
    _published(generation, after, base.table.arrays, base, home)
    return True


def _published(
    generation: Generation, arrangement: Arrangement, table: Arrays, base: Base | None, home: Path
) -> Generation:
    """`table` has the arrays of the files but for the articles, which have moved."""
    size, calibrated = generation.size, None
    if base and size > _SMALL and abs(size - base.calibrated_at) <= _GROWTH * base.calibrated_at:
        size, calibrated = base.calibrated_at, base.generation.calibrated
    more = {
        **table,
        "files.articles": arrangement.articles,
        "calibrated_at": np.array([size], np.int64),
    }
    names = [each.name for each in arrangement.segments]
    return storage.publish(replace(generation, calibrated=calibrated), names, home, more)


def _abbreviations(new: Next, base: Base | None, segments: tuple[Placed, ...]) -> Abbreviations:
    """Learned anew, unless nothing has gone and nothing new explains any."""
    if base and not len(new.dead):
        added = [each.placed.segment for each in new.arrangement.segments[len(base.segments) :]]
        if not any(segment.introduced() for segment in added):
            return base.generation.abbreviations
    return Abbreviations.learned(row for placed in segments for row in _living_rows(placed))


def _living_rows(placed: Placed) -> Iterator[list[Any]]:
    live = placed.live
    return (row for row in placed.segment.introduced() if live is None or live[row[0]])
