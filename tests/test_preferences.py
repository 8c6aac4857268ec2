"""What a question would rather have counts for the passages that have it, and shuts none out."""

import numpy as np
import pytest

from retrieval.models import PartialDate
from retrieval.preferences import HEARD, SOURCE, preferred
from tests.paragraphs import archive, asked, written

ARCHIVE = archive(
    written(  # 0, 1
        "визит",
        "Токаев отметил рост торговли с Японией.",
        "Рост торговли отметил и Нарухито на встрече с Токаевым.",
        source="Trend",
        date=PartialDate(2025, 12, 20),
    ),
    written(  # 2, 3
        "торговля",
        "Рост торговли продолжился. Торговля растёт.",
        "В декабре 2025 года рост торговли замедлился.",
        source="Zakon.kz",
        date=PartialDate(2024, 3, 1),
    ),
)
NUMBERS = np.arange(4, dtype=np.int32)


def met(question: str) -> list[float]:
    merits = np.array([4.0, 3, 2, 1])
    return [float(each) for each in preferred(ARCHIVE, asked(ARCHIVE, question), NUMBERS, merits)]


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("рост торговли", [0, 0, 0, 0]),
        ("рост торговли в декабре 2025", [1, 1, 0, 1]),  # by the article's date or the passage's
        ("рост торговли в 2019 году", [0, 0, 0, 0]),
        ("что пишет Trend про рост торговли", [SOURCE, SOURCE, 0, 0]),
        ("что пишет Reuters про рост торговли", [0, 0, 0, 0]),
        ("что сказал Токаев о росте торговли", [1, 0, 0, 0]),
        ("нужен «рост торговли» где угодно", [1.5, 1.5, 1.5, 1.5]),
        ("нужен «торговля растёт» где угодно", [0, 0, 1.5, 0]),
        ("нужен «торговлю растят» где угодно", [0, 0, 0, 0]),
        ("нужен «росту торговли» где угодно", [1, 1, 1, 1]),  # in other forms
        ("нужен «торговли рост» где угодно", [0, 0, 0, 0]),
    ],
)
def test_each_preference_that_is_met_counts(question: str, counts: list[float]) -> None:
    assert met(question) == counts


def test_preferences_add_up() -> None:
    assert met("что пишет Trend про «рост торговли» в декабре 2025")[:2] == [2.5 + SOURCE] * 2


def test_only_the_best_are_heard() -> None:
    told = written("слова", *[f"Токаев отметил рост в области {n}." for n in range(HEARD + 3)])
    crowd = archive(told)
    numbers = np.arange(HEARD + 3, dtype=np.int32)
    merits = numbers.astype(float)  # the last ones are the best
    counts = preferred(crowd, asked(crowd, "что сказал Токаев о росте"), numbers, merits)
    assert counts.tolist() == [0, 0, 0] + [1] * HEARD
