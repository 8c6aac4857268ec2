"""Watches the corpus folder, and has the archive reloaded when something in it changes."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from watchfiles import awatch

from bot.database import StoreError
from bot.rebuilding import NOT_REBUILT
from bot.trying import until

log = logging.getLogger(__name__)

CALM = 500
"""Milliseconds without a change after which the last ones are looked at: files come in batches."""
LONGEST_WAIT = 5_000
"""Milliseconds after which they are looked at though there is no calm."""
LOOK = 1_000
"""Milliseconds between looks at the folder itself: nobody tells that it has been replaced."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until a folder that could not be watched is tried again; each time twice as long."""
TEMPORARY = ("~", ".tmp", ".part", ".partial", ".crdownload", ".swp")
UNWATCHED = (OSError, RuntimeError, ExceptionGroup)
"""What watchfiles raises: from the system, from its own core, and from its group of tasks."""


async def watch(
    folder: Path,
    refresh: Callable[[], Awaitable[object]],
    ending: asyncio.Event,
    first_pause: float = FIRST_PAUSE,
) -> None:
    """Call `refresh` when the watch begins and after each change, until the end comes.

    A folder that is missing, or that goes away, is waited for. `refresh` may raise StoreError or
    one of NOT_REBUILT. Cancelling this sets `ending`, as watchfiles does.
    """
    pause = first_pause
    while not ending.is_set():
        try:
            async with aclosing(_changes(folder, ending)) as changes:
                async for _ in changes:
                    pause = first_pause
                    await _refreshed(refresh)
        except UNWATCHED as error:
            if pause == first_pause:
                log.error("%s is not watched, and will be tried again: %s", folder, error)
            await until(ending, pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _refreshed(refresh: Callable[[], Awaitable[object]]) -> None:
    try:
        await refresh()
    except (*NOT_REBUILT, StoreError) as error:
        log.error("what changed in the corpus folder was not taken in: %s", error)


async def _changes(folder: Path, ending: asyncio.Event) -> AsyncGenerator[None, None]:
    """Comes once the watch has begun, as something may have changed before, and at each change.

    Raises OSError where the folder is missing or is no longer the same one.
    """
    identity, root = _identity(folder), _root(folder)
    batches = awatch(
        root,
        watch_filter=None,
        debounce=LONGEST_WAIT,
        step=CALM,
        stop_event=ending,
        rust_timeout=LOOK,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    begun = False
    async with aclosing(batches):
        async for batch in batches:
            if _identity(folder) != identity:
                raise FileNotFoundError("another folder is in its place")
            if not begun or any(_counts(path, root) for _, path in batch):
                begun = True
                yield


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _root(folder: Path) -> Path:
    """The folder as changes name it: whole, and without links on the way."""
    return folder.resolve()


def _counts(path: str, root: Path) -> bool:
    """Whether a change of this file is of interest: hidden and half-written ones are not read."""
    parts = Path(os.path.relpath(path, root)).parts
    return not path.endswith(TEMPORARY) and not any(part.startswith(".") for part in parts)
