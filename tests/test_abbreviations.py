"""Abbreviations are learned from all that texts explain, and looked up both ways."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.abbreviations import Abbreviations, Stretch, introduced_rows
from retrieval.analyzer import Analyzer
from retrieval.assembling import build
from retrieval.nearby import having_name
from tests.test_introductions import EXPLAINED

ANALYZER = Analyzer()
SHORTS = st.sampled_from(["шмтп", "врп", "тбо"])
WORDS = st.lists(st.sampled_from("абв"), min_size=1, max_size=2, unique=True).map(tuple)
QUESTIONS = st.lists(WORDS, max_size=5)


def learned(*texts: str) -> Abbreviations:
    rows = [row for n, text in enumerate(texts) for row in introduced_rows(n, text, ANALYZER)]
    stored: list[list[Any]] = json.loads(json.dumps(rows))
    return Abbreviations.learned(stored)


def lemmas(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(token.lemmas for token in ANALYZER.tokens(text, any_case=True))


ROUTE = "Шёлковый морской транспортный путь (ШМТП) открыт."


@pytest.mark.parametrize("typed", ["ШМТП", "шмтп"])
def test_a_short_form_stands_for_the_full_name(typed: str) -> None:
    ((lemma,),) = lemmas(typed)
    assert learned(ROUTE).expand(lemma, typed) == (lemmas_of("шёлковый морской транспортный путь"),)


@pytest.mark.parametrize(
    "question",
    [
        "что такое шёлковый морской транспортный путь",
        "о Шёлковом морском транспортном пути",
        "груз шел по шелковому морскому транспортному пути в мае",
    ],
)
def test_a_full_name_in_any_form_stands_for_the_short_form(question: str) -> None:
    words = lemmas(question)
    ((start, stop, short),) = learned(ROUTE).contract(words)
    assert (short,) == lemmas("ШМТП")[0]
    assert words[start:stop][0][0] == "шелковый"
    assert stop - start == 4


def test_case_forms_of_a_name_are_one_name() -> None:
    known = learned(
        "доклад Северного агентства развития (САР)",
        "доклад Северному агентству развития (САР)",
        "Северное агентство развития (САР)",
    )
    (entry,) = known.entries
    assert len(entry.names) == 1


def test_of_several_full_names_the_most_frequent_comes_first() -> None:
    known = learned(
        "Ткацкий комбинат Ломоносова (ТКЛ)",
        "Товарная контора Липецка (ТКЛ)",
        "Товарной конторы Липецка (ТКЛ)",
    )
    ((lemma,),) = lemmas("ТКЛ")
    assert [name[0] for name in known.expand(lemma)] == ["товарный", "ткацкий"]


def test_a_short_form_that_is_a_word_as_well_is_meant_only_in_capitals() -> None:
    known = learned("Районный архитектурный комитет (РАК)")
    assert known.expand("рак", "рак") == ()
    assert known.expand("рак", "РАК") == (("районный", "архитектурный", "комитет"),)


def test_a_name_that_has_its_short_form_in_it_is_not_looked_for_instead() -> None:
    known = learned("АО «НК «Алтынэнерго» (далее – Алтынэнерго)")
    ((lemma,),) = lemmas("Алтынэнерго")
    assert known.expand(lemma) == ()
    assert known.contract(lemmas("нк алтынэнерго")) == ()
    assert [found.short for found in known.contract(lemmas("ао нк алтынэнерго"))] == [lemma]


def test_what_only_its_place_vouches_for_must_not_have_a_verb() -> None:
    assert learned("Министр посетил новую верфь (QXM)").arrays["abbreviations.first"].tolist() == [
        0
    ]


def test_the_longest_of_two_names_counts() -> None:
    known = learned("Речной союз (РС)", "Речной союз Иртыша (РСИ)")
    found = known.contract(lemmas("речной союз иртыша"))
    assert found == (Stretch(0, 3, lemmas("РСИ")[0][0]),)


def test_it_is_stored_as_arrays() -> None:
    known = learned(*(text for text, _, _ in EXPLAINED))
    assert len(list(known.entries)) > 10
    again = Abbreviations(known.arrays)
    assert list(again.entries) == list(known.entries)
    for entry in known.entries:
        assert again.expand(entry.short[0], "Ы") == known.expand(entry.short[0], "Ы")
        assert again.contract(entry.names[0]) == known.contract(entry.names[0])


@pytest.mark.parametrize("text", [text for text, _, _ in EXPLAINED])
def test_a_row_of_what_a_passage_explains_begins_with_its_number(text: str) -> None:
    (row,) = introduced_rows(7, text, ANALYZER)
    assert row[0] == 7


@given(st.lists(st.tuples(SHORTS, st.lists(WORDS, min_size=2, max_size=3)), max_size=8), QUESTIONS)
def test_names_are_found_as_they_would_be_one_by_one(
    explained: list[tuple[str, list[tuple[str, ...]]]], question: list[tuple[str, ...]]
) -> None:
    known = Abbreviations.learned([[0, [short], full, False] for short, full in explained])
    expected = []
    for start in range(len(question)):
        fitting = [
            (len(name), entry.short[0])
            for entry in known.entries
            for name in entry.names
            if len(name) <= len(question) - start
            and all(set(own) & set(word) for own, word in zip(name, question[start:], strict=False))
        ]
        longest = max((length for length, _ in fitting), default=0)
        shorts = {short for length, short in fitting if length == longest}
        expected += [(start, start + longest, short) for short in sorted(shorts)]
    assert sorted(known.contract(question)) == expected


def test_a_full_name_is_found_where_its_words_stand_together(tmp_path: Path) -> None:
    texts = [
        "Груз идёт по Шёлковому морскому транспортному пути.",
        "Открыт ШМТП.",
        "Шёлковый платок прислали издалека, а в городе и порту долго ждали его весной и летом. "
        "Путь был морской, транспортный же узел закрыт.",
        "Другой морской путь.",
    ]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.md").write_text(f"---\ntitle: Номер {number}\n---\n\n{text}\n")
    archive = build(tmp_path)
    (name,) = learned(ROUTE).expand(lemmas("ШМТП")[0][0])
    assert [archive.passages[i].text for i in having_name(archive, name)] == texts[:1]
    assert not having_name(archive, (*name, "уран")).size
    assert not having_name(archive, ()).size


def lemmas_of(text: str) -> tuple[str, ...]:
    return tuple(word[0] for word in lemmas(text))
