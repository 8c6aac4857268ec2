"""Names whose initials are an abbreviation that the archive does not explain: «ТМТМ»."""

import re
from collections.abc import Iterator
from typing import NamedTuple

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
    archive are looked at: some 0.1 s for a million passages.
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
    begins = _beginning(segment.arrays["terms.texts"], segment.arrays["terms.ends"], letters)
    for start in range(0, len(segment.marks), _AT_ONCE):
        marks = segment.marks[start : start + _AT_ONCE]
        names = np.flatnonzero(marks & (FIELD | WORD | NAME) == TEXT | WORD | NAME) + start
        runs = names[begins[letters[0]][segment.numbers[names]]][:, None]
        for letter in letters[1:]:
            runs = _longer(segment, runs)
            runs = runs[begins[letter][segment.numbers[runs[:, -1]]]]
        yield runs


def _beginning(texts: NDArray[np.uint8], ends: NDArray[np.int64], letters: str) -> dict[str, Flags]:
    """For each of some letters which terms begin with it; `Strings` says how terms are stored."""
    starts = ends[:-1]
    first = texts[starts]
    second = texts[np.minimum(starts + 1, len(texts) - 1)]
    codes = {letter: encoded(letter) for letter in letters}
    return {
        letter: first == code[0] if len(code) == 1 else (first == code[0]) & (second == code[1])
        for letter, code in codes.items()
    }


def _longer(segment: Segment, runs: Places) -> Places:
    """Runs of words with the next one in the same sentence; those that end with it are left out."""
    size, following = len(segment.marks), runs[:, -1] + 1
    while len(others := _of_kind(segment.marks, following, WORD, 0)):
        following[others] += 1
    inside = following < size
    inside[_of_kind(segment.marks, following, SENTENCE, SENTENCE)] = False
    return np.column_stack([runs, following])[inside]


def _of_kind(marks: NDArray[np.uint8], places: Places, flag: int, value: int) -> Places:
    """Which of the places are inside and have this value of a flag."""
    inside = np.flatnonzero(places < len(marks))
    found: Places = inside[marks[places[inside]] & flag == value]
    return found
