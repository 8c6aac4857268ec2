"""When and why the process ends: a signal, or a reason to give up."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self


class GaveUp(Exception):
    """The bot cannot go on; the message says why and what to do."""


@dataclass
class Ending:
    """Set once, by SIGTERM, Ctrl-C or `give_up`; whoever waits for it begins to close down."""

    event: asyncio.Event = field(default_factory=asyncio.Event)
    reason: str | None = None

    @classmethod
    def at_signals(cls) -> Self:
        """An ending that SIGTERM and Ctrl-C bring about, in the running event loop."""
        ending = cls()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ending.event.set)
        return ending

    def give_up(self, reason: str) -> None:
        self.reason = reason
        self.event.set()

    async def unless(self, work: Coroutine[Any, Any, object]) -> None:
        """Do the work, but drop it once the end has come; raises what the work raises."""
        task = asyncio.ensure_future(work)
        end = asyncio.ensure_future(self.event.wait())
        await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
        end.cancel()
        if not task.done():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task
