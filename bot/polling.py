"""Fetching updates: says in the log when Telegram is lost and found, and when to give up."""

import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest

log = logging.getLogger(__name__)

CONFLICT_SECONDS = 15.0
"""A poll of a bot that was killed may linger for one long poll (10 s); a conflict that lasts
longer is a second bot with the same token."""
CONFLICT_GAP = 45.0
"""Conflicts further apart than the longest back-off and a long poll are not one and the same."""

SECOND_POLLER = "another bot is polling with the same token: stop it, then start this one again"
REVOKED = "TELEGRAM_BOT_TOKEN: Telegram refuses the token now; get the new one from @BotFather"


class PollingRequest(HTTPXRequest):
    """The request that fetches updates.

    What comes goes through `take_in` before the library reads it. `give_up` is called, with the
    reason, once polling is no use.
    """

    def __init__(
        self,
        take_in: Callable[[bytes], Awaitable[bytes]],
        give_up: Callable[[str], None],
        clock: Callable[[], float] = monotonic,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._take_in = take_in
        self._give_up = give_up
        self._clock = clock
        self._lost = False
        self._conflict_since = self._conflict_last = float("-inf")

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Fetch once. A 401 or 404 is told as a 502: PTB would take it for a bad token, and stop
        for ever without a word; after a good start a 404 can only be a proxy's."""
        try:
            code, payload = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            self._lose(str(error))
            raise
        self._judge(code)
        if code < 300:
            payload = await self._take_in(payload)
        return (502 if code in {401, 404} else code), payload

    def _judge(self, code: int) -> None:
        if code < 300:
            self._find()
        elif code == 409:
            self._conflict(self._clock())
        elif code == 401:
            self._give_up(REVOKED)
        else:
            self._lose(f"HTTP {code}")

    def _lose(self, reason: str) -> None:
        if not self._lost:
            log.warning("no updates from Telegram (%s); trying again with back-off", reason)
        self._lost = True

    def _find(self) -> None:
        if self._lost:
            log.warning("Telegram answers again")
        self._lost = False

    def _conflict(self, now: float) -> None:
        if now - self._conflict_last > CONFLICT_GAP:
            self._conflict_since = now
        self._conflict_last = now
        log.error("409 Conflict: %s", SECOND_POLLER)
        if now - self._conflict_since > CONFLICT_SECONDS:
            self._give_up(SECOND_POLLER)
