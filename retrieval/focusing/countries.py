"""The countries that a text names."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from babel import Locale

from retrieval.analyzer import Analyzer, Token
from retrieval.models import Span

_OTHERS = ("США", "ОАЭ", "ЮАР", "КНДР", "КНР", "ФРГ", "Корея", "Англия", "Шотландия", "Голландия",
           "СССР", "Советский Союз", "ГДР", "Чехословакия", "Югославия", "Российская империя",
           "Османская империя", "Византия", "Персия", "Пруссия", "Австро-Венгрия")  # fmt: skip
"""In use beside the names of CLDR, which has one for each country of today."""
_NOTE = re.compile(r" \(.*")


def countries(text: str, tokens: Sequence[Token], analyzer: Analyzer) -> list[Span]:
    """The names of countries in a text whose words are `tokens`, in order, in any case form."""
    known = _names(analyzer)
    pairs = ((one, other) for one, other in pairwise(tokens) if text[one.start].isupper())
    double = [pair for pair in pairs if _are_country(text, *pair, known)]
    spans = [Span(first.start, last.stop) for first, last in double]
    spans += [
        Span(token.start, token.stop)
        for token in tokens
        if text[token.start].isupper()
        and any((lemma,) in known for lemma in token.lemmas)
        and not any(span.start <= token.start < span.stop for span in spans)
    ]
    return sorted(spans)


def _are_country(text: str, one: Token, other: Token, known: frozenset[tuple[str, ...]]) -> bool:
    """Whether these words side by side are the name of a country."""
    if text[one.stop : other.start].strip():
        return False
    return any((first, last) in known for first in one.lemmas for last in other.lemmas)


@lru_cache(maxsize=4)
def _names(analyzer: Analyzer) -> frozenset[tuple[str, ...]]:
    """The lemmas of each country's name that is of one word or two."""
    territories = Locale("ru").territories
    names = [name for code, name in territories.items() if code.isalpha() and code != "ZZ"]
    words = (analyzer.tokens(_NOTE.sub("", name)) for name in (*names, *_OTHERS))
    return frozenset(
        (one, *rest)
        for tokens in words
        if 0 < len(tokens) <= 2
        for one in tokens[0].lemmas
        for rest in ([(lemma,) for lemma in tokens[1].lemmas] if len(tokens) > 1 else [()])
    )
