"""Faults on demand: the next calls of a method fail, hang or lose their reply.

A fault is a JSON object: `method` («*» for any; names in any case), `times`, and what happens:
`error_code` (with `description`, `retry_after`) answers so without doing anything; `drop`
closes the connection, with «before» in place of the call and with «after» once it is done, its
reply lost; `delay` waits so many seconds and then goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, fields, replace
from http import HTTPStatus
from http.client import responses

from bot.sandbox.params import Params
from bot.sandbox.wire import ApiError, BadRequest, Json, TooManyRequests

MAX_DELAY = 600


class Dropped(Exception):
    """The connection is to be closed without a reply."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One switch; see the module."""

    method: str = "*"
    times: int = 1
    error_code: int = 0
    description: str = ""
    retry_after: int = 0
    drop: str = ""
    delay: float = 0

    def covers(self, method: str) -> bool:
        return self.method == "*" or self.method.lower() == method

    def error(self) -> ApiError:
        """What the call is answered with."""
        if self.error_code == HTTPStatus.TOO_MANY_REQUESTS:
            return TooManyRequests(self.retry_after or 1)
        return ApiError(self.error_code, self.description or responses.get(self.error_code, ""))

    async def around(self, call: Callable[[], Awaitable[object]]) -> object:
        """The call's result, if the fault leaves it one; raises ApiError or Dropped else."""
        await asyncio.sleep(self.delay)
        if self.drop == "before":
            raise Dropped
        if self.error_code:
            raise self.error()
        result = await call()
        if self.drop:
            raise Dropped
        return result


def read(params: Params) -> Fault:
    """A fault from its JSON object; raises BadRequest for one that means nothing."""
    unknown = set(params.values) - {field.name for field in fields(Fault)}
    if unknown:
        raise BadRequest(f"a fault has no {', '.join(sorted(unknown))}")
    if params.text("drop") not in ("", "before", "after"):
        raise BadRequest("drop is before or after")
    if params.text("error_code") and not 400 <= params.number("error_code") <= 599:
        raise BadRequest("error_code is an HTTP status from 400 to 599")
    if params.number("times", 1) < 1:
        raise BadRequest("times is 1 or more")
    return Fault(
        params.text("method", "*"),
        params.number("times", 1),
        params.number("error_code"),
        params.text("description"),
        params.number("retry_after"),
        params.text("drop"),
        _seconds(params.text("delay", "0")),
    )


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= MAX_DELAY:
        raise BadRequest(f"delay is a number of seconds, at most {MAX_DELAY}")
    return seconds


def as_json(fault: Fault) -> Json:
    """A fault as it is read."""
    return asdict(fault)


class Faults:
    """The switches that are on."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def take(self, method: str) -> Fault:
        """The fault for this call, one time of it used up; one that does nothing if none is on."""
        for place, fault in enumerate(self.active):
            if fault.covers(method):
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self.active[place : place + 1] = left
                return fault
        return Fault()
