"""Terms of an archive that are spelt nearly as a word is.

spelt     б6 → банкет бензин …    terms by the first letter and the length of their spelling,
letters   0b1001… 0b1100… …       the letters each of these has, as bits,
tails     анкет → банкет …        and by all letters but the first
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from retrieval.spelling import is_russian
from retrieval.storing.hashed import Hashed, Termed, hashed_of
from retrieval.storing.strings import Strings

LONG = 8
"""From so many letters on a word may have two mistakes."""
_SHORTEST = 3
_FINALISTS = 12
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_AT_ONCE = 1 << 14


class _Part(NamedTuple):
    """One segment."""

    vocabulary: Strings
    spelt: Hashed
    letters: NDArray[np.uint32]
    tails: Hashed


class Neighbours:
    """Words in small letters, by their first letter and length, then by the letters they have."""

    def __init__(self, segments: Iterable[Termed]) -> None:
        self._parts = [
            _Part(
                each.vocabulary,
                Hashed(each.arrays, "lexicon.spelt"),
                np.asarray(each.arrays["lexicon.letters"]),
                Hashed(each.arrays, "lexicon.tails"),
            )
            for each in segments
        ]

    def of(self, form: str, lives: Callable[[str], object]) -> Iterator[str]:
        """The words one mistake away from `form`, two if it is long and they begin as it does.

        A mistake is a letter changed, lost or added, or two swapped (optimal string alignment).
        `lives` tells whether a spelling is still that of a word.
        """
        most = 2 if len(form) >= LONG else 1
        letters = _letters([form])
        for length in range(len(form) - most, len(form) + most + 1) if form else ():
            most_letters = 2 * most - abs(length - len(form))
            terms = self._with_letters(f"{form[0]}{length}", letters, most_letters)
            near = self._nearest(form, terms, most)
            yield from islice(filter(lives, near), _FINALISTS)
        if len(form) >= _SHORTEST:
            yield from filter(lives, self._beginning_otherwise(form))

    def _nearest(self, form: str, terms: list[str], most: int) -> Iterator[str]:
        """The spellings of these terms, the nearest first; then as words of one piece, then in
        alphabetical order."""
        words = list(map(spelling, terms))
        found = extract(form, words, scorer=OSA.distance, score_cutoff=most, limit=None)
        keys = sorted(
            (distance, _is_joined(terms[n]), terms[n], word) for word, distance, n in found
        )
        return iter(dict.fromkeys(word for *_, word in keys))

    def _with_letters(self, key: str, letters: NDArray[np.uint32], most: int) -> list[str]:
        """Terms of a first letter and length with these letters, but for so many at most."""
        found: list[str] = []
        for part in self._parts:
            places = part.spelt.places(key)
            near = np.bitwise_count(part.letters[places] ^ letters) <= most
            found += (part.vocabulary[each] for each in part.spelt.numbers[places][near].tolist())
        return found

    def _beginning_otherwise(self, form: str) -> set[str]:
        """Words that differ from it in the first letter."""
        wanted = set(_first_letters(form))
        return wanted & {
            spelling(part.vocabulary[number])
            for part in self._parts
            for tail in (form[1:], form, form[2:], form[0] + form[2:])
            for number in part.tails[tail].tolist()
        }


def spelling(term: str) -> str:
    """A term without the hyphens in it or behind it."""
    return term.removesuffix("-").replace("-", "")


def neighbours_of(terms: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The arrays that `Neighbours` reads."""
    every = map(spelling, terms)
    words = {n: word for n, word in enumerate(every) if len(word) >= _SHORTEST and word.isalpha()}
    spelt = hashed_of("lexicon.spelt", ((f"{word[0]}{len(word)}", n) for n, word in words.items()))
    letters = np.zeros(len(terms), np.uint32)
    letters[np.fromiter(words, np.int64, len(words))] = _letters(list(words.values()))
    return {
        **spelt,
        "lexicon.letters": letters[spelt["lexicon.spelt.numbers"]],
        **hashed_of("lexicon.tails", ((word[1:], n) for n, word in words.items())),
    }


def _is_joined(term: str) -> bool:
    return "-" in term.removesuffix("-")


def _letters(words: Sequence[str]) -> NDArray[np.uint32]:
    """The letters of words as bits, those of one alphabet apart."""
    parts = [np.empty(0, np.uint32)]
    for start in range(0, len(words), _AT_ONCE):
        text = np.array(words[start : start + _AT_ONCE])
        codes = text.view(np.uint32).reshape(len(text), -1)
        bits = np.where(codes, np.uint32(1) << (codes & 31), 0)
        parts.append(np.bitwise_or.reduce(bits, axis=1))
    return np.concatenate(parts, dtype=np.uint32)


def _first_letters(form: str) -> Iterator[str]:
    """The form with another first letter, without it, with one before it, with two swapped."""
    letters = _RUSSIAN if is_russian(form) else _LATIN
    yield from (letter + form[1:] for letter in letters if letter != form[0])
    yield from (letter + form for letter in letters)
    yield from (form[1:], form[1] + form[0] + form[2:])
