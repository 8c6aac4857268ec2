"""Texts as paragraphs and headings: out of a feed's HTML, of plain text, of a page's draft."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

from lxml import etree, html
from lxml.html.defs import block_tags

from retrieval.formats import Draft

_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS = (block_tags - {"del", "ins"}) | frozenset(
    {
        "article",
        "aside",
        "body",
        "details",
        "figcaption",
        "figure",
        "footer",
        "header",
        "main",
        "nav",
        "section",
        "summary",
    }
)
_UNREAD = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "head", "object"})
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNSHOWN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\u2028-\u202e\ufeff]")


class Block(NamedTuple):
    """A paragraph or a heading: lines without spaces at their ends, none of them empty."""

    text: str
    heading: bool = False


Blocks = tuple[Block, ...]


def of_html(fragment: str) -> Blocks:
    """The blocks of a piece of HTML, such as an item of a feed has, in order.

    Not by trafilatura: it looks for an article in a page, and makes one line of a short fragment.
    """
    if not _TAG.search(fragment):
        return of_text(unescape(fragment))
    try:
        body = html.document_fromstring(f"<body>{_UNSHOWN.sub(' ', fragment)}</body>")
    except (etree.ParserError, ValueError, AssertionError):
        return of_text(line_of_html(fragment))
    etree.strip_tags(body, etree.Comment, etree.ProcessingInstruction)
    return tuple(_blocks(_pieces(body)))


def of_text(text: str) -> Blocks:
    """The paragraphs of a plain text, which empty lines tell apart."""
    return tuple(_blocks((paragraph, "p") for paragraph in re.split(r"\n\s*\n", text)))


def of_draft(draft: Draft) -> Blocks:
    """The paragraphs and headings of a page that was read."""
    heads = {heading.start for heading in draft.headings}
    blocks, start = [], 0
    for paragraph in draft.text.split("\n\n"):
        blocks.append((paragraph, "h2" if start in heads else "p"))
        start += len(paragraph) + 2
    return tuple(_blocks(blocks))


def line_of_html(text: str) -> str:
    """One line of text without tags, such as a title; what only looks like a tag stays."""
    return line(unescape(_TAG.sub("", text)))


def line(text: str) -> str:
    return " ".join(_UNSHOWN.sub(" ", text).split())


def plain(blocks: Blocks) -> str:
    """The text as the archive has it, an empty line between blocks."""
    return "\n\n".join(block.text for block in blocks)


def _pieces(body: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Stretches of text between the borders of blocks, with the tag they stand in; no recursion."""
    pending: list[str] = []
    tag = "p"
    unread: etree._Element | None = None
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = element.tag
        if unread is None and (name in _HEADS or name in _PARAGRAPHS):
            yield "".join(pending), tag
            pending, tag = [], name if event == "start" else "p"
        if unread is None and name in _UNREAD and event == "start":
            unread = element
        if unread is None:
            pending.append("\n" if name == "br" and event == "start" else "")
            pending.append(_flat(element.text if event == "start" else element.tail))
        elif element is unread and event == "end":
            unread = None
            pending.append(_flat(element.tail))
    yield "".join(pending), tag


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _blocks(pieces: Iterable[tuple[str, str]]) -> Iterator[Block]:
    for text, tag in pieces:
        heading = tag in _HEADS
        lines = [text] if heading else text.split("\n")
        if whole := "\n".join(filter(None, map(line, lines))):
            yield Block(whole, heading)
