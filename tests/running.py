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
from pathlib import Path

from bot.app import DATABASE
from bot.sandbox.server import Sandbox
from bot.sandbox.world import ADMIN_ID, ANNA, BORIS, GROUP, SANDBOX_TOKEN
from tests.builders import ARTICLES, ROOT
from tests.sandbox_client import SandboxClient, Seen

READER, OTHER, ADMIN, NEWSROOM = ANNA.id, BORIS.id, ADMIN_ID, GROUP.id
QUOTE_KINDS = ("blockquote", "expandable_blockquote")


@dataclass
class RunningBot:
    """`doslovno run` as an operator starts it; `log` has what it printed once it has ended."""

    process: asyncio.subprocess.Process
    log: str = ""

    @classmethod
    async def start(cls, url: str, corpus: Path, state: Path, **settings: str) -> "RunningBot":
        variables = {
            "TELEGRAM_BOT_TOKEN": SANDBOX_TOKEN,
            "TELEGRAM_API_URL": url,
            "ADMIN_IDS": str(ADMIN),
            "CORPUS_DIR": str(corpus),
            "STATE_DIR": str(state),
            "PYTHONPATH": str(ROOT),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=state.parent,
            env=os.environ | variables | settings,
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

    async def start_bot(self, **settings: str) -> None:
        self.bot = await RunningBot.start(self.sandbox.url, self.corpus, self.state, **settings)

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


@asynccontextmanager
async def room(tmp_path: Path, **settings: str) -> AsyncIterator[Room]:
    """A sandbox and a bot that polls it, with a copy of the shipped articles."""
    corpus, state = tmp_path / "articles", tmp_path / "state"
    if not corpus.exists():
        shutil.copytree(ARTICLES, corpus)
    async with Sandbox() as sandbox, SandboxClient(sandbox.url) as client:
        bot = await RunningBot.start(sandbox.url, corpus, state, **settings)
        here = Room(sandbox, client, corpus, state, bot)
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
