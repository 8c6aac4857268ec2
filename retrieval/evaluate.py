"""Measures the search on a set of judged questions: the command, and how its figures are shown.

    python -m retrieval.evaluate [DIR]

DIR is a test set (see retrieval.measuring.testset), or a folder with `questions.tsv` on the
articles of `--corpus` (see data/eval/README.md).
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as Bars

from retrieval.assembling import Progress
from retrieval.corpus import CorpusError
from retrieval.measuring import explanations, trec
from retrieval.measuring.judgments import QuestionsError
from retrieval.measuring.lines import LinesError
from retrieval.measuring.measures import MeasuresError, require
from retrieval.measuring.report import as_json, compared, comparison, report_on, table
from retrieval.measuring.tally import misses
from retrieval.measuring.testset import CORPORA, is_set
from retrieval.measuring.trial import Trial, ask, of_articles, of_set
from retrieval.storage import GenerationError

EVAL = Path("data/eval")
QUESTIONS = "questions.tsv"
TAG = "doslovno"


class UsageError(Exception):
    """What the command was given does not go together; one line that says the mend."""


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """A progress bar on stderr, gone when it is done; none where stderr is no terminal."""
    console = Console(stderr=True)
    with Bars(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _trial(given: argparse.Namespace) -> Trial:
    folder: Path = given.folder
    with _bar("indexing") as progress:
        if given.questions or (folder / QUESTIONS).exists():
            return of_articles(given.corpus, given.questions or folder / QUESTIONS, progress)
        if is_set(folder):
            return of_set(folder, given.index, progress)
    raise UsageError(f"{folder}: there is neither {' nor '.join(CORPORA)} nor {QUESTIONS} in it")


def _answer(given: argparse.Namespace, console: Console) -> None:
    require()
    other = trec.read_run(given.compare) if given.compare else None
    trial = _trial(given)
    if other is not None and trial.queries.keys().isdisjoint(other):
        raise UsageError(f"{given.compare} has none of these questions; give a run on this set")
    if given.explain is not None:
        _explain(trial, given.explain, console)
        return
    with _bar("asking") as progress:
        outcome = ask(trial, progress)
    report = report_on(trial, outcome)
    differences = {} if other is None else compared(trial, report, other)
    if given.run:
        trec.write_run(given.run, outcome.ranked, TAG)
    if given.json:
        print(json.dumps(as_json(report, differences), ensure_ascii=False))
        return
    for line in misses(trial, outcome.shown) if given.misses else ():
        console.out(line, highlight=False)
    console.print(table(report))
    if differences:
        console.print(comparison(differences))


def _explain(trial: Trial, question: str, console: Console) -> None:
    if question not in trial.queries:
        raise UsageError(f"there is no question {trec.shown(question)} in the set")
    for line in explanations.told(trial, question):
        console.out(line, highlight=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m retrieval.evaluate", description="Measure the search on judged questions."
    )
    parser.add_argument("folder", metavar="DIR", nargs="?", type=Path, default=EVAL)
    parser.add_argument("--corpus", type=Path, default=Path("data/articles"))
    parser.add_argument("--questions", type=Path, help="judged questions on --corpus")
    parser.add_argument("--index", type=Path, metavar="FOLDER", help="keep a test set's index here")
    parser.add_argument("--run", type=Path, metavar="FILE", help="write the run, as TREC has it")
    parser.add_argument("--compare", type=Path, metavar="RUN", help="test against another run")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--misses", action="store_true", help="list each question that failed")
    shown.add_argument("--json", action="store_true", help="print one object and nothing else")
    shown.add_argument("--explain", metavar="QID", help="say why the hits of a question rank so")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 2 with one line on stderr where it cannot measure."""
    given = _parser().parse_args(arguments)
    try:
        _answer(given, Console())
    except (
        CorpusError,
        GenerationError,
        LinesError,
        MeasuresError,
        QuestionsError,
        UsageError,
    ) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
