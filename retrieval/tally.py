"""What the index says of every passage that has a word of a question: scores, and which words.

The work is as much as the postings of the question are, whatever the size of the archive.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrieval.accumulators import Masks, Rows
from retrieval.analyzer import Token
from retrieval.arrays import Flags, Floats, Ids
from retrieval.scorer import Documents, steps
from retrieval.sought import AKIN, Sought

if TYPE_CHECKING:
    from retrieval.generation import Generation  # which is calibrated by tallies

EMPHASIS = 0.4
"""How far a word's score follows the weight of its kind, a name's above a verb's."""
MARKED = 64
"""So many words of a question, the weightiest, are told apart."""


@dataclass(frozen=True, eq=False)
class Tally:
    """The passages that have a word of a question, a row each, and what each has of it."""

    words: tuple[Sought, ...]
    """Those that count; scores are of all that were sought."""
    bits: Masks
    """Of each of these words its bit in masks; 0 for one that is not told apart."""
    numbers: Ids
    """Of the passages, in no order."""
    own: Floats
    """BM25 of each passage."""
    has: Masks
    """The words that it has, be it in other words."""
    akin: Masks
    """The words that it has one akin to."""
    article: Ids
    """The row of its article in the two arrays of articles."""
    article_scores: Floats
    """BM25 of each article."""
    article_has: Masks
    let_in: Flags | None = None
    """Which of the passages meet the conditions of the question; None: all."""

    def limited(self, flags: Flags | None) -> "Tally":
        """With these conditions in place of others: flags by the numbers of passages."""
        return replace(self, let_in=None if flags is None else flags[self.numbers])

    def without(self, token: Token) -> "Tally":
        """As if this word had not been asked for; the scores stay."""
        kept = [place for place, word in enumerate(self.words) if word.token != token]
        words = tuple(self.words[place] for place in kept)
        return replace(self, words=words, bits=self.bits[kept])

    @cached_property
    def coverage(self) -> Floats:
        """The share of the question that each passage has, by the weight of the words: 0 to 1.

        Of one that does not meet the conditions, 0.
        """
        own = np.array([word.weight * word.share for word in self.words])
        total = self.weigh(np.zeros(len(self.numbers)), own, np.zeros(len(own)))
        total /= sum(word.weight for word in self.words) or 1
        return total if self.let_in is None else total * self.let_in

    def weigh(self, start: Floats, own: Floats, kin: Floats) -> Floats:
        """Add to `start` what words are worth where a passage has them, or only has akin ones."""
        worth = np.column_stack([own, kin])
        total: Floats = steps().weigh(start, self.has, self.akin, self.bits, worth)
        return total


def tally(generation: "Generation", sought: Sequence[Sought]) -> Tally:
    """Add up what the living passages have of a question."""
    scorer, bits = generation.scorer, _bits(sought)
    most = sum(len(word.passages) for word in sought if word.weight)
    with closing(scorer.passages.rows(most)) as rows:
        for word, bit in zip(sought, bits, strict=True):
            if word.weight:
                steps().enter(rows, word.passages, bit)
        _sum(scorer.passages, rows, sought, bits)
        with closing(scorer.articles.rows(rows.size)) as articles:
            article = steps().group(rows, articles, scorer.articles.grouping)
            _sum(scorer.articles, articles, sought, bits)
    return Tally(
        words=tuple(sought),
        bits=bits,
        numbers=rows.numbers,
        own=rows.total,
        has=rows.has,
        akin=rows.akin,
        article=article,
        article_scores=articles.total,
        article_has=articles.has,
    )


def _bits(sought: Sequence[Sought]) -> Masks:
    bits = np.zeros(len(sought), np.uint64)
    told = np.sort(np.argsort([-word.weight for word in sought], kind="stable")[:MARKED])
    bits[told] = np.uint64(1) << np.arange(len(told), dtype=np.uint64)
    return bits


def _sum(documents: Documents, rows: Rows, sought: Sequence[Sought], bits: Masks) -> None:
    """Score the documents that have a row. One that has a word in other words gets its rarity."""
    step = steps()
    for word, bit in zip(sought, bits, strict=True):
        for group in word.groups:
            documents.look_up(rows, group)
            step.add(rows, documents.rarity(rows.having))
        if len(word.otherwise):
            step.level(rows, documents.of(word.otherwise))
            step.add(rows, documents.rarity(len(documents.of(word.passages))))
        if word.kin:
            documents.look_up(rows, word.kin)
            step.add_akin(rows, documents.rarity(rows.having), AKIN, bit)
        step.close(rows, 1 - EMPHASIS + EMPHASIS * word.kind)
