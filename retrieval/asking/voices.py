"""Who a question wants to hear: a person or a source named in it; and words that only ask."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.analyzer import Token
from retrieval.asking.asks import ADJECTIVE, PERSONS
from retrieval.asking.folding import LONGEST, folded
from retrieval.models import Span


class Voices(NamedTuple):
    """Who speaks, by the words of the question that name them, and what only serves to ask."""

    speaker: tuple[Token, ...] = ()
    source: tuple[Token, ...] = ()
    asking: tuple[Span, ...] = ()


_S = " {1,3}"
_WORD = r"[«\"„]?\w[\w'-]*(?:\.\w+)*[»\"“]?"
_NAME = rf"(?P<name>{_WORD}(?:{_S}{_WORD}){{0,4}}?)"
_ABOUT = rf"(?:об?|обо|про|насчет|относительно|по{_S}(?:поводу|вопрос[уа]м?)|касательно)(?!\w)"
_SAY = (
    r"(?:говор(?:ит|ят|ил[аи]?)|сказал[аи]?|дума(?:ет|ют|л[аи]?)|счита(?:ет|ют|л[аи]?)"
    r"|заяв(?:ил[аи]?|ля(?:ет|ют|л[аи]?))|отме(?:тил[аи]?|ча(?:ет|ют|л[аи]?))"
    r"|подчеркну(?:л[аи]?)|подчеркива(?:ет|ют)|рассказ(?:ал[аи]?|ыва(?:ет|ют|л[аи]?)))(?!\w)"
)
_REPORT = (
    r"(?:пиш(?:ет|ут)|писал[аи]?|сообщ(?:а(?:ет|ют|л[аи]?)|ил[аи]?)|переда(?:ет|ют|л[аи]?)"
    r"|информиру(?:ет|ют))(?!\w)"
)
_VIEW = r"(?:мнени[а-я]{1,2}|слова|словах|высказывани[а-я]{1,2}|точк[а-я]{1,2} зрени[а-я])"
_SPEECH = (
    r"(?:заявлени|выступлени|комментари|позици|реакци|взгляд|цитат|оценк|интервью|реч)[а-я]{0,3}"
)
_OPINION = rf"по{_S}(?:словам|мнению|утверждению|оценке|оценкам|выражению)"
_DATA = rf"(?:по{_S}(?:данным|сообщени(?:ю|ям)|информации|сведениям|версии)|как{_S}{_REPORT})"
_SEES = r"(?:относ(?:ит|ят)ся|оценива(?:ет|ют)|оценил[аи]?|прокомментировал[аи]?)"
_WHAT = rf"(?<!\w)(?:что|чего|как){_S}(?:же{_S})?"

_TILL_ABOUT = re.compile(rf"{_S}(?!{_ABOUT}){_NAME}(?={_S}{_ABOUT}|{_S}ко?{_S}|,)")
_BEHIND = re.compile(
    rf"{_WHAT}(?P<says>{_SAY})|{_WHAT}(?P<reports>{_REPORT})|{_WHAT}(?P<sees>{_SEES})"
    rf"|(?<!\w)(?P<opinion>{_OPINION})(?!\w)|(?<!\w)(?P<data>{_DATA})(?!\w)"
    rf"|(?<!\w)(?P<news>новости(?:{_S}(?:от|из))?)(?!\w)"
    rf"|(?<!\w)(?P<view>{_VIEW})(?!\w)|(?<!\w)(?P<speech>{_SPEECH})(?!\w)"
)
"""What stands before who speaks."""
_BEFORE = re.compile(
    rf"{_WHAT}{_NAME}{_S}(?:(?P<says>{_SAY})|(?P<reports>{_REPORT})|(?P<sees>{_SEES}))"
)
"""«Что Токаев говорит о»."""
_OPENING = re.compile(
    rf"\W*{_NAME}{_S}(?:(?P<about>{_ABOUT}){_S}\w"
    rf"|(?P<reports>{_REPORT})(?:,?{_S}что|{_S}{_ABOUT}|\W*\Z)"
    rf"|(?P<says>{_SAY})(?:,?{_S}что|{_S}{_ABOUT}|\W*\Z))"
)
"""«Токаев о визите», «Trend пишет про», at the beginning of a question."""
_PERSONS_ONLY = frozenset({"view", "speech", "about"})
"""Beside these anything may stand: only a person is one who speaks."""
_WORDS_STAY = frozenset({"speech", "sees", "about"})
_OF_A_SOURCE = frozenset({"reports", "data", "news"})
_OF_BOTH = re.compile("сообщ|информиру")
"""What a person does as well as a newspaper."""
_NAME_WEIGHT = 1.5
_SURNAME = re.compile("(?:[ое]в|[иы]н|ск)-$")
"""How the stem of one ends: «токаев-» for what the dictionary has as a form of «токай»."""

_POLITE = re.compile(
    r"(?<!\w)(?:скажи|подскажи|расскажи|найди|покажи|напомни|объясни|назови|ответь|перечисли|сообщи"
    rf"|дай{_S}знать|помоги)(?:те)?(?:{_S}(?:мне|нам))?(?!\w)"
    r"|(?<!\w)(?:пожалуйста|с каких пор)(?!\w)"
    rf"|(?<!\w)(?:хочу|хотелось{_S}бы|можно){_S}(?:ли{_S})?(?:узнать|знать)(?!\w)"
    rf"|(?<=что )(?:{_S})?известно(?!\w)|(?<!\w)интересует(?!\w)"
    rf"|(?<!\w)как(?:ой|ом|ого|ому|им|ие|их|ая|ую){_S}"
    r"(?:год|числ|месяц|век|дат)[а-я]{0,3}(?!\w)"
    rf"|как{_S}(?:его{_S}|ее{_S}|их{_S})?(?:зовут|звали)(?!\w)"
)


def voices(text: str, words: Sequence[Token]) -> Voices:
    """Find who is to speak; `words` are those of the text.

    «Нуржума о …», «что сказал X о …», «мнение X», «по словам X» name a speaker; «что пишет X»,
    «по данным X», «X сообщает», «новости X» a source, «X о …» either. Whether there is such a
    source is for the archive to say.
    """
    plain = folded(text[:LONGEST])
    found = next(_found(plain, text, words), Voices())
    polite = tuple(Span(*match.span()) for match in _POLITE.finditer(plain))
    return found._replace(asking=found.asking + polite)


def _found(plain: str, text: str, words: Sequence[Token]) -> Iterator[Voices]:
    """What is said to be asked of someone first, then nouns such as «интервью»."""
    matches = [(match, True) for match in _BEHIND.finditer(plain)]
    before = (_BEFORE.search(plain), _OPENING.match(plain))
    matches += [(match, False) for match in before if match]
    for match, is_behind in sorted(matches, key=lambda one: one[0].lastgroup == "speech"):
        if found := _voice(match, is_behind, text, words):
            yield found


def _voice(match: re.Match[str], behind: bool, text: str, words: Sequence[Token]) -> Voices | None:
    kind = match.lastgroup or ""
    named = _behind(match, text, words) if behind else _inside(Span(*match.span("name")), words)
    if not named or not _may_speak(kind, named):
        return None
    asking = () if kind in _WORDS_STAY else (Span(*match.span(kind)),)
    if kind not in _OF_A_SOURCE:
        return Voices(named, named if kind == "about" else (), asking)
    both = _OF_BOTH.match(match[kind])
    return Voices(named if both else (), named, asking)


def _behind(match: re.Match[str], text: str, words: Sequence[Token]) -> tuple[Token, ...]:
    """The words up to «о», «про»; where there is none, the first one and names behind it."""
    if till := _TILL_ABOUT.match(match.string, match.end()):
        return _inside(Span(*till.span("name")), words)
    first, named = match.end(), list[Token]()
    for word in words:
        if word.start < first:
            continue
        gap = text[named[-1].stop if named else first : word.start]
        goes_on = not named or named[-1].weight == ADJECTIVE or _is_name(word)
        a_verb = 0 < word.weight < ADJECTIVE
        if a_verb or gap.strip(' "«„') or not (goes_on or text[word.start].isupper()):
            break
        named.append(word)
    return tuple(named)


def _may_speak(kind: str, named: Sequence[Token]) -> bool:
    """Whether those named are persons, where anything could stand."""
    return kind not in _PERSONS_ONLY or all(
        _is_name(word) or not PERSONS.isdisjoint(word.lemmas) for word in named
    )


def _is_name(word: Token) -> bool:
    """Of a person, a place, of anything the dictionary lacks, or a form that is a surname too."""
    return word.weight >= _NAME_WEIGHT or any(map(_SURNAME.search, word.lemmas))


def _inside(span: Span, words: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(word for word in words if span.start <= word.start and word.stop <= span.stop)
