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
    """When it was last written or replaced, in nanoseconds since 1970; 0 where that tells nothing.

    The later of the times of its content and of its name and permissions: the first can be set.
    """


MISSING = Stamp(-1, 0)
"""Of what is not there."""
UNKNOWN = Stamp(0, 0)


class Listed(NamedTuple):
    """A file of the corpus folder, or what lies there instead."""

    name: str
    """Relative to the folder, with forward slashes, as the system writes it."""
    kind: Kind
    stamp: Stamp
    beside: Stamp
    """Of the sidecar beside it."""


def listed(folder: Path) -> Iterator[Listed]:
    """The files under a folder, in the order of their paths, without hidden ones.

    A sidecar is listed with its file, and alone where there is no such file. Links to folders are
    listed and not entered, so that no link leads round in a circle; so are folders that cannot be
    listed. Raises OSError where that is the folder itself.
    """
    pending = _entries(folder, "")
    while pending:
        each = pending.pop()
        if each.kind is not Kind.FOLDER:
            yield each
            continue
        try:
            pending += _entries(folder / each.name, f"{each.name}/")
        except OSError:
            yield each


def walk(folder: Path) -> list[Path]:
    """The paths of all that `listed` gives."""
    return [folder / each.name for each in listed(folder)]


def _entries(folder: Path, within: str) -> list[Listed]:
    """What is in a folder, the last name first; sidecars with their files."""
    with os.scandir(str(folder)) as found:
        entries = {entry.name: entry for entry in found if not entry.name.startswith(".")}
    beside = {
        file: entries[file + SIDECAR]
        for name in entries
        if name.endswith(SIDECAR) and (file := name.removesuffix(SIDECAR)) in entries
    }
    attached = {entry.name for entry in beside.values() if not _is_folder(entry)}
    names = sorted(entries.keys() - attached if attached else entries, reverse=True)
    return [
        Listed(
            within + name,
            _kind(entry := entries[name]),
            _stamp(entry),
            _stamp(beside[name]) if name in beside else MISSING,
        )
        for name in names
    ]


def _kind(entry: "os.DirEntry[str]") -> Kind:
    if entry.is_symlink():
        return Kind.LINK
    return Kind.FOLDER if _is_folder(entry) else Kind.FILE


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    return entry.is_dir(follow_symlinks=False)


def _stamp(entry: "os.DirEntry[str]") -> Stamp:
    """Of a link, or of what has gone meanwhile, it tells nothing."""
    if entry.is_symlink():
        return UNKNOWN
    try:
        found = entry.stat()
    except OSError:
        return UNKNOWN
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
