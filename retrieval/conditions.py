"""Which passages a question lets in: strict filters, strict phrases, words that must not be there.

A condition is an array with a truth value for each passage of the archive.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from retrieval import nearby
from retrieval.analyzer import Token
from retrieval.asking.filters import Filter
from retrieval.asking.mastheads import source_matches
from retrieval.asking.periods import Period
from retrieval.generation import Generation
from retrieval.arrays import Flags, Ids
from retrieval.query import Phrase, Query
from retrieval.sought import having

_READ = 2_000
"""So many passages are read for a phrase of words of grammar alone."""

LONGER = 4
"""How many times longer than a period a date in a text may be that counts as of it: «18–20 декабря»
is of the 19th, «в 2025 году» is of no one day."""


def admitted(generation: Generation, query: Query) -> Flags | None:
    """The passages that meet every condition of a question; None where it has none.

    Several sources are alternatives; a passage must meet all the other conditions.
    """
    sources = [each for each in query.filters if each.kind == "source"]
    others = [each for each in query.filters if each.kind != "source"]
    flags = [_filtered(generation, each) for each in others]
    if sources:
        flags.append(np.any([_filtered(generation, each) for each in sources], axis=0))
    flags += [
        ~_flagged(generation, having(generation.index, word.parts[0])) for word in query.without
    ]
    flags += [
        _flagged(generation, _having_phrase(generation, phrase))
        for phrase in query.phrases
        if phrase.strict
    ]
    return reduce(np.logical_and, flags) if flags else None


def in_periods(generation: Generation, periods: Sequence[Period]) -> Ids:
    """The passages of articles of these days, and those that name one of them, in order."""
    dated = [_dated(generation, each) | _mentions(generation, each) for each in periods]
    found: Ids = np.flatnonzero(np.any(dated, axis=0)).astype(np.int32)
    return found


def of_source(generation: Generation, value: str) -> Flags:
    """The passages of articles of a source, by its name or its site."""
    fitting = {origin: source_matches(value, *origin) for origin in set(generation.origins)}
    return np.array([fitting[origin] for origin in generation.origins], bool)[generation.article_of]


def side_by_side(generation: Generation, words: Sequence[Token]) -> Ids:
    """The passages that have these words one behind the other, in any of their forms."""
    return nearby.side_by_side(generation, [word.lemmas for word in words])


def _having_phrase(generation: Generation, phrase: Phrase) -> Ids:
    """In any form; in just these where nothing but the form could tell which are meant."""
    found = side_by_side(generation, phrase.words)
    if any(word.weight for word in phrase.words):
        return found
    exact = [n for n in found[:_READ].tolist() if is_verbatim(generation, n, phrase.text)]
    return np.array(exact, np.int32) if exact else found


def is_verbatim(generation: Generation, number: int, phrase: str) -> bool:
    """Whether the passage of a number has a phrase in just these forms, in any case."""
    return phrase.casefold() in generation.passages[number].text.casefold()


def _filtered(generation: Generation, condition: Filter) -> Flags:
    if condition.kind == "source":
        return of_source(generation, condition.value)
    if condition.kind == "title":
        return _titled(generation, condition.value)
    period = condition.period
    if period is None:
        raise ValueError(f"the filter {condition.typed!r} has no period")
    dated = _dated(generation, period)
    undated = _flagged(generation, np.empty(0, np.int32)) | ~_has_date(generation)
    if condition.kind == "date":
        return dated | _mentions(generation, period)
    return dated | (undated & _mentions(generation, period))


def _titled(generation: Generation, value: str) -> Flags:
    """Of articles whose title has all words of the value, in any of their forms."""
    tokens = generation.analyzer.tokens(value, any_case=True)
    wanted = [frozenset(token.lemmas) for token in tokens]
    if wanted:
        fits = [all(lemmas & title for lemmas in wanted) for title in generation.titles]
    else:
        fits = [value.casefold() in each.title.casefold() for each in generation.articles]
    return np.array(fits, bool)[generation.article_of]


def _has_date(generation: Generation) -> Flags:
    return (generation.days[:, 0] > 0)[generation.article_of]


def _dated(generation: Generation, period: Period) -> Flags:
    first, last = generation.days.T
    fits = (first > 0) & (first <= period.last.toordinal()) & (last >= period.first.toordinal())
    flags: Flags = fits[generation.article_of]
    return flags


def _mentions(generation: Generation, period: Period) -> Flags:
    number, first, last = generation.mentions.T
    fits = (first <= period.last.toordinal()) & (last >= period.first.toordinal())
    fits &= last - first < LONGER * period.days
    return _flagged(generation, number[fits])


def _flagged(generation: Generation, passages: Ids) -> Flags:
    flags = np.zeros(len(generation.passages), bool)
    flags[passages] = True
    return flags
