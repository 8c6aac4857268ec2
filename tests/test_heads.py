"""The head of a plain text: each rule on both sides."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import heads
from retrieval.clues import Clue
from retrieval.models import PartialDate

DAY = PartialDate(2025, 12, 19)
BODY = "\n\nТокио принял президента. Встреча прошла в тёплой обстановке."

FOUND: dict[Callable[[str], Clue | None], list[tuple[str, Clue]]] = {
    heads.date_word: [
        ("date 2025-12-19 Японские СМИ пишут.", Clue(15, date=DAY)),
        ("date 2025-12-19\nЯпонские СМИ", Clue(15, date=DAY)),
        ("Date: 2025-12-19 Токио", Clue(16, date=DAY)),
    ],
    heads.date_line: [
        ("19 декабря 2025, 14:35" + BODY, Clue(22, date=DAY)),
        ("- 19 дек. 2025 г.\n- 6 мин. чтения", Clue(17, date=DAY)),
        ("19.12.2025", Clue(10, date=DAY)),
        ("2025-12-19 14:00\nТокио", Clue(16, date=DAY)),
        ("август 2025" + BODY, Clue(11, date=PartialDate(2025, 8))),
    ],
    heads.date_prefix: [
        ("2025-12-19 Токио принял гостей.", Clue(11, date=DAY)),
        ("2025-12-19 14:00 — Токио", Clue(19, date=DAY)),
        ("19.12.2025 14:35 Токио принял гостей.", Clue(17, date=DAY)),
        ("2025-12-19 | Токио", Clue(13, date=DAY)),
    ],
    heads.dated_line: [
        ("Zakon.kz, 19 декабря 2025" + BODY, Clue(25, source="Zakon.kz", date=DAY)),
        ("19 декабря 2025 | Политика" + BODY, Clue(26, date=DAY)),
        ("19.12.2025 · Казинформ" + BODY, Clue(22, source="Казинформ", date=DAY)),
        ("Астана, 19 декабря 2025 г." + BODY, Clue(26, date=DAY)),
        ("Inbusiness.kz • 19 декабря, 2025", Clue(32, source="Inbusiness.kz", date=DAY)),
        ("20.12.2025 | 10:00", Clue(18, date=PartialDate(2025, 12, 20))),
        ("Иван Петров — 19 декабря 2025" + BODY, Clue(29, date=DAY)),
    ],
    heads.date_label: [
        ("Дата: 19.12.2025" + BODY, Clue(16, date=DAY)),
        ("Опубликовано: 19 декабря 2025, 14:35", Clue(36, date=DAY)),
        ("дата публикации: 2025-08", Clue(24, date=PartialDate(2025, 8))),
        ("Опубликовано 19 декабря 2025" + BODY, Clue(28, date=DAY)),
    ],
    heads.source_label: [
        ("Источник: Zakon.kz", Clue(18, source="Zakon.kz")),
        ("Источник: «Казахстанская правда»", Clue(32, source="Казахстанская правда")),
        ("Источник: https://lsm.kz/a", Clue(26, source="lsm.kz", url="https://lsm.kz/a")),
        ("Источник: https://www.lsm.kz/", Clue(29, source="lsm.kz")),
    ],
    heads.author_label: [
        ("Автор: Айгуль Сериккызы" + BODY, Clue(23, author="Айгуль Сериккызы")),
        ("Текст: А. Ким", Clue(13, author="А. Ким")),
    ],
    heads.title_label: [
        ("Заголовок: Токио принял гостей" + BODY, Clue(30, title="Токио принял гостей")),
        ("Название: Что дальше?", Clue(21, title="Что дальше?")),
    ],
    heads.url_label: [
        ("Ссылка: https://zakon.kz/1" + BODY, Clue(26, url="https://zakon.kz/1")),
        ("https://zakon.kz/1" + BODY, Clue(18, url="https://zakon.kz/1")),
    ],
    heads.blog_name: [
        ("- Times Tengri\n- 19 дек. 2025 г.\n", Clue(14, source="Times Tengri")),
        ("- Times Tengri\n- 6 мин. чтения", Clue(14, source="Times Tengri")),
        ("• Степной вестник\n• 1 мая 2025", Clue(17, source="Степной вестник")),
    ],
    heads.litter_line: [
        ("- 6 мин. чтения" + BODY, Clue(15)),
        ("Фото: Акорда" + BODY, Clue(12)),
        ("Сегодня, 14:20\nПолитика", Clue(14)),
    ],
    heads.rubric_line: [
        ("Политика\nТокио", Clue(8)),
        ("НОВОСТИ / Экономика" + BODY, Clue(19)),
        ("Казахстан, Мир" + BODY, Clue(14)),
        ("Главная » Страна » Регионы" + BODY, Clue(26)),
    ],
    heads.subtitle_line: [
        ("Времена перемен\nАвтор: А. Ким" + BODY, Clue(15)),
        ("Времена перемен\n19.12.2025" + BODY, Clue(15)),
        ("Времена перемен\n\nМнение" + BODY, Clue(15)),
    ],
    heads.title_line: [
        ("Токио принял президента" + BODY, Clue(23, title="Токио принял президента")),
        (
            "«Мы рады»: что сказал император" + BODY,
            Clue(31, title="«Мы рады»: что сказал император"),
        ),
        ("Что ждёт уран?" + BODY, Clue(14, title="Что ждёт уран?")),
        ("40 документов за день" + BODY, Clue(21, title="40 документов за день")),
        ("Токио\n- Times Tengri" + BODY, Clue(5, title="Токио")),
        ("Токио\nhttps://a.kz/1" + BODY, Clue(5, title="Токио")),
        ("Визит " * 40 + "окончен" + BODY, Clue(0, title="Визит " * 40 + "окончен")),
    ],
}
NOT_FOUND: dict[Callable[[str], Clue | None], list[str]] = {
    heads.date_word: [
        "date",
        "date 2025-13-40 Токио",
        "дата 2025-12-19",
        "update 2025-12-19 x",
        "",
    ],
    heads.date_line: ["2025", "19 декабря", "19 декабря 2025 Токио", "Токио", "2025-13-40"],
    heads.date_prefix: [
        *("19 декабря 2025 года Токаев прибыл.", "19.12.2025 Токаев прибыл.", "2025-12-19 и далее"),
        *("2025-13-40 Токио", "2025 год"),
    ],
    heads.dated_line: [
        *("Токио, Астана", "Токаев прибыл, 19 декабря 2025 он уедет.", "1 мая 2025 | 2 мая 2025"),
        *("19 декабря", ""),
        "Астана, 19 декабря 2025 – Президент подписал указ.",
        "В пятницу, 19 декабря 2025, Алматы накрыл снегопад.",
        "1 марта 2025, Астана. Подписан договор.",
        "ТОКИО, 19 дек 2025 – Reuters. Премьер прибыл.",
    ],
    heads.date_label: [
        "Дата: скоро",
        "Датам 19.12.2025",
        "Дата: 2025-13-40",
        "Обновлено: 19.12.2025",
        "Даты: 2025",
    ],
    heads.source_label: ["Источник сообщил: визит", "Источник:", "Источник: расчёты автора"],
    heads.author_label: ["Автор: кто же он? Неизвестно", "Автор", "Соавтор: А. Ким"],
    heads.title_label: ["Заголовок:", "Заголовок: " + "о" * 300, "Подзаголовок: а"],
    heads.url_label: ["Ссылка: нет", "javascript:alert(1)", "https://a.kz и другие", "http://[a"],
    heads.blog_name: [
        *("- Как дела?\n- Хорошо.", "- Times Tengri\nТекст", "Times Tengri\n- 1 мая 2025"),
        *("- Ответ был готов.\n- 6 мин. чтения",),
    ],
    heads.litter_line: ["Токио", "Фото императора опубликовали все.", "Комментарии министра"],
    heads.rubric_line: ["Политика Японии", "Токио", "Мир, дружба", "Новости дня порадовали."],
    heads.subtitle_line: [
        *("Времена перемен" + BODY, "Времена перемен", "Времена настали.\n19.12.2025"),
        *("- Да\n19.12.2025", "времена\n19.12.2025"),
    ],
    heads.title_line: [
        *("Токио принял президента." + BODY, "Токио принял президента", "токио" + BODY),
        *(
            "Токио принял\nпрезидента Казахстана и гостей." + BODY,
            "Он заявил:" + BODY,
            "- Да" + BODY,
        ),
        *("Токио\nКиото\nОсака", "Фото: Акорда" + BODY, "Он сказал: «Да.»" + BODY),
    ],
}


@pytest.mark.parametrize(
    ("rule", "text", "clue"), [(rule, *case) for rule, cases in FOUND.items() for case in cases]
)
def test_head_lines(rule: Callable[[str], Clue | None], text: str, clue: Clue) -> None:
    assert rule(text) == clue


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in NOT_FOUND.items() for text in texts]
)
def test_what_is_no_head_line(rule: Callable[[str], Clue | None], text: str) -> None:
    assert rule(text) is None


def test_every_rule_has_its_tables() -> None:
    assert set(FOUND) == set(NOT_FOUND) == {*heads.RULES, heads.subtitle_line}


@given(st.sampled_from(heads.RULES), st.text(min_size=1, max_size=300).filter(str.strip))
def test_no_text_breaks_a_rule(rule: Callable[[str], Clue | None], text: str) -> None:
    clue = rule(text.lstrip())
    assert clue is None or 0 <= clue.stop <= len(text)
