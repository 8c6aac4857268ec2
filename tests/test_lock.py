"""One process at a time holds an index."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retrieval.storing.lock import Lock, LockError

HOLDER = """
import sys
from pathlib import Path
from retrieval.storing.lock import Lock
with Lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(index: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLDER, str(index)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_process_that_holds_it_is_named(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(LockError, match=f"process {process.pid} is building it") as error:
            Lock(tmp_path).__enter__()
        assert error.value.pid == process.pid
        assert str(tmp_path) in str(error.value)
        process.communicate("")
    with Lock(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_it_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
        process.wait()
        assert (tmp_path / "lock").read_text() == f"{process.pid}\n"
        with Lock(tmp_path):
            assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("left", [f"{os.getpid()}", "1", "99999999", "", "none", "-1", "\x00" * 99])
def test_a_file_that_nobody_holds_is_taken_over(tmp_path: Path, left: str) -> None:
    (tmp_path / "lock").write_text(left)
    with Lock(tmp_path), pytest.raises(LockError):
        Lock(tmp_path).__enter__()


def test_the_same_process_does_not_hold_it_twice(tmp_path: Path) -> None:
    with Lock(tmp_path):
        with pytest.raises(LockError) as error, Lock(tmp_path):
            pass
        assert error.value.pid == os.getpid()
        with pytest.raises(LockError):
            Lock(tmp_path).__enter__()
    with Lock(tmp_path):
        pass


def test_a_holder_that_has_not_said_its_number_is_no_trouble(tmp_path: Path) -> None:
    with Lock(tmp_path):
        (tmp_path / "lock").write_text("")
        with pytest.raises(LockError, match="another process is building it") as error:
            Lock(tmp_path).__enter__()
    assert error.value.pid is None


def test_it_is_let_go_where_something_fails_inside(tmp_path: Path) -> None:
    with pytest.raises(KeyError), Lock(tmp_path):
        raise KeyError
    with Lock(tmp_path):
        pass


def test_the_folder_is_made_and_the_file_stays(tmp_path: Path) -> None:
    index = tmp_path / "state" / "index"
    with Lock(index):
        pass
    assert [path.name for path in index.iterdir()] == ["lock"]
    assert (index / "lock").read_text() == ""


def test_no_file_is_left_open(tmp_path: Path) -> None:
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    with Lock(tmp_path), pytest.raises(LockError):
        Lock(tmp_path).__enter__()
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_where_the_folder_cannot_be_made_it_is_an_error_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Lock(tmp_path / "file").__enter__()
