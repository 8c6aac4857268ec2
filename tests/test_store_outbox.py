"""Which digests are due, what becomes of them, and a group that moves with all it has."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.outbox import Entry, Outbox, Parcel, entries_from, entries_json

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
ENTRIES = (
    Entry("a.md"),
    Entry("b.md", True, ("уран", "Центральная Азия + Япония"), ("Trend", "Kazinform")),
)
OLD, NEW = -5, -1005


@pytest.fixture
async def outbox(tmp_path: Path) -> AsyncIterator[Outbox]:
    opened = await Outbox.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


async def put(
    outbox: Outbox,
    chat_id: int,
    *,
    entries: tuple[Entry, ...] = ENTRIES,
    at: datetime = NOW,
    asked: bool = False,
    state: str = "pending",
) -> int:
    """A digest on its way, as the planner puts it there."""
    return await outbox.write(
        "INSERT INTO outbox (chat_id, articles, since, until, asked, next_try, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(chat_id, entries_json(entries), (at - DAY).isoformat(), at.isoformat()),
        *(asked, at.isoformat(), state),
    )


async def chat(outbox: Outbox, chat_id: int, *, active: bool = True, title: str = "") -> None:
    await outbox.write(
        "INSERT INTO chats (id, type, title, active, first_seen, last_seen)"
        " VALUES (?, 'private', ?, ?, '', '')",
        *(chat_id, title, active),
    )


async def subscription(
    outbox: Outbox, chat_id: int, *, subscribed: bool = True, paused: bool = False, minute: int = 0
) -> None:
    await outbox.write(
        "INSERT INTO subscriptions (chat_id, subscribed, paused, minute, cursor, since)"
        " VALUES (?, ?, ?, ?, 0, '')",
        *(chat_id, subscribed, paused, minute),
    )


async def due(outbox: Outbox, *busy: int, now: datetime = NOW, limit: int = 100) -> list[int]:
    """The numbers of the digests that may be sent."""
    return [parcel.id for parcel in await outbox.due_parcels(now, busy, limit)]


async def row(outbox: Outbox, number: int, columns: str) -> tuple[Any, ...]:
    found = await outbox.row(f"SELECT {columns} FROM outbox WHERE id = ?", number)
    assert found is not None
    return found


texts = st.lists(st.text(max_size=5), max_size=3).map(tuple)


@given(st.lists(st.builds(Entry, st.text(min_size=1), st.booleans(), texts, texts)).map(tuple))
def test_entries_are_read_as_they_were_written(entries: tuple[Entry, ...]) -> None:
    read = entries_from(entries_json(entries))
    assert read == entries
    assert all(type(entry.updated) is bool for entry in read)


# What is due


async def test_a_digest_is_read_whole(outbox: Outbox) -> None:
    number = await put(outbox, 7, asked=True)
    await outbox.postponed(number, NOW, "TimedOut")
    await outbox.write("UPDATE outbox SET sent = 1")
    assert await outbox.due_parcels(NOW, (), 9) == [
        Parcel(number, 7, ENTRIES, 1, NOW - DAY, NOW, True, 1)
    ]


async def test_the_longest_waiting_go_first_and_those_asked_for_before_them(
    outbox: Outbox,
) -> None:
    late = await put(outbox, 1, at=NOW - SECOND)
    early = await put(outbox, 2, at=NOW - DAY)
    asked = await put(outbox, 3, asked=True)
    assert await due(outbox) == [asked, early, late]
    assert await due(outbox, limit=2) == [asked, early]
    assert await due(outbox, limit=1) == [asked]


async def test_what_is_not_due_yet_waits(outbox: Outbox) -> None:
    number = await put(outbox, 1, at=NOW + SECOND)
    assert await due(outbox) == []
    assert await due(outbox, now=NOW + SECOND) == [number]


@pytest.mark.parametrize("state", ["held", "sent", "parked", "dropped"])
async def test_only_what_is_pending_is_due(outbox: Outbox, state: str) -> None:
    await put(outbox, 1, state=state)
    assert await due(outbox) == []


async def test_of_a_chat_only_the_oldest_is_due_but_one_asked_for_goes_ahead(
    outbox: Outbox,
) -> None:
    first = await put(outbox, 1)
    await put(outbox, 1, at=NOW - DAY)
    assert await due(outbox) == [first]
    asked = await put(outbox, 1, asked=True)
    await put(outbox, 1, asked=True)
    assert await due(outbox) == [asked]


async def test_a_digest_that_waits_holds_back_those_behind_it(outbox: Outbox) -> None:
    first, second = await put(outbox, 1), await put(outbox, 1)
    await outbox.postponed(first, NOW + SECOND)
    assert await due(outbox) == []
    await outbox.parked(first, "BadRequest", NOW)
    assert await due(outbox) == [second]


async def test_busy_and_closed_chats_have_nothing_due(outbox: Outbox) -> None:
    await chat(outbox, 1, active=False)
    await chat(outbox, 2)
    parcels = [await put(outbox, chat_id) for chat_id in (1, 2, 3)]
    assert await due(outbox) == parcels[1:]
    assert await due(outbox, 2) == parcels[2:]
    assert await due(outbox, 2, 3) == []


@pytest.mark.parametrize(
    ("options", "sent"),
    [({}, True), ({"paused": True}, False), ({"subscribed": False}, False)],
)
async def test_who_pauses_gets_only_what_was_asked_for(
    outbox: Outbox, options: dict[str, bool], sent: bool
) -> None:
    await subscription(outbox, 1, **options)
    await put(outbox, 1)
    assert bool(await due(outbox)) is sent
    asked = await put(outbox, 1, asked=True)
    assert await due(outbox) == [asked]


# What becomes of it


async def test_a_digest_is_sent_when_all_its_entries_have_arrived(outbox: Outbox) -> None:
    number = await put(outbox, 1)
    await outbox.postponed(number, NOW, "TimedOut")
    for _ in range(2):
        await outbox.delivered(number, 1, NOW, NOW + SECOND)
    assert await due(outbox) == []
    (parcel,) = await outbox.due_parcels(NOW + SECOND, (), 9)
    assert (parcel.sent, parcel.attempts) == (1, 0)
    for _ in range(2):
        await outbox.delivered(number, 2, NOW + SECOND, NOW + 2 * SECOND)
    assert await due(outbox, now=NOW + DAY) == []
    assert await row(outbox, number, "state, finished, error") == (
        *("sent", (NOW + SECOND).isoformat(), ""),
    )


async def test_what_arrived_counts_also_if_the_digest_was_held_meanwhile(outbox: Outbox) -> None:
    number = await put(outbox, 1, state="held")
    await outbox.delivered(number, 1, NOW, NOW)
    assert await row(outbox, number, "state, sent, finished") == ("held", 1, None)
    await outbox.delivered(number, 2, NOW, NOW)
    assert await row(outbox, number, "state, sent") == ("sent", 2)


async def test_quiet_hours_are_no_attempt(outbox: Outbox) -> None:
    number = await put(outbox, 1)
    await outbox.postponed(number, NOW + SECOND)
    assert await row(outbox, number, "attempts, error") == (0, "")
    await outbox.postponed(number, NOW + SECOND, "TimedOut: late")
    await outbox.postponed(number, NOW + SECOND, "Lost")
    assert await row(outbox, number, "attempts, error") == (2, "Lost")
    assert await due(outbox) == []
    assert await due(outbox, now=NOW + SECOND) == [number]


async def test_what_is_parked_is_kept_with_its_reason(outbox: Outbox) -> None:
    number = await put(outbox, 1)
    await outbox.parked(number, "BadRequest: wrong", NOW)
    assert await due(outbox) == []
    assert await row(outbox, number, "state, error, attempts, finished") == (
        *("parked", "BadRequest: wrong", 1, NOW.isoformat()),
    )


async def test_a_chat_that_closed_is_inactive_and_its_digests_are_held(outbox: Outbox) -> None:
    await chat(outbox, 1)
    await chat(outbox, 2)
    pending, sent = await put(outbox, 1), await put(outbox, 1, state="sent")
    other = await put(outbox, 2)
    await outbox.closed(1)
    assert await outbox.rows("SELECT id, active FROM chats ORDER BY id") == [(1, 0), (2, 1)]
    assert await due(outbox) == [other]
    assert (await row(outbox, pending, "state"), await row(outbox, sent, "state")) == (
        *(("held",), ("sent",)),
    )


async def test_digests_that_are_done_with_are_forgotten_in_time(outbox: Outbox) -> None:
    for chat_id, finished in enumerate((NOW - DAY, NOW, NOW + DAY)):
        await outbox.parked(await put(outbox, chat_id), "wrong", finished)
    pending = await put(outbox, 9, at=NOW - 9 * DAY)
    await outbox.forget_digests(NOW)
    assert await outbox.rows("SELECT chat_id FROM outbox ORDER BY id") == [(1,), (2,), (9,)]
    assert await due(outbox) == [pending]


# A group that moves


async def settled(outbox: Outbox, chat_id: int, title: str) -> None:
    """A chat with something in each table."""
    await chat(outbox, chat_id, title=title)
    await subscription(outbox, chat_id, minute=-chat_id)
    for source in ("Trend", title):
        await outbox.write("INSERT INTO chat_sources VALUES (?, ?)", chat_id, source)
    for topic in (1, 2 if title == "old" else 3):
        await outbox.write(
            "INSERT INTO topics (id, text) VALUES (?, ?) ON CONFLICT DO NOTHING", topic, str(topic)
        )
        await outbox.write("INSERT INTO chat_topics VALUES (?, ?, ?)", chat_id, topic, title)
    await outbox.write(
        "INSERT INTO answers (chat_id, message_id, question, asked, reply_id)"
        " VALUES (?, 12, ?, '', 13)",
        *(chat_id, title),
    )
    await put(outbox, chat_id)


async def contents(outbox: Outbox) -> dict[str, list[tuple[Any, ...]]]:
    """What each table has, by chat."""
    return {
        "chats": await outbox.rows("SELECT id, title FROM chats"),
        "subscriptions": await outbox.rows("SELECT chat_id, minute FROM subscriptions"),
        "sources": await outbox.rows("SELECT chat_id, source FROM chat_sources ORDER BY source"),
        "topics": await outbox.rows("SELECT * FROM chat_topics ORDER BY topic_id"),
        "answers": await outbox.rows("SELECT chat_id, question, message_id FROM answers"),
        "outbox": await outbox.rows("SELECT chat_id, id FROM outbox"),
    }


async def test_all_that_a_group_has_moves_with_it(outbox: Outbox) -> None:
    await settled(outbox, OLD, "old")
    for _ in range(2):
        await outbox.migrated(OLD, NEW)
        assert await contents(outbox) == {
            "chats": [(NEW, "old")],
            "subscriptions": [(NEW, 5)],
            "sources": [(NEW, "Trend"), (NEW, "old")],
            "topics": [(NEW, 1, "old"), (NEW, 2, "old")],
            "answers": [(NEW, "old", 0)],
            "outbox": [(NEW, 1)],
        }
    assert await due(outbox) == [1]


async def test_what_the_new_group_has_already_stays(outbox: Outbox) -> None:
    await settled(outbox, OLD, "old")
    await settled(outbox, NEW + 1000 - 7, "other")
    await chat(outbox, NEW, title="new")
    await subscription(outbox, NEW, minute=9)
    await outbox.write("INSERT INTO chat_sources VALUES (?, 'Trend')", NEW)
    await outbox.migrated(OLD, NEW)
    moved = await contents(outbox)
    assert (NEW, "new") in moved["chats"]
    assert (NEW, 9) in moved["subscriptions"]
    assert [source for chat_id, source in moved["sources"] if chat_id == NEW] == ["Trend", "old"]
    assert all(OLD not in found for rows in moved.values() for found in rows)
    assert sum(found[0] == -12 for rows in moved.values() for found in rows) == 8


async def test_a_group_that_moves_to_itself_keeps_what_it_has(outbox: Outbox) -> None:
    await settled(outbox, OLD, "old")
    before = await contents(outbox)
    await outbox.migrated(OLD, OLD)
    assert await contents(outbox) == before
