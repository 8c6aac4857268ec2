"""/stats: what is counted, in which days, and what the caption says."""

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.ext import CommandHandler

from bot.handlers import stats
from bot.handlers.stats import last_days
from bot.message import Reply
from bot.quotes import units
from bot.render.stats import Statistics, caption
from bot.sandbox.world import ADMIN_ID
from bot.store.stats import Deliveries, Stats, Subscribers
from tests.builders import ROOT, corpus
from tests.served import served

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
ALMATY, BERLIN, LORD_HOWE = map(ZoneInfo, ("Asia/Almaty", "Europe/Berlin", "Australia/Lord_Howe"))
NOBODY = Subscribers(0, 0, 0)
NOTHING = Deliveries(0, 0, 0, 0, 0, ())


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Stats]:
    opened = await Stats.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


# The figures


async def test_of_an_empty_database_every_figure_is_nought(store: Stats) -> None:
    assert await store.subscribers() == NOBODY
    assert await store.deliveries(NOW) == NOTHING
    assert await store.questions([NOW, NOW + timedelta(days=1)]) == [0, 0]
    assert await store.feed_counts() == (0, 0)


async def test_subscribers_are_told_apart(store: Stats) -> None:
    chats = [  # subscribed, paused, reached
        *[(1, 0, 1)] * 3,
        *[(1, 1, 1)] * 2,
        (1, 0, 0),
        (1, 1, 0),
        (0, 0, 1),
        (0, 1, 0),
    ]
    for number, (subscribed, paused, active) in enumerate(chats):
        await store.write("INSERT INTO chats VALUES (?, 'private', '', ?, '', '')", number, active)
        await store.write(
            "INSERT INTO subscriptions (chat_id, subscribed, paused, cursor, since)"
            " VALUES (?, ?, ?, 0, '')",
            number,
            subscribed,
            paused,
        )
    assert await store.subscribers() == Subscribers(3, 2, 2)


async def test_a_subscriber_whose_chat_was_never_seen_counts(store: Stats) -> None:
    await store.write("INSERT INTO subscriptions (chat_id, cursor, since) VALUES (1, 0, '')")
    assert await store.subscribers() == Subscribers(1, 0, 0)


async def test_deliveries_are_counted_by_state_and_failures_by_reason(store: Stats) -> None:
    old, new = NOW - timedelta(days=31), NOW - timedelta(days=1)
    digests = [  # state, error, finished
        *[("sent", "", old)] * 2,
        ("sent", "Timed out", new),
        *[("pending", "", None)] * 3,
        ("pending", "Timed out", None),
        ("held", "Forbidden", None),
        *[("parked", "Bad Request: message is too long", new)] * 2,
        ("parked", "Forbidden", new),
        ("dropped", "", new),
        *[("pending", f"Flood control exceeded. Retry in {n} seconds", None) for n in range(3)],
    ]
    for state, error, finished in digests:
        await store.write(
            "INSERT INTO outbox (chat_id, articles, since, until, state, error, next_try, finished)"
            " VALUES (1, '[]', '', '', ?, ?, '', ?)",
            state,
            error,
            finished and finished.isoformat(),
        )
    found = await store.deliveries(NOW.astimezone(ALMATY) - timedelta(days=30))
    assert found == Deliveries(
        delivered=3,
        lately=1,
        pending=7,
        held=1,
        parked=3,
        failures=(
            ("Flood control exceeded. Retry in … seconds", 3),
            ("Bad Request: message is too long", 2),
            ("Forbidden", 2),
            ("Timed out", 1),
        ),
    )


async def ask(store: Stats, *asked: datetime) -> None:
    for at in asked:
        await store.write(
            "INSERT INTO answers (chat_id, message_id, question, asked) VALUES (1, 1, 'уран', ?)",
            at.astimezone(UTC).isoformat(),
        )


@pytest.mark.parametrize("zone", [ALMATY, BERLIN, LORD_HOWE])
async def test_a_question_counts_for_the_day_of_the_zone(store: Stats, zone: ZoneInfo) -> None:
    """The clocks change within these days in Berlin and on Lord Howe, there by half an hour."""
    days = [datetime(2026, 10, day, tzinfo=zone) for day in (3, 4, 5)]
    days += [datetime(2026, 10, day, tzinfo=zone) for day in (24, 25, 26)]
    late = timedelta(hours=23, minutes=59, seconds=59, microseconds=999)
    await ask(store, days[0] - timedelta(seconds=1))
    for number, day in enumerate(days):
        await ask(store, *[day] * number, day + late)
    starts = [datetime(2026, 10, 3, tzinfo=zone) + timedelta(days=n) for n in range(24)]
    counts = await store.questions(starts)
    assert {starts[n].day: count for n, count in enumerate(counts) if count} == {
        day.day: number + 1 for number, day in enumerate(days)
    }


async def test_only_feeds_that_are_polled_count(store: Stats) -> None:
    for number, (paused, removed, failures) in enumerate(
        [(0, 0, 0), (0, 0, 3), (1, 0, 1), (0, 1, 1)]
    ):
        await store.write(
            "INSERT INTO feeds (url, paused, removed, failures, added, next_poll)"
            " VALUES (?, ?, ?, ?, '', '')",
            str(number),
            paused,
            removed,
            failures,
        )
    assert await store.feed_counts() == (2, 1)


# The days


def test_the_days_end_with_today_in_the_zone() -> None:
    late = datetime(2026, 11, 22, 20, tzinfo=UTC)
    days = last_days(late, ALMATY)
    assert (len(days), days[0], days[-1]) == (30, date(2026, 10, 25), date(2026, 11, 23))
    assert last_days(late, BERLIN)[-1] == date(2026, 11, 22)


# The caption


def shown(
    subscribers: Subscribers = NOBODY,
    deliveries: Deliveries = NOTHING,
    *,
    failing: int = 0,
) -> Reply:
    return caption(Statistics(subscribers, deliveries, 2, 40, 3, failing, 5))


def test_a_quiet_bot_has_a_short_caption() -> None:
    assert shown().text == (
        "Статистика\n"
        "Подписчики: 0\n"
        "\n"
        "Доставлено выпусков: 0, за 30 дней: 0\n"
        "Ждут отправки: 0\n"
        "Не доставлено: 0\n"
        "\n"
        "Вопросов сегодня: 2\n"
        "Вопросов за 30 дней: 40\n"
        "\n"
        "Статей в архиве: 5\n"
        "Ленты: 3"
    )


def test_what_goes_wrong_is_told() -> None:
    failures = (("Forbidden: bot was blocked by the user", 3), ("Timed out", 1))
    text = shown(Subscribers(7, 2, 1), Deliveries(340, 120, 4, 1, 2, failures), failing=1).text
    assert text.split("\n") == [
        "Статистика",
        "Подписчики: 7",
        "На паузе: 2",
        "Заблокировали бота: 1",
        "",
        "Доставлено выпусков: 340, за 30 дней: 120",
        "Ждут отправки: 4",
        "Ждут возвращения подписчика: 1",
        "Не доставлено: 2",
        "",
        "Причины сбоев",
        "Forbidden: bot was blocked by the user — 3",
        "Timed out — 1",
        "",
        "Вопросов сегодня: 2",
        "Вопросов за 30 дней: 40",
        "",
        "Статей в архиве: 5",
        "Ленты: 3",
        "С ошибками: 1",
    ]


COUNT = st.integers(0, 10**15)


@given(
    subscribers=st.builds(Subscribers, COUNT, COUNT, COUNT),
    counts=st.tuples(*[COUNT] * 5),
    failures=st.lists(st.tuples(st.text(max_size=300), COUNT), max_size=5),
    failing=COUNT,
)
def test_a_caption_fits_under_a_picture(
    subscribers: Subscribers,
    counts: tuple[int, int, int, int, int],
    failures: list[tuple[str, int]],
    failing: int,
) -> None:
    deliveries = Deliveries(*counts, tuple(failures))
    assert units(shown(subscribers, deliveries, failing=failing).text) <= 1024


# The command


async def test_stats_is_a_picture_with_a_caption(tmp_path: Path) -> None:
    corpus(tmp_path / "articles", {"u.txt": "Запасы урана выросли."})
    handler = CommandHandler("stats", stats.stats)
    async with served(tmp_path, {0: [handler]}) as here:
        await ask(here.store, here.clock() - timedelta(hours=25), here.clock())
        reply = await here.ask(ADMIN_ID, "/stats")
    assert reply.json["photo"]
    assert reply.pieces("bold") == ["Статистика"]
    assert "Вопросов сегодня: 1\nВопросов за 30 дней: 2\n\nСтатей в архиве: 1" in reply.text


def test_matplotlib_is_not_imported_before_it_is_needed() -> None:
    code = "import bot.app, bot.handlers.stats, sys; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
