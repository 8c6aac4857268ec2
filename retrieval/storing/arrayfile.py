"""One array in one .npy file: written piece by piece, mapped into memory when it is read.

The digest is over the values and then the header, which is written again when the number of rows
is known. It is against damage, not against forgery: SHA-1, cut to 128 bits, takes half the time of
BLAKE2b where the processor has instructions for it (1.9 and 0.9 GB/s).
"""

import hashlib
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

_KINDS = "biuf"
"""Truth values, integers, floats: nothing that could run code."""
_SMALL = 1 << 20
"""Bytes: files below are read and checked at once, and keep no file open."""
_PIECE = 1 << 20


class FolderError(ValueError):
    """What is stored cannot be used: one line with the file and what is wrong with it."""


class Entry(NamedTuple):
    """What is known of a file when it was written."""

    dtype: str
    shape: tuple[int, ...]
    digest: str
    mtime_ns: int


class ArrayFile:
    """An array while it is written; the first rows say its type and width. Raises OSError."""

    def __init__(self, path: Path, first: NDArray[Any]) -> None:
        self._dtype = first.dtype.newbyteorder("=")
        if self._dtype.kind not in _KINDS or not first.ndim:
            raise ValueError(f"{path.stem} cannot be stored: {first.dtype}, {first.ndim} axes")
        self._shape = (0, *first.shape[1:])
        self._hash = hashlib.sha1(usedforsecurity=False)
        self._file = path.open("wb")
        self._file.write(_header(self._dtype, self._shape))

    def append(self, rows: NDArray[Any]) -> None:
        """Put rows behind those that there are. Raises ValueError for those of another type."""
        if rows.dtype.newbyteorder("=") != self._dtype or rows.shape[1:] != self._shape[1:]:
            found = f"{rows.dtype} {rows.shape[1:]}"
            raise ValueError(f"{self._file.name}: {found}, not {self._dtype} {self._shape[1:]}")
        content = np.ascontiguousarray(rows, self._dtype).reshape(-1).view(np.uint8).data
        self._file.write(content)
        self._hash.update(content)
        self._shape = (self._shape[0] + len(rows), *self._shape[1:])

    def finish(self) -> Entry:
        """Have it on the disk."""
        header = _header(self._dtype, self._shape)
        self._file.seek(0)
        self._file.write(header)
        self._hash.update(header)
        self._file.flush()
        os.fsync(self._file.fileno())
        written = os.fstat(self._file.fileno()).st_mtime_ns
        return Entry(self._dtype.str, self._shape, self._hash.hexdigest()[:32], written)

    def close(self) -> None:
        """Let go of the file; what is not finished is lost."""
        with suppress(OSError):
            self._file.close()


def array(path: Path, entry: Entry) -> NDArray[Any]:
    """The array of a file, read-only. Raises FolderError where it is not what was written.

    A big file that has the size and the time of writing is believed; any other is read through.
    """
    with _opened(path, entry) as (file, start):
        found = os.fstat(file.fileno())
        if found.st_size < _SMALL or found.st_mtime_ns != entry.mtime_ns:
            _check(file, entry)
        content: mmap.mmap | bytes
        if found.st_size < _SMALL:
            file.seek(0)
            content = file.read()
        else:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.ndarray(entry.shape, entry.dtype, content, start)


def scrub(path: Path, entry: Entry) -> None:
    """Read a file through and compare. Raises FolderError."""
    with _opened(path, entry) as (file, _):
        _check(file, entry)


def _header(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    """What a .npy file begins with (NEP 1): as many bytes for any number of rows."""
    content = BytesIO()
    described = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(content, described)
    return content.getvalue()


@contextmanager
def _opened(path: Path, entry: Entry) -> Iterator[tuple[BinaryIO, int]]:
    """A file of the type, shape and size of its entry, and where the values begin in it."""
    if not path.is_file():
        raise FolderError(f"{path}: missing")
    try:
        with path.open("rb") as file:
            found = _described(file)
            if found != (entry.dtype, entry.shape):
                raise FolderError(f"{path}: {_shown(*found)}, not {_shown(*entry[:2])}")
            _check_size(file, entry)
            yield file, file.tell()
    except OSError as error:
        raise FolderError(f"{path}: {error.strerror or error}") from error


def _shown(dtype: str, shape: tuple[int, ...]) -> str:
    return f"{dtype} {shape}"


def _described(file: BinaryIO) -> tuple[str, tuple[int, ...]]:
    """Type and shape as the header of a file has them."""
    try:
        version = npy.read_magic(file)
        shape, by_column, dtype = npy.read_array_header_1_0(file)
    except (ValueError, SyntaxError) as error:
        raise FolderError(f"{file.name}: damaged or truncated, it has no header") from error
    if version != (1, 0) or by_column or dtype.kind not in _KINDS or min(shape, default=0) < 0:
        raise FolderError(f"{file.name}: damaged, its header is not one of ours")
    return dtype.str, shape


def _check_size(file: BinaryIO, entry: Entry) -> None:
    size = os.fstat(file.fileno()).st_size
    wanted = file.tell() + prod(entry.shape) * np.dtype(entry.dtype).itemsize
    if size != wanted:
        wrong = "truncated" if size < wanted else "too long"
        raise FolderError(f"{file.name}: {wrong}, {size} bytes instead of {wanted}")


def _check(file: BinaryIO, entry: Entry) -> None:
    """Compare a file, read up to its values, with its digest."""
    start, found = file.tell(), hashlib.sha1(usedforsecurity=False)
    while piece := file.read(_PIECE):
        found.update(piece)
    file.seek(0)
    found.update(file.read(start))
    if found.hexdigest()[:32] != entry.digest:
        raise FolderError(f"{file.name}: damaged")
