"""Topics, the saved questions that new articles are filtered by: how one is typed.

Words in any form and any case; several of them in one passage («нефть газ»); `+` between what may
stand anywhere in the article («Центральная Азия + Япония»); `-` before what it must not have
(«визит -Китай»); quotes of any kind around words that stand next to each other in this order.
Alternatives («уран, торий», «уран или торий») are topics of their own, and are refused as one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

from retrieval.analyzer import Analyzer
from retrieval.matching import Topic, TopicMatch, match
from retrieval.percolation import Matching, find_topic, percolate
from retrieval.spelling import WORD, normal
from retrieval.stretches import ArticleWords, Lemmas, Term, Word, words_of

__all__ = [
    "ArticleWords",
    "Fault",
    "Matching",
    "Topic",
    "TopicError",
    "TopicMatch",
    "find_topic",
    "match",
    "parse_topic",
    "percolate",
    "words_of",
]

LONGEST = 200
"""Characters of a topic."""

_MINUS = "\\-\u2010-\u2015\u2212"
_OPENING = '"«“„‟”'
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
"""Control characters, marks of direction, halves of characters that no database takes."""
_ITEM = re.compile(
    rf"(?P<several>(?:\s*(?:[,;|]+|(?<!\w)(?i:или|либо|or)(?![\w{_MINUS}])))+)"
    rf"|(?P<dash>(?<!\S)[{_MINUS}]+(?!\S))"
    rf"|(?P<minus>(?<![^\s+(,;|])[{_MINUS}]+(?=[\w{_OPENING}]))?"
    r"(?:\"(?P<straight>[^\"]*)\"|«(?P<russian>[^«»]*)»|[“„‟”](?P<curly>[^“„‟”]*)[“‟”]"
    rf"|[{_OPENING}]?(?P<word>{WORD.pattern}))|(?P<plus>\+)"
)
"""What stands between alternatives; a dash with spaces around it; a phrase in quotes or a word,
with a minus before it or not; a plus. What fits none of these is passed over: a quote that is not
closed, brackets."""


class Fault(StrEnum):
    """Why a text is no topic."""

    EMPTY = "it has no words"
    GRAMMAR = "it has only words of grammar, which every article has"
    WITHOUT = "it says only what an article must not have"
    SEVERAL = "it is several topics, with commas or «или» between them"
    DASH = "its minus has a space behind it, so it may be a dash"
    LONG = f"it is longer than {LONGEST} characters"


class TopicError(Exception):
    """A text that means nothing as a topic: say why, and ask for another."""

    def __init__(self, reason: Fault) -> None:
        super().__init__(reason.value)
        self.reason = reason


def parse_topic(text: str, analyzer: Analyzer) -> Topic:
    """Read a topic as people type it.

    Raises TopicError where no article, or every one, would be what it means.
    """
    text = _tidy(text)
    items = list(_ITEM.finditer(text))
    if fault := _misread(items):
        raise TopicError(fault)
    parts: list[list[Term]] = [[]]
    without: list[Term] = []
    for item in items:
        if item["plus"]:
            parts.append([])
        elif term := _term(item, analyzer):
            (without if item["minus"] else parts[-1]).append(term)
    found = tuple(dict.fromkeys(tuple(dict.fromkeys(part)) for part in parts if part))
    if not found:
        raise TopicError(_fault(text, without))
    return Topic(text, found, tuple(dict.fromkeys(without)))


def _misread(items: Iterable[re.Match[str]]) -> Fault | None:
    """What would mean something else than was typed: what may stand between words, and does.

    A comma before a minus word («визит, -Китай») is no more than a comma.
    """
    said, between = False, None
    for item in items:
        if item["dash"]:
            between = Fault.DASH
        elif item["several"]:
            between = between or Fault.SEVERAL
        elif not item["plus"]:
            if said and (between is Fault.DASH or (between and not item["minus"])):
                return between
            said, between = True, None
    return None


def _tidy(text: str) -> str:
    """One text for what looks the same: single spaces, composed letters, nothing invisible."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise TopicError(Fault.LONG)
    seen = "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)
    text = " ".join(unicodedata.normalize("NFC", seen).split())
    if len(text) > LONGEST:
        raise TopicError(Fault.LONG)
    return text


def _fault(text: str, without: list[Term]) -> Fault:
    if without:
        return Fault.WITHOUT
    return Fault.GRAMMAR if WORD.search(text) else Fault.EMPTY


def _term(item: re.Match[str], analyzer: Analyzer) -> Term:
    """A word or a phrase; nothing if it has only words of grammar, or is a mark."""
    typed = next(filter(None, item.group("straight", "russian", "curly", "word")), "")
    words = tuple(_words(typed, analyzer))
    return words if any(word.whole for word in words) else ()


def _words(text: str, analyzer: Analyzer) -> Iterator[Word]:
    meant = {token.start: token for token in analyzer.tokens(text, any_case=True)}
    for found in WORD.finditer(text):
        token = meant.get(found.start())
        spelling = normal(found.group())
        if token:
            whole, *parts = token.parts
            yield Word(_own(whole, spelling), tuple(parts) if len(parts) > 1 else ())
        elif spelling:
            yield Word((), spelling=spelling)


def _own(lemmas: Lemmas, spelling: str) -> Lemmas:
    """Of a word in its dictionary form, the lemmas of no other word.

    «Песков» is also a case form of «песок», which is not what a person means who types it so.
    """
    own = tuple(lemma for lemma in lemmas if lemma == spelling or lemma.endswith("-"))
    return own if spelling in lemmas else lemmas
