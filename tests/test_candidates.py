"""What the index alone says of every passage, and which are worth a closer look."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.candidates import ARTICLE, EMPHASIS, LEAD, best, scores
from retrieval.generation import Generation
from retrieval.arrays import Ids
from retrieval.sought import AKIN, Sought
from tests.paragraphs import archive, sought, written

ARCHIVE = archive(
    written("уран", "Казахстан добывает уран.", "Уран закупает Япония."),
    written("нефть", "Нефть дорожает.", "Добыча нефти растёт.", "Погода хорошая."),
)
INDEX = ARCHIVE.index


def own(*words: Sought) -> list[float]:
    return [float(score) for score in scores(ARCHIVE, words).own]


def ids(*numbers: int) -> Ids:
    return np.array(numbers, np.int32)


def test_a_word_scores_as_bm25_has_it() -> None:
    assert own(sought(ARCHIVE, "уран")) == pytest.approx(INDEX.get_scores(["уран"]).tolist())


def test_words_add_up_each_by_the_weight_of_its_kind() -> None:
    mines, uranium = sought(ARCHIVE, "добывает"), sought(ARCHIVE, "уран")
    assert (mines.kind, uranium.kind) == (0.3, 1.0)
    lighter = 1 - EMPHASIS + EMPHASIS * 0.3
    expected = lighter * INDEX.get_scores(["добывать"]) + INDEX.get_scores(["уран"])
    assert own(mines, uranium) == pytest.approx(expected.tolist())


def test_what_says_a_word_otherwise_gets_its_rarity_once() -> None:
    word = sought(ARCHIVE, "уран").or_in(INDEX, ids(2, 4))
    expected = INDEX.get_scores(["уран"])
    expected[[2, 4]] = INDEX.rarity(4)  # two have the word, two say it otherwise
    assert own(word) == pytest.approx(expected.tolist())


def test_an_article_that_says_a_word_otherwise_twice_gets_its_rarity_once() -> None:
    once = scores(ARCHIVE, [sought(ARCHIVE, "уголь").or_in(INDEX, ids(2))]).article
    twice = scores(ARCHIVE, [sought(ARCHIVE, "уголь").or_in(INDEX, ids(2, 3))]).article
    assert once[0] == twice[0] == 0
    assert once[2] == once[4] == ARCHIVE.by_article.rarity(1)
    assert twice[2] == ARCHIVE.by_article.rarity(1), "two passages, but one article"


def test_a_word_of_the_same_root_gets_a_part_of_the_score() -> None:
    mining = sought(ARCHIVE, "добыча")
    alone, with_kin = own(mining), own(mining._replace(kin=("добывать",)))
    assert with_kin[3] == alone[3] > 0
    assert alone[0] == 0
    assert with_kin[0] == pytest.approx(AKIN * INDEX.get_scores(["добывать"])[0])


def test_a_passage_with_both_gets_the_better_of_the_two() -> None:
    uranium = sought(ARCHIVE, "уран")
    assert own(uranium._replace(kin=("уран",))) == own(uranium)
    rare_kin = uranium._replace(kin=("япония",))
    better = max(INDEX.get_scores(["уран"])[1], AKIN * INDEX.get_scores(["япония"])[1])
    assert own(rare_kin)[1] == pytest.approx(better)


def test_words_of_one_root_are_one_word() -> None:
    word = sought(ARCHIVE, "Марс")._replace(kin=("добывать", "добыча", "неизвестно"))
    expected = AKIN * INDEX.synonym_scores([("добывать", "добыча")])
    kind = 1 - EMPHASIS + EMPHASIS * word.kind
    assert own(word) == pytest.approx((kind * expected).tolist())


def test_every_passage_has_the_score_of_its_article() -> None:
    article = scores(ARCHIVE, [sought(ARCHIVE, "нефть")]).article.tolist()
    expected = ARCHIVE.by_article.get_scores(["нефть"]).tolist()
    assert article == pytest.approx([0, 0, expected[1], expected[1], expected[1]])


def test_coverage_is_the_share_by_weight() -> None:
    found = scores(ARCHIVE, [sought(ARCHIVE, "добывает", 3), sought(ARCHIVE, "уран", 1)])
    assert found.coverage.tolist() == pytest.approx([1, 1 / 4, 0, 0, 0])


def test_the_base_is_of_passage_and_article_and_prefers_what_comes_first() -> None:
    found = scores(ARCHIVE, [sought(ARCHIVE, "нефть")])
    base = found.base(ARCHIVE)
    article = ARTICLE * found.article
    assert base[4] == pytest.approx(article[4] * (1 + LEAD / 3))
    assert base[3] == pytest.approx((found.own[3] + article[3]) * (1 + LEAD / 2))
    assert base[2] == pytest.approx((found.own[2] + article[2]) * (1 + LEAD))


def test_nothing_sought_scores_nothing() -> None:
    found = scores(ARCHIVE, [])
    assert not any(np.any(each) for each in found)


def test_an_empty_archive_has_no_scores() -> None:
    empty: Generation = archive()
    assert scores(empty, [sought(ARCHIVE, "уран")._replace(passages=ids())]).own.tolist() == []


@pytest.mark.parametrize(
    ("base", "found", "k", "chosen"),
    [
        ([1, 3, 2], [0, 1, 2], 3, [1, 2, 0]),
        ([1, 3, 2], [0, 1, 2], 2, [1, 2]),
        ([1, 3, 2], [0, 2], 5, [2, 0]),
        ([2, 2, 2, 2], [0, 1, 2, 3], 2, [0, 1]),  # ties in their order
        ([1, 2, 2, 2, 3], [0, 1, 2, 3, 4], 3, [4, 1, 2]),
        ([1, 2], [], 3, []),
    ],
)
def test_the_best_come_first_and_ties_in_their_order(
    base: list[float], found: list[int], k: int, chosen: list[int]
) -> None:
    assert best(np.array(base, float), ids(*found), k).tolist() == chosen


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 20))
def test_the_best_are_those_of_a_whole_sort(values: list[int], k: int) -> None:
    base = np.array(values, float)
    everything = np.arange(len(values), dtype=np.int32)
    assert best(base, everything, k).tolist() == np.argsort(-base, kind="stable")[:k].tolist()
