"""A rebuild of the archive in the test's own process, which saves a second each."""

import asyncio
from pathlib import Path

from bot.opening import open_archive
from bot.rebuilding import Making
from bot.settings import index_in
from retrieval.building.update import update
from retrieval.generation import Generation


async def in_place(corpus_dir: Path, state_dir: Path) -> Making:
    """As `bot.rebuilding.in_a_child` does it, in a thread; nothing is merged afterwards."""
    yield await asyncio.to_thread(update, corpus_dir, index_in(state_dir), workers=1)


def opened(corpus_dir: Path, state_dir: Path) -> Generation:
    """The archive of these folders, as at a start."""
    return open_archive(corpus_dir, state_dir).generation
