"""What a question has in quotes, and its minus words."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from retrieval.asking.filters import Fault
from retrieval.asking.folding import without
from retrieval.models import Span
from retrieval.spelling import WORD


class Quoted(NamedTuple):
    """What stands between two quotes."""

    span: Span
    """Without the quotes."""
    straight: bool
    """In "…" or “…”, as people ask for an exact phrase; not in «…», as names are written."""


class Marks(NamedTuple):
    """The quotes and the minus words of a question."""

    quoted: tuple[Quoted, ...] = ()
    minus: tuple[Span, ...] = ()
    """The words to leave out, with the minus before them."""
    faults: tuple[Fault, ...] = ()


_QUOTED = re.compile(
    r'(?P<not>(?<!\S)[-\u2212\u2013\u2014])?(?:(?<!\w)(?:"(?P<straight>[^"]+)"|“(?P<curly>[^“”]+)[”“])'
    r"|«(?P<angle>[^«»]+)»|„(?P<low>[^„“”]+)[“”])"
)
_ALONE = re.compile(r'(?<!\d)"|„')
"""A quote that a pair needs; after a number it is inches."""
_ANGLE_ALONE = re.compile("[«»]")
_MINUS = re.compile(r"(?<!\S)[-\u2212\u2013\u2014](?=[^\W\d_])")
_FILTER = re.compile(r"\w+ ?:(?=[^\W_]|[\"«„“])")
MOST = 4
"""How many phrases are read in one question."""
_LONGEST = 40
"""Characters of a fault that are repeated to the one who typed it."""


def read_marks(text: str) -> Marks:
    """Find quotes that are closed again, and words with a minus right before them.

    No minus is the hyphen of a compound («премьер-министр»), the dash with a space behind it, and
    that of a number («-5»). What is in quotes cannot be left out: that is a fault.
    """
    pairs = list(_QUOTED.finditer(text))
    faults = [Fault(pair.group()[:_LONGEST], "quote") for pair in pairs if pair["not"]]
    rest = without(text, [Span(*pair.span()) for pair in pairs])
    if unclosed := _unclosed(rest):
        faults.append(unclosed)
    quoted = (_quoted(pair) for pair in pairs if not pair["not"])
    return Marks(tuple(islice(quoted, MOST)), tuple(_minus(rest)), tuple(faults))


def _quoted(pair: re.Match[str]) -> Quoted:
    kind = pair.lastgroup or ""
    return Quoted(Span(*pair.span(kind)), kind in ("straight", "curly"))


def _unclosed(rest: str) -> Fault | None:
    """The first quote without another; in «a «b» c» there are as many as there should be."""
    even = rest.count("«") == rest.count("»")
    alone = _ALONE.search(rest) if even else _ANGLE_ALONE.search(rest)
    return Fault(rest[alone.start() :][:_LONGEST].rstrip(), "quote") if alone else None


def _minus(rest: str) -> Iterator[Span]:
    for match in _MINUS.finditer(rest):
        word = WORD.match(rest, match.end())
        if word and not _FILTER.match(rest, match.end()):
            yield Span(match.start(), word.end())
