"""Which passages have the words of a name or a phrase near each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.nearby import having_name, side_by_side
from tests.paragraphs import archive, written

ARCHIVE = archive(
    written(
        "акции",
        "Всемирный банк купил акции.",
        "Банк купил всемирный фонд акций.",
        "Всемирный день здоровья отметили в субботу: открылся банк.",
        "Открылся всемирный",
        "банк крови.",
    )
)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        (("всемирный", "банк"), [0]),
        (("банк", "всемирный"), [1]),  # behind the first one
        (("банк",), [0, 1, 2, 4]),
        (("всемирный", "банк", "акция"), [0]),
        (("всемирный", "марс"), []),
        (("марс",), []),
        ((), []),
    ],
)
def test_the_words_of_a_name_stand_near_each_other(
    name: tuple[str, ...], numbers: list[int]
) -> None:
    found = having_name(ARCHIVE, name)
    assert found.tolist() == numbers
    assert found.dtype == "int32"


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ((("всемирный",), ("банк",)), [0]),
        ((("банк",), ("купить",)), [0, 1]),
        ((("банк", "фонд"), ("акция", "купить")), [0, 1]),  # any lemma of each
        ((("всемирный",), ("банк", "день", "фонд")), [0, 1, 2]),
        ((("банк",),), [0, 1, 2, 4]),
        ((("банк",), ("марс",)), []),
        ((("банк",), ("банк",)), []),
    ],
)
def test_words_side_by_side(words: tuple[tuple[str, ...], ...], numbers: list[int]) -> None:
    assert side_by_side(ARCHIVE, words).tolist() == numbers


texts = st.lists(
    st.lists(st.sampled_from(["банк", "нефть", "школа"]), min_size=1, max_size=6).map(" ".join),
    min_size=1,
    max_size=5,
    unique=True,
)


@given(texts, st.lists(st.sampled_from(["банк", "нефть", "школа"]), min_size=1, max_size=3))
def test_a_run_of_words_is_a_run_in_the_text(paragraphs: list[str], run: list[str]) -> None:
    texts = [f"{number}, {text}" for number, text in enumerate(paragraphs, start=1)]
    found = side_by_side(archive(written("ряд", *texts)), [(word,) for word in run])
    expected = [n for n, text in enumerate(texts) if f" {' '.join(run)} " in f"{text} "]
    assert found.tolist() == expected
