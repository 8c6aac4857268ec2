"""Which passages are worth a closer look, and in which order."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import adding
from retrieval.arrays import Ids
from retrieval.candidates import ARTICLE, LEAD, Candidates, candidates
from retrieval.tally import tally
from tests.paragraphs import archive, sought, written

ARCHIVE = archive(
    written("уран", "Казахстан добывает уран.", "Уран закупает Япония."),
    written("нефть", "Нефть дорожает.", "Добыча нефти растёт.", "Погода хорошая и без нефти."),
)


def found(typed: str, k: int = 300, admitted: list[bool] | None = None) -> Candidates:
    flags = None if admitted is None else np.array(admitted)
    return candidates(ARCHIVE, tally(ARCHIVE, [sought(ARCHIVE, typed)]).limited(flags), k)


def ids(*numbers: int) -> Ids:
    return np.array(numbers, np.int32)


def test_the_base_is_of_passage_and_article_and_prefers_what_comes_first() -> None:
    shown = found("нефть")
    lead = [1 + LEAD / (1 + place) for place in ARCHIVE.place_of[shown.numbers].tolist()]
    assert sorted(shown.numbers.tolist()) == [2, 3, 4]
    assert shown.base == pytest.approx((shown.own + ARTICLE * shown.article) * lead)
    assert shown.base.tolist() == sorted(shown.base.tolist(), reverse=True)
    assert len(set(shown.article.tolist())) == 1, "they are of one article"
    scores = ARCHIVE.index.get_scores(["нефть"])
    assert shown.own == pytest.approx(scores[shown.numbers])


def test_no_more_than_asked_for() -> None:
    assert found("нефть", 2).numbers.tolist() == found("нефть").numbers[:2].tolist()


def test_only_what_is_admitted() -> None:
    assert found("нефть", admitted=[True, True, False, False, True]).numbers.tolist() == [4]
    assert found("нефть", admitted=[False] * 5).numbers.tolist() == []


def test_what_the_archive_lacks_has_no_candidates() -> None:
    assert [len(column) for column in found("Марс")] == [0] * len(Candidates._fields)


@pytest.mark.parametrize(
    ("base", "numbers", "k", "chosen"),
    [
        ([1, 3, 2], [0, 1, 2], 3, [1, 2, 0]),
        ([1, 3, 2], [0, 1, 2], 2, [1, 2]),
        ([2, 2, 2, 2], [0, 1, 2, 3], 2, [0, 1]),  # ties by their numbers
        ([2, 2, 2, 2], [7, 1, 4, 3], 2, [1, 3]),
        ([1, 2, 2, 2, 3], [0, 1, 2, 3, 4], 3, [4, 1, 2]),
        ([0, 2, 0], [0, 1, 2], 2, [1]),  # nothing is worth nothing
        ([], [], 3, []),
    ],
)
def test_the_best_come_first_and_ties_by_their_numbers(
    base: list[float], numbers: list[int], k: int, chosen: list[int]
) -> None:
    assert adding.best(np.array(base, float), ids(*numbers), k).tolist() == chosen


@given(st.lists(st.integers(1, 5), max_size=40), st.integers(1, 20), st.randoms())
def test_the_best_are_those_of_a_whole_sort(values: list[int], k: int, chance: Random) -> None:
    numbers = list(range(len(values)))
    chance.shuffle(numbers)
    places = adding.best(np.array(values, float), ids(*numbers), k).tolist()
    expected = sorted(range(len(values)), key=lambda place: (-values[place], numbers[place]))
    assert places == expected[:k]


def test_of_very_many_the_best_are_found_by_a_sample() -> None:
    values = np.random.default_rng(3).integers(1, 2000, 20_000).astype(float)
    numbers = np.arange(len(values), dtype=np.int32)
    expected = np.argsort(-values, kind="stable")[:300]
    assert adding.best(values, numbers, 300).tolist() == expected.tolist()
