"""Words that news use for one another, from `synonyms.txt`: a comma-separated group a line."""

from collections import defaultdict
from functools import cache
from importlib.resources import files


def synonyms(lemma: str) -> tuple[str, ...]:
    """The other words of the groups that a lemma stands in."""
    return _groups().get(lemma, ())


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    text = files("retrieval").joinpath("synonyms.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        group = [] if line.startswith("#") else [word for word in line.split(", ") if word]
        for word in group:
            found[word] |= dict.fromkeys(other for other in group if other != word)
    return {word: tuple(others) for word, others in found.items()}
