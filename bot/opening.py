"""The archive at the start: opened as it is stored, and brought up to date first where it is small.

A large one answers at once, from what is stored; what has changed meanwhile is taken in beside the
answers (`bot.intake`).
"""

import gc
import logging
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from retrieval import assembling, storage
from retrieval.building.update import update
from retrieval.features import FEATURES
from retrieval.generation import Generation
from retrieval.models import Refusal
from retrieval.ranker import RankerError, load_shipped
from retrieval.storage import GenerationError
from retrieval.storing import generations
from retrieval.storing.lock import LockError

log = logging.getLogger(__name__)

INDEX = "index"
"""The index's folder within the state folder."""
SMALL = 2_000
"""Files of a corpus folder that is looked through before the first answer: what has been removed
from it is then never quoted."""
LARGE = 100_000
"""Passages from which it pays to have the compiled kernels."""

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
    stored = _stored(state_dir / INDEX)
    if stored and not is_small(corpus_dir):
        opened = Opened(stored, behind=True)
    else:
        opened = _updated(corpus_dir, state_dir / INDEX, stored, progress)
    opened.generation.warm()
    return opened


def _stored(index: Path) -> Generation | None:
    """What is stored already; None where that is nothing, or nothing that can be used."""
    if next(iter(generations.stored(index)), None) is None:
        return None
    try:
        return storage.open_generation(index)
    except GenerationError as error:
        log.warning("building the index anew: %s", error)
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
    except (GenerationError, LockError) as error:
        locked = isinstance(error, LockError)
        if stored:
            log.warning("answering from the index as it was: %s", error)
            return Opened(stored, behind=locked)
        if locked:
            raise
        log.warning("the index stays in memory only: %s", error)
    generation = assembling.build(corpus_dir, progress)
    warn_of(generation.refused)
    return Opened(generation)


def warn_of(refused: tuple[Refusal, ...]) -> None:
    """Say in the log which files and lines were not taken in."""
    for each in refused:
        log.warning("refused %s", each)


def is_small(folder: Path, most: int = SMALL) -> bool:
    """Whether a folder has so many files at most; no more of them are looked at."""
    return sum(1 for _ in islice(_files(folder), most + 1)) <= most


def _files(folder: Path) -> Iterator[str]:
    return (name for _, _, names in os.walk(folder) for name in names)


def settle() -> None:
    """Spare what lives as long as an archive the full garbage collections, which hold up answers.

    One takes some tenths of a second for a large archive. For the start, once: what is spared is
    never looked through again.
    """
    gc.collect()
    gc.freeze()
