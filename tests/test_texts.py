"""What people read: plural forms, dates, and the manners of every Russian string."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import chain
from typing import get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest

from bot import texts
from bot.texts import answers, russian
from retrieval.asking.filters import Fault, Filter, read_filters
from retrieval.asking.periods import Period
from retrieval.found import Sighting
from retrieval.models import PartialDate, Reason, Refusal

AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC).astimezone(ZoneInfo("Asia/Almaty"))


@pytest.mark.parametrize(
    ("number", "form"),
    [
        *((number, "статья") for number in (1, 21, 31, 101, 1001, 121)),
        *((number, "статьи") for number in (2, 3, 4, 22, 34, 102, 1003)),
        *((number, "статей") for number in (0, 5, 10, 11, 12, 13, 14, 19, 20, 25, 111, 112, 1011)),
    ],
)
def test_plural(number: int, form: str) -> None:
    assert russian.plural(number, russian.ARTICLES) == f"{number} {form}"


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        (PartialDate(2025, 12, 19), "19 декабря 2025 г."),
        (PartialDate(2026, 3, 1), "1 марта 2026 г."),
        (PartialDate(2025, 8), "август 2025 г."),
        (PartialDate(2025, 5), "май 2025 г."),
        (PartialDate(2025), "2025 г."),
        (None, "дата не указана"),
    ],
)
def test_day(date: PartialDate | None, shown: str) -> None:
    assert russian.day(date) == shown


def test_moment_is_in_its_own_zone() -> None:
    assert russian.moment(AT) == "22 ноября 2026 г., 14:05"
    assert russian.moment(AT.astimezone(UTC)) == "22 ноября 2026 г., 09:05"


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (PartialDate(2025, 12, 19), PartialDate(2025, 12, 19), "19 декабря 2025 г."),
        (PartialDate(2025, 8), PartialDate(2025, 12, 1), "август 2025 г. — 1 декабря 2025 г."),
        (None, None, "дата не указана"),
    ],
)
def test_period(first: PartialDate | None, last: PartialDate | None, shown: str) -> None:
    assert russian.period(first, last) == shown


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        (
            texts.too_long(1001, 1000),
            "Вопрос слишком длинный: 1001 знак. Сократите его до 1000 знаков.",
        ),
        (texts.too_long(1202, 1001), "1202 знака. Сократите его до 1001 знака."),
        (answers.searched(1, None, None), "Я искал в 1 статье"),
        (answers.searched(5, *[PartialDate(2025)] * 2), "Я искал в 5 статьях (2025\u00a0г.)"),
        (texts.archive_size(2), "В архиве 2 статьи."),
        (texts.reload_done(0.26, 5), "Архив перечитан за 0,3 с. В архиве 5 статей."),
        (texts.loaded(AT), "Архив загружен 22 ноября 2026 г., 14:05"),
        (texts.and_more(7), "и ещё 7"),
    ],
)
def test_sentences_with_numbers(shown: str, sentence: str) -> None:
    assert sentence in shown


DAY = date(2025, 12, 18)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (DAY, DAY, "за 18 декабря 2025 г."),
        (DAY, date(2025, 12, 20), "с 18 декабря 2025 г. по 20 декабря 2025 г."),
        (date(2025, 12, 1), date(2025, 12, 31), "за декабрь 2025 г."),
        (date(2024, 2, 1), date(2024, 2, 29), "за февраль 2024 г."),
        (date(2023, 2, 1), date(2024, 2, 28), "с 1 февраля 2023 г. по 28 февраля 2024 г."),
        (date(2025, 11, 1), date(2025, 12, 31), "за ноябрь 2025 г. — декабрь 2025 г."),
        (date(2025, 1, 1), date(2025, 12, 31), "за 2025 г."),
        (date(2020, 1, 1), date(2023, 12, 31), "за 2020 г. — 2023 г."),
        (DAY, date.max, "с 18 декабря 2025 г."),
        (date.min, DAY, "по 18 декабря 2025 г."),
    ],
)
def test_a_period_of_a_question(first: date, last: date, shown: str) -> None:
    assert answers.within(Period(first, last)).replace("\u00a0", " ") == shown


TREND = Filter("source", "источник:trend", None, "trend")


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ([TREND], "Только источник: trend."),
        (
            [TREND, Filter("before", "до:2025-12", Period(date.min, date(2025, 11, 30)))],
            "Только источник: trend; только по 30 ноября 2025 г.",
        ),
        ([Filter("after", "после:вчера", Period(DAY, date.max))], "Только с 18 декабря 2025 г."),
        ([Filter("date", "дата:18.12.2025", Period(DAY, DAY))], "Только за 18 декабря 2025 г."),
        ([Filter("title", "статья:тариф", None, "тариф")], "Только статья: тариф."),
    ],
)
def test_filters_are_told_in_words(filters: list[Filter], shown: str) -> None:
    assert answers.only(filters).replace("\u00a0", " ") == shown


def test_every_fault_is_told_with_an_example() -> None:
    assert set(answers.EXAMPLES) == set(get_args(get_type_hints(Fault)["kind"]))


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (Fault("дата:2025-13", "date"), "Не понял «дата:2025-13», ищу как слова. Пример: дата:"),
        (Fault("тема:лён", "unknown_filter"), "Не понял «тема:лён», ищу как слова. Есть условия "),
        (Fault("«порт", "quote"), "Не понял «„порт», ищу как слова. Пример: «Средний коридор»."),
        (Fault("-порт", "minus"), "Одних минус-слов мало: нужно и слово, которое искать. Пример:"),
    ],
)
def test_a_fault_is_told(fault: Fault, shown: str) -> None:
    assert answers.fault(fault).startswith(shown)


def test_help_shows_every_filter_as_it_can_be_typed() -> None:
    lines = [line.partition(" — ")[0] for line in texts.HELP.splitlines()]
    read = [read_filters(line) for line in lines if not line.endswith(":")]
    assert [each.faults for each in read if each.faults] == []
    shown = {each.kind for one in read for each in one.filters}
    assert shown == set(get_args(get_type_hints(Filter)["kind"]))


@pytest.mark.parametrize("kind", ["date", "source", "title"])
def test_the_example_of_a_filter_can_be_read(kind: str) -> None:
    read = read_filters(answers.EXAMPLES[kind].removeprefix("Пример: "))
    assert ([each.kind for each in read.filters], read.faults) == ([kind], ())


@pytest.mark.parametrize(
    ("sighting", "shown"),
    [
        (Sighting("визита", ("визит",), 3), "визита (визит)"),
        (Sighting("визит", ("визит",), 3), "визит"),
        (Sighting("Еж", ("еж",), 3), "Еж"),
        (Sighting("Ёж", ("еж",), 3), "Ёж"),
        (Sighting("Добринской", ("добринск-",), 3), "Добринской"),
        (Sighting("Токаева", ("токаев", "tokayev"), 3), "Токаева (Токаев, Tokayev)"),
        (Sighting("а", ("а", "б", "в", "г", "д"), 3), "а (б, в)"),
    ],
)
def test_a_word_is_told_with_the_forms_it_was_searched_by(sighting: Sighting, shown: str) -> None:
    assert answers.words([sighting], 1) == f"Слова: {shown}."


def test_of_many_words_the_rest_is_counted() -> None:
    many = [Sighting(f"слово{n}", (), 1) for n in range(5)]
    assert answers.words(many, 2) == "Слова: слово0, слово1 и ещё 3."


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_text(reason: Reason) -> None:
    assert texts.refusal(Refusal("новости.jsonl", reason, "in English", 3)) == (
        f"новости.jsonl, строка 3: {texts.REASONS[reason]}"
    )
    assert texts.refusal(Refusal("a.txt", reason)) == f"a.txt: {texts.REASONS[reason]}"
    assert re.search("[а-я]", texts.REASONS[reason])


def strings(value: object) -> Iterator[str]:
    """Every string in a constant of the module, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(tuple(value.values()))
    elif isinstance(value, tuple):
        for part in value:
            yield from strings(part)


SENTENCES = [
    *(
        (name, text)
        for name, value in chain(vars(texts).items(), vars(answers).items())
        if name.isupper() and name not in {"RUSSIAN", "NBSP"}
        for text in strings(value)
    ),
    ("too_long", texts.too_long(2000, 1000)),
    *(
        (name, text)
        for name, value in vars(answers).items()
        if name.isupper() and name != "IN_ARTICLES"
        for text in strings(value)
    ),
    ("reload_done", texts.reload_done(1.5, 5)),
]


def test_the_strings_were_found() -> None:
    assert len(SENTENCES) > 50
    assert {"START", "REASONS", "COMMANDS", "EXAMPLES"} <= {name for name, _ in SENTENCES}


@pytest.mark.parametrize("text", [text for _, text in SENTENCES])
def test_a_string_has_good_manners(text: str) -> None:
    assert "!" not in text
    assert '"' not in text
    assert not re.search("[“”„‟']", text)
    assert text.count("«") == text.count("»")
    assert not re.search(r"(?<=\w) - (?=\w)|--", text), "a dash is —"
    assert "..." not in text
    assert not re.search(r" {2}| [,;:?]| \.(?!\w)| \n", text)
    assert re.search("[а-яё]", text.lower())


@pytest.mark.parametrize("text", [text for _, text in SENTENCES])
def test_no_word_mixes_alphabets(text: str) -> None:
    for word in re.findall(r"\w+", text):
        assert not (re.search("[a-z]", word, re.I) and re.search("[а-яё]", word, re.I)), word


@pytest.mark.parametrize(
    ("name", "description"), [*texts.COMMANDS.items(), *texts.ADMIN_COMMANDS.items()]
)
def test_a_command_is_what_telegram_takes(name: str, description: str) -> None:
    assert re.fullmatch("[a-z0-9_]{1,32}", name)
    assert 1 <= len(description) <= 256


def test_commands_are_everyones_or_the_admins() -> None:
    assert not texts.COMMANDS.keys() & texts.ADMIN_COMMANDS.keys()
    named = set(re.findall(r"/(\w+)", " ".join(text for _, text in SENTENCES)))
    assert named <= texts.COMMANDS.keys() | texts.ADMIN_COMMANDS.keys()
