"""The generations of an index on disk, and the segments that they are made of.

    current          the name of the generation that is current, replaced by one rename
    gen-DIGEST/      what a generation has of its own, and the names of its segments
    seg-DIGEST/      a segment; generations have it in common
    building/        what a build has done so far; it is not touched here
    lock             who writes (see `retrieval.storing.lock`)

A name has the digest of the folder's manifest. The generation before the current one is kept, with
its segments: it serves where the current one is damaged. What a reader has mapped stays readable
when its name goes.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from numpy.typing import NDArray

from retrieval import durably
from retrieval.storing import folder
from retrieval.storing.folder import Fields, FolderError
from retrieval.storing.strings import Arrays

_CURRENT = "current"
_GENERATION = "gen-"
_SEGMENT = "seg-"
_NEW = "new"
"""What is written before its digest is known."""
_LEFT = (_NEW, f".{_NEW}.part")
"""What a process that was killed may have left."""
_NAME = re.compile("(?:gen|seg)-[0-9a-f]{32}")

_UNREADABLE = (OSError, ValueError, LookupError, TypeError)
"""What is raised over something damaged; FolderError is a ValueError."""

Made = TypeVar("Made")


class Published(NamedTuple):
    """What a generation has of its own."""

    fields: Fields
    """What `publish` was given; under "segments" the names of its segments."""
    arrays: dict[str, NDArray[Any]]


class Opened(NamedTuple, Generic[Made]):
    """A generation that could be opened."""

    name: str
    made: Made
    passed_over: tuple[str, ...]
    """What is wrong with each that is newer, a line each."""


def publish(index: Path, arrays: Arrays, fields: Mapping[str, Any], segments: Sequence[str]) -> str:
    """Make a generation of segments that are stored already, and make it current; its name.

    All but it, the newest one before it that can be read, and the segments of both is removed.
    Raises FolderError for a segment that is not there, OSError (disk full, no permission): what was
    current stays current then.
    """
    for segment in segments:
        if not (index / segment).is_dir():
            raise FolderError(f"{index / segment}: missing")
    kept = _serving(index)
    digest = folder.write(index / _NEW, arrays, {**fields, "segments": list(segments)})
    name = _GENERATION + digest
    try:
        _move(index / _NEW, index / name)
        durably.write(index / _CURRENT, name.encode())
    except OSError:
        if current(index) != name:
            shutil.rmtree(index / name, ignore_errors=True)
        raise
    _sweep(index, {name, *segments} | kept)
    return name


def add_segment(index: Path, arrays: Arrays) -> str:
    """Store a segment; its name. It goes again unless a generation with it is published next."""
    return adopt(index, index / _NEW, folder.write(index / _NEW, arrays))


def adopt(index: Path, written: Path, digest: str) -> str:
    """Take over a folder on the same disk, written with this digest, as a segment; its name.

    Raises OSError, and then the folder is removed.
    """
    name = _SEGMENT + digest
    _move(written, index / name)
    return name


def current(index: Path) -> str | None:
    """The name of the current generation; None if there is none, or if it cannot be read."""
    try:
        name = (index / _CURRENT).read_bytes().decode("ascii", "replace").strip()
    except OSError:
        return None
    return name if _NAME.fullmatch(name) else None


def stored(index: Path) -> Iterator[str]:
    """The names of the generations that there are: the current one, then others, newest first."""
    named = current(index)
    others = {path.name: _written(path) for path in index.glob(f"{_GENERATION}*")}
    newest = sorted(others, key=lambda name: others[name], reverse=True)
    return iter(dict.fromkeys([*([named] if named else []), *filter(_NAME.fullmatch, newest)]))


def read(index: Path, name: str) -> Published:
    """What a generation has of its own. Raises FolderError, also where it has gone meanwhile."""
    found = folder.stored(index / name, _digest(index, name))
    names = found.fields.get("segments")
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise FolderError(f"{index / name}: damaged, it names no segments")
    return Published(found.fields, found.arrays)


def read_segment(index: Path, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of a segment. Raises FolderError, also where it has gone meanwhile."""
    return folder.read(segment_path(index, name), _digest(index, name))


def segment_path(index: Path, name: str) -> Path:
    """The folder of a segment. Raises FolderError for what is no name of one."""
    _digest(index, name)
    return index / name


def opened(index: Path, make: Callable[[str], Made]) -> Opened[Made]:
    """What `make` gives for the name of the newest generation that it can open.

    One with which it fails, as with what is damaged, is passed over. Where another one became
    current meanwhile, all is tried again. Raises FolderError where none can be opened.
    """
    while True:
        named, wrong = current(index), list[str]()
        for name in stored(index):
            try:
                return Opened(name, make(name), tuple(wrong))
            except _UNREADABLE as error:
                wrong.append(str(error))
            if current(index) != named:
                break
        if current(index) == named:
            said = "; ".join(dict.fromkeys(wrong))
            raise FolderError(said or f"{index}: nothing is stored there yet")


def scrub(index: Path, name: str) -> None:
    """Read every byte of a generation and its segments and compare. Raises FolderError."""
    folder.scrub(index / name, _digest(index, name))
    for each in read(index, name).fields["segments"]:
        folder.scrub(segment_path(index, each), _digest(index, each))


def _digest(index: Path, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise FolderError(f"{index}: {name!r} is no name of what is stored there")
    return name.partition("-")[2]


def _move(written: Path, place: Path) -> None:
    try:
        written.rename(place)
    except OSError:
        shutil.rmtree(written, ignore_errors=True)
        raise
    durably.sync(place.parent)
    if written.parent != place.parent:
        durably.sync(written.parent)


def _written(path: Path) -> int:
    """When a folder was written; 0 if it has gone meanwhile."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _serving(index: Path) -> set[str]:
    """The names of the newest generation that can be read, and of its segments."""

    def names(name: str) -> set[str]:
        segments: list[str] = read(index, name).fields["segments"]
        for each in segments:
            read_segment(index, each)
        return {name, *segments}

    try:
        return opened(index, names).made
    except FolderError:
        return set()


def _sweep(index: Path, kept: set[str]) -> None:
    for path in index.iterdir():
        stale = path.name.startswith((_GENERATION, _SEGMENT)) and path.name not in kept
        if stale or path.name in _LEFT:
            shutil.rmtree(path, ignore_errors=True)
