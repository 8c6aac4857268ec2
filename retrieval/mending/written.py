"""How the archive itself writes a word."""

import re
from collections.abc import Collection

from retrieval.analyzer import Analyzer
from retrieval.spelling import WORD, normal


def shown_as(text: str, lemmas: Collection[str], analyzer: Analyzer) -> str:
    """How a text writes the word of these lemmas: a form of it, in the text's own letters.

    The form nearest to the dictionary's is taken, the shortest of those; "" if there is none. Only
    words with the first letter of a lemma are looked at: a text may have hundreds of others.
    """
    letters = "".join({lemma[0] for lemma in lemmas}).replace("е", "её")
    opening = re.compile(rf"\b[{re.escape(letters)}]", re.IGNORECASE)
    words = (WORD.match(text, found.start()) for found in opening.finditer(text))
    forms = dict.fromkeys(word.group() for word in words if word)
    bare = {lemma.removesuffix("-") for lemma in lemmas}
    return min(
        (form for form in forms if _stands_for(form, lemmas, analyzer)),
        key=lambda form: (normal(form) not in bare, len(form)),
        default="",
    )


def _stands_for(form: str, lemmas: Collection[str], analyzer: Analyzer) -> bool:
    """Whether a form is of the word of these lemmas; with a capital it may be a name."""
    tokens = analyzer.tokens(form, any_case=form[0].isupper())
    return any(lemma in lemmas for token in tokens for lemma in token.lemmas)
