"""Names of an archive by how they sound, whatever alphabet they are written in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from retrieval.mending.variants import is_latin, readings, skeleton, sound
from retrieval.storing.hashed import Hashed, Termed, hashed_of
from retrieval.storing.strings import Strings

ALIKE = {1: 1.0, 2: 0.97, 3: 0.85}
ALIKE_LONG = 0.78
"""The least share of its sounds that a name in the other alphabet has in common, by how many
consonants it has, which are the same: the fewer, the more names have them."""
ALIKE_IN_LATIN = 0.9
"""The same where the typed word is Russian, which has few words of the other alphabet."""
FARTHER = 0.02
"""How much less likely each further way to read Latin letters is."""
_TERM_SYSTEMS = 3
_LAST_VOWELS = "аеиоу"
_NAMES = ("lexicon.russian", "lexicon.latin")
_Read = Callable[[str], Iterable[str]]
"""Gives the ways to read many terms at once, a line each."""


class Rendering(NamedTuple):
    """A term that sounds as a word in the other alphabet does."""

    alike: float
    """The share of its sounds in common."""
    passages: int
    """How many have it."""
    term: str


class Renderings:
    """Finds terms by words in the other alphabet: by their consonants, then by all sounds."""

    def __init__(self, segments: Sequence[Termed], count: Callable[[str], int]) -> None:
        """`count` tells in how many passages a term is; one that is in none is not found."""
        self._count = count
        self._russian, self._latin = (
            [(each.vocabulary, Hashed(each.arrays, name)) for each in segments] for name in _NAMES
        )

    def of_latin(self, word: str) -> Iterator[Rendering]:
        """Russian terms that a Latin word may be."""
        for system, reading in enumerate(readings(word)):
            for alike, passages, term in self._heard(reading, self._russian, _as_they_are):
                yield Rendering(alike - FARTHER * system, passages, term)

    def of_russian(self, forms: Iterable[str]) -> Iterator[Rendering]:
        """Latin terms that a Russian word of these forms may be."""
        heard = chain(*(self._heard(form, self._latin, _as_read) for form in forms))
        return (rendering for rendering in heard if rendering.alike >= ALIKE_IN_LATIN)

    def _heard(
        self, reading: str, parts: Iterable[tuple[Strings, Hashed]], read: _Read
    ) -> Iterator[Rendering]:
        """Terms with the consonants of a reading: how alike they sound, how common, which."""
        typed = sound(reading)
        bones = skeleton(typed)
        least = ALIKE.get(len(bones), ALIKE_LONG)
        found = {terms[n] for terms, hashed in parts for n in hashed[bones].tolist() if bones}
        for rendered, term in _sounds(list(found), read):
            if skeleton(rendered) != bones or (alike := _alike(typed, rendered, term)) < least:
                continue
            if passages := self._count(term):
                yield Rendering(alike, passages, term)


def renderings_of(terms: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The arrays that `Renderings` reads: terms by their consonants, those of each alphabet."""
    long = [(term, number) for number, term in enumerate(terms) if len(term) > 2]
    russian = {term: n for term, n in long if _is_letters(term) and not term[0].isascii()}
    latin = {term: n for term, n in long if term.isalpha() and is_latin(term)}
    pairs = zip(_NAMES, (russian, latin), (_as_they_are, _as_read), strict=True)
    return {
        array: values
        for name, numbers, read in pairs
        for array, values in hashed_of(name, _bones(numbers, read)).items()
    }


def _bones(numbers: Mapping[str, int], read: _Read) -> Iterator[tuple[str, int]]:
    """The consonants of terms, each with the term's number; the terms are turned all at once."""
    for text in read("\n".join(numbers)) if numbers else ():
        bones = skeleton(sound(text)).split("\n")
        yield from ((each, n) for each, n in zip(bones, numbers.values(), strict=True) if each)


def _sounds(terms: Sequence[str], read: _Read) -> Iterator[tuple[str, str]]:
    """What terms sound like, each with the term; some in more than one way."""
    for text in read("\n".join(terms)) if terms else ():
        yield from zip(sound(text).split("\n"), terms, strict=True)


def _as_they_are(terms: str) -> Iterable[str]:
    return (terms,)


def _as_read(terms: str) -> Iterable[str]:
    """Latin terms as Russian may write them."""
    return readings(terms, _TERM_SYSTEMS)


def _is_letters(term: str) -> bool:
    return term.removesuffix("-").replace("-", "").isalpha()


def _alike(one: str, other: str, term: str) -> float:
    """The share of sounds in common, with the ending of the case or without."""
    bare, stem = one.rstrip(_LAST_VOWELS), other.rstrip(_LAST_VOWELS)
    whole: float = Levenshtein.normalized_similarity(one, other)
    if min(len(bare), len(stem)) < (3 if term.endswith("-") else 4):
        return whole
    return max(whole, 0.98 * Levenshtein.normalized_similarity(bare, stem))
