"""The table of the files that an index was made from, and what has changed since.

files.names      all names, in the order of their paths, a zero byte between two
files.stamps     of each its size and the time of its last change, and those of its sidecar
files.hashes     of each the hash of its content and its sidecar's; zeros: not known
files.bounds     where its articles begin in
files.articles   the numbers of the articles, file by file, as the generation has them
files.refusing   the numbers of the files that were refused, in whole or in part, in the order
                 of the generation's refusals
"""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Ids, Numbers, ends_of, runs
from retrieval.folder import Listed
from retrieval.models import Reason
from retrieval.storing.strings import Arrays

UNKNOWN = bytes(16)
"""The hash of what could not be read."""
UNSURE = frozenset({Reason.DUPLICATE_ID, Reason.UNREADABLE, Reason.OUTSIDE})
"""Refusals that may end without any change of the file: it is read again each time."""


class Table:
    """The files of a generation, by number in the order of their paths."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = {name: array for name, array in arrays.items() if name.startswith("files.")}
        """Its own, of all that there are."""
        self.stamps: Numbers = arrays["files.stamps"]
        self.hashes: NDArray[np.uint8] = arrays["files.hashes"]
        self.bounds: Numbers = arrays["files.bounds"]
        self.articles: Ids = arrays["files.articles"]
        self.refusing: Ids = arrays["files.refusing"]
        self._names = arrays["files.names"]

    def __len__(self) -> int:
        return len(self.stamps)

    @cached_property
    def names(self) -> list[bytes]:
        """As the system writes them."""
        return self._names.tobytes().split(b"\0") if len(self) else []

    def hash_of(self, number: int) -> bytes:
        """Of the content of a file when it was read."""
        return bytes(self.hashes[number])

    def articles_of(self, numbers: Numbers) -> Ids:
        """The articles of these files."""
        starts, stops = self.bounds[numbers], self.bounds[numbers + 1]
        return self.articles[runs(starts, stops - starts)]


class Comparison(NamedTuple):
    """The files there are against the files known; numbers are places in either list."""

    known_as: Numbers
    """For each file that there is its number among the known ones; -1 for a new one."""
    unchanged: NDArray[np.bool_]
    """Which of the files that there are have not changed, by their stamps."""
    gone: Numbers
    """The known files that there are no more."""


def names_of(listed: Sequence[Listed]) -> list[bytes]:
    """The names as a table has them."""
    return [os.fsencode(each.name) for each in listed]


def stamps_of(listed: Sequence[Listed]) -> Numbers:
    """The stamps as a table has them."""
    flat = (value for each in listed for value in (*each.stamp, *each.beside))
    return np.fromiter(flat, np.int64, 4 * len(listed)).reshape(-1, 4)


def compared(listed: Sequence[Listed], table: Table | None) -> Comparison:
    """What has changed by the looks of it; a file that looks changed may be the same."""
    if table is None:
        nothing = np.full(len(listed), -1, np.int64)
        return Comparison(nothing, nothing >= 0, nothing[:0])
    known_as = _known_as(names_of(listed), table)
    stamps = stamps_of(listed)
    same = (stamps == table.stamps[known_as]).all(axis=1) if len(table) else known_as >= 0
    gone = np.ones(len(table), bool)
    gone[known_as[known_as >= 0]] = False
    return Comparison(
        known_as, same & (known_as >= 0) & are_sure(stamps), np.flatnonzero(gone).astype(np.int64)
    )


def _known_as(names: list[bytes], table: Table) -> Numbers:
    if names == table.names:
        return np.arange(len(names), dtype=np.int64)
    numbers = {name: number for number, name in enumerate(table.names)}
    return np.fromiter((numbers.get(name, -1) for name in names), np.int64, len(names))


def are_sure(stamps: Numbers) -> NDArray[np.bool_]:
    """Which stamps tell that nothing has changed where they are the same."""
    has_sidecar = stamps[:, 2] >= 0
    sure: NDArray[np.bool_] = (stamps[:, 1] > 0) & ((stamps[:, 3] > 0) | ~has_sidecar)
    return sure


def is_sure(listed: Listed) -> bool:
    """Whether its stamps tell that a file has not changed where they are the same."""
    return bool(are_sure(stamps_of([listed]))[0])


class Given(NamedTuple):
    """What a file that was read gave."""

    hash: bytes
    articles: tuple[int, ...]
    """Their numbers in the generation to come."""
    sure: bool
    """Whether the file tells all: what it gave changes only with it."""


def tabled(
    listed: Sequence[Listed],
    before: Table | None,
    unchanged: Mapping[int, int],
    given: Mapping[int, Given],
) -> dict[str, NDArray[Any]]:
    """The table of all files but for `files.refusing`.

    `unchanged` has the places of files by their numbers in the table `before`, which their articles
    are taken over from; `given` is by place.
    """
    stamps = stamps_of(listed)
    hashes = np.zeros((len(listed), 16), np.uint8)
    counts = np.zeros(len(listed), np.int64)
    known = np.fromiter(unchanged.keys(), np.int64, len(unchanged))
    places = np.fromiter(unchanged.values(), np.int64, len(unchanged))
    if before is not None:
        hashes[places] = before.hashes[known]
        counts[places] = np.diff(before.bounds)[known]
    for place, each in given.items():
        counts[place] = len(each.articles)
        if each.sure:
            hashes[place] = np.frombuffer(each.hash, np.uint8)
        else:
            stamps[place, 1] = 0
    bounds = ends_of(counts)
    articles = np.empty(bounds[-1], np.int32)
    if before is not None:
        articles[runs(bounds[places], counts[places])] = before.articles_of(known)
    for place, each in given.items():
        articles[bounds[place] : bounds[place + 1]] = each.articles
    return {
        "files.names": np.frombuffer(b"\0".join(names_of(listed)), np.uint8),
        "files.stamps": stamps,
        "files.hashes": hashes,
        "files.bounds": bounds,
        "files.articles": articles,
    }
