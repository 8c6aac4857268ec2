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

    «Министр» matches in «премьер-министр»; «летний» says nothing of «41-летний».
    """
    whole, *parts = token.parts
    if not terms.isdisjoint(whole):
        return True
    found = [not terms.isdisjoint(part) for part in parts]
    missing = (part for part, has in zip(parts, found, strict=True) if not has)
    return any(found) and not any(part[0][0].isdecimal() for part in missing)
