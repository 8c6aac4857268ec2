"""A word is shown as the archive writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analyzer import Analyzer
from retrieval.mending.written import shown_as

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("text", "lemmas", "shown"),
    [
        ("О Кашагане. На Кашаган и Кашагана", ("кашаган-",), "Кашаган"),
        ("С Добринской говорили", ("добринский",), "Добринской"),
        ("Компания MITSUBISHI", ("mitsubishi",), "MITSUBISHI"),
        ("Учёные, учёный", ("ученый",), "учёный"),
        ("Ничего", ("кашаган-",), ""),
        ("Ёлке, ёлка", ("елка",), "ёлка"),
        ("В Экс-Кашагане", ("кашаган-",), "Кашагане"),
        ("Собирали токай для Токаева", ("токаев-",), "Токаева"),
        ("На льва, льву", ("лев",), "льва"),
    ],
)
def test_a_word_is_shown_as_the_archive_writes_it(
    text: str, lemmas: tuple[str, ...], shown: str
) -> None:
    assert shown_as(text, lemmas, ANALYZER) == shown


@given(st.text(max_size=60), st.sampled_from(["кашаган-", "елка", "mitsubishi", "лев"]))
def test_what_is_shown_stands_in_the_text(text: str, lemma: str) -> None:
    for around in (text, f"{text} Кашаган, ёлка", f"Mitsubishi и львы{text}"):
        assert shown_as(around, (lemma,), ANALYZER) in around
