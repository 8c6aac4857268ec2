"""Words that news use for one another, from `synonyms.txt`.

A line is a group, with commas between, each word of which may stand for each other one; or
«wide > narrow, narrow» where the narrow words may stand for the wide one, and not the reverse.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_WIDER = " > "


def synonyms(lemma: str) -> tuple[str, ...]:
    """What may stand for a lemma: the rest of its groups, and what is narrower than it."""
    return _standing().get(lemma, ())


@cache
def _standing() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for word, others in _lines():
        found[word] |= dict.fromkeys(other for other in others if other != word)
    return {word: tuple(others) for word, others in found.items()}


def _lines() -> Iterator[tuple[str, list[str]]]:
    """Each word with those that a line lets stand for it."""
    text = files("retrieval").joinpath("synonyms.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            wide, arrow, rest = line.rpartition(_WIDER)
            group = rest.split(", ")
            for word in [wide] if arrow else group:
                yield word, group
