"""Judgments (qrels) and runs, and the files in which IR tools exchange them.

Both are nested dicts, as those tools have them: question id -> passage id -> relevance or score,
the passages of a run best first.
"""

import math
import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np

from retrieval.measuring.lines import LinesError, read_lines

Qrels = dict[str, dict[str, int]]
Run = dict[str, dict[str, float]]

_UNFIT = re.compile(r"[\s\x00-\x1f\x7f]")
_RELEVANCE = re.compile(r"[0-9]{1,4}")
_SHOWN = 40


def name(text: str) -> str:
    """An id as these files can hold it: spaces and control characters percent-encoded."""
    return _UNFIT.sub(lambda match: quote(match[0]), text)


def shown(text: str) -> str:
    """A piece of a file as an error message quotes it: short, on one line."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def read_qrels(path: Path, questions: Container[str], passages: Container[str]) -> Qrels:
    """Read judgments: question id, passage id, relevance (0 to 9999), with tabs between.

    A header line is passed over. `questions` and `passages` are the ids there are, as `name` gives
    them. Relevance 0 is kept: it is a judgment too. Raises LinesError at the first wrong line.
    """
    qrels: Qrels = {}
    for number, line in read_lines(path):
        where = f"{path}:{number}"
        cells = [name(cell.strip()) for cell in line.split("\t")]
        if len(cells) != 3:
            raise LinesError(f"{where}: {len(cells)} columns instead of 3, with tabs between")
        question, passage, relevance = cells
        if number == 1 and question not in questions and not _RELEVANCE.fullmatch(relevance):
            continue
        if problem := _problem(cells, questions, passages):
            raise LinesError(f"{where}: {problem}")
        judged = qrels.setdefault(question, {})
        if judged.setdefault(passage, int(relevance)) != int(relevance):
            raise LinesError(f"{where}: {shown(passage)} is judged otherwise above; keep one")
    return qrels


def _problem(cells: list[str], questions: Container[str], passages: Container[str]) -> str:
    question, passage, relevance = cells
    if question not in questions:
        return f"question id {shown(question)} is not in the questions; add it there or drop this"
    if passage not in passages:
        return f"paragraph id {shown(passage)} is not in the corpus; add it there or drop this"
    if not _RELEVANCE.fullmatch(relevance):
        return f"relevance {shown(relevance)} is no whole number from 0 to 9999"
    return ""


def falling(ranked: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The scores of one question, best first, made to fall strictly, in single precision.

    Tools sort a run by its scores again, trec_eval in single precision and ties by the id: where
    two are the same, the second becomes the next smaller number.
    """
    scores: dict[str, float] = {}
    ceiling = np.float32(np.inf)
    for passage, score in ranked:
        ceiling = min(np.float32(score), np.nextafter(ceiling, np.float32(-np.inf)))
        scores[passage] = float(ceiling)
    return scores


def write_run(path: Path, run: Run, tag: str) -> None:
    """Write a run in TREC's format: `qid Q0 docid rank score tag`. Raises LinesError."""
    try:
        path.write_text("".join(f"{line}\n" for line in _lines(run, tag)), encoding="utf-8")
    except OSError as error:
        raise LinesError(f"{path}: {error.strerror}") from error


def _lines(run: Run, tag: str) -> Iterator[str]:
    for question, passages in run.items():
        for rank, (passage, score) in enumerate(passages.items(), start=1):
            yield f"{question} Q0 {passage} {rank} {score:.9g} {tag}"


def read_run(path: Path) -> Run:
    """Read a run in TREC's format; its ranks are ignored, as by all tools: the scores rank.

    Raises LinesError at the first wrong line, and where there is none.
    """
    run: Run = {}
    for number, line in read_lines(path):
        cells = line.split()
        if len(cells) != 6:
            expected = "6: qid Q0 docid rank score tag"
            raise LinesError(f"{path}:{number}: {len(cells)} columns instead of {expected}")
        question, _, passage, _, score, _ = cells
        found = run.setdefault(question, {})
        if passage in found:
            raise LinesError(f"{path}:{number}: {shown(passage)} stands above already; keep one")
        found[passage] = _score(score, f"{path}:{number}")
    if not run:
        raise LinesError(f"{path}: there is nothing in it")
    return {question: _sorted(found) for question, found in run.items()}


def _score(cell: str, where: str) -> float:
    try:
        score = float(cell)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise LinesError(f"{where}: score {shown(cell)} is no number")
    return score


def _sorted(found: dict[str, float]) -> dict[str, float]:
    return dict(sorted(found.items(), key=lambda item: item[1], reverse=True))
