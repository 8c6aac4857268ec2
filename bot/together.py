"""What many ask for at one moment, done in one go: one turn of a thread, one commit, for all."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, Generic, TypeVar

T = TypeVar("T")

Outcome = Any
"""What a piece of work gave, or the exception that it raised."""


class Together(Generic[T]):
    """A lane in which pieces of work wait while others are done; then all of them are done at once.

    `do` is given them, in order, in a thread of `threads`, and gives an outcome for each. While
    `turn` is held by somebody else nothing is done.
    """

    def __init__(self, do: Callable[[Sequence[T]], Sequence[Outcome]], threads: Executor) -> None:
        self.turn = asyncio.Lock()
        self._do = do
        self._threads = threads
        self._waiting: list[tuple[T, asyncio.Future[Any]]] = []
        self._serving: set[asyncio.Task[None]] = set()

    async def __call__(self, work: T) -> Any:
        """What the work gives, once it is done; raises what it raises.

        If the caller is cancelled it may be done all the same.
        """
        done = asyncio.get_running_loop().create_future()
        if not self._waiting:
            serving = asyncio.create_task(self._serve())
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)
        self._waiting.append((work, done))
        return await done

    async def _serve(self) -> None:
        async with self.turn:
            waiting, self._waiting = self._waiting, []
            wanted = [(work, done) for work, done in waiting if not done.cancelled()]
            loop = asyncio.get_running_loop()
            doing = loop.run_in_executor(self._threads, self._do, [work for work, _ in wanted])
            await asyncio.wait({doing})
        failure = doing.exception()
        outcomes = [failure] * len(wanted) if failure else doing.result()
        for (_, done), outcome in zip(wanted, outcomes, strict=True):
            if not done.cancelled():
                _settle(done, outcome)


def _settle(done: asyncio.Future[Any], outcome: Outcome) -> None:
    if isinstance(outcome, BaseException):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)
