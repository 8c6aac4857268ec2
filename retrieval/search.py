"""The one verb of the archive: search(generation, query, k) finds the passages that answer."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from retrieval.arrays import Flags, Ids
from retrieval.blame import confidence, emptied
from retrieval.conditions import admitted, in_periods
from retrieval.features import FEATURES
from retrieval.focusing.focus import focus
from retrieval.focusing.matched import matched
from retrieval.found import Confidence, Found
from retrieval.generation import Generation
from retrieval.marks import FIELD, TEXT, TITLE
from retrieval.models import Hit, Passage
from retrieval.query import Query
from retrieval.ranking import Ranking, rank, shipped_ranker
from retrieval.selection import spread
from retrieval.sought import AKIN
from retrieval.understanding import Understood, understand

TAIL = 0.4
"""Below this share of the best one, by BM25 or by coverage, a passage is left out."""
_KIN = FEATURES.index("kin")
POOL = 60
"""How many passages, best first, are ever shown for one question."""


def search(generation: Generation, query: Query, k: int, exclude: Collection[str] = ()) -> Found:
    """The `k` best passages for a query, best first; none when the archive holds no answer.

    `exclude` has the keys (see `key`) of passages already shown: the next ones come instead.
    The same archive, query and exclusions give the same hits.
    """
    if not generation.size:
        return Found(query=query)
    asked = understand(generation, query)
    return replace(_found(generation, asked, k, exclude), query=asked.query)


def _found(generation: Generation, asked: Understood, k: int, exclude: Collection[str]) -> Found:
    if not any(word.weight for word in asked.sought):
        return _newest(generation, asked, k, exclude)
    allowed = admitted(generation, asked.query)
    ranking = rank(generation, asked, allowed, shipped_ranker())
    sure = confidence(generation, asked, ranking.tally)
    if sure is Confidence.NONE:
        return _refusal(generation, asked, ranking)
    places = list(islice(_shown(generation, asked, ranking, exclude), k + 1))
    hits = tuple(_hits(generation, asked, ranking, places[:k]))
    return Found(
        hits if sure is Confidence.SURE else tuple(map(_unmarked, hits)),
        sure if hits else Confidence.NONE,
        asked.corrections,
        asked.sightings,
        more=len(places) > k,
        of_other_days=not _any_dated(generation, asked.query, ranking.numbers[places[:k]]),
    )


def key(passage: Passage) -> str:
    """A passage's name in `exclude`: its article's id and where it starts there."""
    return f"{passage.article.id}:{passage.start}"


def ranked(generation: Generation, query: Query, k: int) -> list[tuple[int, float]]:
    """The `k` best passages as numbers with scores, best first: no refusal, nothing left out."""
    asked = understand(generation, query)
    allowed = admitted(generation, asked.query)
    found = rank(generation, asked, allowed, shipped_ranker())
    return list(zip(found.numbers[:k].tolist(), found.merits[:k].tolist(), strict=True))


def _worth(ranking: Ranking) -> list[int]:
    """Which of the candidates are worth showing, by their places."""
    covered = np.maximum(ranking.coverage, ranking.features[:, _KIN] * AKIN)
    near = covered >= TAIL * covered.max(initial=0)
    least = TAIL * ranking.base[near].max(initial=0)
    worth: list[int] = np.flatnonzero(near & (ranking.base >= least)).tolist()
    return worth[:POOL]


def _hits(
    generation: Generation, asked: Understood, ranking: Ranking, places: Iterable[int]
) -> Iterator[Hit]:
    """The candidates of these places: the words that matched, the sentence that answers.

    Words of the same root and synonyms are shown as matches only where there are no others.
    """
    analyzer, weights = generation.analyzer, _weights(asked)
    whole = sum(word.weight for word in asked.sought)
    kin = {lemma for word in asked.sought for lemma in word.kin}
    for place in places:
        number = int(ranking.numbers[place])
        passage = generation.passages[number]
        tokens = analyzer.tokens(passage.text)
        words = matched(passage, tokens, _terms(asked, number)) or matched(passage, tokens, kin)
        found = focus(passage, tokens, weights, asked.query.asks, analyzer, whole)
        yield Hit(passage, float(ranking.merits[place]), words, *found)


def _weights(asked: Understood) -> dict[str, float]:
    """How much each lemma of the question counts."""
    weights: dict[str, float] = {}
    for word in asked.sought:
        for lemma in word.lemmas:
            weights[lemma] = max(weights.get(lemma, 0.0), word.weight * word.share)
    return weights


def _terms(asked: Understood, number: int) -> set[str]:
    """The lemmas that count as a match in the passage of a number."""
    terms = {lemma for word in asked.sought for lemma in word.lemmas}
    for word in asked.sought:
        if word.names and number in word.otherwise:
            terms |= word.names
    return terms


def _shown(
    generation: Generation, asked: Understood, ranking: Ranking, exclude: Collection[str]
) -> Iterator[int]:
    """What is worth showing together, by the candidates' places; read only as far as asked for."""
    places: dict[str, int] = {}

    def hit(place: int) -> Hit:
        passage = generation.passages[int(ranking.numbers[place])]
        places[key(passage)] = place
        return Hit(passage, float(ranking.merits[place]), ())

    worth = _worth(ranking)
    has = dict(zip(worth, _quotable(generation, asked, ranking.numbers[worth]), strict=True))
    before = [
        one.passage for one in map(hit, worth if exclude else ()) if key(one.passage) in exclude
    ]
    fresh = [place for place in worth if place not in {places[key(one)] for one in before}]
    quotable = [place for place in fresh if has[place]]
    hits = map(hit, quotable) if quotable else _leads(map(hit, fresh), before)
    return (places[key(one.passage)] for one in spread(hits, before))


def _quotable(generation: Generation, asked: Understood, numbers: Ids) -> list[bool]:
    """Whether each passage has a word of the question or one near it, or its head such a word.

    The title is above too much.
    """
    own = dict.fromkeys((lemma for word in asked.sought for lemma in word.lemmas), 1)
    near = dict.fromkeys((one for word in asked.sought for one in (*word.kin, *word.names)), 1)
    rows, marks, (has_own, has_near) = generation.laid(numbers, own, near)
    field = marks & FIELD
    has = (has_own > 0) & (field != TITLE) | (has_near > 0) & (field == TEXT)
    found: list[bool] = (np.bincount(rows[has], minlength=len(numbers)) > 0).tolist()
    return found


def _unmarked(hit: Hit) -> Hit:
    """Without what was asked for: where it is not sure that there is an answer, none is clear."""
    return replace(hit, answer=())


def _any_dated(generation: Generation, query: Query, numbers: Ids) -> bool:
    """Whether any of the passages is of the days that the question would rather have, if any."""
    return not query.periods or bool(_dated(generation, query)[numbers].any())


def _dated(generation: Generation, query: Query) -> Flags:
    """The passages of the days that a question would rather have."""
    flags = np.zeros(len(generation.passages), bool)
    flags[in_periods(generation, query.periods)] = True
    return flags


def _refusal(generation: Generation, asked: Understood, ranking: Ranking) -> Found:
    best = _worth(ranking)[:1]
    return Found(
        corrections=asked.corrections,
        words=asked.sightings,
        emptied=emptied(generation, asked, ranking.tally),
        nearest=next(_hits(generation, asked, ranking, best), None),
    )


def _newest(generation: Generation, asked: Understood, k: int, exclude: Collection[str]) -> Found:
    """Where only days, sources or titles are asked for: how their newest articles begin."""
    query = asked.query
    numbers = _of_conditions(generation, query)
    if not len(numbers):
        wider = len(_of_conditions(generation, replace(query, filters=())))
        nothing = query.filters[0].typed if len(query.filters) == 1 and wider else ""
        return Found(words=asked.sightings, corrections=asked.corrections, emptied=nothing)
    articles, first = np.unique(generation.article_of[numbers], return_index=True)
    order = np.argsort(-generation.days[articles, 0], kind="stable")
    leads = [generation.passages[number] for number in numbers[first[order]].tolist()]
    terms = {lemma for word in asked.sought for lemma in word.lemmas}
    hits = (
        Hit(passage, 0.0, matched(passage, generation.analyzer.tokens(passage.text), terms))
        for passage in leads
        if key(passage) not in exclude
    )
    chosen = list(islice(spread(hits), k + 1))
    sure = Confidence.SURE if chosen else Confidence.NONE
    return Found(tuple(chosen[:k]), sure, asked.corrections, more=len(chosen) > k)


def _of_conditions(generation: Generation, query: Query) -> Ids:
    """The passages that meet all conditions and are of the days; none without any of these."""
    strict = query.filters or query.periods or any(each.strict for each in query.phrases)
    flags = admitted(generation, query)
    if query.periods:
        dated = _dated(generation, query)
        flags = dated if flags is None else flags & dated
    found: Ids = np.flatnonzero(flags if strict and flags is not None else []).astype(np.int32)
    return found


def _leads(hits: Iterable[Hit], shown: Iterable[Passage]) -> list[Hit]:
    """The best hit of each article not shown yet: what to quote where only its title matches."""
    seen = {passage.article.id for passage in shown}
    first: dict[str, Hit] = {}
    for hit in hits:
        if hit.passage.article.id not in seen:
            first.setdefault(hit.passage.article.id, hit)
    return list(first.values())
