"""Fetched articles as Markdown files in the corpus folder, and by what each is known again."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath

import yaml

from bot import fragments, markdown
from bot.addresses import canonical, folder, site
from bot.fragments import Blocks
from retrieval import durably
from retrieval.models import PartialDate

FOLDER = "feeds"
"""Where in the corpus folder articles from feeds are kept."""
TELLING = 100
"""Letters that a text must have to tell one article from another."""


@dataclass(frozen=True, slots=True)
class Clipping:
    """An article that was fetched, ready to be stored."""

    feed: str
    """The address of its feed."""
    url: str | None
    title: str
    source: str
    date: PartialDate | None
    author: str | None
    text: Blocks

    @property
    def home(self) -> str:
        """The address that says which site it is from."""
        return self.url or self.feed


def address_keys(feed: str, url: str | None, guid: str | None) -> list[str]:
    """What an article is known by before its text is: addresses; within a feed its own id."""
    named = canonical(url) if url else None
    keys = [f"url:{named}"] if named else []
    return [*keys, f"guid:{feed} {guid}"] if guid else keys


def text_keys(clipping: Clipping, text: Blocks) -> list[str]:
    """The same text of the same site or source is the same article; elsewhere it is a reprint.

    A short text may come again another day («Курс валют»): then it is another article.
    """
    letters = _letters(fragments.plain(text))
    day = "" if len(letters) >= TELLING else str(clipping.date)
    digest = _digest(f"{_letters(clipping.title)} {letters} {day}")
    return [f"text:{site(clipping.home)} {digest}", f"text:{clipping.source.casefold()} {digest}"]


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def path_of(clipping: Clipping, day: PartialDate) -> PurePosixPath:
    """Where in the corpus folder it is kept, always the same; `day` is for one without a date."""
    named = canonical(clipping.url) if clipping.url else None
    named = named or f"{clipping.feed} {clipping.title} {fragments.plain(clipping.text)}"
    date = clipping.date if clipping.date and clipping.date.day else day
    return PurePosixPath(FOLDER, folder(clipping.home), f"{date}-{_digest(named)}.md")


def document(clipping: Clipping) -> str:
    """The file: YAML front matter, and the text in Markdown."""
    fields = {
        "title": clipping.title,
        "source": clipping.source,
        "date": str(clipping.date) if clipping.date else None,
        "url": clipping.url,
        "author": clipping.author,
    }
    given = {name: value for name, value in fields.items() if value}
    head = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{head}---\n\n{markdown.written(clipping.text)}\n"


def write(corpus: Path, path: PurePosixPath, text: str) -> None:
    """Put a file into the corpus folder, whole or not at all. Raises OSError."""
    target = corpus / path
    target.parent.mkdir(parents=True, exist_ok=True)
    durably.write(target, text.encode())
