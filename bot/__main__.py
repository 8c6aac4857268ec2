"""The command line: `doslovno run | sandbox | ask | corpus | index`."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from bot import logs, settings
from bot.database import StoreError
from bot.ending import GaveUp
from bot.settings import ConfigurationError
from retrieval.corpus import CorpusError
from retrieval.storage import GenerationError
from retrieval.storing.lock import LockError

log = logging.getLogger(__name__)

ABOUT = "Doslovno answers questions about a news archive only with verbatim quotes."

FOUND_WRONG = 1
MISUSED = 2
INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """Every command with its options; `doslovno COMMAND --help` explains each."""
    top = argparse.ArgumentParser(prog="doslovno", description=ABOUT)
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, help_: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_, description=help_)
        added.set_defaults(command=name)
        return added

    command("run", "run the bot against Telegram")
    sandbox = command("sandbox", "run a local Bot API server with a chat page")
    sandbox.add_argument("--host", default="127.0.0.1", help="address to listen on")
    sandbox.add_argument("--port", type=port, default=8080, help="port to listen on")
    sandbox.add_argument("--bot", action="store_true", help="start the bot beside it")
    ask = command("ask", "answer one question in the terminal")
    ask.add_argument("question", help="the question, in quotes")
    command("corpus", "show what each file of the corpus gave; exit 1 if any was refused")
    index = command("index", "bring the index up to date, so that the bot starts at once")
    index.add_argument(
        "--report",
        dest="command",
        action="store_const",
        const="report",
        help="at low priority, and telling in JSON lines how far it is",
    )
    return top


def port(text: str) -> int:
    """A port number, for argparse. Raises ArgumentTypeError for what is none."""
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 0 to 65535")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, 1 (found wrong), 2 (cannot be done so) or 130 (Ctrl-C)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may know no Cyrillic
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # till a command has its own way to end
    secrets: tuple[str, ...] = ()
    try:
        chosen = settings.load()
        if chosen.telegram_bot_token:
            secrets = (chosen.telegram_bot_token.get_secret_value(),)
        logs.configure(chosen.log_level, secrets)
        command = import_module(f"bot.cli.{options.command}")  # imports only what it needs
        return int(command.main(chosen, options))
    except (ConfigurationError, CorpusError, StoreError) as error:
        return _fail(logs.redacted(str(error), secrets), MISUSED)
    except (GaveUp, GenerationError, LockError, OSError) as error:
        return _fail(logs.redacted(str(error), secrets), FOUND_WRONG)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return INTERRUPTED
    except Exception:
        log.exception("this is a bug in doslovno; please report it")
        return FOUND_WRONG


def _fail(error: str, code: int) -> int:
    print(f"doslovno: {' '.join(error.split())}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
