"""Generations in memory: of a small corpus folder, of a test set, where nothing can be written."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from retrieval import corpus
from retrieval.abbreviations import Abbreviations
from retrieval.analyzer import Analyzer
from retrieval.encoding import Analysed, analysed, encode
from retrieval.generation import Generation, Placed
from retrieval.models import Article, Passage, Refusal
from retrieval.segment import Segment

Progress = Callable[[int, int], None]
"""Called with how much is done, and of how much."""


def build(corpus_dir: Path, progress: Progress | None = None) -> Generation:
    """Read the corpus folder and index it.

    Raises CorpusError where the folder cannot be read; a bad file in it is refused, not raised.
    """
    found, analyzer = corpus.read(corpus_dir), Analyzer()
    each = (analysed(article, analyzer) for article in found.articles)
    return _assembled(_counted(each, len(found.articles), progress), analyzer, found.refused)


def assemble(
    articles: tuple[Article, ...],
    split: Iterable[Iterable[Passage]],
    analyzer: Analyzer,
    progress: Progress | None = None,
) -> Generation:
    """A generation of articles that are split already: the passages of each, in its order."""
    pairs = zip(articles, split, strict=True)
    each = (analysed(article, analyzer, found) for article, found in pairs)
    return _assembled(_counted(each, len(articles), progress), analyzer)


def _counted(
    articles: Iterable[Analysed], total: int, progress: Progress | None
) -> Iterator[Analysed]:
    for done, each in enumerate(articles, start=1):
        yield each
        if progress:
            progress(done, total)


def _assembled(
    articles: Iterable[Analysed], analyzer: Analyzer, refused: tuple[Refusal, ...] = ()
) -> Generation:
    segment = Segment(encode(articles))
    learned = Abbreviations.learned(segment.introduced())
    return Generation((Placed(segment),), analyzer, learned, refused)
