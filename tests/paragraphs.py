"""Archives written out paragraph by paragraph: the number of each passage is plain to see."""

from retrieval.analyzer import Analyzer
from retrieval.arrays import Ids
from retrieval.assembling import assemble
from retrieval.generation import Generation
from retrieval.models import Article, PartialDate, Passage
from retrieval.query import parse
from retrieval.sought import Sought, having
from retrieval.understanding import Understood, understand

ANALYZER = Analyzer()

Written = tuple[Article, tuple[Passage, ...]]


def written(
    id_: str,
    *paragraphs: str,
    title: str = "",
    source: str | None = None,
    date: PartialDate | None = None,
) -> Written:
    """An article whose passages are these paragraphs."""
    text = "\n\n".join(paragraphs)
    article = Article(id_, id_, text, title, source, date)
    starts = [text.index(paragraph) for paragraph in paragraphs]
    passages = zip(starts, paragraphs, strict=True)
    return article, tuple(Passage(article, start, start + len(one)) for start, one in passages)


def archive(*articles: Written) -> Generation:
    """Its passages are numbered from 0, article by article."""
    return assemble(
        tuple(article for article, _ in articles), [split for _, split in articles], ANALYZER
    )


def asked(generation: Generation, question: str) -> Understood:
    return understand(generation, parse(question, generation.analyzer))


def sought(generation: Generation, typed: str, weight: float = 1.0) -> Sought:
    """A word with a weight of its own, and without words akin to it."""
    token = generation.analyzer.tokens(typed, any_case=True)[0]
    passages: Ids = having(generation.index, token.lemmas)
    return Sought(token, token.parts, passages, weight, 1.0)
