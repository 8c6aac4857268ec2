"""Whether an article matches a topic, and the passages that show why."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from retrieval.models import Hit, Span
from retrieval.stretches import ArticleWords, Stretch, Term, places

Part = tuple[Term, ...]
"""Terms that must all be in one passage."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A saved question: every part somewhere in the article, and none of `without` anywhere."""

    text: str
    """As typed, but for its spaces: topics of equal text are one topic."""
    parts: tuple[Part, ...]
    without: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """Why an article matches: the passage with most of the parts, one more if it has not all.

    A hit's spans are the words that matched; its score is how many parts the passage has. Where
    no passage has a part, but the title, a section head or a question, the hit is the first passage
    below that, without spans. An article that has no passages has no hits.
    """

    hits: tuple[Hit, ...]


class _Found(NamedTuple):
    """The parts of a topic that a stretch has, by number, each with its words there."""

    stretch: Stretch
    parts: dict[int, list[Span]]


def match(topic: Topic, words: ArticleWords) -> TopicMatch | None:
    """Why an article matches a topic; None if it does not."""
    if any(places(term, stretch) for term in topic.without for stretch in chain(*words)):
        return None
    bodies, heads = ([_Found(one, _parts(topic, one)) for one in some] for some in words)
    wanted = set(range(len(topic.parts)))
    if not wanted.issubset(chain.from_iterable(found.parts for found in (*bodies, *heads))):
        return None
    return TopicMatch(tuple(_hits(bodies, heads, wanted)))


def _parts(topic: Topic, stretch: Stretch) -> dict[int, list[Span]]:
    found = ((number, _spans(part, stretch)) for number, part in enumerate(topic.parts))
    return {number: spans for number, spans in found if spans}


def _spans(part: Part, stretch: Stretch) -> list[Span]:
    """The words of a part in a stretch; nothing unless it has all of its terms."""
    found = [places(term, stretch) for term in part]
    return list(chain(*found)) if all(found) else []


def _hits(
    bodies: Sequence[_Found], heads: Sequence[_Found], wanted: Collection[int]
) -> Iterator[Hit]:
    first = _best(bodies, wanted)
    if first is None:
        head = _best(heads, wanted)
        yield from _hit(head) if head else ()
    else:
        yield from _hit(first)
        second = _best(bodies, wanted - first.parts.keys())
        yield from _hit(second) if second else ()


def _best(found: Sequence[_Found], wanted: Collection[int]) -> _Found | None:
    """The first of those that have most of the wanted parts; None where none has any."""
    counts = [len(wanted & one.parts.keys()) for one in found]
    most = max(counts, default=0)
    return found[counts.index(most)] if most else None


def _hit(found: _Found) -> Iterator[Hit]:
    passage, start = found.stretch.passage, found.stretch.start
    if passage is not None:
        spans = sorted(set(chain(*found.parts.values())))
        shown = () if start is None else tuple(Span(start + a, start + b) for a, b in spans)
        yield Hit(passage, float(len(found.parts)), shown)
