"""Reads a test set: paragraphs, questions, and which paragraph answers which question.

A folder with `corpus.jsonl` ({"id", "article", "title", "text"}: one paragraph a line; packed as
`corpus.jsonl.gz` or not), `queries.jsonl` ({"id", "text"}) and `qrels.tsv` (question id, paragraph
id, relevance).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from retrieval.measuring.lines import LinesError, read_lines
from retrieval.measuring.trec import Qrels, name, read_qrels, shown
from retrieval.models import Article, Passage

CORPORA = ("corpus.jsonl.gz", "corpus.jsonl")
QUERIES = "queries.jsonl"
QRELS = "qrels.tsv"
_BETWEEN = "\n\n"


class Paragraph(NamedTuple):
    """A line of the corpus."""

    id: str
    article: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A test set, its paragraphs as passages just as they are given: none is split or left out."""

    articles: tuple[Article, ...]
    split: tuple[tuple[Passage, ...], ...]
    """The passages of each article."""
    names: tuple[str, ...]
    """The id of each passage, article by article: as an index of `split` numbers them."""
    queries: dict[str, str]
    """Question id -> what is asked."""
    qrels: Qrels
    """Of questions that have an answer."""


def is_set(folder: Path) -> bool:
    """Whether a folder holds such a set, by its files' names."""
    return any((folder / corpus).exists() for corpus in CORPORA)


def read_set(folder: Path) -> JudgedSet:
    """Read a test set. Raises LinesError with file, line, field and mend where it is wrong."""
    paragraphs = _paragraphs(_corpus(folder))
    queries = {query: text for _, query, text in _identified(folder / QUERIES, "text")}
    if not (paragraphs and queries):
        raise LinesError(f"{folder}: a set needs a paragraph and a question")
    judged = read_qrels(folder / QRELS, queries, {paragraph.id for paragraph in paragraphs})
    by_article: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs:
        by_article.setdefault(paragraph.article, []).append(paragraph)
    articles = tuple(_article(id_, found) for id_, found in by_article.items())
    return JudgedSet(
        articles,
        tuple(map(_split, articles, by_article.values())),
        tuple(one.id for found in by_article.values() for one in found),
        queries,
        {query: judgments for query, judgments in judged.items() if any(judgments.values())},
    )


def _corpus(folder: Path) -> Path:
    found = [folder / corpus for corpus in CORPORA if (folder / corpus).exists()]
    if len(found) != 1:
        seen = "both of them are" if found else "neither is"
        raise LinesError(f"{folder}: {' or '.join(CORPORA)}: {seen} there; one is needed")
    return found[0]


def _paragraphs(path: Path) -> list[Paragraph]:
    return [
        Paragraph(id_, _text(record, "article", where), _title(record, where), text)
        for (where, record), id_, text in _identified(path, "text")
    ]


def _identified(path: Path, field: str) -> Iterator[tuple[tuple[str, dict[str, Any]], str, str]]:
    """Each line with where it stands, its id, not given twice, and a field of it."""
    lines: dict[str, int] = {}
    for number, line in read_lines(path):
        where = f"{path}:{number}"
        record = _record(line, where)
        id_ = name(_text(record, "id", where).strip())
        if first := lines.get(id_):
            raise LinesError(f"{where}: id {shown(id_)} is that of line {first} too; change one")
        lines[id_] = number
        yield (where, record), id_, _text(record, field, where)


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LinesError(f"{where}: broken JSON ({error}); write one object a line") from error
    if not isinstance(record, dict):
        raise LinesError(f"{where}: no JSON object; write one in braces a line")
    return record


def _text(record: dict[str, Any], field: str, where: str) -> str:
    """A field that must be there, text with something in it; a whole number for an id is taken."""
    value = record.get(field)
    if type(value) is int and field != "text":
        value = str(value)
    if not isinstance(value, str):
        seen = "no text" if field in record else "missing"
        raise LinesError(f"{where}: field {field} is {seen}; give it in quotation marks")
    if not value.strip():
        raise LinesError(f"{where}: field {field} is empty; fill it, or drop the line")
    return _whole(value, field, where)


def _title(record: dict[str, Any], where: str) -> str:
    """The article's title; "" where it is not known."""
    value = record.get("title") or ""
    if not isinstance(value, str):
        raise LinesError(f"{where}: field title is no text; give it in quotation marks")
    return _whole(value, "title", where)


def _whole(value: str, field: str, where: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise LinesError(f"{where}: field {field} has half of a surrogate pair; mend it") from error
    return value


def _article(id_: str, paragraphs: Sequence[Paragraph]) -> Article:
    text = _BETWEEN.join(paragraph.text for paragraph in paragraphs)
    return Article(id_, id_, text, paragraphs[0].title)


def _split(article: Article, paragraphs: Sequence[Paragraph]) -> tuple[Passage, ...]:
    lengths = [len(paragraph.text) for paragraph in paragraphs]
    starts = accumulate((length + len(_BETWEEN) for length in lengths), initial=0)
    return tuple(
        Passage(article, start, start + length)
        for start, length in zip(starts, lengths, strict=False)
    )
