"""Arrays are read as they were written, or it is said which file is at fault."""

import json
import os
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.storing import arrayfile, folder
from retrieval.storing.folder import FolderError, Writer

BIG = np.arange(1 << 18, dtype=np.int64)
"""Two megabytes: mapped, not read."""
ARRAYS: dict[str, NDArray[Any]] = {
    "texts": np.frombuffer("Нефть".encode(), np.uint8),
    "spans": np.arange(12, dtype=np.int32).reshape(2, 6),
    "postings.ids": BIG,
    "live": np.array([True, False]),
    "weights": np.array([0.5, np.nan, -0.0]),
    "mentions": np.empty((0, 3), np.int32),
    "codes": np.empty(0, np.uint16),
}
Fault = Callable[[Path], object]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    digest = folder.write(tmp_path / "a", ARRAYS, {"refused": [["a.txt", None]]})
    found = folder.stored(tmp_path / "a", digest)
    assert found.fields == folder.fields(tmp_path / "a", digest) == {"refused": [["a.txt", None]]}
    assert found.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found.arrays[name], array)
        assert found.arrays[name].dtype == array.dtype
        assert not found.arrays[name].flags.writeable
        np.testing.assert_array_equal(np.load(tmp_path / "a" / f"{name}.npy"), array)
    folder.scrub(tmp_path / "a", digest)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@given(st.lists(st.integers(0, 5), max_size=5), st.sampled_from(["<i4", ">i4", "|b1", "<f8"]))
def test_pieces_are_put_one_behind_the_other(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], dtype: str
) -> None:
    home = tmp_path_factory.mktemp("pieces")
    pieces = [np.full((size, 2), n).astype(dtype) for n, size in enumerate([*sizes, 1])]
    with Writer(home / "a") as writer:
        for piece in pieces:
            writer.append("rows", piece)
            writer.extend({"columns": piece.T.copy()[:, :0]})
    found = folder.read(home / "a", writer.digest)
    np.testing.assert_array_equal(found["rows"], np.concatenate(pieces))
    assert found["rows"].dtype.isnative
    assert found["columns"].shape == (2 * len(pieces), 0)


def test_a_piece_may_lie_in_memory_in_any_way(tmp_path: Path) -> None:
    rows = np.arange(24, dtype=np.int32).reshape(4, 6)
    digest = folder.write(tmp_path / "a", {"by.column": rows.T, "every.other": rows[::2, ::-1]})
    found = folder.read(tmp_path / "a", digest)
    np.testing.assert_array_equal(found["by.column"], rows.T)
    np.testing.assert_array_equal(found["every.other"], rows[::2, ::-1])


@pytest.mark.parametrize("name", ["", "..", "../a", "a/b", "/a", ".a", "a.", "A", "a\\b", "a\n"])
def test_a_name_is_that_of_a_file_in_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        folder.write(tmp_path / "a", {name: BIG})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "array", [np.array([{}]), np.array(["a"]), np.array(1), np.array([(1, 2)], "i4,i4")]
)
def test_only_numbers_are_stored(tmp_path: Path, array: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        folder.write(tmp_path / "a", {"a": array})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rows", [np.zeros(2, np.int64), np.zeros((1, 2), np.int32)])
def test_rows_of_another_kind_are_not_appended(tmp_path: Path, rows: NDArray[Any]) -> None:
    def write() -> None:
        with Writer(tmp_path / "a") as writer:
            writer.append("a", np.zeros(2, np.int32))
            writer.append("a", rows)

    with pytest.raises(ValueError, match="not int32"):
        write()
    assert not list(tmp_path.iterdir())


def test_one_of_the_same_name_is_replaced_and_what_was_left_half_done(tmp_path: Path) -> None:
    folder.write(tmp_path / "a", {"old": BIG})
    (tmp_path / ".a.part").mkdir()
    (tmp_path / ".a.part" / "half.npy").write_bytes(b"half")
    digest = folder.write(tmp_path / "a", {"new": BIG})
    assert folder.read(tmp_path / "a", digest).keys() == {"new"}
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "manifest.json", "new.npy"]


@pytest.mark.parametrize(("owner", "call"), [(os, "fsync"), (Path, "rename"), (Path, "replace")])
def test_when_the_disk_fails_the_folder_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, call: str
) -> None:
    digest = folder.write(tmp_path / "a", ARRAYS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(owner, call, full)
    with pytest.raises(OSError, match="No space"):
        folder.write(tmp_path / "b", {"new": BIG})
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    folder.scrub(tmp_path / "a", digest)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the machine has no full disk")
def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path) -> None:
    def write() -> None:
        with Writer(tmp_path / "a") as writer:
            writer.append("a", BIG)
            (tmp_path / ".a.part" / "b.npy").symlink_to("/dev/full")
            writer.append("b", ARRAYS["spans"])

    with pytest.raises(OSError, match="No space"):
        write()
    assert not list(tmp_path.iterdir())


# What is wrong with a file


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def too_long(path: Path) -> None:
    os.truncate(path, path.stat().st_size + 1)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def flipped(path: Path) -> None:
    """One bit in the middle of the values, or of what there is."""
    content = bytearray(path.read_bytes())
    start = 128 if len(content) > 128 else 0
    content[(start + len(content)) // 2] ^= 8
    path.write_bytes(content)


def of_another_type(path: Path) -> None:
    array = np.load(path)
    np.save(path, array.astype(np.float32 if array.dtype != np.float32 else np.int8))


def of_other_byte_order(path: Path) -> None:
    array = np.load(path)
    np.save(path, np.zeros(array.shape, np.dtype(np.int16).newbyteorder(">")))


def of_other_shape(path: Path) -> None:
    np.save(path, np.load(path).reshape(1, -1))


def of_objects(path: Path) -> None:
    np.save(path, np.array([{}], object), allow_pickle=True)


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


FAULTS: tuple[tuple[Fault, str], ...] = (
    (truncated, "truncated"),
    (flipped, "damaged"),
    (Path.unlink, "missing"),
    (emptied, "damaged"),
    (too_long, "too long"),
    (of_another_type, "not"),
    (of_other_byte_order, "not"),
    (of_other_shape, "not"),
    (of_objects, "damaged"),
    (a_pipe, "missing"),
    (a_folder, "missing"),
)


@pytest.mark.parametrize(("fault", "wrong"), FAULTS)
@pytest.mark.parametrize("name", ARRAYS)
def test_a_file_that_is_not_what_was_written_is_named(
    tmp_path: Path, name: str, fault: Fault, wrong: str
) -> None:
    digest = folder.write(tmp_path / "a", ARRAYS)
    path = tmp_path / "a" / f"{name}.npy"
    fault(path)
    for check in (folder.read, folder.scrub):
        with pytest.raises(FolderError, match=wrong) as error:
            check(tmp_path / "a", digest)
        assert str(error.value).startswith(f"{path}: ")
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        (truncated, "damaged"),
        (flipped, "damaged"),
        (Path.unlink, "missing"),
        (a_folder, "Is a directory"),
    ],
)
def test_a_manifest_that_is_not_what_was_written_is_named(
    tmp_path: Path, fault: Fault, wrong: str
) -> None:
    digest = folder.write(tmp_path / "a", ARRAYS)
    fault(tmp_path / "a" / "manifest.json")
    for check in (folder.read, folder.scrub, folder.fields):
        with pytest.raises(FolderError, match=wrong) as error:
            check(tmp_path / "a", digest)
        assert str(error.value).startswith(f"{tmp_path / 'a' / 'manifest.json'}: ")


ENTRY = {"dtype": "<i4", "shape": [2], "digest": "", "mtime_ns": 0}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"version": 0}, "of version 0, not 1"),
        ({"version": None}, "of version None, not 1"),
        ({"byteorder": "big"}, "of another byte order, 'big'"),
        ({"files": {"../../secret": ENTRY}}, "damaged"),
        ({"files": {"/etc/passwd": ENTRY}}, "damaged"),
        ({"files": {"a": {**ENTRY, "shape": None}}}, "damaged"),
        ({"files": {"a": {**ENTRY, "more": 1}}}, "damaged"),
        ({"files": {"a": {}}}, "damaged"),
        ({"files": []}, "damaged"),
        ({"files": {"a": {**ENTRY, "shape": [2**62]}}}, "not <i4"),
        ({"files": {"a": {**ENTRY, "dtype": "|O"}}}, "not"),
    ],
)
def test_a_manifest_of_another_make_is_refused(
    tmp_path: Path, change: dict[str, Any], wrong: str
) -> None:
    folder.write(tmp_path / "a", {"a": np.zeros(2, np.int32)})
    path = tmp_path / "a" / "manifest.json"
    content = json.dumps({**json.loads(path.read_bytes()), **change}).encode()
    with pytest.raises(FolderError, match=wrong):
        folder.read(tmp_path / "a", rewritten(path, content))


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"1", b"{", b"[" * 100_000])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    folder.write(tmp_path / "a", ARRAYS)
    with pytest.raises(FolderError, match="damaged"):
        folder.read(tmp_path / "a", rewritten(tmp_path / "a" / "manifest.json", content))


def rewritten(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return sha1(content, usedforsecurity=False).hexdigest()[:32]


# What is believed without reading it


def test_a_big_file_as_it_was_written_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = folder.write(tmp_path / "a", {"big": BIG})

    def fail(*_: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(arrayfile, "_check", fail)
    np.testing.assert_array_equal(folder.read(tmp_path / "a", digest)["big"], BIG)


def test_a_big_file_that_was_copied_is_read_once_through(tmp_path: Path) -> None:
    digest = folder.write(tmp_path / "a", {"big": BIG})
    os.utime(tmp_path / "a" / "big.npy", ns=(0, 0))
    np.testing.assert_array_equal(folder.read(tmp_path / "a", digest)["big"], BIG)


def test_what_rots_behind_the_back_of_the_file_system_is_found_by_scrubbing(tmp_path: Path) -> None:
    digest = folder.write(tmp_path / "a", {"big": BIG})
    path = tmp_path / "a" / "big.npy"
    written = path.stat().st_mtime_ns
    flipped(path)
    os.utime(path, ns=(written, written))
    folder.read(tmp_path / "a", digest)
    with pytest.raises(FolderError, match="damaged"):
        folder.scrub(tmp_path / "a")
