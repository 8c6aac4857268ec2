"""Updates for the bot, kept until it confirms them, and the long polling that fetches them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from bot.sandbox.bell import Bell
from bot.sandbox.wire import Conflict, Json

NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")
"""Kinds of updates that a bot gets only if it names them in `allowed_updates`."""


class Updates:
    """The queue: `on_poll` is told True when a request for updates begins, False when it ends."""

    def __init__(self, first_id: int, on_poll: Callable[[bool], None]) -> None:
        self._ids = count(first_id)
        self._waiting: dict[int, Json] = {}
        self._allowed: tuple[str, ...] = ()
        self._bell = Bell()
        self._poll = 0
        self._on_poll = on_poll

    @property
    def allowed(self) -> tuple[str, ...]:
        """The kinds the bot asked for last; () for the default."""
        return self._allowed

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, kind: str, payload: Json) -> None:
        """Queue an update, unless the bot doesn't ask for its kind."""
        wanted = kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT
        if wanted:
            update_id = next(self._ids)
            self._waiting[update_id] = {"update_id": update_id, kind: payload}
            self._bell.ring()

    def clear(self) -> None:
        self._waiting.clear()

    def allow(self, kinds: Sequence[str]) -> None:
        """Remember the kinds of updates the bot wants from now on."""
        self._allowed = tuple(kinds)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Updates from `offset` on, at most `limit`, after waiting up to so many seconds for one.

        Earlier updates are confirmed and forgotten; a negative offset counts from the end. A
        request that is still waiting when another begins raises Conflict.
        """
        self._confirm(offset)
        with self._polling() as poll:
            return await self._bell.until(lambda: self._ready(poll, limit), seconds)

    def _confirm(self, offset: int) -> None:
        ids = list(self._waiting)
        forgotten = [each for each in ids if each < offset] if offset >= 0 else ids[:offset]
        for update_id in forgotten:
            del self._waiting[update_id]

    @contextmanager
    def _polling(self) -> Iterator[int]:
        self._poll += 1
        poll = self._poll
        self._bell.ring()
        self._on_poll(True)
        try:
            yield poll
        finally:
            if poll == self._poll:
                self._on_poll(False)

    def _ready(self, poll: int, limit: int) -> list[Json]:
        if poll != self._poll:
            raise Conflict
        return list(self._waiting.values())[:limit]
