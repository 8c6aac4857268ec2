"""Which passages have the words of a name near each other, in their order."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from retrieval.generation import Generation
from retrieval.index import Ids

_LEMMAS = 3
"""How many lemmas a word of the text has at most, but for a few."""
_MOST = 2_000
"""Passages with all the words that are looked at; of a name of common words, no more."""


def having_name(generation: Generation, name: Sequence[str]) -> Ids:
    """The passages where the words of a name, one lemma each, stand near each other.

    «Near»: behind the first one, within as many words as the name has.
    """
    index = generation.index
    numbers = [index.number(lemma) for lemma in name]
    if not name or None in numbers:
        return np.empty(0, np.int32)
    postings = sorted((index.postings(lemma)[0] for lemma in name), key=len)
    everywhere = reduce(np.intersect1d, postings)[:_MOST]
    wanted = np.array(numbers, np.int32)
    found = [_is_near(generation, passage, wanted) for passage in everywhere.tolist()]
    near: Ids = everywhere[np.array(found, bool)].astype(np.int32)
    return near


def _is_near(generation: Generation, passage: int, wanted: Ids) -> bool:
    start, stop = generation.ends[passage : passage + 2].tolist()
    numbers = generation.index.terms.numbers[start:stop]
    window = _LEMMAS * len(wanted)
    return any(
        np.isin(wanted, numbers[first : first + window]).all()
        for first in np.flatnonzero(numbers == wanted[0]).tolist()
    )
