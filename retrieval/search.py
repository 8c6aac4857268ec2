"""The one verb of the archive: search(generation, query, k) gives the passages that answer."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from retrieval.analyzer import Analyzer, Token
from retrieval.found import Confidence, Found
from retrieval.generation import Generation
from retrieval.index import Bm25, Floats, Ids
from retrieval.kin import kindred
from retrieval.models import Hit, Passage, Span
from retrieval.query import Query
from retrieval.selection import spread
from retrieval.synonyms import synonyms

ARTICLE = 0.4
"""How much of its article's own score a passage gets: the right article is easier to tell than
the right paragraph of it."""
EMPHASIS = 0.4
"""How far a word's score follows the weight of its kind, a name's above a verb's."""
LEAD = 0.2
"""How much more the first paragraph of an article is worth; the n-th one gets 1/n of that."""
ABSENT = 0.8
"""How much of its weight a word keeps for which the archive has nothing near: people have many
words for a thing."""
NEAR = 0.8
"""How much of a word's weight a word of the same root or a synonym is worth."""
ANSWERS = 0.45
"""The share of a question, by the weight of its words, that some passage must have."""
ANSWERS_ALONE = 0.5
"""The share where only one word that tells something is there: weaker evidence than two."""
TAIL = 0.4
"""Below this share of the best one, by score or by coverage, a passage is left out."""
POOL = 60
"""How many passages, best first, are ever shown for one question."""


class Sought(NamedTuple):
    """A word of the question as the archive has it."""

    groups: tuple[tuple[str, ...], ...]
    """Its lemmas by what they stand for; those of kindred words where there are none of its own."""
    passages: Ids
    """Those that have any of them."""
    kind: float
    """How much words of its kind weigh."""
    weight: float
    """How much it counts in the whole question: more if it is rare."""
    share: float
    """How much of that a passage with it gets."""
    telling: bool
    """Whether it tells passages apart: no verb or general word, and in less than half of them."""


def search(generation: Generation, query: Query, k: int, exclude: Collection[str] = ()) -> Found:
    """The `k` best passages for a query, best first; none when the archive holds no answer.

    `exclude` has the keys (see `key`) of passages already shown: the next ones come instead.
    The same archive, query and exclusions give the same hits.
    """
    analyzer = generation.analyzer
    words = {word.lemmas: word for word in query.words}
    sought = [_sought(generation.index, word) for word in words.values()]
    ranked = [(generation.passages[number], score) for number, score in _ranked(generation, sought)]
    shown = [passage for passage, _ in ranked if key(passage) in exclude]
    terms = {lemma for word in sought for group in word.groups for lemma in group}
    hits = [
        Hit(passage, score, _matches(analyzer, passage, Span(passage.start, passage.stop), terms))
        for passage, score in ranked
        if key(passage) not in exclude
    ]
    quotable = [hit for hit in hits if hit.spans or _under_a_match(analyzer, hit.passage, terms)]
    chosen = tuple(islice(spread(quotable or _leads(hits, shown), shown), k))
    return Found(chosen, Confidence.SURE if chosen else Confidence.NONE)


def key(passage: Passage) -> str:
    """A passage's name in `exclude`: its article's id and where it starts there."""
    return f"{passage.article.id}:{passage.start}"


def _sought(index: Bm25, word: Token) -> Sought:
    passages = _having(index, word.lemmas)
    weight = index.rarity(len(passages)) * word.weight
    telling = word.weight >= 1 and len(passages) < index.corpus_size / 2
    if len(passages):
        return Sought(word.parts, passages, word.weight, weight, 1.0, telling)
    near = tuple(dict.fromkeys(other for lemma in word.lemmas for other in _near(index, lemma)))
    passages = _having(index, near)
    weight *= 1 if len(passages) else ABSENT
    return Sought((near,), passages, word.weight, weight, NEAR, telling)


def _near(index: Bm25, lemma: str) -> Iterator[str]:
    """What the archive may say in place of a word it lacks: words of its root, synonyms.

    «Неравный» may be said as «нельзя назвать равным».
    """
    without_no = (lemma[2:],) if lemma.startswith("не") and len(lemma) > 5 else ()
    for one in (lemma, *without_no, *synonyms(lemma)):
        yield one
        if not len(index.postings(one)[0]):
            yield from kindred(one, index.sorted_terms)


def _having(index: Bm25, lemmas: Sequence[str]) -> Ids:
    """The passages that have any of the lemmas."""
    if len(lemmas) == 1:
        return index.postings(lemmas[0])[0]
    passages = [np.empty(0, np.int32), *(index.postings(lemma)[0] for lemma in lemmas)]
    return np.unique(np.concatenate(passages))


def _ranked(generation: Generation, sought: Sequence[Sought]) -> list[tuple[int, float]]:
    """Numbers and scores of the passages worth showing, best first, ties in their order."""
    coverage = _coverage(generation.index, sought)
    found = np.flatnonzero(coverage)
    if not _answered(generation.index, sought, coverage):
        return []
    scores, coverage = _scores(generation, sought)[found], coverage[found]
    worth = (scores >= TAIL * scores.max()) & (coverage >= TAIL * coverage.max())
    best = np.argsort(-scores[worth], kind="stable")[:POOL]
    return list(zip(found[worth][best].tolist(), scores[worth][best].tolist(), strict=True))


def _answered(index: Bm25, sought: Sequence[Sought], coverage: Floats) -> bool:
    telling = np.zeros(index.corpus_size, np.int32)
    for word in sought:
        telling[word.passages] += word.telling
    needed = np.where(telling > 1, ANSWERS, ANSWERS_ALONE)
    return bool((coverage >= needed).any())


def _coverage(index: Bm25, sought: Sequence[Sought]) -> Floats:
    """For each passage the share of the question that it has, by the weight of the words."""
    coverage = np.zeros(index.corpus_size)
    for word in sought:
        coverage[word.passages] += word.weight * word.share
    return coverage / (sum(word.weight for word in sought) or 1)


def _scores(generation: Generation, sought: Sequence[Sought]) -> Floats:
    own = _sum(generation.index, sought)
    articles = _sum(generation.by_article, sought)[generation.article_of]
    lead: Floats = 1 + LEAD / (1 + generation.place_of)
    return (own + ARTICLE * articles) * lead


def _sum(index: Bm25, sought: Sequence[Sought]) -> Floats:
    scores = np.zeros(index.corpus_size)
    for word in sought:
        scores += (1 - EMPHASIS + EMPHASIS * word.kind) * index.synonym_scores(word.groups)
    return scores


def _matches(
    analyzer: Analyzer, passage: Passage, within: Span, terms: Collection[str]
) -> tuple[Span, ...]:
    """The words of a part of the article that have any of the terms."""
    return tuple(
        Span(within.start + token.start, within.start + token.stop)
        for token in analyzer.tokens(passage.article.text[within.start : within.stop])
        if any(lemma in terms for lemma in token.lemmas)
    )


def _under_a_match(analyzer: Analyzer, passage: Passage, terms: Collection[str]) -> bool:
    """Whether the section head or the question above it matches; the title is above too much."""
    heads = filter(None, (passage.section, passage.question))
    return any(_matches(analyzer, passage, head, terms) for head in heads)


def _leads(hits: Iterable[Hit], shown: Iterable[Passage]) -> list[Hit]:
    """The best hit of each article not shown yet: what to quote where only its title matches."""
    seen = {passage.article.id for passage in shown}
    first: dict[str, Hit] = {}
    for hit in hits:
        if hit.passage.article.id not in seen:
            first.setdefault(hit.passage.article.id, hit)
    return list(first.values())
