"""Which passages have some words near each other, in their order: a name, a phrase."""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from retrieval.generation import Generation
from retrieval.arrays import Ids
from retrieval.marks import WORD
from retrieval.sought import having

_LEMMAS = 3
"""How many lemmas a word of the text has at most, but for a few."""
_MOST = 2_000
"""Passages with all the words that are looked at; of a name of common words, no more."""


def side_by_side(generation: Generation, words: Sequence[Sequence[str]]) -> Ids:
    """The passages that have these words, any lemma of each, one behind the other."""
    index = generation.index
    found: Ids = reduce(np.intersect1d, [having(index, lemmas) for lemmas in words])
    if len(words) == 1 or not len(found):
        return found
    places, rows = generation.terms_of(found)
    terms = index.terms.numbers[places]
    nth = np.cumsum(generation.marks[places] & WORD > 0) + rows  # none behind a passage's last
    has = [np.isin(terms, _numbers(generation, lemmas)) for lemmas in words]
    starts = reduce(np.intersect1d, [nth[one] - shift for shift, one in enumerate(has)])
    first = np.flatnonzero(has[0])
    return found[np.unique(rows[first[np.isin(nth[first], starts)]])]


def having_name(generation: Generation, name: Sequence[str]) -> Ids:
    """The passages where the words of a name, one lemma each, stand near each other.

    «Near»: behind the first one, within as many words as the name has.
    """
    index = generation.index
    wanted = _numbers(generation, name)
    if not name or len(wanted) < len(name):
        return np.empty(0, np.int32)
    postings = sorted((index.postings(lemma) for lemma in name), key=len)
    everywhere: Ids = reduce(np.intersect1d, postings)[:_MOST]
    places, rows = generation.terms_of(everywhere)
    terms = index.terms.numbers[places]
    first = np.flatnonzero(terms == wanted[0])
    for number in wanted[1:]:
        first = first[_is_near(np.flatnonzero(terms == number), first, rows, _LEMMAS * len(name))]
    return everywhere[np.unique(rows[first])]


def _is_near(
    others: NDArray[np.intp], first: NDArray[np.intp], rows: Ids, window: int
) -> NDArray[np.bool_]:
    """Whether one of the others stands in the window that each of the first opens."""
    behind = np.append(others, len(rows))[np.searchsorted(others, first)]
    inside = behind < np.minimum(first + window, len(rows))
    near: NDArray[np.bool_] = inside & (rows[np.where(inside, behind, first)] == rows[first])
    return near


def _numbers(generation: Generation, lemmas: Sequence[str]) -> Ids:
    """The numbers of those of the lemmas that the archive has."""
    numbers = (generation.index.number(lemma) for lemma in lemmas)
    return np.array([number for number in numbers if number is not None], np.int32)
