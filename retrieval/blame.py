"""How sure it is that a question is answered; and if it is not, what of it is in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import islice
from typing import NamedTuple

import numpy as np

from retrieval import calibration
from retrieval.analyzer import Token
from retrieval.arrays import Flags
from retrieval.conditions import admitted
from retrieval.evidence import evidence
from retrieval.found import Confidence
from retrieval.generation import Generation
from retrieval.models import Span
from retrieval.query import Query
from retrieval.tally import Tally
from retrieval.understanding import Understood

_MINUS_WORDS = 4
"""So many minus words are tried, each by itself."""


class _Condition(NamedTuple):
    """One of the conditions of a question, and the passages that meet it."""

    typed: str
    """With the minus of a minus word and the quotes of a phrase; "" is never blamed."""
    flags: Flags
    is_source: bool = False


def confidence(generation: Generation, asked: Understood, found: Tally) -> Confidence:
    """How sure it is that the passages answer that have something of a question."""
    return calibration.judge(generation.calibration, evidence(generation, found, asked.query.asks))


def emptied(generation: Generation, asked: Understood, found: Tally) -> str:
    """The one word or condition of a refused question without which there would be an answer.

    `found` is what passages have of it. As typed: «-Китай» is not «Китай», nor is a phrase without
    its quotes. "" where there is none.
    """
    conditions = list(_conditions(generation, asked.query))
    for each in conditions:
        rest = [other for other in conditions if other is not each]
        if each.typed and _answers(generation, asked, found.limited(_all_of(rest))):
            return each.typed
    return _word(generation, asked, found, conditions)


def _answers(generation: Generation, asked: Understood, found: Tally) -> bool:
    return confidence(generation, asked, found) is not Confidence.NONE


def _word(
    generation: Generation, asked: Understood, found: Tally, conditions: Sequence[_Condition]
) -> str:
    """The word without which there would be an answer that meets all conditions."""
    query, known = asked.query, generation.calibration
    token = calibration.emptied(generation, found.limited(None), known, query.asks)
    if token is None:
        return ""
    if conditions:
        rest = found.without(token).limited(_all_of(conditions))
        if not rest.words or not _answers(generation, asked, rest):
            return ""
    return query.text[token.start : token.stop]


def _all_of(conditions: Sequence[_Condition]) -> Flags | None:
    """The passages that meet all conditions, None without any; several sources are alternatives."""
    flags = [each.flags for each in conditions if not each.is_source]
    if sources := [each.flags for each in conditions if each.is_source]:
        flags.append(np.logical_or.reduce(sources))
    return reduce(np.logical_and, flags) if flags else None


def _conditions(generation: Generation, query: Query) -> Iterator[_Condition]:
    """Each condition of a question by itself, those of a compound minus word as one."""
    bare = replace(query, filters=(), without=(), phrases=())
    for each in query.filters:
        alone = replace(bare, filters=(each,))
        yield from _met(generation, each.typed, alone, is_source=each.kind == "source")
    words = minus_words(query)
    for span, parts in islice(words.items(), _MINUS_WORDS):
        yield from _met(generation, query.text[slice(*span)], replace(bare, without=parts))
    others = tuple(part for parts in islice(words.values(), _MINUS_WORDS, None) for part in parts)
    yield from _met(generation, "", replace(bare, without=others))
    for phrase in query.phrases:
        typed = query.text[phrase.span.start - 1 : phrase.span.stop + 1]
        yield from _met(generation, typed, replace(bare, phrases=(phrase,)))


def _met(
    generation: Generation, typed: str, alone: Query, *, is_source: bool = False
) -> Iterator[_Condition]:
    """The condition that a question has alone; none for a phrase that is no condition."""
    flags = admitted(generation, alone)
    if flags is not None:
        yield _Condition(typed, flags, is_source)


def minus_words(query: Query) -> dict[Span, tuple[Token, ...]]:
    """Where the words stand, with the minus, that a passage must not have; each with its parts."""
    found: dict[Span, tuple[Token, ...]] = {}
    for word in query.without:
        outer = next((span for span in found if span.start < word.start < span.stop), None)
        span = outer or Span(word.start - 1, word.stop)
        found[span] = (*found.get(span, ()), word)
    return found
