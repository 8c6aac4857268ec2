"""Whose an id is: the first file in the order of paths that claims it, as in a reading of all."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from retrieval import corpus
from retrieval.building.base import Base
from retrieval.building.parts import Part
from retrieval.building.reading import Claim
from retrieval.models import Refusal
from retrieval.records import Outline


class Source(NamedTuple):
    """A file that was read, and the part that has its articles."""

    file: int
    """Its place in the order of paths."""
    part: int
    read: int
    """Its place among the files of the part."""


class Won(NamedTuple):
    """An article that is in the archive: in a part, or, if that is below 0, in the base."""

    id: str
    part: int
    number: int


class Settled(NamedTuple):
    """What a file gives, once it is known whose each id is."""

    articles: tuple[Won, ...]
    refused: tuple[Refusal, ...]


Unchanged = Mapping[int, int]
"""The places of files that were not read, by their numbers in the base."""


def contested(
    sources: Sequence[Source], parts: Sequence[Part], base: Base, unchanged: Unchanged
) -> set[int]:
    """Places of files that were not read, and hold an id that a file before them claims."""
    found = set[int]()
    for source in sources:
        for claim in parts[source.part].reads[source.read].claims:
            holder = _holder(claim.id, claim.place, base, unchanged)
            if holder is not None and unchanged[holder] > source.file:
                found.add(unchanged[holder])
    return found


def settled(
    sources: Sequence[Source], parts: Sequence[Part], base: Base | None, unchanged: Unchanged
) -> dict[int, Settled]:
    """What each file that was read gives, by its place.

    No id may be contested any more: a file that was not read keeps what it has.
    """
    taken: dict[str, Won] = {}
    found: dict[int, Settled] = {}
    for source in sorted(sources):
        part = parts[source.part]
        read = part.reads[source.read]
        won, refused = list[Won](), list(read.refused)
        for claim in read.claims:
            one = _won(claim, source)
            first = taken.get(claim.id) or _held(claim.id, claim.place, base, unchanged)
            if first is None:
                taken[claim.id] = one
                won.append(one)
            else:
                refused.append(
                    corpus.duplicate(_outline(one, parts, base), _outline(first, parts, base))
                )
        refused.sort(key=lambda refusal: refusal.line or 0)
        found[source.file] = Settled(tuple(won), tuple(refused))
    return found


def _won(claim: Claim, source: Source) -> Won:
    if claim.place < 0:
        return Won(claim.id, -1, claim.kept_as)
    return Won(claim.id, source.part, claim.place)


def _held(article_id: str, place: int, base: Base | None, unchanged: Unchanged) -> Won | None:
    """The article that has an id already, in a file that was not read."""
    if base is None or _holder(article_id, place, base, unchanged) is None:
        return None
    number = base.generation.number(article_id)
    return None if number is None else Won(article_id, -1, number)


def _holder(article_id: str, place: int, base: Base, unchanged: Unchanged) -> int | None:
    """The file that was not read and has an id; none has it where the claim is of the base."""
    number = base.generation.number(article_id) if place >= 0 else None
    if number is None:
        return None
    holder = int(base.file_of[number])
    return holder if holder in unchanged else None


def _outline(won: Won, parts: Sequence[Part], base: Base | None) -> Outline:
    if won.part >= 0 or base is None:
        return parts[won.part].opened().outline(won.number)
    return base.generation.outline(won.number)
