"""What one metadata rule found."""

from typing import NamedTuple

from retrieval.models import PartialDate


class Clue(NamedTuple):
    """What one rule found in a text, and where the head it recognised ends."""

    stop: int = 0
    """Characters from where the rule looked that are head and not body; 0 for none."""
    title: str = ""
    source: str = ""
    date: PartialDate | None = None
    author: str = ""
    url: str = ""
