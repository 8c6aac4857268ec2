"""Dates as people write them."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.dates import read_date

DATES = [
    ("2025-12-19", "2025-12-19"),
    ("2025-12-19 14:00", "2025-12-19"),
    ("2025-12-19T10:00:00+05:00", "2025-12-19"),
    ("2025-12-19T10:00:00.000Z", "2025-12-19"),
    ("19.12.2025", "2025-12-19"),
    ("9.2.2025", "2025-02-09"),
    ("19/12/2025", "2025-12-19"),
    ("19.12.2025 г.", "2025-12-19"),
    ("19.12.2025, 14:35", "2025-12-19"),
    ("14:35, 19 декабря 2025", "2025-12-19"),
    ("14:35 19.12.2025", "2025-12-19"),
    ("пятница, 19.12.2025", "2025-12-19"),
    ("19 декабря 2025", "2025-12-19"),
    ("19 Декабря, 2025", "2025-12-19"),
    ("19 декабря 2025 года", "2025-12-19"),
    ("19 декабря 2025, 14:35", "2025-12-19"),
    ("19 декабря 2025 в 14:35 (МСК)", "2025-12-19"),
    ("Пятница, 19 декабря 2025", "2025-12-19"),
    ("19 дек. 2025 г.", "2025-12-19"),
    ("19 дек 2025", "2025-12-19"),
    ("5 сент. 2025 г.", "2025-09-05"),
    ("1 мая 2025г.", "2025-05-01"),
    ("29 февраля 2024", "2024-02-29"),
    ("август 2025", "2025-08"),
    ("август 2025 г.", "2025-08"),
    ("2025-08", "2025-08"),
    ("2025", "2025"),
]
NO_DATES = [
    *("", "19 декабря", "вчера", "сегодня, 14:20", "14:35", "в 2025 году", "18–20 декабря 2025"),
    *("2025-13-40", "31 февраля 2025", "12.13.2025", "29 февраля 2025", "0000-01-01", "19.12.25"),
    *("Алматы 2025", "12 млн 2025", "19 декабря 2025 Токаев прибыл", "2 мая", "Январь", "99999"),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text: str, expected: str) -> None:
    assert str(read_date(text)) == expected


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@given(st.dates())
def test_every_day_is_read_in_figures(day: date) -> None:
    assert str(read_date(f"{day.day:02}.{day.month:02}.{day.year:04}")) == day.isoformat()


@given(
    st.text(max_size=60) | st.from_regex(r"\d{1,4}[ ./-][а-я\d]{1,8}[ ./-]\d{1,4}", fullmatch=True)
)
def test_no_text_breaks_it(text: str) -> None:
    found = read_date(text)
    assert found is None or len(re.findall(r"\d", text)) >= 4
