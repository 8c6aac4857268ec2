"""What a search found, and what can be said of it: how sure it is, which words it went by."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from retrieval.models import Hit
from retrieval.query import Query


class Confidence(StrEnum):
    """How sure it is that the hits answer the question."""

    SURE = "sure"
    WEAK = "weak"
    """They may be to the point."""
    NONE = "none"
    """The archive holds no answer: there are no hits."""


class Correction(NamedTuple):
    """A word that the archive lacks, and the one of the archive it was taken for."""

    typed: str
    """As it stands in the question."""
    used: str
    """As the archive writes it."""


class Sighting(NamedTuple):
    """A word of the question, and how much of the archive has it."""

    text: str
    """As it stands in the question."""
    lemmas: tuple[str, ...]
    """What it was searched by."""
    passages: int
    """How many passages have any of these, or what was searched in their place."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of the archive to one question."""

    hits: tuple[Hit, ...] = ()
    """The passages that answer, best first."""
    confidence: Confidence = Confidence.NONE
    corrections: tuple[Correction, ...] = ()
    words: tuple[Sighting, ...] = ()
    """The words of the question that the search went by, in order."""
    emptied: str = ""
    """The word or the condition without which there is an answer, as typed; "" if not just one.

    A minus word has its minus here, a phrase its quotes.
    """
    nearest: Hit | None = None
    """Where there are no hits: the passage that comes nearest to an answer."""
    more: bool = False
    """Whether there are other passages worth showing beside these hits."""
    of_other_days: bool = False
    """Whether the question would rather have some days, and none of the hits is of these."""
    query: Query | None = None
    """The question as it was understood, in the right keyboard layout; None if nobody says."""
