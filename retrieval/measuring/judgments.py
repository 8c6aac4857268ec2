"""Reads the judged questions: what people ask, and the paragraph that answers.

data/eval/README.md describes the file.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from retrieval.measuring.trec import Qrels
from retrieval.models import Article, Passage, Span
from retrieval.search import key

COLUMNS = ["id", "question", "article", "passage"]


class QuestionsError(Exception):
    """The questions file cannot be used; the message is one line with file, line and reason."""


class Judgment(NamedTuple):
    """One right answer: the opening stretch of a paragraph, copied from the article."""

    article: str
    passage: str
    line: int
    """Where it stands in the questions file, from 1."""


class Question(NamedTuple):
    """A question with all its right answers; none where the archive does not hold one."""

    id: str
    text: str
    judgments: tuple[Judgment, ...]


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read the questions file; rows with one id are one question with several right answers.

    Raises QuestionsError at the first line that is wrong.
    """
    questions: dict[str, Question] = {}
    for line, (id_, text, article, passage) in _rows(path):
        known = questions.get(id_)
        judgment = Judgment(article, passage, line)
        if problem := _problem(id_, text, judgment, known):
            raise QuestionsError(f"{path}:{line}: {problem}")
        earlier = known.judgments if known else ()
        questions[id_] = Question(id_, text, (*earlier, judgment) if article else ())
    return tuple(questions.values())


def locate(article: Article, judgment: Judgment) -> Span:
    """Where the judged stretch stands in its article.

    Raises ValueError if it is not there, or there more than once.
    """
    count = article.text.count(judgment.passage)
    if count != 1:
        seen = f"occurs {count} times in" if count else "is not in"
        raise ValueError(f"the judged passage {seen} {article.id}")
    start = article.text.index(judgment.passage)
    return Span(start, start + len(judgment.passage))


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


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows under the header, each with its line number."""
    rows = csv.reader(StringIO(_text(path), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        if next(rows, None) != COLUMNS:
            raise QuestionsError(f"{path}:1: the header must be {' '.join(COLUMNS)}, with tabs")
        for row in rows:
            if len(row) != len(COLUMNS):
                where = f"{path}:{rows.line_num}"
                raise QuestionsError(f"{where}: {len(row)} columns instead of {len(COLUMNS)}")
            yield rows.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise QuestionsError(f"{path}:{rows.line_num}: {error}") from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QuestionsError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise QuestionsError(f"{path}:{line}: not UTF-8") from error


def _problem(id_: str, text: str, judgment: Judgment, known: Question | None) -> str:
    """What is wrong with a row that has the right columns; "" if nothing."""
    if not (id_ and text):
        return "a row needs an id and a question"
    if bool(judgment.article) != bool(judgment.passage):
        return "article and passage are both filled, or both empty where there is no answer"
    if known and known.text != text:
        return f"{id_} is another question above; give this one an id of its own"
    if known and not (judgment.article and known.judgments):
        return f"{id_} stands above already, and one of its rows has no answer"
    return ""
