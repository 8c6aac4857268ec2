"""An entry of a feed to an article, with the text of its page where the feed has only a lead."""

import asyncio
import logging
import re
from datetime import datetime, timedelta
from typing import NamedTuple

from lxml import etree

from bot import fragments
from bot.addresses import site
from bot.clippings import Clipping, address_keys, text_keys
from bot.entries import Entry, text_of
from bot.fetch import PAGE, Fetched, Fetcher, FetchError, Unreachable
from bot.fragments import Block, Blocks
from bot.message import shortened
from bot.robots import Robots
from retrieval import pages
from retrieval.fields import Fields, RefusedError
from retrieval.formats import Draft
from retrieval.models import PartialDate

log = logging.getLogger(__name__)

TITLE = 300
"""Characters of a title; a longer one, and one made of the text's first words, is cut."""
NAME = 120
"""Characters of a source's or an author's name."""
SHARED = 0.5
"""The part of an entry's words that its page must have: else it is a notice of some other kind."""
AHEAD = timedelta(days=1)
"""How far a feed's clock may be ahead."""
_UNREADABLE = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError),
    *(TypeError, ValueError, etree.LxmlError),
)
"""What reading a page of an unforeseen shape may raise."""


class Gleaned(NamedTuple):
    """An article, and all that it is known by."""

    clipping: Clipping
    keys: tuple[str, ...]


class Page(NamedTuple):
    """The article of a page, what the page says of it, and where it stands in the end."""

    text: Blocks
    fields: Fields
    url: str


class Gleaner:
    """Makes articles of entries; fetches the pages of those that are only leads."""

    def __init__(self, fetcher: Fetcher, robots: Robots) -> None:
        self._fetcher = fetcher
        self._robots = robots

    async def glean(self, entry: Entry, feed: str, title: str, now: datetime) -> Gleaned:
        """The article of an entry; `feed` is the address of its feed, `title` what it is called.

        Where its page cannot be had the feed's own text is taken. Raises Unreachable if there is
        none and the page may be had later.
        """
        page = await self._page(entry) if entry.is_lead and entry.url else None
        clipping = _clipping(entry, page, feed, title, now)
        keys = address_keys(feed, entry.url, entry.guid)
        keys += text_keys(clipping, clipping.text)
        if page:
            keys += text_keys(clipping, entry.text) if entry.text else []
            own = (
                url for url in (page.url, page.fields.url) if url and site(url) == site(page.url)
            )
            keys += (key for url in own for key in address_keys(feed, url, None))
        return Gleaned(clipping, tuple(dict.fromkeys(keys)))

    async def _page(self, entry: Entry) -> Page | None:
        """The entry's page, if it has more of the same article than the feed."""
        try:
            fetched = await self._fetcher.get(entry.url or "", PAGE, permit=self._robots.permit)
        except Unreachable:
            if not entry.text:
                raise
            return None
        except FetchError as error:
            log.info("%s is taken from its feed alone: %s", entry.url, error)
            return None
        page = await asyncio.to_thread(read_page, fetched)
        return page if page and _has_more(page, entry) else None


def read_page(fetched: Fetched) -> Page | None:
    """The article of a page that was fetched, None where there is none."""
    text = text_of(fetched)
    if fetched.kind.startswith("text/") and fetched.kind != "text/html":
        return Page(fragments.of_text(text), Fields(), fetched.url)
    try:
        draft = next(iter(pages.read_html(text)), None)
    except (RefusedError, *_UNREADABLE) as error:
        log.info("no article in %s: %s", fetched.url, error)
        return None
    if not isinstance(draft, Draft):
        return None
    return Page(fragments.of_draft(draft), draft.fields, fetched.url)


def _has_more(page: Page, entry: Entry) -> bool:
    """Whether a page has more text than an entry, and is about the same."""
    own, found = fragments.plain(entry.text), fragments.plain(page.text)
    wanted = _words(f"{entry.title} {own}")
    there = _words(f"{page.fields.title or ''} {found}")
    return len(found) > len(own) and len(wanted & there) >= SHARED * len(wanted)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}


def _clipping(entry: Entry, page: Page | None, feed: str, title: str, now: datetime) -> Clipping:
    text = page.text if page else entry.text
    named = shortened(entry.title or fragments.plain(text), TITLE)
    fields = page.fields if page else Fields()
    return Clipping(
        feed=feed,
        url=entry.url,
        title=named,
        source=shortened(entry.source or title or site(feed), NAME),
        date=_date(entry.published, now) or fields.date,
        author=shortened(entry.author or fields.author or "", NAME) or None,
        text=text or (Block(named),),
    )


def _date(published: datetime | None, now: datetime) -> PartialDate | None:
    """The day as the feed has it; a day that has not come yet is not believed."""
    if published is None or published > now + AHEAD:
        return None
    return PartialDate(published.year, published.month, published.day)
