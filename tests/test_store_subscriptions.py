"""Subscriptions: made once, changed piece by piece, and their settings outlive everything."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.store.subscriptions import Changes, Subscription, Subscriptions

NOW = datetime(2026, 11, 22, 12, 30, 15, 250, tzinfo=UTC)
ALMATY = ZoneInfo("Asia/Almaty")
CHAT = 101
TOMORROW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Subscriptions]:
    opened = await Subscriptions.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


async def news(store: Subscriptions, count: int = 1) -> None:
    for _ in range(count):
        await store.write(
            "INSERT INTO news (article_id, kind, arrived) VALUES ('a', 'new', ?)", NOW.isoformat()
        )


async def parcel(store: Subscriptions, chat_id: int, state: str) -> None:
    await store.write(
        "INSERT INTO outbox (chat_id, articles, since, until, state, next_try)"
        " VALUES (?, '[]', '', '', ?, '')",
        chat_id,
        state,
    )


async def states(store: Subscriptions) -> list[tuple[int, str]]:
    return [(c, s) for c, s in await store.rows("SELECT chat_id, state FROM outbox ORDER BY id")]


async def changed(store: Subscriptions, now: datetime = NOW, **changes: object) -> Subscription:
    """What a subscriber has after a change."""
    await store.change(CHAT, now, ALMATY, **changes)  # type: ignore[arg-type]
    return await own(store)


async def own(store: Subscriptions) -> Subscription:
    found = await store.subscription(CHAT)
    assert found is not None
    return found


async def test_a_new_subscriber_gets_everything_daily_at_nine_from_now_on(
    store: Subscriptions,
) -> None:
    await news(store, 3)
    assert await store.subscription(CHAT) is None
    made = await store.subscribe(CHAT, NOW, ALMATY)
    assert made == await store.subscription(CHAT)
    assert made == Subscription(
        *(CHAT, True, False, "daily", 540, 0, "all", None, None, False, 3, NOW, TOMORROW)
    )


async def test_subscribing_again_changes_nothing(store: Subscriptions) -> None:
    made = await store.subscribe(CHAT, NOW, ALMATY)
    await news(store)
    assert await store.subscribe(CHAT, NOW + timedelta(days=2), ALMATY) == made
    await store.pause(CHAT)
    assert (await store.subscribe(CHAT, NOW, ALMATY)).paused


async def test_a_former_subscriber_keeps_settings_and_starts_from_now(store: Subscriptions) -> None:
    await store.subscribe(CHAT, NOW, ALMATY)
    before = await changed(store, frequency="weekly", weekday=2, timezone="Asia/Tokyo")
    await store.choose_source(CHAT, "Trend", chosen=True)
    await store.pause(CHAT)
    await store.write("UPDATE subscriptions SET unasked = 1")
    await store.unsubscribe(CHAT, NOW)
    left = await own(store)
    assert (left.subscribed, left.active, left.due) == (False, False, None)
    await news(store, 2)
    later = NOW + timedelta(days=30)
    back = await store.subscribe(CHAT, later, ALMATY)
    assert (back.frequency, back.weekday, back.timezone) == ("weekly", 2, "Asia/Tokyo")
    assert (back.active, back.cursor, back.since) == (True, 2, later)
    assert back.due == before.schedule(ALMATY).next_due(later)
    assert await store.sources(CHAT) == {"Trend"}
    assert await store.row("SELECT unasked FROM subscriptions") == (0,)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"minute": 18 * 60}, "2026-11-22T13:00"),
        ({"frequency": "weekly", "weekday": 2}, "2026-11-25T04:00"),
        ({"frequency": "now"}, "2026-11-22T12:30:15.000250"),
        ({"timezone": "Asia/Tokyo"}, "2026-11-23T00:00"),
        ({"quiet": (17 * 60, 600)}, "2026-11-23T05:00"),
        ({"frequency": "now", "quiet": (17 * 60, 600)}, "2026-11-23T05:00"),
        ({"scope": "topics"}, "2026-11-23T04:00"),
        ({"updates": True}, "2026-11-23T04:00"),
    ],
)
async def test_a_change_sets_one_thing_and_when_it_is_due(
    store: Subscriptions, changes: Changes, due: str
) -> None:
    before = await store.subscribe(CHAT, NOW, ALMATY)
    after = await changed(store, **changes)
    assert after.due == datetime.fromisoformat(due).replace(tzinfo=UTC)
    for name in Subscription.__slots__:
        if name != "due":
            assert getattr(after, name) == changes.get(name, getattr(before, name))


async def test_a_setting_can_be_taken_back(store: Subscriptions) -> None:
    made = await store.subscribe(CHAT, NOW, ALMATY)
    await changed(store, quiet=(1320, 420), timezone="Asia/Tokyo", updates=True, scope="sources")
    assert await changed(store, quiet=None, timezone=None, updates=False, scope="all") == made


async def test_what_is_due_already_is_not_put_off_to_another_day(store: Subscriptions) -> None:
    await store.subscribe(CHAT, NOW, ALMATY)
    late = TOMORROW + timedelta(minutes=1)
    assert (await changed(store, late, minute=8 * 60)).due == late
    quiet = await changed(store, late, quiet=(8 * 60, 10 * 60))
    assert quiet.due == TOMORROW + timedelta(hours=1)


async def test_nothing_is_due_while_paused_whatever_is_changed(store: Subscriptions) -> None:
    await store.subscribe(CHAT, NOW, ALMATY)
    await store.pause(CHAT)
    after = await changed(store, frequency="now")
    assert (after.paused, after.frequency, after.due) == (True, "now", None)


async def test_who_is_no_subscriber_changes_nothing(store: Subscriptions) -> None:
    await store.change(CHAT, NOW, ALMATY, frequency="now")
    await store.pause(CHAT)
    assert await store.subscription(CHAT) is None
    await store.subscribe(CHAT, NOW, ALMATY)
    await store.unsubscribe(CHAT, NOW)
    await store.pause(CHAT)
    after = await changed(store, frequency="now")
    assert (after.frequency, after.paused, after.due) == ("daily", False, None)


async def test_digests_on_their_way_are_held_by_a_pause_and_dropped_by_leaving(
    store: Subscriptions,
) -> None:
    await store.subscribe(CHAT, NOW, ALMATY)
    for state in ("pending", "sent", "parked"):
        await parcel(store, CHAT, state)
    await parcel(store, 102, "pending")
    await store.pause(CHAT)
    assert await states(store) == [
        *((CHAT, "held"), (CHAT, "sent"), (CHAT, "parked"), (102, "pending"))
    ]
    await store.unsubscribe(CHAT, NOW)
    assert await states(store) == [
        *((CHAT, "dropped"), (CHAT, "sent"), (CHAT, "parked"), (102, "pending"))
    ]
    assert await store.row("SELECT finished FROM outbox WHERE state = 'dropped'") == (
        NOW.isoformat(),
    )


async def test_sources_are_a_set_of_each_chat(store: Subscriptions) -> None:
    for name in ("", "Trend", "Trend", "Zakon.kz"):
        await store.choose_source(CHAT, name, chosen=True)
    await store.choose_source(102, "Kazinform", chosen=True)
    await store.choose_source(CHAT, "Zakon.kz", chosen=False)
    await store.choose_source(CHAT, "Zakon.kz", chosen=False)
    assert await store.sources(CHAT) == {"", "Trend"}
    assert await store.sources(102) == {"Kazinform"}


@pytest.mark.parametrize(
    ("timezone", "zone"),
    [(None, "Asia/Almaty"), ("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Base", "Asia/Almaty")],
)
async def test_a_chat_without_a_usable_zone_has_that_of_the_settings(
    store: Subscriptions, timezone: str | None, zone: str
) -> None:
    await store.subscribe(CHAT, NOW, ALMATY)
    after = await changed(store, timezone=timezone)
    assert after.schedule(ALMATY).zone.key == zone
