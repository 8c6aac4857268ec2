"""Attributions in the lead («сообщает Zakon.kz») that name the medium an article is from.

A rule takes the lead. A medium that is only quoted («Как пишет издание Nikkei», «портал Jiji
пишет», «со ссылкой на Reuters») is never the source: a wrong source is worse than an unknown one.
"""

import re
from collections.abc import Callable

from retrieval import media
from retrieval.clues import Clue

_REPORTS = r"(?:сообща[ею]т|переда[её]т|передают|пишет|пишут|информиру[ею]т|рассказывает)"
_TOLD = (
    r"(?:сообщил|рассказал|заявил|сказал|отметил|пояснил|объяснил|поделил|подчеркнул|прокомментировал|ответил"
    r"|признал)(?:а|о|и)?(?:с[ья])?"
)
_SAYING = (
    *("сообщ", "переда", "пиш", "информиру", "сказ", "заявил", "отметил", "яснил", "поделил"),
    *("подчеркнул", "прокомментировал", "ответил", "признал"),
)
"""One of these is in every verb above: a lead without them is passed over at once."""
_STAFF = (
    r"(?:(?:(?:собственн|специальн)\w+\s+)?"
    r"(?:корреспондент|журналист|обозревател|редакци)\w*\s+)?"
)
_MEDIUM = (
    r"(?P<medium>(?:(?:информационн\w+|новостн\w+|международн\w+|деловой|деловое)\s+)*"
    r"(?:агентств\w+|информагентств\w+|портал\w*|издани\w+|газет\w+|телеканал\w*|журнал\w*|сайт\w*|МИА|ИА|НИА)\s+)?"
)
_DOMAIN = rf"[«\"“]?(?P<name>{media.DOMAIN})"
_WORD = r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w-]*"
_NAME = rf"(?P<name>[«\"“][^«»\"“”\n]{{2,40}}[»\"”]|{_WORD}(?:\s+(?:{_WORD}|\d+)){{0,2}})"
_END = r"(?=\s*(?:[.,;]|$)|\s+со ссылкой|\s+\(|\s+из\s)"
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9 .-]*")


def attributed_domain(lead: str) -> Clue | None:
    """«сообщает Zakon.kz», «рассказал Forbes.kz», «об этом Tengrinews.kz рассказал посол»."""
    if not _says(lead):
        return None
    told_to = rf"\b[Оо]б этом\s+{_STAFF}{_MEDIUM}{_DOMAIN}\s+{_TOLD}"
    return _first(rf"\b(?:{_REPORTS}|{_TOLD})\s+{_STAFF}{_MEDIUM}{_DOMAIN}", lead) or _first(
        told_to, lead
    )


def attributed_agency(lead: str) -> Clue | None:
    """«передает корреспондент агентства Kazinform», «сообщает LS со ссылкой на пресс-службу»."""
    if not _says(lead):
        return None
    matches = re.finditer(rf"\b{_REPORTS}\s+{_STAFF}{_MEDIUM}{_NAME}{_END}", lead)
    names = (
        match["name"] for match in matches if _is_publisher(match["name"], bool(match["medium"]))
    )
    return next((Clue(source=media.canonical(name)) for name in names), None)


def interview(lead: str) -> Clue | None:
    """«в интервью SHYNDYK.KZ рассказал политолог», «сказал он в интервью Tengrinews.kz».

    Only names that are web addresses: others stand in a case of their own («Казахстанской правде»).
    """
    if "интервью" not in lead:
        return None
    given = rf"\b[Вв]\s+(?:\w+\s+)?интервью\s+{_STAFF}{_MEDIUM}{_DOMAIN}"
    after = _first(rf"{given}(?=[^.!?\n]{{0,120}}?\b{_TOLD}\b)", lead)
    return after or _first(rf"\b{_TOLD}\b[^.!?\n]{{0,120}}?{given}", lead)


def without_attribution(sentence: str) -> str:
    """The sentence without the clause that says who reports it, if that clause ends it."""
    name = rf"(?:{media.DOMAIN}|{_NAME})".replace("?P<name>", "?:")
    clause = rf",\s+(?:как\s+)?{_REPORTS}\s+{_STAFF}{_MEDIUM}{name}(?:\s+со ссылкой на [^.]*)?"
    return re.sub(rf"{clause}\s*\.?$", "", sentence)


def _says(lead: str) -> bool:
    return any(root in lead for root in _SAYING)


def _first(pattern: str, lead: str) -> Clue | None:
    names = (match["name"] for match in re.finditer(pattern, lead))
    return next(
        (Clue(source=media.canonical(name)) for name in names if not media.is_foreign(name)), None
    )


def _is_publisher(name: str, called_medium: bool) -> bool:
    """Whether a name after «сообщает» is a medium: ministries and people report things as well."""
    bare = name.strip('«»“”" ')
    if media.is_foreign(bare):
        return False
    return called_medium or media.is_known(bare) or bool(_LATIN.fullmatch(bare))


RULES: tuple[Callable[[str], Clue | None], ...] = (
    attributed_domain,
    attributed_agency,
    interview,
)
