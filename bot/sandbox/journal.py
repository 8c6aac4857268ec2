"""The journal of the bot's calls: what it asked for and what it was told."""

import time
from collections import deque
from dataclasses import asdict, dataclass

from bot.sandbox.bell import Bell
from bot.sandbox.wire import Json

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `code` is the HTTP status, 0 where the connection was dropped."""

    number: int
    method: str
    params: Json
    code: int
    description: str
    result: object
    time: float

    def as_json(self) -> Json:
        return asdict(self)


class Journal:
    """The latest calls, in the order of their replies; numbers begin at 1."""

    def __init__(self) -> None:
        self._kept: deque[Call] = deque(maxlen=KEPT)
        self._last = 0
        self.bell = Bell()

    def add(
        self, method: str, params: Json, code: int, description: str = "", result: object = None
    ) -> None:
        self._last += 1
        call = Call(self._last, method, params, code, description, result, time.time())
        self._kept.append(call)
        self.bell.ring()

    def calls(self, method: str = "", after: int = 0) -> list[Json]:
        """Calls after the one with this number, of one method or of all."""
        return [
            call.as_json()
            for call in self._kept
            if call.number > after and method.lower() in ("", call.method.lower())
        ]
