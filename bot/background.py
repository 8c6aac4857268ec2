"""What goes on beside the answers: digests, feeds, the watch on the folder; till the end comes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.trying import until

log = logging.getLogger(__name__)

PAUSE = 60.0
"""Seconds until work that a bug has stopped is begun again."""

Work = Callable[[], Awaitable[object]]
"""Goes on until the end comes."""


class Background:
    """Several works side by side; none of them brings down the bot or another one."""

    def __init__(self, ending: asyncio.Event) -> None:
        self._ending = ending
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, works: Mapping[str, Work]) -> None:
        """Begin with all of them, by their names in the log."""
        self._tasks += [
            asyncio.create_task(self._keep(name, work), name=name) for name, work in works.items()
        ]

    async def finish(self) -> None:
        """Wait until all have seen that the end has come."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _keep(self, name: str, work: Work) -> None:
        while not self._ending.is_set():
            try:
                await work()
            except Exception:
                log.exception("%s stopped by a bug; begun again in %.0f s", name, PAUSE)
                await until(self._ending, PAUSE)
