"""The article ledger: articles with their numbers, news in the order they arrived."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store import Store
from bot.store.ledger import Known

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(path)
    yield opened
    await opened.close()


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


async def test_the_ledger_follows_the_archive(store: Store, path: Path) -> None:
    await store.record_articles({"a": Known("1"), "b": Known("1")}, [], NOW)
    await store.record_articles({"a": Known("2"), "c": Known("1")}, [], LATER)
    assert rows(path, "SELECT article_id, digest, first_seen, removed FROM articles") == [
        ("a", "2", NOW.isoformat(), None),
        ("b", "1", NOW.isoformat(), LATER.isoformat()),
        ("c", "1", LATER.isoformat(), None),
    ]
    assert await store.first_seen() == {"a": NOW.isoformat(), "c": LATER.isoformat()}


async def test_an_article_that_comes_back_is_the_one_seen_before(store: Store) -> None:
    await store.record_articles({"a": Known("1")}, [], NOW)
    (number,) = await store.article_numbers(["a"])
    await store.record_articles({}, [], LATER)
    assert await store.first_seen() == {}
    await store.record_articles({"a": Known("1")}, [], LATER)
    assert await store.first_seen() == {"a": NOW.isoformat()}
    assert await store.article_numbers(["a"]) == [number]


async def test_the_time_of_removal_is_the_first_time_it_was_missed(
    store: Store, path: Path
) -> None:
    await store.record_articles({"a": Known("1")}, [], NOW)
    await store.record_articles({}, [], NOW)
    await store.record_articles({}, [], LATER)
    assert rows(path, "SELECT removed FROM articles") == [(NOW.isoformat(),)]


async def test_an_article_that_has_gone_keeps_its_number(store: Store) -> None:
    """A list sent before it went still says which article it was."""
    await store.record_articles({"a": Known("1"), "b": Known("1")}, [], NOW)
    one, two = await store.article_numbers(["a", "b"])
    await store.record_articles({"b": Known("1")}, [], LATER)
    assert await store.article_numbers(["b", "никакой", "a"]) == [two, None, one]
    assert one is not None
    assert await store.article_id(one) == "a"
    assert await store.article_id(999) is None
    assert await store.article_numbers([]) == []


async def test_a_large_archive_is_recorded_in_one_go(store: Store) -> None:
    digests = {f"{number}.txt": Known(str(number)) for number in range(20_000)}
    await store.record_articles(digests, [], NOW)
    assert (await store.first_seen()).keys() == digests.keys()
