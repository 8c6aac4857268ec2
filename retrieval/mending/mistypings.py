"""What it costs to take one spelling for another: how easily each mistake is made."""

from collections.abc import Iterator
from itertools import pairwise, product

from rapidfuzz.distance import Postfix, Prefix

_LIKELY = 0.5
"""A mistake of the ear or of doubling; any other one costs 1."""
_SLIP = 0.75
"""A neighbouring key, or two letters swapped."""
_ROWS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = frozenset(frozenset(pair) for row in _ROWS for pair in pairwise(row)) | frozenset(
    frozenset(pair)
    for upper, lower in (_ROWS[:2], _ROWS[1:3], _ROWS[3:5], _ROWS[4:])
    for pair in (*zip(upper, lower, strict=False), *zip(upper[1:], lower, strict=False))
)
_SOUNDS = frozenset(
    frozenset(pair)
    for group in (
        *("аоя", "еиэыя", "ий", "ую", "йь", "ьъ"),
        *("бп", "вф", "гкх", "дт", "жш", "зс", "шщч", "цс", "iye", "ck", "sz", "vw"),
    )
    for one in group
    for other in group
    if one != other
    for pair in (one + other,)
)
"""Vowels without stress, consonants that lose their voice (Правила русской орфографии и
пунктуации, 1956, §§ 1–25, are about these)."""
_SILENT = frozenset("ьъй")


_Prices = dict[tuple[int, int], float]
_ALPHABET = "абвгдежзийклмнопрстуфхцчшщъыьэюя"


def one_mistake(word: str) -> Iterator[str]:
    """All Russian spellings that one mistake makes of a word (P. Norvig, «How to Write a Spelling
    Corrector»), about 60 for each letter."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in _ALPHABET)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in _ALPHABET)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def cost(typed: str, meant: str) -> float:
    """What all mistakes cost that make `typed` of `meant`; the first letter is seldom mistaken.

    The optimal string alignment distance (Damerau 1964) with a price for each kind of mistake.
    """
    start = Prefix.similarity(typed, meant)
    stop = Postfix.similarity(typed[start:], meant[start:])
    lines = range(start, len(typed) - stop + 1)
    columns = range(start, len(meant) - stop + 1)
    prices: dict[tuple[int, int], float] = {(start, start): 0.0}
    for i, j in product(lines, columns):
        prices[i, j] = min(_ways(prices, typed, meant, i, j), default=0.0)
    return prices[len(typed) - stop, len(meant) - stop]


def _ways(prices: _Prices, typed: str, meant: str, i: int, j: int) -> Iterator[float]:
    """The prices of making the first i letters of the first j, by their last mistake."""
    if (i - 1, j - 1) in prices:
        changed = _changed(typed[i - 1], meant[j - 1], first=min(i, j) == 1)
        yield prices[i - 1, j - 1] + changed
    if (i - 1, j) in prices:
        yield prices[i - 1, j] + _extra(typed, i - 1)
    if (i, j - 1) in prices:
        yield prices[i, j - 1] + _extra(meant, j - 1)
    if (i - 2, j - 2) in prices and typed[i - 2 : i] == meant[j - 1] + meant[j - 2]:
        yield prices[i - 2, j - 2] + _SLIP


def _changed(one: str, other: str, *, first: bool) -> float:
    if one == other:
        return 0.0
    pair = frozenset((one, other))
    price = _LIKELY if pair in _SOUNDS else _SLIP if pair in _KEYS else 1.0
    return price + _LIKELY * first


def _extra(word: str, place: int) -> float:
    """A letter that one of the two has and the other lacks."""
    doubled = word[place] in word[max(0, place - 1) : place] + word[place + 1 : place + 2]
    return _LIKELY if doubled or word[place] in _SILENT else 1.0 + _LIKELY * (place == 0)
