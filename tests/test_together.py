"""Work that waits for a thread is done in one go, and each caller gets what is theirs."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from bot.together import Outcome, Together


class Desk:
    """Doubles numbers, when it is let; a negative one is a fault. Keeps what came together."""

    def __init__(self) -> None:
        self.open = Event()
        self.goes: list[list[int]] = []

    def double(self, numbers: Sequence[int]) -> list[Outcome]:
        self.goes.append([*numbers])
        assert self.open.wait(10)
        if 0 in numbers:
            raise ValueError("0 spoils everything")
        return [OverflowError(number) if number < 0 else 2 * number for number in numbers]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def lane(desk: Desk) -> Together[int]:
    return Together(desk.double, ThreadPoolExecutor(1))


async def begun(work: Together[int], *numbers: int) -> list["asyncio.Task[int]"]:
    """Ask for these; returns once they wait or are being done."""
    tasks = [asyncio.ensure_future(work(number)) for number in numbers]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_what_comes_while_the_thread_is_busy_is_done_in_one_go(desk: Desk) -> None:
    work = lane(desk)
    first = await begun(work, 1)
    rest = await begun(work, 2, 3, 4)
    desk.open.set()
    assert await asyncio.gather(*first, *rest) == [2, 4, 6, 8]
    assert desk.goes == [[1], [2, 3, 4]]


async def test_a_fault_is_raised_where_it_belongs(desk: Desk) -> None:
    desk.open.set()
    outcomes = await asyncio.gather(*await begun(lane(desk), 1, -2, 3), return_exceptions=True)
    assert [each if isinstance(each, int) else type(each) for each in outcomes] == [
        2,
        OverflowError,
        6,
    ]


async def test_what_spoils_all_is_raised_to_all_and_the_next_ones_are_done(desk: Desk) -> None:
    work = lane(desk)
    desk.open.set()
    outcomes = await asyncio.gather(*await begun(work, 1, 0), return_exceptions=True)
    assert [type(each) for each in outcomes] == [ValueError, ValueError]
    assert await work(5) == 10


async def test_who_is_cancelled_while_waiting_is_left_out_and_no_one_else(desk: Desk) -> None:
    work = lane(desk)
    first = await begun(work, 1)
    second, third = await begun(work, 2, 3)
    second.cancel()
    await asyncio.sleep(0)
    desk.open.set()
    assert await asyncio.gather(*first, third) == [2, 6]
    assert desk.goes == [[1], [3]]


async def test_who_is_cancelled_while_it_is_done_holds_up_no_one(desk: Desk) -> None:
    work = lane(desk)
    first, second = await begun(work, 1, 2)
    first.cancel()
    desk.open.set()
    assert await second == 4
    assert await work(3) == 6


async def test_nothing_is_done_while_the_turn_is_somebody_elses(desk: Desk) -> None:
    work = lane(desk)
    desk.open.set()
    async with work.turn:
        waiting = await begun(work, 1, 2)
        assert desk.goes == []
    assert await asyncio.gather(*waiting) == [2, 4]
    assert desk.goes == [[1, 2]]
