"""What people read: plural forms, dates, and the manners of every Russian string."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import texts
from bot.texts import russian
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
        (texts.not_found(1), "Я искал в 1 статье."),
        (texts.not_found(5), "Я искал в 5 статьях."),
        (texts.archive_size(2), "В архиве 2 статьи."),
        (texts.reload_done(0.26, 5), "Архив перечитан за 0,3 с. В архиве 5 статей."),
        (texts.loaded(AT), "Архив загружен 22 ноября 2026 г., 14:05"),
        (texts.and_more(7), "и ещё 7"),
    ],
)
def test_sentences_with_numbers(shown: str, sentence: str) -> None:
    assert sentence in shown


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
        for name, value in vars(texts).items()
        if name.isupper() and name not in {"RUSSIAN", "NBSP"}
        for text in strings(value)
    ),
    ("too_long", texts.too_long(2000, 1000)),
    ("not_found", texts.not_found(5)),
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
