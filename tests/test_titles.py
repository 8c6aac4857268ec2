"""Titles made of a first sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.titles import LONGEST, first_sentence, shorten


@pytest.mark.parametrize(
    ("paragraph", "title"),
    [
        ("Токаев прибыл в Токио. Его встретили.", "Токаев прибыл в Токио"),
        ("Токаев прибыл в Токио, сообщает Zakon.kz.", "Токаев прибыл в Токио"),
        ("Да. Токаев прибыл в Токио вечером.", "Токаев прибыл в Токио вечером"),
        ("Да.", "Да"),
        ("Кто встретил президента в Токио? Император.", "Кто встретил президента в Токио?"),
        ("Токаев\nприбыл в столицу Японии.", "Токаев прибыл в столицу Японии"),
        ("Что будет дальше с уранoм...", "Что будет дальше с уранoм..."),
        ("", ""),
    ],
)
def test_first_sentences(paragraph: str, title: str) -> None:
    assert first_sentence(paragraph) == title


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Токио принял", 20, "Токио принял"),
        ("Токио принял президента", 15, "Токио принял…"),
        ("Токио принял президента", 13, "Токио принял…"),
        ("Президент прибыл в Токио", 20, "Президент прибыл…"),
        ("Президент прибыл и в Токио", 21, "Президент прибыл…"),
        ("Президент прибыл, а затем уехал", 20, "Президент прибыл…"),
        ("Президент — в Токио", 15, "Президент…"),
        ("Президентпрезидент", 10, "Президент…"),
    ],
)
def test_shortened(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(st.text(max_size=300), st.integers(2, 120))
def test_a_short_title_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or text.startswith(short.removesuffix("…"))


@given(st.text(alphabet=" -—,.«(авнаио", max_size=400))
def test_a_title_of_marks_is_found_at_once(text: str) -> None:
    assert len(first_sentence(text)) <= LONGEST
