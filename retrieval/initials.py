"""Names whose initials are an abbreviation that the archive does not explain: «ТМТМ»."""

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.generation import Generation
from retrieval.arrays import Ids
from retrieval.marks import NAME, SENTENCE

_ABBREVIATION = re.compile(r"[A-ZА-ЯЁ]{4,8}|[бвгджзклмнпрстфхцчшщ]{4,8}")
"""Four letters at the least: fewer are the initials of some words or other in any long text."""


class Spelled(NamedTuple):
    """Where an abbreviation stands written out."""

    passages: Ids
    lemmas: frozenset[str]
    """Of the words that it stands for."""


def is_short_form(typed: str) -> bool:
    """Whether it looks like an abbreviation: four to eight capitals, or consonants."""
    return bool(_ABBREVIATION.fullmatch(typed))


def spelled_out(generation: Generation, short: str) -> Spelled:
    """The names with these initials, words of grammar not counted.

    A name begins with a capital letter inside a sentence, and ends within it.
    """
    wanted = [ord(letter) for letter in short.lower().replace("ё", "е")]
    words, letters = generation.own_words, generation.initials
    size = max(len(words) - len(wanted) + 1, 0)
    marks = generation.marks[words]
    fits = marks[:size] & NAME > 0
    for shift, letter in enumerate(wanted):
        fits &= letters[shift : shift + size] == letter
        if shift:
            fits &= marks[shift : shift + size] & SENTENCE == 0
    return _spelled(generation, words[np.flatnonzero(fits)[:, None] + np.arange(len(wanted))])


def _spelled(generation: Generation, runs: NDArray[np.intp]) -> Spelled:
    """`runs` has a row for each name: where its words stand among the lemmas of all passages."""
    terms = generation.index.terms
    passages = np.searchsorted(generation.ends, runs[:, 0], side="right") - 1
    lemmas = {terms.vocabulary[number] for number in np.unique(terms.numbers[runs]).tolist()}
    return Spelled(np.unique(passages).astype(np.int32), frozenset(lemmas))
