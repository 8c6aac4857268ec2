"""Files that are written whole or not at all."""

import os
from pathlib import Path

import pytest

from retrieval import durably


def test_a_file_is_put_in_place_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for content in (b"\x00\r\n\xff", b""):
        durably.write(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_when_the_disk_fails_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "a.txt"
    durably.write(path, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if call == "fsync" else Path, call, full)
    with pytest.raises(OSError, match="No space"):
        durably.write(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        durably.write(tmp_path / "none" / "a.txt", b"new")
