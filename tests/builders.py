"""Values that several tests build: articles, hits, quotes and corpus folders."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from bot.quotes import Quote
from retrieval.abbreviations import Abbreviations
from retrieval.analyzer import Analyzer
from retrieval.assembling import build
from retrieval.encoding import Analysed, analysed, encode
from retrieval.generation import Generation, Placed
from retrieval.models import Article, Hit, PartialDate, Passage, Span
from retrieval.segment import Segment

Archive = Callable[[dict[str, str]], Generation]
"""Builds an archive of texts by their names."""
ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "data/articles"
DATE = PartialDate(2025, 12, 19)


def article(
    text: str,
    *,
    id_: str = "a.txt",
    title: str = "О нефти",
    source: str | None = "Zakon.kz",
    date: PartialDate | None = DATE,
    url: str | None = None,
    body: int = 0,
) -> Article:
    return Article(id_, id_, text, title, source, date, url, body=body)


def passage(text: str) -> Passage:
    return Passage(article(text), 0, len(text))


def hit(text: str, *words: str) -> Hit:
    """A passage that is a whole text, found by the first place of each of these words."""
    spans = sorted(Span(start := text.index(word), start + len(word)) for word in words)
    return Hit(passage(text), 1.0, tuple(spans))


def quote(of: Article, *bold: Span, cut: bool = False) -> Quote:
    """The whole text of an article as a quote."""
    return Quote(of, Span(0, len(of.text)), bold, cut, cut)


def corpus(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@cache
def shipped_archive() -> Generation:
    """The five articles that ship, indexed: what costs a second is done once."""
    return build(ARTICLES)


def in_segments(
    texts: Mapping[str, str], cuts: Sequence[int], gone: Collection[str] = ()
) -> Generation:
    """An archive of these texts by id, parted into segments before the articles `cuts` tell.

    Those that have `gone` are dead in it.
    """
    made = [_analysed(id_, text) for id_, text in texts.items()]
    bounds = [0, *cuts, len(made)]
    segments = [Segment(encode(made[start:stop])) for start, stop in pairwise(bounds)]
    rows = [row for segment in segments for row in segment.introduced()]
    placed = tuple(_without(segment, gone) for segment in segments)
    return Generation(placed, _analyzer(), Abbreviations.learned(rows))


@cache
def _analyzer() -> Analyzer:
    """The dictionary takes some tenths of a second to load."""
    return Analyzer()


@cache
def _analysed(id_: str, text: str) -> Analysed:
    return analysed(article(text, id_=id_), _analyzer())


def _without(segment: Segment, gone: Collection[str]) -> Placed:
    names = [segment.article(number).id for number in range(segment.articles)]
    article_live = np.array([name not in gone for name in names], bool)
    if article_live.all():
        return Placed(segment)
    return Placed(segment, np.repeat(article_live, np.diff(segment.starts)), article_live)
