"""Reads a text file line by line, packed with gzip or not; what is wrong is said with its line."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path

LONGEST = 1 << 24
"""Bytes of a line: a longer one is no paragraph, and is not taken into memory."""
_PACKED = b"\x1f\x8b"
"""How every gzip file begins (RFC 1952)."""


class LinesError(Exception):
    """A file cannot be used; the message is one line with file, line, reason and mend."""


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file without their ends, each with its number from 1.

    LF and CRLF end a line, a byte order mark is no part of the first, blank lines are passed over.
    Raises LinesError.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(len(_PACKED)) == _PACKED
            file.seek(0)
            yield from _decoded(path, gzip.GzipFile(fileobj=file) if packed else file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LinesError(f"{path}: damaged gzip ({error}); pack it again") from error
    except OSError as error:
        raise LinesError(f"{path}: {error.strerror or error}") from error


def _decoded(path: Path, file: BufferedIOBase) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := file.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST:
            raise LinesError(f"{path}:{number}: longer than {LONGEST} bytes; split it")
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            line = raw.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise LinesError(f"{path}:{number}: not UTF-8; save it as UTF-8") from error
        if line.strip():
            yield number, line
