"""`doslovno sandbox`: a local Bot API server with a chat page; with `--bot` the bot beside it."""

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.ending import Ending
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.state import State
from bot.sandbox.world import ADMIN_ID, SANDBOX_TOKEN
from bot.settings import ConfigurationError, Settings, environment_with


def main(settings: Settings, options: argparse.Namespace) -> int:
    """Run the sandbox, with `--bot` the bot beside it, until told to stop."""
    try:
        return _demo_in(options) if options.bot else _server(settings, options)
    except OSError as error:
        raise ConfigurationError(
            f"{error}; choose another address with --host and --port"
        ) from error


def _demo_in(options: argparse.Namespace) -> int:
    with TemporaryDirectory(prefix="doslovno-") as state_dir:
        return asyncio.run(_demo(options.host, options.port, Path(state_dir)))


def _server(settings: Settings, options: argparse.Namespace) -> int:
    secret = settings.telegram_bot_token
    token = secret.get_secret_value() if secret else SANDBOX_TOKEN
    shown = SANDBOX_TOKEN if secret is None else "(as set)"
    return asyncio.run(_serve(options.host, options.port, token, shown))


async def _serve(host: str, port: int, token: str, shown: str) -> int:
    def announce(server: Sandbox) -> None:
        print(f"Open {server.url} in a browser; Ctrl-C stops.")
        print(
            f"A bot connects with TELEGRAM_API_URL={server.url}"
            f" TELEGRAM_BOT_TOKEN={shown} ADMIN_IDS={ADMIN_ID}",
            flush=True,
        )

    stop = Ending.at_signals().event
    await serve(host, port, state=State(token), started=announce, stop=stop)
    return 0


async def _demo(host: str, port: int, state_dir: Path) -> int:
    """The sandbox with the real bot in a child process, its state forgotten afterwards."""
    ending = Ending.at_signals()
    async with Sandbox(State(SANDBOX_TOKEN), host=host, port=port) as server:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            env=environment_with(
                TELEGRAM_API_URL=server.url,
                TELEGRAM_BOT_TOKEN=SANDBOX_TOKEN,
                ADMIN_IDS=str(ADMIN_ID),
                STATE_DIR=str(state_dir),
                LOG_LEVEL="WARNING",
            ),
        )
        print(f"Open {server.url} in a browser; Ctrl-C stops.", flush=True)
        await ending.unless(child.wait())
        if child.returncode is None:
            child.terminate()
        return await child.wait()
