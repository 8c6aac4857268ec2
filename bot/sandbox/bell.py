"""Waiting for something to happen: one bell, any number of listeners."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Wakes everyone who waits each time it rings."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def heard(self) -> None:
        await self._next.wait()

    async def until(self, look: Callable[[], T], seconds: float) -> T:
        """What `look` sees as soon as that is true, else what it sees after so many seconds.

        Looks again at every ring; an error that `look` raises ends the wait.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not look():
                    await self.heard()
        return look()
