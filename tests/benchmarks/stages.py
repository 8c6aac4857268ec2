"""What each stage of the ranking adds on test sets, and what it costs.

    python -m tests.benchmarks.stages DIR…

The shipped questions are asked as well. The ranker as it ships has learned from the sets: what it
is worth on questions it has not seen, `make ranker` says. Prints a table and asserts nothing.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console
from rich.table import Table

from retrieval.arrays import Floats
from retrieval.candidates import ARTICLE, candidates
from retrieval.generation import Generation
from retrieval.measuring.measures import interval, mean, per_question
from retrieval.measuring.trec import Run, falling
from retrieval.measuring.trial import Trial, of_articles, of_set
from retrieval.query import Query, parse
from retrieval.ranking import rank, shipped_ranker
from retrieval.sought import Sought, seek
from retrieval.tally import Tally, tally
from retrieval.understanding import Understood, understand
from tests.builders import ROOT

DEPTH = 100
Ranked = list[tuple[int, float]]
Stage = Callable[[Generation, Query], Ranked]


def _plain(word: Sought) -> Sought:
    """Without words of its root, and as much worth as any other word."""
    return word._replace(kin=(), token=word.token._replace(weight=1.0))


def _own(word: Sought) -> Sought:
    """Without words of its root."""
    return word._replace(kin=())


def _top(found: Tally, scores: Floats) -> Ranked:
    order = np.lexsort((found.numbers, -scores))[:DEPTH]
    return list(zip(found.numbers[order].tolist(), scores[order].tolist(), strict=True))


def _base(archive: Generation, words: Sequence[Sought]) -> Ranked:
    found = candidates(archive, tally(archive, words))
    return list(zip(found.numbers.tolist(), found.base.tolist(), strict=True))[:DEPTH]


def lemmas(archive: Generation, query: Query) -> Ranked:
    found = tally(archive, [*map(_plain, seek(archive, query.words))])
    return _top(found, found.own)


def kinds(archive: Generation, query: Query) -> Ranked:
    found = tally(archive, [*map(_own, seek(archive, query.words))])
    return _top(found, found.own)


def article(archive: Generation, query: Query) -> Ranked:
    found = tally(archive, [*map(_own, seek(archive, query.words))])
    return _top(found, found.own + ARTICLE * found.article_scores[found.article])


def place(archive: Generation, query: Query) -> Ranked:
    return _base(archive, [*map(_own, seek(archive, query.words))])


def kindred(archive: Generation, query: Query) -> Ranked:
    return _base(archive, seek(archive, query.words))


def understood(archive: Generation, query: Query) -> Ranked:
    asked: Understood = understand(archive, query)
    return _base(archive, asked.sought)


def learned(archive: Generation, query: Query) -> Ranked:
    found = rank(archive, understand(archive, query), None, shipped_ranker())
    return list(zip(found.numbers.tolist(), found.merits.tolist(), strict=True))[:DEPTH]


STAGES: dict[str, Stage] = {
    "BM25 of lemmas: title, head, text": lemmas,
    "words weighed by their kind": kinds,
    "the article's own score": article,
    "place in the article": place,
    "words of one root, synonyms": kindred,
    "what was typed understood": understood,
    "ranker (has learned from the sets)": learned,
}


def measured(trial: Trial, stage: Stage) -> tuple[Floats, list[float]]:
    """nDCG@10 of each judged question, and the milliseconds that it took."""
    run: Run = {}
    taken = []
    for question in trial.qrels:
        query = parse(trial.queries[question], trial.generation.analyzer)
        start = time.perf_counter()
        found = stage(trial.generation, query)
        taken.append(1000 * (time.perf_counter() - start))
        run[question] = falling((trial.names[number], score) for number, score in found)
    return per_question(trial.qrels, run)["nDCG@10"], taken


def main(folders: Sequence[str]) -> None:
    table = Table("set", "stage", "nDCG@10", "95%", "added", "95%", "ms, p50")
    trials = {Path(folder).name: of_set(Path(folder)) for folder in folders}
    questions = ROOT / "data/eval/questions.tsv"
    trials["shipped"] = of_articles(ROOT / "data/articles", questions)
    for name, trial in trials.items():
        trial.generation.warm()
        before = None
        for stage, ranked in STAGES.items():
            values, taken = measured(trial, ranked)
            low, high = interval(values)
            gain = values - values if before is None else values - before
            added = interval(gain)
            table.add_row(
                *(name, stage, f"{mean(values):.4f}", f"{low:.3f}–{high:.3f}"),
                *(f"{mean(gain):+.4f}", f"{added.low:+.3f} – {added.high:+.3f}"),
                f"{median(taken):.2f}",
            )
            before = values
        table.add_section()
    Console(width=120).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
