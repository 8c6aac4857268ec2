"""What an upload was understood as, and what came of adding it."""

from collections.abc import Sequence
from dataclasses import replace

from bot import texts
from bot.message import Button, Composer, Reply, shortened
from bot.quotes import quote_of
from bot.render import LIST_ROOM, MAX_NAME, MAX_SOURCE, MAX_TITLE, byline
from bot.store.uploads import Upload
from bot.texts import russian
from bot.texts import uploads as said
from bot.uploads import Added, Understood
from retrieval.models import Article, Hit, Refusal


def preview(upload: Upload, found: Understood) -> Reply:
    """The articles of a document, of which there is one at least, with what mends and adds them."""
    message = Composer()
    if found.articles[0].line is None:
        _article(message, found)
    else:
        _collection(message, upload, found)
    message.line()
    message.line(said.CHECK)
    return message.reply(_buttons(upload.id))


def _buttons(number: int) -> list[list[Button]]:
    return [
        [Button(said.ADD, f"u:add:{number}")],
        [Button(said.SOURCE, f"u:source:{number}"), Button(said.DATE, f"u:date:{number}")],
        [Button(said.CANCEL, f"u:cancel:{number}")],
    ]


def _article(message: Composer, found: Understood) -> None:
    article = found.articles[0]
    _title(message, article)
    source = shortened(article.source, MAX_SOURCE) if article.source else said.NO_SOURCE
    message.line(said.labelled(said.SOURCE, source))
    date = russian.day(article.date) if article.date else said.NO_DATE
    message.line(said.labelled(said.DATE, date))
    message.line(said.labelled(said.PARAGRAPHS, found.paragraphs))
    if found.passages:
        message.line()
        message.quote(quote_of(Hit(found.passages[0], 0.0, ())))


def _title(message: Composer, article: Article) -> None:
    url = article.url
    message.line(shortened(article.title, MAX_TITLE), "text_link" if url else "bold", url)


def _collection(message: Composer, upload: Upload, found: Understood) -> None:
    message.line(shortened(upload.name, MAX_NAME), "bold")
    message.line(said.labelled(said.FOUND, len(found.articles)))
    message.lines([_listed(article) for article in found.articles], room=LIST_ROOM)
    _leftovers(message, found.known, found.refused)


def _listed(article: Article) -> str:
    return f"{shortened(article.title, MAX_TITLE)} — {byline(article)}"


def _leftovers(message: Composer, known: Sequence[Article], refused: Sequence[Refusal]) -> None:
    """What is not to be added: articles that the archive has, and refused lines."""
    if known:
        message.line()
        message.line(said.labelled(said.IN_ARCHIVE, len(known)), "bold")
        message.lines([_listed(article) for article in known], room=LIST_ROOM)
    if refused:
        message.line()
        message.line(said.labelled(said.REFUSED, len(refused)), "bold")
        message.lines([_refusal(each) for each in refused], room=LIST_ROOM)


def _refusal(refused: Refusal) -> str:
    return texts.refusal(replace(refused, path=shortened(refused.path, MAX_NAME)))


def outcome(added: Added, number: int | None = None) -> Reply:
    """What came of adding a document; `number` is the ledger's of its one article, for a button."""
    if not (added.articles or added.known or added.refused):
        return Reply(said.NOTHING)
    message = Composer()
    if added.articles:
        _added(message, added.articles)
        _leftovers(message, added.known, added.refused)
    else:
        _refused(message, added)
    return message.reply([[Button(texts.ARTICLE, f"A{number}")]] if number is not None else ())


def _added(message: Composer, articles: Sequence[Article]) -> None:
    if articles[0].line is None:
        message.line(said.ADDED)
        _title(message, articles[0])
        message.line(byline(articles[0]))
    else:
        message.line(said.added(len(articles)))


def _refused(message: Composer, added: Added) -> None:
    if len(added.known) == 1 and not added.refused:
        message.line(said.KNOWN)
        _title(message, added.known[0])
        message.line(byline(added.known[0]))
    elif not added.refused:
        message.line(said.all_known(len(added.known)))
    else:
        message.line(said.NOTHING_NEW if added.known else said.NOTHING)
        _leftovers(message, added.known, added.refused)
