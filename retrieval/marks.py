"""What each lemma of a passage is beside its spelling: which field, which sentence, what kind.

A mark is a byte beside each number of `Terms.numbers`, so that features are counted in arrays:
the lowest two bits name the field, the others are flags.
"""

import re
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from retrieval.analyzer import Analyzer, Token
from retrieval.models import Passage

TEXT, HEAD, TITLE = 0, 1, 2
"""Fields: the passage's own text, the section head or question over it, the article's title."""
FIELD = 0b11
WORD = 1 << 2
"""The first lemma of a word: a word with several plausible lemmas has one such."""
SENTENCE = 1 << 3
"""The first word of a sentence, or of a field."""
NUMBER = 1 << 4
YEAR = 1 << 5
"""A year or the name of a month."""
NAME = 1 << 6
"""A word with a capital letter inside a sentence, a Latin one, or one that the dictionary lacks."""

_SENTENCE_END = re.compile(r"(?<!\b\w)(?<!\b\w\w)[.!?…][»”\")\]]*\s|\n")
"""Not behind one or two letters («г.», «А. П. Чехов»): that is an abbreviation as a rule."""
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_MONTH_NAMES = """
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
"""
_MONTHS = frozenset(_MONTH_NAMES.split())


class Marked(NamedTuple):
    """The lemmas of a text as the index takes them, each with its mark."""

    lemmas: tuple[str, ...]
    marks: bytes


def marked(passage: Passage, analyzer: Analyzer) -> Marked:
    """All that a passage is found by: its text, what it stands under, its article's title."""
    text = passage.article.text
    heads = [text[span.start : span.stop] for span in (passage.section, passage.question) if span]
    fields = [
        _marked(text[passage.start : passage.stop], TEXT, analyzer),
        *(_repeated(head, HEAD, analyzer) for head in heads),
        _repeated(passage.article.title, TITLE, analyzer),
    ]
    lemmas = chain.from_iterable(field.lemmas for field in fields)
    return Marked(tuple(lemmas), b"".join(field.marks for field in fields))


def _marked(text: str, field: int, analyzer: Analyzer) -> Marked:
    lemmas: list[str] = []
    marks = bytearray()
    stop = 0
    for token in analyzer.tokens(text):
        start = token.start
        first = not stop or _ends_sentence(text, stop, start)
        stop = token.stop
        mark = field | WORD | first * SENTENCE | _kind(text[start:stop], token, first)
        marks.append(mark)
        lemmas += token.lemmas
        while len(marks) < len(lemmas):
            marks.append(mark & ~(WORD | SENTENCE))
    return Marked(tuple(lemmas), bytes(marks))


@lru_cache(maxsize=64)
def _repeated(text: str, field: int, analyzer: Analyzer) -> Marked:
    """Of what stands over many passages."""
    return _marked(text, field, analyzer)


def _ends_sentence(text: str, start: int, stop: int) -> bool:
    """Whether a sentence ends between two words, or in the last letters of the first."""
    seen = max(start - 3, 0)
    if text[seen:start].isalnum() and text[start:stop] == " ":
        return False
    return bool(_SENTENCE_END.search(text, seen, stop))


def is_date(token: Token) -> bool:
    """Whether a word is a year or the name of a month."""
    return _are_date(token.lemmas)


@lru_cache(maxsize=1 << 16)
def _are_date(lemmas: tuple[str, ...]) -> bool:
    return not _MONTHS.isdisjoint(lemmas) or any(map(_YEAR.fullmatch, lemmas))


def _kind(word: str, token: Token, first: bool) -> int:
    if _are_date(token.lemmas):
        return NUMBER * word.isdecimal() | YEAR
    if word[0].isdecimal():
        return NUMBER
    named = word[0].isupper() and not first
    return NAME if named or token.weight > 1 else 0
