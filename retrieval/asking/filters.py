"""Strict filters of a question: дата:, после:, до:, источник:, статья:; and what is not one."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Literal, NamedTuple

from retrieval.asking.folding import folded
from retrieval.asking.periods import Period, moved, period_of, spanning
from retrieval.asking.spoken_dates import spoken_at
from retrieval.models import PartialDate, Span

__all__ = ["Fault", "Filter", "Filtered", "Kind", "read_filters"]

Kind = Literal["date", "after", "before", "source", "title"]


class Filter(NamedTuple):
    """A condition that articles must meet."""

    kind: Kind
    typed: str
    """As it stands in the question, with its value."""
    period: Period | None = None
    """Of a date: the days that an article may be of.

    «после:2025-12» begins with the first of December, «до:2025-12» ends before it: together with
    one date they share out all days.
    """
    value: str = ""
    """Of a source or a title: what it must have; of a date as typed."""


class Fault(NamedTuple):
    """What could not be read as it was meant, and is searched as words."""

    typed: str
    """As it stands in the question."""
    kind: Literal["date", "source", "title", "minus", "quote", "unknown_filter"]


class Filtered(NamedTuple):
    """A question's filters and faults, and where they stand."""

    filters: tuple[Filter, ...]
    faults: tuple[Fault, ...]
    spans: tuple[Span, ...]
    """Of the filters with their values, and of the names of filters glued to what is no value."""


_KINDS: dict[str, Kind] = {
    "дата": "date",
    "после": "after",
    "до": "before",
    "источник": "source",
    "статья": "title",
}
MOST = 6
"""How many filters are read in one question."""
_NAME = re.compile(
    rf"(?<![\w:/-])(?P<minus>-)?(?:(?P<kind>{'|'.join(_KINDS)}) ?:(?P<space> {{0,3}})"
    r"|(?P<other>[a-zа-я]{2,20}):(?=[\w\"«„“]))(?!//)"
)
_QUOTED = re.compile(r'"([^"]*)"|«([^»]*)»|[„“]([^„“”]*)[“”]')
_PLAIN = re.compile(r"[^\s\"«»„“”]+")
_CLOSING = ".,;:!?)…"
_VALUE_ENDS = re.compile(r"(?:[,;:!?)…»\"]|\.(?!\d))*(?=\s|\Z)")
_PARTIAL = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?![\d-])")
_MONTH = re.compile(r"(\d\d?)\.(\d{4})(?![\d.])")
_RANGE = re.compile(r" ?(?:\.{2,3}|…|[–—]) ?")


def read_filters(text: str, today: date | None = None) -> Filtered:
    """Find the filters of a question, in any case, with or without a space behind the colon.

    Dates are figures («2025», «2025-12», «18.12.2025»), words («декабрь 2025») or runs
    («2025-12-01..2025-12-20»); `today` is what «вчера» is counted from.
    """
    found = list(_found(text, today))
    return Filtered(
        tuple(each for each, _ in found if isinstance(each, Filter)),
        tuple(each for each, _ in found if isinstance(each, Fault)),
        tuple(span for _, span in found if span),
    )


def _found(text: str, today: date | None) -> Iterator[tuple[Filter | Fault, Span | None]]:
    typed, done = _Typed(text, folded(text), today), 0
    for match in islice(_NAME.finditer(typed.plain), MOST):
        if match.start() >= done:
            one, span = _one(match, typed)
            done = span.stop if span else match.end()
            yield one, span


class _Typed(NamedTuple):
    text: str
    plain: str
    today: date | None


def _one(match: re.Match[str], typed: _Typed) -> tuple[Filter | Fault, Span | None]:
    kind, (start, colon) = _KINDS.get(match["kind"] or ""), match.span()
    if kind is None or match["minus"]:
        return Fault(_fault(typed.text, start, colon), "unknown_filter"), None
    if value := _value(kind, typed, colon):
        period, said, stop = value
        return Filter(kind, typed.text[start:stop], period, said), Span(start, stop)
    fault: Literal["date", "source", "title"] = kind if kind in ("source", "title") else "date"
    name = None if match["space"] else Span(start, colon)
    return Fault(_fault(typed.text, start, colon), fault), name


def _value(kind: Kind, typed: _Typed, start: int) -> tuple[Period | None, str, int] | None:
    """What stands behind the colon, and where it ends; None where it is no value."""
    if kind in ("source", "title"):
        found = _words(typed.text, start)
        return (None, *found) if found else None
    dates = _dates(typed, start)
    if dates is None or not _VALUE_ENDS.match(typed.text, dates[1]):
        return None
    (first, _), stop = dates
    whole = {"after": Period(first, date.max), "before": Period(date.min, moved(first, -1))}
    return whole.get(kind, dates[0]), typed.text[start:stop], stop


def _words(text: str, start: int) -> tuple[str, int] | None:
    """A word, or what stands in quotes, and where it ends."""
    if quoted := _QUOTED.match(text, start):
        value, stop = quoted[quoted.lastindex or 0].strip(), quoted.end()
    elif plain := _PLAIN.match(text, start):
        value = plain.group().rstrip(_CLOSING)
        stop = start + len(value)
    else:
        return None
    return (value, stop) if re.search(r"\w", value) else None


def _dates(typed: _Typed, start: int) -> tuple[Period, int] | None:
    """One date, or one to another; either end of «2025-12..» may be left out."""
    first = _date(typed, start)
    gap = _RANGE.match(typed.text, first[1] if first else start)
    last = _date(typed, gap.end()) if gap else None
    if first is None:
        return (Period(date.min, last[0].last), last[1]) if last else None
    if gap is None:
        return first
    if last is None:
        return Period(first[0].first, date.max), gap.end()
    return spanning(first[0], last[0]), last[1]


def _date(typed: _Typed, start: int) -> tuple[Period, int] | None:
    if partial := _PARTIAL.match(typed.text, start):
        return _existing(partial.group(), partial.end())
    if month := _MONTH.match(typed.text, start):
        return _existing(f"{month[2]}-{month[1]:0>2}", month.end())
    one = spoken_at(typed.plain, start, typed.today)
    return (one.period, one.span.stop) if one else None


def _existing(figures: str, stop: int) -> tuple[Period, int] | None:
    try:
        return period_of(PartialDate.fromisoformat(figures)), stop
    except ValueError:
        return None


def _fault(text: str, start: int, colon: int) -> str:
    """From the name of a filter to the end of the word behind the colon."""
    word = _PLAIN.match(text, colon)
    return text[start : word.end() if word else colon].rstrip()
