"""Words typed in the wrong keyboard layout, in a question as it was typed."""

import re

from retrieval.analyzer import Analyzer
from retrieval.mending.corrections import SHORTEST, Lexicon
from retrieval.mending.variants import relayout
from retrieval.models import Span
from retrieval.spelling import normal

MOST = 60
"""Pieces between spaces of a question that is looked at."""
_ONE_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EDGES = ".,;:!?()«»\"'…"


def retyped(text: str, lexicon: Lexicon, analyzer: Analyzer) -> list[tuple[Span, str]]:
    """The stretches of a question typed in the wrong keyboard layout, and what they stand for.

    The whole question, if most of its words make sense in the other layout and none as typed;
    else the pieces between spaces that are words of the archive so. Offsets are characters.
    """
    pieces = [Span(found.start(), found.end()) for found in re.finditer(r"\S+", text)]
    if len(pieces) > MOST:
        return []
    foreign = [
        piece for piece in pieces if not _makes_sense(text[slice(*piece)], lexicon, analyzer)
    ]
    turned = {piece: _turned(text[slice(*piece)], lexicon, analyzer) for piece in foreign}
    sure = [(piece, other) for piece, other in turned.items() if other]
    if sure and len(foreign) == len(pieces) and 2 * len(sure) >= len(pieces):
        whole = [turned[each] or relayout(text[slice(*each)]) for each in pieces]
        return [(Span(pieces[0].start, pieces[-1].stop), " ".join(whole))]
    return [(piece, other) for piece, other in sure if sum(map(str.isalpha, other)) >= SHORTEST]


def _makes_sense(piece: str, lexicon: Lexicon, analyzer: Analyzer) -> bool:
    """Whether a piece is as it should be: a word of the archive or the dictionary, or a number."""
    words = re.findall(r"\w+", piece)
    letters = [word for word in words if not word.isdecimal()]
    return not letters or (
        len(words) == 1 and any(_is_word(word, lexicon, analyzer) for word in letters)
    )


def _is_word(word: str, lexicon: Lexicon, analyzer: Analyzer) -> bool:
    if analyzer.knows(normal(word)):
        return True
    return any(
        lemma in lexicon for token in analyzer.tokens(word, any_case=True) for lemma in token.lemmas
    )


def _turned(piece: str, lexicon: Lexicon, analyzer: Analyzer) -> str:
    """The piece in the other layout, if that is a word; the marks at its ends may be marks."""
    for inner in dict.fromkeys((piece, piece.rstrip(_EDGES), piece.strip(_EDGES))):
        other = relayout(inner)
        if _ONE_WORD.fullmatch(other) and _is_word(other, lexicon, analyzer):
            return piece.replace(inner, other)
    return ""
