"""Who an article is from: datelines and attributions, each rule on both sides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import attributions, datelines, media

DATELINES = [
    ("БАКУ /Trend/ - Официальный визит", "dateline_slashed", "Trend", None, "Официальный визит"),
    (
        "АСТАНА, 19 декабря. /ТАСС/. Токаев заявил",
        "dateline_slashed",
        "ТАСС",
        None,
        "Токаев заявил",
    ),
    ("АСТАНА, 19 декабря 2025. /ТАСС/. Токаев", "dateline_slashed", "ТАСС", "2025-12-19", "Токаев"),
    ("Нур-Султан /КазТАГ/ – Глава", "dateline_slashed", "КазТАГ", None, "Глава"),
    ("ТОКИО, 2 мая. /Корр. ТАСС Иван Петров/. Глава", "dateline_slashed", "ТАСС", None, "Глава"),
    ("ПЕКИН, 2 мая /Синьхуа/ -- Глава", "dateline_slashed", "Синьхуа", None, "Глава"),
    ("/Казинформ/ – Глава", "dateline_slashed", "Казинформ", None, "Глава"),
    ("Токио. 19 декабря (Интерфакс) – Глава", "dateline_bracketed", "Интерфакс", None, "Глава"),
    ("ТОКИО (Reuters) - Япония", "dateline_bracketed", "Reuters", None, "Япония"),
    ("МОСКВА, 19 дек — РИА Новости. Глава", "dateline_agency_last", "РИА Новости", None, "Глава"),
    (
        "ТОКИО, 19 дек 2025 – Reuters. Япония",
        "dateline_agency_last",
        "Reuters",
        "2025-12-19",
        "Япония",
    ),
    ("АСТАНА, 2 мая - Sputnik. Глава", "dateline_agency_last", "Sputnik", None, "Глава"),
    ("Астана. 19 декабря. КазТАГ – Глава", "dateline_agency_dashed", "КазТАГ", None, "Глава"),
    (
        "Москва. 19 декабря. INTERFAX.RU - Глава",
        "dateline_agency_dashed",
        "INTERFAX.RU",
        None,
        "Глава",
    ),
    ("АЛМАТЫ. КАЗИНФОРМ – Глава", "dateline_capitals", "Казинформ", None, "Глава"),
    ("АЛМАТЫ. КАЗИНФОРМ. Глава", "dateline_capitals", "Казинформ", None, "Глава"),
    ("Zakon.kz – Глава", "dateline_medium", "Zakon.kz", None, "Глава"),
    ("Tengrinews.kz: Глава", "dateline_medium", "Tengrinews.kz", None, "Глава"),
    ("АСТАНА, 19 декабря – Глава", "dateline_place", "", None, "Глава"),
    ("АСТАНА, 19 декабря 2025 г. – Глава", "dateline_place", "", "2025-12-19", "Глава"),
    ("Астана. 19 декабря. Токаев – глава", "dateline_place", "", None, "Токаев – глава"),
]
NO_DATELINES = [
    "ТОКИО – «Это важно",
    "НАТО - Это не угроза, заявил генсек.",
    "КОВИД-19 вернулся в школы.",
    "ПРЕСС-РЕЛИЗ",
    "США-Китай: что дальше?",
    "Казахстан — крупнейший производитель урана.",
    "КАЗАХСТАН — крупнейший производитель урана.",
    "Токаев прибыл в Токио 19 декабря.",
    "19 декабря Токаев прибыл в Токио.",
    "Астана. Токио. Пекин. Три столицы обсуждают мир.",
    "КАЗАХСТАН. АСТАНА. Прошло заседание.",
    "ТОКИО (Япония) – Саммит открыт.",
    "Токио, 19 декабря принявший гостей, опустел.",
    "В Астане 19 декабря прошёл форум.",
    "«БАКУ /Trend/» — так подписаны материалы.",
    "Zakon.kz сообщил о визите.",
    "",
]


@pytest.mark.parametrize(("text", "rule", "source", "date", "body"), DATELINES)
def test_datelines(text: str, rule: str, source: str, date: str | None, body: str) -> None:
    clues = ((found.__name__, found(text)) for found in datelines.RULES)
    name, clue = next((name, clue) for name, clue in clues if clue)
    found = (name, clue.source, str(clue.date) if clue.date else None, text[clue.stop :])
    assert found == (rule, source, date, body)


@pytest.mark.parametrize("text", NO_DATELINES)
def test_what_is_no_dateline(text: str) -> None:
    assert [rule.__name__ for rule in datelines.RULES if rule(text)] == []


ATTRIBUTED = [
    ("Визит завершён, сообщает Zakon.kz.", "Zakon.kz"),
    ("Визит завершён, передает Tengrinews.kz.", "Tengrinews.kz"),
    ("Визит завершён, передаёт корреспондент Tengrinews.kz.", "Tengrinews.kz"),
    ("Визит завершён, пишет Forbes.kz.", "Forbes.kz"),
    ("Визит завершён, сообщает корреспондент агентства Kazinform.", "Kazinform"),
    ("Визит завершён, передаёт корреспондент агентства Kazinform.", "Kazinform"),
    ("Визит завершён, сообщает LS со ссылкой на пресс-службу Акорды.", "LS"),
    ("Визит завершён, сообщает Zakon.kz со ссылкой на Reuters.", "Zakon.kz"),
    ("Визит завершён, сообщает BAQ.KZ", "BAQ.KZ"),
    ("Визит завершён, передает Казинформ.", "Казинформ"),
    ("Визит завершён, передает ИА «NewTimes.kz».", "NewTimes.kz"),
    ("Визит завершён, сообщает газета «Казахстанская правда».", "Казахстанская правда"),
    ("Визит завершён, пишет «Коммерсантъ».", "Коммерсантъ"),
    ("Визит завершён, передает МИА «Казинформ».", "Казинформ"),
    ("Визит завершён, сообщает «Газета.Ru».", "Газета.Ru"),
    ("Визит завершён, сообщает Sputnik Казахстан.", "Sputnik Казахстан"),
    ("Как сообщает Zakon.kz, визит завершён.", "Zakon.kz"),
    ("Об этом рассказал Tengrinews.kz посол Японии.", "Tengrinews.kz"),
    ("Об этом Tengrinews.kz рассказал посол Японии.", "Tengrinews.kz"),
    ("Об этом в интервью SHYNDYK.KZ рассказал политолог.", "SHYNDYK.KZ"),
    ("«Мы рады», – в интервью Tengrinews.kz сказал посол.", "Tengrinews.kz"),
    ("Об этом сказал посол в интервью порталу Kursiv.media.", "Kursiv.media"),
    ("В интервью корреспонденту Zakon.kz эксперт рассказал о визите.", "Zakon.kz"),
]
NOT_ATTRIBUTED = [
    "Как пишет издание Nikkei, император принял гостей.",
    "Портал Jiji пишет, что переговоры прошли успешно.",
    "Информационное агентство Asahi также сообщает, что император выразил соболезнования.",
    "Как сообщает агентство Yahoo, Япония готовит саммит.",
    "В июле Токаев в интервью информационному агентству Синьхуа заявил о дружбе.",
    "Визит завершён, сообщает Reuters.",
    "Визит завершён, сообщает агентство Reuters.",
    "Визит завершён, передаёт Bloomberg со ссылкой на Reuters.",
    "Визит завершён, сообщает Nikkei.com.",
    "Визит завершён, сообщили в Министерстве иностранных дел.",
    "Визит завершён, сообщает МИД РК.",
    "Визит завершён, сообщает Акорда.",
    "Визит завершён, сообщает пресс-служба Акорды.",
    "Визит завершён, пишет Токаев в своём блоге.",
    "Визит завершён, передаёт слова министра посол.",
    "Визит завершён, со ссылкой на Zakon.kz уточнил министр.",
    "По данным Zakon.kz, визит завершён.",
    "Об этом он рассказал в интервью «Казахстанской правде».",
    "Эксперт в интервью рассказал о визите.",
    "Посол дал интервью Nikkei и рассказал о визите.",
    "",
]


def attributed(lead: str) -> str | None:
    clues = (rule(lead) for rule in attributions.RULES)
    return next((clue.source for clue in clues if clue), None)


@pytest.mark.parametrize(("lead", "source"), ATTRIBUTED)
def test_attributions(lead: str, source: str) -> None:
    assert attributed(lead) == source


@pytest.mark.parametrize("lead", NOT_ATTRIBUTED)
def test_a_quoted_medium_is_not_the_source(lead: str) -> None:
    assert attributed(lead) is None


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("Визит завершён, сообщает Zakon.kz.", "Визит завершён"),
        ("Визит завершён, передает Tengrinews.kz со ссылкой на МИД.", "Визит завершён"),
        ("Визит завершён, пишет газета Yomiuri.", "Визит завершён"),
        ("Визит завершён, сообщает пресс-служба.", "Визит завершён, сообщает пресс-служба."),
        ("Как сообщает Zakon.kz, визит завершён.", "Как сообщает Zakon.kz, визит завершён."),
        ("Сообщает Zakon.kz.", "Сообщает Zakon.kz."),
        ("Визит завершён.", "Визит завершён."),
        ("", ""),
    ],
)
def test_the_attribution_is_cut_off_a_title(sentence: str, rest: str) -> None:
    assert attributions.without_attribution(sentence) == rest


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("КАЗИНФОРМ", "Казинформ"),
        ("«тасс»", "ТАСС"),
        ("РИА  Новости", "РИА Новости"),
        ("Zakon.kz", "Zakon.kz"),
        ('"Times Tengri".', "Times Tengri"),
        ("", ""),
    ],
)
def test_names_are_shown_as_they_write_themselves(name: str, shown: str) -> None:
    assert media.canonical(name) == shown


@pytest.mark.parametrize("name", ["Reuters", "The Guardian", "«Синьхуа»", "Nikkei.com", "BBC", "X"])
def test_foreign_media(name: str) -> None:
    assert media.is_foreign(name)


@pytest.mark.parametrize("name", ["Zakon.kz", "Forbes.kz", "Times Tengri", "ТАСС", "Xabar", ""])
def test_media_in_russian(name: str) -> None:
    assert not media.is_foreign(name)


@given(st.text(max_size=300))
def test_no_text_breaks_the_rules(text: str) -> None:
    clues = [rule(text) for rule in (*datelines.RULES, *attributions.RULES)]
    assert all(clue is None or 0 <= clue.stop <= len(text) for clue in clues)
