"""Strict filters are read from a question, and what is not one is said."""

from datetime import date

import pytest

from retrieval.asking.filters import MOST, Fault, read_filters
from retrieval.asking.mastheads import source_matches

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("question", "kind", "typed", "days"),
    [
        ("мост дата:2023-04", "date", "дата:2023-04", "2023-04-01..2023-04-30"),
        ("дата:2023 мост", "date", "дата:2023", "2023-01-01..2023-12-31"),
        ("ДАТА: 7.04.2023, мост", "date", "ДАТА: 7.04.2023", "2023-04-07..2023-04-07"),
        ("дата:04.2023", "date", "дата:04.2023", "2023-04-01..2023-04-30"),
        ("Дата:апрель 2023 мост", "date", "Дата:апрель 2023", "2023-04-01..2023-04-30"),
        ("дата:2–5 апреля 2023", "date", "дата:2–5 апреля 2023", "2023-04-02..2023-04-05"),
        (
            "дата:2023-04-01..2023-04-09",
            "date",
            "дата:2023-04-01..2023-04-09",
            "2023-04-01..2023-04-09",
        ),
        (
            "дата:2023-04-09…2023-04-01",
            "date",
            "дата:2023-04-09…2023-04-01",
            "2023-04-01..2023-04-09",
        ),
        ("дата:2023-04..", "date", "дата:2023-04..", "2023-04-01..9999-12-31"),
        ("дата:..2023-04", "date", "дата:..2023-04", "0001-01-01..2023-04-30"),
        ("дата:вчера", "date", "дата:вчера", "2026-03-17..2026-03-17"),
        ("после:2023-04", "after", "после:2023-04", "2023-04-01..9999-12-31"),
        ("до:2023-04", "before", "до:2023-04", "0001-01-01..2023-03-31"),
        ("до : 9 апреля 2023?", "before", "до : 9 апреля 2023", "0001-01-01..2023-04-08"),
    ],
)
def test_filters_by_date(question: str, kind: str, typed: str, days: str) -> None:
    found = read_filters(question, TODAY)
    (one,) = found.filters
    assert (one.kind, one.typed) == (kind, typed)
    assert one.period is not None
    assert f"{one.period.first}..{one.period.last}" == days
    assert [question[slice(*span)] for span in found.spans] == [typed]
    assert found.faults == ()


@pytest.mark.parametrize(
    ("question", "kind", "typed", "value"),
    [
        ("источник:reuters нефть", "source", "источник:reuters", "reuters"),
        ("Источник: bbc.co.uk.", "source", "Источник: bbc.co.uk", "bbc.co.uk"),
        ('источник:"Новая Волна", нефть', "source", 'источник:"Новая Волна"', "Новая Волна"),
        ("статья:«Сухой порт» груз", "title", "статья:«Сухой порт»", "Сухой порт"),
        ("статья:„Сухой порт“", "title", "статья:„Сухой порт“", "Сухой порт"),
        ("статья:порт?", "title", "статья:порт", "порт"),
    ],
)
def test_filters_by_source_and_title(question: str, kind: str, typed: str, value: str) -> None:
    (one,) = read_filters(question).filters
    assert tuple(one) == (kind, typed, None, value)


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("порт дата:2023-13", Fault("дата:2023-13", "date")),
        ("дата:0000", Fault("дата:0000", "date")),
        ("дата:2025-00-10", Fault("дата:2025-00-10", "date")),
        ("дата:00.12.2025", Fault("дата:00.12.2025", "date")),
        ("дата:10.00.2025 порт", Fault("дата:10.00.2025", "date")),
        ("после:позавчерашнего", Fault("после:позавчерашнего", "date")),
        ("до: потом", Fault("до: потом", "date")),
        ("дата:вчерашняя", Fault("дата:вчерашняя", "date")),
        ("порт источник:", Fault("источник:", "source")),
        ('источник:""', Fault("источник:", "source")),
        ("статья: …", Fault("статья: …", "title")),
        ("автор:Ким порт", Fault("автор:Ким", "unknown_filter")),
        ("порт -источник:bbc", Fault("-источник:bbc", "unknown_filter")),
    ],
)
def test_what_is_no_filter_is_said(question: str, fault: Fault) -> None:
    found = read_filters(question, TODAY)
    assert (found.filters, found.faults) == ((), (fault,))


@pytest.mark.parametrize(
    "question",
    ["Ким: как он жил", "https://example.org/a", "в 14:35", "итог 3:2", "супер:)", "", "дата"],
)
def test_a_colon_makes_no_filter(question: str) -> None:
    assert read_filters(question, TODAY) == ((), (), ())


def test_of_many_filters_the_first_are_read() -> None:
    question = " ".join(f"источник:газета{number}" for number in range(MOST + 3))
    assert MOST == 6
    assert [one.value for one in read_filters(question).filters] == [
        f"газета{number}" for number in range(MOST)
    ]


def test_a_day_is_after_itself_and_not_before() -> None:
    after, before = read_filters("после:2024-05-06 до:2024-05-06").filters
    assert after.period is not None
    assert before.period is not None
    assert not after.period.overlaps(before.period)
    assert (after.period.first - before.period.last).days == 1


@pytest.mark.parametrize(
    ("value", "source", "url"),
    [
        ("reuters", "Reuters", None),
        ("REUTERS.com", "Reuters", None),
        ("reuters", None, "https://www.reuters.com/world/1"),
        ("Рейтерс", "Reuters", None),
        ("блумберг", "Bloomberg.com", None),
        ("bloomberg", "Блумберг", None),
        ("ведомости", "«Ведомости»", None),
        ("Елочка", "Ёлочка", None),
        ("japan", "The Japan Times", None),
        ("japan times", None, "https://www.japantimes.co.jp/a"),
        ("таймс", "The Times", None),
        ("ньюс", "Daily News", None),
        ("риа новости", "РИА «Новости»", "https://ria.ru/1"),
        ("егемен", "Egemen Qazaqstan", None),
    ],
)
def test_names_of_one_source(value: str, source: str | None, url: str | None) -> None:
    assert source_matches(value, source, url)


@pytest.mark.parametrize(
    ("value", "source", "url"),
    [
        ("reuters", "Router", None),
        ("report", "Reporter", None),
        ("kz", "Kursiv.kz", None),
        ("www", None, "https://www.kursiv.kz/1"),
        ("times japan", "The Japan Times", None),
        ("вести", "Вестник", None),
        ("волна", "Волны", None),
        ("reuters", None, None),
        ("…", "…", None),
        ("", "Reuters", None),
    ],
)
def test_names_of_different_sources(value: str, source: str | None, url: str | None) -> None:
    assert not source_matches(value, source, url)
