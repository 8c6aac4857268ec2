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
    single = [token for token in tokens if _matches(text, (token,), known)]
    double = [pair for pair in pairwise(tokens) if _matches(text, pair, known)]
    spans = [Span(first.start, last.stop) for first, last in double]
    spans += [
        Span(token.start, token.stop)
        for token in single
        if not any(span.start <= token.start < span.stop for span in spans)
    ]
    return sorted(spans)


def _matches(text: str, words: Sequence[Token], known: frozenset[tuple[str, ...]]) -> bool:
    """Whether these words side by side, the first with a capital, are the name of a country."""
    first, last = words[0], words[-1]
    between = text[first.stop : last.start] if len(words) > 1 else ""
    if not text[first.start].isupper() or between.strip():
        return False
    if len(words) == 1:
        return any((lemma,) in known for lemma in first.lemmas)
    return any((one, other) in known for one in first.lemmas for other in last.lemmas)


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
