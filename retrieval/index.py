"""The BM25 index: rank-bm25's formula over postings, and the only import of rank_bm25."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from retrieval.kin import Roots

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Terms(NamedTuple):
    """The terms of a corpus as numbers: what the index is built from and stored as."""

    vocabulary: tuple[str, ...]
    """Every distinct term; its place here is its number."""
    numbers: Ids
    """The terms of all passages, one passage after another."""
    lengths: Ids
    """How many of them each passage has."""

    @classmethod
    def encode(cls, corpus: Iterable[Sequence[str]]) -> "Terms":
        """Number the terms of `corpus`, a sequence of terms for each passage."""
        passages = list(corpus)
        numbering: dict[str, int] = {}
        numbers = [numbering.setdefault(term, len(numbering)) for term in chain(*passages)]
        lengths = [len(passage) for passage in passages]
        return cls(tuple(numbering), np.array(numbers, np.int32), np.array(lengths, np.int32))

    def joined(self, sizes: Sequence[int]) -> "Terms":
        """The same terms with so many passages at a time made one."""
        stops = np.cumsum(sizes, dtype=np.int64)
        ends = np.concatenate([[0], np.cumsum(self.lengths)])[[0, *stops]]
        return self._replace(lengths=np.diff(ends).astype(np.int32))

    def decode(self) -> Iterator[tuple[str, ...]]:
        """The terms of each passage as text, in order."""
        stop = 0
        for length in self.lengths.tolist():
            start, stop = stop, stop + length
            yield tuple(self.vocabulary[number] for number in self.numbers[start:stop].tolist())


class Bm25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 has no types
    """`BM25Okapi` that touches only the passages which have a term of the query.

    Its scores are the library's own; only the idf differs in value (see `_calc_idf`).
    Passages and terms are numbered from 0, in the order they come.
    """

    def __init__(self, terms: Terms, k1: float = 0.9, b: float = 0.4) -> None:
        self.terms = terms
        super().__init__(terms, k1=k1, b=b)

    def _initialize(self, corpus: Terms) -> dict[str, int]:
        """Count postings, by term and then by passage, where the library keeps a dict a passage."""
        size = self.corpus_size = len(corpus.lengths)
        self.avgdl = float(corpus.lengths.mean()) if size else 1.0
        self.doc_len = corpus.lengths
        passages = np.repeat(np.arange(size), corpus.lengths)
        pairs, counts = np.unique(
            corpus.numbers.astype(np.int64) * size + passages, return_counts=True
        )
        self._passages = (pairs % max(size, 1)).astype(np.int32)
        self._counts = counts.astype(np.int32)
        norm = self.k1 * (1 - self.b + self.b * self.doc_len[self._passages] / self.avgdl)
        self._parts = counts * (self.k1 + 1) / (counts + norm)
        self._bounds = np.searchsorted(pairs, np.arange(len(corpus.vocabulary) + 1) * size)
        self._number = {term: number for number, term in enumerate(corpus.vocabulary)}
        self.sorted_terms = sorted(corpus.vocabulary)
        return dict(zip(corpus.vocabulary, np.diff(self._bounds).tolist(), strict=True))

    def _calc_idf(self, nd: dict[str, int]) -> None:
        """Lucene's idf, log(1 + (N - n + 0.5) / (n + 0.5)): above zero, and falling with n.

        The library's own gives a term of more than half of the passages the weight of a rare one.
        """
        self.idf = {term: self.rarity(count) for term, count in nd.items()}

    def rarity(self, count: int) -> float:
        """The idf of whatever is in `count` passages; the greatest one for what is in none."""
        return math.log1p((self.corpus_size - count + 0.5) / (count + 0.5))

    @cached_property
    def roots(self) -> Roots:
        """Its terms by their roots."""
        return Roots(self.sorted_terms)

    def number(self, term: str) -> int | None:
        """The number of a term in the vocabulary; None if no passage has it."""
        return self._number.get(term)

    def postings(self, term: str) -> tuple[Ids, Ids]:
        """The passages that have `term`, in order, and how often each has it."""
        places = self._places(term)
        return self._passages[places], self._counts[places]

    def get_scores(self, query: Iterable[str]) -> Floats:
        """The score of every passage; a term that is repeated counts again."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            places = self._places(term)
            scores[self._passages[places]] += self.idf.get(term, 0) * self._parts[places]
        return scores

    def synonym_scores(self, groups: Iterable[Sequence[str]]) -> Floats:
        """The score of every passage, the terms of a group taken for one word.

        Its idf counts the passages that have any of them, and its best term in a passage counts
        there. For groups of one term these are the scores of `get_scores`.
        """
        scores = np.zeros(self.corpus_size)
        for group in groups:
            passages, parts = self.word_scores(group)
            scores[passages] += parts
        return scores

    def word_scores(self, terms: Sequence[str]) -> tuple[Ids, Floats]:
        """The passages that have any of the terms of one word, in order, and its score in each."""
        every = [self._places(term) for term in terms] or [slice(0)]
        passages = np.concatenate([self._passages[places] for places in every])
        parts = np.concatenate([self._parts[places] for places in every])
        if len(every) > 1 and len(passages):
            order = np.argsort(passages, kind="stable")
            passages = passages[order]
            starts = np.flatnonzero(np.diff(passages, prepend=-1))
            passages, parts = passages[starts], np.maximum.reduceat(parts[order], starts)
        return passages, self.rarity(len(passages)) * parts

    def _places(self, term: str) -> slice:
        """Where the postings of a term stand among all."""
        number = self._number.get(term)
        if number is None:
            return slice(0, 0)
        return slice(*self._bounds[number : number + 2])

    def get_batch_scores(self, query: Iterable[str], doc_ids: Sequence[int]) -> list[float]:
        """The scores of these passages only."""
        return cast("list[float]", self.get_scores(query)[list(doc_ids)].tolist())
