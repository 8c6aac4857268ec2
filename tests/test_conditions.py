"""Which passages each condition of a question lets in."""

import numpy as np
import pytest

from retrieval.asking.periods import period_of
from retrieval.conditions import admitted, in_periods, of_source, side_by_side
from retrieval.models import PartialDate
from retrieval.query import parse
from tests.builders import in_segments
from tests.paragraphs import archive, written

ARCHIVE = archive(
    written(  # 0, 1
        "визит",
        "Токаев прибыл в Токио.",
        "Император Нарухито принял его 19 декабря 2025 года.",
        title="Визит Токаева в Японию",
        source="Trend",
        date=PartialDate(2025, 12, 20),
    ),
    written(  # 2, 3
        "уран",
        "Казахстан добывает уран.",
        "Японская компания закупает обогащённый уран. Добычу наращивают.",
        title="Уран Казахстана",
        source="Zakon.kz",
        date=PartialDate(2024),
    ),
    written(  # 4, 5
        "история",
        "Договор подписали 5 марта 1998 года.",
        "Центральная Азия богата нефтью. Азия — центральная тема.",
        title="Из истории",
    ),
)
EVERY = {0, 1, 2, 3, 4, 5}


def let_in(question: str) -> set[int] | None:
    flags = admitted(ARCHIVE, parse(question, ARCHIVE.analyzer))
    return None if flags is None else {int(number) for number in flags.nonzero()[0]}


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("уран", None),
        ("уран дата:2025-12", {0, 1}),
        ("уран дата:2025", {0, 1}),
        ("уран дата:2025-12-20", {0, 1}),
        ("уран дата:2025-12-19", {1}),  # the passage names the day
        ("уран дата:2024-07", {2, 3}),  # an article of some day of 2024
        ("договор дата:1998", {4}),
        ("договор дата:1998-03-05", {4}),
        ("договор дата:1997", set()),
        # What is dated goes by its date; what is not, by the dates in the passage.
        ("уран после:2025", {0, 1}),
        ("уран после:2024", {0, 1, 2, 3}),
        ("уран до:2025", {2, 3, 4}),
        ("уран до:2000", {4}),
        ("уран после:1990 до:2000", {4}),
        ("уран источник:trend", {0, 1}),
        ("уран источник:Zakon", {2, 3}),
        ("уран источник:Reuters", set()),
        ("уран источник:trend источник:zakon.kz", {0, 1, 2, 3}),
        ("уран источник:trend источник:zakon.kz дата:2024", {2, 3}),
        ("уран источник:trend дата:2024", set()),
        ("добыча статья:уран", {2, 3}),
        ("добыча статья:визиты", {0, 1}),  # in any form
        ('добыча статья:"визит Японии"', {0, 1}),
        ('добыча статья:"визит урана"', set()),
        ("добыча статья:закупает", set()),  # in the text only
        ('добыча статья:"из"', {0, 1, 4, 5}),  # no word of its own: as it is spelled, «визит» too
        ("добыча -уран", {0, 1, 4, 5}),
        ("добыча -ураном", {0, 1, 4, 5}),
        ("добыча -уран -Токаев", {4, 5}),
        ("добыча -Марс", EVERY),
        ('нефть "центральная азия"', {5}),
        ('уран "обогащённого урана"', {3}),  # in any form, where they have a meaning of their own
        ('уран "уран обогащённый"', set()),  # in the other order
        ('уран "уран добычу"', {3}),  # the full stop does not part them
        ('уран "Марс"', set()),
        ('уран "добывает уран" -Токио', {2}),
        ("уран «центральная азия»", None),  # a preference only
    ],
)
def test_conditions(question: str, numbers: set[int] | None) -> None:
    assert let_in(question) == numbers


@pytest.mark.parametrize(
    ("date", "numbers"),
    [
        (PartialDate(2025, 12), [0, 1]),
        (PartialDate(2025, 12, 19), [1]),
        (PartialDate(2024), [2, 3]),
        (PartialDate(1998), [4]),
        (PartialDate(2001), []),
    ],
)
def test_passages_of_a_time_and_those_that_name_it(date: PartialDate, numbers: list[int]) -> None:
    assert in_periods(ARCHIVE, [period_of(date)]).tolist() == numbers


def test_several_times_are_alternatives() -> None:
    times = [period_of(PartialDate(1998)), period_of(PartialDate(2024))]
    assert in_periods(ARCHIVE, times).tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    ("source", "numbers"),
    [("Trend", {0, 1}), ("trend", {0, 1}), ("zakon.kz", {2, 3}), ("РБК", set())],
)
def test_passages_of_a_source(source: str, numbers: set[int]) -> None:
    every = np.arange(len(EVERY), dtype=np.int32)
    assert set(of_source(ARCHIVE, source, every).nonzero()[0].tolist()) == numbers


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("уран", [2, 3]),
        ("добывает уран", [2]),
        ("казахстан добывает уран", [2]),
        ("казахстан уран", []),
        ("центральная азия", [5]),
        ("прибыл в Токио", [0]),  # «в» has no lemma
        ("закупает обогащённый уран", [3]),
        ("уран Уран", [2]),  # the text ends in it and the title begins with it
        ("Токио император", []),  # in two passages
        ("Марс Юпитер", []),
    ],
)
def test_words_side_by_side(phrase: str, numbers: list[int]) -> None:
    words = ARCHIVE.analyzer.tokens(phrase, any_case=True)
    assert side_by_side(ARCHIVE, words).tolist() == numbers


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("уран дата:2025-12", ["а", "б"]),
        ("уран -Токаев", ["а"]),
        ("уран источник:zakon.kz", ["а", "б"]),
        ("уран статья:нефть", ["а", "б"]),
        ('"уран" подорожал', ["а"]),
    ],
)
@pytest.mark.parametrize("cuts", [[], [1], [1, 2]])
def test_what_has_gone_is_never_let_in(question: str, ids: list[str], cuts: list[int]) -> None:
    texts = {"а": "Уран подорожал.", "б": "Токаев прибыл.", "в": "Уран продали.\n\nКупят ещё."}
    some = in_segments(texts, cuts, {"в"})
    flags = admitted(some, parse(question, some.analyzer))
    assert flags is not None
    assert [some.passages[number].article.id for number in np.flatnonzero(flags).tolist()] == ids


def test_what_has_gone_is_of_no_time() -> None:
    texts = {"а": "Уран подорожал.", "б": "Токаев прибыл 19 декабря 2025 года."}
    some = in_segments(texts, [1], {"б"})
    assert in_periods(some, [period_of(PartialDate(2025, 12))]).tolist() == [0]
