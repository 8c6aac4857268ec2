"""Values that several tests build: articles, hits, quotes and corpus folders."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from bot.quotes import Quote
from retrieval.assembling import build
from retrieval.generation import Generation
from retrieval.models import Article, Hit, PartialDate, Passage, Span

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
