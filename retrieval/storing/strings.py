"""Many strings as a few arrays, so that they are mapped into memory and none is a Python object.

    texts   н е ф т ь у р а н н а с а …     all strings end to end, UTF-8
    ends    0         10      18      …     where each begins, and the last one ends, in bytes
    hashes  07a1…  3c55…  9f02…  …          CRC-32 of each string, rising
    order   2      0      1      …          whose hash that is

A string is found by its hash: a binary search, and a look at the few that have it.
"""

import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import ends_of

Arrays = Mapping[str, NDArray[Any]]
"""Arrays by their names, as they are stored."""


def encoded(text: str) -> bytes:
    """A string as it is stored: UTF-8, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


class Strings(Sequence[str]):
    """Strings by number, from 0; `number` finds one."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        """Those that `strings_of` gave, under the same name."""
        self._texts = arrays[f"{name}.texts"].data
        self._ends = arrays[f"{name}.ends"].data
        self._hashes = arrays[f"{name}.hashes"].data
        self._order = arrays[f"{name}.order"].data
        self._size = len(self._ends) - 1

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(self._size))]
        if not 0 <= number < self._size:
            raise IndexError(number)
        return str(self._bytes(number), "utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(self._size))

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.number(text) is not None

    def number(self, text: str) -> int | None:
        """The number of a string; None if it is not among them. Of equal ones, one of them."""
        wanted = encoded(text)
        hashed = zlib.crc32(wanted)
        place = bisect_left(self._hashes, hashed)
        while place < self._size and self._hashes[place] == hashed:
            number: int = self._order[place]
            if self._bytes(number) == wanted:
                return number
            place += 1
        return None

    def _bytes(self, number: int) -> memoryview:
        return self._texts[self._ends[number] : self._ends[number + 1]]


def strings_of(name: str, strings: Iterable[str]) -> dict[str, NDArray[Any]]:
    """The arrays that `Strings` reads, in the order given."""
    pieces = [encoded(text) for text in strings]
    hashes = np.fromiter(map(zlib.crc32, pieces), np.uint32, len(pieces))
    order = np.argsort(hashes, kind="stable").astype(np.int32)
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    return {
        f"{name}.texts": np.frombuffer(b"".join(pieces), np.uint8),
        f"{name}.ends": ends_of(lengths),
        f"{name}.hashes": hashes[order],
        f"{name}.order": order,
    }


class Groups:
    """For each of some keys a row of numbers."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        """Those that `groups_of` gave, under the same name."""
        self.keys = Strings(arrays, f"{name}.keys")
        self._bounds = arrays[f"{name}.bounds"].data
        self._values: NDArray[np.int32] = arrays[f"{name}.values"]

    def __getitem__(self, key: str) -> NDArray[np.int32]:
        """The numbers of a key, in the order given; none for one that there is not."""
        number = self.keys.number(key)
        if number is None:
            return self._values[:0]
        return self._values[self._bounds[number] : self._bounds[number + 1]]


def groups_of(name: str, groups: Mapping[str, Sequence[int]]) -> dict[str, NDArray[Any]]:
    """The arrays that `Groups` reads."""
    sizes = np.fromiter(map(len, groups.values()), np.int64, len(groups))
    values = (number for numbers in groups.values() for number in numbers)
    return {
        **strings_of(f"{name}.keys", groups),
        f"{name}.bounds": ends_of(sizes),
        f"{name}.values": np.fromiter(values, np.int32, int(sizes.sum())),
    }
