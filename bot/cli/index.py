"""`doslovno index`: the index brought up to date, with a bar, for a person."""

import argparse
import sys
from pathlib import Path

from bot import terminal
from bot.rebuilding import compile_for, warn_of
from bot.settings import Settings, index_in
from retrieval.building.update import settle, update

INTERRUPTED = 130


def main(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the index up to date, merge what is worth it, and compile what can be compiled."""
    try:
        _build(settings.corpus_dir, index_in(settings.state_dir))
    except KeyboardInterrupt:
        print("doslovno: stopped; `doslovno index` goes on from here next time", file=sys.stderr)
        return INTERRUPTED
    return 0


def _build(corpus_dir: Path, index: Path) -> None:
    with terminal.progress("indexing") as show:
        built = update(corpus_dir, index, progress=show, scrubbed=True)
    warn_of(built.refused)
    with terminal.progress("merging") as show:
        settle(index, show)
    compile_for(built.passages)
    print(f"{built.articles} articles, {built.passages} paragraphs indexed")
