"""How Russian says a date: one named pattern a rule, for texts in small letters.

Each is tried at the beginning of a word, in this order but for those that begin with figures. A
group «_unit» of the rule «last» is known as «last_unit» in the one pattern of all.
"""

import re
from collections.abc import Iterable

from retrieval.asking.periods import MONTH, YEAR
from retrieval.asking.units import SEASON, UNIT

SPACE = " {1,3}"
_TO = f"(?: ?- ?|{SPACE}(?:по|до|и){SPACE})"
_CALLED = r"(?:(?:-\w{1,2})?(?: ?год[а-я]{0,3}(?!\w)| ?гг?\b\.?))"
_WHICH = (
    r"(?P<_which>(?:позапрошл|прошл|минувш|предыдущ|истекш|эт|текущ|нынешн|следующ|будущ)"
    r"(?:ого|его|ому|ему|ий|ый|ой|ая|яя|ое|ее|ые|ие|от|ом|ем|ую|юю|ей|им|ым|ых|их|а|у|о|и))"
)
COUNTS = {
    word: count
    for count, words in {
        1: "один одну",
        2: "два две двух двое пару",
        3: "три трех трое несколько",
        4: "четыре четырех",
        5: "пять пяти",
        6: "шесть шести",
        7: "семь семи",
        8: "восемь восьми",
        9: "девять девяти",
        10: "десять десяти",
        12: "двенадцать двенадцати",
        15: "пятнадцать",
        20: "двадцать двадцати",
        30: "тридцать тридцати",
        100: "сто ста",
    }.items()
    for word in words.split()
}
"""What a number in words stands for; «несколько» is three."""
_COUNT = rf"(?P<_count>(?:\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})(?!\w))"
_UNIT = rf"(?P<_unit>{UNIT})"
WEEKDAYS = ("понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресень")
DECADES = {
    "нулев": 0,
    "десят": 10,
    "двадцат": 20,
    "тридцат": 30,
    "сороков": 40,
    "пятидесят": 50,
    "шестидесят": 60,
    "семидесят": 70,
    "восьмидесят": 80,
    "девяност": 90,
}
_DECADE = rf"(?:{'|'.join(DECADES)})"
_ORDINAL = r"(?P<_number>(?:(?:перв|втор|трет|четверт)[а-я]{1,3}|[1-4](?:-[а-я]{1,2})?|i{1,3}|iv))"
PART = (
    rf"(?P<part>начал[аоеу]|середин[аеуы]|кон(?:ец|ц[аеу])"
    rf"|(?:перв|втор)(?:ой|ая|ую){SPACE}половин[аеуы])"
)
_WORDS = "позавчера|вчера|сегодня|послезавтра|завтра"
_ADJECTIVES = r"(?:позавчера|вчера|сегодня|завтра)шн[а-я]{2,3}"
_OF_A_LIFE = r"(?:жизни|правлени|царствовани|войны|существовани|службы|работы)"
_END = r"(?=\s*(?:$|[.,;:!?)]))"
_OF_THAT_YEAR = rf"{SPACE}{_WHICH}{SPACE}год[а-я]{{0,2}}(?!\w)"
_OF_YEAR = rf"(?:,?{SPACE}(?P<_year>{YEAR}){_CALLED}?|{_OF_THAT_YEAR})?"

RULES = {
    "last": rf"(?:за|в|в{SPACE}течение|на){SPACE}(?:сам[а-я]{{2}}{SPACE})?последн[а-я]{{2}}{SPACE}"
    rf"(?:{_COUNT}{SPACE})?{_UNIT}(?!{SPACE}{_OF_A_LIFE})",
    "lately": rf"последн[а-я]{{2}}{SPACE}{_COUNT}{SPACE}{_UNIT}",
    "in_one": rf"за{SPACE}{_UNIT}{_END}",
    "ago": rf"(?:{_COUNT}{SPACE}{_UNIT}|(?P<_one>день|неделю|месяц|год|полгода|час|сутки))"
    rf"{SPACE}(?:тому{SPACE})?назад(?!\w)",
    "that_season": rf"{_WHICH}{SPACE}(?P<_name>{SEASON})",
    "weekday": rf"во?{SPACE}(?:{_WHICH}{SPACE})?(?P<_name>{'|'.join(WEEKDAYS)})[а-я]?(?!\w)",
    "weekend": rf"(?:в|на){SPACE}(?:{_WHICH}{SPACE})?выходны[а-я](?!\w)",
    "that": rf"{_WHICH}{SPACE}{_UNIT}",
    "part_of_this": rf"{PART.replace('<', '<_')}{SPACE}{_UNIT}",
    "these_days": r"на днях(?!\w)",
    "word": rf"(?P<_name>{_WORDS})(?:{SPACE}(?:утром|днем|вечером|ночью))?(?!\w)",
    "adjective": rf"(?P<_name>{_ADJECTIVES})(?:{SPACE}д(?:ень|н[а-я]{{1,2}}))?(?!\w)",
    "iso": rf"(?P<_year>{YEAR})-(?P<_month>\d\d)(?:-(?P<_day>\d\d))?(?![\w-])",
    "figures": r"(?P<_day>\d\d?)[./](?P<_month>\d\d?)[./](?P<_year>\d{4})(?!\d)",
    "day": rf"(?P<_first>\d\d?)(?:-?(?:го|ое|е))?(?:{_TO}(?P<_last>\d\d?)(?:-?(?:го|ое|е))?)?"
    rf"{SPACE}(?P<_month>{MONTH}){_OF_YEAR}",
    "month": rf"(?P<_month>{MONTH}){_OF_YEAR}",
    "season": rf"(?P<_name>{SEASON}){_OF_YEAR}",
    "quarter": rf"{_ORDINAL}{SPACE}(?P<_unit>кв\.|квартал[а-я]{{0,2}}|полугоди[а-я]){_OF_YEAR}",
    "decade": rf"(?P<_hundreds>1\d|20)?(?P<_ten>\d)0-"
    rf"(?:х|ых|(?:(?<=в \d0-)|(?<=\d{{4}}-))ы?е)(?!\w)"
    rf"(?:{SPACE}год[а-я]{{1,2}})?",
    "ten_years": rf"(?P<_name>{_DECADE})(?:ые|ых){SPACE}год[а-я]{{1,2}}(?!\w)"
    rf"|(?<=в )(?P<_alone>{_DECADE})ые(?!\w)",
    "century": rf"(?P<_number>[ivxхі]{{1,5}}|\d\d?)(?:-[а-я]{{1,2}})?{SPACE}"
    r"(?:век[а-я]{0,3}|столети[а-я])(?!\w)",
    "years": rf"(?P<_first>{YEAR}){_TO}(?P<_last>{YEAR})(?!-?\d){_CALLED}?",
    "year": rf"(?P<_year>{YEAR})(?P<_called>{_CALLED}|-(?:го|му|м|й))?(?![\w-])",
}
"""By the name of the rule."""

_RELATIVE = """
last lately in_one ago that_season weekday weekend that part_of_this these_days word adjective
"""
RELATIVE = frozenset(_RELATIVE.split())
"""The rules that count from today."""


_BY_FIGURES = frozenset(("iso", "figures", "day", "decade", "years", "year"))
_EITHER = frozenset(("ago", "quarter", "century"))
"""The rules whose first word may be a number."""


def _alternatives(rules: Iterable[str]) -> str:
    return "|".join(f"(?P<{rule}>{RULES[rule].replace('?P<_', f'?P<{rule}_')})" for rule in rules)


_BY_LETTERS = [rule for rule in RULES if rule not in _BY_FIGURES | _EITHER]
DATE = re.compile(
    rf"(?<![\w.])(?=\w)(?:(?!\d)(?:{_alternatives(_BY_LETTERS)})"
    rf"|{_alternatives(sorted(_EITHER))}"
    rf"|(?=\d)(?:{_alternatives(rule for rule in RULES if rule in _BY_FIGURES)}))"
)
"""Any of them; `lastgroup` of a match names the rule."""
