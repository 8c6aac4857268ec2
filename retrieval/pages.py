"""Saved web pages: the article's text out of the page, and what the page's metadata says."""

import json
import re
from collections import deque
from collections.abc import Iterator

from lxml import etree, html

from retrieval.dates import read_date
from retrieval.fields import Fields, RefusedError, is_web_address
from retrieval.formats import Draft, Drafts
from retrieval.models import PartialDate, Reason, Span

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.I
)
_HEAD_BYTES = 4_096
_BLOCKS = frozenset({"head", "p", "item", "quote", "row", "list", "table", "body"})
_NAMES = (
    "date datepublished dc.date dc.date.issued dcterms.created dcterms.issued"
    " mediator_published_time parsely-pub-date pubdate publish-date publish_date publishdate"
)
_LOWER = "translate(@name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
_PUBLISHED = (
    "//meta[@property='article:published_time' or @property='og:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    f"//meta[contains(' {_NAMES} ', concat(' ', {_LOWER}, ' '))]/@content",
    "//time[@pubdate]/@datetime",
)
"""Where pages say when they were first published; dates found elsewhere on a page are guesses."""


def declared_encoding(content: bytes) -> str | None:
    """The encoding that a page's own head names, if it names one."""
    match = _CHARSET.search(content[:_HEAD_BYTES])
    return match[1].decode() if match else None


def read_html(text: str) -> Drafts:
    """The article of a saved page by trafilatura, without menus, adverts and comments.

    The stored text is the extracted one, a blank line between paragraphs. Raises RefusedError
    (EMPTY) where no article is found.
    """
    from trafilatura import bare_extraction  # noqa: PLC0415 -- long to import, and few files are pages

    tree = _tree(text)
    found = bare_extraction(
        tree, include_comments=False, include_formatting=True, with_metadata=False
    )
    body = getattr(found, "body", None)
    if body is None:
        raise RefusedError(Reason.EMPTY, "no article is found in the page; save its text as .txt")
    plain, headings = _joined([(block, tag) for block, tag in _blocks(body) if block])
    yield Draft(plain, _fields(tree), headings)


def _tree(text: str) -> html.HtmlElement:
    from trafilatura import load_html  # noqa: PLC0415

    tree = load_html(text)
    if tree is None:
        raise RefusedError(Reason.EMPTY, "no page is found in it; save it again as HTML or .txt")
    return tree


def _blocks(body: etree._Element) -> Iterator[tuple[str, str]]:
    """The texts of paragraphs, heads and items, with their tags, in order; no recursion."""
    pending: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        is_block = element.tag in _BLOCKS
        if is_block:
            yield _flat(pending), element.tag if event == "end" else "p"
            pending = []
        if element.tag == "lb" and event == "start":
            pending.append("\n")
        pending.append((element.text if event == "start" else element.tail) or "")
        if element.tag == "cell" and event == "end" and element.getnext() is not None:
            pending.append(" | ")


def _flat(parts: list[str]) -> str:
    """One block's text: runs of spaces as one, the page's own line breaks kept."""
    marked = "".join(part if part == "\n" else part.replace("\n", " ") for part in parts)
    return "\n".join(filter(None, (" ".join(line.split()) for line in marked.split("\n"))))


def _joined(blocks: list[tuple[str, str]]) -> tuple[str, tuple[Span, ...]]:
    headings: list[Span] = []
    position = 0
    for text, tag in blocks:
        if tag == "head":
            headings.append(Span(position, position + len(text)))
        position += len(text) + 2
    return "\n\n".join(text for text, _ in blocks), tuple(headings)


def _fields(tree: html.HtmlElement) -> Fields:
    """What the page says of itself; its date only where it says it was published."""
    from trafilatura import extract_metadata  # noqa: PLC0415

    meta = extract_metadata(tree, extensive=False)
    url = meta.url if meta.url and is_web_address(meta.url) else None
    return Fields(
        title=_line(meta.title),
        source=_line(meta.sitename),
        date=_published(tree),
        url=url,
        author=_line(meta.author),
    )


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _published(tree: html.HtmlElement) -> PartialDate | None:
    stated = [
        *_linked_data(tree),
        *(str(value) for path in _PUBLISHED for value in tree.xpath(path)),
    ]
    return next((date for value in stated if (date := read_date(value))), None)


def _linked_data(tree: html.HtmlElement) -> Iterator[str]:
    """Every `datePublished` of the page's JSON-LD, outermost first."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            pending = deque([json.loads(script)])
        except (ValueError, RecursionError):
            continue  # a page's broken script says nothing, and is no reason to refuse the page
        while pending:
            value = pending.popleft()
            if isinstance(value, dict):
                if isinstance(published := value.get("datePublished"), str):
                    yield published
                pending += value.values()
            elif isinstance(value, list):
                pending += value
