"""Hours in a moment: an event loop whose clock jumps to what comes next, and a Telegram in it."""

import asyncio
import json
import selectors
import sqlite3
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar, cast

import aiosqlite
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.limiter import Lane, PatientLimiter
from bot.migrations import MIGRATIONS
from bot.pace import Pace
from bot.store import Store

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
T = TypeVar("T")
Json = dict[str, Any]


class Jumping(selectors.SelectSelector):
    """Where the loop would wait for time to pass, it has passed."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("nothing will ever happen again")
        self.now += max(timeout, 0.0)
        return super().select(0)


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop in which no time is spent on waiting; no threads and no sockets in it."""

    def __init__(self) -> None:
        self.selector = Jumping()
        super().__init__(self.selector)

    def time(self) -> float:
        return self.selector.now


def simulate(work: Coroutine[Any, Any, T]) -> T:
    """Run this in simulated time, which begins at 0."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(work)


def seconds() -> float:
    """The simulated time."""
    return asyncio.get_running_loop().time()


def clock() -> datetime:
    """The simulated time as a wall clock shows it."""
    return START + timedelta(seconds=seconds())


class Cursor:
    """What `await db.execute(…)` gives."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid

    async def fetchone(self) -> Any:
        return self._cursor.fetchone()


class Connection:
    """SQLite as aiosqlite shows it, without the thread: it would not know of the loop's time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def execute(self, query: str, values: Iterable[Any] = ()) -> Cursor:
        return Cursor(self._db.execute(query, tuple(values)))

    async def executemany(self, query: str, values: Iterable[Any]) -> Cursor:
        return Cursor(self._db.executemany(query, values))

    async def execute_fetchall(self, query: str, values: Iterable[Any] = ()) -> list[Any]:
        return self._db.execute(query, tuple(values)).fetchall()

    @property
    def in_transaction(self) -> bool:
        return self._db.in_transaction

    async def close(self) -> None:
        self._db.close()


class Breakable(sqlite3.Connection):
    """SQLite that fails, while it is `broken`, when it is to commit."""

    broken: sqlite3.Error | None = None

    def execute(self, query: str, values: Any = (), /) -> sqlite3.Cursor:
        if self.broken and query == "COMMIT":
            raise self.broken
        return super().execute(query, values)


class AtOnce(Executor):
    """In place of a thread: it would not know of the loop's time."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(work(*given, **named))
        except sqlite3.Error as error:
            done.set_exception(error)
        return done


class SimulatedStore(Store):
    """The store in simulated time; `broken` makes its writes fail."""

    file: Breakable

    @classmethod
    async def at(cls, path: Path) -> "SimulatedStore":
        file = sqlite3.connect(path, isolation_level=None, factory=Breakable)
        store = cls(cast("aiosqlite.Connection", Connection(file)), file, file, AtOnce)
        store.file = file
        for statement in (statement for step in MIGRATIONS for statement in step):
            file.execute(statement)
        file.execute("PRAGMA synchronous = OFF")
        return store

    @property
    def broken(self) -> sqlite3.Error | None:
        return self.file.broken

    @broken.setter
    def broken(self, error: sqlite3.Error | None) -> None:
        self.file.broken = error


Answer = tuple[int, Json | bytes] | Exception
"""HTTP status with JSON or what is none, or what the connection ends in."""


def lost() -> Exception:
    """The connection broke, as the library tells it."""
    error = NetworkError("httpx.RemoteProtocolError: Server disconnected")
    error.__cause__ = httpx.RemoteProtocolError("Server disconnected")
    return error


def late() -> Exception:
    """The server took too long, as the library tells it."""
    error = TimedOut()
    error.__cause__ = httpx.ReadTimeout("")
    return error


def refusal(code: int, description: str, **parameters: int) -> Answer:
    """What Telegram answers that does not take a message."""
    answer = {"ok": False, "error_code": code, "description": description}
    return code, answer | ({"parameters": parameters} if parameters else {})


@dataclass(frozen=True, slots=True)
class Call:
    """A request for a message, when it came, and what was answered."""

    at: float
    chat_id: int
    text: str
    answer: Answer | None

    @property
    def arrived(self) -> bool:
        return self.answer is None


@dataclass
class Telegram(BaseRequest):
    """The Bot API at the transport: takes messages in, or answers as `faults` has it for a call."""

    latency: tuple[float, float] = (0.1, 0.3)
    """Seconds that an answer takes, from and to."""
    faults: Callable[[int, str], Answer | None] = lambda _chat, _text: None
    calls: list[Call] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(3))  # noqa: S311

    read_timeout = 5.0

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_named_timeouts: Any,
    ) -> tuple[int, bytes]:
        assert method == "POST"
        assert url.endswith("/sendMessage")
        sent: Json = request_data.parameters if request_data else {}
        chat_id, text = int(sent["chat_id"]), str(sent["text"])
        answer = self.faults(chat_id, text)
        self.calls.append(Call(seconds(), chat_id, text, answer))
        await asyncio.sleep(self.random.uniform(*self.latency))
        if isinstance(answer, Exception):
            raise answer
        code, reply = answer or (200, {"ok": True, "result": message(len(self.calls), sent)})
        return code, reply if isinstance(reply, bytes) else json.dumps(reply).encode()

    @property
    def arrived(self) -> list[tuple[int, str]]:
        """The messages that were taken in: chat and text."""
        return [(call.chat_id, call.text) for call in self.calls if call.arrived]

    def most_in(self, window: float, calls: Iterable[Call] | None = None) -> int:
        """The most calls that there were in any stretch of so many seconds."""
        return most_within(window, [call.at for call in calls or self.calls])

    def most_in_a_chat(self, window: float) -> int:
        chats = Counter(call.chat_id for call in self.calls)
        return max(
            self.most_in(window, [call for call in self.calls if call.chat_id == chat])
            for chat in chats
        )


def most_within(window: float, times: list[float]) -> int:
    """The most of these ascending times that lie in any half-open stretch of so many seconds."""
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - window:
            first += 1
        most = max(most, last - first + 1)
    return most


def message(number: int, sent: Json) -> Json:
    chat = {"id": int(sent["chat_id"]), "type": "private"}
    return {"message_id": number, "date": 0, "chat": chat, "text": sent["text"]}


def bot_for(telegram: Telegram) -> tuple[ExtBot[Lane], Pace]:
    """A bot that talks to this Telegram, and the pace that its limiter tells of live messages."""
    limiter = PatientLimiter(Pace(seconds))
    bot = ExtBot("1:token", request=telegram, get_updates_request=telegram, rate_limiter=limiter)
    return bot, limiter.pace
