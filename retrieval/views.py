"""Articles and passages of a generation as sequences; each is made when it is asked for."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from retrieval.arrays import Flags
from retrieval.models import Article, Passage
from retrieval.segment import Segment


class Articles(Sequence[Article]):
    """The living articles of some segments, in the order of their numbers."""

    def __init__(
        self, segments: Sequence[Segment], first: Sequence[int], live: Flags | None
    ) -> None:
        """`first`: the number of the first article of each segment, and that of all."""
        self._segments = segments
        self._first = first
        self._numbers: Sequence[int] = (
            range(first[-1]) if live is None else np.flatnonzero(live).tolist()
        )

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> Article: ...
    @overload
    def __getitem__(self, place: slice) -> list[Article]: ...
    def __getitem__(self, place: int | slice) -> Article | list[Article]:
        chosen = self._numbers[place]
        if isinstance(chosen, int):
            return self.at(chosen)
        return [self.at(number) for number in chosen]

    def __iter__(self) -> Iterator[Article]:
        return map(self.at, self._numbers)

    def at(self, number: int) -> Article:
        """The article of a number, whether it lives or not."""
        place = bisect_right(self._first, number) - 1
        return self._segments[place].article(number - self._first[place])


class Passages(Sequence[Passage]):
    """The passages of some segments by their numbers, each made when it is asked for."""

    def __init__(self, segments: Sequence[Segment], first: Sequence[int]) -> None:
        """`first`: the number of the first passage of each segment, and that of all."""
        self._segments = segments
        self._first = first

    def __len__(self) -> int:
        return self._first[-1]

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> list[Passage]: ...
    def __getitem__(self, number: int | slice) -> Passage | list[Passage]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        place = bisect_right(self._first, number % len(self)) - 1
        return self._segments[place].passage(number % len(self) - self._first[place])
