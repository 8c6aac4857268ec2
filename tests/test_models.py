"""The frozen values: partial dates, digests, how a refusal is written."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.models import Article, PartialDate, Passage, Reason, Refusal

ARTICLE = Article(id="a.txt", path="a.txt", text="Токио принял гостей.", title="Токио")

partial_dates = st.one_of(
    st.builds(PartialDate, st.integers(1, 9999)),
    st.builds(PartialDate, st.integers(1, 9999), st.integers(1, 12)),
    st.dates().map(lambda day: PartialDate(day.year, day.month, day.day)),
)


@pytest.mark.parametrize("text", ["2025", "2025-08", "2025-12-19", "0001-01-01", "2024-02-29"])
def test_a_partial_date_is_written_as_it_was_read(text: str) -> None:
    assert str(PartialDate.fromisoformat(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "2025-13",
        "2025-8",
        "2025-02-30",
        "2025-12-19T10:00",
        "0000",
        "2025-00",
        "2025-01-00",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.fromisoformat(text)


def test_a_day_needs_its_month() -> None:
    with pytest.raises(ValueError, match="needs a month"):
        PartialDate(2025, None, 19)


@given(partial_dates)
def test_every_partial_date_survives_its_text(date: PartialDate) -> None:
    assert PartialDate.fromisoformat(str(date)) == date


@given(partial_dates, partial_dates)
def test_dates_are_in_one_order(one: PartialDate, other: PartialDate) -> None:
    assert (one < other) + (one == other) + (one > other) == 1


def test_a_partial_date_comes_before_the_days_in_it() -> None:
    days = [
        PartialDate(2025, 8, 1),
        PartialDate(2025, 8),
        PartialDate(2025),
        PartialDate(2025, 7, 31),
    ]
    assert [str(day) for day in sorted(days)] == ["2025", "2025-07-31", "2025-08", "2025-08-01"]


@pytest.mark.parametrize(
    "changed",
    [
        replace(ARTICLE, text="Токио принял гостей!"),
        replace(ARTICLE, title="Киото"),
        replace(ARTICLE, source="Zakon.kz"),
        replace(ARTICLE, date=PartialDate(2025)),
        replace(ARTICLE, url="https://zakon.kz"),
        replace(ARTICLE, author="А. Ким"),
    ],
)
def test_a_digest_changes_with_all_a_reader_sees(changed: Article) -> None:
    assert changed.digest != ARTICLE.digest


def test_a_digest_is_of_what_is_read_and_not_of_where_it_lies() -> None:
    assert replace(ARTICLE, id="b", path="b.txt", body=3).digest == ARTICLE.digest


def test_a_passage_is_a_slice() -> None:
    assert Passage(ARTICLE, 6, 12).text == "принял"


@pytest.mark.parametrize(
    ("refusal", "line"),
    [
        (Refusal("a.txt", Reason.EMPTY), "a.txt: empty"),
        (Refusal("a.txt", Reason.NOT_TEXT, "a picture"), "a.txt: not text: a picture"),
        (Refusal("a.jsonl", Reason.JSON, "bad", 3), "a.jsonl:3: broken JSON: bad"),
    ],
)
def test_a_refusal_is_one_line(refusal: Refusal, line: str) -> None:
    assert str(refusal) == line
