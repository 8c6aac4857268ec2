"""A question is read into its words and their lemmas."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analyzer import Analyzer
from retrieval.query import parse

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Сколько урана добывает Казахстан?", ("уран", "добывать", "казахстан")),
        ("уран, УРАН и урана", ("уран",)),
        ("Что это?", ()),
        ("?!…", ()),
        ("", ()),
    ],
)
def test_the_terms_of_a_question(text: str, terms: tuple[str, ...]) -> None:
    assert parse(text, ANALYZER).terms == terms


def test_a_name_typed_small_is_found_as_a_name() -> None:
    typed = parse("визит токаев", ANALYZER)
    assert set(typed.terms) & set(parse("Токаеву", ANALYZER).terms)


def test_the_text_is_kept_as_typed() -> None:
    assert parse(" Уран? ", ANALYZER).text == " Уран? "


@given(st.text(max_size=60))
@settings(deadline=None)
def test_equal_texts_are_equal_questions(text: str) -> None:
    query = parse(text, ANALYZER)
    assert query == parse(text, ANALYZER)
    assert len(set(query.terms)) == len(query.terms)
