"""What each message looks like: answers, articles, and here lists and reports."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import texts
from bot.message import MAX_MESSAGE, Button, Composer, Reply, shortened
from bot.render.answers import (
    MAX_QUESTION,
    PERHAPS,
    Note,
    answer,
    complaint,
    notes,
    possibly,
    refusal,
)
from bot.render.articles import (
    LONGEST_ARTICLE,
    MAX_SOURCE,
    MAX_TITLE,
    add_title,
    article_file,
    article_messages,
    body_of,
    byline,
    caption,
    context,
    file_name,
)
from bot.render.offers import offer_buttons, offers
from bot.texts import russian
from retrieval.models import Article, PartialDate, Refusal

__all__ = [
    "LIST_ROOM",
    "LONGEST_ARTICLE",
    "MAX_NAME",
    "MAX_QUESTION",
    "MAX_SOURCE",
    "MAX_TITLE",
    "PERHAPS",
    "Note",
    "ReloadReport",
    "SourceSummary",
    "answer",
    "article_file",
    "article_messages",
    "body_of",
    "byline",
    "caption",
    "complaint",
    "context",
    "file_name",
    "help_text",
    "newest",
    "notes",
    "offer_buttons",
    "offers",
    "possibly",
    "refusal",
    "reload_report",
    "sources",
    "start",
]

MAX_NAME = 80
"""Characters of a file's name in a report."""
LIST_ROOM = 900
"""UTF-16 units of one of the four lists in a report."""


def newest(articles: Sequence[Article], numbers: Sequence[int | None]) -> Reply:
    """The newest articles, each with its byline and an «Статья» button."""
    message = Composer()
    message.line(texts.NEWEST, "bold")
    buttons = []
    for place, (article, number) in enumerate(zip(articles, numbers, strict=True), start=1):
        message.line()
        message.add(f"{place}. ")
        add_title(message, article)
        message.line(byline(article))
        if number is not None:
            buttons.append(Button(f"{texts.ARTICLE} {place}", f"A{number}"))
    return message.reply([buttons[i : i + 3] for i in range(0, len(buttons), 3)])


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """One source of the archive: how many articles, and from when to when."""

    source: str | None
    articles: int
    first: PartialDate | None
    last: PartialDate | None


def sources(summaries: Sequence[SourceSummary], articles: int, loaded_at: datetime) -> Reply:
    """Which sources the archive has, how many articles of each, and which dates."""
    message = Composer()
    message.line(texts.SOURCES, "bold")
    message.line()
    message.lines([_source_line(summary) for summary in summaries], room=MAX_MESSAGE - 400)
    message.line()
    message.line(texts.archive_size(articles))
    message.line(f"{texts.loaded(loaded_at)}.")
    return message.reply()


def _source_line(summary: SourceSummary) -> str:
    count = russian.plural(summary.articles, russian.ARTICLES)
    name = shortened(summary.source or russian.UNKNOWN_SOURCE, MAX_SOURCE)
    return f"{name} — {count}, {russian.period(summary.first, summary.last)}"


def start(examples: Sequence[tuple[int, str]]) -> Reply:
    """What the bot is, and example questions (id, text) as buttons."""
    ask = texts.START_CHOOSE if examples else texts.START_ASK
    buttons = tuple((Button(text, f"e{number}"),) for number, text in examples)
    return Reply(texts.START + ask, buttons=buttons)


def help_text(commands: dict[texts.CommandName, str]) -> Reply:
    """How to ask, and the commands that this reader has."""
    return Reply(texts.HELP + "\n".join(f"/{name} — {what}" for name, what in commands.items()))


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """What a reload changed, by article id, and what it refused."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    refused: tuple[Refusal, ...]
    articles: int
    seconds: float


def reload_report(report: ReloadReport) -> Reply:
    """Added, changed, removed, refused (file and reason), time taken."""
    message = Composer()
    message.line(texts.reload_done(report.seconds, report.articles))
    for heading, names in (
        (texts.ADDED, report.added),
        (texts.CHANGED, report.changed),
        (texts.REMOVED, report.removed),
        (texts.REFUSED, tuple(map(_refusal, report.refused))),
    ):
        _list(message, heading, names)
    if not (report.added or report.changed or report.removed):
        message.line()
        message.line(texts.NO_CHANGES)
    return message.reply()


def _refusal(refused: Refusal) -> str:
    return texts.refusal(replace(refused, path=shortened(refused.path, MAX_NAME)))


def _list(message: Composer, heading: str, names: Sequence[str]) -> None:
    if names:
        message.line()
        message.line(f"{heading}: {len(names)}", "bold")
        message.lines([shortened(name, 2 * MAX_NAME) for name in names], room=LIST_ROOM)
