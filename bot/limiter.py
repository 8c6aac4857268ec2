"""How often and how long a request to Telegram is tried again."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any, Literal

import httpx
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from bot.pace import ChatId, Pace

log = logging.getLogger(__name__)

Json = dict[str, Any]
ApiResult = bool | Json | list[Json]
Lane = Literal["digest"]
"""What a request says of itself: a digest has waited for its turn, and is tried once. All else
goes at once and is tried again."""

PATIENCE: dict[str, float] = {"getMe": float("inf"), "sendChatAction": 0, "answerCallbackQuery": 5}
"""Seconds for which a request is tried again: at start for ever, while a button waits briefly."""
DEFAULT_PATIENCE = 900.0
COPIES = {"late": 2, "lost": 4}
"""How often a message is sent when it is not known whether it has arrived: when the server took
too long to say, and when the connection broke."""

MESSAGES = ("send", "copy", "forward")
"""How the names of the methods begin that count as messages; one of them, «typing», does not."""


class Stopping(NetworkError):
    """The request was not carried out since the bot is ending; the next start may."""


class PatientLimiter(BaseRateLimiter[Lane]):
    """Tries a request again after a lost connection, a 5xx or a 429, each chat by itself.

    Digests are not: the outbox has them. What else is sent is told to `pace`, to which digests
    keep.

    A 429 waits as long as Telegram says, anything else with a growing random pause of at most
    30 s. A request that is refused (400, 401, 403) is never repeated. After `stop` nothing is
    tried again, so that the bot can end; the inbox keeps what was not done.

    A message may arrive twice if the connection breaks after Telegram took it in: the Bot API has
    no way to tell, and twice is better than not at all.
    """

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self._stopping = asyncio.Event()
        self._backoff = wait_random_exponential(multiplier=0.5, min=0.5, max=30)

    async def initialize(self) -> None:
        self._stopping.clear()

    async def shutdown(self) -> None:
        self.stop()

    def stop(self) -> None:
        """Let the requests under way end, and try none of them again."""
        self._stopping.set()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, ApiResult]],
        args: Any,
        kwargs: Json,
        endpoint: str,
        data: Json,
        rate_limit_args: Lane | None,
    ) -> ApiResult:
        if rate_limit_args == "digest":
            return await callback(*args, **kwargs)
        patience = PATIENCE.get(endpoint, DEFAULT_PATIENCE)
        retrying = AsyncRetrying(
            retry=retry_if_exception(is_passing),
            wait=self._wait,
            stop=lambda state: (
                self._stopping.is_set()
                or _spent(state) > patience
                or (endpoint.startswith("send") and _sent_enough(state))
            ),
            sleep=self._pause,
            before_sleep=lambda state: _say(endpoint, state),
            reraise=True,
        )
        if endpoint.startswith(MESSAGES) and endpoint != "sendChatAction":
            return await retrying(self._counted, data.get("chat_id", 0), callback, args, kwargs)
        return await retrying(callback, *args, **kwargs)

    async def _counted(
        self,
        chat_id: ChatId,
        callback: Callable[..., Coroutine[Any, Any, ApiResult]],
        args: Any,
        kwargs: Json,
    ) -> ApiResult:
        """One try at a message, in the sight of `pace`."""
        self.pace.live(chat_id)
        try:
            result = await callback(*args, **kwargs)
        except RetryAfter as error:
            self.pace.refused(chat_id, seconds(error))
            raise
        self.pace.accepted()
        return result

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, RetryAfter):
            return seconds(error)
        return self._backoff(state)

    async def _pause(self, seconds: float) -> None:
        """Wait; raises Stopping, instead of letting the request be tried again, once told to."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
            raise Stopping("not sent: the bot is stopping")


def is_passing(error: BaseException) -> bool:
    """Is it worth trying again: a network or server fault, or «too many requests»?"""
    if isinstance(error, RetryAfter) or _is_garbled(error):
        return True
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def _is_garbled(error: BaseException) -> bool:
    """The reply was cut off or no JSON: the library has no error of its own for that."""
    return type(error) is TelegramError and isinstance(error.__cause__, ValueError)


def _sent_enough(state: RetryCallState) -> bool:
    """Whether a message that may have arrived was sent as often as it should be."""
    error = state.outcome.exception() if state.outcome else None
    cause = error.__cause__ if error else None
    if isinstance(cause, httpx.ReadTimeout | httpx.WriteTimeout):
        return state.attempt_number >= COPIES["late"]
    broken = isinstance(cause, httpx.ReadError | httpx.RemoteProtocolError)
    garbled = error is not None and _is_garbled(error)
    return (broken or garbled) and state.attempt_number >= COPIES["lost"]


def seconds(error: RetryAfter) -> float:
    """How long a 429 says to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _spent(state: RetryCallState) -> float:
    """Seconds since the first try, the wait that would come next included."""
    return (state.seconds_since_start or 0.0) + state.upcoming_sleep


def _say(endpoint: str, state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning(
        "%s failed (%s: %s); trying again in %.1f s",
        endpoint,
        type(error).__name__,
        error,
        state.upcoming_sleep,
    )
