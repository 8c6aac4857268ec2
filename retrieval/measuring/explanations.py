"""Why a search ranks as it does: how a question was read, and what its passages scored for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import NamedTuple

import numpy as np

from retrieval.conditions import admitted
from retrieval.features import FEATURES
from retrieval.generation import Generation
from retrieval.measuring.measures import DEPTH
from retrieval.measuring.tally import opening
from retrieval.measuring.trial import SHOWN, Trial
from retrieval.query import Query, parse
from retrieval.ranking import rank, shipped_ranker
from retrieval.search import search
from retrieval.sought import Sought
from retrieval.understanding import understand

LISTED = 10
"""How many of the best passages are explained; those that are right, wherever they stand."""


class Why(NamedTuple):
    """A passage, and what its score is made of."""

    number: int
    """As the index numbers it."""
    score: float
    parts: Mapping[str, float]
    has: tuple[str, ...]
    """The words of the question, as typed, that it has or has something near to."""


class Explained(NamedTuple):
    """How a question was looked for, and why its best passages stand where they stand."""

    sought: tuple[Sought, ...]
    ranked: tuple[Why, ...]


def explain(generation: Generation, query: Query, k: int) -> Explained:
    """Explain the `k` best passages, best first."""
    asked = understand(generation, query)
    allowed = admitted(generation, asked.query)
    ranking = rank(generation, asked, allowed, shipped_ranker())
    return Explained(
        asked.sought,
        tuple(
            Why(
                number,
                float(ranking.merits[place]),
                {
                    "BM25": float(ranking.base[place]),
                    "paragraph": float(generation.place_of[number] + 1),
                    **dict(zip(FEATURES, ranking.features[place].tolist(), strict=True)),
                },
                tuple(_typed(asked.query, one) for one in asked.sought if _has(one, number)),
            )
            for place, number in enumerate(ranking.numbers[:k].tolist())
        ),
    )


def _has(word: Sought, number: int) -> bool:
    place = np.searchsorted(word.passages, number)
    return bool(place < len(word.passages) and word.passages[place] == number)


def _typed(query: Query, word: Sought) -> str:
    return query.text[word.token.start : word.token.stop]


def told(trial: Trial, question: str) -> Iterator[str]:
    """The explanation of one question in lines for people."""
    query = parse(trial.queries[question], trial.generation.analyzer)
    explained = explain(trial.generation, query, DEPTH)
    yield f"{question}  {query.text}"
    yield from _understood(query, explained.sought)
    yield _shown(trial.generation, query)
    relevant = trial.qrels.get(question, {})
    for place, why in enumerate(explained.ranked, start=1):
        grade = relevant.get(trial.names[why.number], 0)
        if place <= LISTED or grade:
            yield from _ranked(trial, place, why, grade)
    ranked = {trial.names[why.number] for why in explained.ranked}
    lost = [name for name, grade in relevant.items() if grade and name not in ranked]
    yield from (f"  right, but not among the best {DEPTH}: {name}" for name in lost)
    if question not in trial.qrels:
        yield "  right: the archive has no answer"


def _understood(query: Query, sought: Iterable[Sought]) -> Iterator[str]:
    """The words and what each was looked for by; then whatever else was read out of the text."""
    for word in sought:
        how = "" if word.share == 1 else ", by what is near it"
        found = f"passages: {len(word.passages)}, weight {word.weight:.2f}{how}"
        yield f"  «{_typed(query, word)}»  {' '.join(word.lemmas)}  ({found})"
    for field in fields(query):
        value = getattr(query, field.name)
        if value and field.name not in {"text", "words"}:
            yield f"  {field.name}: {value}"


def _shown(generation: Generation, query: Query) -> str:
    found = search(generation, query, SHOWN)
    used = "".join(f", {one.typed} taken for {one.used}" for one in found.corrections)
    return f"  a chat is shown passages: {len(found.hits)} ({found.confidence}{used})"


def _ranked(trial: Trial, place: int, why: Why, grade: int) -> Iterator[str]:
    right = f"  right (relevance {grade})" if grade else ""
    yield f"{place:4}. {trial.names[why.number]}  {why.score:.3f}{right}"
    parts = ", ".join(f"{name} {value:.4g}" for name, value in why.parts.items())
    yield f"      {parts}; has {', '.join(why.has) or 'no word'}"
    yield f"      {opening(trial.generation.passages[why.number])}"
