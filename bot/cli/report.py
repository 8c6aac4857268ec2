"""`doslovno index --report`: the index brought up to date for a bot that answers meanwhile.

Each line on stdout is a JSON object, for `bot.rebuilding`: how far it is (`progress`, in bytes),
what it came to (`built`), that segments were merged after that (`merged`), or why it failed
(`failed`).
"""

import argparse
import json
import os
from collections.abc import Callable
from time import monotonic

from bot.rebuilding import NOT_REBUILT, built_record, compile_for, failed_record
from bot.settings import Settings, index_in
from retrieval.building.update import settle, update

LOW = 10
"""How much lower than that of others its priority is."""
PAUSE = 0.2
"""Seconds at least from one word of how far it is to the next."""


def main(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the index up to date, merge what is worth it, and compile what can be compiled."""
    os.nice(LOW)
    index = index_in(settings.state_dir)
    try:
        built = update(settings.corpus_dir, index, progress=_now_and_then())
    except NOT_REBUILT as error:
        _say(failed=failed_record(error))
        raise
    _say(built=built_record(built))
    if settle(index):
        _say(merged=True)
    compile_for(built.passages)
    return 0


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
