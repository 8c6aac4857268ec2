"""Words of one root, by their spelling: «книга» and «книжный», «построить» and «строительство».

A word is split into a root and an ending that Russian makes words with («таможен-ный»); a first
part that compounds have («противо-паводковый») or a prefix of the other aspect («по-строить») may
stand before it. Two words are kin where the roots are one but for sounds that alternate: the last
consonants («книг-», «книж-»), a fleeting vowel («рынок-», «рын-ч-»), «л» behind a labial
(«куп-», «купл-»). The alternations are those of «Русская грамматика» (АН СССР, 1980), морфонология.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import product
from typing import Any, NamedTuple

from numpy.typing import NDArray

from retrieval.storing.hashed import Hashed, Termed, hashed_of
from retrieval.storing.strings import Strings
from retrieval.wordbuilding import (
    ACTS,
    ADJECTIVAL,
    ASPECT,
    BARE,
    COMPOUND,
    DEVERBAL,
    FIRST,
    LEAST,
    PERFECTIVE,
    SECOND,
    VERBAL,
)

_ALPHABET = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_WORD = re.compile("[а-я]{3,30}")
_CACHED = 1 << 14
_LONGEST = max(map(len, LEAST))
_NEVER = 1 << 10
"""Letters that no word has: what is no ending leaves no root."""
_SCIENCE = {"", "ия"}
"""The one pair of bare endings that goes with kinship: «эколог», «экология»."""
_INFINITIVE = ("ить", "ыть", "уть", "еть")
_LABIAL = ("бл", "вл", "мл", "пл", "фл")
_FLEETING = re.compile("[аеиоуыэюя].*[^аеиоуыэюя](?:[ео][вклмнрцч]|ь.)$")
"""A vowel between the last consonants of a root that has another one."""
_ALTERNATE = {
    "ж": ("г", "д", "з", "ж"),
    "жд": ("д", "жд"),
    "ц": ("к", "ц"),
    "ч": ("к", "т", "ц", "ч"),
    "ш": ("х", "с", "ш"),
    "щ": ("ст", "ск", "т", "щ"),
}
"""What a consonant at the end of a root may come from."""
_COARSE = str.maketrans("гжзкчцщхш", "дддттттсс", "еоьй")
"""Letters that may alternate, as one; without those that may be lost."""
_DOUBLE = ("дд", "ст")
"""What one consonant may alternate with: «жд», «ст» and «ск»."""
_UNEVEN = (
    (re.compile("мо[щч]$"), "мог"),
    (re.compile("^(вы|на|от|вз|воз|при|за|под|раз|пере)?ра(?:ст?|щ|щив)$"), r"\1рост"),
)
"""Roots with an alternation of their own."""
_UNEVEN_ENDS = ("мощ", "моч", "рас", "раст", "ращ", "ращив")
_SHORT = frozenset(root[:3] for root in PERFECTIVE)
_FORES = tuple(dict.fromkeys((*COMPOUND, *ADJECTIVAL, *ASPECT)))
_FORE = {
    start: fores
    for start in map("".join, product(_ALPHABET, repeat=2))
    if (fores := tuple(first for first in _FORES if first[:2] in (start, start[0])))
}
"""First parts and prefixes by the first two letters of a word."""


class _Part(NamedTuple):
    """A word, or what is left of it behind a first part or a prefix."""

    text: str
    before: str = ""
    least: int = 3
    """How many letters its root must have for it to count; 0 behind a prefix of a verb."""


class _Reading(NamedTuple):
    """One way to see root and ending in a word."""

    bases: frozenset[str]
    """What the root may be where none of its sounds has changed."""
    end: str
    length: int
    """Of the root, in letters."""
    part: _Part


class Kindred:
    """The terms of some segments by their roots; remembers a bounded number of answers."""

    def __init__(self, segments: Iterable[Termed], count: Callable[[str], int]) -> None:
        """`count` tells in how many passages a term is; one that is in none is not found."""
        parts = [(each.vocabulary, Hashed(each.arrays, "roots")) for each in segments]
        self._found = lru_cache(maxsize=_CACHED)(partial(_kindred, parts, count))

    def __call__(self, term: str) -> tuple[str, ...]:
        """The terms that are of the root of `term`, sorted; not `term` itself.

        None for what is no Russian word, or the stem of one that no dictionary has («токаев-»).
        """
        return self._found(term) if _WORD.fullmatch(term) else ()


def _kindred(
    parts: Iterable[tuple[Strings, Hashed]], count: Callable[[str], int], term: str
) -> tuple[str, ...]:
    keys = _keys(term)
    near = {
        vocabulary[number]
        for vocabulary, roots in parts
        for key in keys
        for number in roots[key].tolist()
    }
    kin = _kin(term, keys, sorted(near - {term}))
    return tuple(other for other in kin if count(other))


def roots_of(terms: Iterable[str]) -> dict[str, NDArray[Any]]:
    """The arrays of a segment that find its terms by their roots; `terms` in order of number."""
    return hashed_of(
        "roots",
        (
            (key, number)
            for number, term in enumerate(terms)
            if _WORD.fullmatch(term)
            for key in _keys(term)
        ),
    )


def _kin(term: str, keys: set[str], others: Iterable[str]) -> tuple[str, ...]:
    own = _readings(term, keys)
    return tuple(other for other in others if _akin(own, _readings(other, keys)))


def _keys(term: str) -> set[str]:
    """What a term is looked up by: the roots of each of its parts, alternations aside."""
    return {_key(root) for part in _parts(term) for root, _ in _splits(part.text)}


def _readings(term: str, keys: set[str]) -> list[_Reading]:
    """The ways to see a root in a term, those with one of the keys."""
    return [
        _Reading(bases, end, max(len(root), *map(len, bases)), part)
        for part in _parts(term)
        for root, end in _splits(part.text)
        if _key(root) in keys
        for bases in (_bases(root),)
    ]


def _parts(term: str) -> list[_Part]:
    """The whole word, and what it is without a first part or a prefix."""
    parts = [_Part(term)]
    for first in _FORE.get(term[:2], ()):
        if term.startswith(first) and len(term) >= len(first) + 3:
            parts.extend(_behind_first(first, term[len(first) :]))
    return parts


def _behind_first(first: str, rest: str) -> Iterator[_Part]:
    if first in FIRST and rest.startswith(SECOND):
        yield _Part(first[:-1], rest)
    if first in COMPOUND and not (first in FIRST and rest.startswith(ACTS)):
        yield _Part(rest.lstrip("ъ"), first, COMPOUND[first])
    if first in ADJECTIVAL and rest.endswith(("ый", "ий", "ой")):
        yield _Part(rest, first, ADJECTIVAL[first])
    if first in ASPECT and (len(first) > 1 or rest.endswith("овать") or rest[:3] in _SHORT):
        yield _Part(rest, first, 0)


def _splits(word: str) -> list[tuple[str, str]]:
    """The ways to split a word into root and ending.

    The soft sign of a verb is no ending: «открыт-ь» is not of the root of «открытка».
    """
    endings = ((size, word[size:]) for size in range(max(3, len(word) - _LONGEST), len(word) + 1))
    infinitive = word.endswith(_INFINITIVE)
    return [
        (word[:size], end)
        for size, end in endings
        if LEAST.get(end, _NEVER) <= size and not (infinitive and end == "ь")
    ]


def _trimmed(root: str) -> str:
    """A root without what its endings change: «ь», «й», a fleeting vowel, «л» behind a labial."""
    root = root.rstrip("ьй")
    if root.endswith(_UNEVEN_ENDS):
        for pattern, other in _UNEVEN:
            root = pattern.sub(other, root)
    if _FLEETING.search(root):
        root = root[:-2] + root[-1]
    if len(root) > 3 and root.endswith(_LABIAL):
        return root[:-1]
    return root


@lru_cache(maxsize=_CACHED)
def _key(root: str) -> str:
    """What is the same for all roots that `_bases` may find to be one."""
    if root.endswith(_UNEVEN_ENDS):
        root = _trimmed(root)
    key = root[:2] + root[2:].translate(_COARSE)
    if key.endswith(_DOUBLE):
        return key[:-2] + key[-1]
    return key[:-1] if key.endswith(_LABIAL) else key


@lru_cache(maxsize=_CACHED)
def _bases(root: str) -> frozenset[str]:
    """What a root may be where none of its sounds has changed."""
    root = _trimmed(root)
    last = "жд" if root.endswith("жд") else root[-1:]
    return frozenset(root.removesuffix(last) + base for base in _ALTERNATE.get(last, (last,)))


def _akin(own: Sequence[_Reading], its: Sequence[_Reading]) -> bool:
    """Whether two words are of one root; at most one of them behind a first part or a prefix."""
    return any(
        _fit(one, two)
        for one, two in product(own, its)
        if not (one.bases.isdisjoint(two.bases) or (one.part.before and two.part.before))
    )


def _fit(one: _Reading, two: _Reading) -> bool:
    """Whether words with these endings are kin if they have this root in common."""
    length = min(one.length, two.length)
    ends = {one.end, two.end}
    if one.part.before or two.part.before:
        part = one.part if one.part.before else two.part
        return _behind(part, one.bases & two.bases, ends, length)
    if ends <= BARE:
        return ends == _SCIENCE and length >= 6
    if VERBAL & ends:
        return length >= 4 or not BARE & ends
    return length >= 4 or not DEVERBAL & ends


def _behind(part: _Part, common: frozenset[str], ends: set[str], length: int) -> bool:
    """Whether a word behind a first part or a prefix is kin to one with none."""
    if part.least:
        return length >= part.least
    if not VERBAL & ends and not ends <= DEVERBAL:
        return False
    if any(part.before in PERFECTIVE.get(root, ()) for root in common):
        return True
    return length >= ASPECT[part.before]
