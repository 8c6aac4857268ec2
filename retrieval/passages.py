"""Articles to passages: the paragraphs that can be quoted, as slices of the stored text."""

import math
from collections.abc import Sequence
from itertools import pairwise

import razdel

from retrieval.dialogue import opening, questions
from retrieval.layout import ends_sentence, paragraphs
from retrieval.litter import comments, is_litter, read_also
from retrieval.models import Article, Passage, Span
from retrieval.sections import SentenceJudge, section_heads

LONGEST = 1_200
"""Characters; a longer paragraph is cut between sentences. A sentence is never cut."""


def split(article: Article, analyzer: SentenceJudge) -> tuple[Passage, ...]:
    """The passages of an article, in order, without overlap, each stripped and not empty.

    Litter, section heads and an interviewer's questions are not passages; heads and questions are
    kept with the passages they stand over. Where nothing else is left, the heads are quoted.
    """
    spans = _without_litter(article, paragraphs(article.text, article.body))
    marked = _marked(article, spans)
    asked = _questions(article, spans, marked)
    sections = marked | _sections(article, spans, asked, analyzer)
    if len(sections | asked) == len(spans):
        sections, asked = set(), set()
    return tuple(_passages(article, spans, sections, asked))


def _without_litter(article: Article, spans: list[Span]) -> list[Span]:
    texts = [_slice(article, span) for span in spans]
    end = _end(texts)
    kept: list[Span] = []
    linking = False
    for span, text in zip(spans[:end], texts, strict=False):
        linking = read_also(text) or (linking and not ends_sentence(text))
        if not linking and not is_litter(text):
            kept.append(span)
    return kept


def _end(texts: Sequence[str]) -> int:
    """Where readers' comments begin: at a «Комментарии» that more text precedes than follows."""
    total = sum(map(len, texts))
    seen = 0
    for index, text in enumerate(texts):
        if comments(text) and seen > total / 2:
            return index
        seen += len(text)
    return len(texts)


def _marked(article: Article, spans: Sequence[Span]) -> set[int]:
    """The section heads that the file's own markup names."""
    return {
        index
        for index, span in enumerate(spans)
        if any(head.start <= span.start and span.stop <= head.stop for head in article.headings)
    }


def _questions(article: Article, spans: Sequence[Span], sections: set[int]) -> set[int]:
    rest = [index for index in range(len(spans)) if index not in sections]
    return {rest[found] for found in questions([_slice(article, spans[index]) for index in rest])}


def _sections(
    article: Article, spans: Sequence[Span], asked: set[int], analyzer: SentenceJudge
) -> set[int]:
    """Section heads known by their looks; the first words of an answer may look like one."""
    rest = [index for index in range(len(spans)) if index not in asked]
    texts = [_slice(article, spans[index]) for index in rest]
    found = section_heads(texts, analyzer, spoken=bool(asked))
    return {rest[head] for head in found} - {index + 1 for index in asked}


def _slice(article: Article, span: Span) -> str:
    return article.text[span.start : span.stop]


def _passages(
    article: Article, spans: Sequence[Span], sections: set[int], asked: set[int]
) -> list[Passage]:
    found: list[Passage] = []
    section = question = None
    for index, span in enumerate(spans):
        if index in sections:
            section, question = span, None
        elif index in asked:
            question = _said(article.text, span)
        else:
            pieces = _pieces(article.text, _said(article.text, span))
            found += (Passage(article, *piece, section, question) for piece in pieces)
    return found


def _said(text: str, span: Span) -> Span:
    """The paragraph without the dash of a turn, unless there is nothing else."""
    start = span.start + opening(text[span.start : span.stop])
    return Span(start, span.stop) if start < span.stop else span


def _pieces(text: str, span: Span) -> list[Span]:
    """The paragraph in parts of like size, cut between sentences, if it is very long."""
    parts = math.ceil((span.stop - span.start) / LONGEST)
    if parts < 2:
        return [span]
    sentences = list(razdel.sentenize(text[span.start : span.stop]))
    starts = [span.start + sentence.start for sentence in sentences]
    size = (span.stop - span.start) / parts
    wanted = (span.start + size * part for part in range(1, parts))
    cuts = sorted(
        {min(starts, key=lambda start: abs(start - place)) for place in wanted} - {span.start}
    )
    return [_stripped(text, *edges) for edges in pairwise([span.start, *cuts, span.stop])]


def _stripped(text: str, start: int, stop: int) -> Span:
    return Span(start, start + len(text[start:stop].rstrip()))
