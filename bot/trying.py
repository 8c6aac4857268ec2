"""Trying again until it works or the end comes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from random import uniform
from typing import Any

from bot.database import StoreError

log = logging.getLogger(__name__)

BACK_OFF = 0.5, 300.0
"""Seconds until what failed is tried again: after the first time, and at most."""


def back_off(failures: int) -> float:
    """Seconds until the next try, after so many failures before this one: longer, and random."""
    first, last = BACK_OFF
    longer: float = first * 2 ** min(failures, 16)
    return min(longer * uniform(1, 2), last)  # noqa: S311


async def until(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but no longer than so long."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def outcome(work: Coroutine[Any, Any, object]) -> BaseException | None:
    """Do the work; returns what it raised, None also if it was cancelled."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task})
    return None if task.cancelled() else task.exception()


async def kept(write: Callable[[], Awaitable[object]], ended: asyncio.Event) -> None:
    """Write to the database until it takes it; once the end has come, it is tried one time more."""
    failures, last = 0, False
    while not last:
        last = ended.is_set()
        try:
            await write()
        except StoreError as error:
            log.error("what became of a message cannot be noted: %s", error)
            await until(ended, back_off(failures))
            failures += 1
        else:
            return
