"""Measures the search on judged questions: hit@1, hit@3 and refusals.

Judgments (qrels) and what the search found (a run) are nested dicts, as IR tools have them:
question id -> passage key -> relevance or score, the passages of a run best first.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from retrieval.corpus import CorpusError
from retrieval.generation import build
from retrieval.judgments import Judgment, Question, QuestionsError, locate, read_questions
from retrieval.models import Article, Hit, Passage, Span
from retrieval.query import parse
from retrieval.search import key, search

DEPTH = 3
"""How many passages are asked for: as many as one answer of the bot shows."""

Qrels = dict[str, dict[str, int]]
Run = dict[str, dict[str, float]]
Search = Callable[[str], Sequence[Hit]]


class Share(NamedTuple):
    """How many of how many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.part}/{self.whole})"


class Summary(NamedTuple):
    """What one evaluation measured."""

    hit_at_1: Share
    hit_at_3: Share
    refusals: Share


def judge(
    questions: Iterable[Question],
    articles: Iterable[Article],
    passages: Sequence[Passage],
    path: Path,
) -> Qrels:
    """The qrels: a passage is relevant if it overlaps a judged stretch.

    A question the archive cannot answer has no entry, as in TREC's files. One whose stretches
    no passage covers has an empty entry: its answer was lost before the search, and it is a miss.

    Raises QuestionsError, with `path` and the line, for a judgment the articles do not bear out.
    """
    by_id = {article.id: article for article in articles}
    qrels: Qrels = {}
    for question in questions:
        for judgment in question.judgments:
            span = _span(judgment, by_id, path)
            overlapping = (
                p for p in passages if p.article.id == judgment.article and p.overlaps(span)
            )
            qrels.setdefault(question.id, {}).update({key(p): 1 for p in overlapping})
    return qrels


def _span(judgment: Judgment, articles: Mapping[str, Article], path: Path) -> Span:
    article = articles.get(judgment.article)
    where = f"{path}:{judgment.line}"
    if article is None:
        raise QuestionsError(f"{where}: {judgment.article} is not in the corpus")
    try:
        return locate(article, judgment)
    except ValueError as error:
        raise QuestionsError(f"{where}: {error}") from error


def run(questions: Iterable[Question], ask: Search) -> Run:
    """Ask every question; one that was refused has an empty entry."""
    return {
        question.id: {key(hit.passage): hit.score for hit in ask(question.text)}
        for question in questions
    }


def rank(relevant: Mapping[str, int], found: Mapping[str, float]) -> int | None:
    """The place of the first relevant passage among those found, from 1; None if there is none."""
    return next((place for place, name in enumerate(found, 1) if name in relevant), None)


def summarise(qrels: Qrels, found: Run) -> Summary:
    """Hits over the questions that have an answer, refusals over those that have none."""
    ranks = [rank(relevant, found[id_]) or DEPTH + 1 for id_, relevant in qrels.items()]
    refused = [not hits for id_, hits in found.items() if id_ not in qrels]
    at_1, at_3 = (Share(sum(place <= k for place in ranks), len(ranks)) for k in (1, 3))
    return Summary(at_1, at_3, Share(sum(refused), len(refused)))


def misses(
    questions: Iterable[Question], qrels: Qrels, found: Run, passages: Iterable[Passage]
) -> Iterator[str]:
    """Lines on each question not answered right at once: what came first, what was expected."""
    by_key = {key(passage): passage for passage in passages}
    for question in questions:
        hits = found[question.id]
        place = rank(qrels.get(question.id, {}), hits)
        if place == 1 or not (question.judgments or hits):
            continue
        yield f"{question.id}  {question.text}" + (f"  (right: no. {place})" if place else "")
        yield f"    first     {_opening(by_key[next(iter(hits))]) if hits else 'not found'}"
        yield from (f"    expected  {expected}" for expected in _expected(question))


def _expected(question: Question) -> list[str]:
    return [f"{right.article}  {right.passage}" for right in question.judgments] or ["not found"]


def _opening(passage: Passage) -> str:
    return f"{passage.article.id}  {' '.join(passage.text.split())[:60]}"


def table(questions: Sequence[Question], summary: Summary) -> Table:
    """The summary as people read it."""
    shown = Table(show_header=False)
    shown.add_row("questions", str(len(questions)))
    shown.add_row("hit@1", str(summary.hit_at_1))
    shown.add_row("hit@3", str(summary.hit_at_3))
    shown.add_row("refusals", str(summary.refusals))
    return shown


def evaluate(corpus: Path, path: Path, console: Console, *, show_misses: bool = False) -> Summary:
    """Index `corpus`, ask it the questions in `path`, print the measures.

    Raises QuestionsError and CorpusError.
    """
    questions = read_questions(path)
    generation = build(corpus)
    qrels = judge(questions, generation.articles, generation.passages, path)
    found = run(
        questions, lambda text: search(generation, parse(text, generation.analyzer), DEPTH).hits
    )
    summary = summarise(qrels, found)
    if show_misses:
        for line in misses(questions, qrels, found, generation.passages):
            console.out(line, highlight=False)
    console.print(table(questions, summary))
    return summary


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 2 with one line on stderr if the corpus or the questions are bad."""
    parser = argparse.ArgumentParser(
        "python -m retrieval.evaluate", description="Measure the search."
    )
    parser.add_argument("--corpus", type=Path, default=Path("data/articles"))
    parser.add_argument("--questions", type=Path, default=Path("data/eval/questions.tsv"))
    parser.add_argument("--misses", action="store_true", help="list each question that failed")
    given = parser.parse_args(arguments)
    try:
        evaluate(given.corpus, given.questions, Console(), show_misses=given.misses)
    except (QuestionsError, CorpusError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
