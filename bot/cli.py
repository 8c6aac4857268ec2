"""What each command of `doslovno` does; each returns its exit code."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import app, render, terminal
from bot.answering import QUOTES
from bot.ending import Ending
from bot.message import Reply
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.state import State
from bot.sandbox.world import ADMIN_ID, SANDBOX_TOKEN
from bot.searcher import look_up, open_generation, settle
from bot.settings import ConfigurationError, Settings, environment_with
from retrieval import corpus as corpora
from retrieval.analyzer import Analyzer
from retrieval.generation import Generation
from retrieval.passages import split

Action = Callable[[Settings, argparse.Namespace], int]


def port(text: str) -> int:
    """A port number, for argparse. Raises ArgumentTypeError for what is none."""
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 0 to 65535")
    return int(text)


def _generation(settings: Settings) -> Generation:
    """The archive, with a progress bar on stderr while articles are analysed."""
    with terminal.progress("indexing") as bar:
        task = bar.add_task("indexing", total=None)
        return open_generation(
            settings.corpus_dir,
            settings.state_dir,
            lambda done, total: bar.update(task, completed=done, total=total),
        )


def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Run the bot until it is told to stop."""
    settings.require_token()
    try:
        archive = _generation(settings)
    except KeyboardInterrupt:  # while the index is built there is nothing to finish
        return 0
    settle()
    asyncio.run(app.run(settings, archive))
    return 0


def ask(settings: Settings, options: argparse.Namespace) -> int:
    """Print one answer: the same quotes, sources and dates as in a chat."""
    question = " ".join(options.question.split())
    archive = _generation(settings)
    reply = _reply(settings, archive, question)
    reply.check()
    terminal.console().print(terminal.styled(reply), soft_wrap=True)
    return 0


def _reply(settings: Settings, archive: Generation, question: str) -> Reply:
    """An answer without buttons: they could refer to nothing."""
    if wrong := render.complaint(question):
        return Reply(wrong)
    now = app.now().astimezone(settings.timezone)
    outcome = look_up(archive, question, QUOTES, today=now.date())
    if not outcome.quotes:
        return render.refusal(outcome, now)
    return render.answer(outcome.quotes, notes=render.notes(outcome))


def corpus(settings: Settings, _options: argparse.Namespace) -> int:
    """Print what each file gave; 1 if any was refused."""
    found = corpora.read(settings.corpus_dir)
    analyzer = Analyzer()
    rows = [(article, len(split(article, analyzer))) for article in found.articles]
    out = terminal.console()
    out.print(terminal.corpus_table(rows))
    for refused in found.refused:
        out.print(terminal.plain(f"refused {refused}"), soft_wrap=True)
    return 1 if found.refused else 0


def index(settings: Settings, _options: argparse.Namespace) -> int:
    """Build the index and say what is in it."""
    archive = _generation(settings)
    print(f"{len(archive.articles)} articles, {len(archive.passages)} paragraphs indexed")
    return 0


def sandbox(settings: Settings, options: argparse.Namespace) -> int:
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
