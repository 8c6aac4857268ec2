"""Numbers by keys of which only the hashes are stored: eight bytes for each number of each key.

    hashes    07a1…  07a1…  3c55…  9f02…  …    CRC-32 of the keys, rising
    numbers   2      17     0      5      …    what stands under them, rising for each hash

Two keys may have one hash, so what is found is looked at before it counts.
"""

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Ids
from retrieval.storing.strings import Arrays, Strings, encoded


class Termed(Protocol):
    """What has a vocabulary, and beside it arrays by which its terms are found."""

    @property
    def vocabulary(self) -> Strings: ...
    @property
    def arrays(self) -> Arrays: ...


class Hashed:
    """For each of some keys a row of numbers, and seldom those of another key."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        """Those that `hashed_of` gave, under the same name."""
        self.numbers: Ids = np.asarray(arrays[f"{name}.numbers"])  # slices of a memmap are slow
        self._hashes = arrays[f"{name}.hashes"].data

    def __getitem__(self, key: str) -> Ids:
        return self.numbers[self.places(key)]

    def places(self, key: str) -> slice:
        """Where the numbers of a key stand among all."""
        hashed = zlib.crc32(encoded(key))
        start = bisect_left(self._hashes, hashed)
        return slice(start, bisect_right(self._hashes, hashed, start))


def hashed_of(name: str, pairs: Iterable[tuple[str, int]]) -> dict[str, NDArray[Any]]:
    """The arrays that `Hashed` reads, of pairs of a key and a number; each counts once."""
    packed = (zlib.crc32(encoded(key)) << 32 | number for key, number in pairs)
    return _unpacked(name, np.fromiter(packed, np.uint64))


def rehashed(
    name: str, parts: Iterable[Arrays], numberings: Iterable[Ids]
) -> dict[str, NDArray[Any]]:
    """The arrays of several as one; `numberings` have the new number of each number, or -1.

    What has no new number is left out.
    """
    moved = [np.empty(0, np.uint64)]
    for arrays, numbering in zip(parts, numberings, strict=True):
        numbers = numbering[arrays[f"{name}.numbers"]].astype(np.int64)
        kept = numbers >= 0
        hashes = arrays[f"{name}.hashes"][kept].astype(np.uint64)
        moved.append(hashes << np.uint64(32) | numbers[kept].astype(np.uint64))
    return _unpacked(name, np.concatenate(moved))


def _unpacked(name: str, packed: NDArray[np.uint64]) -> dict[str, NDArray[Any]]:
    packed.sort()
    first = np.ones(len(packed), bool)
    first[1:] = packed[1:] != packed[:-1]
    distinct = packed[first]
    return {
        f"{name}.hashes": (distinct >> np.uint64(32)).astype(np.uint32),
        f"{name}.numbers": (distinct & np.uint64(0xFFFFFFFF)).astype(np.int32),
    }
