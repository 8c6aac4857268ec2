"""Datelines: the place, day and agency that a report opens with, one named rule each.

A rule takes the text from the first word of the body on. The clue it gives ends where the report
itself begins. A day without a year is not a date.
"""

import re
from collections.abc import Callable

from retrieval import media
from retrieval.clues import Clue
from retrieval.dates import read_date

_UPPER = "A-ZА-ЯЁӘҒҚҢӨҰҮҺІ"
_PLACE = rf"(?P<place>[{_UPPER}][\w’'-]+(?:[ -][{_UPPER}][\w-]*){{0,2}})"
_CAPS = rf"(?P<place>[{_UPPER}][{_UPPER}-]{{2,}}(?: [{_UPPER}-]{{2,}})?)"
_DAY = (
    r"(?P<day>\d{1,2}\s+[а-яё]{3,8}\.?(?:\s+\d{4}(?:\s*(?:года|г\.?))?)?|\d{1,2}\.\d{1,2}\.\d{4})"
)
_AGENCY = rf"(?P<agency>[«\"]?[{_UPPER}][\w.-]*\w(?:[ -][«\"]?[{_UPPER}\d][\w-]*){{0,2}}[»\"]?)"
_DASH = r"\s*[-–—]+\s*"
_OPENING = rf"(?=[{_UPPER}«“\"\d(])"
_REPORTER = rf"[Кк]орр\.\s+(?P<agency>[{_UPPER}][\w.-]*\w)\s[^/\n]{{3,40}}"
_SLASHED, _SLASHED_REPORTER = (
    re.compile(rf"(?:{_PLACE}[.,]?\s*(?:{_DAY}[.,]?\s*)?)?/\s*{between}\s*/[.,]?(?:{_DASH}|\s+)")
    for between in (_AGENCY, _REPORTER)
)
_BRACKETED = re.compile(
    rf"{_PLACE}[.,]?\s*(?:{_DAY}[.,]?\s*)?\(\s*{_AGENCY}\s*\)[.,]?(?:{_DASH}|\s+){_OPENING}"
)
_AGENCY_LAST = re.compile(
    rf"{_PLACE}[.,]\s*{_DAY}[.,]?{_DASH}{_AGENCY}(?:\.|,|{_DASH})\s+{_OPENING}"
)
_AGENCY_DASHED = re.compile(
    rf"{_PLACE}[.,]\s*{_DAY}[.,]?\s+{_AGENCY}(?:\s+[-–—]+|\.|:)\s+{_OPENING}"
)
_CAPITALS = re.compile(rf"{_CAPS}[.,]\s+{_AGENCY}(?:\s*[-–—]+|\.|:)\s+{_OPENING}")
_MEDIUM = re.compile(rf"(?P<agency>{media.DOMAIN})(?:{_DASH}|\.\s+|:\s+){_OPENING}")
_PLACE_AND_DAY = re.compile(rf"{_PLACE}[.,]\s*{_DAY}(?:{_DASH}|\.\s+){_OPENING}")


def dateline_slashed(text: str) -> Clue | None:
    """«БАКУ /Trend/ -», «АСТАНА, 19 декабря. /ТАСС/.», «/Корр. ТАСС Иван Петров/.»."""
    return _clue(_SLASHED_REPORTER, text) or _clue(_SLASHED, text)


def dateline_bracketed(text: str) -> Clue | None:
    """«Токио. 19 декабря (Интерфакс) –», «ТОКИО (Reuters) -»."""
    return _published(_BRACKETED, text)


def dateline_agency_last(text: str) -> Clue | None:
    """«МОСКВА, 19 дек — РИА Новости.», «ТОКИО, 19 дек 2025 – Reuters.»."""
    return _published(_AGENCY_LAST, text)


def dateline_agency_dashed(text: str) -> Clue | None:
    """«Астана. 19 декабря. КазТАГ –», «Москва. 19 декабря. INTERFAX.RU -»."""
    return _published(_AGENCY_DASHED, text)


def dateline_capitals(text: str) -> Clue | None:
    """«АЛМАТЫ. КАЗИНФОРМ –», «АСТАНА. КАЗИНФОРМ. Президент…»."""
    return _published(_CAPITALS, text)


def dateline_medium(text: str) -> Clue | None:
    """«Zakon.kz – Президент…», «Tengrinews.kz: …»: the medium alone."""
    return _clue(_MEDIUM, text)


def dateline_place(text: str) -> Clue | None:
    """«АСТАНА, 19 декабря –»: no agency; the place is still no part of the report.

    Without a day it stays: «НАТО – Это не угроза» looks like «ТОКИО – Президент прибыл».
    """
    return _clue(_PLACE_AND_DAY, text)


def _published(pattern: re.Pattern[str], text: str) -> Clue | None:
    """A clue only if what stands for the agency looks like one: a place or a person may, too."""
    clue = _clue(pattern, text)
    return clue if clue and media.is_likely(clue.source) else None


def _clue(pattern: re.Pattern[str], text: str) -> Clue | None:
    match = pattern.match(text)
    if not match:
        return None
    groups = match.groupdict()
    day, agency = groups.get("day"), groups.get("agency")
    source = media.canonical(agency) if agency else ""
    return Clue(match.end(), source=source, date=read_date(day) if day else None)


RULES: tuple[Callable[[str], Clue | None], ...] = (
    dateline_slashed,
    dateline_bracketed,
    dateline_agency_last,
    dateline_agency_dashed,
    dateline_capitals,
    dateline_medium,
    dateline_place,
)
