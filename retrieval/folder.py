"""The files of a corpus folder, and the bytes in them: no link leads out, no pipe hangs."""

import os
import stat
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from retrieval.fields import RefusedError, one_line, printable
from retrieval.models import Reason

SIDECAR = ".meta.toml"
"""A sidecar's name is its file's whole name and this: `a.txt.meta.toml` beside `a.txt`."""


class Kind(Enum):
    """What a name in the folder is."""

    FILE = "file"
    LINK = "link"
    """To a file, to a folder or to nothing."""
    FOLDER = "folder"


class Stamp(NamedTuple):
    """What tells that a file may have changed, without reading it."""

    size: int
    """Bytes."""
    changed: int
    """When it was last written or replaced, in nanoseconds since 1970; 0 for what tells nothing."""


MISSING = Stamp(-1, 0)
"""Of what is not there."""


class Listed(NamedTuple):
    """A file of the corpus folder, or what lies there instead."""

    name: str
    """Relative to the folder, with forward slashes, as the system writes it."""
    kind: Kind
    stamp: Stamp
    beside: Stamp
    """Of the sidecar beside it."""


class _Found(NamedTuple):
    name: str
    entry: "os.DirEntry[str]"
    beside: "os.DirEntry[str] | None"


def listed(folder: Path) -> Iterator[Listed]:
    """The files under a folder, in the order of their paths, without hidden ones.

    A sidecar is listed with its file, and alone where there is no such file. Links to folders are
    listed and not entered, so that no link leads round in a circle; so are folders that cannot be
    listed. Raises OSError where that is the folder itself.
    """
    pending = _entries(str(folder), "")
    while pending:
        name, entry, beside = pending.pop()
        kind = _kind(entry)
        stamps = _stamp(entry), _stamp(beside)
        if kind is not Kind.FOLDER:
            yield Listed(name, kind, *stamps)
            continue
        try:
            pending += _entries(entry.path, f"{name}/")
        except OSError:
            yield Listed(name, kind, *stamps)


def walk(folder: Path) -> list[Path]:
    """The paths of all that `listed` gives."""
    return [folder / each.name for each in listed(folder)]


def _entries(folder: str, within: str) -> list[_Found]:
    """What is in a folder, the last name first; sidecars with their files."""
    with os.scandir(folder) as found:
        entries = {entry.name: entry for entry in found if not entry.name.startswith(".")}
    return [
        _Found(within + name, entries[name], entries.get(name + SIDECAR))
        for name in sorted(entries, reverse=True)
        if not _is_attached(name, entries)
    ]


def _is_attached(name: str, entries: "dict[str, os.DirEntry[str]]") -> bool:
    """Whether it is the sidecar of another file; a folder is none, whatever its name."""
    if not name.endswith(SIDECAR) or name.removesuffix(SIDECAR) not in entries:
        return False
    return not entries[name].is_dir(follow_symlinks=False)


def _kind(entry: "os.DirEntry[str]") -> Kind:
    if entry.is_symlink():
        return Kind.LINK
    return Kind.FOLDER if entry.is_dir() else Kind.FILE


def _stamp(entry: "os.DirEntry[str] | None") -> Stamp:
    """Of a link, or what has gone meanwhile, it tells nothing."""
    if entry is None:
        return MISSING
    if entry.is_symlink():
        return Stamp(0, 0)
    try:
        found = entry.stat()
    except OSError:
        return Stamp(0, 0)
    return Stamp(found.st_size, max(found.st_mtime_ns, found.st_ctime_ns))


def shown(name: str) -> str:
    """A name as reports and ids write it: printable."""
    return printable(os.fsencode(name).decode("utf-8", "backslashreplace"))


def check_inside(path: Path, folder: Path) -> None:
    """Raise RefusedError, OUTSIDE or UNREADABLE, for a link out of the folder or to nothing."""
    try:
        target = Path(os.path.realpath(path, strict=True))
    except OSError as error:
        raise _unreadable(error) from error
    if not target.is_relative_to(os.path.realpath(folder)):
        raise RefusedError(
            Reason.OUTSIDE, "copy the file into the corpus folder instead of linking it"
        )


def content(path: Path, max_bytes: int) -> bytes:
    """The bytes of a regular file.

    Raises RefusedError: TOO_LARGE, without reading it all; UNREADABLE for what cannot be opened,
    and for pipes, sockets and devices, which are not opened.
    """
    try:
        mode, size = (found := path.stat()).st_mode, found.st_size
        if not stat.S_ISREG(mode):
            raise RefusedError(Reason.UNREADABLE, "not a regular file; remove it from the folder")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1) if size <= max_bytes else b""
    except OSError as error:
        raise _unreadable(error) from error
    if max(size, len(data)) > max_bytes:
        limit = f"over {max_bytes / 1024 / 1024:g} MiB; split it into smaller files"
        raise RefusedError(Reason.TOO_LARGE, limit)
    return data


def _unreadable(error: OSError) -> RefusedError:
    problem = error.strerror or type(error).__name__
    return RefusedError(
        Reason.UNREADABLE, f"{one_line(problem)}; check the file and its permissions"
    )
