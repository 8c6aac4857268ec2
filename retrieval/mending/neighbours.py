"""Terms of an archive that are spelt nearly as a word is."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from retrieval.spelling import is_russian

LONG = 8
"""From so many letters on a word may have two mistakes."""
_SHORTEST = 3
_FINALISTS = 12
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"


class Neighbours:
    """Words in small letters, by their first letter and length, then by the letters they have."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}
        self._letters: dict[tuple[str, int], NDArray[np.uint32]] = {}
        letters = (word for word in words if len(word) >= _SHORTEST and word.isalpha())
        self._all = dict.fromkeys(letters)
        for word in self._all:
            self._words.setdefault((word[0], len(word)), []).append(word)

    def of(self, form: str) -> Iterator[str]:
        """The words one mistake away from `form`, two if it is long and they begin as it does.

        A mistake is a letter changed, lost or added, or two swapped (optimal string alignment).
        """
        most = 2 if len(form) >= LONG else 1
        for length in range(len(form) - most, len(form) + most + 1) if form else ():
            near = self._with_letters(form, length, most)
            found = extract(form, near, scorer=OSA.distance, score_cutoff=most, limit=_FINALISTS)
            yield from (word for word, _, _ in found)
        if len(form) >= _SHORTEST:
            yield from filter(self._all.__contains__, _first_letters(form))

    def _with_letters(self, form: str, length: int, most: int) -> list[str]:
        """Words of a length with its first letter, and nearly the same set of letters."""
        bucket = self._words.get((form[0], length), [])
        if not bucket:
            return bucket
        if (form[0], length) not in self._letters:
            self._letters[form[0], length] = _letters(bucket)
        differing = np.bitwise_count(self._letters[form[0], length] ^ _letters([form]))
        return [bucket[place] for place in np.flatnonzero(differing <= 2 * most).tolist()]


def _letters(words: list[str]) -> NDArray[np.uint32]:
    """The letters of words of one length as bits, those of one alphabet apart."""
    codes = np.array(words).view(np.uint32).reshape(len(words), -1)
    bits: NDArray[np.uint32] = np.bitwise_or.reduce(np.uint32(1) << (codes & 31), axis=1)
    return bits


def _first_letters(form: str) -> Iterator[str]:
    """The form with another first letter, without it, with one before it, with two swapped."""
    letters = _RUSSIAN if is_russian(form) else _LATIN
    yield from (letter + form[1:] for letter in letters if letter != form[0])
    yield from (letter + form for letter in letters)
    yield from (form[1:], form[1] + form[0] + form[2:])
