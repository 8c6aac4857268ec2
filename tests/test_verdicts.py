"""What a search says beside its hits: how sure it is, what it went by, what emptied it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrieval import ranking
from retrieval.assembling import build
from retrieval.features import FEATURES
from retrieval.found import Confidence, Correction, Found
from retrieval.generation import Generation
from retrieval.query import parse
from retrieval.search import ranked, search
from tests.builders import shipped_archive

SHIPPED = shipped_archive()
NEWS = {
    "a": "title: Мост в Актау\nsource: Вести\ndate: 2025-11-03\n\nВ Актау открыли новый мост.",
    "b": "title: Порт в Актау\nsource: Волна\ndate: 2025-12-10\n\nПорт Актау принял первый паром.",
    "c": "title: Школа\nsource: Вести\ndate: 2025-12-20\n\nВ Караганде построили школу.",
}


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder: Path = tmp_path_factory.mktemp("news")
    for name, text in NEWS.items():
        head, _, body = text.partition("\n\n")
        (folder / f"{name}.md").write_text(f"---\n{head}\n---\n\n{body}", encoding="utf-8")
    return build(folder)


def ask(archive: Generation, question: str, k: int = 3, *, literal: bool = False) -> Found:
    today = date(2025, 12, 21)
    return search(archive, parse(question, archive.analyzer, today, literal=literal), k)


def titles(found: Found) -> list[str]:
    return [hit.passage.article.title for hit in found.hits]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("за последние две недели", ["Школа", "Порт в Актау"]),
        ("источник:вести", ["Школа", "Мост в Актау"]),
        ("дата:2025-12 источник:волна", ["Порт в Актау"]),
        ("вчера", ["Школа"]),
    ],
)
def test_days_or_sources_alone_give_their_newest_articles(
    news: Generation, question: str, expected: list[str]
) -> None:
    found = ask(news, question)
    assert titles(found) == expected
    assert found.confidence is Confidence.SURE


@pytest.mark.parametrize("question", ["и -Актау", "?", "в"])
def test_nothing_to_search_by_finds_nothing(news: Generation, question: str) -> None:
    assert replace(ask(news, question), query=None) == Found(words=(), hits=())


def test_the_filter_that_emptied_the_result_is_named(news: Generation) -> None:
    assert ask(news, "паром источник:вести").emptied == "источник:вести"
    assert ask(news, "мост до:2025-11").emptied == "до:2025-11"
    assert ask(news, "паром источник:волна").emptied == ""


@pytest.mark.parametrize(
    ("question", "emptied"),
    [
        ("паром -порт", "-порт"),
        ("паром -Актау -школа", "-Актау"),
        ("паром -Актау -порт", ""),
        ("мост -порт -паром -школа -Караганда -новый", ""),
        ("порт -веб-порт -порт", "-порт"),
        ('открыли "мост новый"', '"мост новый"'),
        ("паром «мост порт»", ""),
        ("«мост порт»", "«мост порт»"),
        ("паром источник:вести источник:запад", ""),
        ("паром источник:вести -школа", "источник:вести"),
    ],
)
def test_any_condition_that_emptied_the_result_is_named(
    news: Generation, question: str, emptied: str
) -> None:
    assert ask(news, question).emptied == emptied


def test_where_no_condition_is_to_blame_a_word_may_be() -> None:
    assert ask(SHIPPED, "брюква Токаев -Кашаган").emptied == "брюква"
    assert ask(SHIPPED, "брюква Токаев дата:2019-01").emptied == ""


def test_of_days_alone_a_filter_is_blamed_only_if_there_is_something_without_it(
    news: Generation,
) -> None:
    assert ask(news, "вчера источник:волна").emptied == "источник:волна"
    assert ask(news, "сегодня источник:волна").emptied == ""


def test_the_question_is_told_as_it_was_understood() -> None:
    typed = "lfnf^2025-12 njrftd"
    understood = ask(SHIPPED, typed).query
    assert understood
    assert understood.text == "дата:2025-12 токаев"
    assert [each.typed for each in understood.filters] == ["дата:2025-12"]
    literal = ask(SHIPPED, typed, literal=True).query
    assert literal
    assert literal.text == typed


@pytest.mark.parametrize(
    ("question", "other"), [("порт Актау вчера", True), ("школа вчера", False), ("мост", False)]
)
def test_hits_of_other_days_are_told_apart(news: Generation, question: str, other: bool) -> None:
    found = ask(news, question)
    assert found.hits
    assert found.of_other_days is other


def test_the_word_that_emptied_the_result_is_named_with_the_nearest_passage() -> None:
    found = ask(SHIPPED, "население Японии")
    assert found.confidence is Confidence.NONE
    assert found.emptied == "население"
    assert found.nearest
    assert [(word.text, word.passages > 0) for word in found.words] == [
        ("население", False),
        ("Японии", True),
    ]


def test_a_mended_word_is_said_and_a_literal_question_is_left_alone() -> None:
    found = ask(SHIPPED, "Кашоган")
    assert found.corrections == (Correction("Кашоган", "Кашаган"),)
    assert "Кашаган" in found.hits[0].passage.text
    literal = ask(SHIPPED, "Кашоган", literal=True)
    assert (literal.hits, literal.corrections) == ((), ())


def test_the_sentence_that_answers_and_what_was_asked_for_are_marked() -> None:
    (hit, *_) = ask(SHIPPED, "Когда запустят прямой рейс из Алматы в Токио?").hits
    assert hit.sentence
    text = hit.passage.article.text
    assert "авиарейса" in text[slice(*hit.sentence)]
    assert [text[slice(*span)] for span in hit.answer] == ["2026 году"]


def test_without_a_ranker_bm25_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    query = parse("сотрудничество в энергетике", SHIPPED.analyzer)
    learned = ranked(SHIPPED, query, 10)
    monkeypatch.setattr("retrieval.search.shipped_ranker", lambda: None)
    plain = ranked(SHIPPED, query, 10)
    assert learned != plain
    assert [score for _, score in plain] == sorted((score for _, score in plain), reverse=True)


def test_the_shipped_ranker_fits_the_features() -> None:
    ranker = ranking.shipped_ranker()
    assert ranker
    assert ranker.features == FEATURES


def test_a_name_in_the_wrong_layout_is_shown_as_names_are_written() -> None:
    assert ask(SHIPPED, "rfpf[cnfy").corrections == (Correction("rfpf[cnfy", "Казахстан"),)
