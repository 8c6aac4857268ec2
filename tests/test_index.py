"""The scores are rank-bm25's own, computed from postings."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.index import Bm25, Terms

CORPUS = [
    ["уран", "казахстан", "экспорт"],
    ["казахстан", "япония", "уран", "уран"],
    ["япония", "визит"],
    [],
]

words = st.sampled_from("абвгдежз")
corpora = st.lists(st.lists(words, max_size=12), min_size=1, max_size=12).filter(any)
queries = st.lists(st.one_of(words, st.just("неизвестное")), max_size=8)


class Reference(BM25Okapi):  # type: ignore[misc]  # rank_bm25 has no types
    """The library as it is, with only the values of its idf replaced."""

    def __init__(self, corpus: list[list[str]], idf: dict[str, float], k1: float, b: float) -> None:
        self.given = idf
        super().__init__(corpus, k1=k1, b=b)

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {term: self.given[term] for term in nd}


@given(corpora, queries, st.floats(0.1, 3), st.floats(0, 0.99))
@settings(deadline=None)
def test_scores_are_the_librarys_own(
    corpus: list[list[str]], query: list[str], k1: float, b: float
) -> None:
    index = Bm25(Terms.encode(corpus), k1, b)
    reference = Reference(corpus, index.idf, k1, b)
    expected = reference.get_scores(query)
    np.testing.assert_allclose(index.get_scores(query), expected, rtol=0, atol=1e-9)


@given(corpora, st.data())
@settings(deadline=None)
def test_some_of_the_scores_are_those_of_all(corpus: list[list[str]], data: st.DataObject) -> None:
    index = Bm25(Terms.encode(corpus))
    query = data.draw(queries)
    numbers = data.draw(st.lists(st.integers(0, len(corpus) - 1)))
    every = index.get_scores(query)
    assert index.get_batch_scores(query, numbers) == [every[number] for number in numbers]


@given(corpora, queries)
@settings(deadline=None)
def test_words_with_one_term_each_score_as_terms(corpus: list[list[str]], query: list[str]) -> None:
    index = Bm25(Terms.encode(corpus))
    scores = index.synonym_scores([term] for term in query)
    np.testing.assert_allclose(scores, index.get_scores(query), rtol=0, atol=1e-9)


def test_terms_for_one_word_count_once_and_as_one() -> None:
    corpus = [["токаев"], ["токаев", "токаевым"], ["токаев"], ["визит"]]
    index = Bm25(Terms.encode(corpus), b=0)
    word, rare, visit, absent = (
        index.synonym_scores([group])
        for group in (["токаев", "токаевым"], ["токаевым"], ["визит"], [])
    )
    assert word[0] == word[1] == word[2] < rare[1] == visit[3]
    assert not absent.any()


def test_the_library_ranks_with_it_by_its_own_get_top_n() -> None:
    documents = ["первый", "второй", "третий", "четвёртый"]
    assert Bm25(Terms.encode(CORPUS)).get_top_n(["визит"], documents, 1) == ["третий"]


def test_the_idf_is_lucenes() -> None:
    index = Bm25(Terms.encode(CORPUS))
    assert index.idf["визит"] == pytest.approx(math.log(1 + (4 - 1 + 0.5) / (1 + 0.5)))


@given(corpora)
@settings(deadline=None)
def test_a_rarer_term_weighs_more_and_none_weighs_nothing(corpus: list[list[str]]) -> None:
    index = Bm25(Terms.encode(corpus))
    counts = {term: sum(term in passage for passage in corpus) for term in index.idf}
    by_count = sorted(index.idf, key=lambda term: counts[term])
    weights = [index.idf[term] for term in by_count]
    assert all(weight > 0 for weight in weights)
    assert weights == sorted(weights, reverse=True)


def test_a_term_of_every_passage_still_scores() -> None:
    index = Bm25(Terms.encode([["уран"], ["уран", "визит"]]))
    assert (index.get_scores(["уран"]) > 0).all()


def test_an_empty_corpus_answers_with_nothing() -> None:
    index = Bm25(Terms.encode([]))
    assert index.get_scores(["уран"]).tolist() == []
    assert index.postings("уран")[0].tolist() == []


def test_passages_without_words_score_nothing() -> None:
    assert Bm25(Terms.encode([[], []])).get_scores(["уран"]).tolist() == [0, 0]


def test_postings_hold_passages_in_order_with_frequencies() -> None:
    passages, counts = Bm25(Terms.encode(CORPUS)).postings("уран")
    assert (passages.tolist(), counts.tolist()) == ([0, 1], [1, 2])


def test_no_dictionary_is_kept_for_each_passage() -> None:
    assert Bm25(Terms.encode(CORPUS)).doc_freqs == []


@given(corpora)
@settings(deadline=None)
def test_terms_are_decoded_as_they_were_encoded(corpus: list[list[str]]) -> None:
    assert [list(passage) for passage in Terms.encode(corpus).decode()] == corpus


def test_joined_passages_are_indexed_as_one() -> None:
    joined = Terms.encode(CORPUS).joined([2, 0, 2])
    assert list(joined.decode()) == [tuple(CORPUS[0] + CORPUS[1]), (), tuple(CORPUS[2])]
