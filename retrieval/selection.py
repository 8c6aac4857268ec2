"""Which of the passages found are shown together: not the same text twice, not one article only."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from retrieval.models import Hit, Passage

OF_ONE_ARTICLE = 2
"""So many passages of one article are shown before those of other articles."""
REPRINT = 0.8
"""Texts that share this much of their words, of all that either has, are one text printed twice."""


def spread(hits: Iterable[Hit], shown: Sequence[Passage] = ()) -> Iterator[Hit]:
    """Hits worth showing together, in their order, but for those put off or left out.

    Left out: a reprint of what is shown, and another piece of the same cut paragraph. Put off till
    after the others: what is more than OF_ONE_ARTICLE from one article. Reads no further in `hits`
    than it is asked for.
    """
    seen = [*shown]
    of_article: Counter[str] = Counter()
    rest: list[Hit] = []
    for hit in hits:
        if of_article[hit.passage.article.id] == OF_ONE_ARTICLE:
            rest.append(hit)
        elif _is_new(hit.passage, seen):
            of_article[hit.passage.article.id] += 1
            seen.append(hit.passage)
            yield hit
    for hit in rest:
        if _is_new(hit.passage, seen):
            seen.append(hit.passage)
            yield hit


def _is_new(passage: Passage, seen: Iterable[Passage]) -> bool:
    return not any(_same_paragraph(passage, other) or _reprint(passage, other) for other in seen)


def _same_paragraph(one: Passage, other: Passage) -> bool:
    if one.article.id != other.article.id:
        return False
    first, second = sorted((one, other), key=lambda passage: passage.start)
    return "\n" not in one.article.text[first.stop : second.start]


def _reprint(one: Passage, other: Passage) -> bool:
    words, others = set(one.text.casefold().split()), set(other.text.casefold().split())
    return len(words & others) >= REPRINT * len(words | others)
