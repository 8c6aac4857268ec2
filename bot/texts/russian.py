"""Plural forms and dates in Russian, by Unicode CLDR."""

from datetime import date as calendar_date
from datetime import datetime
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime

from retrieval.models import PartialDate

RUSSIAN = Locale("ru")

Forms = tuple[str, str, str]
"""The forms after 1, 2 and 5: («статья», «статьи», «статей»)."""

UNKNOWN_SOURCE = "источник не указан"
UNKNOWN_DATE = "дата не указана"

ARTICLES: Forms = ("статья", "статьи", "статей")
IN_ARTICLES: Forms = ("статье", "статьях", "статьях")
CHARACTERS: Forms = ("знак", "знака", "знаков")


def plural(number: int, forms: Forms) -> str:
    """«1 статья», «2 статьи», «5 статей»."""
    form = {"one": 0, "few": 1}.get(RUSSIAN.plural_form(number), 2)
    return f"{number} {forms[form]}"


def day(date: PartialDate | None) -> str:
    """«19 декабря 2025 г.», «август 2025 г.», «2025 г.», «дата не указана»."""
    if date is None:
        return UNKNOWN_DATE
    if date.month is None:
        return f"{date.year}\u00a0г."
    pattern = "d MMMM y\u00a0'г'." if date.day else "LLLL y\u00a0'г'."
    return format_date(calendar_date(date.year, date.month, date.day or 1), pattern, locale=RUSSIAN)


def moment(at: datetime) -> str:
    """«22 ноября 2026 г., 14:05», in the zone that `at` carries."""
    return format_datetime(at, "d MMMM y\u00a0'г'., HH:mm", tzinfo=at.tzinfo, locale=RUSSIAN)


def period(first: PartialDate | None, last: PartialDate | None) -> str:
    """«19 декабря 2025 г. — 21 декабря 2025 г.», or the one date, or «дата не указана»."""
    return day(first) if first == last else f"{day(first)} — {day(last)}"


def day_of(at: datetime, *, year: bool = True) -> str:
    """«22 ноября 2026 г.», or without the year, in the zone that `at` carries."""
    pattern = "d MMMM y\u00a0'г'." if year else "d MMMM"
    return format_datetime(at, pattern, tzinfo=at.tzinfo, locale=RUSSIAN)


def clock(at: datetime) -> str:
    """«09:00», in the zone that `at` carries."""
    return format_datetime(at, "HH:mm", tzinfo=at.tzinfo, locale=RUSSIAN)


def weekday(number: int) -> str:
    """«понедельник»; Monday is 0."""
    name: str = RUSSIAN.days["stand-alone"]["wide"][number]
    return name


@cache
def cities() -> dict[str, str]:
    """The Russian names of time zones: {"Asia/Tokyo": "Токио"}.

    CLDR knows each zone by one of its names only, at times by an old one («Europe/Kiev»).
    """
    current = get_global("zone_aliases")
    known = {zone: names["city"] for zone, names in RUSSIAN.time_zones.items() if "city" in names}
    del known["Etc/Unknown"]
    return {current[old]: city for old, city in known.items() if old in current} | known


_INNER = str.maketrans("«»", "„“")


def quoted(text: str) -> str:
    """In «ёлочки», with those inside of it as „лапки“."""
    return f"«{text.translate(_INNER)}»"
