"""Polling under a fake transport and a fake clock: what is said, what is survived, what ends it."""

import logging

import httpx
import pytest
from telegram.error import NetworkError, TimedOut

from bot.polling import CONFLICT_GAP, CONFLICT_SECONDS, REVOKED, SECOND_POLLER, PollingRequest

CAME = b'{"ok":true,"result":[{"update_id":1}]}'
TAKEN_IN = b'{"ok":true,"result":[]}'
URL = "https://api.telegram.org/bot1:x/getUpdates"


class Line:
    """A line to Telegram: the next answers, a clock, and the reasons that were given up for."""

    def __init__(self) -> None:
        self.answers: list[int | Exception] = []
        self.now = 0.0
        self.reasons: list[str] = []
        self.taken_in: list[bytes] = []
        self.request = PollingRequest(
            self._take_in,
            self.reasons.append,
            lambda: self.now,
            httpx_kwargs={"transport": httpx.MockTransport(self._answer)},
        )

    def _answer(self, _request: httpx.Request) -> httpx.Response:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, content=CAME)

    async def _take_in(self, payload: bytes) -> bytes:
        self.taken_in.append(payload)
        return TAKEN_IN

    async def poll(self, answer: int | Exception, at: float | None = None) -> int | None:
        """Poll once; returns the status as PTB sees it, None for a lost connection."""
        self.now = self.now if at is None else at
        self.answers.append(answer)
        try:
            code, payload = await self.request.do_request(URL, "POST")
        except NetworkError:
            return None
        assert payload == (TAKEN_IN if code < 300 else CAME)
        return code


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.mark.parametrize("code", [200, 400, 409, 429, 500, 502])
async def test_a_status_is_passed_on(line: Line, code: int) -> None:
    assert await line.poll(code) == code


@pytest.mark.parametrize("code", [401, 404])
async def test_what_would_stop_the_library_is_told_as_a_502(line: Line, code: int) -> None:
    """PTB would take it for a wrong token and stop polling for ever, without a word."""
    assert await line.poll(code) == 502


async def test_what_comes_is_taken_in_before_the_library_reads_it(line: Line) -> None:
    for answer in (200, 502, 409, httpx.ReadError("reset"), 200):
        await line.poll(answer)
    assert line.taken_in == [CAME, CAME]


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("no route"), httpx.ReadTimeout("slow"), httpx.ReadError("reset")]
)
async def test_a_lost_connection_is_raised_and_survived(line: Line, error: Exception) -> None:
    line.answers.append(error)
    with pytest.raises(TimedOut if isinstance(error, httpx.TimeoutException) else NetworkError):
        await line.request.do_request(URL, "POST")
    assert await line.poll(200) == 200
    assert line.reasons == []


LOST = "no updates from Telegram ({}); trying again with back-off"
FOUND = "Telegram answers again"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([200, 200], []),
        ([502, 502, 503, 200, 200], [LOST.format("HTTP 502"), FOUND]),
        ([404, 200], [LOST.format("HTTP 404"), FOUND]),
        ([429, 200], [LOST.format("HTTP 429"), FOUND]),
        ([500], [LOST.format("HTTP 500")]),
        ([500, 200, 500, 200], [LOST.format("HTTP 500"), FOUND] * 2),
        (
            [httpx.ConnectError("no route"), httpx.ConnectError("no route"), 502, 200],
            [LOST.format("httpx.ConnectError: no route"), FOUND],
        ),
    ],
)
async def test_lost_and_found_are_said_once_each(
    line: Line,
    caplog: pytest.LogCaptureFixture,
    answers: list[int | Exception],
    said: list[str],
) -> None:
    with caplog.at_level(logging.INFO, "bot"):
        for answer in answers:
            await line.poll(answer)
    assert caplog.messages == said
    assert line.reasons == []


async def test_a_token_refused_ends_it(line: Line) -> None:
    await line.poll(401)
    assert line.reasons == [REVOKED]
    assert "TELEGRAM_BOT_TOKEN" in REVOKED


async def test_a_conflict_is_said_loudly(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    await line.poll(409)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == f"409 Conflict: {SECOND_POLLER}"


S, G = CONFLICT_SECONDS, CONFLICT_GAP


@pytest.mark.parametrize(
    "times",
    [[0.0], [0, S], [0, 5, S], [0, G + 1], [0, S, S + G + 1, 2 * S + G + 1], [1e6, 1e6 + S]],
)
async def test_a_short_conflict_is_survived(line: Line, times: list[float]) -> None:
    for at in times:
        assert await line.poll(409, at) == 409
    assert await line.poll(200) == 200
    assert line.reasons == []


@pytest.mark.parametrize(
    "times", [[0, S + 1], [0, 5, 10, S + 1], [0, G], [0, G + 1, G + 2 + S], [1e6, 1e6 + S + 1]]
)
async def test_a_conflict_that_lasts_ends_it(line: Line, times: list[float]) -> None:
    for at in times[:-1]:
        await line.poll(409, at)
    assert line.reasons == []
    await line.poll(409, times[-1])
    assert line.reasons == [SECOND_POLLER]


async def test_two_bots_that_throw_each_other_out_end_as_well(line: Line) -> None:
    """Between conflicts a poll may succeed: the other bot was between two of its own."""
    for at in range(0, 20, 5):
        await line.poll(409, at)
        await line.poll(200, at + 2)
    await line.poll(409, S + 6)
    assert line.reasons[-1:] == [SECOND_POLLER]
