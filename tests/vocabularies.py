"""Vocabularies of segments, and what finds their terms, without any passages."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from retrieval.kin import Kindred, roots_of
from retrieval.mending.corrections import Lexicon
from retrieval.mending.lexicon import lexicon_of
from retrieval.storing.strings import Arrays, Strings, strings_of


class Terms(NamedTuple):
    """A segment as far as its terms go."""

    vocabulary: Strings
    arrays: Arrays


def terms(words: Iterable[str]) -> Terms:
    """These words are the terms, numbered from 0."""
    distinct = list(dict.fromkeys(words))
    arrays = {**strings_of("terms", distinct), **roots_of(distinct), **lexicon_of(distinct)}
    return Terms(Strings(arrays, "terms"), arrays)


def lexicon(counts: Mapping[str, int], *segments: Iterable[str]) -> Lexicon:
    """Of terms with the number of passages that have each; in one segment unless said otherwise."""
    return Lexicon([terms(words) for words in segments or (counts,)], lambda t: counts.get(t, 0))


def kindred(words: Iterable[str]) -> Kindred:
    """Of terms that some passage has, in one segment."""
    every = set(words)
    return Kindred([terms(every)], lambda term: int(term in every))
