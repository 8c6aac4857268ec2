"""What a plain text says about itself, from the first line to the last."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.metadata import detect
from retrieval.models import Origins
from retrieval.titles import LONGEST

ARTICLES = Path(__file__).parent.parent / "data" / "articles"
LEAD = "Казахстан и Япония подписали соглашение о свободной торговле"

SEEDS = [
    (
        "000_334e87823291db7b.txt",
        "Японские средства массовой информации рассматривают визит президента Казахстана"
        " Касым-Жомарта…",
        *("Zakon.kz", "2025-12-19", "Японские средства"),
        Origins("first_sentence", "attributed_domain", "date_word"),
    ),
    (
        "001_f541f5984aaccca9.txt",
        "Императорская аудиенция, переговоры на высшем уровне и масштабный пакет экономических"
        " соглашений…",
        *(None, "2025-12-21", "Императорская аудиенция"),
        Origins("title_line", "", "date_word"),
    ),
    (
        "002_54d944de63979dc0.txt",
        "Официальный визит министра иностранных дел Японии Такэси Ивая в Астану…",
        *("Trend", None, "Официальный визит"),
        Origins("first_sentence", "dateline_slashed", ""),
    ),
    (
        "003_66cfd12017572d08.txt",
        "Казахстанско-японские отношения вступают в новый этап: перспективы диалога"
        " «Центральная Азия + Япония» и многостороннего сотрудничества",
        *("Times Tengri", "2025-12-19", "Президент Казахстана"),
        Origins("title_line", "blog_name", "date_line"),
    ),
    (
        "004_876a1a6a5dd91c7d.txt",
        "Визит президента Казахстана Касым-Жомарта Токаева в Японию пришёлся на момент…",
        *("SHYNDYK.KZ", None, "Визит президента"),
        Origins("first_sentence", "interview", ""),
    ),
]


@pytest.mark.parametrize(("name", "title", "source", "date", "body", "origins"), SEEDS)
def test_the_seeds(
    name: str, title: str, source: str | None, date: str | None, body: str, origins: Origins
) -> None:
    text = (ARTICLES / name).read_text(encoding="utf-8")
    head = detect(text)
    assert (head.title, head.source, head.date and str(head.date)) == (title, source, date)
    assert text[head.body :].startswith(body)
    assert head.origins == origins


TEXTS = {
    "head, date and credit in lines": (
        f"{LEAD}\n19 декабря 2025, 14:35\nФото: Reuters\n\nДокумент подписан, передает LS.",
        *(LEAD, "LS", "2025-12-19", "Документ подписан"),
    ),
    "date before the title": (
        f"19.12.2025\n{LEAD}\n\nДокумент подписан вчера.",
        *(LEAD, None, "2025-12-19", "Документ подписан"),
    ),
    "labels": (
        f"Дата: 18.12.2025\nИсточник: Kursiv Media\nЗаголовок: {LEAD}\n\nДокумент подписан.",
        *(LEAD, "Kursiv Media", "2025-12-18", "Документ подписан"),
    ),
    "labels in the last lines": (
        f"{LEAD}.\n\nДокумент подписан.\n\nИсточник: Zakon.kz\nОпубликовано: 19 декабря 2025",
        *(LEAD, "Zakon.kz", "2025-12-19", "Казахстан и Япония"),
    ),
    "rubric and site line": (
        f"Zakon.kz, 19 декабря 2025 | Политика\nПолитика\n{LEAD}\n\nДокумент подписан.",
        *(LEAD, "Zakon.kz", "2025-12-19", "Документ подписан"),
    ),
    "title twice": (
        f"{LEAD}\n{LEAD}\n\nДокумент подписан вчера.",
        *(LEAD, None, None, "Документ подписан"),
    ),
    "dateline under a title": (
        f"{LEAD}\n\nАСТАНА, 19 декабря. /ТАСС/. Документ подписан.",
        *(LEAD, "ТАСС", None, "Документ подписан"),
    ),
    "a dateline beats an attribution": (
        f"Астана. 19 декабря. КазТАГ – {LEAD}, сообщает Zakon.kz.",
        *(LEAD, "КазТАГ", None, "Казахстан и Япония"),
    ),
    "a date in the middle of the text": (
        f"{LEAD}.\n\nДокумент подписан 18 декабря 2025 года.\n\n19.12.2025 он вступит в силу.",
        *(LEAD, None, None, "Казахстан и Япония"),
    ),
    "an event's date at the start": (
        "19 декабря 2025 года Токаев прибыл в Токио. Его встретили.",
        *("19 декабря 2025 года Токаев прибыл в Токио", None, None, "19 декабря"),
    ),
    "an attribution below the lead": (
        f"{LEAD}.\n\nДокумент подписан, сообщает Zakon.kz.",
        *(LEAD, None, None, "Казахстан и Япония"),
    ),
    "a quoted medium": (
        "Как пишет издание Nikkei, Япония готовит стратегию. Портал Jiji пишет о том же.",
        *("Как пишет издание Nikkei, Япония готовит стратегию", None, None, "Как пишет"),
    ),
    "nothing but head lines": (
        *("19.12.2025\nИсточник: Zakon.kz", "19.12.2025", "Zakon.kz", "2025-12-19", "19.12.2025"),
    ),
    "one line": (LEAD, LEAD, None, None, "Казахстан и Япония"),
    "wrapped by hand": (
        "Казахстан и Япония подписали соглашение о\nсвободной торговле. Оно вступит в силу.",
        *(LEAD, None, None, "Казахстан и Япония"),
    ),
    "empty": (" \n ", "", None, None, ""),
}


@pytest.mark.parametrize(("text", "title", "source", "date", "body"), TEXTS.values(), ids=TEXTS)
def test_texts(text: str, title: str, source: str | None, date: str | None, body: str) -> None:
    head = detect(text)
    assert (head.title, head.source, head.date and str(head.date)) == (title, source, date)
    assert text[head.body :].startswith(body)


def test_author_and_address_are_found_too() -> None:
    head = detect(f"{LEAD}\n\nДокумент подписан.\n\nАвтор: А. Ким\nСсылка: https://zakon.kz/1")
    assert (head.author, head.url) == ("А. Ким", "https://zakon.kz/1")


def test_a_title_that_is_known_is_not_looked_for() -> None:
    text = f"{LEAD}\n\nДокумент подписан вчера."
    assert detect(text, "Другой заголовок").body == 0
    assert detect(text, "Другой заголовок").title == "Другой заголовок"


def test_a_known_title_at_the_head_is_not_body() -> None:
    text = f"{LEAD}\n\nДокумент подписан вчера."
    assert text[detect(text, LEAD).body :] == "Документ подписан вчера."


def test_a_lead_without_a_full_stop_names_the_article_and_stays_in_it() -> None:
    text = f"date 2025-12-21 {LEAD * 4}\n\nДокумент подписан вчера."
    head = detect(text)
    assert head.title.endswith("…")
    assert len(head.title) <= LONGEST
    assert text[head.body :].startswith(LEAD)


LINES = st.sampled_from(
    [
        *("", " ", "date 2025-12-19 Да", "19.12.2025", "- Times Tengri", "- 6 мин. чтения", "Да"),
        *("Источник: Zakon.kz", "БАКУ /Trend/ - Визит.", "Визит, сообщает LS.", "Фото: Акорда"),
        *("- Как?", "Политика", "***", "Текст. Ещё текст.", "«", "date", "АЛМАТЫ. КАЗИНФОРМ – "),
    ]
)


@given(st.lists(LINES | st.text(max_size=40), max_size=12).map("\n".join))
def test_any_text_has_a_title_and_a_body(text: str) -> None:
    head = detect(text)
    assert 0 <= head.body <= len(text)
    assert bool(head.title) == bool(text.strip())
    assert "\n" not in head.title
    assert bool(head.source) == bool(head.origins.source)
    assert bool(head.date) == bool(head.origins.date)
