"""The units that time is counted in, from days to decades, and parts of a period.

Weeks begin on Mondays. Winter has the name of the year it ends in.
"""

from datetime import date

from retrieval.asking.periods import Period, existing, moved

UNIT = (
    r"(?:дн(?:я|ей|ями|ях|и|ю|е)?|день|сут(?:ки|ок)|недел[а-я]{1,2}|месяц[а-я]{0,3}"
    r"|квартал[а-я]{0,3}|полгода|год(?:а|у|ом|ы|ов|е)?|лет|час(?:а|ов)?|десятилети[а-я])(?!\w)"
)
"""A unit in any case; «час» stands for a day."""
SEASON = r"(?:весн(?:ой|ою|ы|а|у|е)|лет(?:ом|а|о|у|е)|осен(?:ью|и|ь)|зим(?:ой|ою|ы|а|у|е))(?!\w)"
_UNITS = {
    **dict.fromkeys(("дн", "су", "ча"), "day"),
    "не": "week",
    "ме": "month",
    "кв": "quarter",
    "по": "half",
    **dict.fromkeys(("го", "ле"), "year"),
}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
_DAYS = {"day": 1, "week": 7}
_SEASONS = {"зи": -1, "ве": 2, "ле": 5, "ос": 8}
"""How many months after the beginning of its year each begins."""


def unit_of(word: str) -> str:
    """day, week, month, quarter, half, year or decade, for whatever UNIT matches."""
    if word.startswith("де"):
        return "day" if word == "день" else "decade"
    return _UNITS[word[:2]]


def shifted(day: date, unit: str, count: int) -> date:
    """So many units later or, below zero, earlier; at the ends of the calendar it stops.

    A month later is the same day, or the last one of a shorter month.
    """
    if unit in _DAYS:
        return moved(day, count * _DAYS[unit])
    number = day.year * 12 + day.month - 1 + count * _MONTHS[unit]
    month = existing(number // 12, number % 12 + 1)
    if month is None:
        return date.min if count < 0 else date.max
    return min(month.last, moved(month.first, day.day - 1))


def containing(day: date, unit: str, count: int = 0) -> Period:
    """The week, month, … of the calendar that has this day; with `count`, so many after it."""
    day = shifted(day, unit, count)
    if unit in _DAYS:
        first = moved(day, -day.weekday()) if unit == "week" else day
        return Period(first, moved(first, _DAYS[unit] - 1))
    before = (day.year * 12 + day.month - 1) % _MONTHS[unit]
    return _months(shifted(day.replace(day=1), "month", -before), _MONTHS[unit])


def season(name: str, year: int) -> Period:
    """The three months of whatever SEASON matches."""
    return _months(shifted(date(year, 1, 1), "month", _SEASONS[name[:2]]), 3)


def part_of(whole: Period, number: int, parts: int) -> Period:
    """The part of this number, from 1, of so many: in months where they can be shared out."""
    months = 12 * (whole.last.year - whole.first.year) + whole.last.month - whole.first.month + 1
    whole_months = whole.first.day == 1 and moved(whole.last, 1).day == 1
    if whole_months and months % parts == 0:
        size = months // parts
        return _months(shifted(whole.first, "month", size * (number - 1)), size)
    first = moved(whole.first, whole.days * (number - 1) // parts)
    return Period(first, moved(whole.first, max(whole.days * number // parts, 1) - 1))


def _months(first: date, count: int) -> Period:
    after = shifted(first, "month", count)
    return Period(first, after if after == date.max else moved(after, -1))
