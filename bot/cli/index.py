"""`doslovno index`: the index built, or brought up to date, for a person or for the bot.

With `--report` each line on stdout is a JSON object, as `bot.rebuilding` reads them: how far it is
(`progress`, in bytes), what it came to (`built`), that segments were merged after that (`merged`),
or why it failed (`failed`).
"""

import argparse
import json
import os
import sys
from pathlib import Path
from time import monotonic
from typing import Any

from bot import terminal
from bot.opening import INDEX
from bot.rebuilding import built_record, failed_record
from bot.settings import Settings
from retrieval import compiled
from retrieval.building.update import Built, settle, update
from retrieval.corpus import CorpusError
from retrieval.storage import GenerationError

LOW = 10
"""How much lower than others' its priority is where it works for a bot that answers meanwhile."""
A_SECOND = 5
"""So many times a second it is told how far the work is."""
INTERRUPTED = 130
GOES_ON = "stopped; `doslovno index` goes on from here next time"


def main(settings: Settings, options: argparse.Namespace) -> int:
    """Bring the index up to date, merge what is worth it, and compile what can be compiled."""
    index = settings.state_dir / INDEX
    return _reported(settings.corpus_dir, index) if options.report else _shown(settings, index)


def _shown(settings: Settings, index: Path) -> int:
    try:
        with terminal.progress("indexing") as show:
            built = update(settings.corpus_dir, index, progress=show)
        for refused in built.refused:
            print(f"refused {terminal.plain(str(refused))}", file=sys.stderr)
        _finish(built, index)
    except KeyboardInterrupt:
        print(f"doslovno: {GOES_ON}", file=sys.stderr)
        return INTERRUPTED
    print(f"{built.articles} articles, {built.passages} paragraphs indexed")
    return 0
