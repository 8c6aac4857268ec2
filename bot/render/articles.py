"""What an article looks like: its byline, a quote among its neighbours, the whole of it."""

import re
from collections.abc import Sequence

from bot import texts
from bot.message import MAX_MESSAGE, Button, Composer, Reply, shortened, split
from bot.quotes import Quote, units
from bot.texts import russian
from retrieval.models import Article, Passage, Span

LONGEST_ARTICLE = 5
"""Messages that a whole article may take; a longer one goes as a file."""
MAX_TITLE = 120
"""Characters of a title in a message."""
MAX_SOURCE = 60
"""Characters of a source's name in a message."""


def byline(article: Article) -> str:
    """«Zakon.kz · 19 декабря 2025 г.», what is not known said so."""
    source = shortened(article.source, MAX_SOURCE) if article.source else russian.UNKNOWN_SOURCE
    return f"{source} · {russian.day(article.date)}"


def add_title(message: Composer, article: Article) -> None:
    """Its title as a line, linked where its address is known."""
    url = article.url
    message.line(shortened(article.title, MAX_TITLE), "text_link" if url else "italic", url)


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
    add_title(message, article)
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
