"""How answers and tables look in a terminal, and in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unicodedata import category

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from bot.message import Reply
from retrieval.models import Article

UNBOUNDED = 100_000
"""Columns of what goes to a file or a pipe: no line is folded."""


def console(*, stderr: bool = False) -> Console:
    """A terminal, or a file without colours and folded lines."""
    terminal = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not terminal.is_terminal:
        terminal.width = UNBOUNDED
    return terminal


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, gone when it is done; none where stderr is no terminal.

    It is called with the bytes that are done and those there are; rate and remaining time are
    shown beside it.
    """
    terminal = console(stderr=True)
    bar = Progress(
        TextColumn(what),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=terminal,
        transient=True,
        disable=not terminal.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def styled(reply: Reply) -> Text:
    """A reply as a terminal shows it: what matched in bold, what answers underlined.

    Links are spelled out.
    """
    text = Text(plain(reply.text))
    for mark in reply.marks:
        if mark.kind in {"bold", "underline"}:
            text.stylize(mark.kind, mark.start, mark.stop)
    for mark in sorted(reply.marks, key=lambda mark: mark.stop, reverse=True):
        if mark.url:
            text = text[: mark.stop] + Text(f" {plain(mark.url)}") + text[mark.stop :]
    return text


def plain(text: str) -> str:
    """The same number of characters, without those that steer a terminal or cannot be printed."""
    return "".join("\ufffd" if _steers(character) else character for character in text)


def _steers(character: str) -> bool:
    """A control character, half of a character, or one that turns the direction of writing."""
    turns = character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return turns or (character not in "\n\t" and category(character) in {"Cc", "Cs"})


def corpus_table(rows: list[tuple[Article, int]]) -> Table:
    """What each article is taken for, how each field was found, and its number of passages."""
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    for heading in ("file", "title", "found by", "source", "found by", "date", "found by"):
        table.add_column(heading, overflow="fold")
    table.add_column("paragraphs", justify="right")
    for article, passages in rows:
        place = article.path if article.line is None else f"{article.path}:{article.line}"
        cells = (place, *_fields(article), str(passages))
        table.add_row(*(plain(" ".join(cell.split())) for cell in cells))
    return table


def _fields(article: Article) -> list[str]:
    """Title, source and date, each with how it was found behind it."""
    values = (article.title, article.source, article.date)
    pairs = zip(values, article.origins, strict=True)
    return [cell for value, rule in pairs for cell in (str(value or "not known"), rule or "-")]
