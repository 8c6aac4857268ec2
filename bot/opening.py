"""The archive at the start: opened as it is stored, and brought up to date first where it is small.

A large one answers at once, from what is stored; what has changed meanwhile is taken in beside the
answers (`bot.intake`).
"""

import gc
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bot.rebuilding import warn_of
from bot.settings import index_in
from retrieval import assembling, storage
from retrieval.building.update import update
from retrieval.features import FEATURES
from retrieval.generation import Generation
from retrieval.ranker import RankerError, load_shipped
from retrieval.storage import GenerationError
from retrieval.storing import generations
from retrieval.storing.lock import LockError

log = logging.getLogger(__name__)

FILES, BYTES = 2_000, 50_000_000
"""At most so much has a corpus folder that is looked through before the first answer: what has been
removed from it is then never quoted."""
Progress = Callable[[int, int], None]
"""Called with the bytes that are done, and those there are."""


class Opened(NamedTuple):
    """An archive to answer from."""

    generation: Generation
    behind: bool = False
    """Whether the corpus folder is still to be looked at for what has changed."""


def open_archive(corpus_dir: Path, state_dir: Path, progress: Progress | None = None) -> Opened:
    """The archive as it is stored, up to date where the corpus folder is small; built if need be.

    Raises CorpusError if the folder cannot be read, LockError where nothing is stored yet and
    another process is building it. An index that cannot be read is rebuilt, one that cannot be
    written is used from memory; both are said in the log, as is a ranker that cannot be used.
    """
    try:
        load_shipped(FEATURES)
    except RankerError as error:
        log.warning("ranking by BM25 alone: %s", error)
    index = index_in(state_dir)
    stored = _stored(index)
    if stored and not is_small(corpus_dir):
        opened = Opened(stored, behind=True)
    else:
        opened = _updated(corpus_dir, index, stored, progress)
    opened.generation.warm()
    return opened


def _stored(index: Path) -> Generation | None:
    """What is stored already; None where that is nothing, or nothing that can be used."""
    if next(iter(generations.stored(index)), None) is None:
        return None
    try:
        return storage.open_generation(index)
    except GenerationError:  # `update` says it, and builds it anew
        return None


def _updated(
    corpus_dir: Path, index: Path, stored: Generation | None, progress: Progress | None
) -> Opened:
    analyzer = stored.analyzer if stored else None
    try:
        built = update(corpus_dir, index, analyzer=analyzer, progress=progress)
        warn_of(built.refused)
        if stored and stored.name == built.name:
            return Opened(stored)
        return Opened(storage.open_generation(index, analyzer))
    except LockError as error:
        if not stored:
            raise
        log.warning("answering from the index as it was: %s", error)
        return Opened(stored, behind=True)
    except GenerationError as error:
        log.warning("the index stays in memory only: %s", error)
    generation = assembling.build(corpus_dir, progress)
    warn_of(generation.refused)
    return Opened(generation)


def is_small(folder: Path, files: int = FILES, size: int = BYTES) -> bool:
    """Whether a folder has so many files and bytes at most; no more files are looked at."""
    found = list(islice(_files(folder), files + 1))
    return len(found) <= files and sum(map(_size, found)) <= size


def _files(folder: Path) -> Iterator[str]:
    return (f"{root}/{name}" for root, _, names in os.walk(folder) for name in names)


def _size(path: str) -> int:
    """Of a file, in bytes; 0 for what has gone or leads nowhere."""
    with suppress(OSError):
        return Path(path).stat().st_size
    return 0


def settle() -> None:
    """Spare what lives as long as an archive the full garbage collections, which hold up answers.

    One takes some tenths of a second for a large archive. For the start, once: what is spared is
    never looked through again.
    """
    gc.collect()
    gc.freeze()
