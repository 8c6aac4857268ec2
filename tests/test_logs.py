"""The token appears in no line of the log, whichever way it gets into a record."""

import io
import logging
import warnings
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import logs

SECRET = "AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
TOKEN = f"123456789:{SECRET}"
URL = f"https://api.telegram.org/bot{TOKEN}/getMe"

log = logging.getLogger("bot.tests")


@pytest.fixture
def err(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the configured log writes to stderr; the logging of the tests comes back afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    names = (*logs.OURS, "httpx", "httpcore")
    before = {name: logging.getLogger(name).level for name in names}
    handlers, level = root.handlers, root.level
    root.handlers = []
    monkeypatch.setattr("bot.logs.sys", SimpleNamespace(stderr=stream))
    logs.configure("INFO", (TOKEN,))
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers = handlers
    root.setLevel(level)
    for name, number in before.items():
        logging.getLogger(name).setLevel(number)


def written(stream: io.StringIO) -> str:
    """All that was logged: something, with the secret blotted out and nowhere else."""
    text = stream.getvalue()
    assert "[redacted]" in text
    assert SECRET not in text
    assert TOKEN not in text
    return text


@pytest.mark.parametrize(
    ("message", "args"),
    [
        (f"the token is {TOKEN}", ()),
        (f"half of it is {SECRET}.", ()),
        ("%s", (URL,)),
        ("%s and %s", (TOKEN, TOKEN)),
        ("%r", ({"token": TOKEN, TOKEN: 1},)),
        ("%r", (TOKEN.encode(),)),
        ("%s", (TOKEN.replace(":", "%3A"),)),
        ("%s", (httpx.URL(URL),)),
        ("%s", (Bot(TOKEN),)),
        ("%r", (Bot(TOKEN),)),
        ("%s", (InvalidToken(f"The token `{TOKEN}` was rejected by the server."),)),
        (f"two\nlines {TOKEN}", ()),
    ],
)
def test_a_message_and_its_arguments(
    err: io.StringIO, message: str, args: tuple[object, ...]
) -> None:
    log.error(message, *args)
    assert written(err)


def fail() -> None:
    """The token stands in a source line, in an error and in the error before it."""
    try:
        int("123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc")
    except ValueError as error:
        raise OSError(f"cannot open {URL}") from error


def test_a_traceback_with_its_source_lines_and_causes(err: io.StringIO) -> None:
    try:
        fail()
    except OSError:
        log.exception("failed with %s", SECRET)
    text = written(err)
    assert text.count("Traceback") == 2
    assert "OSError: cannot open https://api.telegram.org/bot[redacted]/getMe" in text


def test_a_stack(err: io.StringIO) -> None:
    log.warning("here", stack_info="123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc" in TOKEN)
    assert "Stack (most recent call last)" in written(err)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (NetworkError(f"httpx.ConnectError: {URL}"), "NetworkError: httpx.ConnectError: "),
        (InvalidToken(f"{TOKEN} was rejected"), "InvalidToken: [redacted] was rejected"),
        (RetryAfter(7), "RetryAfter: Flood control exceeded. Retry in 0:00:07"),
    ],
)
def test_an_error_of_telegram_is_one_line_without_traceback(
    err: io.StringIO, error: TelegramError, line: str
) -> None:
    try:
        raise error from ValueError(TOKEN)
    except TelegramError:
        log.exception("not sent")
    first, second = err.getvalue().splitlines()
    assert first.endswith("ERROR bot.tests: not sent")
    assert second.startswith(line)
    assert SECRET not in err.getvalue()


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
async def test_httpx_told_to_log_its_requests(err: io.StringIO, level: int) -> None:
    logging.getLogger("httpx").setLevel(level)
    answer = httpx.MockTransport(lambda _request: httpx.Response(200))
    async with httpx.AsyncClient(transport=answer) as client:
        await client.get(URL)
    assert "HTTP Request: GET https://api.telegram.org/bot[redacted]/getMe" in written(err)


async def test_httpx_is_silent_unless_told_to_log(err: io.StringIO) -> None:
    answer = httpx.MockTransport(lambda _request: httpx.Response(200))
    async with httpx.AsyncClient(transport=answer) as client:
        await client.get(URL)
    assert err.getvalue() == ""


def test_a_warning_goes_to_the_log(err: io.StringIO) -> None:
    logging.captureWarnings(capture=False)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logs.configure("INFO", (TOKEN,))
        warnings.warn(f"{TOKEN} is old", UserWarning, stacklevel=1)
    assert "UserWarning: [redacted] is old" in written(err)


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("DEBUG", ["bot debug", "bot info", "bot error", "lib error"]),
        ("INFO", ["bot info", "bot error", "lib error"]),
        ("ERROR", ["bot error", "lib error"]),
        ("CRITICAL", ["lib error"]),
    ],
)
def test_the_level_is_ours_and_libraries_only_warn(
    err: io.StringIO, level: str, said: list[str]
) -> None:
    logs.configure(level, (TOKEN,))
    for name, logger in (("bot", log), ("lib", logging.getLogger("telegram.ext"))):
        logger.debug("%s debug", name)
        logger.info("%s info", name)
        logger.error("%s error", name)
    assert [line.rpartition(": ")[2] for line in err.getvalue().splitlines()] == said


def test_configured_twice_a_line_is_written_once(err: io.StringIO) -> None:
    logs.configure("INFO", (TOKEN,))
    log.error("once %s", TOKEN)
    assert written(err).count("once") == 1


@pytest.mark.parametrize("secrets", [(), ("1:x",)])
def test_without_a_secret_or_with_a_short_one_lines_stay_whole(
    err: io.StringIO, secrets: tuple[str, ...]
) -> None:
    logs.configure("INFO", secrets)
    log.error("exact text")
    assert err.getvalue().endswith("ERROR bot.tests: exact text\n")
