"""Articles to a segment: what the analyzer makes of each, and all of it as arrays."""

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval import passages
from retrieval.abbreviations import introduced_rows
from retrieval.analyzer import Analyzer
from retrieval.arrays import ends_of
from retrieval.asking.mastheads import site
from retrieval.asking.periods import mentioned, period_of
from retrieval.kin import roots_of
from retrieval.lone_heads import lone_heads
from retrieval.marks import marked
from retrieval.mending.lexicon import lexicon_of
from retrieval.models import Article, Passage, Span
from retrieval.postings import postings_of
from retrieval.records import article_record
from retrieval.storing.strings import encoded, strings_of

Encoded = dict[str, NDArray[Any]]
_NOWHERE = Span(-1, -1)


class Analysed(NamedTuple):
    """An article and what the analyzer makes of it; passages are numbered from 0."""

    article: Article
    passages: tuple[Passage, ...]
    lemmas: tuple[tuple[str, ...], ...]
    """Of each passage all the lemmas it is found by: its own, and those it stands under."""
    marks: tuple[bytes, ...]
    mentions: tuple[tuple[int, int, int], ...]
    """The dates that passages name: a passage's number and the first and last day."""
    introduced: tuple[list[Any], ...]
    """The abbreviations that passages explain: a passage's number and what is explained."""
    lone: tuple[str, ...]
    """The lemmas of heads that no passage has for its own."""


def analysed(
    article: Article, analyzer: Analyzer, split: Iterable[Passage] | None = None
) -> Analysed:
    """Split an article into passages, unless that is done, and analyse them."""
    found = tuple(passages.split(article, analyzer) if split is None else split)
    pairs = [marked(passage, analyzer) for passage in found]
    return Analysed(
        article,
        found,
        tuple(lemmas for lemmas, _ in pairs),
        tuple(marks for _, marks in pairs),
        tuple(
            (number, period.first.toordinal(), period.last.toordinal())
            for number, passage in enumerate(found)
            for period in mentioned(passage.text, article.date)
        ),
        tuple(
            row
            for number, passage in enumerate(found)
            for row in introduced_rows(number, passage.text, analyzer)
        ),
        tuple(
            dict.fromkeys(
                lemma
                for head, _ in lone_heads(article, found)
                for lemma in analyzer.lemmas(article.text[head.start : head.stop])
            )
        ),
    )


def encode(articles: Iterable[Analysed]) -> Encoded:
    """The arrays of a segment of these articles (see `retrieval.segment`)."""
    found = list(articles)
    sizes = [len(each.passages) for each in found]
    starts = ends_of(sizes).astype(np.int32)
    return {
        **_articles([each.article for each in found]),
        **_terms(list(chain(*(each.lemmas for each in found)))),
        "starts": starts,
        "spans": _rows((_spans(one) for each in found for one in each.passages), 6),
        "marks": np.frombuffer(b"".join(chain(*(each.marks for each in found))), np.uint8),
        "mentions": _rows(_shifted((each.mentions for each in found), starts), 3),
        "lone": blob([[number, each.lone] for number, each in enumerate(found) if each.lone]),
        "introduced": blob(list(_shifted((each.introduced for each in found), starts))),
    }


def vocabulary_arrays(vocabulary: Sequence[str]) -> Encoded:
    """The terms of a segment, and what finds them by their roots and their spelling."""
    return {
        **strings_of("terms", vocabulary),
        **roots_of(vocabulary),
        **lexicon_of(vocabulary),
    }


def _articles(articles: Sequence[Article]) -> Encoded:
    texts = [encoded(article.text) for article in articles]
    records = [json.dumps(article_record(article)).encode() for article in articles]
    origins = [(article.source, site(article.url)) for article in articles]
    distinct = {origin: number for number, origin in enumerate(dict.fromkeys(origins))}
    periods = [period_of(article.date) if article.date else None for article in articles]
    days = ((each.first.toordinal(), each.last.toordinal()) if each else (0, 0) for each in periods)
    digests = b"".join(bytes.fromhex(article.digest) for article in articles)
    return {
        "texts": np.frombuffer(b"".join(texts), np.uint8),
        "text_ends": _ends(texts),
        "records": np.frombuffer(b"".join(records), np.uint8),
        "record_ends": _ends(records),
        **strings_of("article_ids", (article.id for article in articles)),
        "digests": np.frombuffer(digests, np.uint8).reshape(-1, 16),
        "article_days": _rows(days, 2),
        "origin": np.array([distinct[origin] for origin in origins], np.int32),
        "origins": blob(list(distinct)),
    }


def _terms(lemmas: Sequence[tuple[str, ...]]) -> Encoded:
    numbering: dict[str, int] = {}
    numbers = [numbering.setdefault(lemma, len(numbering)) for lemma in chain(*lemmas)]
    lengths = np.array([len(each) for each in lemmas], np.int32)
    terms = np.array(numbers, np.int32)
    postings = postings_of(terms, lengths, len(numbering))
    return {
        "numbers": terms,
        "ends": ends_of(lengths),
        **vocabulary_arrays(list(numbering)),
        **{f"postings.{name}": array for name, array in postings._asdict().items()},
    }


def _spans(passage: Passage) -> tuple[int, ...]:
    section, question = passage.section or _NOWHERE, passage.question or _NOWHERE
    return (passage.start, passage.stop, *section, *question)


def _shifted(rows: Iterable[Iterable[Sequence[Any]]], starts: NDArray[np.int32]) -> Iterable[Any]:
    """Rows that begin with a passage's number in its article, with that in the segment."""
    return (
        [int(start) + number, *rest]
        for start, of_article in zip(starts[:-1], rows, strict=True)
        for number, *rest in of_article
    )


def _rows(rows: Iterable[Sequence[int]], width: int) -> NDArray[np.int32]:
    return np.array([*rows], np.int32).reshape(-1, width)


def _ends(pieces: Sequence[bytes]) -> NDArray[np.int64]:
    return ends_of([len(piece) for piece in pieces])


def blob(value: Any) -> NDArray[np.uint8]:
    """A value as JSON, as an array."""
    return np.frombuffer(encoded(json.dumps(value, ensure_ascii=False)), np.uint8)
