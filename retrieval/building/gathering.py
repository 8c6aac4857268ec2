"""What an update reads: the files that are new or changed, and those that an id draws in."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import Analyzer
from retrieval.arrays import Ids
from retrieval.building import claims, files, parts, workers
from retrieval.building.base import Base
from retrieval.building.claims import Settled, Source
from retrieval.building.files import UNKNOWN, Comparison, is_sure
from retrieval.building.parts import Key, Part
from retrieval.building.reading import Reader, hash_of
from retrieval.building.workers import Job
from retrieval.folder import Listed

SMALL = 4 << 20
"""Bytes: as much is read in this process, sooner than others could begin."""

Progress = Callable[[int, int], None]
"""Called with how many bytes of files are done, and of how many."""


class Task(NamedTuple):
    """What is to be read, and for what."""

    corpus_dir: Path
    home: Path
    """The folder of the index."""
    listed: Sequence[Listed]
    base: Base | None
    key: Key
    workers: int
    progress: Progress


class Gathered(NamedTuple):
    """All that was read, and what was not."""

    parts: Sequence[Part]
    hashes: dict[int, bytes]
    """Of the files that were read, by their places in the list."""
    settled: dict[int, Settled]
    """Of the files that were read anew."""
    unchanged: dict[int, int]
    """The places of the other files, by their numbers in the base."""


def gather(task: Task, analyzer: Analyzer) -> Gathered:
    """Read what has changed. Raises GenerationError and OSError as `workers.run` does."""
    base = task.base
    found = files.compared(task.listed, base.table if base else None)
    found = found._replace(unchanged=found.unchanged | _same(task, found))
    wanted = [task.listed[place] for place in np.flatnonzero(~found.unchanged).tolist()]
    gathering = _Gathering(task, found)
    leaving = _leaving(found, base)
    reader = Reader(task.corpus_dir, analyzer, base, leaving)
    size = workers.size_of(wanted)
    if size <= SMALL:
        gathering.add(_read(reader, wanted))
        task.progress(size, size)
    else:
        _share_out(gathering, wanted, task, leaving)
    while base and (extra := gathering.contested(base)):
        gathering.add(_read(reader, [task.listed[place] for place in sorted(extra)]))
    return gathering.gathered()


class _Gathering:
    """Parts as they come, and which file is in which."""

    def __init__(self, task: Task, found: Comparison) -> None:
        self.parts: list[Part] = []
        self._task = task
        self._places = {each.name: place for place, each in enumerate(task.listed)}
        self._known_as = found.known_as.tolist()
        self._sources: dict[int, Source] = {}
        self._unchanged = {
            self._known_as[place]: place for place in np.flatnonzero(found.unchanged).tolist()
        }
        self._hashes: dict[int, bytes] = {}

    def add(self, part: Part, *, resumed: bool = False) -> None:
        """Take what files gave; from an earlier build, as far as they are as they were then."""
        for number, read in enumerate(part.reads):
            place = self._places.get(read.listed.name)
            if place is None or (resumed and not self._is_current(place, read.listed)):
                continue
            self._hashes[place] = read.hash
            self._unchanged.pop(self._known_as[place], None)
            self._sources[place] = Source(place, len(self.parts), number)
        self.parts.append(part)

    def _is_current(self, place: int, listed: Listed) -> bool:
        return self._task.listed[place] == listed and is_sure(listed)

    def has(self, listed: Listed) -> bool:
        """Whether a file has been read."""
        return self._places[listed.name] in self._hashes

    def contested(self, base: Base) -> set[int]:
        """The places of files to be read because one before them claims an id that they have."""
        sources = list(self._sources.values())
        return claims.contested(sources, self.parts, base, self._unchanged)

    def gathered(self) -> Gathered:
        """What each file gives."""
        sources, base = list(self._sources.values()), self._task.base
        settled = claims.settled(sources, self.parts, base, self._unchanged)
        return Gathered(self.parts, self._hashes, settled, self._unchanged)


def _same(task: Task, found: Comparison) -> NDArray[np.bool_]:
    """Which files look changed and have the content that they had."""
    same = np.zeros(len(task.listed), np.bool_)
    if task.base:
        known_as, table = found.known_as.tolist(), task.base.table
        for place in np.flatnonzero(~found.unchanged & (found.known_as >= 0)).tolist():
            before = table.hash_of(known_as[place])
            same[place] = before == hash_of(task.listed[place], task.corpus_dir) != UNKNOWN
    return same


def _leaving(found: Comparison, base: Base | None) -> Ids:
    """The articles of files that have changed or gone."""
    if base is None:
        return np.empty(0, np.int32)
    changed = found.known_as[~found.unchanged]
    return base.table.articles_of(np.concatenate([changed[changed >= 0], found.gone]))


def _read(reader: Reader, wanted: Sequence[Listed]) -> Part:
    reads = [reader.read(each) for each in wanted]
    return parts.made(reads, reader.taken())


def _share_out(gathering: _Gathering, wanted: Sequence[Listed], task: Task, leaving: Ids) -> None:
    """Have all cores read; what an interrupted build has read already is taken over."""
    for part in parts.left(task.home, task.key):
        gathering.add(part, resumed=True)
    rest = [listed for listed in wanted if not gathering.has(listed)]
    total = workers.size_of(wanted)
    done = total - workers.size_of(rest)
    task.progress(done, total)
    job = Job(task.corpus_dir, task.home, task.key, leaving, bool(task.base))
    for path in workers.run(job, rest, task.workers):
        part = parts.opened(path, task.key)
        gathering.add(part)
        done += sum(read.listed.stamp.size for read in part.reads)
        task.progress(done, total)
