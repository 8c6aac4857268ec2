"""Each feature has the value that one counts by hand, on an archive of two articles."""

from math import log1p

import numpy as np
import pytest

from retrieval.arrays import Floats
from retrieval.asking.asks import Asks
from retrieval.candidates import Candidates
from retrieval.features import FEATURES, STAGES, matrix
from retrieval.ranking import shipped_ranker
from retrieval.sought import Sought
from tests.paragraphs import archive, sought, written

URANIUM = written(
    "уран",
    "Казахстан добывает уран. Япония закупает уран и нефть.",
    "Погода в Алматы хорошая.",
    title="Уран Казахстана",
)
VISIT = written(
    "визит",
    "Токаев прибыл в Токио 19 декабря. Его встретил император.",
    title="Визит в Токио",
)
ARCHIVE = archive(URANIUM, VISIT)
NUMBERS = np.array([0, 1, 2], np.int32)
PURCHASE, URAN = sought(ARCHIVE, "закупает", 3), sought(ARCHIVE, "уран", 1)
"""Three quarters of the question and one: the verb of the first is no name."""
TOKIO = sought(ARCHIVE, "Токио", 1)
FOUND = Candidates(
    NUMBERS,
    own=np.array([4.0, 1.0, 0.0]),
    article=np.array([5.0, 5.0, 2.0]),
    base=np.array([6.0, 3.0, 0.6]),
    coverage=np.array([1.0, 0.25, 0.0]),
)


def features(
    *words: Sought, asks: Asks | None = None, numbers: np.ndarray = NUMBERS
) -> dict[str, list[float]]:
    """Each feature by its name, a value for each candidate."""
    some = Candidates(*(column[numbers] for column in FOUND))
    found = matrix(ARCHIVE, words, some, asks)
    assert found.shape == (len(numbers), len(FEATURES))
    return {name: found[:, column].tolist() for column, name in enumerate(FEATURES)}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("own", [1, 1 / 4, 0]),
        ("base", [1, 1 / 2, 0.1]),
        ("article", [1, 1, 2 / 5]),
        ("coverage", [1, 1 / 4, 0]),
        ("text", [1, 0, 0]),
        ("title", [1 / 4, 1 / 4, 0]),
        ("about", [1 / 2, 1 / 2, 0]),
        ("names", [0, 0, 0]),
        ("rest", [1, 0, 0]),
        ("often", [0.75 * log1p(1) + 0.25 * log1p(2), 0, 0]),
        ("kin", [1, 0, 0]),
        # «уран. Япония закупает» are two words apart, «закупает уран» is one; the lighter counts.
        ("near", [log1p(1 / 2 + 1), 0, 0]),
        ("phrase", [1, 0, 0]),
        ("sentence", [1, 0, 0]),
        ("sentence_kin", [1, 0, 0]),
        ("asked", [-1, -1, -1]),
        ("place", [0, log1p(1), 0]),
        ("length", [log1p(7), log1p(4), log1p(8)]),
    ],
)
def test_a_feature_is_what_one_counts(name: str, values: list[float]) -> None:
    assert features(PURCHASE, URAN)[name] == pytest.approx(values)


def test_words_in_the_other_order_are_no_phrase_but_as_near() -> None:
    turned, straight = features(URAN, PURCHASE), features(PURCHASE, URAN)
    assert turned["phrase"] == [0, 0, 0]
    assert turned["near"] == straight["near"]


def test_words_in_two_sentences_are_not_in_one() -> None:
    extracts = sought(ARCHIVE, "добывает", 3)
    found = features(extracts, PURCHASE)
    assert (found["text"][0], found["sentence"][0]) == (1, 1 / 2)


def test_a_name_counts_apart_from_the_rest() -> None:
    found = features(PURCHASE, TOKIO)
    assert found["names"] == pytest.approx([0, 0, 1])
    assert found["rest"] == pytest.approx([1, 0, 0])


def test_a_word_of_the_same_root_counts_only_as_kin() -> None:
    mining = sought(ARCHIVE, "добыча", 3)._replace(kin=("добывать",))
    found = features(mining, URAN)
    assert (found["text"][0], found["kin"][0]) == pytest.approx((1 / 4, 1))
    assert (found["sentence"][0], found["sentence_kin"][0]) == pytest.approx((1 / 4, 1))


def test_a_word_of_its_own_is_no_kin_of_another() -> None:
    buys = PURCHASE._replace(kin=("уран",))
    assert features(buys, URAN)["kin"][0] == pytest.approx(1)
    assert features(buys, TOKIO)["text"] == pytest.approx([3 / 4, 0, 1 / 4])


def test_what_is_said_in_other_words_counts_as_in_the_text() -> None:
    capital = sought(ARCHIVE, "столица")._replace(otherwise=np.array([2], np.int32))
    assert features(capital)["text"] == [0, 0, 1]


@pytest.mark.parametrize(
    ("asks", "words", "values"),
    [
        (Asks.WHO, (PURCHASE, URAN), [1, 1 / 4, 0]),  # Япония; Алматы, under «Уран»; Токио
        (Asks.WHEN, (TOKIO,), [0, 0, 1]),
        (Asks.HOW_MANY, (TOKIO,), [0, 0, 1]),
        (Asks.WHERE, (TOKIO,), [0, 0, 0]),  # the name there is the question's own
        (Asks.WHY, (TOKIO,), [-1, -1, -1]),
    ],
)
def test_a_sentence_with_what_is_asked_for(
    asks: Asks, words: tuple[Sought, ...], values: list[float]
) -> None:
    assert features(*words, asks=asks)["asked"] == pytest.approx(values)


def test_candidates_come_in_any_order() -> None:
    turned = features(PURCHASE, URAN, numbers=NUMBERS[::-1])
    for name, values in features(PURCHASE, URAN).items():
        assert turned[name] == pytest.approx(values[::-1]), name


def test_ratios_are_to_the_best_of_the_candidates() -> None:
    found = features(PURCHASE, URAN, numbers=NUMBERS[1:])
    assert found["own"] == [1, 0]
    assert found["base"] == pytest.approx([1, 0.2])


def test_words_that_no_passage_has_are_no_error() -> None:
    found = features(sought(ARCHIVE, "Марс"), sought(ARCHIVE, "Сатурн"))
    for name in ("text", "title", "near", "phrase", "sentence", "kin", "about"):
        assert found[name] == [0, 0, 0], name


def test_words_of_no_weight_are_no_error() -> None:
    assert np.isfinite(features(PURCHASE._replace(weight=0.0))["text"]).all()


def test_scores_of_nothing_are_no_error() -> None:
    nothing: Floats = np.zeros(3)
    empty = Candidates(NUMBERS, nothing, nothing, nothing, nothing)
    assert np.isfinite(matrix(ARCHIVE, (URAN,), empty, None)).all()


def test_every_feature_is_of_one_stage_and_the_shipped_ranker_knows_them() -> None:
    assert len(set(FEATURES)) == len(FEATURES) == sum(len(names) for _, names in STAGES)
    ranker = shipped_ranker()
    assert ranker
    assert ranker.features == FEATURES
