"""Articles and refusals as plain JSON values, and back."""

from dataclasses import fields
from typing import Any, NamedTuple

from retrieval.models import Article, Origins, PartialDate, Reason, Refusal, Span

Record = dict[str, Any]
Row = list[Any]


class Outline(NamedTuple):
    """What is known of an article, without its text."""

    id: str
    path: str
    title: str
    source: str | None
    date: PartialDate | None
    url: str | None
    digest: str
    line: int | None


def article_record(article: Article) -> Record:
    """An article as JSON takes it: every field but its text by its name, its date as text."""
    record = {field.name: getattr(article, field.name) for field in fields(article)}
    del record["text"]
    return {**record, "date": article.date and str(article.date)}


def article_from(record: Record, text: str) -> Article:
    """The article again. Raises TypeError or ValueError for what is no such record."""
    return Article(
        **{
            **record,
            "text": text,
            "date": _date(record),
            "origins": Origins(*record["origins"]),
            "headings": tuple(Span(*span) for span in record["headings"]),
        }
    )


def outline_from(record: Record, digest: str) -> Outline:
    """The outline of the article of a record. Raises LookupError or ValueError for what is none."""
    values = {name: record[name] for name in Outline._fields if name in record}
    return Outline(**{**values, "date": _date(record), "digest": digest})


def _date(record: Record) -> PartialDate | None:
    return PartialDate.fromisoformat(record["date"]) if record["date"] else None


def refusal_row(refusal: Refusal) -> Row:
    """A refusal as JSON takes it."""
    return [refusal.path, refusal.reason, refusal.detail, refusal.line]


def refusal_from(row: Row) -> Refusal:
    """The refusal again. Raises TypeError or ValueError for what is no such row."""
    path, reason, detail, line = row
    return Refusal(path, Reason(reason), detail, line)
