"""`doslovno corpus`: what each file of the corpus folder gave."""

import argparse

from bot import terminal
from bot.settings import Settings
from retrieval import corpus
from retrieval.analyzer import Analyzer
from retrieval.passages import split


def main(settings: Settings, _options: argparse.Namespace) -> int:
    """Print what each file gave; 1 if any was refused."""
    found = corpus.read(settings.corpus_dir)
    analyzer = Analyzer()
    rows = [(article, len(split(article, analyzer))) for article in found.articles]
    out = terminal.console()
    out.print(terminal.corpus_table(rows))
    for refused in found.refused:
        out.print(terminal.plain(f"refused {refused}"), soft_wrap=True)
    return 1 if found.refused else 0
