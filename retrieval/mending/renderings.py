"""Names of an archive by how they sound, whatever alphabet they are written in."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from retrieval.mending.variants import is_latin, readings, skeleton, sound

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


class Rendering(NamedTuple):
    """A term that sounds as a word in the other alphabet does."""

    alike: float
    """The share of its sounds in common."""
    passages: int
    """How many have it."""
    term: str


class Renderings:
    """Finds terms by words in the other alphabet; sorts them by sound when first asked."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def of_latin(self, word: str) -> Iterator[Rendering]:
        """Russian terms that a Latin word may be."""
        for system, reading in enumerate(readings(word)):
            for alike, passages, term in self._heard(reading, self._sounds):
                yield Rendering(alike - FARTHER * system, passages, term)

    def of_russian(self, forms: Iterable[str]) -> Iterator[Rendering]:
        """Latin terms that a Russian word of these forms may be."""
        heard = chain(*(self._heard(form, self._latin_sounds) for form in forms))
        return (rendering for rendering in heard if rendering.alike >= ALIKE_IN_LATIN)

    def _heard(self, reading: str, rows: list[str]) -> Iterator[Rendering]:
        """Terms with the consonants of a reading: how alike they sound, how common, which."""
        typed = sound(reading)
        bones = skeleton(typed)
        least = ALIKE.get(len(bones), ALIKE_LONG)
        for row in (rows[place] for place in range(bisect_left(rows, f"{bones}\t"), len(rows))):
            consonants, rendered, term = row.split("\t")
            if consonants != bones or not bones:
                return
            if (alike := _alike(typed, rendered, term)) >= least:
                yield Rendering(alike, self._counts[term], term)

    @cached_property
    def _sounds(self) -> list[str]:
        """Russian terms by their consonants."""
        terms = [term for term in self._counts if len(term) > 2 and _is_letters(term)]
        return _rows([term for term in terms if not term[0].isascii()])

    @cached_property
    def _latin_sounds(self) -> list[str]:
        """Latin terms by the consonants of their readings."""
        terms = [
            term for term in self._counts if len(term) > 2 and is_latin(term) and term.isalpha()
        ]
        texts = readings("\n".join(terms), _TERM_SYSTEMS)
        return sorted(set(chain(*(_rows(terms, read.split("\n")) for read in texts))))


def _is_letters(term: str) -> bool:
    return term.removesuffix("-").replace("-", "").isalpha()


def _rows(terms: list[str], read: list[str] | None = None) -> list[str]:
    """Consonants, sounds and term in one line each, in order; the texts are turned all at once."""
    text = "\n".join(terms if read is None else read)
    sounds = sound(text)
    if not terms:
        return []
    return sorted(
        map("\t".join, zip(skeleton(sounds).split("\n"), sounds.split("\n"), terms, strict=True))
    )


def _alike(one: str, other: str, term: str) -> float:
    """The share of sounds in common, with the ending of the case or without."""
    bare, stem = one.rstrip(_LAST_VOWELS), other.rstrip(_LAST_VOWELS)
    whole: float = Levenshtein.normalized_similarity(one, other)
    if min(len(bare), len(stem)) < (3 if term.endswith("-") else 4):
        return whole
    return max(whole, 0.98 * Levenshtein.normalized_similarity(bare, stem))
