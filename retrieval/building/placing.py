"""What an update gathered, placed: in a segment of its own, behind those that there were."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Flags, Ids, Numbers
from retrieval.building.arrangement import Arrangement, Stored, joined
from retrieval.building.base import Base
from retrieval.building.files import UNSURE, Given, tabled
from retrieval.building.gathering import Gathered
from retrieval.building.parts import Part
from retrieval.building.tombstones import buried
from retrieval.encoding import encode
from retrieval.folder import Listed
from retrieval.generation import Placed
from retrieval.models import Refusal
from retrieval.segment import Segment
from retrieval.storing import generations

Refused = tuple[tuple[int, Refusal], ...]
"""Refusals in the order of paths, each with the place of its file."""


class Next(NamedTuple):
    """The generation to come."""

    arrangement: Arrangement
    table: dict[str, NDArray[Any]]
    """That of the files, but for the articles and the refusals."""
    refused: Refused
    dead: Ids
    """The articles of the base that are in it no more."""
    anew: tuple[str, ...]
    """The ids of the articles that are not of the base."""


def placed(listed: Sequence[Listed], gathered: Gathered, base: Base | None, home: Path) -> Next:
    """Write the segment of what is new, and bury what has gone. Raises OSError."""
    fresh = _Fresh(gathered, base.generation.first_articles[-1] if base else 0)
    dead = _dead(gathered, base)
    before = _buried(base, dead) if base else ()
    anew = (fresh.written(home),) if fresh.ids else ()
    given = {
        place: Given(
            gathered.hashes[place],
            tuple(fresh.number(won.part, won.number) for won in each.articles),
            all(refusal.reason not in UNSURE for refusal in each.refused),
        )
        for place, each in gathered.settled.items()
    }
    table = tabled(listed, base.table if base else None, gathered.unchanged, given)
    articles = table.pop("files.articles")
    return Next(
        Arrangement((*before, *anew), articles), table, _refused(gathered, base), dead, fresh.ids
    )


def empty(home: Path) -> Stored:
    """A segment without articles: a generation has one at least. Raises OSError."""
    return _stored(home, encode(()))


class _Fresh:
    """The articles that are new, from the parts that have them to the numbers they will have."""

    def __init__(self, gathered: Gathered, first: int) -> None:
        won = [one for each in gathered.settled.values() for one in each.articles if one.part >= 0]
        self.ids = tuple(one.id for one in won)
        self._parts = gathered.parts
        self._first = first
        self._live: dict[int, Flags] = {}
        for number, part in enumerate(gathered.parts):
            analysed = sum(claim.place >= 0 for read in part.reads for claim in read.claims)
            self._live[number] = np.zeros(analysed, np.bool_)
        for one in won:
            self._live[one.part][one.number] = True
        self._order = [number for number in self._live if self._live[number].any()]
        self._numbers = self._numbered()

    def number(self, part: int, number: int) -> int:
        """The number that an article will have; of one of the base, what it has."""
        return number if part < 0 else int(self._numbers[part][number])

    def written(self, home: Path) -> Stored:
        """The segment of them all."""
        if len(self._order) == 1 and self._live[self._order[0]].all():
            return _stored(home, self._parts[self._order[0]].opened().arrays)
        return joined(_Opening(self._parts, self._live, self._order), home)

    def _numbered(self) -> dict[int, Numbers]:
        found: dict[int, Numbers] = {}
        first = self._first
        for part in self._order:
            found[part] = np.cumsum(self._live[part]) - 1 + first
            first += int(self._live[part].sum())
        return found


class _Opening(Sequence[tuple[Segment, Flags | None]]):
    """Segments of parts, each opened when it is asked for."""

    def __init__(
        self, parts: Sequence[Part], live: Mapping[int, Flags], order: Sequence[int]
    ) -> None:
        self._parts = parts
        self._live = live
        self._order = order

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> tuple[Segment, Flags | None]: ...
    @overload
    def __getitem__(self, place: slice) -> "_Opening": ...
    def __getitem__(self, place: int | slice) -> "tuple[Segment, Flags | None] | _Opening":
        if isinstance(place, slice):
            return _Opening(self._parts, self._live, self._order[place])
        part = self._order[place]
        return self._parts[part].opened(), self._live[part]


def _stored(home: Path, arrays: Mapping[str, NDArray[Any]]) -> Stored:
    name = generations.add_segment(home, arrays)
    return Stored(name, Placed(Segment(generations.read_segment(home, name))))


def _dead(gathered: Gathered, base: Base | None) -> Ids:
    if base is None:
        return np.empty(0, np.int32)
    alive = np.zeros(base.generation.first_articles[-1], np.bool_)
    alive[base.table.articles_of(np.array(list(gathered.unchanged), np.int64))] = True
    won = (one for each in gathered.settled.values() for one in each.articles)
    alive[[one.number for one in won if one.part < 0]] = True
    return base.table.articles[~alive[base.table.articles]]


def _buried(base: Base, dead: Ids) -> tuple[Stored, ...]:
    firsts = base.generation.first_articles
    found = []
    for place, (name, each) in enumerate(zip(base.segments, base.generation.segments, strict=True)):
        own = dead[(firsts[place] <= dead) & (dead < firsts[place + 1])] - firsts[place]
        found.append(Stored(name, buried(each, own.astype(np.int32))))
    return tuple(found)


def _refused(gathered: Gathered, base: Base | None) -> Refused:
    found = [
        (place, refusal) for place, each in gathered.settled.items() for refusal in each.refused
    ]
    if base:
        known = zip(base.table.refusing.tolist(), base.generation.refused, strict=True)
        found += [
            (gathered.unchanged[file], refusal)
            for file, refusal in known
            if file in gathered.unchanged
        ]
    return tuple(sorted(found, key=lambda each: each[0]))
