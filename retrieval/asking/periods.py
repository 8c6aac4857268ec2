"""Periods of days: of a date known in part, and those that the text of a passage names."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from retrieval.models import PartialDate

MONTH = (
    r"(?:январ[а-я]{1,2}|феврал[а-я]{1,2}|март(?:[аеу]|ом)?|апрел[а-я]{1,2}|ма(?:[йяею]|ем)"
    r"|июн[а-я]{1,2}|июл[а-я]{1,2}|август(?:[аеу]|ом)?|сентябр[а-я]{1,2}|октябр[а-я]{1,2}"
    r"|ноябр[а-я]{1,2}|декабр[а-я]{1,2}|(?:янв|февр?|мар|апр|авг|сент?|окт|нояб?|дек)\.?)(?![\w-])"
)
"""A month in any case, or cut short («дек.»)."""
YEAR = r"(?:1\d|20)\d\d(?!\d)"
_SPACE = r"[ \u00a0\u202f\u2009\t\n]{1,2}"
_DASH = rf"(?:{_SPACE})?[-\u2010-\u2014\u2212](?:{_SPACE})?"
_TO = rf"(?:{_DASH}|{_SPACE}(?:по|до|и){_SPACE})"
_OF_DECADE = r"0-(?:е|х|ые|ых)\b"
_OF_YEAR = rf"(?:-\w{{1,2}})?(?:{_SPACE})?(?:год(?:[уаыв]|о[вм]|ами?|ах)?\b|гг?(?!\w))"
_BEGINNINGS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")

_FIGURE = re.compile("[0-9]+")
"""Every date begins with one: a text is passed over at the speed of a search for it."""
_DATE = re.compile(
    r"(?<![\w.,])(?:"
    r"(?P<iso>(?P<iso_year>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?![\d-]))"
    r"|(?P<figures>(?P<figures_day>\d\d?)\.(?P<figures_month>\d\d?)\.(?P<figures_year>\d{4})(?!\d))"
    rf"|(?P<day>(?P<day_first>\d\d?)(?:{_TO}(?P<day_last>\d\d?))?{_SPACE}"
    rf"(?P<day_month>{MONTH})(?:,?{_SPACE}(?P<day_year>{YEAR}))?)"
    rf"|(?P<decade>(?P<decade_first>(?:1\d|20)\d){_OF_DECADE})"
    rf"|(?P<years>(?P<years_first>{YEAR})(?:{_TO}(?P<years_last>{YEAR}))?(?P<years_mark>{_OF_YEAR})?)"
    r")",
    re.IGNORECASE,
)
_MONTH_BEFORE = re.compile(rf"(?<!\w)(?P<month>{MONTH}),?{_SPACE}\Z", re.I)
_OPENING = re.compile(rf"(?:(?<!\w)(?:со?|между|от){_SPACE}|\()\Z", re.I)
_LONGEST_BEFORE = 12
"""Characters of «сентября », and of what may stand before it."""
_AHEAD = timedelta(days=183)
"""How long after its publication a text may speak of a day without its year."""


class Period(NamedTuple):
    """Days from the first to the last, both of them in it."""

    first: date
    last: date

    def overlaps(self, other: "Period") -> bool:
        """Whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last

    @property
    def days(self) -> int:
        """How many days it has."""
        return self.last.toordinal() - self.first.toordinal() + 1


def period_of(known: PartialDate) -> Period:
    """The days that a date known in part may be: the whole year, the whole month, or the day."""
    if known.month is None:
        return Period(date(known.year, 1, 1), date(known.year, 12, 31))
    if known.day is None:
        return Period(date(known.year, known.month, 1), _last_of_month(known.year, known.month))
    day = date(known.year, known.month, known.day)
    return Period(day, day)


def spanning(one: Period, other: Period) -> Period:
    """From the first day of either to the last day of either."""
    return Period(min(one.first, other.first), max(one.last, other.last))


def moved(day: date, days: int) -> date:
    """So many days later or, below zero, earlier; at the ends of the calendar it stops."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def month_number(name: str) -> int:
    """1 to 12 for whatever MONTH matches."""
    return next(n for n, start in enumerate(_BEGINNINGS, 1) if name.lower().startswith(start))


def existing(year: int, month: int | None = None, day: int | None = None) -> Period | None:
    """The period of a date; None where there is no such date."""
    try:
        return period_of(PartialDate(year, month, day))
    except ValueError:
        return None


def days_of(first: int, last: int, month: int, year: int) -> Period | None:
    """«18–20 декабря 2025»; None where there are no such days."""
    start, stop = existing(year, month, first), existing(year, month, last)
    return Period(start.first, stop.last) if start and stop and first <= last else None


def mentioned(text: str, published: PartialDate | None = None) -> tuple[Period, ...]:
    """The dates that a text names, each once, in order.

    Days, months with a year, years called so and runs of these («2020–2023 годы», «с 2020 по
    2023»); never a bare number. A day without a year is the latest such day that is not more than
    half a year after `published`; where that is not known, it is no date.
    """
    found = (_period(match, text, published) for match in _dates(text))
    return tuple(dict.fromkeys(filter(None, found)))


def _dates(text: str) -> Iterator[re.Match[str]]:
    done = 0
    for figure in _FIGURE.finditer(text):
        if figure.start() >= done and (match := _DATE.match(text, figure.start())):
            done = match.end()
            yield match


def _period(match: re.Match[str], text: str, published: PartialDate | None) -> Period | None:
    if match.lastgroup == "years":
        return _years(match, text)
    if match.lastgroup == "day":
        return _days(match, published)
    if match.lastgroup == "decade":
        return _from_to(int(match["decade_first"]) * 10, int(match["decade_first"]) * 10 + 9)
    kind = match.lastgroup
    return existing(*(int(match[f"{kind}_{part}"]) for part in ("year", "month", "day")))


def _years(match: re.Match[str], text: str) -> Period | None:
    start, year = match.start(), int(match["years_first"])
    before = max(0, start - _LONGEST_BEFORE)
    if month := _MONTH_BEFORE.search(text, before, start):
        return existing(year, month_number(month["month"]))
    called = match["years_mark"] or (match["years_last"] and _OPENING.search(text, before, start))
    return _from_to(year, int(match["years_last"] or year)) if called else None


def _from_to(first: int, last: int) -> Period | None:
    return Period(date(first, 1, 1), date(last, 12, 31)) if first <= last else None


def _days(match: re.Match[str], published: PartialDate | None) -> Period | None:
    first, last = int(match["day_first"]), int(match["day_last"] or match["day_first"])
    month = month_number(match["day_month"])
    return next(
        filter(None, (days_of(first, last, month, year) for year in _years_of(match, published))),
        None,
    )


def _years_of(match: re.Match[str], published: PartialDate | None) -> Iterator[int]:
    """The years that a day may be of, the likeliest first."""
    if match["day_year"]:
        yield int(match["day_year"])
    elif published:
        latest = moved(period_of(published).last, _AHEAD.days if published.month else 0)
        day = (month_number(match["day_month"]), int(match["day_first"]))
        yield latest.year if day <= (latest.month, latest.day) else max(latest.year - 1, 1)


def _last_of_month(year: int, month: int) -> date:
    if (year, month) == (date.max.year, 12):
        return date.max
    return moved(date(year + month // 12, month % 12 + 1, 1), -1)
