"""A message as text with marks, buttons and quotes, within Telegram's limits.

Marks are in characters of the text; they become entities in UTF-16 units where a message is sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot import texts
from bot.quotes import CUT, Quote, first_units, units
from retrieval.models import Span

MAX_MESSAGE = 4096
"""UTF-16 units of one message's text (https://core.telegram.org/bots/api#sendmessage)."""
MAX_ENTITIES = 100
"""Formatting entities of one message; those over it are dropped by Telegram."""
FOLD_FROM = 600
"""Characters from which a quote is shown folded, to be opened by a tap."""

MarkKind = Literal[
    "bold", "italic", "underline", "blockquote", "expandable_blockquote", "text_link"
]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a stretch of a reply's text is shown: characters, half-open."""

    start: int
    stop: int
    kind: MarkKind
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` comes back when it is pressed (at most 64 bytes)."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A message ready to be sent, and the quotes in it, to be checked just before that."""

    text: str
    marks: tuple[Mark, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    quotes: tuple[tuple[Span, Quote], ...] = ()

    def check(self) -> None:
        """Raise QuoteMismatch unless every quote stands in the text exactly as in its article."""
        for span, quote in self.quotes:
            quote.check(self.text[span.start : span.stop])


@dataclass
class Composer:
    """Puts a reply together piece by piece, keeping track of where each piece stands."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    quotes: list[tuple[Span, Quote]] = field(default_factory=list)

    def add(self, piece: str, kind: MarkKind | None = None, url: str | None = None) -> None:
        start = len(self.text)
        self.text += piece
        if kind and piece:
            self.marks.append(Mark(start, len(self.text), kind, url))

    def line(self, piece: str = "", kind: MarkKind | None = None, url: str | None = None) -> None:
        self.add(piece, kind, url)
        self.text += "\n"

    def lines(self, pieces: Sequence[str], room: int) -> None:
        """As many lines as fit into so many UTF-16 units; of the rest only the number."""
        for number, piece in enumerate(pieces):
            room -= units(piece) + 1
            if room < 0:
                self.line(texts.and_more(len(pieces) - number))
                return
            self.line(piece)

    def slice(self, quote: Quote) -> int:
        """The article's own text, to be checked before it goes; returns where it starts."""
        start = len(self.text)
        self.add(quote.text)
        self.quotes.append((Span(start, len(self.text)), quote))
        return start

    def quote(self, quote: Quote) -> None:
        """A blockquote: the slice of the article, […] where it was cut.

        What matched is in bold, what answers underlined.
        """
        begin = len(self.text)
        self.add(f"{CUT} " if quote.cut_before else "")
        start = self.slice(quote)
        self.add(f" {CUT}" if quote.cut_after else "")
        length = len(self.text) - begin
        kind: MarkKind = "expandable_blockquote" if length > FOLD_FROM else "blockquote"
        self.marks.append(Mark(begin, len(self.text), kind))
        shift = start - quote.span.start
        for word in joined(quote.article.text, quote.bold):
            self.marks.append(Mark(word.start + shift, word.stop + shift, "bold"))
        for answer in quote.underlined:
            self.marks.append(Mark(answer.start + shift, answer.stop + shift, "underline"))
        self.text += "\n"

    def extend(self, other: "Composer") -> None:
        """What another composer has put together, behind what is here."""
        shift = len(self.text)
        self.text += other.text
        self.marks += [
            replace(mark, start=mark.start + shift, stop=mark.stop + shift) for mark in other.marks
        ]
        self.quotes += [
            (Span(span.start + shift, span.stop + shift), quote) for span, quote in other.quotes
        ]

    def reply(self, buttons: Sequence[Sequence[Button]] = ()) -> Reply:
        return Reply(
            self.text.rstrip(),
            within_limit(self.marks),
            tuple(tuple(row) for row in buttons if row),
            tuple(self.quotes),
        )


def joined(text: str, words: Iterable[Span]) -> list[Span]:
    """Words with nothing but spaces between them as one stretch: fewer entities, calmer to read."""
    stretches: list[Span] = []
    for word in words:
        if stretches and not text[stretches[-1].stop : word.start].strip(" "):
            stretches[-1] = Span(stretches[-1].start, max(stretches[-1].stop, word.stop))
        else:
            stretches.append(word)
    return stretches


def within_limit(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """At most as many marks as Telegram takes; bold ones go first, from the end."""
    spare = MAX_ENTITIES - sum(mark.kind != "bold" for mark in marks)
    kept = [mark for mark in marks if mark.kind == "bold"][: max(spare, 0)]
    return tuple(mark for mark in marks if mark.kind != "bold" or mark in kept)


def shortened(text: str, limit: int) -> str:
    """A one-line text of at most `limit` characters, cut between words, fit to be sent."""
    line = " ".join(text.encode("utf-8", errors="replace").decode().split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:—–-") + "…"


def split(text: str, limit: int, first: int) -> list[str]:
    """Cut a text into pieces of at most `limit` UTF-16 units, the first of at most `first`.

    Cuts fall between paragraphs where they can, else between words.
    """
    pieces: list[str] = []
    room = first
    while units(text) > room:
        stop = _cut(text, room)
        pieces.append(text[:stop].rstrip())
        text = text[stop:].lstrip()
        room = limit
    return [*pieces, text]


def _cut(text: str, room: int) -> int:
    """How many characters of a text that is too long to take: up to a paragraph's or word's end."""
    taken = len(first_units(text, room))
    for boundary in ("\n", " "):
        stop = text.rfind(boundary, 0, taken + 1)
        if stop > taken // 4:
            return stop
    return taken
