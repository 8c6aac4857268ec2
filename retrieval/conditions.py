"""Which passages a question lets in: strict filters, strict phrases, words that must not be there.

A condition is an array with a truth value for each passage of the archive.
"""

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from retrieval import nearby
from retrieval.analyzer import Token
from retrieval.arrays import Flags, Ids
from retrieval.asking.filters import Filter
from retrieval.asking.mastheads import source_matches
from retrieval.asking.periods import Period
from retrieval.generation import Generation
from retrieval.marks import FIELD, TITLE
from retrieval.query import Phrase, Query
from retrieval.rising import common, distinct
from retrieval.sought import having

_READ = 2_000
"""So many passages are read for a phrase of words of grammar alone."""

LONGER = 4
"""How many times longer than a period a date in a text may be that counts as of it: «18–20 декабря»
is of the 19th, «в 2025 году» is of no one day."""


def admitted(generation: Generation, query: Query) -> Flags | None:
    """The living passages that meet every condition of a question; None where it has none.

    Several sources are alternatives; a passage must meet all the other conditions.
    """
    flags = [*_conditions(generation, query)]
    if not flags:
        return None
    if generation.live is not None:
        flags.append(generation.live)
    return reduce(np.logical_and, flags)


def _conditions(generation: Generation, query: Query) -> Iterator[Flags]:
    sources = [each.value for each in query.filters if each.kind == "source"]
    if sources:
        fits = [_of_source(generation, value) for value in sources]
        yield _of_articles(generation, np.logical_or.reduce(fits))
    for each in query.filters:
        if each.kind == "title":
            yield _of_articles(generation, _titled(generation, each.value))
        elif each.kind != "source":
            yield _of_days(generation, each)
    for word in query.without:
        yield ~_flagged(generation, having(generation.index, word.parts[0]))
    for phrase in query.phrases:
        if phrase.strict:
            yield _flagged(generation, _having_phrase(generation, phrase))


def in_periods(generation: Generation, periods: Sequence[Period]) -> Ids:
    """The passages of articles of these days, and those that name one of them, in order."""
    fits = np.logical_or.reduce([_dated(generation, each) for each in periods])
    flags = _of_articles(generation, fits)
    for each in periods:
        flags[_mentioning(generation, each)] = True
    if generation.live is not None:
        flags &= generation.live
    return np.flatnonzero(flags).astype(np.int32)


def of_source(generation: Generation, value: str, passages: Ids) -> Flags:
    """Which passages are of articles of a source, by its name or its site."""
    return _of_source(generation, value)[generation.article_of[passages]]


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


def _of_days(generation: Generation, condition: Filter) -> Flags:
    """What is of some days; «before» and «after» go by the date of an article if it has one."""
    period = condition.period
    if period is None:
        raise ValueError(f"the filter {condition.typed!r} has no period")
    flags = _of_articles(generation, _dated(generation, period))
    named = _mentioning(generation, period)
    if condition.kind != "date":
        named = named[generation.days[generation.article_of[named], 0] == 0]
    flags[named] = True
    return flags


def _of_source(generation: Generation, value: str) -> Flags:
    """By article."""
    fits = np.array([source_matches(value, *origin) for origin in generation.origins], bool)
    return fits[generation.origin_of]


def _titled(generation: Generation, value: str) -> Flags:
    """By article, whether its title has all words of the value, in any of their forms.

    Titles are read one by one only for a value without a word.
    """
    tokens = generation.analyzer.tokens(value, any_case=True)
    if not tokens:
        return _spelled(generation, value.casefold())
    found = common([having(generation.index, token.lemmas) for token in tokens])
    articles = distinct(generation.article_of[found])
    leads = generation.article_starts[articles]  # every passage is found by its article's title
    classes = (dict.fromkeys(token.lemmas, 1) for token in tokens)
    rows, marks, tables = generation.laid(leads, *classes)
    flags = np.zeros(len(generation.days), bool)
    flags[articles] = True
    for table in tables:
        has = rows[(table > 0) & (marks & FIELD == TITLE)]
        flags[articles] &= np.bincount(has, minlength=len(articles)) > 0
    return flags


def _spelled(generation: Generation, value: str) -> Flags:
    """By article, whether a value stands in its title as it is spelled, but for capitals."""
    titles = (
        segment.outline(number).title
        for segment, *_ in generation.segments
        for number in range(segment.articles)
    )
    return np.array([value in title.casefold() for title in titles], bool)


def _dated(generation: Generation, period: Period) -> Flags:
    """By article, whether it may be of a period."""
    first, last = generation.days.T
    fits: Flags = (first > 0) & (first <= period.last.toordinal())
    fits &= last >= period.first.toordinal()
    return fits


def _mentioning(generation: Generation, period: Period) -> Ids:
    """The passages that name a day of a period; one that names several, several times."""
    number, first, last = generation.mentions.T
    fits = (first <= period.last.toordinal()) & (last >= period.first.toordinal())
    fits &= last - first < LONGER * period.days
    named: Ids = number[fits]
    return named


def _of_articles(generation: Generation, flags: Flags) -> Flags:
    """Flags of passages, as their articles have them."""
    return flags[generation.article_of]


def _flagged(generation: Generation, passages: Ids) -> Flags:
    flags = np.zeros(len(generation.article_of), bool)
    flags[passages] = True
    return flags
