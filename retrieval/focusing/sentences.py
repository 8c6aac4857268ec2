"""Where the sentences of a text begin and end, without cutting through a quotation or a list."""

import re
from functools import lru_cache

from razdel import sentenize

from retrieval.models import Span

LONGEST_SPEECH = 400
"""Characters; a quotation or a bracket of several sentences is kept whole up to this length."""

_REMEMBERED = 256
"""Texts: a passage that is shown is read for what answers in it, and again for its quote."""

_OPENS = re.compile(r"[«(\[]|(?<![^\s(])[\"„“](?=\S)")
_CLOSES = re.compile(r"[»)\]]|(?<=\S)[\"“”](?!\w)")
_ENCLOSES = re.compile(r"[«»()\[\]\"„“”]")
_NUMBERED = re.compile(r"(?:^|\n)\s*(?:\d{1,3}|[a-zа-яё])[.)]$", re.IGNORECASE)
_OF_A_CENTURY = re.compile(r"[IVX]+ (?:вв?|век)")
_WORD = re.compile(r"\w")
_PREPOSITION = (
    r"(?:об?|обо|во?|на|ко?|со?|у|от|из|за|над|под|перед|при|про|по|для|до|после|без|кроме|через"
    r"|против|вокруг|около|возле|среди|между|из-за|ради|благодаря|согласно|вопреки|вслед за"
    r"|вместе с|наряду с|в связи с|по поводу)"
)
_TIME = r"(?:год|месяц|квартал|полугоди|сезон|век[ауе]?\b|летом\b|десятилети)"
"""«В этом году» is the year of publication: it needs no other sentence."""
_LEANS = re.compile(
    r"[\s«\"„“—–-]*(?:он|она|оно|они|его|е[её]|их|ему|ей|им|эт(?:от|а|и|о|ого|ой|ому|им|их|у|ом)"
    r"|тот|та|те|так(?:ой|ая|ое|ие)?|там|туда|оттуда|тогда|здесь|поэтому|потому|однако|зато|также"
    r"|тоже|затем|потом|помимо|впрочем|прич[её]м|при этом|кроме того|тем не менее|вместе с тем"
    r"|между тем|в то же время|с другой стороны|в результате|в ответ|после чего"
    rf"|{_PREPOSITION} (?:эт(?:ом|ому|ого|им)(?! {_TIME})|н(?:[её]м|ей|их|ими?|ему|е[её]|его))"
    r"|по (?:его|е[её]|их)|последн(?:ий|яя|ее|ие)|но|а|и|да|или|же|именно)\b(?!-)",
    re.IGNORECASE,
)
"""How a sentence begins that cannot be understood without the one before it."""


@lru_cache(maxsize=_REMEMBERED)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text in order, without the white space between them.

    razdel finds them; those it parts in a quotation that began in mid-sentence, or behind the
    number of a list's item, are put together again. A text of blanks has none.
    """
    pieces = [
        Span(piece.start, piece.stop) for piece in sentenize(text) if piece.start < piece.stop
    ]
    found: list[Span] = []
    while pieces:
        taken = _whole(text, pieces)
        sentence = Span(pieces[0].start, pieces[taken - 1].stop)
        if found and not _begins(text, found[-1], sentence):
            sentence = Span(found.pop().start, sentence.stop)
        found.append(sentence)
        pieces = pieces[taken:]
    return tuple(found)


def _whole(text: str, pieces: list[Span]) -> int:
    """How many of the pieces, from the first one on, close every quote that is opened in them."""
    start = pieces[0].start
    depth = -(text[start] in '«"„“')
    for taken, piece in enumerate(pieces, start=1):
        if taken > 1 and piece.stop - start > LONGEST_SPEECH:
            break
        depth += _depth(text[piece.start : piece.stop])
        if depth <= 0:
            return taken
    return 1


def _depth(text: str) -> int:
    """How many more quotes and brackets are opened in it than closed."""
    if not _ENCLOSES.search(text):
        return 0
    return len(_OPENS.findall(text)) - len(_CLOSES.findall(text))


def _begins(text: str, before: Span, sentence: Span) -> bool:
    """Whether it is a sentence of its own behind the one before."""
    last, own = text[before.start : before.stop], text[sentence.start : sentence.stop]
    if not _WORD.search(own) or _NUMBERED.search(last):
        return False
    return not (last.endswith("гг.") and _OF_A_CENTURY.match(own))


def leans(sentence: str) -> bool:
    """Whether a sentence begins with a word that points back: «Он», «Там», «При этом»."""
    return bool(_LEANS.match(sentence))
