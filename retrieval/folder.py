"""The files of a corpus folder, and the bytes in them: no link leads out, no pipe hangs."""

import os
import stat
from pathlib import Path

from retrieval.fields import RefusedError, one_line, printable
from retrieval.models import Reason


def walk(folder: Path) -> list[Path]:
    """The files under a folder, in the order of their paths, without hidden ones.

    Links to folders are listed and not entered, so that no link leads round in a circle; so are
    folders that cannot be listed.
    """
    paths: list[Path] = []
    errors: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(root, name).is_symlink()]
        paths += (Path(root, name) for name in [*files, *links] if not name.startswith("."))
    paths += (Path(error.filename) for error in errors)
    return sorted(paths, key=lambda path: path.relative_to(folder).parts)


def shown(path: Path, folder: Path) -> str:
    """A path inside the folder as reports and ids write it: with forward slashes, and printable."""
    name = path.relative_to(folder).as_posix()
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
