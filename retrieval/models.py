"""The frozen values that everything passes around: articles, passages, hits.

All offsets are in characters (code points) of `Article.text`, half-open, as Python slices.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import total_ordering
from hashlib import blake2b
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of characters of `Article.text`."""

    start: int
    stop: int


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A calendar date known to the day, to the month or to the year only.

    Raises ValueError where such a date does not exist.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a date with a day needs a month")
        date(self.year, *(1 if part is None else part for part in (self.month, self.day)))

    @classmethod
    def fromisoformat(cls, text: str) -> "PartialDate":
        """Read «2025», «2025-08» or «2025-08-31»."""
        match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text)
        if not match:
            raise ValueError(f"{text!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
        return cls(*(int(part) for part in match.groups() if part))

    def __str__(self) -> str:
        parts = (self.month, self.day)
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in parts if part)])

    def __lt__(self, other: "PartialDate") -> bool:
        return str(self) < str(other)


class Origins(NamedTuple):
    """How each field was found: a rule's name, «field» or «sidecar»; "" if not known."""

    title: str = ""
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as stored: its text untouched, and what is known about it (None: not known)."""

    id: str
    """The id it gives itself, else its path, with `#LINE` behind it for a line of a .jsonl."""
    path: str
    """Relative to the corpus folder, with forward slashes."""
    text: str = field(repr=False)
    title: str
    source: str | None = None
    date: PartialDate | None = None
    url: str | None = None
    author: str | None = None
    line: int | None = None
    """The line of a .jsonl file, from 1."""
    origins: Origins = field(default=Origins())
    body: int = 0
    """Where the body starts: what stands before it is the head (date, title line, source)."""
    headings: tuple[Span, ...] = ()
    """Section heads known from markup (Markdown, HTML); plain text has none of these."""

    @property
    def digest(self) -> str:
        """A hash of all a reader can see of it: the same digest, the same article."""
        seen = (self.text, self.title, self.source, str(self.date), self.url, self.author)
        return blake2b(repr(seen).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that can be quoted: a slice of its article, with what helps to find it."""

    article: Article
    start: int
    stop: int
    section: Span | None = None
    """The section head it stands under."""
    question: Span | None = None
    """The interviewer's question it answers."""

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.stop]

    def overlaps(self, span: Span) -> bool:
        """Whether it has a character in common with a span of its article."""
        return self.start < span.stop and span.start < self.stop


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with its score and the words that matched."""

    passage: Passage
    score: float
    spans: tuple[Span, ...]
    """Words of the passage that share a lemma with the query, in order."""
    sentence: Span | None = None
    """The sentence of the passage that answers; None where none stands out."""
    answer: tuple[Span, ...] = ()
    """What was asked for in that sentence, if it is clear: a date, a number, a place, a name."""


class Reason(StrEnum):
    """Why a file, or a line of it, was refused."""

    NOT_TEXT = "not text"
    EMPTY = "empty"
    FRONT_MATTER = "broken front matter"
    JSON = "broken JSON"
    FIELD = "missing or wrong field"
    SIDECAR = "broken sidecar"
    DUPLICATE_ID = "duplicate id"
    DATE = "impossible date"
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"
    OUTSIDE = "link out of the folder"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, or a line of it, that was not taken in, and why; the rest of the corpus loads."""

    path: str
    reason: Reason
    detail: str = ""
    """In English, for the command line and logs: what was seen and how to mend it."""
    line: int | None = None

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return ": ".join(filter(None, (where, self.reason, self.detail)))
