"""Dates named in passages and in questions are read into the days they mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.asking.periods import Period, mentioned, moved, period_of
from retrieval.asking.spoken_dates import spoken
from retrieval.asking.units import containing, part_of, shifted
from retrieval.models import PartialDate

TODAY = date(2026, 3, 18)
"""A Wednesday."""
PUBLISHED = PartialDate(2024, 10, 5)


def written(period: Period) -> str:
    return f"{period.first}..{period.last}"


@pytest.mark.parametrize(
    ("known", "days"),
    [
        (PartialDate(2024), "2024-01-01..2024-12-31"),
        (PartialDate(2024, 2), "2024-02-01..2024-02-29"),
        (PartialDate(9999, 12), "9999-12-01..9999-12-31"),
        (PartialDate(2023, 7, 9), "2023-07-09..2023-07-09"),
    ],
)
def test_the_days_of_a_date_known_in_part(known: PartialDate, days: str) -> None:
    assert written(period_of(known)) == days


def test_periods_overlap_where_they_share_a_day() -> None:
    march, year = period_of(PartialDate(2024, 3)), period_of(PartialDate(2024))
    last_day = period_of(PartialDate(2024, 3, 31))
    assert march.overlaps(year)
    assert last_day.overlaps(march)
    assert not march.overlaps(period_of(PartialDate(2024, 4, 1)))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Мост открыли 7 июля 2023 года.", ["2023-07-07..2023-07-07"]),
        ("Ярмарка прошла 3–5 мая 2022 г.", ["2022-05-03..2022-05-05"]),
        ("с 3 по 5 мая 2022 года", ["2022-05-03..2022-05-05"]),
        (
            "В феврале 2024-го и в апреле 2025 года",
            ["2024-02-01..2024-02-29", "2025-04-01..2025-04-30"],
        ),
        ("В 1987 году завод закрыли.", ["1987-01-01..1987-12-31"]),
        ("на 2021–2025 годы", ["2021-01-01..2025-12-31"]),
        ("с 2019 по 2022 добывали больше", ["2019-01-01..2022-12-31"]),
        ("правил (1801-1825) недолго", ["1801-01-01..1825-12-31"]),
        ("в 1970-х годах", ["1970-01-01..1979-12-31"]),
        ("2023-11-09 и 10.11.2023", ["2023-11-09..2023-11-09", "2023-11-10..2023-11-10"]),
        ("Собрание 12 сентября", ["2024-09-12..2024-09-12"]),
        ("Собрание 12 января", ["2025-01-12..2025-01-12"]),
        ("Собрание 12 мая", ["2024-05-12..2024-05-12"]),
        ("в 2023 году, в 2023 году", ["2023-01-01..2023-12-31"]),
        ("стоит 2025 тенге, код 1999", []),
        ("31 июня 2023 года, 99.99.2020", []),
        ("2024/2025 и №2020-1, 1.2.3.2024", []),
        ("в марте и мае", []),
        ("", []),
    ],
)
def test_the_dates_that_a_passage_names(text: str, days: list[str]) -> None:
    assert [written(period) for period in mentioned(text, PUBLISHED)] == days


def test_a_day_without_a_year_is_no_date_where_nothing_tells_its_year() -> None:
    assert mentioned("12 сентября") == ()


@given(st.text(alphabet="0123456789.- –годумайпсxв\n", max_size=80), st.dates())
def test_any_passage_can_be_read(text: str, published: date) -> None:
    found = mentioned(text, PartialDate(published.year, published.month, published.day))
    assert all(period.first <= period.last for period in found)


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("что решили вчера", ["2026-03-17..2026-03-17"]),
        ("Позавчера в сенате", ["2026-03-16..2026-03-16"]),
        ("вчерашнее заседание", ["2026-03-17..2026-03-17"]),
        ("новости за последнюю неделю", ["2026-03-11..2026-03-18"]),
        ("за последние пять дней", ["2026-03-13..2026-03-18"]),
        ("за последние 2 месяца", ["2026-01-18..2026-03-18"]),
        ("на прошлой неделе", ["2026-03-09..2026-03-15"]),
        ("на этой неделе", ["2026-03-16..2026-03-22"]),
        ("в прошлом месяце", ["2026-02-01..2026-02-28"]),
        ("в этом году", ["2026-01-01..2026-12-31"]),
        ("две недели назад", ["2026-03-01..2026-03-07"]),
        ("три года назад", ["2023-01-01..2023-12-31"]),
        ("во вторник", ["2026-03-17..2026-03-17"]),
        ("в пятницу", ["2026-03-13..2026-03-13"]),
        ("с начала года", ["2026-01-01..2026-03-18"]),
        ("что случилось за месяц?", ["2026-02-18..2026-03-18"]),
        ("прошлым летом", ["2025-06-01..2025-08-31"]),
        ("весной прошлого года", ["2025-03-01..2025-05-31"]),
        ("осенью 2023 года", ["2023-09-01..2023-11-30"]),
        ("зимой 2024", ["2023-12-01..2024-02-29"]),
        ("в апреле", ["2025-04-01..2025-04-30"]),
        ("в марте", ["2026-03-01..2026-03-31"]),
        ("в марте 2024", ["2024-03-01..2024-03-31"]),
        ("5 июня", ["2025-06-05..2025-06-05"]),
        ("3—7 февраля", ["2026-02-03..2026-02-07"]),
        ("29 февраля", ["2024-02-29..2024-02-29"]),
        ("в 2019 году", ["2019-01-01..2019-12-31"]),
        ("экспорт зерна 2021?", ["2021-01-01..2021-12-31"]),
        ("с 2018 по 2021", ["2018-01-01..2021-12-31"]),
        ("между 2018 и 2021 годами", ["2018-01-01..2021-12-31"]),
        ("2018–2021", ["2018-01-01..2021-12-31"]),
        ("с ноября 2024 по февраль", ["2024-11-01..2025-02-28"]),
        ("с мая по июль 2023", ["2023-05-01..2023-07-31"]),
        ("с 28 декабря по 3 января", ["2025-12-28..2026-01-03"]),
        ("с 2022 года", ["2022-01-01..2026-03-18"]),
        ("до 2000 года", ["0001-01-01..1999-12-31"]),
        ("по сравнению с 2022 годом", ["2022-01-01..2022-12-31"]),
        ("во втором квартале 2025", ["2025-04-01..2025-06-30"]),
        ("в IV квартале 2024 года", ["2024-10-01..2024-12-31"]),
        ("в первом полугодии 2025", ["2025-01-01..2025-06-30"]),
        ("в конце 2023 года", ["2023-09-01..2023-12-31"]),
        ("во второй половине июня 2025", ["2025-06-16..2025-06-30"]),
        ("в восьмидесятые", ["1980-01-01..1989-12-31"]),
        ("в 70-х", ["1970-01-01..1979-12-31"]),
        ("в XVII веке", ["1601-01-01..1700-12-31"]),
        ("14.02.2025", ["2025-02-14..2025-02-14"]),
        ("продали 2000 тонн", []),
        ("сколько дождей в среднем за год", []),
        ("66 миллионов лет назад", []),
        ("в последние годы жизни хана", []),
        ("кто снял фильм Послезавтра", []),
        ("к лету и до весны", []),
        ("90-е шоссе и улица Сен-Жермен", []),
        ("в 90-е", ["1990-01-01..1999-12-31"]),
        ("игра Сталкер 2077", []),
        ("роман Август Май", []),
        ("две десятых процента", []),
        ("30 февраля 2024", []),
        ("2025-00-10", []),
        ("2025-12-00", []),
        ("00.12.2025", []),
        ("12.00.2025", []),
    ],
)
def test_the_dates_that_a_question_names(question: str, days: list[str]) -> None:
    assert [written(one.period) for one in spoken(question, TODAY)] == days


@pytest.mark.parametrize(
    ("today", "question", "days"),
    [
        (date(2025, 12, 15), "следующей зимой", ["2026-12-01..2027-02-28"]),
        (date(2025, 12, 15), "будущей зимой", ["2026-12-01..2027-02-28"]),
        (date(2025, 12, 15), "этой зимой", ["2025-12-01..2026-02-28"]),
        (date(2025, 12, 15), "прошлой зимой", ["2024-12-01..2025-02-28"]),
        (date(2026, 1, 15), "следующей зимой", ["2026-12-01..2027-02-28"]),
        (date(2025, 12, 15), "следующим летом", ["2026-06-01..2026-08-31"]),
        (date(2025, 6, 15), "следующим летом", ["2026-06-01..2026-08-31"]),
        (date.max, "следующей зимой", []),
        (date.min, "прошлым летом", []),
    ],
)
def test_the_season_before_and_the_next(today: date, question: str, days: list[str]) -> None:
    assert [written(one.period) for one in spoken(question, today)] == days


@given(
    st.dates(),
    st.sampled_from(["следующ", "прошл", "эт"]),
    st.sampled_from(["ей зимой", "ой зимой", "им летом", "ым летом", "ой весной", "ей осенью"]),
)
def test_a_season_of_any_day_can_be_read(today: date, which: str, name: str) -> None:
    for one in spoken(f"{which}{name}", today):
        assert which != "следующ" or one.period.first > today
        assert which != "прошл" or one.period.last < today


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("что решили вчера", ["вчера"]),
        ("за последние пять дней в порту", ["за последние пять дней"]),
        ("весной прошлого года", ["прошлого года"]),
        ("в апреле 2024 года", []),
    ],
)
def test_what_is_counted_from_today_is_told_from_the_calendar(
    question: str, counted: list[str]
) -> None:
    found = spoken(question, TODAY)
    assert [question[slice(*span)] for one in found for span in one.relative] == counted


@pytest.mark.parametrize("question", ["вчера", "в прошлом году", "в мае", "за последние три дня"])
def test_without_today_only_dates_of_the_calendar_are_read(question: str) -> None:
    assert spoken(question) == ()
    assert [written(one.period) for one in spoken(f"{question}, 2 мая 2024")] == [
        "2024-05-02..2024-05-02"
    ]


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["day", "week", "month", "quarter", "half", "year", "decade"]),
    st.integers(-50, 50),
)
def test_units_follow_each_other_without_a_gap(day: date, unit: str, count: int) -> None:
    here, after = containing(day, unit), containing(day, unit, 1)
    assert here.first <= day <= here.last
    assert moved(here.last, 1) == after.first
    assert shifted(day, unit, count).year - day.year in range(-501, 502)


@given(st.dates(), st.dates(), st.integers(1, 5))
def test_the_parts_of_a_period_are_in_it_and_in_order(one: date, other: date, parts: int) -> None:
    whole = Period(min(one, other), max(one, other))
    found = [part_of(whole, number, parts) for number in range(1, parts + 1)]
    assert all(whole.first <= part.first <= whole.last for part in found)
    assert sorted(found) == found
