"""What an archive has, by its arrays: the same as its articles say, one by one."""

from collections.abc import Iterable
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import overview
from bot.render import SourceSummary
from retrieval.analyzer import Analyzer
from retrieval.assembling import assemble
from retrieval.generation import Generation, Placed
from retrieval.models import Article, PartialDate
from retrieval.passages import split

ANALYZER = Analyzer()
DATES = [None, *map(PartialDate.fromisoformat, ("2024", "2024-02", "2024-02-01", "2025-12-31"))]
SOURCES = [
    (None, None),
    ("Тренд", None),
    ("Тренд", "https://m.trend.az/a"),
    ("Zakon", "https://zakon.kz:8080/b"),
]


def archive(articles: Iterable[Article], gone: frozenset[int] = frozenset()) -> Generation:
    """Two segments of these articles, some of which have gone."""
    given = tuple(articles)
    half = len(given) // 2
    segments = []
    for part, first in ((given[:half], 0), (given[half:], half)):
        pairs = [split(article, ANALYZER) for article in part]
        (placed,) = assemble(part, pairs, ANALYZER).segments
        lives = np.array([first + n not in gone for n in range(len(part))], np.bool_)
        passages = np.repeat(lives, np.diff(placed.segment.starts))
        segments.append(Placed(placed.segment, passages, lives))
    learned = assemble((), (), ANALYZER)
    return Generation(tuple(segments), ANALYZER, learned.abbreviations)


@st.composite
def archives(draw: st.DrawFn) -> tuple[Generation, list[Article]]:
    """An archive, and its living articles."""
    number = draw(st.integers(0, 8))
    drawn = [(draw(st.sampled_from(DATES)), *draw(st.sampled_from(SOURCES))) for _ in range(number)]
    articles = [
        Article(f"{n}.txt", f"{n}.txt", f"Уран {n}.", f"Статья {n}", source, date, url)
        for n, (date, source, url) in enumerate(drawn)
    ]
    gone = draw(st.frozensets(st.integers(0, max(number - 1, 0))))
    living = [article for n, article in enumerate(articles) if n not in gone]
    return archive(articles, gone), living


def told(articles: list[Article]) -> list[SourceSummary]:
    """As it is counted article by article."""
    found = []
    by_source = sorted(articles, key=lambda article: article.source or "")
    for source, group in groupby(by_source, key=lambda article: article.source):
        members = list(group)
        dates = sorted(article.date for article in members if article.date)
        found.append(SourceSummary(source, len(members), *ends(dates)))
    return sorted(found, key=lambda summary: (summary.source is None, -summary.articles))


def ends(dates: list[PartialDate]) -> tuple[PartialDate | None, PartialDate | None]:
    return (min(dates, key=str), max(dates, key=str)) if dates else (None, None)


@given(archives(), st.integers(0, 9))
def test_it_says_what_the_articles_say(given_: tuple[Generation, list[Article]], k: int) -> None:
    generation, articles = given_
    assert overview.reach(generation) == ends([one.date for one in articles if one.date])
    assert overview.summaries(generation) == told(articles)
    assert overview.digests(generation) == {one.id: one.digest for one in articles}
    by_date = sorted(articles, key=lambda one: str(one.date or ""), reverse=True)
    newest = [generation.article_id(n) for n in overview.newest(generation, k)]
    assert newest[:k] == [one.id for one in by_date[:k]]
    last = by_date[k - 1].date if 0 < k <= len(by_date) else None
    tied = [one.id for one in by_date[k:] if one.date == last and k > 0]
    assert newest[k:] == tied


@pytest.mark.parametrize(
    ("site", "ids"), [("//zakon.kz:8080", ["3.txt"]), ("//m.trend.az", []), ("//none", [])]
)
def test_articles_of_a_site_are_given_by_their_outlines(site: str, ids: list[str]) -> None:
    articles = [
        Article(f"{n}.txt", f"{n}.txt", "Уран.", "Уран", source, None, url)
        for n, (source, url) in enumerate(SOURCES)
    ]
    generation = archive(articles, frozenset({2}))
    found = overview.from_sites(generation, lambda at: at == site)
    assert [outline.id for outline in found] == ids


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Уран.", "b"),
        (" Уран.\n\u00a0", "b"),
        ("Уран", None),
        ("", None),
        ("Нефть и газ.", "c"),
        ("Ушла.", None),
    ],
)
def test_an_article_is_found_by_its_text(text: str, found: str | None) -> None:
    stored = {"a": "Уран.\nДобыча.", "b": "\n\u00a0Уран. ", "c": "Нефть и газ.", "d": "Ушла."}
    articles = [Article(name, name, each, "Т") for name, each in stored.items()]
    one = overview.Texts(archive(articles, frozenset({3}))).article(text)
    assert (one and one.id) == found


def test_an_empty_archive_has_nothing() -> None:
    empty = archive([])
    assert overview.summaries(empty) == []
    assert overview.newest(empty, 3) == []
    assert overview.Texts(empty).article("Уран.") is None
    assert list(overview.from_sites(empty, lambda _: True)) == []
