"""The index of a corpus folder brought up to date; the work follows what has changed."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from retrieval import storage
from retrieval.analyzer import Analyzer
from retrieval.building import base as bases
from retrieval.building import parts, publishing, words
from retrieval.building.base import Base
from retrieval.building.gathering import Gathered, Progress, Task, gather
from retrieval.building.placing import Next, placed
from retrieval.building.scan import scan
from retrieval.building.words import Words
from retrieval.building.workers import cores
from retrieval.generation import Generation
from retrieval.models import Refusal
from retrieval.storage import GenerationError
from retrieval.storing import generations
from retrieval.storing.folder import FolderError
from retrieval.storing.lock import Lock

log = logging.getLogger(__name__)


class Changes(NamedTuple):
    """Ids of articles."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


class Built(NamedTuple):
    """What an update came to; ids are in the order of the corpus."""

    name: str
    """Of the generation that is current now."""
    base: str
    """Of the one that the changes are counted from; "" if there was none."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    """Those in which a reader sees a difference."""
    removed: tuple[str, ...]
    refused: tuple[Refusal, ...]
    """All that was not taken in, now or before."""
    articles: int
    passages: int
    seconds: float


def update(
    corpus_dir: Path,
    index: Path,
    *,
    analyzer: Analyzer | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    scrubbed: bool = False,
) -> Built:
    """Bring the index of a corpus folder up to date and publish it; nothing is written in vain.

    With `scrubbed` every byte of what is stored is looked at first, seconds for a gigabyte, and
    what is damaged is built anew; else large files that are as old and long as they were are
    trusted.

    Raises CorpusError where the folder cannot be read, LockError where another process writes the
    index, GenerationError (disk full, no permission, a process killed): what was stored before
    stays current then.
    """
    started = time.monotonic()
    with _writing(index):
        known = words.opened(index)
        analyzer = analyzer or Analyzer(known)
        known.of(analyzer.version)
        base = bases.opened(index, analyzer, scrubbed=scrubbed)
        task = Task(
            corpus_dir=corpus_dir,
            home=index,
            listed=scan(corpus_dir, time.time_ns()),
            base=base,
            key=[storage.version(analyzer), base.name if base else ""],
            workers=workers or cores(),
            progress=progress or _silent,
        )
        gathered = gather(task, analyzer)
        new = placed(task.listed, gathered, base, index)
        if base and _is_current(base, new, index):
            generation = base.generation
        else:
            generation = publishing.publish(new, base, analyzer, index)
            _keep(known, gathered, index)
        parts.remove(index)
        changes = _changes(new, base, generation)
    return _built(generation, base, changes, time.monotonic() - started)


def _built(now: Generation, base: Base | None, changes: Changes, seconds: float) -> Built:
    return Built(
        now.name,
        base.name if base else "",
        *changes,
        now.refused,
        len(now.articles),
        now.size,
        seconds,
    )


def _is_current(base: Base, new: Next, index: Path) -> bool:
    """Whether nothing has changed, and what is stored is named as it should be."""
    return publishing.is_same(new, base) and generations.current(index) == base.name


def settle(index: Path, progress: Progress | None = None) -> bool:
    """Join small segments and clear those with many dead, as there is time for after an update.

    Whether there was anything to do: then a new generation is current. Raises as `update` does;
    `progress` is told when it is done.
    """
    with _writing(index):
        base = bases.opened(index, Analyzer())
        done = base is not None and publishing.settle(base, index)
    if progress:
        progress(1, 1)
    return done


@contextmanager
def _writing(index: Path) -> Iterator[None]:
    try:
        with Lock(index):
            yield
    except (OSError, FolderError) as error:
        raise GenerationError(f"cannot write the index to {index}: {error}") from error


def _silent(_done: int, _total: int) -> None:
    """Tell no one."""


def _changes(new: Next, base: Base | None, now: Generation) -> Changes:
    """What is new, what is different, and what has gone."""
    if base is None:
        return Changes(new.anew, (), ())
    old = base.generation
    before = {old.article_id(number): old.digest(number) for number in new.dead.tolist()}
    after = {name: _digest(now, name) for name in new.anew}
    return Changes(
        tuple(name for name in after if name not in before),
        tuple(name for name in after if before.get(name, after[name]) != after[name]),
        tuple(name for name in before if name not in after),
    )


def _digest(generation: Generation, name: str) -> bytes:
    number = generation.number(name)
    return generation.digest(number) if number is not None else b""


def _keep(known: Words, gathered: Gathered, index: Path) -> None:
    """Keep the word forms that were new; without them the next build takes longer, no more."""
    try:
        for part in gathered.parts:
            known.new.update(part.words())
        if known.is_worth_storing():
            words.store(index, known)
    except (OSError, FolderError) as error:
        log.warning("the word forms of %s are not kept: %s", index, error)
