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
    await store.record_articles({"a": Known("2"), "c": Known("1")}, [], LATER, removed=["b"])
    assert rows(path, "SELECT article_id, digest, first_seen, removed FROM articles") == [
        ("a", "2", NOW.isoformat(), None),
        ("b", "1", NOW.isoformat(), LATER.isoformat()),
        ("c", "1", LATER.isoformat(), None),
    ]
    seen = {"a": NOW.isoformat(), "c": LATER.isoformat()}
    assert await store.first_seen(["a", "b", "c", "никакой"]) == seen


async def test_an_article_that_comes_back_is_the_one_seen_before(store: Store) -> None:
    await store.record_articles({"a": Known("1")}, [], NOW)
    (number,) = await store.article_numbers(["a"])
    await store.record_articles({}, [], LATER, removed=["a"])
    assert await store.first_seen(["a"]) == {}
    await store.record_articles({"a": Known("1")}, [], LATER)
    assert await store.first_seen(["a"]) == {"a": NOW.isoformat()}
    assert await store.article_numbers(["a"]) == [number]


async def test_the_time_of_removal_is_the_first_time_it_was_missed(
    store: Store, path: Path
) -> None:
    await store.record_articles({"a": Known("1")}, [], NOW)
    await store.record_articles({}, [], NOW, removed=["a"])
    await store.record_articles({}, [], LATER, removed=["a"])
    assert rows(path, "SELECT removed FROM articles") == [(NOW.isoformat(),)]


async def test_an_article_that_has_gone_keeps_its_number(store: Store) -> None:
    """A list sent before it went still says which article it was."""
    await store.record_articles({"a": Known("1"), "b": Known("1")}, [], NOW)
    one, two = await store.article_numbers(["a", "b"])
    await store.record_articles({}, [], LATER, removed=["a"])
    assert await store.article_numbers(["b", "никакой", "a"]) == [two, None, one]
    assert one is not None
    assert await store.article_id(one) == "a"
    assert await store.article_id(999) is None
    assert await store.article_numbers([]) == []


async def test_a_large_archive_is_recorded_in_one_go(store: Store) -> None:
    digests = {f"{number}.txt": Known(str(number)) for number in range(20_000)}
    await store.record_articles(digests, [], NOW)
    assert (await store.first_seen(list(digests))).keys() == digests.keys()
    assert (await store.known_articles(list(digests))) == digests
    assert len(await store.known_digests([known.digest for known in digests.values()])) == 20_000
    await store.record_articles({}, [], LATER, removed=list(digests))
    assert await store.standing_digests() == {}


async def test_the_digests_of_what_the_archive_has(store: Store) -> None:
    """One without a fingerprint is to be looked at again, so that its digest is not given."""
    known = {"a": Known("1", b"print"), "b": Known("2", b"print"), "c": Known("3")}
    await store.record_articles(known, [], NOW)
    await store.record_articles({}, [], LATER, removed=["b"])
    assert await store.standing_digests() == {"a": "1", "c": ""}
    assert await store.known_articles(["c", "b", "никакой"]) == {"b": known["b"], "c": known["c"]}
    assert await store.known_digests(["1", "2", "4"]) == {"1", "2"}


async def test_the_latest_known_of_those_that_have_gone(store: Store) -> None:
    names = [f"{number}" for number in range(9)]
    await store.record_articles({name: Known(name, name.encode()) for name in names}, [], NOW)
    await store.record_articles({}, [], LATER, removed=["1", "3", "5"])
    assert await store.gone_articles(["7"], 3) == {"7": b"7", "5": b"5", "3": b"3"}
    assert await store.gone_articles([], 9) == {"1": b"1", "3": b"3", "5": b"5"}
