"""Heads over passages, and those that no passage has for its own."""

from collections.abc import Iterable, Iterator, Sequence

from retrieval.layout import paragraphs
from retrieval.litter import comments, is_litter, read_also
from retrieval.models import Article, Passage, Span

_BETWEEN = " \t\n\r\u00a0–—-"
"""White space, and the dash before a turn of a dialogue."""


def heads(passages: Iterable[Passage]) -> dict[Span, Passage]:
    """The heads and questions over some passages, each with the first passage below it."""
    below: dict[Span, Passage] = {}
    for passage in passages:
        for head in filter(None, (passage.section, passage.question)):
            below.setdefault(head, passage)
    return below


def lone_heads(article: Article, passages: Sequence[Passage]) -> list[tuple[Span, Passage | None]]:
    """Heads that no passage has for its own, each with the first of all passages below it.

    Of heads in a row that is the upper one, and one that nothing stands below.
    """
    return [
        (head, next((each for each in passages if each.start >= gap.stop), None))
        for gap, over_head in _gaps(article, passages)
        for head in _left_out(article, gap, over_head)
    ]


def _gaps(article: Article, passages: Sequence[Passage]) -> Iterator[tuple[Span, bool]]:
    """Where such heads may be, between passages and heads, and whether a head follows."""
    over = heads(passages)
    covered = sorted((*over, *(Span(each.start, each.stop) for each in passages)))
    start = article.body
    for span in (*covered, Span(len(article.text), len(article.text))):
        may_have = span in over or article.headings
        if may_have and article.text[start : span.start].strip(_BETWEEN):
            yield Span(start, span.start), span in over
        start = span.stop


def _left_out(article: Article, gap: Span, over_head: bool) -> Iterator[Span]:
    """The heads among paragraphs that are no passages; litter, and links to articles, are none."""
    found = paragraphs(article.text[: gap.stop], gap.start)
    for number, span in enumerate(found, start=1):
        text = article.text[span.start : span.stop]
        if read_also(text) or comments(text):
            return
        marked = any(_within(span, head) for head in article.headings)
        if (marked or (over_head and number == len(found))) and not is_litter(text):
            yield span


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.stop <= outer.stop
