"""The best passages are found without scoring all: the same ones, in the same order."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import pairwise
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.analyzer import Analyzer
from retrieval.bm25 import Bm25, Okapi, Part, lists, maxscore
from retrieval.measuring.judgments import read_questions
from retrieval.storing.strings import Strings, strings_of
from tests.builders import ARTICLES, ROOT
from tests.indexed import Corpus, kernels, part_of
from tests.test_bm25 import Reference, corpora, counts, queries

KINDS = ("numpy", "numba")
SHAPES = ((128, 8), (1, 1), (3, 1), (1000, 3), (1000, 1000))
"""In how much of the passages a list is long, and dense: so that small corpora have all kinds."""


def best(scores: Sequence[float], corpus: Corpus, query: Sequence[str], k: int) -> list[int]:
    """By the definition: those that share a term, by score, and by number where these are equal."""
    sharing = [number for number, passage in enumerate(corpus) if {*passage} & {*query}]
    return sorted(sharing, key=lambda number: (-scores[number], number))[:k]


def check(index: Bm25, corpus: Corpus, scores: Sequence[float], query: list[str], k: int) -> None:
    """Both kinds of kernels find what the definition says, with the library's scores."""
    expected = best(scores, corpus, query, k)
    for kind in KINDS:
        with kernels(kind):
            numbers, found = index.top(query, k)
        assert numbers.tolist() == expected
        np.testing.assert_allclose(found, [scores[number] for number in expected], atol=1e-9)
        assert found.tolist() == [scores[number] for number in expected]


def shaped(shape: tuple[int, int]) -> AbstractContextManager[object]:
    return patch.multiple(lists, LONG=shape[0], DENSE=shape[1])


@given(corpora, queries, st.integers(0, 15), st.sampled_from(SHAPES))
def test_the_best_are_the_best_of_all(
    corpus: list[list[str]], query: list[str], k: int, shape: tuple[int, int]
) -> None:
    scores = Reference(corpus, k1=0.9, b=0.4).get_scores(query)
    with shaped(shape):
        check(Bm25([part_of(corpus)]), corpus, scores, query, k)


@given(corpora, queries, st.integers(0, 15), st.sampled_from(SHAPES))
def test_so_they_are_with_the_librarys_idf_even_if_that_is_below_zero(
    corpus: list[list[str]], query: list[str], k: int, shape: tuple[int, int]
) -> None:
    scores = BM25Okapi(corpus).get_scores(query)
    with shaped(shape):
        index = Bm25([part_of(corpus)], 1.5, 0.75, Okapi(len(corpus), counts(corpus)))
        check(index, corpus, scores, query, k)


def test_a_negative_idf_was_among_them() -> None:
    corpus = [["уран"], ["уран", "визит"], ["уран", "визит"]]
    index = Bm25([part_of(corpus)], 1.5, 0.75, Okapi(3, counts(corpus)))
    assert index.rarity(3) < 0
    check(index, corpus, BM25Okapi(corpus).get_scores(["уран"]), ["уран"], 2)


def test_an_idf_of_zero_finds_who_has_the_term() -> None:
    corpus = [["визит"], ["уран"], ["визит"], ["уран"]]
    index = Bm25([part_of(corpus)], 1.5, 0.75, Okapi(4, counts(corpus)))
    assert index.rarity(2) == 0
    check(index, corpus, [0, 0, 0, 0], ["уран"], 3)
    check(index, corpus, [0, 0, 0, 0], ["уран"], 1)


@given(corpora, queries, st.integers(1, 15), st.sampled_from(SHAPES), st.data())
def test_parts_with_the_dead_find_what_the_living_in_one_do(
    corpus: list[list[str]],
    query: list[str],
    k: int,
    shape: tuple[int, int],
    data: st.DataObject,
) -> None:
    live = data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(corpus)), max_size=3)))
    with shaped(shape):
        index = Bm25(
            [part_of(corpus[a:b], live[a:b]) for a, b in pairwise([0, *cuts, len(corpus)])]
        )
        living = [passage if alive else [] for passage, alive in zip(corpus, live, strict=True)]
        check(index, living, index.get_scores(query).tolist(), query, k)


@pytest.mark.parametrize("k", [1, 10, 300])
@pytest.mark.parametrize("seed", range(3))
def test_in_an_archive_of_some_size(k: int, seed: int) -> None:
    """Enough passages for all kinds of lists, several chunks, and thresholds that prune."""
    random = np.random.default_rng(seed)
    chances = 1 / np.arange(1, 3001)
    names = np.array([f"т{number}" for number in range(3000)])
    corpus = [
        random.choice(names, length, p=chances / chances.sum()).tolist()
        for length in random.integers(0, 30, 4000)
    ]
    index = Bm25([part_of(corpus)], 1.5, 0.75, Okapi(len(corpus), counts_of(corpus)))
    for length in (1, 2, 3, 5, 8, 20):
        query = random.choice(names, length, p=chances / chances.sum()).tolist()
        check(index, corpus, index.get_scores(query).tolist(), query, k)


def counts_of(corpus: Corpus) -> list[int]:
    """As `counts`, for many passages."""
    found: dict[str, int] = {}
    for passage in corpus:
        for term in dict.fromkeys(passage):
            found[term] = found.get(term, 0) + 1
    return list(found.values())


def test_on_real_text() -> None:
    analyzer = Analyzer()
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.iterdir())]
    corpus = [analyzer.lemmas(line) for text in texts for line in text.splitlines()]
    library = BM25Okapi(corpus)
    index = Bm25([part_of(corpus)], 1.5, 0.75, Okapi(len(corpus), counts_of(corpus)))
    for question in read_questions(ROOT / "data/eval/questions.tsv")[:30]:
        query = analyzer.lemmas(question.text)
        check(index, corpus, library.get_scores(query).tolist(), query, 10)


def test_more_pairs_than_sixteen_bits_can_tell() -> None:
    """A passage of each length from 0 to 69,999 words would be long: so their lengths are given."""
    size = 70_000
    part = part_of([["уран"]] * size)
    lengths = np.arange(1, size + 1, dtype=np.int32)
    pairs = np.column_stack([np.ones(size, np.int32), lengths])
    codes = np.arange(size, dtype=np.uint32)
    part = part._replace(postings=part.postings._replace(codes=codes, pairs=pairs, lengths=lengths))
    index = Bm25([part])
    for kind in KINDS:
        with kernels(kind):
            assert index.top(["уран"], 3)[0].tolist() == [0, 1, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_asked_nothing_is_found(kind: str) -> None:
    with kernels(kind):
        for index in (Bm25([]), Bm25([part_of([[]])]), Bm25([part_of([["уран"]])])):
            for query, k in (([], 5), (["неизвестное"], 5), (["уран"], 0)):
                numbers, scores = index.top(query, k)
                assert numbers.tolist() == scores.tolist() == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_term_without_passages_is_not_found(kind: str) -> None:
    """As one may be left when passages are gone and parts are merged."""
    part = part_of([["уран", "визит"]])
    bounds = np.array([0, 1, 1, 2], np.int64)
    terms = Strings(strings_of("terms", ["уран", "шахта", "визит"]), "terms")
    index = Bm25([Part(terms, part.postings._replace(bounds=bounds))])
    with kernels(kind):
        assert index.top(["шахта"], 3)[0].tolist() == []
        assert index.top(["шахта", "визит"], 3)[0].tolist() == [0]


def test_whoever_cannot_be_among_the_best_is_not_looked_up() -> None:
    """The common word is in every passage, the rare one in three: only these are."""
    corpus = [["да", "уран"] if number % 500 == 7 else ["да"] for number in range(1500)]
    index = Bm25([part_of(corpus)])
    with kernels("numpy"), patch.object(maxscore, "_found", wraps=maxscore._found) as found:
        assert index.top(["да", "уран"], 3)[0].tolist() == [7, 507, 1007]
    (looked_up,) = (call.args[2].tolist() for call in found.call_args_list)
    assert looked_up == [7, 507, 1007]
