"""Abbreviations are learned where a text explains them, and looked up both ways."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.abbreviations import Abbreviations, Introduced, Stretch, introduced
from retrieval.analyzer import Analyzer
from retrieval.assembling import build
from retrieval.nearby import having_name

ANALYZER = Analyzer()

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


def learned(*texts: str) -> Abbreviations:
    return Abbreviations.learned((each for text in texts for each in introduced(text)), ANALYZER)


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
    assert len(known.entries) == 1
    assert len(known.entries[0].names) == 1


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
    assert learned("Министр посетил новую верфь (QXM)") == Abbreviations()


def test_the_longest_of_two_names_counts() -> None:
    known = learned("Речной союз (РС)", "Речной союз Иртыша (РСИ)")
    found = known.contract(lemmas("речной союз иртыша"))
    assert found == (Stretch(0, 3, lemmas("РСИ")[0][0]),)


def test_it_can_be_stored() -> None:
    known = learned(*(text for text, _, _ in EXPLAINED))
    assert len(known.entries) > 10
    assert Abbreviations.from_json(json.loads(json.dumps(known.to_json()))) == known


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


def lemmas_of(text: str) -> tuple[str, ...]:
    return tuple(word[0] for word in lemmas(text))
