"""Titles of articles that have none: the first sentence, shortened."""

import razdel

from retrieval.attributions import without_attribution

LONGEST = 100
"""Characters a shortened title has at most, its ellipsis included."""

_TELLING = 20
"""Characters; a shorter first sentence («Да.», a reporter's name) says too little."""
_SEEN = 2_000
"""Characters of a paragraph that are looked at."""
_LOOSE_WORDS = """
а без в во для до за и из из-за или к как ко на над не ни но о об от перед по под при про с со
среди также то у через что чтобы где когда который которая которое которые между после
"""
_LOOSE = frozenset(_LOOSE_WORDS.split())
_EDGE = ' ,;:.–—-«("'


def first_sentence(text: str, limit: int = LONGEST) -> str:
    """The first sentence of a paragraph as a title: no attribution, no full stop, one line.

    One that is very short is passed over if another follows.
    """
    sentences = [" ".join(found.text.split()) for found in razdel.sentenize(text[:_SEEN])]
    telling = (sentence for sentence in sentences if len(sentence) >= _TELLING)
    sentence = without_attribution(next(telling, sentences[0] if sentences else ""))
    return shorten(sentence if sentence.endswith("..") else sentence.removesuffix("."), limit)


def shorten(text: str, limit: int = LONGEST) -> str:
    """The text cut to `limit` characters with «…»; as it is if it fits.

    Cut at a late comma or else between words; never after a preposition, a conjunction or a comma.
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    comma = cut.rfind(", ")
    if comma > limit * 0.6:
        cut = cut[:comma]
    elif text[limit - 1].isalnum() and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return (_trimmed(cut) or cut.rstrip()) + "…"


def _trimmed(text: str) -> str:
    """The text without the words and marks at its end that need something after them."""
    words = text.rstrip(_EDGE).split(" ")
    while words and words[-1].strip(_EDGE).casefold() in {"", *_LOOSE}:
        words.pop()
    return " ".join(words).rstrip(_EDGE)
