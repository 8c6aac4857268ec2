"""Markdown, JSON lines and the fields they give: what is read, and every way to be refused."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.corpus import read_content
from retrieval.models import Article, PartialDate, Reason, Refusal
from tests.reading import article, refusal

TEXT = "Токио принял президента. Встреча прошла во дворце."


def test_markdown_with_front_matter() -> None:
    found = article(
        "a.md",
        "---\ntitle: 'Заголовок: первый'\nsource: Zakon.kz\ndate: 2025-12-19\n"
        "url: https://zakon.kz/1\nauthor: А. Ким\nid: визит\ntags: [a, b]\n---\n" + TEXT,
    )
    assert (found.id, found.title, found.source) == ("визит", "Заголовок: первый", "Zakon.kz")
    assert (found.date, found.author) == (PartialDate(2025, 12, 19), "А. Ким")
    assert (found.url, found.text) == ("https://zakon.kz/1", TEXT)
    assert set(found.origins) == {"field"}


def test_markdown_is_stored_as_plain_text() -> None:
    found = article(
        "a.md",
        "# Визит\n\nПервый *важный* абзац\nиз [двух](http://a.b) строк ![](x.png).\n\n"
        "## Итоги\n\n- пункт **раз**\n- пункт два\n\n1. первый\n2. второй\n\n> Цитата `код`.\n\n"
        "<div>html</div>\n\n    С отступом.\n\n***\n\nКонец &amp; всё.",
    )
    assert found.title == "Визит"
    assert found.text == (
        "Визит\n\nПервый важный абзац\nиз двух строк .\n\nИтоги\n\n- пункт раз\n\n- пункт два\n\n"
        "1. первый\n\n2. второй\n\nЦитата код.\n\nС отступом.\n\nКонец & всё."
    )
    assert [found.text[head.start : head.stop] for head in found.headings] == ["Визит", "Итоги"]
    assert found.text[found.body :].startswith("Первый")


@given(
    st.lists(st.sampled_from(["Токио принял гостей.", "«Да», — сказал он", "18,6% и 3.7", "C5+1"]))
)
def test_plain_markdown_is_stored_character_for_character(sentences: list[str]) -> None:
    text = "\n\n".join(sentences)
    found = list(read_content(text.encode(), "a.md"))
    assert [one.text for one in found if isinstance(one, Article)] == [text] * bool(text)


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        ("---\ntitle: [a\n---\nТекст", Reason.FRONT_MATTER, 3),
        ("---\nsource: a\ntitle: 'a\n---\nТекст", Reason.FRONT_MATTER, 4),
        ("---\ntitle: a\nТекст", Reason.FRONT_MATTER, 1),
        ("---\nтекст\n---\nТекст", Reason.FRONT_MATTER, 1),
        ("---\ntitle: !!python/object:os.system {}\n---\nТекст", Reason.FRONT_MATTER, 2),
        ("---\na: &a [*a, *a]\ntitle: [[[[[[[[[[[\n---\nТекст", Reason.FRONT_MATTER, 4),
        ("---\ntitle: [a, b]\n---\nТекст", Reason.FIELD, None),
        ("---\nurl: javascript:alert(1)\n---\nТекст", Reason.FIELD, None),
        ("---\ndate: 2025-13-40\n---\nТекст", Reason.DATE, None),
        ("---\ntitle: a\n---\n", Reason.EMPTY, None),
        ("---\ntitle: a\n---\n<div>a</div>", Reason.EMPTY, None),
    ],
)
def test_broken_front_matter(content: str, reason: Reason, line: int | None) -> None:
    refused = refusal("a.md", content)
    assert (refused.reason, refused.line) == (reason, line)


@pytest.mark.parametrize(
    ("given_date", "date"),
    [
        ("2025-12-19", "2025-12-19"),
        ("2025-08", "2025-08"),
        ("2025", "2025"),
        (2025, "2025"),
        ("2025-12-19T10:00:00+05:00", "2025-12-19"),
        ("2025-12-19 10:00", "2025-12-19"),
        ("19.12.2025", "2025-12-19"),
        ("19 декабря 2025", "2025-12-19"),
        ("2999-01-01", "2999-01-01"),
        ("", "None"),
        (None, "None"),
    ],
)
def test_dates_that_are_given(given_date: object, date: str) -> None:
    line = json.dumps({"text": TEXT, "date": given_date})
    assert str(article("a.jsonl", line).date) == date


@pytest.mark.parametrize(
    ("given_date", "reason"),
    [
        *(("2025-13-40", Reason.DATE), ("2025-02-30T10:00", Reason.DATE), ("вчера", Reason.DATE)),
        *((20251219, Reason.DATE), (True, Reason.FIELD), (["2025"], Reason.FIELD)),
        *((1.5, Reason.FIELD), ("2025-12-19 и позже" * 99, Reason.DATE)),
    ],
)
def test_dates_that_do_not_exist(given_date: object, reason: Reason) -> None:
    refused = refusal("a.jsonl", json.dumps({"text": TEXT, "date": given_date}))
    assert refused.reason == reason


def test_json_lines() -> None:
    lines = [
        json.dumps({"text": TEXT, "title": "Раз", "source": "LS", "lead": 1}),
        "",
        json.dumps({"text": f"БАКУ /Trend/ - {TEXT}", "id": 7}, ensure_ascii=False),
    ]
    first, second = read_content("\r\n".join(lines).encode(), "a.jsonl")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.line, first.title, first.source) == ("a.jsonl#1", 1, "Раз", "LS")
    assert (second.id, second.line, second.source, second.origins.source) == (
        *("7", 3, "Trend", "dateline_slashed"),
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{bad", Reason.JSON),
        ('{"text": "a"} {}', Reason.JSON),
        ("[1]", Reason.JSON),
        ("null", Reason.JSON),
        ("[" * 100_000, Reason.JSON),
        ('{"id": ' + "9" * 5_000 + ', "text": "a"}', Reason.JSON),
        ("{}", Reason.FIELD),
        ('{"text": 5}', Reason.FIELD),
        ('{"text": "a", "title": 5}', Reason.FIELD),
        ('{"text": "a", "author": ["б"]}', Reason.FIELD),
        ('{"text": "a", "source": "\\ud83d"}', Reason.FIELD),
        ('{"text": "a", "id": true}', Reason.FIELD),
        ('{"text": "a", "url": "ftp://a.kz"}', Reason.FIELD),
        ('{"text": "a", "url": "https://"}', Reason.FIELD),
        ('{"text": "a", "url": "https://a.kz/ b"}', Reason.FIELD),
        ('{"text": "a", "url": "http://[a"}', Reason.FIELD),
        ('{"text": " "}', Reason.EMPTY),
        ('{"text": "a\\u0000"}', Reason.NOT_TEXT),
        ('{"text": "\\ud83d"}', Reason.NOT_TEXT),
    ],
)
def test_a_bad_line_is_refused_alone(line: str, reason: Reason) -> None:
    good = json.dumps({"text": TEXT})
    before, refused, after = read_content(f"{good}\n{line}\n{good}".encode(), "a.jsonl")
    assert (before.line, after.line) == (1, 3)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.line) == (reason, 2)


@given(st.binary(max_size=300), st.sampled_from([".txt", ".md", ".jsonl", ".html"]))
def test_any_bytes_are_read_or_refused_in_one_line(content: bytes, suffix: str) -> None:
    for found in read_content(content, f"a{suffix}"):
        assert isinstance(found, Article) or str(found).isprintable()


@given(st.text(max_size=200), st.sampled_from([".txt", ".md", ".jsonl", ".html"]))
def test_any_text_is_read_or_refused(text: str, suffix: str) -> None:
    for found in read_content(text.encode("utf-8", "replace"), f"a{suffix}"):
        assert isinstance(found, Article) or str(found).isprintable()


def test_yaml_aliases_that_grow_without_end_are_one_short_line() -> None:
    """Nine levels of aliases stand for 10**9 values («billion laughs»)."""
    levels = "abcdefghi"
    lines = [f"a: &a [{', '.join('x' * 9)}]"]
    lines += [
        f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]"
        for before, one in itertools.pairwise(levels)
    ]
    bomb = "\n".join(["---", *lines, "title: *i", "---", TEXT])
    refused = refusal("a.md", bomb)
    assert refused.reason == Reason.FIELD
    assert len(refused.detail) < 200
