"""Articles, passages and refusals as plain JSON values, and back."""

from dataclasses import fields
from typing import Any

from retrieval.models import Article, Origins, PartialDate, Passage, Reason, Refusal, Span

Record = dict[str, Any]
Row = list[Any]


def article_record(article: Article) -> Record:
    """An article as JSON takes it: every field by its name, its date as text."""
    record = {field.name: getattr(article, field.name) for field in fields(article)}
    return {**record, "date": article.date and str(article.date)}


def article_from(record: Record) -> Article:
    """The article again. Raises TypeError or ValueError for what is no such record."""
    return Article(
        **{
            **record,
            "date": record["date"] and PartialDate.fromisoformat(record["date"]),
            "origins": Origins(*record["origins"]),
            "headings": tuple(Span(*span) for span in record["headings"]),
        }
    )


def passage_row(passage: Passage, article: int) -> Row:
    """A passage as JSON takes it, its article as a number."""
    return [article, passage.start, passage.stop, passage.section, passage.question]


def passage_from(row: Row, articles: tuple[Article, ...]) -> Passage:
    """The passage again. Raises IndexError, TypeError or ValueError for what is no such row."""
    article, start, stop, *heads = row
    section, question = (head and Span(*head) for head in heads)
    return Passage(articles[article], start, stop, section, question)


def refusal_row(refusal: Refusal) -> Row:
    """A refusal as JSON takes it."""
    return [refusal.path, refusal.reason, refusal.detail, refusal.line]


def refusal_from(row: Row) -> Refusal:
    """The refusal again. Raises TypeError or ValueError for what is no such row."""
    path, reason, detail, line = row
    return Refusal(path, Reason(reason), detail, line)
