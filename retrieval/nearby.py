"""Which passages have some words near each other, in their order: a name, a phrase."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Ids
from retrieval.generation import Generation
from retrieval.marks import WORD
from retrieval.rising import NONE, common, distinct, within
from retrieval.sought import having

_LEMMAS = 3
"""How many lemmas a word of the text has at most, but for a few."""
_MOST = 2_000
"""Passages with all the words that are looked at; of a name of common words, no more."""


def side_by_side(generation: Generation, words: Sequence[Sequence[str]]) -> Ids:
    """The passages that have these words, any lemma of each, one behind the other."""
    found = common([having(generation.index, lemmas) for lemmas in words])
    if len(words) == 1 or not len(found):
        return found
    rows, marks, classes = generation.laid(found, *(dict.fromkeys(each, 1) for each in words))
    nth = np.cumsum(marks & WORD > 0) + rows  # none behind a passage's last
    has = [table > 0 for table in classes]
    starts = common([distinct(nth[one]) - shift for shift, one in enumerate(has)])
    first = np.flatnonzero(has[0])
    return found[distinct(rows[first[within(nth[first], starts)]])]


def having_name(generation: Generation, name: Sequence[str]) -> Ids:
    """The passages where the words of a name, one lemma each, stand near each other.

    «Near»: behind the first one, within as many words as the name has.
    """
    if not name:
        return NONE
    everywhere = common([generation.index.postings(lemma) for lemma in name])[:_MOST]
    classes = {lemma: place for place, lemma in enumerate(dict.fromkeys(name), start=1)}
    rows, _, (terms,) = generation.laid(everywhere, classes)
    first = np.flatnonzero(terms == classes[name[0]])
    for lemma in name[1:]:
        behind = np.flatnonzero(terms == classes[lemma])
        first = first[_is_near(behind, first, rows, _LEMMAS * len(name))]
    return everywhere[distinct(rows[first])]


def _is_near(
    others: NDArray[np.intp], first: NDArray[np.intp], rows: Ids, window: int
) -> NDArray[np.bool_]:
    """Whether one of the others stands in the window that each of the first opens."""
    behind = np.append(others, len(rows))[np.searchsorted(others, first)]
    inside = behind < np.minimum(first + window, len(rows))
    near: NDArray[np.bool_] = inside & (rows[np.where(inside, behind, first)] == rows[first])
    return near
