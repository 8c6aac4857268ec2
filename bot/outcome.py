"""What a search of the archive came to: all that a reply is made from."""

from dataclasses import dataclass
from typing import NamedTuple

from bot.quotes import Quote
from retrieval.found import Correction, Found
from retrieval.models import PartialDate
from retrieval.query import Query

QUOTES = 3
"""So many an answer has at most."""


class Reach(NamedTuple):
    """What was searched: how many articles, and from when to when (None: not known, or not asked).

    Dates are looked up only where there are no quotes.
    """

    articles: int
    first: PartialDate | None = None
    last: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question as it was read, and what the archive has for it."""

    query: Query
    """As it was searched, in the right keyboard layout."""
    found: Found
    reach: Reach
    quotes: tuple[Quote, ...] = ()
    """The hits as they are shown, best first."""
    nearest: Quote | None = None
    """Where there are none: what comes nearest to an answer."""
    instead: tuple[Correction, ...] = ()
    """Where the words as typed give nothing: the corrections with which there is an answer."""
    typed: str = ""
    """The question in its own keyboard layout; "" where that is the query's."""
