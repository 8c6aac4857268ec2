"""Which days each rule of date_words speaks of: one function a rule, their table last."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from retrieval.asking.date_words import COUNTS, DECADES, WEEKDAYS
from retrieval.asking.periods import Period, days_of, existing, month_number, moved
from retrieval.asking.units import containing, part_of, season, shifted, unit_of
from retrieval.models import Span

PARTS = {"нач": (1, 3), "сер": (2, 3), "кон": (3, 3), "пер": (1, 2), "вто": (2, 2)}
"""The number of a part, and of how many, by the beginning of what PART matches."""
_STEPS = {"поза": -2, "эт": 0, "теку": 0, "ныне": 0, "след": 1, "буду": 1}
_DAYS = {"поза": -2, "вчер": -1, "сего": 0, "завт": 1, "посл": 2}
_ORDINALS = {"п": 1, "в": 2, "т": 3, "ч": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_ROMAN = {"i": 1, "v": 5, "x": 10, "х": 10, "і": 1}
_THESE_DAYS = 7
"""How many days back «на днях» goes."""
_LEAP_YEARS_APART = 8


class Said(NamedTuple):
    """A match of one of the rules, and the day it is read on."""

    match: re.Match[str]
    today: date

    @property
    def rule(self) -> str:
        return self.match.lastgroup or ""

    @property
    def dated(self) -> bool:
        """Whether it says its year, by which it is the same days whenever it is read."""
        return bool(self.group("year")) or self.rule in {"decade", "ten_years", "century", "years"}

    @property
    def that_year(self) -> Span | None:
        """Where a date of the calendar has «прошлого года» for its year."""
        if not self.group("which"):
            return None
        return Span(self.match.start(f"{self.rule}_which"), self.match.end())

    def group(self, name: str) -> str:
        """What a group has; "" where it has nothing, or the rule has no such group."""
        key = f"{self.rule}_{name}"
        return (self.match[key] if key in self.match.re.groupindex else None) or ""

    def number(self, name: str) -> int:
        """The figures of a group; 0 where it has none."""
        return int(self.group(name) or 0)

    def how_many(self) -> int:
        """How many units; one where it is not said."""
        word = self.group("count")
        return int(word) if word.isdecimal() else COUNTS.get(word, 1)

    def step(self) -> int:
        """-1 for «прошлый», 0 for «этот», 1 for «следующий»."""
        which = self.group("which")
        return next((step for stem, step in _STEPS.items() if which.startswith(stem)), -1)

    def latest(self, of_year: Callable[[int], Period | None]) -> Period | None:
        """What it is in the year said, or else in the latest one in which it is not to come."""
        if self.group("year"):
            return of_year(self.number("year"))
        if self.group("which"):
            return of_year(containing(self.today, "year", self.step()).first.year)
        years = range(
            min(self.today.year + 1, 9998), max(self.today.year - _LEAP_YEARS_APART, 1), -1
        )
        found = filter(None, map(of_year, years))
        return next((period for period in found if period.first <= self.today), None)


def read(said: Said) -> Period | None:
    """The days it speaks of; None where there are no such days."""
    return _READERS[said.rule](said)


def _last(said: Said) -> Period:
    return Period(shifted(said.today, unit_of(said.group("unit")), -said.how_many()), said.today)


def _ago(said: Said) -> Period:
    """A day to the day, a month or a year to the month or the year, a week with days about it."""
    unit = unit_of(said.group("unit") or said.group("one"))
    if unit == "week":
        day = shifted(said.today, unit, -said.how_many())
        return Period(moved(day, -3), moved(day, 3))
    return containing(said.today, unit, -said.how_many())


def _that(said: Said) -> Period:
    return containing(said.today, unit_of(said.group("unit")), said.step())


def _part_of_this(said: Said) -> Period:
    this = containing(said.today, unit_of(said.group("unit")))
    return part_of(this, *PARTS[said.group("part")[:3]])


def _that_season(said: Said) -> Period | None:
    """«Прошлым летом» is last year's, or this year's if it is over.

    In December the next winter has the name of the year after the next. None where the calendar
    has no such season.
    """
    step, this = said.step(), said.today.year
    years = sorted({min(max(this + shift, 1), 9998) for shift in (-1, 0, 1, 2)})
    found = [season(said.group("name"), year) for year in years]
    if step > 0:
        return next((period for period in found if period.first > said.today), None)
    begun = [period for period in found if period.first <= said.today]
    over = [period for period in begun if period.last < said.today]
    return next(reversed(over if step < 0 else begun), None)


def _weekday(said: Said) -> Period:
    number = next(n for n, day in enumerate(WEEKDAYS) if said.group("name").startswith(day))
    week = containing(said.today, "week")
    day = moved(week.first, number)
    if said.group("which"):
        day = moved(day, 7 * said.step())
    elif day > said.today:
        day = moved(day, -7)
    return Period(day, day)


def _weekend(said: Said) -> Period:
    first = moved(containing(said.today, "week").first, 5)
    if said.group("which") and said.step() > 0:
        first = moved(first, 7)
    elif first > said.today or (said.group("which") and said.step() < 0):
        first = moved(first, -7)
    return Period(first, moved(first, 1))


def _word(said: Said) -> Period:
    day = moved(said.today, _DAYS[said.group("name")[:4]])
    return Period(day, day)


def _numbers(said: Said) -> Period | None:
    """A month or a day of noughts is said, and is none of the calendar."""
    given = [int(figures) for part in ("year", "month", "day") if (figures := said.group(part))]
    return existing(*given)


def _day(said: Said) -> Period | None:
    first, month = said.number("first"), month_number(said.group("month"))
    last = said.number("last") or first
    return said.latest(lambda year: days_of(first, last, month, year))


def _month(said: Said) -> Period | None:
    month = month_number(said.group("month"))
    return said.latest(lambda year: existing(year, month))


def _season(said: Said) -> Period | None:
    return said.latest(lambda year: season(said.group("name"), year))


def _quarter(said: Said) -> Period | None:
    word = said.group("number")
    number = int(word[0]) if word[0].isdecimal() else _ORDINALS.get(word) or _ORDINALS[word[0]]
    parts = 2 if said.group("unit").startswith("пол") else 4
    if number > parts:
        return None
    return said.latest(lambda year: part_of(containing(date(year, 1, 1), "year"), number, parts))


def _decade(said: Said) -> Period:
    ten = 10 * said.number("ten")
    century = said.number("hundreds") * 100
    return _ten_years(century + ten) if century else _ten_years(_century_of(ten) + ten)


def _named_decade(said: Said) -> Period:
    ten = DECADES[said.group("name") or said.group("alone")]
    return _ten_years(_century_of(ten) + ten)


def _century_of(ten: int) -> int:
    """«Десятые» and «двадцатые» are those that people remember."""
    return 1900 if ten > 20 else 2000


def _ten_years(first: int) -> Period:
    return Period(date(first, 1, 1), date(first + 9, 12, 31))


def _century(said: Said) -> Period | None:
    number = said.group("number")
    century = int(number) if number.isdecimal() else _roman(number)
    if not 1 <= century <= 21:
        return None
    return Period(date(100 * century - 99, 1, 1), date(100 * century, 12, 31))


def _roman(number: str) -> int:
    values = [_ROMAN[letter] for letter in number]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def _years(said: Said) -> Period | None:
    first, last = said.number("first"), said.number("last")
    return Period(date(first, 1, 1), date(last, 12, 31)) if first <= last else None


_READERS: dict[str, Callable[[Said], Period | None]] = {
    "last": _last,
    "lately": _last,
    "in_one": _last,
    "ago": _ago,
    "that": _that,
    "that_season": _that_season,
    "weekday": _weekday,
    "weekend": _weekend,
    "part_of_this": _part_of_this,
    "these_days": lambda said: Period(moved(said.today, -_THESE_DAYS), said.today),
    "word": _word,
    "adjective": _word,
    "iso": _numbers,
    "figures": _numbers,
    "year": _numbers,
    "day": _day,
    "month": _month,
    "season": _season,
    "quarter": _quarter,
    "decade": _decade,
    "ten_years": _named_decade,
    "century": _century,
    "years": _years,
}
