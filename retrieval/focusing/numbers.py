"""Numbers in a text, in figures and in words, with what they measure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from retrieval.models import Span


class Measure(NamedTuple):
    """A thing that is measured: how its units are written, and the words that ask for it."""

    units: str
    """A regular expression; letters of any case."""
    nouns: frozenset[str]
    """Lemmas, without ё."""


class Number(NamedTuple):
    """A number, with its unit and with how exact it is («более 40%»)."""

    span: Span
    measure: str = ""
    """A key of MEASURES; "" for a number that counts things, or measures what is not known."""


def _measure(units: str, nouns: str) -> Measure:
    return Measure(units, frozenset(nouns.split()))


MEASURES = {
    "money": _measure(
        r"(?:доллар|рубл|тенге|иен|юан|фунт|крон|манат|сомов|сумов)[а-я]*(?: США)?|евро"
        r"|руб\.|сом|сум|[$€₽₸¥£]|USD|EUR|KZT",
        "деньги сумма средство стоимость цена стоить доход прибыль бюджет инвестиция заработать"
        " потратить зарплата состояние",
    ),
    "share": _measure(r"%|процент[а-я]*|процентн[а-я]+ пункт[а-я]*|п\. ?п\.", "процент доля часть"),
    "area": _measure(
        r"кв\.? ?(?:к?м|мил)[а-я.]*|к?м[²2]|гектар[а-я]*|га|квадратн[а-я]+ \w+",
        "площадь территория гектар квадратный",
    ),
    "volume": _measure(
        r"куб\.? ?к?м[а-я.]*|к?м[³3](?:/с)?|кубическ[а-я]+ \w+|литр[а-я]*|барр[а-я.]+", "объем"
    ),
    "length": _measure(
        r"километр[а-я]*|метр[а-я]*|сантиметр[а-я]*|миллиметр[а-я]*|[кcсм]?м|мил[ьи][а-я]*",
        "длина высота глубина ширина протяженность расстояние километр метр миля рост диаметр",
    ),
    "mass": _measure(
        r"тонн[а-я]*|килограмм[а-я]*|грамм[а-я]*|кг|т", "масса вес весить тонна килограмм"
    ),
    "time": _measure(
        r"лет|года?|месяц[а-я]*|недел[а-я]+|дн[яе][й]?|дней|день|час[а-я]*|минут[а-я]*|секунд[а-я]*",
        "возраст лето год месяц день час длиться продолжительность длительность срок",
    ),
    "times": _measure("раза?", "раз"),
    "people": _measure(
        r"человека?|чел\.|жител[а-я]+", "человек житель население численность насчитывать"
    ),
}
"""By its name each thing that is measured."""

_GAP = "[ \u00a0\u202f\n]"
_FIGURE = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,]\d+)*"
_FIGURES = rf"{_FIGURE}(?:{_GAP}?[-–—]{_GAP}?{_FIGURE})?"
_TEEN = r"(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцат[ьи]"
_WORD = (
    rf"(?:{_TEEN}|дв[ае]дцат[ьи]|тридцат[ьи]|сорока?|(?:пять|шесть|семь|восемь)десят|девяност[оа]"
    r"|сто|двести|триста|четыреста|(?:пять|шесть|семь|восемь|девять)сот|дв[ае]|двух|двум|двумя|три"
    r"|тр[её][хм]|тремя|четыр(?:е|[её]х|[её]м|ьмя)|пят[ьи]|шест[ьи]|сем[ьи]|восем[ьи]|восьми|девят[ьи]"
    r"|десят[ьи]|тысяч[аи]?|(?:миллион|миллиард)[а-я]{0,2})"
)
_WORDS = rf"{_WORD}(?:{_GAP}(?:{_WORD}|один|одна|одно)(?!\w))*"
_SCALE = rf"{_GAP}?(?:тыс|млн|млрд|трлн|(?:тысяч|миллион|миллиард|триллион)[а-я]{{0,2}})(?!\w)\.?"
_ABOUT = (
    rf"(?:(?:не{_GAP})?(?:более|менее)|свыше|около|почти|порядка|примерно|приблизительно"
    rf"|больше|меньше){_GAP}(?:чем{_GAP})?"
)
_UNIT = "|".join(
    rf"(?P<{name}>{measure.units.replace(' ', _GAP)})" for name, measure in MEASURES.items()
)
_VALUE = rf"(?:{_FIGURES}|{_WORDS})(?![-\w])(?:{_SCALE})?"
_NUMBER = re.compile(
    rf"(?<![\w.,+№#/-])(?<!± )(?:{_ABOUT})?[$€₽£]?(?:от{_GAP}{_VALUE}{_GAP}до{_GAP})?{_VALUE}"
    rf"(?:{_GAP}?(?:{_UNIT})(?![\w²³]))?",
    re.IGNORECASE,
)


def numbers(text: str) -> list[Number]:
    """The numbers of a text, in order: no ordinals («9-й»), nothing that is part of a name."""
    return [Number(Span(*match.span()), match.lastgroup or "") for match in _NUMBER.finditer(text)]


def measured(lemmas: Iterable[str]) -> frozenset[str]:
    """What a question asks to have measured, by its words: keys of MEASURES."""
    words = frozenset(lemmas)
    return frozenset(name for name, measure in MEASURES.items() if measure.nouns & words)
