"""Which words a short form stands for: those whose initials fit, or, in another alphabet, a name.

A letter may stand for a word («ТМТМ»), for a syllable with others («МАГАТЭ») or for a part in the
middle of a word («БПЛА»); small words may have none. Each liberty has its cost, the least wins.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_END = re.compile(r"[;:!?()\n\d]|\s[—–-]\s|(?<=[a-zа-яё]{3})\.\s|…")
"""No name goes on over the end of a sentence or clause, or over a number."""
_TAIL = re.compile(r"\s+(?:имени|им\.)\s.*|\s*[«“\"][^«»“”\"]*[»”\"]+$", re.DOTALL)
"""Of a full name, what its initials never have: «имени К. Сатпаева», «Самрук-Казына»."""
_SMALL_WORDS = """
и в во на по с со о об при для от до из за к у под без а или не как
of the and for in on to a an de du la des et und der die das für
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_APART = re.compile(r"(?<!\w)(?:в|во|на|с|со|из|от|до|к|у|под|без|или|как|не|что)\s", re.IGNORECASE)
"""What stands between a name and other words more often than in it."""
_CYRILLIC = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)
_HYPHENS = ("-", "\u2010", "\u2011")
_ROMAN = re.compile("[IVXLC]+")
_LONGEST = 8
"""Letters of a short form that is not vouched for by initials."""
_FEWEST = 3
"""Words of a name that nothing but its place beside the short form hints at."""
_SPARE = 5
"""How many words more than its letters a short form may have, the small ones too."""

_SYLLABLE = 0.25
_INSIDE = 1.0
_PART = 0.5
_TRAILING = 0.5
_COMMA = 0.75
_VOWEL = 2.0
_SKIPPED = 2.0
"""The costs: a letter behind an initial, one in the middle of a word, no letter for a part of a
compound, for a name behind («ФСБ России»), a comma, a vowel in the middle, no letter for a word."""
_VOWELS = frozenset("аеиоуыюяaeiouy")
"""But for «э», which begins a part of a compound: «гидроэлектростанция»."""


class _Word(NamedTuple):
    text: str
    start: int
    stop: int
    part: bool
    """Whether a hyphen joins it to the word before."""
    listed: bool
    """Whether a comma parts it from the word before."""


def by_initials(short: str, text: str, *, whole: bool = False, strictly: bool = False) -> str:
    """The name at the end of `text`, or `whole` of it, whose initials are `short`; or "".

    `strictly`: no letter in the middle of a word, no word without a letter.
    """
    text = _clause(text)
    full = _fitting(short, text, whole, strictly)
    if full or whole or strictly:
        return full
    without_tail = _TAIL.sub("", text)
    return _fitting(short, without_tail, whole, strictly) if without_tail != text else ""


def by_count(short: str, text: str, *, whole: bool = False) -> str:
    """The name at the end of `text`, or `whole` of it, that may have `short` in another alphabet.

    It begins with a capital, has about as many words as `short` has letters, and is not just names
    of people and places: one of the words behind the first has a small letter.
    """
    foreign = _CYRILLIC.search(text) and not _CYRILLIC.search(short)
    if not foreign or not short.isupper() or len(short) > _LONGEST or _ROMAN.fullmatch(short):
        return ""
    text = _APART.split(_clause(text).rsplit(",", 1)[-1])[-1].rstrip()
    if text.endswith("»"):
        text = text[:-1].rsplit("«", 1)[-1]
    words = [word for word in _words(text) if not word.part]
    lengths = {_size(words[i:]): words[i].start for i in _openings(words)}
    near = [size for size in lengths if abs(size - len(short)) <= 1 and size > 1]
    if not near:
        return ""
    start = lengths[min(near, key=lambda size: (abs(size - len(short)), size))]
    return "" if whole and start != words[0].start else text[start:]


def _clause(text: str) -> str:
    ends = [match.end() for match in _END.finditer(text)]
    return text[ends[-1] if ends else 0 :]


def _words(text: str) -> list[_Word]:
    words, stop = [], 0
    for found in _WORD.finditer(text):
        joint = text[stop : found.start()]
        words.append(
            _Word(found.group(), found.start(), found.end(), joint in _HYPHENS, "," in joint)
        )
        stop = found.end()
    return words


def _size(words: Sequence[_Word]) -> int:
    return sum(word.text.lower() not in _SMALL for word in words)


def _openings(words: Sequence[_Word]) -> Iterator[int]:
    """Where a name may begin: at a capital, with a word in small letters behind it."""
    for i, word in enumerate(words):
        behind = [each.text for each in words[i + 1 :] if each.text.lower() not in _SMALL]
        opens = word.text[0].isupper() and word.text.lower() not in _SMALL
        if opens and any(each.islower() for each in behind):
            yield i


def _fitting(short: str, text: str, whole: bool, strictly: bool) -> str:
    near = slice(len(short) + _SPARE) if whole else slice(-len(short) - _SPARE, None)
    words = _alike(short, _words(text)[near])
    limit = _limit(short, strictly)
    rest = _alignment(_folded(short), tuple(words), trailing=not (whole or strictly))
    starts = [0][: len(words)] if whole else [i for i, word in enumerate(words) if not word.part]
    costs = [(cost, -i, stop) for i in starts for cost, stop in [rest(i, 0)] if cost <= limit]
    if not costs:
        return ""
    _, start, stop = min(costs)
    enough = stop + start >= (_FEWEST if strictly else 2)
    return text[words[-start].start : words[stop - 1].stop] if enough else ""


def _alike(short: str, words: Sequence[_Word]) -> Sequence[_Word]:
    """Those behind the last Russian word, if the short form is not Russian."""
    if _CYRILLIC.search(short):
        return words
    other = [i for i, word in enumerate(words) if _CYRILLIC.search(word.text)]
    return words[other[-1] + 1 if other else 0 :]


def _limit(short: str, strictly: bool) -> float:
    if strictly:
        return _SYLLABLE * 2
    return len(short) / 2 if len(short) > 2 else _TRAILING


Alignment = Callable[[int, int], tuple[float, int]]
"""From the number of a word and of a letter, both the first that are left: the least cost of
fitting them, and the number of the word behind the last that has a letter."""
_NONE = (float("inf"), 0)


def _alignment(short: str, words: Sequence[_Word], *, trailing: bool) -> Alignment:
    @cache
    def rest(i: int, j: int) -> tuple[float, int]:
        if j == len(short):
            return (_behind(words[i:], trailing), i)
        if i == len(words):
            return _NONE
        ways = [_plus(cost, rest(i + 1, k)) for k, cost in _taken(words[i], short, j)]
        if j:
            ways.append(_plus(_skipping(words[i]), rest(i + 1, j)))
        return min(ways, default=_NONE)

    return rest


def _plus(cost: float, rest: tuple[float, int]) -> tuple[float, int]:
    return cost + rest[0], rest[1]


def _behind(words: Sequence[_Word], trailing: bool) -> float:
    """The cost of what stands between a full name and the bracket: one name («России»)."""
    if not words:
        return 0.0
    named = trailing and len(words) == 1 and words[0].text[0].isupper() and not words[0].part
    return _TRAILING if named else _NONE[0]


def _skipping(word: _Word) -> float:
    if word.text.lower() in _SMALL:
        return 0.0
    return _PART if word.part else _SKIPPED


def _taken(word: _Word, short: str, j: int) -> Iterator[tuple[int, float]]:
    """The letters of `short` from `j` that a word may stand for: where they end, what they cost."""
    folded, place, cost = _folded(word.text), 0, _COMMA * (word.listed and j > 0)
    if folded[0] != short[j]:
        return
    yield j + 1, cost
    for k in range(j + 1, len(short)):
        place = folded.find(short[k], place + 1)
        if place < 0:
            return
        cost += _liberty(folded, place, k - j)
        yield k + 1, cost


def _liberty(word: str, place: int, taken: int) -> float:
    if place == taken:
        return _SYLLABLE
    return _VOWEL if word[place] in _VOWELS else _INSIDE


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")
