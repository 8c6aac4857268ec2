"""What a question asks for, by its question words: a date, a number, a place, a name, a reason."""

import re
from collections.abc import Sequence
from enum import StrEnum

from retrieval.analyzer import Token
from retrieval.asking.folding import LONGEST, folded


class Asks(StrEnum):
    """What kind of thing answers a question."""

    WHEN = "when"
    """A date or a year."""
    HOW_MANY = "how many"
    """A number, a sum, a share."""
    WHERE = "where"
    """A place."""
    WHO = "who"
    """The name of a person or a body."""
    WHY = "why"
    """A reason."""


_TIMES = "год день месяц век дата эпоха десятилетие период пора столетие"
_AMOUNTS = """
сумма доля численность процент количество число размер объем площадь стоимость цена длина высота
глубина ширина вес масса возраст население температура скорость мощность расстояние срок бюджет
прибыль доход выручка курс ставка тариф зарплата рост тираж товарооборот протяженность
продолжительность вместимость емкость показатель уровень
"""
_PLACES = """
город страна область место регион район село деревня столица государство республика край штат
провинция улица континент остров материк порт аэропорт населенный округ уезд губерния поселок
площадка здание месторождение озеро море река гора университет музей театр стадион
"""
_NAMED = """
человек политик министр президент премьер премьер-министр посол глава лидер депутат аким губернатор
мэр чиновник дипломат эксперт аналитик ученый писатель поэт художник композитор режиссер актер
актриса певец певица музыкант архитектор автор журналист спортсмен футболист тренер генерал
полководец император король царь султан хан святой врач инженер предприниматель бизнесмен миллиардер
компания фирма корпорация организация партия банк агентство ведомство министерство издание газета
журнал завод предприятие фонд бренд имя фамилия деятель историк философ физик математик художница
основатель изобретатель разработчик производитель студия киностудия команда группа клуб сборная
профессор академик доктор сенатор спикер представитель адвокат судья корреспондент комментатор
правитель монарх директор руководитель председатель князь герой персонаж
"""
PERSONS = frozenset(_NAMED.split())
"""Who and what has a name: lemmas of nouns."""
_WHICH: dict[Asks, frozenset[str]] = {
    Asks.WHEN: frozenset(_TIMES.split()),
    Asks.HOW_MANY: frozenset(_AMOUNTS.split()),
    Asks.WHERE: frozenset(_PLACES.split()),
    Asks.WHO: PERSONS,
}
"""What «какой» asks for, by the word it goes with: the first of these that follows it."""
_HEADS = {
    Asks.WHEN: "дата|год|время начала|день рождения",
    Asks.WHERE: "место|местонахождение|адрес",
    Asks.HOW_MANY: "количество|численность|число|стоимость|цена|сумма|площадь|объем|доля|размер"
    "|население|возраст|процент",
    Asks.WHO: "автор|создатель|основатель",
}
"""What is asked for by its name alone, at the very beginning: «дата подписания договора»."""

_RULES: tuple[tuple[Asks | None, str], ...] = (
    (Asks.WHEN, r"как(?:ого|им|ому) числ\w{1,2}|(?<=[вск] )как(?:ое|ого|ому) врем\w{1,4}"),
    (Asks.WHEN, r"с каких пор|до каких пор|как давно|во сколько(?= (?:начи|откр|закр)\w)"),
    (Asks.WHY, r"как(?:ой|им) причин\w{1,3}|из-за чего|отчего|почему|зачем|с какой целью"),
    (Asks.HOW_MANY, r"как (?:долго|часто|далеко|велик\w?)|какое время|чему рав\w{2,3}"),
    (Asks.HOW_MANY, r"(?:на)?скольк(?:о|их|им|ими|и)"),
    (Asks.WHO, r"как (?:его |ее |их )?(?:зовут|звали|зовется)"),
    (None, r"(?:кто|что) так(?:ой|ая|ие|ое)|кто есть"),
    (Asks.WHEN, r"когда"),
    (Asks.WHERE, r"где|куда|откуда"),
    (Asks.WHO, r"кто|кого|кому|кем|ком|чей|чь(?:я|е|и|ю|его|ей|их|им|ими|ем)"),
    (None, r"что|чего|чему|чем|как"),
)
"""Question words, in this order where several stand in one place; None for whatever else is asked
with them."""
_WORDS = re.compile(
    rf"(?<![\w-])(?:{'|'.join(f'(?P<rule{n}>{words})' for n, (_, words) in enumerate(_RULES))}"
    r"|(?P<which>как(?:ой|ая|ое|ие|ого|ому|им|ом|ую|их|ими|ов|ова|ово|овы)))(?![\w-])"
)
_HEAD = re.compile(
    rf"\W*(?:{'|'.join(f'(?P<head{n}>{words})' for n, words in enumerate(_HEADS.values()))})(?= \w)"
)
_RELATIVE = re.compile(
    r"(?<!\w)(?:т(?:от|а|о|е|ех|ем|еми|ого|ому|ой|у)|вс(?:е|ех|ем)|кажд\w+|никто),? \Z"
)
"""Before «кто», «где» it makes a part of the sentence of them: «те, кто приехал»."""
ADJECTIVE = 0.5
"""A word that weighs no more, and more than a verb, may stand between «какой» and its noun."""
_LOOK_BACK = 12


def asked(text: str, words: Sequence[Token]) -> Asks | None:
    """What a question asks for, by its first question word; None if for anything else.

    `words` are those of the text. «Кто такой» and «что такое» ask for a description.
    """
    plain = folded(text[:LONGEST])
    for match in _WORDS.finditer(plain):
        if not _RELATIVE.search(plain, max(0, match.start() - _LOOK_BACK), match.start()):
            return _which(match, words) if match["which"] else _by_rule(match)
    head = _HEAD.match(plain)
    return list(_HEADS)[int((head.lastgroup or "head0")[4:])] if head else None


def _by_rule(match: re.Match[str]) -> Asks | None:
    return _RULES[int((match.lastgroup or "rule0")[4:])][0]


def _which(match: re.Match[str], words: Sequence[Token]) -> Asks | None:
    """What the noun of «какой» is one of: «в каком году», «какой казахстанский политик»."""
    for word in words:
        if word.start < match.end():
            continue
        found = (kind for kind, nouns in _WHICH.items() if nouns & {*word.lemmas})
        between = word.weight in (0, ADJECTIVE) or "являться" in word.lemmas
        if (kind := next(found, None)) or not between:
            return kind
    return None
