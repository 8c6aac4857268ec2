"""What an archive has, read from its arrays: sources, dates, digests; no article's text is read."""

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.render import SourceSummary
from retrieval.arrays import Days, Flags, Ids
from retrieval.generation import Generation
from retrieval.models import Article, PartialDate
from retrieval.records import Outline
from retrieval.storing.strings import encoded

SURROUNDED = 64
"""Bytes of white space that may stand around a text for it to be the same one."""


def living(generation: Generation) -> Ids:
    """The numbers of the living articles."""
    if generation.article_live is None:
        return np.arange(generation.first_articles[-1], dtype=np.int32)
    return np.flatnonzero(generation.article_live).astype(np.int32)


def reach(generation: Generation) -> tuple[PartialDate | None, PartialDate | None]:
    """The first and the last date of its articles; None where none is dated."""
    days = generation.days[living(generation)]
    dated = days[days[:, 0] > 0]
    return _first_and_last(dated[_by_date(dated)])


def summaries(generation: Generation) -> list[SourceSummary]:
    """A summary a source: most articles first, the unknown source last."""
    numbers = living(generation)
    sources = sorted({source for source, _ in generation.origins}, key=lambda name: name or "")
    places = {source: place for place, source in enumerate(sources)}
    of_origin = np.array([places[source] for source, _ in generation.origins], np.int32)
    of_article = of_origin[generation.origin_of[numbers]]
    counts = np.bincount(of_article, minlength=len(sources)).tolist()

    days = generation.days[numbers]
    dated = np.flatnonzero(days[:, 0] > 0)
    dated = dated[_by_date(days[dated])]
    dated = dated[np.argsort(of_article[dated], kind="stable")]
    bounds = np.searchsorted(of_article[dated], np.arange(len(sources) + 1))
    found = [
        SourceSummary(source, count, *_first_and_last(days[dated[start:stop]]))
        for source, count, start, stop in zip(sources, counts, bounds, bounds[1:], strict=False)
        if count
    ]
    return sorted(found, key=lambda summary: (summary.source is None, -summary.articles))


def newest(generation: Generation, k: int) -> list[int]:
    """The numbers of the `k` newest articles by their dates, newest first, those without one last.

    Of the date that the last one has, all are there.
    """
    numbers = living(generation)
    days = generation.days[numbers]
    order = np.lexsort((days[:, 1], -days[:, 0]))
    if k < len(order):
        last = days[order[k - 1]]
        order = order[~_earlier(days[order], last)] if k else order[:0]
    found: list[int] = numbers[order].tolist()
    return found


def from_sites(generation: Generation, wanted: Callable[[str], bool]) -> Iterator[Outline]:
    """What is known of the articles whose site (as «//host») is wanted."""
    sites = (site for _, site in generation.origins)
    chosen = np.array([site is not None and wanted(site) for site in sites], np.bool_)
    numbers = living(generation)
    for number in numbers[chosen[generation.origin_of[numbers]]].tolist():
        yield generation.outline(number)


def digests(generation: Generation) -> dict[str, str]:
    """The digest of each living article, by its id."""
    numbers = living(generation).tolist()
    return {generation.article_id(one): generation.digest(one).hex() for one in numbers}


class Texts:
    """Finds an article by its text; only those that are about as long are looked at."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        numbers = living(generation)
        ends = [placed.segment.arrays["text_ends"] for placed in generation.segments]
        lengths = np.concatenate([np.zeros(0, np.int64), *map(np.diff, ends)])[numbers]
        order = np.argsort(lengths, kind="stable")
        self._lengths, self._numbers = lengths[order], numbers[order]

    def article(self, text: str) -> Article | None:
        """An article of this text, a little white space around it apart; None if there is none."""
        sought = encoded(text.strip())
        bounds = np.searchsorted(self._lengths, [len(sought), len(sought) + SURROUNDED + 1])
        for number in self._numbers[slice(*bounds.tolist())].tolist():
            stored = self._stored(number)
            around = stored.replace(sought, b"", 1)
            is_whole = len(around) + len(sought) == len(stored)
            if is_whole and not around.decode("utf-8", "surrogatepass").strip():
                return self._generation.article_at(number)
        return None

    def _stored(self, number: int) -> bytes:
        place, local = self._generation.place(number)
        segment = self._generation.segments[place].segment
        start, stop = segment.arrays["text_ends"][local : local + 2].tolist()
        return segment.arrays["texts"].data[start:stop].tobytes()


def _by_date(days: Days) -> NDArray[np.intp]:
    """The places of days, earliest first, as `str` orders their dates: «2025» before «2025-01»."""
    return np.lexsort((-days[:, 1], days[:, 0]))


def _earlier(days: Days, last: Days) -> Flags:
    earlier: Flags = (days[:, 0] < last[0]) | ((days[:, 0] == last[0]) & (days[:, 1] > last[1]))
    return earlier


def _first_and_last(days: Days) -> tuple[PartialDate | None, PartialDate | None]:
    """The dates of the first and the last row."""
    return (_date(*days[0].tolist()), _date(*days[-1].tolist())) if len(days) else (None, None)


def _date(first: int, last: int) -> PartialDate:
    """The date whose first and last day these are."""
    start = date.fromordinal(first)
    if first == last:
        return PartialDate(start.year, start.month, start.day)
    one_month = date.fromordinal(last).month == start.month
    return PartialDate(start.year, start.month) if one_month else PartialDate(start.year)
