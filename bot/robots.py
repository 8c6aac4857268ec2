"""What a site's robots.txt lets the bot fetch, and how often (RFC 9309)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import httpx
from protego import Protego

from bot.fetch import AGENT, ROBOTS, Fetcher, FetchError, Refused, Trouble, Unreachable

KEPT = timedelta(hours=24)
"""How long a site's rules are kept (RFC 9309, 2.4)."""
TRIED_AGAIN = timedelta(minutes=1)
"""After how long a site whose rules could not be had is asked again."""
LONGEST_DELAY = 10.0
"""Seconds between requests that a site may ask for."""
SITES = 1_000
"""Sites whose rules are kept."""
NAME = AGENT.partition("/")[0]


class Rules(NamedTuple):
    """A site's rules, or why they could not be had: then nothing may be fetched for now."""

    found: Protego | Unreachable
    until: datetime


class Robots:
    """The rules of the sites that were asked for."""

    def __init__(self, fetcher: Fetcher, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._sites: dict[httpx.URL, Rules] = {}

    async def permit(self, url: str) -> float:
        """The seconds to keep between requests to this address's host.

        Raises Refused where its robots.txt forbids the address, Unreachable where it cannot be had.
        """
        rules = await self._rules(httpx.URL(url).join("/robots.txt"))
        if isinstance(rules, Unreachable):
            raise Unreachable(rules.trouble, f"its robots.txt: {rules}", rules.retry_after)
        if not rules.can_fetch(url, NAME):
            raise Refused(Trouble.ROBOTS, "robots.txt forbids it")
        return min(rules.crawl_delay(NAME) or 0.0, LONGEST_DELAY)

    async def _rules(self, address: httpx.URL) -> Protego | Unreachable:
        known = self._sites.get(address)
        if known is None or known.until <= self._clock():
            if len(self._sites) >= SITES:
                self._sites.clear()
            known = self._sites[address] = await self._ask(address, known)
        return known.found

    async def _ask(self, address: httpx.URL, known: Rules | None) -> Rules:
        """What is there now; rules that were known hold on while they cannot be had."""
        try:
            found = await self._fetcher.get(str(address), ROBOTS)
        except Unreachable as error:
            return Rules(known.found if known else error, self._clock() + TRIED_AGAIN)
        except FetchError:  # there are none, or what is there is something else (RFC 9309, 2.3.1.3)
            return Rules(Protego.parse(""), self._clock() + KEPT)
        text = found.content.decode("utf-8", errors="replace")
        return Rules(Protego.parse(text), self._clock() + KEPT)
