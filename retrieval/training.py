"""Trains the ranker on test sets, and says what it is worth on questions it has not seen.

    python -m retrieval.training DIR…

writes `retrieval/ranker.json`; the same sets give the same file, byte for byte. The shipped
questions (`data/eval`) are never learned from, only asked.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress as Bars

from retrieval.assembling import Progress
from retrieval.corpus import CorpusError
from retrieval.features import FEATURES
from retrieval.measuring.boosting import PARAMETERS, BoostingError, fit, version, weights
from retrieval.measuring.examples import examples
from retrieval.measuring.judgments import QuestionsError
from retrieval.measuring.lines import LinesError
from retrieval.measuring.measures import MeasuresError
from retrieval.measuring.standings import (
    Sets,
    Stage,
    Standing,
    cost,
    plain,
    stages,
    stages_table,
    standings,
    standings_table,
)
from retrieval.measuring.trial import of_articles, of_set
from retrieval.measuring.validation import whole
from retrieval.ranker import FORMAT, Tree, compiled, identity

OUT = Path("retrieval/ranker.json")
SEED = 4


def read(given: argparse.Namespace) -> Sets:
    """Index the sets and collect the candidates of their questions.

    Raises LinesError, QuestionsError and CorpusError.
    """
    learned = []
    for folder in given.sets:
        with _bar(f"{folder.name}: indexing") as progress:
            trial = of_set(folder, progress=progress)
        with _bar(f"{folder.name}: candidates") as progress:
            learned.append(examples(folder.name, trial, progress))
    shipped = of_articles(given.corpus, given.questions)
    return Sets(tuple(learned), (examples("shipped", shipped),))


def encoded(trees: Sequence[Tree], weights: Sequence[float], provenance: Mapping[str, Any]) -> str:
    """The model file: one line a tree, so that a difference of two is read line by line."""
    head = {"format": FORMAT, "identity": identity(FEATURES), **provenance}
    head |= {"features": FEATURES, "weights": weights}
    opening = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
    lines = ",\n".join(json.dumps(tree._asdict(), separators=(",", ":")) for tree in trees)
    return f'{opening},\n "trees": [\n{lines}\n]}}\n'


def provenance(sets: Sets, found: Sequence[Standing], without: Sequence[str]) -> dict[str, Any]:
    """How a model came about: what it learned from, by what, and how it did."""
    return {
        "sets": {one.name: len(one.questions) for one in sets.learned},
        "without": sorted(without),
        "seed": SEED,
        "lightgbm": version(),
        "parameters": dict(PARAMETERS),
        "figures": {
            f"{one.set}, {one.how}": {
                name: round(value.value, 4) for name, value in one.measures.items()
            }
            for one in found
        },
    }


def train(given: argparse.Namespace, console: Console) -> None:
    """Measure, fit, write the model; print the tables.

    Raises LinesError, QuestionsError, CorpusError, BoostingError, MeasuresError and OSError.
    """
    sets = read(given)
    found = standings(sets, given.without, SEED)
    console.print(standings_table(found))
    trees = fit(whole(sets.learned), given.without, SEED)
    given.out.write_text(
        encoded(trees, weights(given.without), provenance(sets, found, given.without)),
        encoding="utf-8",
        newline="\n",
    )
    taken = cost(compiled(trees, FEATURES, weights(given.without)), sets)
    console.print("milliseconds a question, median:", taken)
    worth = list(stages(sets, given.without, SEED)) if given.stages else []
    if worth:
        console.print(stages_table(worth))
    if given.json:
        given.json.write_text(_json(found, worth, taken), encoding="utf-8")


def _json(found: Sequence[Standing], worth: Sequence[Stage], taken: Mapping[str, Any]) -> str:
    measures = {"standings": plain(found), "stages": plain(worth), "ms": taken}
    return json.dumps(measures, indent=1, ensure_ascii=False) + "\n"


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """A progress bar on stderr, gone when it is done; none where stderr is no terminal."""
    console = Console(stderr=True)
    with Bars(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m retrieval.training", description="Train the ranker."
    )
    parser.add_argument("sets", type=Path, nargs="+", metavar="DIR", help="test sets to learn from")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--corpus", type=Path, default=Path("data/articles"))
    parser.add_argument("--questions", type=Path, default=Path("data/eval/questions.tsv"))
    parser.add_argument("--without", nargs="+", default=[], choices=FEATURES, metavar="FEATURE")
    parser.add_argument("--stages", action="store_true", help="measure each stage of features")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 2 with one line on stderr where it cannot do it."""
    try:
        train(_arguments(arguments), Console(width=160))
    except (
        *(LinesError, QuestionsError, CorpusError, BoostingError, MeasuresError),
        OSError,
    ) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
