"""A small test set on disk, as the evaluation reads it."""

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

PARAGRAPHS = (
    ("ferry-0", "ferry", "Паром", "Паром перевёз сорок вагонов через пролив."),
    ("ferry-1", "ferry", "Паром", "Капитана Лядову наградили медалью."),
    ("bees-0", "bees", "Пасека", "Пчёлы собрали мёд с гречихи."),
    ("bees-1", "bees", "Пасека", "Мёд\nпродали на ярмарке."),
)
QUERIES = {"q1": "Сколько вагонов перевёз паром?", "q2": "кого наградили медалью", "q3": "мёд"}
QRELS = (("q1", "ferry-0", "1"), ("q2", "ferry-1", "1"), ("q3", "bees-1", "2"))

Paragraphs = Iterable[tuple[str, str, str, str]]


def corpus(paragraphs: Paragraphs = PARAGRAPHS) -> str:
    """The lines of `corpus.jsonl`."""
    fields = ("id", "article", "title", "text")
    records = (dict(zip(fields, paragraph, strict=True)) for paragraph in paragraphs)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def queries(texts: Mapping[str, str]) -> str:
    """The lines of `queries.jsonl`."""
    records = ({"id": id_, "text": text} for id_, text in texts.items())
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def write_set(folder: Path, files: Mapping[str, str] | None = None, *, packed: bool = True) -> Path:
    """A set of four paragraphs and three questions, but for the files given by name."""
    folder.mkdir(parents=True, exist_ok=True)
    qrels = "".join("\t".join(row) + "\n" for row in QRELS)
    given = {"queries.jsonl": queries(QUERIES), "qrels.tsv": qrels} | dict(files or {})
    text = given.pop("corpus.jsonl", corpus()).encode("utf-8", "surrogatepass")
    if packed:
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(text))
    else:
        (folder / "corpus.jsonl").write_bytes(text)
    for name, content in given.items():
        (folder / name).write_bytes(content.encode("utf-8", "surrogatepass"))
    return folder
