"""A folder of arrays: written whole or not at all, checked and mapped into memory when read.

    texts.npy  numbers.npy  …    an array each
    manifest.json                of each file its type, its shape, a digest, the time of writing

Who names the folder keeps the digest of the manifest, and the manifest keeps those of the files.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from numpy.typing import NDArray

from retrieval import durably
from retrieval.storing import arrayfile
from retrieval.storing.arrayfile import ArrayFile, Entry, FolderError
from retrieval.storing.strings import Arrays

__all__ = [
    "Fields",
    "FolderError",
    "Stored",
    "Writer",
    "fields",
    "read",
    "scrub",
    "stored",
    "write",
]

VERSION = 1
"""Of the manifest; a folder with another one is not read."""
_MANIFEST = "manifest.json"
_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")

Fields = dict[str, Any]
"""What JSON takes."""


class Stored(NamedTuple):
    """What a folder holds."""

    arrays: dict[str, NDArray[Any]]
    """Read-only; those of a megabyte and more are mapped."""
    fields: Fields


class Writer:
    """A folder while it is written, beside its place; it is there, whole, behind the `with`.

    Arrays are appended piece by piece and not held in memory. A folder of this name is replaced.
    Raises OSError (disk full, no permission); what was written is removed then.
    """

    def __init__(self, folder: Path, fields: Mapping[str, Any] | None = None) -> None:
        self.digest = ""
        """Of the manifest, behind the `with`."""
        self._folder = folder
        self._aside = folder.with_name(f".{folder.name}.part")
        self._fields = dict(fields or {})
        self._files: dict[str, ArrayFile] = {}

    def append(self, name: str, rows: NDArray[Any]) -> None:
        """Put rows behind those that an array has; the first ones say its type and width."""
        if name not in self._files:
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a file")
            self._files[name] = ArrayFile(self._aside / f"{name}.npy", rows)
        self._files[name].append(rows)

    def extend(self, arrays: Arrays) -> None:
        """Append to each of these arrays."""
        for name, rows in arrays.items():
            self.append(name, rows)

    def __enter__(self) -> Self:
        if self._aside.exists():
            shutil.rmtree(self._aside)
        self._aside.mkdir(parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            for file in self._files.values():
                file.close()
            shutil.rmtree(self._aside, ignore_errors=True)

    def _finish(self) -> None:
        manifest = {
            "version": VERSION,
            "byteorder": sys.byteorder,
            "files": {name: file.finish()._asdict() for name, file in self._files.items()},
            "fields": self._fields,
        }
        content = json.dumps(manifest).encode()
        durably.write(self._aside / _MANIFEST, content)
        if self._folder.exists():
            shutil.rmtree(self._folder)
        self._aside.rename(self._folder)
        durably.sync(self._folder.parent)
        self.digest = _digest(content)


def write(folder: Path, arrays: Arrays, fields: Mapping[str, Any] | None = None) -> str:
    """Write arrays, and what else JSON takes; the digest of the manifest. Raises OSError."""
    with Writer(folder, fields) as writer:
        writer.extend(arrays)
    return writer.digest


def stored(folder: Path, digest: str) -> Stored:
    """What a folder with this digest of its manifest holds. Raises FolderError."""
    manifest = _manifest(folder, digest)
    files = manifest.files.items()
    arrays = {name: arrayfile.array(folder / f"{name}.npy", entry) for name, entry in files}
    return Stored(arrays, manifest.fields)


def read(folder: Path, digest: str) -> dict[str, NDArray[Any]]:
    """The arrays of a folder with this digest of its manifest. Raises FolderError."""
    return stored(folder, digest).arrays


def fields(folder: Path, digest: str) -> Fields:
    """What was written into a folder beside the arrays. Raises FolderError."""
    return _manifest(folder, digest).fields


def scrub(folder: Path, digest: str | None = None) -> None:
    """Read every byte of a folder and compare. Raises FolderError."""
    for name, entry in _manifest(folder, digest).files.items():
        arrayfile.scrub(folder / f"{name}.npy", entry)


class _Manifest(NamedTuple):
    files: dict[str, Entry]
    fields: Fields


def _digest(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()[:32]


def _manifest(folder: Path, digest: str | None) -> _Manifest:
    """What the manifest of a folder says, once it is known to be the one that was written."""
    path = folder / _MANIFEST
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise FolderError(f"{path}: missing") from error
    except OSError as error:
        raise FolderError(f"{path}: {error.strerror or error}") from error
    if digest not in (None, _digest(content)):
        raise FolderError(f"{path}: damaged, or of another version")
    try:
        manifest = json.loads(content)
        _check_written_here(manifest, path)
        return _Manifest(
            {name: _entry(name, entry) for name, entry in manifest["files"].items()},
            manifest["fields"],
        )
    except (AttributeError, LookupError, RecursionError, TypeError, UnicodeError) as error:
        raise FolderError(f"{path}: damaged") from error
    except json.JSONDecodeError as error:
        raise FolderError(f"{path}: damaged, no JSON") from error


def _check_written_here(manifest: dict[str, Any], path: Path) -> None:
    version, order = manifest.get("version"), manifest.get("byteorder")
    if version != VERSION:
        raise FolderError(f"{path}: of version {version!r}, not {VERSION}")
    if order != sys.byteorder:
        raise FolderError(f"{path}: of another byte order, {order!r}, not {sys.byteorder!r}")


def _entry(name: str, entry: dict[str, Any]) -> Entry:
    if not _NAME.fullmatch(name):
        raise LookupError(name)
    found = Entry(**entry)
    return found._replace(shape=tuple(found.shape))
