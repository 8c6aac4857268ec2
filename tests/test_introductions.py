"""Abbreviations are found where a text explains them, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.introductions import Introduced, introduced

EXPLAINED = [
    (
        "Шёлковый морской транспортный путь (ШМТП) открыт.",
        "ШМТП",
        "Шёлковый морской транспортный путь",
    ),
    (
        "ШМТП (Шёлковый морской транспортный путь) открыт.",
        "ШМТП",
        "Шёлковый морской транспортный путь",
    ),
    (
        "доклад Северного агентства по атомному надзору (САГАТН)",
        "САГАТН",
        "Северного агентства по атомному надзору",
    ),
    (
        "рост валового регионального продукта (ВРП) составил",
        "ВРП",
        "валового регионального продукта",
    ),
    ("твёрдые бытовые отходы (ТБО)", "ТБО", "твёрдые бытовые отходы"),
    ("малые гидроэлектростанции (МГЭС)", "МГЭС", "малые гидроэлектростанции"),
    ("Южно-Уральская область (ЮУО)", "ЮУО", "Южно-Уральская область"),
    ("Программа развития ОДКБ (ПРОДКБ)", "ПРОДКБ", "Программа развития ОДКБ"),
    ("Фонд речного хозяйства «Иртыш» (ФРХ)", "ФРХ", "Фонд речного хозяйства"),
    ("глава Службы охраны лесов России (СОЛ)", "СОЛ", "Службы охраны лесов"),
    (
        "Горный технический университет имени П. Р. Попова (ГТУ)",
        "ГТУ",
        "Горный технический университет",
    ),
    ("Северный таможенный союз (далее — СТС)", "СТС", "Северный таможенный союз"),
    ("Северный таможенный союз, далее — СТС, создан", "СТС", "Северный таможенный союз"),
    (
        "Лига речного судоходства и торговли, ЛРСТ, сообщила",
        "ЛРСТ",
        "Лига речного судоходства и торговли",
    ),
    (
        "компания Nippon Steel, Gas and Power Group (NSGPG)",
        "NSGPG",
        "Nippon Steel, Gas and Power Group",
    ),
    (
        "предложенный в 2022 году Общий механизм обмена квотами (QXM) принят",
        "QXM",
        "Общий механизм обмена квотами",
    ),
    ("по правилам Общего механизма обмена квотами (QXM)", "QXM", "Общего механизма обмена квотами"),
    ("президент Южного банка развития (SDB) заявил", "SDB", "Южного банка развития"),
    (
        "XBC (Шотландская радиовещательная корпорация)",
        "XBC",
        "Шотландская радиовещательная корпорация",
    ),
    ("АО «НК «Алтынэнерго» (далее – Алтынэнерго)", "Алтынэнерго", "АО «НК «Алтынэнерго»"),
]


@pytest.mark.parametrize(("text", "short", "full"), EXPLAINED)
def test_a_text_explains_an_abbreviation(text: str, short: str, full: str) -> None:
    assert [(each.short, each.full) for each in introduced(text)] == [(short, full)]


def test_one_name_may_have_short_forms_in_two_languages() -> None:
    found = introduced("Речной валютный фонд (РВФ; англ. River Monetary Fund, RMF)")
    assert set(found) == {
        Introduced("РВФ", "Речной валютный фонд"),
        Introduced("RMF", "Речной валютный фонд", fits=False),
        Introduced("RMF", "River Monetary Fund"),
    }


NOT_EXPLAINED = [
    "Слов в скобках (и без них) много.",
    "фильм «Осторожно, поезд» (СССР)",
    "депутат Иван Петров (ЛДПР)",
    "депутат Дзюн Сато (LDP)",
    "Пётр Первый (III) правил",
    "США, ЕС, ООН",
    "телекомпании НТВ, ТНТ",
    "в АО «Банк Мост» (далее – Банк)",
    "цены на нефть выросли (ОПЕК)",
    "встретился в Токио с главой нового агентства (QEDO)",
    "Первое апреля. Утро (ПАУ)",
    "(ШМТП)",
    "",
]


@pytest.mark.parametrize("text", NOT_EXPLAINED)
def test_nothing_is_learned_where_nothing_is_explained(text: str) -> None:
    assert introduced(text) == []


NAMES = st.lists(st.text("абвгдежзиклмнопрстуф", min_size=3, max_size=9), min_size=3, max_size=7)


@given(NAMES)
def test_initials_of_any_name_are_found(words: list[str]) -> None:
    short = "".join(word[0] for word in words).upper()
    assert introduced(f"Вот. {' '.join(words)} ({short})") == [Introduced(short, " ".join(words))]


@given(st.text(alphabet="АБвг (),.—«»-ABcd1\n", max_size=120))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    for each in introduced(text):
        assert each.short in text
        assert each.full in text
