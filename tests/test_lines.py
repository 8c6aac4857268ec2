"""Lines of plain and packed files, and what is said of those that cannot be read."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from retrieval.measuring.lines import LONGEST, LinesError, read_lines


def read(path: Path) -> list[tuple[int, str]]:
    return list(read_lines(path))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"a\nb", [(1, "a"), (2, "b")]),
        (b"a\r\n\r\nb\r\n", [(1, "a"), (3, "b")]),
        (b"\xef\xbb\xbfa\n", [(1, "a")]),
        (b"\xef\xbb\xbf\n\xef\xbb\xbfa\n", [(2, "\ufeffa")]),
        ("а\u2028б\x85в\n".encode(), [(1, "а\u2028б\x85в")]),
        (b" a\t\n", [(1, " a\t")]),
    ],
)
def test_lines_come_with_their_numbers(
    tmp_path: Path, packed: bool, content: bytes, lines: list[tuple[int, str]]
) -> None:
    path = tmp_path / "lines"
    path.write_bytes(gzip.compress(content) if packed else content)
    assert read(path) == lines


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("а\nб\n".encode("cp1251"), ":1: not UTF-8; save it as UTF-8"),
        ("a\nб\n".encode("cp1251"), ":2: not UTF-8; save it as UTF-8"),
        (gzip.compress(b"a\n" * 9999)[:-9], ": damaged gzip"),
        (b"\x1f\x8bno", ": damaged gzip"),
        (gzip.compress(b"a\nb\n") + b"tail", ": damaged gzip"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "lines"
    path.write_bytes(content)
    with pytest.raises(LinesError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}{complaint}")
    assert "\n" not in str(caught.value)


def test_a_packed_line_without_end_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(8):
            file.write(b"a" * LONGEST)
    tracemalloc.start()
    with pytest.raises(LinesError, match=":1: longer than 16777216 bytes"):
        read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * LONGEST


@pytest.mark.parametrize(("name", "complaint"), [("none", "No such file"), (".", "directory")])
def test_a_file_that_is_none_is_named(tmp_path: Path, name: str, complaint: str) -> None:
    with pytest.raises(LinesError, match=complaint):
        read(tmp_path / name)
