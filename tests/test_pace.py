"""The limits hold in any second and minute, are used, and answers to people go ahead."""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pace import CHAT_GAP, GROUP_LIMIT, GROUP_WINDOW, OUTAGE_PAUSES, RATE, SLACK, Pace, gap
from tests.simulation import most_within, seconds, simulate

ALLOWED = 25
"""Messages a second that Telegram takes from a bot, all chats together."""
GROUP = -100
FIRST_GAP = 1 / RATE - SLACK
"""Seconds from the first digest after a while to the next."""


class Sent:
    """What was sent, when in simulated time and to which chat; at some places there are digests."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.all: list[tuple[float, int]] = []
        self.places: list[int] = []

    async def digest(self, chat_id: int) -> None:
        """Send it as soon as it may go."""
        if wait := await self.pace.turn(chat_id):
            await asyncio.sleep(wait)
            await self.digest(chat_id)
            return
        self.places.append(len(self.all))
        self.all.append((seconds(), chat_id))

    def live(self, chat_id: int) -> None:
        self.pace.live(chat_id)
        self.all.append((seconds(), chat_id))

    @property
    def digests(self) -> list[tuple[float, int]]:
        return [self.all[place] for place in self.places]

    def times(self) -> list[float]:
        return [at for at, _ in self.all]


def simulated(work: Callable[[Sent], Coroutine[Any, Any, object]], **options: Any) -> Sent:
    async def run() -> Sent:
        sent = Sent(Pace(seconds, **options))
        await work(sent)
        return sent

    return simulate(run())


def jittery(delays: list[float]) -> Callable[[float], Coroutine[Any, Any, None]]:
    """A sleep that takes longer than it should, by one of these in turn."""
    turn = 0

    async def sleep(time: float) -> None:
        nonlocal turn
        turn += 1
        await asyncio.sleep(time + delays[turn % len(delays)])

    return sleep


async def all_at_once(sent: Sent, chats: int) -> None:
    await asyncio.gather(*map(sent.digest, range(1, chats + 1)))


def test_digests_are_evenly_spaced_and_use_what_is_allowed() -> None:
    sent = simulated(lambda sent: all_at_once(sent, 1000))
    times = sent.times()
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps[1:] == pytest.approx([1 / RATE] * 998)
    assert 999 / times[-1] >= 0.9 * ALLOWED
    assert [chat for _, chat in sent.digests] == list(range(1, 1001))


def test_the_rate_is_kept_up_by_a_loop_that_is_always_a_little_late() -> None:
    sent = simulated(lambda sent: all_at_once(sent, 500), sleep=jittery([0.002, 0.015, 0.004]))
    assert 499 / sent.times()[-1] >= 0.9 * ALLOWED


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=20))
@settings(max_examples=30, deadline=None)
def test_no_second_has_more_than_is_allowed_however_late_the_loop_is(delays: list[float]) -> None:
    sent = simulated(lambda sent: all_at_once(sent, 100), sleep=jittery(delays))
    assert most_within(1, sent.times()) <= ALLOWED


@given(st.lists(st.floats(0, 0.02), min_size=300, max_size=300))
@settings(max_examples=30, deadline=None)
def test_no_second_has_more_than_is_allowed_when_it_is_the_way_that_takes_long(
    ways: list[float],
) -> None:
    sent = simulated(lambda sent: all_at_once(sent, 300))
    arrived = sorted(at + way for at, way in zip(sent.times(), ways, strict=True))
    assert most_within(1, arrived) <= ALLOWED


Sending = st.tuples(st.floats(0, 5), st.sampled_from([1, 2, 3, GROUP, GROUP - 1]), st.booleans())


@given(st.lists(Sending, max_size=120))
@settings(max_examples=60, deadline=None)
def test_no_digest_is_sent_where_it_is_too_much(sendings: list[tuple[float, int, bool]]) -> None:
    """Up to it, no second, no second of its chat and no minute of its group has too many."""

    async def send(sent: Sent, at: float, chat_id: int, live: bool) -> None:
        await asyncio.sleep(at)
        before = seconds()
        if live:
            sent.live(chat_id)
            assert seconds() == before
        else:
            await sent.digest(chat_id)

    async def work(sent: Sent) -> None:
        await asyncio.gather(*(send(sent, *sending) for sending in sendings))

    sent = simulated(work)
    assert len(sent.times()) == len(sendings)
    for place in sent.places:
        (at, chat_id), before = sent.all[place], sent.all[: place + 1]
        ages = [at - other for other, chat in before if chat == chat_id]
        assert sum(at - other < 1 for other, _ in before) <= ALLOWED
        assert sum(age < 1 for age in ages) == 1
        assert chat_id > 0 or sum(age < 60 for age in ages) <= GROUP_LIMIT


def test_a_group_that_chats_much_gets_its_digests_later() -> None:
    async def work(sent: Sent) -> None:
        for _ in range(GROUP_LIMIT):
            sent.live(GROUP)
        await sent.digest(GROUP)

    ((at, _),) = simulated(work).digests
    assert at == pytest.approx(GROUP_WINDOW)


def test_a_chat_that_must_wait_holds_up_no_other() -> None:
    async def work(sent: Sent) -> None:
        await sent.digest(1)
        before = seconds()
        assert await sent.pace.turn(1) == pytest.approx(CHAT_GAP - FIRST_GAP)
        assert await sent.pace.turn(2) == 0
        assert seconds() - before == pytest.approx(FIRST_GAP)

    simulated(work)


def test_digests_give_way_to_live_messages() -> None:
    async def work(sent: Sent) -> None:
        await sent.digest(1)
        for person in range(10, 34):
            sent.live(person)
        await sent.digest(2)

    times = simulated(work).times()
    assert times[-1] == pytest.approx(FIRST_GAP + 24 / RATE)


def test_a_live_message_comes_ahead_of_a_digest_that_waits_already() -> None:
    async def work(sent: Sent) -> None:
        await sent.digest(1)
        waiting = asyncio.ensure_future(sent.digest(2))
        await asyncio.sleep(0.01)
        sent.live(3)
        await waiting

    _, live, second = simulated(work).all
    assert live == pytest.approx((0.01, 3))
    assert second == pytest.approx((FIRST_GAP + 1 / RATE, 2))


def test_who_gives_up_waiting_takes_no_turn() -> None:
    async def work(sent: Sent) -> None:
        await sent.digest(1)
        quitting = asyncio.ensure_future(sent.digest(2))
        await asyncio.sleep(0.01)
        quitting.cancel()
        await sent.digest(3)

    assert [at for at, _ in simulated(work).digests] == [0, pytest.approx(FIRST_GAP)]


@pytest.mark.parametrize(("chat_id", "pause"), [(7, CHAT_GAP), (GROUP, 3)])
def test_the_messages_of_a_digest_are_spread(chat_id: int, pause: float) -> None:
    assert gap(chat_id) == pause


# 429 and outages


def test_a_429_is_for_its_chat() -> None:
    async def work(sent: Sent) -> None:
        sent.pace.refused(1, 30)
        await asyncio.gather(sent.digest(1), sent.digest(2))

    first, second = simulated(work).digests
    assert first == pytest.approx((0, 2))
    assert second == pytest.approx((30, 1))


@pytest.mark.parametrize(
    ("refused", "success", "pause"),
    [
        ([1, 2, 3], False, 7),
        ([1, 1, 1, 2, 2], False, 0),
        ([1, 2, 3], True, 0),
    ],
)
def test_the_429s_of_three_chats_in_a_row_are_for_everyone(
    refused: list[int], success: bool, pause: float
) -> None:
    async def work(sent: Sent) -> None:
        for chat_id in refused[:-1]:
            sent.pace.refused(chat_id, 5)
        if success:
            sent.pace.accepted()
        sent.pace.refused(refused[-1], 7)
        assert sent.pace.pause_left() == pause
        await sent.digest(9)
        assert seconds() == pytest.approx(pause)

    simulated(work)


def test_an_outage_makes_all_wait_longer_each_time_until_something_arrives() -> None:
    async def work(sent: Sent) -> None:
        pauses = []
        for _ in range(9):
            for chat_id in range(1, 30):
                sent.pace.failed(chat_id)
            pauses.append(sent.pace.pause_left())
            await asyncio.sleep(pauses[-1])
        assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        sent.pace.accepted()
        sent.pace.failed(1)
        sent.pace.failed(2)
        assert not sent.pace.pause_left()
        sent.pace.failed(3)
        assert sent.pace.pause_left() == OUTAGE_PAUSES[0]

    simulated(work)


def test_a_pause_is_not_made_shorter() -> None:
    async def work(sent: Sent) -> None:
        sent.pace.pause(60)
        sent.pace.pause(1)
        assert sent.pace.pause_left() == 60

    simulated(work)


def test_nothing_is_remembered_for_longer_than_it_counts() -> None:
    async def work(sent: Sent) -> None:
        await all_at_once(sent, 2000)
        await asyncio.sleep(GROUP_WINDOW + 1)
        sent.live(1)
        assert len(sent.pace._sent) == len(sent.pace._chats) == 1

    simulated(work)
