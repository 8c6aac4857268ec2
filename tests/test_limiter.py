"""What is tried again, after which pause, and for how long; no test waits for real."""

import asyncio
import logging
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.limiter import COPIES, DEFAULT_PATIENCE, Lane, PatientLimiter, is_passing
from bot.pace import RATE, Pace

PASSING: list[TelegramError] = [
    NetworkError("httpx.ConnectError: no route to host"),
    TimedOut(),
    NetworkError("Bad Gateway (502)"),
    RetryAfter(3),
]
REFUSED: list[TelegramError] = [
    BadRequest("Message to edit not found"),
    Forbidden("bot was blocked by the user"),
    InvalidToken(),
    Conflict("terminated by other getUpdates request"),
    ChatMigrated(-100),
    EndPointNotFound("Not Found"),
]


class Clocked(PatientLimiter):
    """A limiter whose pauses are noted and move a clock, instead of being waited for."""

    def __init__(self) -> None:
        super().__init__(Pace(lambda: self.now))
        self.now = 0.0
        self.pauses: list[float] = []

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class Request:
    """A request to Telegram that fails in these ways, one a try, then succeeds."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.tries = 0
        self.begun = asyncio.Event()
        self.seen: list[tuple[object, ...]] = []

    async def __call__(self, *args: object, **kwargs: object) -> bool:
        self.tries += 1
        self.begun.set()
        self.seen.append((*args, *kwargs.items()))
        if self.failures:
            raise self.failures.pop(0)
        return True


class Unreachable(Request):
    """A request that never succeeds; each try takes a second of the limiter's clock."""

    def __init__(self, limiter: Clocked, error: Exception) -> None:
        super().__init__()
        self.limiter, self.error = limiter, error

    async def __call__(self, *_args: object, **_kwargs: object) -> bool:
        self.tries += 1
        self.limiter.now += 1
        raise self.error


@pytest.fixture
def limiter(monkeypatch: pytest.MonkeyPatch) -> Clocked:
    clocked = Clocked()
    monkeypatch.setattr("tenacity.time", SimpleNamespace(monotonic=lambda: clocked.now))
    return clocked


async def process(
    limiter: PatientLimiter,
    request: Request,
    endpoint: str = "sendMessage",
    lane: Lane | None = None,
) -> object:
    return await limiter.process_request(
        request, ("https://api",), {"timeout": 5}, endpoint, {"chat_id": 7}, lane
    )


@pytest.mark.parametrize("error", PASSING, ids=repr)
@pytest.mark.parametrize("times", [1, 5])
async def test_what_may_pass_is_tried_again(
    limiter: Clocked, error: TelegramError, times: int
) -> None:
    request = Request(*[error] * times)
    assert await process(limiter, request) is True
    assert request.tries == times + 1
    assert request.seen == [("https://api", ("timeout", 5))] * (times + 1)


@pytest.mark.parametrize("error", REFUSED, ids=repr)
@pytest.mark.parametrize("endpoint", ["sendMessage", "getMe", "answerCallbackQuery"])
async def test_what_is_refused_is_not_repeated(
    limiter: Clocked, error: TelegramError, endpoint: str
) -> None:
    request = Request(error)
    with pytest.raises(type(error)) as caught:
        await process(limiter, request, endpoint)
    assert caught.value is error
    assert (request.tries, limiter.pauses) == (1, [])


async def test_an_error_of_our_own_is_not_repeated(limiter: Clocked) -> None:
    request = Request(ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        await process(limiter, request)
    assert request.tries == 1


def test_what_may_pass_and_what_not() -> None:
    assert all(map(is_passing, PASSING))
    assert not any(map(is_passing, REFUSED))
    assert not is_passing(asyncio.CancelledError())


@pytest.mark.parametrize("wait", [7, timedelta(seconds=7)])
async def test_a_429_waits_as_long_as_it_is_told(limiter: Clocked, wait: int | timedelta) -> None:
    await process(limiter, Request(RetryAfter(wait), RetryAfter(wait)))
    assert limiter.pauses == [7, 7]


async def test_other_pauses_are_random_grow_and_stay_under_half_a_minute(limiter: Clocked) -> None:
    for _ in range(20):
        await process(limiter, Request(*[TimedOut()] * 12))
    runs = [limiter.pauses[start : start + 12] for start in range(0, 240, 12)]
    assert all(0 < pause <= 30 for pause in limiter.pauses)
    assert all(run[0] <= 1 for run in runs)
    assert sum(run[-1] for run in runs) > 5 * sum(run[0] for run in runs)
    assert len({run[-1] for run in runs}) > 1


@pytest.mark.parametrize(
    ("endpoint", "patience"),
    [("sendMessage", DEFAULT_PATIENCE), ("answerCallbackQuery", 5), ("sendChatAction", 0)],
)
async def test_patience_ends(limiter: Clocked, endpoint: str, patience: float) -> None:
    request = Unreachable(limiter, TimedOut())
    with pytest.raises(TimedOut):
        await process(limiter, request, endpoint)
    assert limiter.now <= patience + 1
    assert limiter.now >= patience - 31
    assert request.tries == len(limiter.pauses) + 1


async def test_typing_is_never_shown_again(limiter: Clocked) -> None:
    for error in PASSING:
        request = Request(error)
        with pytest.raises(type(error)):
            await process(limiter, request, "sendChatAction")
        assert request.tries == 1


async def test_a_429_longer_than_the_patience_is_not_waited_for(limiter: Clocked) -> None:
    with pytest.raises(RetryAfter):
        await process(limiter, Request(RetryAfter(6)), "answerCallbackQuery")
    with pytest.raises(RetryAfter):
        await process(limiter, Request(RetryAfter(100_000)))
    assert limiter.pauses == []


async def test_at_start_it_is_tried_for_ever(limiter: Clocked) -> None:
    request = Request(*[NetworkError("down")] * 500)
    assert await process(limiter, request, "getMe") is True
    assert limiter.now > 2 * DEFAULT_PATIENCE


async def test_each_try_that_failed_is_said(
    limiter: Clocked, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "bot"):
        await process(limiter, Request(RetryAfter(7), TimedOut()))
    first, second = caplog.messages
    assert first.startswith("sendMessage failed (RetryAfter: ")
    assert first.endswith("trying again in 7.0 s")
    assert second.startswith("sendMessage failed (TimedOut: Timed out); trying again in ")


async def test_one_chat_that_waits_does_not_hold_up_another() -> None:
    limiter = PatientLimiter()
    slow = asyncio.ensure_future(process(limiter, Request(RetryAfter(600))))
    assert await process(limiter, Request()) is True
    assert not slow.done()
    slow.cancel()
    assert await asyncio.gather(slow, return_exceptions=True)


# Messages of which nobody knows whether they arrived


def broken(cause: Exception) -> TelegramError:
    """An error as the library raises it for this one of the connection."""
    error: TelegramError
    if isinstance(cause, ValueError):
        error = TelegramError("Invalid server response")
    else:
        error = TimedOut() if isinstance(cause, httpx.TimeoutException) else NetworkError("broken")
    error.__cause__ = cause
    return error


LATE = [httpx.ReadTimeout("slow"), httpx.WriteTimeout("slow")]
LOST = [httpx.ReadError("reset"), httpx.RemoteProtocolError("cut"), ValueError("not JSON")]
NEVER_LEFT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("x")]


@pytest.mark.parametrize(
    ("cause", "copies"),
    [*((cause, COPIES["late"]) for cause in LATE), *((cause, COPIES["lost"]) for cause in LOST)],
    ids=repr,
)
async def test_a_message_that_may_have_arrived_is_sent_a_few_times_only(
    limiter: Clocked, cause: Exception, copies: int
) -> None:
    request = Request(*[broken(cause)] * 50)
    with pytest.raises(TelegramError):
        await process(limiter, request, "sendMessage")
    assert request.tries == copies


@pytest.mark.parametrize("cause", NEVER_LEFT, ids=repr)
async def test_a_message_that_never_left_is_sent_till_it_does(
    limiter: Clocked, cause: Exception
) -> None:
    request = Request(*[broken(cause)] * 20)
    assert await process(limiter, request, "sendMessage") is True


@pytest.mark.parametrize("cause", [*LATE, *LOST], ids=repr)
async def test_what_makes_no_copies_is_tried_as_long_as_there_is_patience(
    limiter: Clocked, cause: Exception
) -> None:
    assert await process(limiter, Request(*[broken(cause)] * 20), "editMessageText") is True


async def test_an_error_of_the_library_that_is_no_garble_is_not_repeated(limiter: Clocked) -> None:
    request = Request(TelegramError("something else"))
    with pytest.raises(TelegramError):
        await process(limiter, request)
    assert request.tries == 1


# Digests


@pytest.mark.parametrize("error", [*PASSING, *REFUSED], ids=repr)
async def test_a_digest_is_tried_once(limiter: Clocked, error: TelegramError) -> None:
    request = Request(error)
    with pytest.raises(type(error)) as caught:
        await process(limiter, request, lane="digest")
    assert caught.value is error
    assert (request.tries, limiter.pauses) == (1, [])
    assert request.seen == [("https://api", ("timeout", 5))]


def next_digest(limiter: Clocked) -> float:
    """Seconds until the next digest may go, as it is 24 a second."""
    return round((limiter.pace._next - limiter.now) * RATE, 6)


@pytest.mark.parametrize(
    ("endpoint", "lane", "counted"),
    [
        ("sendMessage", None, 3),
        ("sendDocument", None, 3),
        ("copyMessage", None, 3),
        ("forwardMessage", None, 3),
        ("sendMessage", "digest", 0),
        ("sendChatAction", None, 0),
        ("editMessageText", None, 0),
        ("answerCallbackQuery", None, 0),
    ],
)
async def test_digests_give_way_to_messages_that_are_none(
    limiter: Clocked, endpoint: str, lane: Lane | None, counted: int
) -> None:
    for _ in range(3):
        await process(limiter, Request(), endpoint, lane)
    assert max(next_digest(limiter), 0) == counted


async def test_each_try_at_a_message_counts(limiter: Clocked) -> None:
    await process(limiter, Request(RetryAfter(0), RetryAfter(0), RetryAfter(0)))
    assert next_digest(limiter) == 4


async def test_a_429_for_an_answer_holds_the_digests_of_its_chat(limiter: Clocked) -> None:
    limiter.stop()
    with pytest.raises(RetryAfter):
        await process(limiter, Request(RetryAfter(30)))
    limiter.now += 1
    assert await limiter.pace.turn(7) == 29
    assert await limiter.pace.turn(8) == 0


async def test_an_answer_that_arrives_shows_that_a_429_was_for_one_chat(limiter: Clocked) -> None:
    limiter.pace.refused(1, 60)
    limiter.pace.refused(2, 60)
    await process(limiter, Request())
    limiter.pace.refused(3, 60)
    assert not limiter.pace.pause_left()


# The end


async def test_after_stop_nothing_is_tried_again(limiter: Clocked) -> None:
    limiter.stop()
    for error in PASSING:
        request = Request(error)
        with pytest.raises(type(error)):
            await process(limiter, request)
        assert request.tries == 1
    assert limiter.pauses == []


async def test_after_stop_what_needs_no_second_try_still_goes(limiter: Clocked) -> None:
    limiter.stop()
    assert await process(limiter, Request()) is True


async def paused(limiter: PatientLimiter, request: Request) -> asyncio.Future[object]:
    """A request on its way, in the pause after its first try."""
    going = asyncio.ensure_future(process(limiter, request))
    await request.begun.wait()
    for _ in range(5):
        await asyncio.sleep(0)
    return going


@pytest.mark.parametrize("times", [1, 3])
async def test_stop_ends_a_pause_at_once_and_nothing_is_tried_again(times: int) -> None:
    limiter = PatientLimiter()
    await limiter.initialize()
    request = Request(*[RetryAfter(600)] * times)
    going = await paused(limiter, request)
    limiter.stop()
    with pytest.raises(TelegramError):
        await asyncio.wait_for(going, 5)
    assert request.tries == 1


async def test_shutdown_stops_and_initialize_starts_anew() -> None:
    limiter = PatientLimiter()
    await limiter.shutdown()
    with pytest.raises(RetryAfter):
        await process(limiter, Request(RetryAfter(600)))
    await limiter.initialize()
    going = await paused(limiter, Request(RetryAfter(600)))
    assert not going.done()
    going.cancel()
    assert await asyncio.gather(going, return_exceptions=True)
