"""What each lemma is marked as: its field, the start of a sentence, the kind of its word."""

import pytest

from retrieval.marks import (
    FIELD,
    HEAD,
    NAME,
    NUMBER,
    SENTENCE,
    TEXT,
    TITLE,
    WORD,
    YEAR,
    is_date,
    marked,
)
from retrieval.models import Passage, Span
from tests.builders import article
from tests.paragraphs import ANALYZER

KINDS = NUMBER | YEAR | NAME


def marks_of(text: str) -> list[tuple[str, int]]:
    """The lemmas of a text, each with its mark; the title has no words."""
    found = marked(Passage(article(text, title=""), 0, len(text)), ANALYZER)
    return list(zip(found.lemmas, found.marks, strict=True))


def test_a_passage_is_found_by_its_text_its_heads_and_its_title() -> None:
    text = "Экономика\nКак растёт ВВП?\nРастёт быстро."
    places = [Span(text.index(part), text.index(part) + len(part)) for part in text.split("\n")]
    passage = Passage(
        article(text, title="Рост"), *places[2], section=places[0], question=places[1]
    )
    found = marked(passage, ANALYZER)
    fields = [mark & FIELD for mark in found.marks]
    by_field = {
        field: [lemma for lemma, own in zip(found.lemmas, fields, strict=True) if own == field]
        for field in (TEXT, HEAD, TITLE)
    }
    assert by_field[TEXT] == ["расти", "быстро"]
    assert by_field[HEAD] == ["экономика", "расти", "ввп"]
    assert by_field[TITLE] == ["рост"]
    assert fields == sorted(fields), "the passage's own words come first"


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Казахстан добывает уран.", ["казахстан"]),
        ("Растёт добыча. Падает цена", ["расти", "падать"]),
        ("Растёт добыча! Падает цена? Нет: спрос", ["расти", "падать", "спрос"]),
        ("«Растёт добыча…» Падает цена", ["расти", "падать"]),
        ("Растёт добыча\nПадает цена", ["расти", "падать"]),
        ("Растёт в г. Алматы", ["расти"]),
        ("Стихи А. С. Пушкина", ["стих"]),
        ("Растёт на 3.5 процента", ["расти"]),
        ("Сайт trend.az растёт", ["сайт"]),
    ],
)
def test_sentences_begin_behind_the_end_of_another(text: str, starts: list[str]) -> None:
    assert [lemma for lemma, mark in marks_of(text) if mark & SENTENCE] == starts


def test_every_field_begins_a_sentence() -> None:
    text = "Растёт добыча"
    found = marked(Passage(article(text, title="Цена нефти"), 0, len(text)), ANALYZER)
    pairs = zip(found.lemmas, found.marks, strict=True)
    assert [lemma for lemma, mark in pairs if mark & SENTENCE] == ["расти", "цена"]


def test_only_the_first_lemma_of_a_word_counts_as_the_word() -> None:
    found = marks_of("В городе премьер-министр")
    assert [lemma for lemma, mark in found if mark & WORD] == ["город", "премьер-министр"]
    assert {lemma for lemma, _ in found} >= {"премьер", "министр"}


@pytest.mark.parametrize(
    ("text", "lemma", "kind"),
    [
        ("В школе 300 мест", "300", NUMBER),
        ("Это было в 1998 году", "1998", NUMBER | YEAR),
        ("Это будет в 2031", "2031", NUMBER | YEAR),
        ("Там 3001 человек", "3001", NUMBER),
        ("Это было в декабре", "декабрь", YEAR),
        ("Сказал Токаев", "токаев-", NAME),
        ("Прибыл в Токио", "токио", NAME),
        ("Компания Marubeni", "marubeni", NAME),
        ("marubeni растёт", "marubeni", NAME),
        ("Добыча растёт", "добыча", 0),
        ("Растёт добыча", "добыча", 0),
    ],
)
def test_the_kind_of_a_word(text: str, lemma: str, kind: int) -> None:
    marks = {found: mark & KINDS for found, mark in marks_of(text)}
    other = {NAME} if kind == NAME else {kind}
    assert marks.get(lemma) in other or any(marks[one] in other for one in marks if one == lemma)


@pytest.mark.parametrize(
    ("word", "date"),
    [
        *(("2025", True), ("1812", True), ("2025-й", True), ("декабре", True), ("мая", True)),
        *(("300", False), ("2125", False), ("среда", False)),
    ],
)
def test_years_and_months_are_dates(word: str, date: bool) -> None:
    assert is_date(ANALYZER.tokens(word, any_case=True)[0]) is date


def test_an_empty_text_has_no_marks() -> None:
    assert marks_of("") == []
