"""What it costs to take one spelling for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from retrieval.mending.mistypings import cost, one_mistake

WORDS = st.text("абвгеиотсь", max_size=8)


@pytest.mark.parametrize(
    ("typed", "likely", "unlikely"),
    [
        ("кашоган", "кашаган", "кашуган"),
        ("моцард", "моцарт", "моцарк"),
        ("токкаев", "токаев", "тошкаев"),
        ("эксопрт", "экспорт", "эксофрт"),
        ("пкшкин", "пушкин", "пэшкин"),
        ("каран", "коран", "баран"),
        ("бал", "балл", "балт"),
    ],
)
def test_likely_mistakes_cost_less(typed: str, likely: str, unlikely: str) -> None:
    assert 0 < cost(typed, likely) < cost(typed, unlikely)


@given(WORDS, WORDS)
def test_the_cost_is_near_the_distance(one: str, other: str) -> None:
    assert cost(one, other) == cost(other, one)
    assert (cost(one, other) == 0) is (one == other)
    assert cost(one, other) <= 1.5 * OSA.distance(one, other)


@given(st.text("абв", min_size=1, max_size=6))
def test_one_mistake_is_one(word: str) -> None:
    assert {OSA.distance(word, other) for other in one_mistake(word)} == {0, 1}
