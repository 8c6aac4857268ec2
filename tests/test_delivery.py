"""Every digest arrives, in simulated time: whatever Telegram, the database or a chat does."""

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bot.delivery import AT_ONCE, NOTICE_PAUSE, Delivery, Part
from bot.message import Reply
from bot.pace import CHAT_GAP, GROUP_GAP
from bot.quotes import QuoteMismatch
from bot.store.outbox import Entry, Parcel, entries_json
from tests.simulation import (
    START,
    Answer,
    SimulatedStore,
    Telegram,
    bot_for,
    clock,
    late,
    lost,
    refusal,
    seconds,
    simulate,
)

ADMIN, OTHER_ADMIN = 10_001, 10_002
GROUP, SUPERGROUP = -5, -1005
BROKEN = (502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})
TOO_LONG = refusal(400, "Bad Request: message is too long")
UNKNOWN = refusal(401, "Unauthorized")
SPAM = refusal(429, "Too Many Requests: retry after 3", retry_after=3)


@dataclass
class World:
    """A delivery, the Telegram it talks to, and what tests change in its surroundings."""

    store: SimulatedStore
    telegram: Telegram = field(default_factory=Telegram)
    admins: tuple[int, ...] = (ADMIN,)
    each: int = 2
    """Entries that go into one message."""
    quiet: dict[int, datetime] = field(default_factory=dict)
    bugs: dict[int, Exception] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.bot, pace = bot_for(self.telegram)
        self.delivery = Delivery(self.store, pace, clock, self.compose, self.quiet_end, self.admins)

    async def compose(self, parcel: Parcel) -> Part:
        if parcel.chat_id in self.bugs:
            raise self.bugs[parcel.chat_id]
        entries = parcel.entries[parcel.sent : parcel.sent + self.each]
        text = " ".join(entry.article_id for entry in entries if entry.article_id not in self.gone)
        return Part(Reply(f"{parcel.id}: {text}") if text else None, len(entries))

    async def quiet_end(self, chat_id: int, now: datetime) -> datetime | None:
        end = self.quiet.get(chat_id)
        return end if end and now < end else None

    async def put(self, chat_id: int, articles: str = "a b", *, asked: bool = False) -> int:
        """A digest on its way, as the planner puts it there."""
        return await self.store.write(
            "INSERT INTO outbox (chat_id, articles, since, until, asked, next_try)"
            " VALUES (?, ?, '2026-11-21', ?, ?, ?)",
            *(chat_id, entries_json([Entry(one) for one in articles.split()])),
            *(START.isoformat(), asked, START.isoformat()),
        )

    async def run(self, time: float = 120) -> None:
        """Deliver for so many seconds."""
        running = asyncio.ensure_future(self.delivery.run(self.bot, self.ending))
        await asyncio.wait({running}, timeout=time)
        self.ending.set()
        await running

    async def states(self) -> list[str]:
        return [state for (state,) in await self.store.rows("SELECT state FROM outbox ORDER BY id")]

    async def notices(self) -> list[tuple[str, int]]:
        rows = await self.store.rows("SELECT key, told FROM notices")
        return [(key, told) for key, told in rows]

    @property
    def heard(self) -> list[tuple[int, str]]:
        """What readers have been told, by chat."""
        return [(chat, text) for chat, text in self.telegram.arrived if chat not in self.admins]


Check = Callable[[World], Awaitable[object]]


@pytest.fixture
def simulated(tmp_path: Path) -> Callable[[Check], None]:
    """Runs a test in simulated time, with a store of its own."""

    async def run(check: Check) -> None:
        store = await SimulatedStore.at(tmp_path / "bot.sqlite3")
        try:
            await check(World(store))
        finally:
            await store.close()

    return lambda check: simulate(run(check))


Simulated = Callable[[Check], None]


def first(*answers: Answer, chat: int | None = None) -> Callable[[int, str], Answer | None]:
    """The first messages, or those to a chat, are answered so; all others are taken."""
    left = list(answers)
    return lambda chat_id, _text: left.pop(0) if left and chat in (None, chat_id) else None


def always(answer: Answer, chat: int) -> Callable[[int, str], Answer | None]:
    return lambda chat_id, _text: answer if chat_id == chat else None


# The way of a digest


def test_a_digest_goes_message_by_message_and_each_is_noted(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        await world.put(1, "a b c d e")
        await world.put(2, "f")
        await world.run()
        assert world.heard == [(1, "1: a b"), (2, "2: f"), (1, "1: c d"), (1, "1: e")]
        assert await world.states() == ["sent", "sent"]
        assert not await world.notices()

    simulated(check)


@pytest.mark.parametrize(("chat_id", "pause"), [(1, CHAT_GAP), (GROUP, GROUP_GAP)])
def test_the_messages_of_a_chat_are_spread(
    simulated: Simulated, chat_id: int, pause: float
) -> None:
    async def check(world: World) -> None:
        await world.put(chat_id, "a b c d e f")
        await world.put(chat_id, "g")
        await world.run()
        times = [call.at for call in world.telegram.calls]
        gaps = [later - before for before, later in pairwise(times)]
        assert [text for _, text in world.heard] == ["1: a b", "1: c d", "1: e f", "2: g"]
        assert all(gap >= pause for gap in gaps[:2])
        assert all(gap >= CHAT_GAP for gap in gaps)
        assert all(gap < pause + 2 for gap in gaps)

    simulated(check)


def test_articles_that_are_gone_take_no_message(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        world.gone = {"a", "b", "c"}
        await world.put(1, "a b c d")
        await world.put(2, "a b")
        await world.run()
        assert world.heard == [(1, "1: d")]
        assert await world.states() == ["sent", "sent"]

    simulated(check)


def test_what_is_put_later_is_sent_at_once_when_woken_and_soon_when_not(
    simulated: Simulated,
) -> None:
    async def check(world: World) -> None:
        running = asyncio.ensure_future(world.run())
        await asyncio.sleep(10.3)
        await world.put(1)
        await asyncio.sleep(1.1)
        await world.put(2)
        world.delivery.wake()
        woken = seconds()
        await running
        first, second = (call.at for call in world.telegram.calls)
        assert 10.3 < first <= 11.4
        assert second == pytest.approx(woken, abs=0.1)

    simulated(check)


def test_quiet_hours_are_kept_when_it_is_sent_but_not_by_what_was_asked_for(
    simulated: Simulated,
) -> None:
    async def check(world: World) -> None:
        world.quiet = dict.fromkeys((1, 2), START + timedelta(minutes=10))
        await world.put(1)
        await world.put(2, asked=True)
        await world.run(700)
        at = {call.chat_id: call.at for call in world.telegram.calls}
        assert at[2] < 1
        assert 600 <= at[1] < 602

    simulated(check)


# All of them, fast enough


def test_two_thousand_digests_all_arrive_and_the_rate_is_held_and_used(
    simulated: Simulated,
) -> None:
    """5% of the calls are answered with 429, 2% of the connections break."""
    random = Random(11)  # noqa: S311

    def fault(_chat_id: int, _text: str) -> Answer | None:
        chance = random.random()
        return SPAM if chance < 0.05 else lost() if chance < 0.07 else None

    async def check(world: World) -> None:
        world.telegram.faults = fault
        world.each = 5
        for chat_id in range(1, 2001):
            await world.put(chat_id, "a b c d e")
        await world.run(400)
        assert Counter(world.heard) == Counter((n, f"{n}: a b c d e") for n in range(1, 2001))
        assert set(await world.states()) == {"sent"}
        assert world.telegram.most_in(1) <= 25
        assert world.telegram.most_in_a_chat(1) == 1
        busy = [call.at for call in world.telegram.calls if call.at < 80]
        assert len(busy) / 80 >= 0.9 * 25

    simulated(check)


@pytest.mark.parametrize("latency", [0.1, 0.3, 0.9])
def test_a_slow_telegram_makes_it_no_slower(simulated: Simulated, latency: float) -> None:
    async def check(world: World) -> None:
        world.telegram.latency = (latency, latency)
        for chat_id in range(1, 301):
            await world.put(chat_id)
        await world.run(60)
        assert len(world.heard) == 300
        alone = world.telegram.calls[1].at  # the first message has to have arrived
        assert alone <= latency + 0.1
        assert world.telegram.calls[-1].at - alone <= 300 / (0.9 * 25)

    simulated(check)


def test_many_messages_a_chat_and_groups_keep_to_the_limits_of_each(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        for chat_id in (1, 2, -3, -4):
            for _ in range(9):
                await world.put(chat_id, "a b c d e f")
        await world.run(600)
        assert set(await world.states()) == {"sent"}
        assert world.telegram.most_in_a_chat(1) == 1
        groups = [call for call in world.telegram.calls if call.chat_id == -3]
        assert world.telegram.most_in(60, groups) <= 20

    simulated(check)


def test_one_asked_for_does_not_wait_for_the_others(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        for chat_id in range(1, 501):
            await world.put(chat_id)
        running = asyncio.ensure_future(world.run(60))
        await asyncio.sleep(5)
        await world.put(999, asked=True)
        world.delivery.wake()
        await running
        (at,) = [call.at for call in world.telegram.calls if call.chat_id == 999]
        assert at < 5 + 2 * AT_ONCE / 24

    simulated(check)


# What Telegram answers


@pytest.mark.parametrize(
    "answer",
    [SPAM, BROKEN, lost(), late(), (200, b"<html>"), UNKNOWN],
    ids=["429", "502", "lost", "late", "garbled", "401"],
)
def test_what_passes_is_tried_again_till_it_arrives(simulated: Simulated, answer: Answer) -> None:
    async def check(world: World) -> None:
        world.telegram.faults = first(*[answer] * 12)
        await world.put(1, "a b c")
        await world.run(2400)
        assert world.heard == [(1, "1: a b"), (1, "1: c")]
        assert await world.states() == ["sent"]
        assert len(world.telegram.calls) == 14

    simulated(check)


def test_a_429_makes_its_chat_wait_as_told_and_no_other(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        world.telegram.faults = first(refusal(429, "Too Many", retry_after=40), chat=1)
        await world.put(1)
        await world.put(2)
        await world.run()
        refused, other, again = world.telegram.calls
        assert (refused.chat_id, other.chat_id, again.chat_id) == (1, 2, 1)
        assert other.at < 1
        assert refused.at + 40 <= again.at < refused.at + 42

    simulated(check)


def test_a_limit_for_everyone_makes_everyone_wait(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        world.telegram.faults = lambda *_: (
            refusal(429, "Too Many", retry_after=30) if seconds() < 30 else None
        )
        for chat_id in range(1, 101):
            await world.put(chat_id)
        await world.run()
        early = [call for call in world.telegram.calls if call.at < 30]
        assert len(early) <= 3 + AT_ONCE
        assert len(world.heard) == 100

    simulated(check)


def test_a_telegram_that_is_down_is_not_hammered(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        world.telegram.faults = lambda *_: lost() if seconds() < 1800 else None
        for chat_id in range(1, 501):
            await world.put(chat_id)
        await world.run(2400)
        early = [call for call in world.telegram.calls if call.at < 1800]
        assert len(early) < (6 + 1800 / 60) * AT_ONCE
        assert set(await world.states()) == {"sent"}
        assert world.telegram.calls[-1].at < 1800 + 60 + 300 + 60

    simulated(check)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(403, "Forbidden: bot was blocked by the user"),
        refusal(400, "Bad Request: chat not found"),
        refusal(400, "Bad Request: not enough rights to send text messages to the chat"),
    ],
)
def test_a_closed_chat_is_left_alone_and_its_digests_are_held(
    simulated: Simulated, answer: Answer
) -> None:
    async def check(world: World) -> None:
        await world.store.saw(1, "private", "Анна", None, START)
        world.telegram.faults = always(answer, 1)
        for chat_id in (1, 1, 2):
            await world.put(chat_id)
        await world.run()
        assert len(world.telegram.calls) == 2
        assert await world.states() == ["held", "held", "sent"]
        assert await world.store.rows("SELECT active FROM chats") == [(0,)]
        assert not await world.notices()

    simulated(check)


def test_a_group_that_became_a_supergroup_gets_the_rest_there(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=SUPERGROUP)
        world.telegram.faults = lambda chat_id, text: (
            moved if chat_id == GROUP and "c" in text else None
        )
        await world.put(GROUP, "a b c")
        await world.put(GROUP, "d")
        await world.run()
        assert world.heard == [(GROUP, "1: a b"), (SUPERGROUP, "1: c"), (SUPERGROUP, "2: d")]

    simulated(check)


def test_two_groups_that_each_moved_to_the_other_are_not_chased(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        world.telegram.faults = lambda chat_id, _: refusal(
            400, "upgraded", migrate_to_chat_id=SUPERGROUP if chat_id == GROUP else GROUP
        )
        await world.put(GROUP)
        await world.run(3600)
        assert len(world.telegram.calls) < 40
        assert await world.states() == ["pending"]

    simulated(check)


# What never passes


def test_what_telegram_will_not_take_is_parked_and_admins_are_told_once(
    simulated: Simulated,
) -> None:
    async def check(world: World) -> None:
        world.telegram.faults = lambda chat_id, _: TOO_LONG if chat_id in (1, 2) else None
        for chat_id in (1, 2, 1, 3):
            await world.put(chat_id)
        await world.run()
        assert await world.states() == ["parked", "parked", "parked", "sent"]
        (told,) = [text for chat, text in world.telegram.arrived if chat == ADMIN]
        assert "message is too long" in told.lower()
        rows = await world.store.rows("SELECT DISTINCT error FROM outbox WHERE state = 'parked'")
        assert rows == [("BadRequest: Message is too long",)]

    simulated(check)


@pytest.mark.parametrize("bug", [QuoteMismatch("a.md: not a slice"), KeyError("a"), OSError("x")])
def test_a_digest_that_cannot_be_composed_holds_up_no_other(
    simulated: Simulated, bug: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def check(world: World) -> None:
        world.bugs = {1: bug}
        await world.put(1)
        await world.put(2)
        await world.run()
        assert await world.states() == ["parked", "sent"]
        assert world.heard == [(2, "2: a b")]
        ((_, told),) = await world.notices()
        assert told

    simulated(check)
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.exc_info
    assert record.exc_info[1] is bug


def test_a_message_that_covers_no_entry_is_a_fault_of_the_bot(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        world.each = 0
        world.gone = {"a", "b"}
        await world.put(1)
        await world.run()
        assert await world.states() == ["parked"]

    simulated(check)


@pytest.mark.parametrize(
    ("faults", "told_at"),
    [
        ({}, {ADMIN: 0, OTHER_ADMIN: 0}),
        ({ADMIN: [lost()]}, {OTHER_ADMIN: 0, ADMIN: 1}),
        ({ADMIN: [refusal(403, "Forbidden: blocked")]}, {OTHER_ADMIN: 0}),
        ({ADMIN: [refusal(403, "no")], OTHER_ADMIN: [refusal(403, "no")]}, {}),
        ({ADMIN: [late(), late()], OTHER_ADMIN: [refusal(403, "no")] * 9}, {ADMIN: 2}),
        ({ADMIN: [BROKEN], OTHER_ADMIN: [SPAM]}, {ADMIN: 1, OTHER_ADMIN: 1}),
        ({ADMIN: [UNKNOWN], OTHER_ADMIN: [UNKNOWN]}, {ADMIN: 1, OTHER_ADMIN: 1}),
    ],
)
def test_each_admin_who_can_be_reached_is_told_of_a_notice_once(
    simulated: Simulated, faults: dict[int, list[Answer]], told_at: dict[int, int]
) -> None:
    """`told_at`: the round of telling in which each admin hears of it."""

    async def check(world: World) -> None:
        left = {admin: iter(answers) for admin, answers in faults.items()}
        world.delivery.admin_ids = (ADMIN, OTHER_ADMIN)
        world.telegram.faults = lambda chat_id, _: next(left.get(chat_id, iter(())), None)
        await world.store.add_notice("a", "Лента не отвечает.", START)
        await world.run(600)
        arrived = [call for call in world.telegram.calls if call.arrived]
        rounds = {call.chat_id: int(call.at // NOTICE_PAUSE) for call in arrived}
        assert rounds == told_at
        assert len(arrived) == len(rounds)
        assert await world.notices() == [("a", 1)]

    simulated(check)


# The database


def test_what_cannot_be_noted_is_not_sent_again_but_noted_later(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        await world.put(1, "a b c")
        world.store.broken = sqlite3.OperationalError("disk full")
        running = asyncio.ensure_future(world.run(600))
        await asyncio.sleep(60)
        assert world.heard == [(1, "1: a b")]
        world.store.broken = None
        await running
        assert world.heard == [(1, "1: a b"), (1, "1: c")]

    simulated(check)


def test_an_outbox_that_cannot_be_read_is_looked_into_again(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        await world.put(1)
        await world.store.write("ALTER TABLE outbox RENAME TO lost")
        running = asyncio.ensure_future(world.run(1200))
        await asyncio.sleep(30)
        await world.store.write("ALTER TABLE lost RENAME TO outbox")
        await running
        assert world.heard == [(1, "1: a b")]

    simulated(check)


# The end


def test_it_can_be_begun_again(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        await world.run(1)
        world.ending.clear()
        await world.put(1)
        await world.run()
        assert world.heard == [(1, "1: a b")]

    simulated(check)


def test_at_the_end_what_is_in_flight_is_noted_and_nothing_is_begun(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        world.telegram.latency = (2, 2)
        for chat_id in range(1, 101):
            await world.put(chat_id)
        await world.run(2.5)  # of which the first message, sent alone, takes two
        assert 4 <= seconds() < 5
        begun = len(world.telegram.calls)
        assert 5 < begun < 15
        states = await world.states()
        assert states == ["sent"] * begun + ["pending"] * (100 - begun)

    simulated(check)


def test_the_end_does_not_wait_for_a_database_that_fails(simulated: Simulated) -> None:
    async def check(world: World) -> None:
        await world.put(1)
        world.store.broken = sqlite3.OperationalError("disk full")
        await world.run(60)
        assert seconds() < 61
        assert await world.states() == ["pending"]

    simulated(check)


def test_after_a_kill_only_what_was_in_flight_is_repeated(simulated: Simulated) -> None:
    """Killed five times: all that runs is gone, the database is as it was committed."""

    async def check(world: World) -> None:
        for chat_id in range(1, 301):
            await world.put(chat_id, "a b c")
        in_flight: list[int] = []
        for life in range(6):
            heir = World(world.store, world.telegram)
            running = asyncio.ensure_future(heir.run(600))
            await asyncio.sleep(601 if life == 5 else 3.7)
            in_flight.append(len(world.heard) - await noted(world) - sum(in_flight))
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(running, *others, return_exceptions=True)
        assert set(await world.states()) == {"sent"}
        heard = Counter(world.heard)
        assert set(heard) == {(n, f"{n}: {part}") for n in range(1, 301) for part in ("a b", "c")}
        assert 0 < heard.total() - 600 <= sum(in_flight)
        assert max(in_flight) < 0.3 * 25 + 1

    simulated(check)


async def noted(world: World) -> int:
    """How many messages the database knows to have arrived."""
    (messages,) = await world.store.row("SELECT SUM((sent + 1) / 2) FROM outbox") or (0,)
    return int(messages)
