"""Dates, places and people as a text names them: where they stand in it, by how they look."""

import re
from collections.abc import Iterable

from retrieval.models import Span

_GAP = "[ \u00a0\u202f\n]"
_DASH = rf"{_GAP}?[-–—]{_GAP}?"
_MONTH = (
    r"(?:(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)(?:[ьяею]|[её]м)|март[ауе]?"
    r"|август[ауе]?|ма[йяею])"
)
_YEAR_ = r"(?:1\d|20)\d\d"
_OF_YEAR = rf"{_GAP}?(?:год(?:ами|ах|ам|ов|ом|[уаы])?|гг?\.?)(?!\w)"
_YEARS = rf"{_YEAR_}(?:{_DASH}{_YEAR_})?"
_PART = (
    rf"(?:(?:(?:перв|втор|трет|четв[её]рт)[а-я]{{2,3}}{_GAP})?"
    rf"(?:начал|середин|конц|половин|квартал|полугоди)[а-я]{{1,2}}{_GAP})?"
)
_CENTURY = rf"(?:[IVX]+(?:{_DASH}[IVX]+)?|\d\d?(?:-?го|-м)?){_GAP}(?:век[а-я]{{0,2}}|вв?\.)"
_ERA = rf"(?:{_GAP}до{_GAP}н(?:\.{_GAP}?|ашей{_GAP})э(?:\.|ры))?"
_COUNT = r"(?:\d+(?:[ \u00a0]\d{3})*|[а-яё]+(?:ь|а|и|е|х|о|т|ин)(?: один| два| три)?)"
_PERIOD = r"(?:лет|года?|месяц(?:а|ев)?|недел[юиь]|дн(?:я|ей)|день)"
_DATE = re.compile(
    rf"(?<![\w.,-])(?<!\d[ \u00a0]){_PART}(?:"
    rf"\d\d?\.\d\d?\.{_YEAR_}(?!\d)|{_YEAR_}-\d\d-\d\d(?!\d)"
    rf"|(?:\d\d?(?:{_DASH}\d\d?|{_GAP}\(\d\d?\))?{_GAP}{_MONTH}(?!\w)|{_MONTH}(?=,?{_GAP}{_YEAR_}))"
    rf"(?:,?{_GAP}{_YEAR_}(?!\w)(?:{_OF_YEAR})?)?|(?<=\b[вкс] ){_MONTH}(?!\w)"
    rf"|(?:между{_GAP}{_YEAR_}{_GAP}и|с{_GAP}{_YEAR_}{_GAP}по){_GAP}{_YEAR_}{_OF_YEAR}"
    rf"|(?:весной|летом|осенью|зимой){_GAP}{_YEARS}{_OF_YEAR}"
    rf"|(?:(?:1\d|20)\d0|\d0)-(?:х|е|ых|ые)(?:{_GAP}(?:год(?:ах|ов|ы)|гг?\.))?(?!\w)"
    rf"|через{_GAP}{_COUNT}{_GAP}{_PERIOD}(?!\w)|{_COUNT}{_GAP}{_PERIOD}{_GAP}назад(?!\w)"
    rf"|(?:{_YEARS}|\d{{1,3}}(?={_OF_YEAR}{_GAP}до{_GAP}н)){_OF_YEAR}{_ERA}|{_CENTURY}{_ERA})",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(rf"(?:(?<=\bв )|(?<=\bс )|(?<=\()|(?<=[,;] )){_YEARS}(?=[),.;]\s|[)]|$)")
_BRACKET = re.compile(r"\([^()]*\)")
_A_YEAR = re.compile(_YEAR_)
_HYPHEN = re.compile("[-–—]")

_CAPITAL = "[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]"
_NAME = rf"{_CAPITAL}[\w’']*(?:-\w+)*"
_KIND = (
    r"(?:г\.|с\.|пос\.|обл\.|город|сел[аоеу]|пос[её]л|деревн|станиц|порт|аэропорт|област|район"
    r"|губерни|уезд|волост|кра[йяею]|остров|округ|штат|провинци|графств|столиц|местечк)[а-я]{0,3}"
)
_PART_OF_PLACE = rf"(?:{_NAME}|{_KIND}(?!\w)|на(?={_GAP}{_NAME}))"
_PLACE_NAME = rf"(?:{_KIND}{_GAP})?{_NAME}(?:{_GAP}{_PART_OF_PLACE})*"
_PLACE = re.compile(
    rf"(?<!\w)(?:[Вв]о?|[Нн]а|[Пп]од|[Бб]лиз){_GAP}"
    rf"(?P<place>{_PLACE_NAME}(?:(?:,{_GAP}|{_GAP}во?{_GAP}){_PLACE_NAME}"
    rf"|{_GAP}\({_PLACE_NAME}(?:,{_GAP}{_PLACE_NAME})*\))*)"
)
_OWN_NAME = "[А-ЯЁӘҒҚҢӨҰҮҺІ][а-яёәғқңөұүһі’']+(?:-[А-Яа-яё]+)*"
_INITIAL = rf"[А-ЯЁӘҒҚҢӨҰҮҺІ][а-я]?\.{_GAP}?"
_PARTICLE = rf"(?:фон|де|ван|дер|ди|да|дю|аль|ибн|бен|оглы){_GAP}"
_PERSON = re.compile(
    rf"(?<![\w«\"„“-])(?:(?:{_INITIAL}){{1,2}}{_OWN_NAME}"
    rf"|{_OWN_NAME}(?:{_GAP}(?:{_INITIAL}|{_PARTICLE})*{_OWN_NAME})+)(?!\w)"
)


def dates(text: str) -> list[Span]:
    """Days, months, years, decades and centuries; none of somebody's dates of birth and death."""
    found = [Span(*match.span()) for match in _DATE.finditer(text)]
    bare = (Span(*match.span()) for match in _BARE_YEAR.finditer(text))
    found += [span for span in bare if not _any_overlap(found, span)]
    brackets = _BRACKET.finditer(text)
    lives = [Span(*match.span()) for match in brackets if _is_lifetime(match.group())]
    return sorted(span for span in found if not _any_overlap(lives, span))


def places(text: str) -> list[Span]:
    """Names behind «в», «на», «близ», with what kind of place it is and what it lies in."""
    return [Span(*match.span("place")) for match in _PLACE.finditer(text)]


def full_names(text: str) -> list[Span]:
    """Two Russian words or more with a capital, or one with initials: a person, or another name."""
    return [Span(*match.span()) for match in _PERSON.finditer(text)]


def _is_lifetime(inside: str) -> bool:
    """«(1830, Уральск — 1895)»: two dates in a bracket, neither of which dates what is said."""
    years = list(_A_YEAR.finditer(inside))
    if len(years) < 2 or "гг" in inside[years[-1].end() :].lower():
        return False
    return bool(_HYPHEN.search(inside, years[0].end(), years[-1].start()))


def _any_overlap(spans: Iterable[Span], other: Span) -> bool:
    return any(span.start < other.stop and other.start < span.stop for span in spans)
