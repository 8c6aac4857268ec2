"""Faults on demand: calls of a method fail, hang or lose their reply.

A fault is a JSON object. Whom it hits: `method` («*» for any; names in any case), `chat` (the id
of one chat), `share` (0 to 1: that part of the calls, at random, repeatably with a `seed`) and
`times`, one unless given, without end where there is a share. What happens: `error_code` (with
`description`, `retry_after`, `migrate_to_chat_id`) answers so without doing anything; `drop`
closes the connection, with «before» in place of the call and with «after» once it is done, its
reply lost; `delay` waits so many seconds and then goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import responses
from random import Random

from bot.sandbox.params import Params
from bot.sandbox.wire import ApiError, BadRequest, Json, Migrated, TooManyRequests

MAX_DELAY = 600


class Dropped(Exception):
    """The connection is to be closed without a reply; `result` is what the call did, if it did."""

    def __init__(self, result: object = None) -> None:
        super().__init__("connection dropped on demand")
        self.result = result


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call; see the module."""

    error_code: int = 0
    description: str = ""
    retry_after: int = 0
    migrate_to_chat_id: int = 0
    drop: str = ""
    delay: float = 0

    def error(self) -> ApiError:
        """What the call is answered with."""
        if self.migrate_to_chat_id:
            return Migrated(self.migrate_to_chat_id)
        if self.error_code == HTTPStatus.TOO_MANY_REQUESTS:
            return TooManyRequests(self.retry_after or 1)
        return ApiError(self.error_code, self.description or responses.get(self.error_code, ""))

    async def around(self, call: Callable[[], Awaitable[object]]) -> object:
        """The call's result, if the fault leaves it one; raises ApiError or Dropped else."""
        await asyncio.sleep(self.delay)
        if self.drop == "before":
            raise Dropped
        if self.error_code or self.migrate_to_chat_id:
            raise self.error()
        result = await call()
        if self.drop:
            raise Dropped(result)
        return result


@dataclass(slots=True)
class Switch:
    """A fault that is on: whom it hits, and how often still."""

    fault: Fault
    method: str = "*"
    chat: str = ""
    share: float = 1
    seed: int | None = None
    left: int | None = 1
    """None: until it is switched off."""
    dice: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)  # noqa: S311 - nothing here is a secret

    def hits(self, method: str, chat: str) -> bool:
        """Does it hit this call? Each call that it may hit is one throw of the dice."""
        named = self.method == "*" or self.method.lower() == method
        return named and self.chat in ("", chat) and self.dice.random() < self.share

    def as_json(self) -> Json:
        """The fault as it is read, with the times that are left."""
        fault = {name: getattr(self.fault, name) for name in Fault.__slots__}
        whom = {name: getattr(self, name) for name in ("method", "chat", "share", "seed")}
        return whom | {"times": self.left} | fault


def read(params: Params) -> Switch:
    """A fault from its JSON object; raises BadRequest for one that means nothing."""
    unknown = set(params.values) - {"method", "chat", "share", "seed", "times", *Fault.__slots__}
    if unknown:
        raise BadRequest(f"a fault has no {', '.join(sorted(unknown))}")
    if params.number("times", 1) < 1:
        raise BadRequest("times is 1 or more")
    without_end = params.text("share") and not params.text("times")
    return Switch(
        _fault(params),
        params.text("method", "*"),
        params.text("chat"),
        _between(params, "share", 1, "a part from 0 to 1", default=1),
        params.number("seed") if params.text("seed") else None,
        None if without_end else params.number("times", 1),
    )


def _fault(params: Params) -> Fault:
    if params.text("drop") not in ("", "before", "after"):
        raise BadRequest("drop is before or after")
    if params.text("error_code") and not 400 <= params.number("error_code") <= 599:
        raise BadRequest("error_code is an HTTP status from 400 to 599")
    return Fault(
        params.number("error_code"),
        params.text("description"),
        params.number("retry_after"),
        params.number("migrate_to_chat_id"),
        params.text("drop"),
        _between(params, "delay", MAX_DELAY, f"a number of seconds, at most {MAX_DELAY}"),
    )


def _between(params: Params, name: str, most: float, what: str, default: float = 0) -> float:
    """A number from 0 to `most`; raises BadRequest for another, saying what it is."""
    try:
        number = float(params.text(name) or default)
    except ValueError:
        number = -1
    if not 0 <= number <= most:
        raise BadRequest(f"{name} is {what}")
    return number


class Faults:
    """The switches that are on."""

    def __init__(self) -> None:
        self.active: list[Switch] = []

    def take(self, method: str, chat: str = "") -> Fault:
        """The fault for this call, one time of it used up; one that does nothing if none is on.

        Every switch has its chance; of several that hit, the one that was switched on first acts.
        """
        hits = [switch for switch in self.active if switch.hits(method, chat)]
        if not hits:
            return Fault()
        if hits[0].left is not None:
            hits[0].left -= 1
            self.active = [switch for switch in self.active if switch.left != 0]
        return hits[0].fault
