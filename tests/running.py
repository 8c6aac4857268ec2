"""The real bot in a child process against a sandbox in this one: the ground of the flow tests."""

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import DATABASE
from bot.sandbox.server import Sandbox
from bot.sandbox.world import ADMIN_ID, ANNA, BORIS, DEPARTMENT, GROUP, SANDBOX_TOKEN
from tests import clocked_bot
from tests.builders import ARTICLES, ROOT
from tests.sandbox_client import SandboxClient, Seen

READER, OTHER, ADMIN, NEWSROOM = ANNA.id, BORIS.id, ADMIN_ID, GROUP.id
SMALL_GROUP = DEPARTMENT.id
"""An ordinary group, which can become a supergroup; the reader is one of its administrators."""
QUOTE_KINDS = ("blockquote", "expandable_blockquote")


def environment(url: str, corpus: Path, state: Path) -> dict[str, str]:
    """The variables of a bot that works in the sandbox at this address."""
    return os.environ | {
        "TELEGRAM_BOT_TOKEN": SANDBOX_TOKEN,
        "TELEGRAM_API_URL": url,
        "ADMIN_IDS": str(ADMIN),
        "CORPUS_DIR": str(corpus),
        "STATE_DIR": str(state),
        "PYTHONPATH": str(ROOT),
    }


@dataclass
class RunningBot:
    """`doslovno run` as an operator starts it; `log` has what it printed once it has ended.

    With the variable of `tests.clocked_bot` among the settings its clock is the test's.
    """

    process: asyncio.subprocess.Process
    log: str = ""

    @classmethod
    async def start(cls, url: str, corpus: Path, state: Path, **settings: str) -> "RunningBot":
        clocked = clocked_bot.VARIABLE in settings
        program = ("tests.clocked_bot",) if clocked else ("bot", "run")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *program),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=state.parent,
            env=environment(url, corpus, state) | settings,
        )
        return cls(process)

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.end()

    async def end(self) -> int:
        """Wait for the end; returns the exit code."""
        out, _ = await self.process.communicate()
        self.log += out.decode()
        return self.process.returncode or 0


@dataclass
class Room:
    """A sandbox with a client, and the bot that answers there."""

    sandbox: Sandbox
    client: SandboxClient
    corpus: Path
    state: Path
    bot: RunningBot
    clock: Path | None = None
    """The file that moves the bot's clock, where the room was made with one."""

    async def start_bot(self, **settings: str) -> None:
        clock = {clocked_bot.VARIABLE: str(self.clock)} if self.clock else {}
        self.bot = await RunningBot.start(
            self.sandbox.url, self.corpus, self.state, **clock | settings
        )

    async def set_time(self, now: datetime) -> None:
        """Set the bot's clock; it goes on from there."""
        assert self.clock, "the room was made without a clock"
        await asyncio.to_thread(_move, self.clock, now - datetime.now(UTC))

    async def advance(self, by: timedelta) -> None:
        """Put the bot's clock forward."""
        assert self.clock, "the room was made without a clock"
        await self.set_time(clocked_bot.clock_of(self.clock) + by)

    async def ask(self, text: str, user: int = READER, chat: int | None = None) -> Seen:
        """Say something and wait for the bot's reply."""
        return await self.client.wait_for_reply(await self.client.say(user, text, chat))

    async def press(self, message: Seen, button: str, user: int = READER) -> Seen:
        """Press a button and wait for the message that comes of it."""
        pressed = await self.client.press(user, message, button)
        return await self.client.wait_for_reply(pressed, message.chat)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the bot's database holds."""
        with sqlite3.connect(self.state / DATABASE) as connection:
            rows = connection.execute(query).fetchall()
        connection.close()
        return rows


def _move(clock: Path, ahead: timedelta) -> None:
    """Set how far a clock is ahead, at once: the bot may be reading it."""
    fresh = clock.with_suffix(".new")
    fresh.write_text(str(ahead.total_seconds()), encoding="utf-8")
    fresh.replace(clock)


@asynccontextmanager
async def room(
    tmp_path: Path, *, now: datetime | None = None, **settings: str
) -> AsyncIterator[Room]:
    """A sandbox and a bot that polls it, with a copy of the shipped articles.

    With `now` the bot's clock starts there, and the test may move it.
    """
    corpus, state = tmp_path / "articles", tmp_path / "state"
    if not corpus.exists():
        shutil.copytree(ARTICLES, corpus)
    if now:
        clock = tmp_path / "clock"
        _move(clock, now - datetime.now(UTC))
        settings[clocked_bot.VARIABLE] = str(clock)
    async with Sandbox() as sandbox, SandboxClient(sandbox.url) as client:
        bot = await RunningBot.start(sandbox.url, corpus, state, **settings)
        here = Room(sandbox, client, corpus, state, bot, clock if now else None)
        try:
            await client.wait_for_bot()
            yield here
        finally:
            await here.bot.stop()


def quotes_of(message: Seen) -> list[str]:
    """The quotes of a message without the marks of where they were cut."""
    return [piece.replace("[…]", "").strip() for piece in message.pieces(*QUOTE_KINDS)]


def assert_verbatim(message: Seen, corpus: Path) -> None:
    """Every quote stands, to the character, in some file of the corpus."""
    files = [path.read_text(encoding="utf-8") for path in corpus.iterdir()]
    assert quotes_of(message)
    for quote in quotes_of(message):
        assert any(quote in text for text in files), quote
