"""A feed's document to its entries: RSS and Atom as they are found, broken ones too."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import Any

import httpx
from lxml import etree, html

from bot import fragments
from bot.fetch import Fetched, FetchError, Refused, Trouble, checked
from bot.fragments import Block, Blocks, line, line_of_html
from bot.texts.feeds import MORE, MORE_OF
from retrieval import pages
from retrieval.dates import read_date
from retrieval.decoding import NotTextError, decode

SHORT = 600
"""Characters under which a text is taken for a lead."""
LONGEST_FEED = 1_000
"""Items of a feed that are read."""
FIRST_YEAR = 1990
"""Before that there was no Web: «1 Jan 1970» is how programs say that they know no date."""
LONGEST_DATE = 80
"""Characters of a date."""
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_HEAD = 100_000
"""Characters within which a feed says that it is one."""
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_DOCTYPE_END = re.compile(r"[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL)
_NAMED = re.compile(r"&(\w{2,32};)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ZONE = re.compile(r"(?<=\d)\s*(?:[+-]\d{2}:?\d{2}|[A-Z]{1,5})$")
_MORE = re.compile(
    rf"(?:^|(?<=[.…!?»\])\n]))[ \[(]*"
    rf"(?:{'|'.join(MORE)}|(?:{'|'.join(MORE_OF)})[^.!?\n]{{0,60}})\W*$"
)
_CUT = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")
_UNREADABLE = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError),
)
"""What feedparser raises for what its authors have not foreseen."""
_TYPES = ("application/rss+xml", "application/atom+xml")


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed; its text is what the feed has of it, whole or only a lead."""

    url: str | None
    guid: str | None
    title: str
    source: str | None
    """The outlet it is from, where the feed names one."""
    author: str | None
    published: datetime | None
    """Aware, in the zone in which the feed says it."""
    text: Blocks
    is_lead: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed has now, in its own order."""

    title: str
    entries: tuple[Entry, ...]


def read_feed(fetched: Fetched) -> Feed:
    """The entries of what was fetched. Raises Refused, NOT_A_FEED, where there is no feed in it."""
    text = _without_doctype(text_of(fetched))
    if not _FEED.search(text, 0, _HEAD):
        raise Refused(Trouble.NOT_A_FEED, "neither RSS nor Atom")
    try:
        found = _parsed(text, fetched.url)
        entries = tuple(filter(None, map(_entry, found.entries[:LONGEST_FEED])))
        title = line_of_html(str(found.feed.get("title", "")))
    except _UNREADABLE as error:
        detail = f"it cannot be read: {type(error).__name__}"
        raise Refused(Trouble.NOT_A_FEED, detail) from error
    if not found.version and not entries:
        raise Refused(Trouble.NOT_A_FEED, "there is nothing to read in it")
    return Feed(title, entries)


def text_of(fetched: Fetched) -> str:
    """The text of what was fetched, damaged characters replaced.

    The document knows its encoding better than the server, which often has one for all.
    """
    charset = None if fetched.charset in {"iso-8859-1", "us-ascii"} else fetched.charset
    declared = pages.declared_encoding(fetched.content) or charset
    try:
        return decode(fetched.content, declared)
    except NotTextError:
        return fetched.content.decode("utf-8", errors="replace")


def linked_feed(fetched: Fetched) -> str | None:
    """The address of the first feed that a web page names as its own, if it names one."""
    try:
        tree = html.document_fromstring(text_of(fetched).encode(), base_url=fetched.url)
        found = [
            link.get("href")
            for link in tree.iterfind(".//link[@href]")
            if link.get("type", "").lower() in _TYPES and "alternate" in link.get("rel", "").lower()
        ]
        return str(httpx.URL(fetched.url).join(found[0])) if found else None
    except (etree.ParserError, ValueError, httpx.InvalidURL):
        return None


def _without_doctype(text: str) -> str:
    """Without the entities that a document makes up: these can be a bomb."""
    begin = _DOCTYPE.search(text, 0, _HEAD)
    end = _DOCTYPE_END.match(text, begin.end()) if begin else None
    return text[: begin.start()] + text[end.end() :] if begin and end else text


def _parsed(text: str, url: str) -> Any:
    import feedparser  # noqa: PLC0415 -- long to import, and there may be no feeds

    text = _NAMED.sub(_character, _CONTROLS.sub("", text))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    # As a file: bytes are first tried as the name of one to open.
    return feedparser.parse(io.BytesIO(text.encode()), response_headers=headers)


def _character(match: re.Match[str]) -> str:
    """The character that HTML gives a name and XML does not, but none that is XML's own."""
    character = html5.get(match[1], "")
    return match[0] if not character or character in "<>&\"'" else character


def _entry(given: Any) -> Entry | None:
    title = line_of_html(str(given.get("title", "")))
    text, is_lead = _text(given)
    if not title and not text:
        return None
    return Entry(
        url=_address(given.get("link")),
        guid=line(str(given.get("id") or "")) or None,
        title=title,
        source=_named(given.get("source")),
        author=line_of_html(str(given.get("author") or "")) or None,
        published=_published(given),
        text=text,
        is_lead=is_lead,
    )


def _named(source: Any) -> str | None:
    return line_of_html(str((source or {}).get("title", ""))) or None


def _address(link: object) -> str | None:
    try:
        return str(checked(str(link))) if link else None
    except FetchError:
        return None


def _text(given: Any) -> tuple[Blocks, bool]:
    """The longest of the texts that an item has, and whether it is but a lead."""
    contents = [_blocks(each.get("value"), each.get("type")) for each in given.get("content", ())]
    contents.append(_blocks(given.get("yandex_full-text"), "text/html"))
    detail = given.get("summary_detail") or {}
    summary = _blocks(given.get("summary"), detail.get("type"))
    longest = max((*contents, summary), key=lambda blocks: len(fragments.plain(blocks)))
    # feedparser gives the content as the summary where there is no other: then it has no detail.
    repeated = bool(detail) and longest == summary and any(contents)
    whole = fragments.plain(longest)
    cut = bool(_MORE.search(whole) or _CUT.search(whole))
    return _without_more(longest), len(whole) < SHORT or repeated or cut


def _blocks(value: object, kind: object) -> Blocks:
    if not isinstance(value, str):
        return ()
    return fragments.of_text(value) if kind == "text/plain" else fragments.of_html(value)


def _without_more(blocks: Blocks) -> Blocks:
    """Without the words of the link to the rest."""
    if not blocks:
        return ()
    *others, last = blocks
    text = _MORE.sub("", last.text).rstrip()
    return (*others, Block(text, last.heading)) if text else tuple(others)


def _published(given: Any) -> datetime | None:
    """When the feed says it was published, else updated."""
    said = dict(given)  # where one is missing, feedparser would give another, with a warning
    times = (str(said.get(name) or "").strip() for name in ("published", "updated", "created"))
    return next(filter(None, map(_moment, times)), None)


def _moment(text: str) -> datetime | None:
    """A moment as RFC 5322 and ISO 8601 write it, a day as people do."""
    if len(text) > LONGEST_DATE:
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat, _day):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if found is not None and found.year >= FIRST_YEAR:
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _day(text: str) -> datetime | None:
    date = read_date(text) or read_date(_ZONE.sub("", text))
    return datetime.fromisoformat(f"{date}T00:00:00+00:00") if date and date.day else None


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """Entries from the newest to the oldest; those without a time where the feed has them."""
    last = datetime.max.replace(tzinfo=UTC)
    ordered: list[tuple[datetime, Entry]] = []
    for entry in entries:
        last = entry.published or last
        ordered.append((last, entry))
    return [entry for _, entry in sorted(ordered, key=lambda pair: pair[0], reverse=True)]
