"""The days that a question speaks of: «вчера», «за последние три дня», «с 2020 по 2023», «летом».

A date of the calendar, however it is written, is told from one that is counted from today: the
words of the latter stand in no article. A day, a month or a season without a year is the latest
such that is not to come.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from retrieval.asking.date_rules import PARTS, Said, read
from retrieval.asking.date_words import DATE, PART, RELATIVE, SPACE
from retrieval.asking.folding import LONGEST, folded
from retrieval.asking.periods import Period, moved, spanning
from retrieval.asking.units import part_of, shifted
from retrieval.models import Span

_YEAR_AFTER = re.compile(
    rf"(?<!\w)(?:во?|за|к|со?|по|до|от|после|на|между|около|начиная с){SPACE}\Z"
)
_COUNTED = re.compile(
    r" ?(?:[%$€₽₸°]|тыс|млн|млрд|миллион|миллиард|процент|человек|чел\b|руб|тенге|долл|евро|иен|юан"
    r"|тонн|км\b|километр|метр|кг\b|килограмм|штук|шт\b|лет\b|раз\b|раза\b|дн[яе]|час|минут|мест\b)"
)
_EACH = re.compile("сколько|средн|кажд")
"""With these «за год» is a measure."""
_TO_COME = 2050
"""Above it a number alone is no year."""
_NOTHING_AFTER = re.compile(r"[\s.,;:!?)»\"]*\Z")
_MONTH_AFTER = re.compile(
    rf"(?<!\w)(?:во?|за|к|со?|по|до|от|после|на|между|и|весь|этот|{PART.replace('?P<part>', '?:')})"
    rf"{SPACE}\Z"
)
_NAMES_TOO = re.compile("ма|авг|мар")
"""Май, Август, Марта: months that may be names, or cut-off words, where no preposition is."""
_PART_BEFORE = re.compile(rf"(?<!\w){PART}{SPACE}\Z")
_SINCE = re.compile(rf"(?<!\w)со?{SPACE}\Z")
_FROM = re.compile(rf"(?<!\w)(?:со?|от){SPACE}\Z")
_BETWEEN = re.compile(rf"(?<!\w)между{SPACE}\Z")
_BEFORE = re.compile(rf"(?<!\w)(?:до|ранее|раньше){SPACE}\Z")
_AFTER = re.compile(rf"(?<!\w)(?:после|позже|позднее){SPACE}\Z")
_WITH = re.compile(r"[ое]м(?:{SPACE}год)?\Z")
"""«С 2020 годом», «с декабрем»: compared with it, not since."""
_TO = re.compile(rf"{SPACE}(?:по|до){SPACE}(?:сам[а-я]{{2,3}}{SPACE})?| ?- ?")
_AND = re.compile(rf"{SPACE}и{SPACE}")
_LOOK_BACK = 24
"""Characters of «во второй половине »."""


class Spoken(NamedTuple):
    """A date that a question names."""

    span: Span
    """Where it stands, in characters of the question, without prepositions."""
    period: Period
    relative: tuple[Span, ...] = ()
    """The parts of it that are counted from today."""
    yearless: bool = False
    """Whether its year is not said, but the latest that fits."""
    run: bool = False
    """Whether it says its first and its last day."""


def spoken(text: str, today: date | None = None) -> tuple[Spoken, ...]:
    """The dates that a question names, in order; without `today` only those of the calendar."""
    plain = folded(text[:LONGEST])
    matches = (match for match in DATE.finditer(plain) if not _is_a_name(match, text))
    read = (_read(match, plain, today) for match in matches)
    return tuple(_open_ended(plain, one, today) for one in _joined(plain, filter(None, read)))


def spoken_at(plain: str, start: int, today: date | None = None) -> Spoken | None:
    """The one date that begins there in a folded text: «18-20 декабря 2025», «2025-12», «вчера»."""
    match = DATE.match(plain, start)
    if match is None or match.lastgroup in (None, "adjective"):
        return None
    return _counted(match, today)


def _read(match: re.Match[str], plain: str, today: date | None) -> Spoken | None:
    if match.lastgroup == "in_one" and _EACH.search(plain):
        return None
    if match.lastgroup == "year" and not (match["year_called"] or _is_year(match, plain)):
        return None
    if match.lastgroup == "month" and not _is_month(match, plain):
        return None
    one = _counted(match, today)
    part = _PART_BEFORE.search(plain, max(0, match.start() - _LOOK_BACK), match.start())
    if one is None or part is None:
        return one
    span = Span(part.start(), one.span.stop)
    relative = (span,) if one.relative == (one.span,) else one.relative
    period = part_of(one.period, *PARTS[part["part"][:3]])
    return one._replace(span=span, period=period, relative=relative)


def _counted(match: re.Match[str], today: date | None) -> Spoken | None:
    said = Said(match, today or date.min)
    whole, counted = Span(*match.span()), said.rule in RELATIVE
    relative = whole if counted else said.that_year
    if today is None and (relative or not said.dated):
        return None
    period = read(said)
    spans = (relative,) if relative else ()
    yearless = not said.dated and not relative
    return Spoken(whole, period, spans, yearless, bool(said.group("last"))) if period else None


def _is_year(match: re.Match[str], plain: str) -> bool:
    """Whether a number alone is a year: after a preposition, or the end of the question."""
    if _COUNTED.match(plain, match.end()):
        return False
    before = _YEAR_AFTER.search(plain, max(0, match.start() - _LOOK_BACK), match.start())
    part = _PART_BEFORE.search(plain, max(0, match.start() - _LOOK_BACK), match.start())
    ends = int(match["year_year"]) < _TO_COME and _NOTHING_AFTER.match(plain, match.end())
    return bool(before or part or ends)


def _is_a_name(match: re.Match[str], text: str) -> bool:
    """«Фильм Послезавтра»; a season is a date by its year or as «летом» only."""
    alone = match.lastgroup == "season" and match.group() == match["season_name"]
    if alone and not match.group().endswith(("ой", "ом", "ою", "ью")):
        return True
    start, titled = match.start(), text[match.start() : match.end()].istitle()
    return match.lastgroup in ("word", "season") and titled and bool(text[:start].strip())


def _is_month(match: re.Match[str], plain: str) -> bool:
    if match["month_year"] or match["month_which"] or not _NAMES_TOO.match(match.group()):
        return True
    return bool(_MONTH_AFTER.search(plain, max(0, match.start() - _LOOK_BACK), match.start()))


def _joined(plain: str, found: Iterable[Spoken]) -> Iterator[Spoken]:
    """Make one of «с 1 декабря по 20 января»."""
    before: Spoken | None = None
    for one in found:
        if before and _is_run(plain, before, one):
            before = _run(before, one)
            continue
        if before:
            yield before
        before = one
    if before:
        yield before


def _is_run(plain: str, first: Spoken, last: Spoken) -> bool:
    gap, start = plain[first.span.stop : last.span.start], first.span.start
    back = max(0, start - _LOOK_BACK)
    if _AND.fullmatch(gap):
        return bool(_BETWEEN.search(plain, back, start))
    return bool(_TO.fullmatch(gap) and ("-" in gap or _FROM.search(plain, back, start)))


def _run(first: Spoken, last: Spoken) -> Spoken:
    """From the one to the other, each in the year that makes it the shortest run."""
    start, stop = first.period, last.period
    if first.yearless:
        start = _in_year(start, stop.last.year)
        start = start if start.first <= stop.last else _in_year(start, stop.last.year - 1)
    elif last.yearless:
        stop = _in_year(stop, start.first.year)
        stop = stop if start.first <= stop.last else _in_year(stop, start.first.year + 1)
    span = Span(first.span.start, last.span.stop)
    return Spoken(span, spanning(start, stop), first.relative + last.relative, run=True)


def _in_year(period: Period, year: int) -> Period:
    return Period(*(shifted(day, "year", year - period.first.year) for day in period))


def _open_ended(plain: str, one: Spoken, today: date | None) -> Spoken:
    """«С 2020 года», «до декабря», «после 18 декабря»: up to today, and without end."""
    start, stop = one.span
    back, first = max(0, start - _LOOK_BACK), one.period.first
    if one.run:
        return one
    if _SINCE.search(plain, back, start) and not _WITH.search(plain, start, stop):
        return one._replace(period=Period(first, max(first, today or date.max)))
    if _BEFORE.search(plain, back, start):
        return one._replace(period=Period(date.min, moved(first, -1)))
    if _AFTER.search(plain, back, start):
        return one._replace(period=Period(first, date.max))
    return one
