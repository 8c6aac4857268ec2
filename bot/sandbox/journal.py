"""The journal of the bot's calls: what it asked for and what it was told."""

import time
from collections import deque
from dataclasses import dataclass, fields
from itertools import islice

from bot.sandbox.bell import Bell
from bot.sandbox.wire import Json

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `code` is the HTTP status, 0 where the connection was dropped.

    A dropped call that has a `result` was carried out, and only its reply was lost.
    """

    number: int
    method: str
    params: Json
    chat_id: int | None
    """The chat it was for, where it named one by its id."""
    code: int
    description: str
    result: object
    time: float
    """Unix time of the reply, in seconds."""

    def as_json(self) -> Json:
        return {field.name: getattr(self, field.name) for field in fields(self)}


class Journal:
    """The latest calls, in the order of their replies; numbers begin at 1."""

    def __init__(self) -> None:
        self._kept: deque[Call] = deque(maxlen=KEPT)
        self._last = 0
        self.bell = Bell()

    def keep(self, calls: int) -> None:
        """How many calls to remember from now on; the latest stay."""
        self._kept = deque(self._kept, maxlen=calls)

    def add(
        self, method: str, params: Json, code: int, description: str = "", result: object = None
    ) -> None:
        self._last += 1
        chat_id = _number(params.get("chat_id"))
        call = Call(self._last, method, params, chat_id, code, description, result, time.time())
        self._kept.append(call)
        self.bell.ring()

    def calls(self, method: str = "", after: int = 0, most: int | None = None) -> list[Json]:
        """The first calls, `most` if given, after this number; of one method or of all."""
        newer = max(0, min(self._last - after, len(self._kept)))
        found = (
            call.as_json()
            for call in islice(self._kept, len(self._kept) - newer, None)
            if method.lower() in ("", call.method.lower())
        )
        return list(islice(found, most))


def _number(given: object) -> int | None:
    try:
        return int(str(given))
    except ValueError:
        return None
