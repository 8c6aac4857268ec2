"""What a question would rather have: its days, its source, its speaker, its words side by side."""

from collections.abc import Sequence

import numpy as np

from retrieval.analyzer import Token
from retrieval.arrays import Flags, Floats, Ids
from retrieval.conditions import in_periods, is_verbatim, of_source, side_by_side
from retrieval.generation import Generation
from retrieval.models import Passage, Span
from retrieval.rising import within
from retrieval.speech import interviewed, opening, speaks
from retrieval.understanding import Understood

SOURCE = 2
"""A source that is named counts as so many other preferences."""
HEARD = 50
"""In so many of the best candidates it is looked for who speaks."""


def preferred(generation: Generation, asked: Understood, numbers: Ids, merits: Floats) -> Floats:
    """How many of its preferences each candidate meets; `merits` say which are the best so far."""
    query = asked.query
    met = np.zeros(len(numbers))
    if query.periods:
        met += within(numbers, in_periods(generation, query.periods))
    if asked.source:
        met += SOURCE * of_source(generation, asked.source, numbers)
    for phrase in query.phrases:
        near = within(numbers, side_by_side(generation, phrase.words))
        met += near
        met[near] += _verbatim(generation, numbers[near], phrase.text) / 2
    if query.speaker:
        heard = np.argsort(-merits, kind="stable")[:HEARD]
        met[heard] += _heard(generation, query.speaker, numbers[heard])
    return met


def _verbatim(generation: Generation, numbers: Ids, phrase: str) -> Flags:
    """Whether a phrase stands there in just these forms."""
    found = [is_verbatim(generation, number, phrase) for number in numbers.tolist()]
    return np.array(found, bool)


def _heard(generation: Generation, speaker: Sequence[Token], numbers: Ids) -> Flags:
    """Whether the person speaks in the passages of these numbers."""
    name = {lemma for word in speaker for lemma in word.lemmas}
    known: dict[str, bool] = {}
    return np.array([_speaks(generation, number, name, known) for number in numbers.tolist()])


def _speaks(generation: Generation, number: int, name: set[str], known: dict[str, bool]) -> bool:
    """`known` has for each article met so far whether the person is interviewed there."""
    passage = generation.passages[number]
    asked = passage.question is not None
    answers = asked and _is_interviewed(generation, passage, name, known)
    return speaks(passage.text, _places(generation, passage.text, name), answers=answers)


def _is_interviewed(
    generation: Generation, passage: Passage, name: set[str], known: dict[str, bool]
) -> bool:
    article = passage.article
    if article.id not in known:
        text = opening(article)
        known[article.id] = interviewed(text, _places(generation, text, name))
    return known[article.id]


def _places(generation: Generation, text: str, name: set[str]) -> list[Span]:
    tokens = generation.analyzer.tokens(text)
    return [Span(each.start, each.stop) for each in tokens if not name.isdisjoint(each.lemmas)]
