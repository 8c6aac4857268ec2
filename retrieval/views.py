"""Articles and passages of a generation as sequences; each is made when it is asked for."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

import numpy as np

from retrieval.models import Article, Passage

if TYPE_CHECKING:
    from retrieval.generation import Generation  # which has these


class Articles(Sequence[Article]):
    """The living articles of a generation, in the order of their numbers."""

    def __init__(self, generation: "Generation") -> None:
        self._generation = generation

    def __len__(self) -> int:
        live = self._generation.article_live
        return self._generation.first_articles[-1] if live is None else int(live.sum())

    @overload
    def __getitem__(self, place: int) -> Article: ...
    @overload
    def __getitem__(self, place: slice) -> list[Article]: ...
    def __getitem__(self, place: int | slice) -> Article | list[Article]:
        chosen = self._numbers[place]
        if isinstance(chosen, int):
            return self._generation.article_at(chosen)
        return [self._generation.article_at(number) for number in chosen]

    def __iter__(self) -> Iterator[Article]:
        return map(self._generation.article_at, self._numbers)

    @cached_property
    def _numbers(self) -> Sequence[int]:
        live = self._generation.article_live
        return range(len(self)) if live is None else np.flatnonzero(live).tolist()


class Passages(Sequence[Passage]):
    """The passages of a generation by their numbers, each made when it is asked for."""

    def __init__(self, generation: "Generation") -> None:
        self._generation = generation
        self._first = generation.index.first

    def __len__(self) -> int:
        count: int = self._first[-1]
        return count

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
        segment = self._generation.segments[place].segment
        return segment.passage(number % len(self) - self._first[place])
