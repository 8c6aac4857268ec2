"""`doslovno index`: the index built, or brought up to date, for a person or for the bot.

With `--report` each line on stdout is a JSON object, for `bot.rebuilding`: how far it is
(`progress`, in bytes), what it came to (`built`), that segments were merged after that (`merged`),
or why it failed (`failed`).
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from bot import terminal
from bot.opening import INDEX, LARGE, warn_of
from bot.rebuilding import NOT_REBUILT, Record, built_record, failed_record
from bot.settings import Settings
from retrieval import compiled
from retrieval.building.update import Built, settle, update

LOW = 10
"""How much lower than others' its priority is where it works for a bot that answers meanwhile."""
PAUSE = 0.2
"""Seconds at least from one word of how far it is to the next."""
INTERRUPTED = 130


def main(settings: Settings, options: argparse.Namespace) -> int:
    """Bring the index up to date, merge what is worth it, and compile what can be compiled."""
    index = settings.state_dir / INDEX
    make = _report if options.report else _show
    try:
        make(settings.corpus_dir, index)
    except KeyboardInterrupt:
        print("doslovno: stopped; `doslovno index` goes on from here next time", file=sys.stderr)
        return INTERRUPTED
    return 0


def _show(corpus_dir: Path, index: Path) -> None:
    """For a person: a bar, and at last what is in it."""
    with terminal.progress("indexing") as show:
        built = update(corpus_dir, index, progress=show)
    warn_of(built.refused)
    with terminal.progress("merging") as show:
        settle(index, show)
    _compile(built)
    print(f"{built.articles} articles, {built.passages} paragraphs indexed")


def _report(corpus_dir: Path, index: Path) -> None:
    """For the bot: JSON lines, at low priority."""
    os.nice(LOW)
    try:
        built = update(corpus_dir, index, progress=_now_and_then())
    except NOT_REBUILT as error:
        _say(failed=failed_record(error))
        raise
    _say(built=built_record(built))
    if settle(index):
        _say(merged=True)
    _compile(built)


def _compile(built: Built) -> None:
    """So that it is done once, and never while somebody waits for an answer."""
    if built.passages >= LARGE:
        compiled.load()


def _now_and_then() -> Callable[[int, int], None]:
    """Says how far the work is, but not more often than is of use."""
    said = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal said
        if done == total or monotonic() - said > PAUSE:
            said = monotonic()
            _say(progress=[done, total])

    return progress


def _say(**said: object) -> None:
    print(json.dumps(said), flush=True)
