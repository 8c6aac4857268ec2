"""Which words of a passage are those of a question."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from retrieval.analyzer import Token
from retrieval.models import Passage, Span


def matched(passage: Passage, tokens: Sequence[Token], terms: AbstractSet[str]) -> tuple[Span, ...]:
    """The words that have any of the terms, as spans of the article.

    `tokens` are the passage's own, with offsets into its text.
    """
    shift = passage.start
    return tuple(
        Span(shift + token.start, shift + token.stop)
        for token in tokens
        if not terms.isdisjoint(token.lemmas) and _is_match(token, terms)
    )


def _is_match(token: Token, terms: AbstractSet[str]) -> bool:
    """Whether a word matches as a whole, or a part of it and no other part is a number.

    «Министр» matches in «премьер-министр», «2026» in «2025–2026»; «летний» says nothing of
    «41-летний».
    """
    whole, *parts = token.parts
    if not terms.isdisjoint(whole):
        return True
    found = [part for part in parts if not terms.isdisjoint(part)]
    missing = (part for part in parts if terms.isdisjoint(part))
    return any(map(_is_number, found)) or (bool(found) and not any(map(_is_number, missing)))


def _is_number(part: tuple[str, ...]) -> bool:
    return part[0][0].isdecimal()
