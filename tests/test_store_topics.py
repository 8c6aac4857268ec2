"""Topics: each kept once, whoever follows it, and gone with the last who does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.topics import Topics

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Topics]:
    opened = await Topics.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


async def test_topics_are_listed_in_the_order_in_which_they_were_added(store: Topics) -> None:
    oil = await store.add_topic(2, "нефть", NOW)
    uranium = await store.add_topic(1, "уран", NOW)
    assert await store.add_topic(1, "нефть", NOW + timedelta(seconds=1)) == oil
    assert await store.topics(1) == [(uranium, "уран"), (oil, "нефть")]
    assert await store.topics(2) == [(oil, "нефть")]
    assert await store.topics(3) == []


async def test_adding_a_topic_again_changes_nothing(store: Topics) -> None:
    uranium = await store.add_topic(1, "уран", NOW)
    await store.add_topic(1, "нефть", NOW + timedelta(seconds=1))
    assert await store.add_topic(1, "уран", NOW + timedelta(seconds=2)) == uranium
    assert [text for _, text in await store.topics(1)] == ["уран", "нефть"]


async def test_a_topic_goes_with_the_last_chat_and_its_matches_with_it(store: Topics) -> None:
    uranium = await store.add_topic(1, "уран", NOW)
    await store.add_topic(2, "уран", NOW)
    await store.write("INSERT INTO news (id, article_id, kind, arrived) VALUES (1, 'a', 'new', '')")
    await store.write("INSERT INTO matches (topic_id, news_id) VALUES (?, 1)", uranium)
    await store.remove_topic(1, uranium)
    assert (await store.topics(1), await store.topics(2)) == ([], [(uranium, "уран")])
    assert await store.rows("SELECT 1 FROM matches") == [(1,)]
    await store.remove_topic(2, uranium)
    assert await store.rows("SELECT 1 FROM topics") == []
    assert await store.rows("SELECT 1 FROM matches") == []


async def test_only_ones_own_topic_can_be_removed(store: Topics) -> None:
    uranium = await store.add_topic(1, "уран", NOW)
    await store.remove_topic(2, uranium)
    await store.remove_topic(1, uranium + 1)
    assert await store.topics(1) == [(uranium, "уран")]


async def test_a_number_is_not_given_to_another_topic(store: Topics) -> None:
    """The button of a removed topic must not remove a later one."""
    uranium = await store.add_topic(1, "уран", NOW)
    await store.remove_topic(1, uranium)
    assert await store.add_topic(1, "нефть", NOW) != uranium
