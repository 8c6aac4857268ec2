"""A question is read into its words, and into how it wants them searched."""

from datetime import date
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.analyzer import Analyzer, Token
from retrieval.asking.filters import Fault
from retrieval.query import Query, parse

ANALYZER = Analyzer()
TODAY = date(2026, 3, 18)
LONGEST = 4096
"""Characters of a message."""
SLOWEST = 0.1
"""Seconds of one core for a message of this length, with words never seen before."""


def read(text: str) -> Query:
    return parse(text, ANALYZER, TODAY)


def as_typed(text: str, words: tuple[Token, ...]) -> list[str]:
    return [text[word.start : word.stop] for word in words]


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("что вчера решил сенат", ["решил", "сенат"]),
        ("решения сената за последние три недели", ["решения", "сената"]),
        ("пожары весной прошлого года", ["пожары", "весной"]),
        ("пожары в апреле 2024", ["пожары", "апреле", "2024"]),
        ("что говорит Ким о пожарах", ["Ким", "пожарах"]),
        ("мнение Кима о пожарах", ["Кима", "пожарах"]),
        ("что пишет Reuters про нефть", ["Reuters", "нефть"]),
        ("что известно о засухе", ["засухе"]),
        ("Скажите, пожалуйста, в каком году построен маяк", ["построен", "маяк"]),
        ("как зовут капитана", ["капитана"]),
        ("по данным переписи", ["переписи"]),
        ("мнение", ["мнение"]),
        ("за прошлую неделю", []),
        ("дата:2024 пожары источник:reuters -Тараз", ["пожары"]),
        ("дата:2024-13 пожары", ["2024-13", "пожары"]),
        ("«Сухой порт» растёт", ["Сухой", "порт", "растёт"]),
    ],
)
def test_the_words_to_search(text: str, words: list[str]) -> None:
    assert as_typed(text, read(text).words) == words


def test_the_words_of_a_title_neither_ask_nor_date() -> None:
    query = read("«Послезавтра» и «Кто здесь» в кино")
    assert (query.asks, query.periods) == (None, ())


def test_without_today_its_words_are_words() -> None:
    text = "сенат на прошлой неделе"
    query = parse(text, ANALYZER)
    assert as_typed(text, query.words) == ["сенат", "прошлой", "неделе"]
    assert query.periods == ()


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("пожары -Тараз", ["Тараз"]),
        ("пожары −Тараз –Алматы", ["Тараз", "Алматы"]),
        ("-Тараз пожары", ["Тараз"]),
        ("пожары -вице-премьер", ["вице-премьер"]),
        ("вице-премьер 2020-2023", []),
        ("Ким - капитан", []),
        ("- Где пожары?", []),
        ("мороз -30", []),
        ("«пожары -Тараз»", []),
    ],
)
def test_minus_words(text: str, without: list[str]) -> None:
    query = read(text)
    assert as_typed(text, query.without) == without
    assert not set(query.without) & set(query.words)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("кто снял «Тихий дом»", [("Тихий дом", ["Тихий", "дом"], False)]),
        ("«Тихий дом»", [("Тихий дом", ["Тихий", "дом"], True)]),
        ("где «Тихий дом»?", [("Тихий дом", ["Тихий", "дом"], True)]),
        ("«Тихий дом» дата:2024", [("Тихий дом", ["Тихий", "дом"], True)]),
        ('кто снял "Тихий дом"', [("Тихий дом", ["Тихий", "дом"], True)]),
        ("кто снял “Тихий дом”", [("Тихий дом", ["Тихий", "дом"], True)]),
        ("кто снял „Тихий дом“", [("Тихий дом", ["Тихий", "дом"], False)]),
        ("«Дом» или «Лес»", [("Дом", ["Дом"], True), ("Лес", ["Лес"], True)]),
        ('"и" "" «…»', []),
        ('экран 24" и 32" новый', []),
    ],
)
def test_phrases(text: str, phrases: list[tuple[str, list[str], bool]]) -> None:
    found = read(text).phrases
    assert [(one.text, as_typed(text, one.words), one.strict) for one in found] == phrases
    assert all(text[slice(*one.span)] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("-Тараз -Алматы", [Fault("-Тараз -Алматы", "minus")]),
        ('снял "Тихий дом', [Fault('"Тихий дом', "quote")]),
        ("«Тихий дом", [Fault("«Тихий дом", "quote")]),
        ('дом -"Тихий лес"', [Fault('-"Тихий лес"', "quote")]),
        ("дом дата:32.01.2024", [Fault("дата:32.01.2024", "date")]),
        ("дом -Тараз", []),
        ("«ООО «Ромашка»»", []),
        ('экран 24"', []),
    ],
)
def test_what_could_not_be_read_is_said(text: str, faults: list[Fault]) -> None:
    assert list(read(text).faults) == faults


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Нуржума о пожарах", ["Нуржума"]),
        ("нуржума про засуху", ["нуржума"]),
        ("президент Токаев о засухе", ["президент", "Токаев"]),
        ("Что сказал Токаев о засухе?", ["Токаев"]),
        ("что думает глава фонда про засуху", ["глава", "фонда"]),
        ("что Мусин говорил о засухе", ["Мусин"]),
        ("что заявил мусин сенаторам", ["мусин"]),
        ("мнение Мусина о засухе", ["Мусина"]),
        ("слова Мусина", ["Мусина"]),
        ("по словам Мусина засуха прошла", ["Мусина"]),
        ("как относится Мусин к засухе", ["Мусин"]),
        ("заявление Мусина по засухе", ["Мусина"]),
        ("слова песни о море", []),
        ("договор о границе", []),
        ("что говорят вчера", []),
        ("что пишет Reuters о засухе", []),
        ("засуха", []),
        ("на какой позиции играет Мусин", []),
        ("какова оценка количества деревьев", []),
        ("что Мусин говорил в интервью Киму", ["Мусин"]),
    ],
)
def test_who_is_to_speak(text: str, speaker: list[str]) -> None:
    query = read(text)
    assert as_typed(text, query.speaker) == speaker
    assert set(query.speaker) <= set(query.words)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("что пишет Reuters про нефть", ["Reuters"]),
        ("что сообщает kursiv.kz о нефти", ["kursiv", "kz"]),
        ("что передаёт «Новая Волна» о нефти", ["Новая", "Волна"]),
        ("по данным Reuters нефть дорожает", ["Reuters"]),
        ("Reuters пишет о нефти", ["Reuters"]),
        ("Reuters сообщает, что нефть дорожает", ["Reuters"]),
        ("что сказал Мусин о нефти", []),
        ("кто пишет музыку", []),
    ],
)
def test_the_source_that_is_named(text: str, source: list[str]) -> None:
    assert as_typed(text, read(text).source_words) == source


@given(st.text(max_size=60))
@settings(deadline=None)
def test_equal_texts_are_equal_questions(text: str) -> None:
    query = parse(text, ANALYZER)
    assert query == parse(text, ANALYZER)
    assert len(set(query.terms)) == len(query.terms)


FRAGMENTS = st.sampled_from(
    [
        *(
            "дата:",
            "после: ",
            "до:",
            "источник:",
            "статья:",
            "автор:",
            "2024-13",
            "2024",
            "..",
            "…",
        ),
        *('"', "«", "»", "„", "“", " -", " —", "-", " ", "\n", "\u200b", "\u202e", "\x00", "🙂"),
        *("за последние ", "99 лет", "с ", " по ", "между ", "31 июня", "0 мая", "xxiiv век", "а"),
        *("что говорит ", "Ким", " о ", "по данным ", "в прошлом ", "году", "начале ", "9999", "İ"),
        *("в 00-е", "5 квартал", "32.13.2024", "2099-12-31", "назад", "\ud800", "й", "٣"),
    ]
)


@given(st.lists(FRAGMENTS, max_size=25).map("".join) | st.text(max_size=200), st.booleans())
@example("дата:" + "9" * 5000, True)
@example("за последние 999 десятилетий", True)
@settings(deadline=None, max_examples=500)
def test_anything_can_be_asked(text: str, dated: bool) -> None:
    query = parse(text, ANALYZER, TODAY if dated else None)
    words = (*query.words, *query.without, *query.speaker, *query.source_words)
    assert all(0 <= word.start < word.stop <= len(text) for word in words)
    assert all(one.typed in text for one in query.filters)
    assert all(one.first <= one.last for one in query.periods)


@pytest.mark.parametrize(
    "piece",
    [
        *("а", "-", '"', "«", "„", " ", "1 ", "18-", "2025 ", "-а ", "а-", "\u200b", "🙂", "за "),
        *("дата:", "дата: ", 'источник:"', "что говорит ", "по данным ", "слова ", "в прошлом "),
        *("«а ", "а:", "какой год ", "начале ", "с 2020 по ", "последние ", "а́", "что а а а а "),
    ],
)
def test_a_message_of_any_length_is_read_at_once(piece: str) -> None:
    text = (piece * LONGEST)[:LONGEST]
    parse(text, ANALYZER, TODAY)
    began = process_time()
    parse(text, ANALYZER, TODAY)
    assert process_time() - began < SLOWEST
