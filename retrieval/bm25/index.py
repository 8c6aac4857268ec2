"""The BM25 index over one or more parts, each with its postings and its own vocabulary."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import cast

import numpy as np

from retrieval import compiled
from retrieval.arrays import Floats, Ids
from retrieval.bm25 import maxscore
from retrieval.bm25.formula import Library, Rarity, lucene, weights_of
from retrieval.bm25.lists import Listed, Lists
from retrieval.bm25.parts import Part, Vocabulary
from retrieval.bm25.queries import Best, query_of

REMEMBERED = 1 << 14
"""Terms whose places are kept."""


class Bm25(Library):
    """`BM25Okapi` that touches only the passages which have a term of the query.

    The passages of all parts are numbered one after another, from 0; the dead keep their numbers,
    are never found and count nowhere. Scores are the library's own to the last bit, given the idf.
    """

    def __init__(
        self, parts: Sequence[Part], k1: float = 0.9, b: float = 0.4, rarity: Rarity = lucene
    ) -> None:
        self.parts = tuple(parts)
        self._rarity = rarity
        super().__init__(self.parts, k1=k1, b=b)
        self._weights = tuple(
            weights_of(part.postings.pairs, self.avgdl, k1, b) for part in self.parts
        )
        self._lists = tuple(map(Lists, self.parts, self._weights))

    def _initialize(self, corpus: Sequence[Part]) -> None:
        """Count the live passages and their terms, where the library keeps a dict a passage."""
        sizes = [len(part.postings.lengths) for part in corpus]
        self.first = (0, *np.cumsum(sizes, dtype=np.int64).tolist())
        lengths = [
            part.postings.lengths if part.live is None else part.postings.lengths[part.live]
            for part in corpus
        ]
        self.corpus_size = sum(map(len, lengths))
        total = sum(int(some.sum(dtype=np.int64)) for some in lengths)
        self.avgdl = total / self.corpus_size if total else 1.0
        find = partial(_places, tuple(part.vocabulary for part in corpus))
        self._places = lru_cache(REMEMBERED)(find)

    def _calc_idf(self, nd: None) -> None:
        """Nothing: the idf of a term is computed when a query asks for it."""

    def places(self, term: str) -> tuple[tuple[int, int], ...]:
        """The parts that have a term, each with the term's number there."""
        return self._places(term)

    def count(self, term: str) -> int:
        """How many live passages have a term."""
        return sum(self.parts[part].count(number) for part, number in self._places(term))

    def rarity(self, count: int) -> float:
        """The idf of whatever is in `count` passages; the greatest one for what is in none."""
        return self._rarity(self.corpus_size, count)

    def postings(self, term: str) -> Ids:
        """The numbers of the live passages that have a term, rising."""
        found = [self._postings(part, number) for part, number in self._places(term)]
        if len(found) == 1:
            return found[0]
        return np.concatenate([np.empty(0, np.int32), *found])

    def _postings(self, number: int, term: int) -> Ids:
        passages = self.parts[number].passages(term)
        return passages + np.int32(self.first[number]) if number else passages

    def weights(self, part: int) -> Floats:
        """What a term adds to a score for each row of a part's `pairs`, but for its idf."""
        return self._weights[part]

    def get_scores(self, query: Iterable[str]) -> Floats:
        """The score of every passage; a term that is repeated counts again."""
        scores = np.zeros(self.first[-1])
        for term in query:
            idf = self.rarity(self.count(term))
            for part, number in self._places(term):
                postings = self.parts[part].postings
                places = postings.of(number)
                inside = scores[self.first[part] : self.first[part + 1]]
                inside[postings.ids[places]] += idf * self._weights[part][postings.codes[places]]
        for first, each in zip(self.first, self.parts, strict=False):
            if each.live is not None:
                scores[first : first + len(each.live)][~each.live] = 0
        return scores

    def get_batch_scores(self, query: Iterable[str], doc_ids: Sequence[int]) -> list[float]:
        """The scores of these passages only."""
        return cast("list[float]", self.get_scores(query)[list(doc_ids)].tolist())

    def top(self, query: Iterable[str], k: int) -> tuple[Ids, Floats]:
        """The best `k` passages that share a term, best first, and their scores; ties by number."""
        terms = list(query)
        idf = {term: self.rarity(self.count(term)) for term in terms if self._places(term)}
        best = Best.of(max(0, min(k, self.corpus_size)))
        if any(value < 0 for value in idf.values()):
            return self._exhaustive(terms, len(best.scores))
        if idf and len(best.scores):
            self._search(terms, idf, best)
        return best.ranked()

    def _search(self, terms: Sequence[str], idf: Mapping[str, float], best: Best) -> None:
        search = (compiled.kernels("retrieval.bm25.kernels") or maxscore).search
        found: dict[int, list[tuple[Listed, float]]] = {}
        for term in terms:
            for part, number in self._places(term):
                listed = self._lists[part].of(number)
                if listed.start < listed.stop:
                    found.setdefault(part, []).append((listed, idf[term]))
        for part, several in sorted(found.items()):
            best.state[1] = self.first[part]
            search(self._lists[part].stored, self._lists[part].marked, query_of(several), best)

    def _exhaustive(self, terms: Sequence[str], k: int) -> tuple[Ids, Floats]:
        """The same where a bound is none: an idf is below zero in a tiny corpus."""
        found = [self.postings(term) for term in terms]
        passages = np.unique(np.concatenate([np.empty(0, np.int32), *found]))
        scores = self.get_scores(terms)[passages]
        order = np.lexsort((passages, -scores))[:k]
        return passages[order], scores[order]


def _places(vocabularies: Sequence[Vocabulary], term: str) -> tuple[tuple[int, int], ...]:
    numbers = (vocabulary.number(term) for vocabulary in vocabularies)
    return tuple((part, number) for part, number in enumerate(numbers) if number is not None)
