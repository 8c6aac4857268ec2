"""Candidates come in the order of BM25, or of the ranker, moved by what the question prefers."""

import numpy as np
import pytest

from retrieval import ranking
from retrieval.candidates import candidates
from retrieval.features import FEATURES
from retrieval.preferences import SOURCE
from retrieval.ranker import Ranker, RankerError, Tree, compiled
from retrieval.ranking import PREFERRED, Ranking, rank, shipped_ranker
from tests.paragraphs import archive, asked, written

ARCHIVE = archive(
    written(
        "уран",
        "Казахстан добывает уран.",
        "Погода хорошая.",
        "Японская компания закупает уран.",
        source="Trend",
    ),
    written("цена", "Цена на уран выросла. Уран дорожает.", source="Zakon.kz"),
)


def ranked(
    question: str, admitted: list[bool] | None = None, ranker: Ranker | None = None
) -> Ranking:
    flags = None if admitted is None else np.array(admitted)
    return rank(ARCHIVE, asked(ARCHIVE, question), flags, ranker)


def by_place(direction: float) -> Ranker:
    """A ranker for which only the place in the article counts."""
    weights = [direction * (name == "place") for name in FEATURES]
    return compiled([Tree((0,), (0.5,), (-1,), (-2,), (0.0, 0.0))], FEATURES, weights)


def test_without_a_ranker_bm25_orders() -> None:
    found = ranked("уран")
    assert sorted(found.numbers.tolist()) == [0, 2, 3], "those with no word of it are no candidates"
    assert found.merits.tolist() == found.base.tolist()
    assert found.base.tolist() == sorted(found.base.tolist(), reverse=True)
    assert found.base.tolist() == candidates(ARCHIVE, found.tally).base.tolist()


def test_what_belongs_to_a_candidate_stands_in_its_row() -> None:
    found = ranked("закупает уран")
    assert found.features.shape == (len(found.numbers), len(FEATURES))
    text = dict(zip(found.numbers.tolist(), found.features[:, FEATURES.index("text")], strict=True))
    assert text[2] == pytest.approx(1)
    assert 0 < text[0] < 1


@pytest.mark.parametrize(("direction", "last"), [(1, False), (-1, True)])
def test_a_ranker_orders_instead(direction: float, last: bool) -> None:
    found = ranked("уран", ranker=by_place(direction))
    order = found.numbers.tolist()
    assert order.index(2) == (2 if last else 0), "it stands behind two others in its article"


def test_equals_stand_in_the_order_of_bm25() -> None:
    alike = ranked("уран", ranker=by_place(0))
    assert alike.numbers.tolist() == ranked("уран").numbers.tolist()


def test_only_what_is_admitted_is_a_candidate() -> None:
    found = ranked("уран", [True, True, False, False])
    assert found.numbers.tolist() == [0]
    assert found.tally.numbers[found.tally.coverage > 0].tolist() == [0]


@pytest.mark.parametrize("question", ["Марс", "", "?"])
def test_no_words_no_candidates(question: str) -> None:
    found = ranked(question, ranker=shipped_ranker())
    assert len(found.numbers) == len(found.merits) == len(found.base) == 0
    assert found.features.shape == (0, len(FEATURES))


def test_an_empty_archive_has_no_candidates() -> None:
    empty = archive()
    assert rank(empty, asked(empty, "уран")).numbers.tolist() == []


def test_what_the_question_prefers_gains_a_share_of_the_spread() -> None:
    found = ranked("что пишет Trend про уран")
    gained = (found.merits - found.base) / (found.base.max() - found.base.mean())
    by_number = dict(zip(found.numbers.tolist(), gained.tolist(), strict=True))
    assert by_number == pytest.approx({0: SOURCE * PREFERRED, 2: SOURCE * PREFERRED, 3: 0})


def test_a_preference_shuts_nothing_out() -> None:
    assert set(ranked("что пишет Trend про уран").numbers.tolist()) >= {0, 2, 3}


def test_a_ranker_that_does_not_fit_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfit(_: object) -> Ranker:
        raise RankerError("ranker.json: for other features")

    monkeypatch.setattr(ranking, "load_shipped", unfit)
    assert shipped_ranker.__wrapped__() is None
