"""Dates as people write them, in figures and in Russian words, to `PartialDate`."""

import re
from collections.abc import Callable
from datetime import datetime

from retrieval.models import PartialDate

_ZONE = r"(?:\s*\(?(?:мск|utc|gmt|аст)[^\n,;]{0,5}\)?)?"
_TIME = rf"(?:,?\s*(?:в\s+)?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?{_ZONE})?"
_YEAR = r"\d{4}(?:\s*(?:г\.?|год[ау]?))?"
_DAYS = "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс"
_WEEKDAY = rf"(?:(?:{_DAYS})\.?,?\s+)?"
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}})(?:\s*г(?:ода|\.)?)?{_TIME}", re.I
)
_TIME_FIRST = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?,?\s+(?=\d)")
_WORDS = re.compile(rf"{_WEEKDAY}(\d{{1,2}}\s+[а-яё]{{3,8}}\.?,?\s+{_YEAR}){_TIME}", re.I)
_MONTH = re.compile(rf"([а-яё]{{3,8}}\.?,?\s+{_YEAR})", re.I)
_OPENING = re.compile(r"(?:[а-яё]{2,11}\.?,?\s+)?\d", re.I)
"""What every date begins with: a figure, or one word and a figure."""
_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-\d{2})?")

# «absolute-time» alone: relative words such as «вчера» would be counted from today.
_SETTINGS = {"PARSERS": ["absolute-time"], "DATE_ORDER": "DMY", "NORMALIZE": True}


def read_date(text: str) -> PartialDate | None:
    """The date that this text is, whole; None where it is something else or no such day exists.

    Days and months, with or without a time of day: «2025-12-19», «19.12.2025 14:35»,
    «19 дек. 2025 г.», «август 2025». A day without a year is not a date.
    """
    stripped = _TIME_FIRST.sub("", text.strip(), count=1)
    if not _OPENING.match(stripped):
        return None
    found = (reader(stripped) for reader in _READERS)
    return next((date for date in found if date is not None), None)


def _iso(text: str) -> PartialDate | None:
    match = _ISO.fullmatch(text)
    return _existing(*map(int, match.groups())) if match else None


def _figures(text: str) -> PartialDate | None:
    match = _FIGURES.fullmatch(text)
    return _existing(*(int(match[group]) for group in (4, 3, 1))) if match else None


def _words(text: str) -> PartialDate | None:
    match = _WORDS.fullmatch(text)
    found = _dateparser(match[1]) if match else None
    return PartialDate(found.year, found.month, found.day) if found else None


def _month(text: str) -> PartialDate | None:
    match = _MONTH.fullmatch(text)
    found = _dateparser(match[1]) if match else None
    return PartialDate(found.year, found.month) if found else None


def _iso_partial(text: str) -> PartialDate | None:
    match = _YEAR_OR_MONTH.fullmatch(text)
    return _existing(*map(int, text.split("-"))) if match else None


def _existing(*parts: int) -> PartialDate | None:
    try:
        return PartialDate(*parts)
    except ValueError:
        return None


def _dateparser(text: str) -> datetime | None:
    from dateparser.date import DateDataParser  # noqa: PLC0415 -- long to import, for the first date

    # A parser a call: it remembers the locales of the texts it saw, and threads share modules.
    return DateDataParser(languages=["ru"], settings=_SETTINGS).get_date_data(text).date_obj


_READERS: tuple[Callable[[str], PartialDate | None], ...] = (
    _iso,
    _figures,
    _words,
    _month,
    _iso_partial,
)
