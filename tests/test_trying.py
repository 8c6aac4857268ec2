"""Waiting longer each time, and writing until the database takes it or the end has come."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import StoreError
from bot.trying import BACK_OFF, back_off, kept, outcome, until
from tests.simulation import seconds, simulate


@given(st.integers(0, 10_000))
def test_pauses_grow_up_to_a_limit(failures: int) -> None:
    first, last = BACK_OFF
    assert min(first * 2 ** min(failures, 20), last) <= back_off(failures) <= last
    assert back_off(0) <= 2 * first


def test_pauses_are_not_the_same_each_time() -> None:
    assert len({back_off(3) for _ in range(9)}) > 1


async def failing(error: BaseException | None = None) -> None:
    if error:
        raise error


async def test_an_outcome_is_the_error_or_none() -> None:
    error = KeyError("a bug")
    assert await outcome(failing(error)) is error
    assert await outcome(failing()) is None
    assert await outcome(failing(asyncio.CancelledError())) is None


@pytest.mark.parametrize(("happens", "waited"), [(3, 3), (30, 10)])
def test_an_event_is_waited_for_but_not_too_long(happens: int, waited: int) -> None:
    async def check() -> None:
        event = asyncio.Event()
        asyncio.get_running_loop().call_later(happens, event.set)
        await until(event, 10)
        assert seconds() == waited

    simulate(check())


@pytest.mark.parametrize(
    ("failures", "ends", "tries"),
    [(0, False, 1), (5, False, 6), (9, True, 1)],
)
def test_it_is_written_till_it_is_kept_but_at_the_end_once(
    failures: int, ends: bool, tries: int
) -> None:
    tried = 0

    async def write() -> None:
        nonlocal tried
        tried += 1
        if tried <= failures:
            raise StoreError("disk full")

    async def check() -> None:
        ended = asyncio.Event()
        if ends:
            ended.set()
        await kept(write, ended)

    simulate(check())
    assert tried == tries


def test_the_end_cuts_the_wait_short_for_one_last_try() -> None:
    async def check() -> None:
        ended = asyncio.Event()
        tries: list[float] = []

        async def write() -> None:
            tries.append(seconds())
            raise StoreError("disk full")

        asyncio.get_running_loop().call_later(100, ended.set)
        await kept(write, ended)
        assert tries[-1] == 100
        assert all(at < 100 for at in tries[:-1])

    simulate(check())
