"""Words in a text: where they stand, and one spelling for the many ways to write one."""

import re
import unicodedata

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
"""Soft hyphens, zero-width characters, marks of direction, variation selectors."""
_MARK = "\u0300-\u036f\u0483-\u0487"
_HYPHEN = "\u2010-\u2013\u2212-"
_APOSTROPHE = "'\u2018\u2019\u02bc\u00b4`"
_LETTERS = rf"[^\W\d_](?:[{_INVISIBLE}]*(?:[^\W_]|[{_MARK}]))*"
_NAME = rf"{_LETTERS}(?:[{_APOSTROPHE}]{_LETTERS})*"
_GROUPED = r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)"
_NUMBER = rf"(?:{_GROUPED}|\d+)(?:[.,]\d+)*"
_PART = rf"(?:{_NAME}|{_NUMBER}(?:{_LETTERS})?)"
WORD = re.compile(rf"{_PART}(?:[{_HYPHEN}]{_PART})*(?:\+\d+)*")
"""A word («премьер-министр», «Токае́в», «C5+1») or a number («18,6», «1 200», «635,2млн»)."""

_HYPHENS = re.compile(rf"[{_HYPHEN}]")
_DROPPED = re.compile(rf"[{_INVISIBLE}{_APOSTROPHE}]")
_ACCENTS = re.compile(r"(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u0483-\u0487]")
"""All marks but the one that makes «й» of «и»."""
_DIGIT_GAP = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d)")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")

_LOOKALIKES = ("авекмнорстух", "abekmhopctyx")
_TO_LATIN = str.maketrans(*_LOOKALIKES)
_TO_CYRILLIC = str.maketrans(*reversed(_LOOKALIKES))
_DIGIT = re.compile(r"\d")
_RUSSIAN = re.compile("[а-я]")
_ONLY_LATIN = re.compile(rf"(?![{_LOOKALIKES[1]}])[a-z]")
_ONLY_CYRILLIC = re.compile(rf"(?![{_LOOKALIKES[0]}])[а-я]")

_INNER = re.compile(r"[^-+]+")
_ORDINAL = re.compile(r"(\d+)-[а-я]{1,3}")
_MEASURE = re.compile(r"([\d.]+)([^\W\d].*)")


def normal(word: str) -> str:
    """One spelling of a word: case, ё, accents, invisible characters, hyphens, decimal points."""
    word = unicodedata.normalize("NFKD", word).casefold()
    word = unicodedata.normalize("NFC", _ACCENTS.sub("", _DROPPED.sub("", word)))
    word = _DECIMAL_COMMA.sub(".", _DIGIT_GAP.sub("", _HYPHENS.sub("-", word)))
    word = "-".join(map(_one_alphabet, word.split("-")))
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else word


def parts(word: str) -> list[str]:
    """What a word in its one spelling is made of; nothing if it is of one piece."""
    if measure := _MEASURE.fullmatch(word):
        return [*measure.groups()]
    pieces = _INNER.findall(word)
    if "-" in word:
        return pieces
    return pieces[:1] if "+" in word and not pieces[0].isdecimal() else []


def is_russian(word: str) -> bool:
    """Whether a word in its one spelling has Russian letters."""
    return bool(_RUSSIAN.search(word))


def _one_alphabet(word: str) -> str:
    """Letters that look alike in two alphabets, by those beside them («С5+1», «Cаммит»)."""
    if not is_russian(word):
        return word
    latin = _ONLY_LATIN.search(word)
    if not _ONLY_CYRILLIC.search(word) and (latin or _DIGIT.search(word)):
        return word.translate(_TO_LATIN)
    return word if latin else word.translate(_TO_CYRILLIC)
