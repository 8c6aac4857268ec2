"""What each message looks like: answers, contexts, articles, lists and reports."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import texts
from bot.message import MAX_MESSAGE, Button, Composer, Reply, shortened, split
from bot.quotes import Quote, units
from bot.texts import russian
from retrieval.models import Article, PartialDate, Passage, Refusal, Span

LONGEST_ARTICLE = 5
"""Messages that a whole article may take; a longer one goes as a file."""
MAX_TITLE = 120
"""Characters of a title in a message."""
MAX_SOURCE = 60
"""Characters of a source's name in a message."""
MAX_QUESTION = 1000
"""Characters of a question."""
MAX_NAME = 80
"""Characters of a file's name in a report."""
LIST_ROOM = 900
"""UTF-16 units of one of the four lists in a report."""


def answer(
    quotes: Sequence[Quote],
    quote_ids: Sequence[int] = (),
    more: int | None = None,
) -> Reply:
    """Up to three quotes, each with its byline and title under it.

    `quote_ids` are what the buttons refer to (none: no buttons), `more` is the answer that «Ещё»
    continues.
    """
    message = Composer()
    for number, quote in enumerate(quotes, start=1):
        message.quote(quote)
        message.add(f"{number}. " if len(quotes) > 1 else "— ")
        message.line(byline(quote.article))
        _title(message, quote.article)
        message.line()
    return message.reply(_answer_buttons(quote_ids, more))


def byline(article: Article) -> str:
    """«Zakon.kz · 19 декабря 2025 г.», what is not known said so."""
    source = shortened(article.source, MAX_SOURCE) if article.source else russian.UNKNOWN_SOURCE
    return f"{source} · {russian.day(article.date)}"


def _title(message: Composer, article: Article) -> None:
    url = article.url
    message.line(shortened(article.title, MAX_TITLE), "text_link" if url else "italic", url)


def _answer_buttons(quote_ids: Sequence[int], more: int | None) -> list[list[Button]]:
    rows = []
    for number, quote_id in enumerate(quote_ids, start=1):
        suffix = f" {number}" if len(quote_ids) > 1 else ""
        rows.append(
            [
                Button(texts.CONTEXT + suffix, f"c{quote_id}"),
                Button(texts.ARTICLE + suffix, f"a{quote_id}"),
            ]
        )
    if more is not None:
        rows.append([Button(texts.MORE, f"m{more}")])
    return rows


def complaint(question: str) -> str | None:
    """What is wrong with a question, in one line for who asked it; None if nothing is."""
    if len(question) > MAX_QUESTION:
        return texts.too_long(len(question), MAX_QUESTION)
    if not any(character.isalnum() for character in question):
        return texts.EMPTY_QUESTION
    return None


def no_quotes(question: str, articles: int) -> Reply:
    """Why there is no quote: the question is unusable, the archive is empty, or has no answer."""
    if wrong := complaint(question):
        return Reply(wrong)
    return Reply(texts.not_found(articles) if articles else texts.EMPTY_ARCHIVE)


def context(passages: Sequence[Passage], quoted: Span, quote_id: int, *, changed: bool) -> Reply:
    """The passages around a quote as they stand in the article, the quote itself in bold."""
    article = passages[0].article
    message = Composer()
    if changed:
        message.line(texts.ARTICLE_CHANGED)
        message.line()
    room = MAX_MESSAGE - units(message.text) - 2 * MAX_TITLE - 400
    first, *others = _around(passages, quoted, room)
    message.quote(first)
    for quote in others:
        message.line()
        message.quote(quote)
    message.line(f"— {byline(article)}")
    _title(message, article)
    return message.reply([[Button(texts.ARTICLE, f"a{quote_id}")]])


def _around(passages: Sequence[Passage], quoted: Span, room: int) -> list[Quote]:
    """As many of the passages around a quote as there is room for; the quote whole in any case."""
    own = [each for each in passages if each.overlaps(quoted)]
    for shown in (passages, [*passages[:1], *own], [*own, *passages[-1:]], own):
        quotes = [_marked(each, quoted) for each in dict.fromkeys(shown)]
        if sum(units(quote.text) + 2 for quote in quotes) <= room:
            return quotes
    article = passages[0].article
    return [Quote(article, quoted, (quoted,), cut_before=True, cut_after=True)]


def _marked(passage: Passage, quoted: Span) -> Quote:
    """A whole passage with that part of a quote in bold that lies in it."""
    bold = Span(max(quoted.start, passage.start), min(quoted.stop, passage.stop))
    marks = (bold,) if bold.start < bold.stop else ()
    return Quote(passage.article, Span(passage.start, passage.stop), marks)


# Whole articles


def article_messages(article: Article, *, changed: bool = False) -> list[Reply]:
    """The whole article in as many messages as it takes, split between paragraphs.

    None if it would take more than LONGEST_ARTICLE: such an article goes as a file.
    """
    head = Composer()
    if changed:
        head.line(texts.ARTICLE_CHANGED)
        head.line()
    head.line(shortened(article.title, MAX_TITLE), "bold")
    head.line(byline(article), "text_link" if article.url else None, article.url)
    head.line()
    body = body_of(article)
    if units(body) > LONGEST_ARTICLE * MAX_MESSAGE:
        return []
    pieces = split(body, MAX_MESSAGE, MAX_MESSAGE - units(head.text))
    messages = [head, *(Composer() for _ in pieces[1:])]
    stop = article.text.index(body)
    for message, piece in zip(messages, pieces, strict=True):
        start = article.text.index(piece, stop)
        stop = start + len(piece)
        message.slice(Quote(article, Span(start, stop)))
    replies = [message.reply() for message in messages]
    return replies if len(replies) <= LONGEST_ARTICLE else []


def body_of(article: Article) -> str:
    """The article's text below its head, without the empty lines at its ends."""
    return article.text[article.body :].strip() or article.text.strip()


def article_file(article: Article) -> str:
    """The whole article as the text of a file, for one too long for messages."""
    head = [article.title, byline(article), article.url]
    return "\n".join([*filter(None, head), "", body_of(article), ""])


def file_name(article: Article) -> str:
    """The file's name: the title without what file systems do not take."""
    name = re.sub(r"[^\w ,()+-]", "", shortened(article.title, 60)).strip()
    return f"{name or texts.ARTICLE}.txt"


def caption(article: Article, *, changed: bool) -> str:
    """What stands under the file of a long article."""
    lines = [texts.ARTICLE_CHANGED] if changed else []
    return "\n".join([*lines, shortened(article.title, MAX_TITLE), byline(article)])


# Lists


def newest(articles: Sequence[Article], numbers: Sequence[int | None]) -> Reply:
    """The newest articles, each with its byline and an «Статья» button."""
    message = Composer()
    message.line(texts.NEWEST, "bold")
    buttons = []
    for place, (article, number) in enumerate(zip(articles, numbers, strict=True), start=1):
        message.line()
        message.add(f"{place}. ")
        _title(message, article)
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
