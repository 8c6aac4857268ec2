"""Where a text explains an abbreviation: «Совместный механизм обмена кредитами (JCM)».

As A. Schwartz and M. Hearst find it («A simple algorithm for identifying abbreviation definitions
in biomedical text», PSB 2003): a short form in brackets is looked for in the words before, or the
other way round. What their rule lets pass is weighed by `retrieval.fits`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from retrieval.fits import by_count, by_initials

_BRACKET = re.compile(r"[ \u00a0]*\(([^()\n]{2,200})\)")
_LISTED = re.compile(r",\s+(далее\s*[—–-]?\s*)?(\w{3,10})\b(?!\s*\()")
_LAST_WORD = re.compile(r"(?<![\w-])(\w{2,10})[»”\"]?$")
_PIECE = re.compile(r"[^,;/]+")
_REMARK = re.compile(
    r"\s*(?:(?:(?:от\s+)?(?:англ|нем|фр|лат|исп|ит|кит|яп|каз|рус)(?:\.|\w+ий)|сокр(?:\.|\w+)(?:\s+от)?"
    r"|или|ранее|далее(?:\s+по\s+тексту|\s+также)?|т\.\s*е\.|то\s+есть|аббр\.|аббревиатура)\s*[—–:-]*\s*)*"
)
_HENCEFORTH = re.compile(r"\s*далее(?:\s+по\s+тексту)?\s*[—–:-]*\s*[«“\"]?([^«»“”\",;]+)")
_QUOTED = re.compile(r"(?:[A-ZА-ЯЁ]{2,5}\s+)?(?:«[^«»\n]{1,60}){0,2}«([^«»\n]{1,60})»+$")
_WINDOW = 220
"""Characters before a short form that its full name is looked for in."""
_QUOTES = '«»“”„" '


class Introduced(NamedTuple):
    """A short form and the full name that one text gives for it, both as written there."""

    short: str
    full: str
    fits: bool = True
    """Whether the initials of the full name vouch for it; they cannot in another alphabet."""


def introduced(text: str) -> list[Introduced]:
    """The abbreviations that a paragraph explains, in order."""
    found = list(_in_brackets(text)) if "(" in text else []
    for match in _LISTED.finditer(text):
        if _is_short(match[2]):
            full = by_initials(match[2], _before(text, match.start()), strictly=not match[1])
            found += [Introduced(match[2], full)] if full else []
    return found


def _in_brackets(text: str) -> Iterator[Introduced]:
    for match in _BRACKET.finditer(text):
        before, inside = _before(text, match.start()), match[1]
        if named := _named(before, inside):
            yield named
            continue
        shorts = [short for piece in _PIECE.findall(inside) if _is_short(short := _bare(piece))]
        yield from (found for short in shorts if (found := _explained(short, before)))
        if not shorts and (last := _LAST_WORD.search(before)) and _is_short(last[1]):
            found = _explained(last[1], _bare(inside), whole=True)
            yield from (found,) if found else ()


def _before(text: str, stop: int) -> str:
    return text[max(0, stop - _WINDOW) : stop].rstrip()


def _bare(piece: str) -> str:
    """Without «далее —», «англ.» and quotes."""
    return _REMARK.sub("", piece, count=1).strip(_QUOTES)


def _is_short(word: str) -> bool:
    """«ТМТМ», «ЕврАзЭС»: up to 10 letters, half of them or more, and the first, capitals."""
    capitals = sum(map(str.isupper, word))
    return (
        2 <= len(word) <= 10
        and word[0].isupper()
        and word.isalpha()
        and capitals >= max(2, len(word) / 2)
    )


def _explained(short: str, text: str, *, whole: bool = False) -> Introduced | None:
    """The name at the end of `text`, or `whole` of it, that a short form stands for."""
    if full := by_initials(short, text, whole=whole):
        return Introduced(short, full)
    full = by_count(short, text, whole=whole)
    return Introduced(short, full, fits=False) if full else None


def _named(before: str, inside: str) -> Introduced | None:
    """«АО «НАК «Казатомпром» (далее – Казатомпром)»: the name in the inmost quotes stands alone."""
    short = _HENCEFORTH.fullmatch(inside.rstrip(_QUOTES))
    full = _QUOTED.search(before) if short else None
    if not short or not full or full[1].strip() != short[1].strip() or full[0].count("«") < 2:
        return None
    return Introduced(short[1].strip(), full[0])
