"""Names whose initials are an abbreviation that the archive does not explain: «ТМТМ»."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Flags, Ids
from retrieval.generation import Generation, Placed
from retrieval.marks import FIELD, NAME, SENTENCE, TEXT, WORD
from retrieval.segment import Segment
from retrieval.storing.strings import encoded

_ABBREVIATION = re.compile(r"[A-ZА-ЯЁ]{4,8}|[бвгджзклмнпрстфхцчшщ]{4,8}")
"""Four letters at the least: fewer are the initials of some words or other in any long text."""
_AT_ONCE = 1 << 18
"""So many terms are looked at at a time."""

Places = NDArray[np.intp]
"""Where words stand among the terms of all passages of a segment."""


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

    A name begins with a capital letter inside a sentence, and ends within it. All terms of the
    archive are looked at: some 0.1 µs a passage.
    """
    letters = short.lower().replace("ё", "е")
    firsts = generation.index.first
    found = [_in_segment(each, letters) for each in generation.segments]
    moved = [each.passages + first for each, first in zip(found, firsts, strict=False)]
    return Spelled(
        np.concatenate([*moved, np.empty(0, np.int32)], dtype=np.int32),
        frozenset().union(*(each.lemmas for each in found)),
    )


def _in_segment(placed: Placed, letters: str) -> Spelled:
    segment = placed.segment
    runs = np.concatenate([np.empty((0, len(letters)), np.intp), *_runs(segment, letters)])
    passages = np.searchsorted(segment.ends, runs[:, 0], side="right") - 1
    if placed.live is not None:
        alive = placed.live[passages]
        runs, passages = runs[alive], passages[alive]
    terms = np.unique(segment.numbers[runs]).tolist()
    return Spelled(
        np.unique(passages).astype(np.int32), frozenset(segment.vocabulary[each] for each in terms)
    )


def _runs(segment: Segment, letters: str) -> Iterator[Places]:
    """Rows with the words of each name that has these initials, in order."""
    begins = {letter: _beginning(segment, letter) for letter in letters}
    for start in range(0, len(segment.marks), _AT_ONCE):
        marks = segment.marks[start : start + _AT_ONCE]
        names = np.flatnonzero(marks & (FIELD | WORD | NAME) == TEXT | WORD | NAME) + start
        run = names[begins[letters[0]][segment.numbers[names]]][:, None]
        for letter in letters[1:]:
            following, inside = _following(segment.marks, run[:, -1])
            fits = inside & begins[letter][segment.numbers[following]]
            run = np.column_stack([run, following])[fits]
        yield run


def _beginning(segment: Segment, letter: str) -> Flags:
    """For each term whether it begins with a letter."""
    texts, ends = segment.arrays["terms.texts"], segment.arrays["terms.ends"][:-1]
    begins = np.ones(len(ends), bool)
    for place, byte in enumerate(encoded(letter)):
        begins &= texts[np.minimum(ends + place, len(texts) - 1)] == byte
    return begins


def _following(marks: NDArray[np.uint8], places: Places) -> tuple[Places, Flags]:
    """The first lemma of the word behind each, and whether that is in the same sentence."""
    following = places + 1
    last = len(marks) - 1
    while (others := marks[np.minimum(following, last)] & WORD == 0).any():
        following = np.where(others, following + 1, following)
        ...
