"""The arrays of a segment by which its terms are found as they may be typed."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from retrieval.mending.neighbours import neighbours_of, spelling
from retrieval.mending.renderings import renderings_of
from retrieval.storing.hashed import hashed_of


def lexicon_of(terms: Sequence[str]) -> dict[str, NDArray[Any]]:
    """What `retrieval.mending.corrections.Lexicon` reads; `terms` in order of number."""
    hyphenated = (
        (spelling(term), number)
        for number, term in enumerate(terms)
        if "-" in term.removesuffix("-")
    )
    return {
        **hashed_of("lexicon.hyphenated", hyphenated),
        **neighbours_of(terms),
        **renderings_of(terms),
    }
