"""The scores are rank-bm25's own, computed from postings."""

import math
from itertools import accumulate, chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.bm25 import Bm25, Okapi, lucene
from tests.indexed import Corpus, part_of

LETTERS = "абвгдежз"
CORPUS = [
    ["уран", "казахстан", "экспорт"],
    ["казахстан", "япония", "уран", "уран"],
    ["япония", "визит"],
    [],
]

words = st.sampled_from(LETTERS)
corpora = st.lists(st.lists(words, max_size=12), min_size=1, max_size=12).filter(any)
queries = st.lists(st.one_of(words, st.just("неизвестное")), max_size=8)


class Reference(BM25Okapi):  # type: ignore[misc]  # rank_bm25 has no types
    """The library as it is, with only the values of its idf replaced by Lucene's."""

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {term: lucene(self.corpus_size, count) for term, count in nd.items()}


def counts(corpus: Corpus) -> list[int]:
    """In how many passages each term is, in the order in which they first occur."""
    terms = dict.fromkeys(chain(*corpus))
    return [sum(term in passage for passage in corpus) for term in terms]


@given(corpora, queries, st.floats(0.1, 3), st.floats(0, 0.99))
def test_scores_are_the_librarys_own(
    corpus: list[list[str]], query: list[str], k1: float, b: float
) -> None:
    index = Bm25([part_of(corpus)], k1, b)
    expected = Reference(corpus, k1=k1, b=b).get_scores(query)
    assert index.get_scores(query).tolist() == expected.tolist()


@given(corpora, queries)
def test_so_are_they_with_its_own_idf(corpus: list[list[str]], query: list[str]) -> None:
    index = Bm25([part_of(corpus)], 1.5, 0.75, Okapi(len(corpus), counts(corpus)))
    assert index.get_scores(query).tolist() == BM25Okapi(corpus).get_scores(query).tolist()


@given(corpora, queries, st.data())
def test_parts_are_as_one(corpus: list[list[str]], query: list[str], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(corpus)), max_size=3)))
    edges = [0, *cuts, len(corpus)]
    parts = [part_of(corpus[a:b]) for a, b in pairwise(edges)]
    index, whole = Bm25(parts), Bm25([part_of(corpus)])
    assert index.first == tuple(
        accumulate((len(part.postings.lengths) for part in parts), initial=0)
    )
    assert (index.corpus_size, index.avgdl) == (whole.corpus_size, whole.avgdl)
    assert index.get_scores(query).tolist() == whole.get_scores(query).tolist()
    for term in query:
        assert index.count(term) == whole.count(term)
        assert index.postings(term).tolist() == whole.postings(term).tolist()


@given(corpora, queries, st.data())
def test_the_dead_count_nowhere(
    corpus: list[list[str]], query: list[str], data: st.DataObject
) -> None:
    live = data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus)))
    index = Bm25([part_of(corpus, live)])
    living = [passage for passage, alive in zip(corpus, live, strict=True) if alive]
    numbers = np.flatnonzero(live)
    expected = np.zeros(len(corpus))
    if living:
        expected[numbers] = Bm25([part_of(living)]).get_scores(query)
    assert index.get_scores(query).tolist() == expected.tolist()
    for term in query:
        having = [number for number in numbers.tolist() if term in corpus[number]]
        assert (index.count(term), index.postings(term).tolist()) == (len(having), having)


def test_what_was_counted_is_not_counted_again() -> None:
    part = part_of(CORPUS, [True, False, True, True])
    counted = part._replace(counts=np.arange(10, 10 + len(part.vocabulary), dtype=np.int32))
    assert [Bm25([one]).count("уран") for one in (part, counted)] == [1, 10]


def test_places_are_numbers_in_each_part_that_has_the_term() -> None:
    index = Bm25([part_of(CORPUS[:1]), part_of(CORPUS[2:3]), part_of(CORPUS[1:2])])
    assert index.places("казахстан") == ((0, 1), (2, 0))
    assert index.places("неизвестное") == ()


def test_postings_of_one_part_are_a_view() -> None:
    part = part_of(CORPUS)
    assert np.shares_memory(Bm25([part]).postings("уран"), part.postings.ids)


def test_weights_are_those_of_pairs() -> None:
    part = part_of(CORPUS)
    index = Bm25([part], 1.5, 0.75)
    pairs = part.postings.pairs.tolist()
    assert index.weights(0).tolist() == [
        count * 2.5 / (count + 1.5 * (0.25 + 0.75 * length / index.avgdl))
        for count, length in pairs
    ]


@given(corpora, st.data())
def test_some_of_the_scores_are_those_of_all(corpus: list[list[str]], data: st.DataObject) -> None:
    index = Bm25([part_of(corpus)])
    query = data.draw(queries)
    numbers = data.draw(st.lists(st.integers(0, len(corpus) - 1)))
    every = index.get_scores(query)
    assert index.get_batch_scores(query, numbers) == [every[number] for number in numbers]


def test_the_library_ranks_with_it_by_its_own_get_top_n() -> None:
    documents = ["первый", "второй", "третий", "четвёртый"]
    assert Bm25([part_of(CORPUS)]).get_top_n(["визит"], documents, 1) == ["третий"]


def test_the_idf_is_lucenes() -> None:
    index = Bm25([part_of(CORPUS)])
    assert index.rarity(index.count("визит")) == pytest.approx(
        math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    )


@given(st.integers(1, 1000))
def test_a_rarer_term_weighs_more_and_none_weighs_nothing(size: int) -> None:
    weights = [lucene(size, count) for count in range(size + 1)]
    assert all(weight > 0 for weight in weights)
    assert weights == sorted(weights, reverse=True)


def test_a_term_of_every_passage_still_scores() -> None:
    index = Bm25([part_of([["уран"], ["уран", "визит"]])])
    assert (index.get_scores(["уран"]) > 0).all()


def test_the_librarys_idf_is_for_one_size() -> None:
    okapi = Okapi(4, [1, 2])
    assert okapi(4, 0) == 0
    with pytest.raises(ValueError, match="4 passages, not 5"):
        okapi(5, 1)


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_an_archive_without_words_answers_with_nothing(corpus: Corpus) -> None:
    index = Bm25([part_of(corpus)])
    assert index.get_scores(["уран"]).tolist() == [0] * len(corpus)
    assert index.postings("уран").tolist() == []


def test_an_index_of_no_parts_answers_with_nothing() -> None:
    index = Bm25([])
    assert (index.corpus_size, index.first) == (0, (0,))
    assert index.get_scores(["уран"]).tolist() == index.postings("уран").tolist() == []


def test_no_dictionary_is_kept_for_each_passage_or_term() -> None:
    index = Bm25([part_of(CORPUS)])
    assert (index.doc_freqs, index.idf) == ([], {})
