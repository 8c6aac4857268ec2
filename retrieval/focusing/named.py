"""What in a passage is of the kind that a question asks for, and not in the question itself."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from retrieval.analyzer import Analyzer, Token
from retrieval.asking.asks import Asks
from retrieval.focusing.countries import countries
from retrieval.focusing.namings import dates, full_names, places
from retrieval.focusing.numbers import MEASURES, Number, measured, numbers
from retrieval.models import Span

COUNTED_WITHIN = 4
"""Words behind a number among which the noun it counts stands: «12 новых японских компаний»."""

_COUNTRY = frozenset({"страна", "государство"})
_CITY = frozenset({"город", "столица"})
_PLACE_KINDS = frozenset(
    {"штат", "область", "край", "провинция", "район", "регион", "республика", "остров", "земля"}
    | {"губерния", "село", "деревня", "аэропорт", "порт", "университет", "улица", "площадь", "река"}
    | {"море", "океан", "гора", "континент", "материк", "округ"}
)
_OF_TIME = MEASURES["time"].nouns | {"век", "число", "дата", "квартал", "период"}
"""What a question asks for with «в каком году» does not make the year its own."""
_LASTING = frozenset({"time", "times"})
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_PART = re.compile(r"[^,(]+(?<=[\w’.])")
_INITIAL = re.compile(r"\b[А-ЯЁ][а-я]?\.")
_ADJECTIVE = re.compile("(?:[оеы]м|[оеи]й|[уюи]ю|[ыи]х|ая|[ео]е)$")
_LONGEST_NAME, _LONGEST_CLAUSE = 40, 120
"""Characters that are looked at before a name and before a date."""
_AND_ANOTHER = re.compile(r" (?:и|или) [A-ZА-ЯЁ]")
_LISTED_BEFORE = re.compile(r"\b[A-ZА-ЯЁ][\w-]*(?:,| и| или) $")
_APART_IN_TIME = re.compile(
    r"\b(?:после|перед|накануне|вслед за|с момента|со времени|по сравнению с)\b[^,.;:()—]*$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\([^()]*\)")


class Naming(NamedTuple):
    """A date, a number, a place or a person."""

    span: Span
    alone: bool = True
    """Whether it can be the answer by itself: it is not one of a list, and dates nothing else."""


def named(
    text: str,
    tokens: Sequence[Token],
    sought: frozenset[str],
    asks: Asks | None,
    analyzer: Analyzer,
) -> list[Naming]:
    """Dates, numbers, places or people in a passage's text, as `asks` says; none for other kinds.

    `tokens` are the words of the text, `sought` the lemmas of the question.
    """
    if asks is Asks.WHEN:
        days = (span for span in dates(text) if not _said(span, tokens, sought - _OF_TIME))
        return [Naming(span, _dates_its_clause(text, span)) for span in days]
    if asks is Asks.HOW_MANY:
        return [Naming(span) for span in _counted(text, tokens, sought)]
    if asks is Asks.WHERE:
        found = _places(text, tokens, sought, analyzer)
        return [Naming(span, not _AND_ANOTHER.match(text, span.stop)) for span in found]
    if asks is Asks.WHO:
        people = _people(text, tokens, sought, countries(text, tokens, analyzer))
        return [Naming(span, _is_unlisted(text, span)) for span in people]
    return []


def _is_unlisted(text: str, span: Span) -> bool:
    """Whether no others are named with a person: then only all of them would be an answer."""
    before = max(span.start - _LONGEST_NAME, 0)
    after = text.startswith(", ", span.stop) and text[span.stop + 2 : span.stop + 3].isupper()
    listed = after or _AND_ANOTHER.match(text, span.stop)
    return not listed and not _LISTED_BEFORE.search(text, before, span.start)


def _dates_its_clause(text: str, span: Span) -> bool:
    """Whether it does not date what happened before: «после пожара в 1961 году»."""
    before = max(span.start - _LONGEST_CLAUSE, 0)
    return not _APART_IN_TIME.search(text, before, span.start)


def _said(span: Span, tokens: Sequence[Token], sought: frozenset[str]) -> bool:
    """Whether a word of it is in the question."""
    return any(sought & set(token.lemmas) for token in _own(span, tokens))


def _own(span: Span, tokens: Sequence[Token]) -> Sequence[Token]:
    """The words, all in order, that stand whole in a stretch of the text."""
    first = _behind(span.start, tokens)
    last = bisect_right(tokens, span.stop, lo=first, key=attrgetter("stop"))
    return tokens[first:last]


def _behind(place: int, tokens: Sequence[Token]) -> int:
    """Which of the words is the first that begins there or later."""
    return bisect_left(tokens, place, key=attrgetter("start"))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.stop and other.start < one.stop


def _outside_brackets(text: str, spans: Iterable[Span]) -> list[Span]:
    """What is said in brackets is said by the way."""
    brackets = [Span(*match.span()) for match in _BRACKET.finditer(text)]
    return [
        span
        for span in spans
        if not any(one.start <= span.start and span.stop <= one.stop for one in brackets)
    ]


# Places


def _places(
    text: str, tokens: Sequence[Token], sought: frozenset[str], analyzer: Analyzer
) -> list[Span]:
    """Countries, cities or others, where the question has the word for one; else any place."""
    of_countries = countries(text, tokens, analyzer)
    names = [token for token in tokens if text[token.start].isupper()]
    if sought & _COUNTRY:
        return [span for span in of_countries if not _said(span, names, sought)]
    found = _outside_brackets(text, places(text))
    if sought & _CITY:
        heads = (_head(text, span) for span in found)
        found = [span for span in heads if not any(_overlap(span, one) for one in of_countries)]
    elif kinds := sought & _PLACE_KINDS:
        found = [span for span in found if _said(span, tokens, kinds)]
    return [_finished(text, span, tokens) for span in found if not _said(span, names, sought)]


def _head(text: str, span: Span) -> Span:
    """The place without what it lies in: «Солт-Лейк-Сити» of «Солт-Лейк-Сити (США)»."""
    part = _PART.match(text, *span)
    return Span(*part.span()) if part else span


def _finished(text: str, span: Span, tokens: Sequence[Token]) -> Span:
    """With the noun of its last word if that is an adjective: «Кремлёвской стене»."""
    nth = _behind(span.stop, tokens)
    if nth == len(tokens) or not _ADJECTIVE.search(text, *span):
        return span
    behind = tokens[nth]
    is_noun = behind.weight == 1 and text[span.stop : behind.start] == " "
    return Span(span.start, behind.stop) if is_noun else span


# People


def _people(
    text: str, tokens: Sequence[Token], sought: frozenset[str], of_countries: Sequence[Span]
) -> list[Span]:
    """Full names that are not the question's own."""
    found = _outside_brackets(text, full_names(text))
    people = (_person(text, span, tokens, of_countries) for span in found)
    return [span for span in people if span and not _said(span, tokens, sought)]


def _person(
    text: str, span: Span, tokens: Sequence[Token], of_countries: Sequence[Span]
) -> Span | None:
    """The name without «Президент Сербии» before it; None for «Центральная Азия»: an adjective is
    none."""
    if _INITIAL.search(text, *span):
        return span
    own = _own(span, tokens)
    while len(own) > 2 and (own[0].weight <= 1 or _is_country(own[0], of_countries)):
        own = own[1:]
    if len(own) < 2 or own[0].weight <= 1 or any(token.weight < 1 for token in own):
        return None
    return Span(own[0].start, span.stop)


def _is_country(token: Token, of_countries: Sequence[Span]) -> bool:
    return any(one.start <= token.start < one.stop for one in of_countries)


# Numbers


def _counted(text: str, tokens: Sequence[Token], sought: frozenset[str]) -> list[Span]:
    """Numbers of what is asked for: of a noun in the question, in a unit of what it measures.

    Where the question has neither, sums of money and shares.
    """
    days = dates(text)
    found = [
        number for number in numbers(text) if not any(_overlap(number.span, day) for day in days)
    ]
    dated = any(_YEAR.fullmatch(lemma) for lemma in sought)
    wanted = measured(sought - {"год"} if dated else sought)
    tied = [span for number in found if (span := _tied(text, number, tokens, sought))]
    tied += [number.span for number in found if number.measure in wanted]
    if tied or wanted:
        return sorted(set(tied))
    return [number.span for number in found if number.measure in {"money", "share"}]


def _tied(
    text: str, number: Number, tokens: Sequence[Token], sought: frozenset[str]
) -> Span | None:
    """The number, with the noun if that stands next to it, where the question has what it counts.

    None for a number that the question has itself.
    """
    units = MEASURES[number.measure].nouns if number.measure else frozenset()
    if number.measure in _LASTING or _said(number.span, tokens, sought - units):
        return None
    place = number.span.stop
    first = _behind(place, tokens)
    for nth, token in enumerate(tokens[first : first + COUNTED_WITHIN], start=first + 1):
        if text[place : token.start].strip(' \u00a0\n«"'):
            return None
        if token.weight >= 1:
            next_to_it = place == number.span.stop and not number.measure
            stop = _phrase_end(text, tokens, nth, sought) if next_to_it else number.span.stop
            return Span(number.span.start, stop) if sought & set(token.lemmas) else None
        place = token.stop
    return None


def _phrase_end(text: str, tokens: Sequence[Token], nth: int, sought: frozenset[str]) -> int:
    """Where the words end that are counted, before the token of a number: «рабочих мест»."""
    stop = tokens[nth - 1].stop
    for token in tokens[nth : nth + 2]:
        if text[stop : token.start] != " " or sought.isdisjoint(token.lemmas):
            break
        stop = token.stop
    return stop
