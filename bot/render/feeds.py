"""What the list of feeds, one feed's screen and its questions look like."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.message import Button, Composer, Reply, shortened
from bot.store.feeds import StoredFeed
from bot.texts import feeds as texts

ON_PAGE = 8
"""Feeds in one message."""
MAX_TITLE = 60
MAX_LABEL = 40
MAX_URL = 300
"""Characters of a feed's title in a message, of one on a button, of an address."""


def title_of(feed: StoredFeed) -> str:
    return name_of(feed.title, feed.url)


def name_of(title: str, url: str) -> str:
    """What a feed calls itself, else its host."""
    return shortened(title, MAX_TITLE) or shortened(urlsplit(url).netloc or url, MAX_TITLE)


def feed_list(feeds: Sequence[StoredFeed], page: int, zone: ZoneInfo) -> Reply:
    """One page of the list, a button a feed; a page that is no longer there is the last one."""
    pages = max((len(feeds) + ON_PAGE - 1) // ON_PAGE, 1)
    page = min(max(page, 0), pages - 1)
    message = Composer()
    message.line(texts.heading(page + 1, pages), "bold")
    shown = feeds[page * ON_PAGE : (page + 1) * ON_PAGE]
    rows = []
    for number, feed in enumerate(shown, start=page * ON_PAGE + 1):
        message.line()
        message.line(f"{number}. {title_of(feed)}")
        message.line(_state(feed, zone))
        label = shortened(title_of(feed), MAX_LABEL)
        rows.append([Button(f"{number}. {label}", f"f:o:{feed.id}")])
    if not feeds:
        message.line()
        message.line(texts.NO_FEEDS)
    return message.reply([*rows, _turning(page, pages), [Button(texts.ADD, "f:a")]])


def _turning(page: int, pages: int) -> list[Button]:
    earlier = [Button(texts.EARLIER, f"f:l:{page - 1}")] if page > 0 else []
    later = [Button(texts.LATER, f"f:l:{page + 1}")] if page + 1 < pages else []
    return earlier + later


def _state(feed: StoredFeed, zone: ZoneInfo) -> str:
    """«12 статей · получена 22 ноября 2026 г., 14:05 · ошибка: сайт не отвечает»."""
    at = feed.last_success.astimezone(zone) if feed.last_success else None
    parts = [texts.PAUSED] if feed.paused else []
    parts += [texts.count(feed.articles), texts.last_success(at)]
    parts += [texts.error(feed.error)] if feed.error else []
    return " · ".join(parts)


def one_feed(feed: StoredFeed, zone: ZoneInfo, said: str = "") -> Reply:
    """A feed with what can be done about it; `said` is what has just become of it."""
    message = Composer()
    if said:
        message.line(said)
        message.line()
    message.line(title_of(feed), "bold")
    message.line(shortened(feed.url, MAX_URL))
    message.line(_state(feed, zone))
    pause = Button(texts.RESUME, f"f:r:{feed.id}") if feed.paused else None
    pause = pause or Button(texts.PAUSE, f"f:p:{feed.id}")
    check = [] if feed.paused else [Button(texts.CHECK, f"f:c:{feed.id}")]
    remove = Button(texts.REMOVE, f"f:d:{feed.id}")
    return message.reply([check, [pause, remove], [Button(texts.TO_LIST, "f:l:0")]])


def ask_remove(feed: StoredFeed) -> Reply:
    """Whether the feed is really to go."""
    yes = Button(texts.YES_REMOVE, f"f:D:{feed.id}")
    no = Button(texts.NO_REMOVE, f"f:o:{feed.id}")
    return Reply(texts.ask_remove(title_of(feed)), buttons=((yes, no),))
