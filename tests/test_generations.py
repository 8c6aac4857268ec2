"""Of the generations on disk one can always be opened, whatever happens while one is written."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.storing import arrayfile, folder, generations
from retrieval.storing.folder import FolderError

BIG = np.arange(1000, dtype=np.int32)


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of some kilobytes are mapped, as big ones are; what is written outlives the process."""
    monkeypatch.setattr(arrayfile, "_SMALL", 1000)
    monkeypatch.setattr(os, "fsync", lambda _: None)


def arrays(number: int) -> dict[str, Any]:
    return {"small": np.full(3, number, np.int32), "big": BIG + number}


def published(index: Path, number: int) -> str:
    """Publish generation `number`: a segment of its own, and that of the one before."""
    before: list[str] = []
    if any(generations.stored(index)):
        found = generations.opened(index, lambda name: generations.read(index, name))
        before = found.made.fields["segments"][-1:]
    added = generations.add_segment(index, arrays(number))
    return generations.publish(index, arrays(number), {"number": number}, [*before, added])


def number(index: Path, name: str) -> int:
    """Which generation it is, with every byte of it and its segments looked at."""
    found = generations.read(index, name)
    generations.scrub(index, name)
    of_segments = [generations.read_segment(index, each) for each in found.fields["segments"]]
    value: int = found.fields["number"]
    for one in (found.arrays, of_segments[-1]):
        np.testing.assert_array_equal(one["small"], arrays(value)["small"])
        np.testing.assert_array_equal(one["big"], arrays(value)["big"])
    return value


def current(index: Path) -> int:
    return generations.opened(index, lambda name: number(index, name)).made


def names(index: Path) -> set[str]:
    return {path.name for path in index.iterdir()}


def test_what_was_published_is_read(tmp_path: Path) -> None:
    segment = generations.add_segment(tmp_path, arrays(7))
    name = generations.publish(tmp_path, arrays(1), {"refused": []}, [segment])
    fields, found = generations.read(tmp_path, name)
    assert fields == {"refused": [], "segments": [segment]}
    np.testing.assert_array_equal(found["small"], [1, 1, 1])
    np.testing.assert_array_equal(generations.read_segment(tmp_path, segment)["small"], [7, 7, 7])
    assert generations.segment_path(tmp_path, segment).is_dir()
    assert list(generations.stored(tmp_path)) == [name] == [generations.current(tmp_path)]


def test_the_one_before_is_kept_with_its_segments_and_no_other(tmp_path: Path) -> None:
    kept = {"lock", "building", "words"}
    for each in kept:
        (tmp_path / each).mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / ".new.part").mkdir()
    generations.add_segment(tmp_path, arrays(9))
    made = [published(tmp_path, each) for each in range(4)]
    assert list(generations.stored(tmp_path)) == [made[3], made[2]]
    segments = {
        segment
        for name in made[2:]
        for segment in generations.read(tmp_path, name).fields["segments"]
    }
    assert len(segments) == 3
    assert names(tmp_path) == {"current", *made[2:], *segments, *kept}
    assert [number(tmp_path, name) for name in made[2:]] == [2, 3]


def test_what_is_mapped_can_be_read_when_its_name_has_gone(tmp_path: Path) -> None:
    first = published(tmp_path, 0)
    found = generations.read(tmp_path, first).arrays
    for each in (1, 2):
        published(tmp_path, each)
    assert not (tmp_path / first).exists()
    np.testing.assert_array_equal(found["big"], BIG)


def test_a_folder_written_elsewhere_is_taken_over(tmp_path: Path) -> None:
    written = tmp_path / "building" / "merged"
    name = generations.adopt(tmp_path, written, folder.write(written, arrays(1)))
    np.testing.assert_array_equal(generations.read_segment(tmp_path, name)["small"], [1, 1, 1])
    assert list((tmp_path / "building").iterdir()) == []


def test_a_generation_of_segments_that_are_not_there_is_not_published(tmp_path: Path) -> None:
    published(tmp_path, 0)
    with pytest.raises(FolderError, match="missing"):
        generations.publish(tmp_path, arrays(1), {}, ["seg-" + "0" * 32])
    assert current(tmp_path) == 0


# What may be wrong with what is stored


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def of_another_type(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3, ">f8"))


FILES = ("small.npy", "big.npy", "manifest.json")
FAULTS = (truncated, flipped, Path.unlink, of_another_type)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("kind", ["gen", "seg"])
def test_where_the_current_one_is_damaged_the_one_before_opens(
    tmp_path: Path, kind: str, file: str, fault: Callable[[Path], object]
) -> None:
    published(tmp_path, 0)
    name = published(tmp_path, 1)
    at_fault = name if kind == "gen" else generations.read(tmp_path, name).fields["segments"][-1]
    fault(tmp_path / at_fault / file)
    found = generations.opened(tmp_path, lambda name: number(tmp_path, name))
    assert found.made == 0
    (line,) = found.passed_over
    assert line.startswith(f"{tmp_path / at_fault / file}: ")
    assert "\n" not in line
    before = generations.read(tmp_path, found.name).fields["segments"]
    name = generations.publish(tmp_path, arrays(2), {"number": 0}, before)
    assert list(generations.stored(tmp_path)) == [name, found.name]


@pytest.mark.parametrize("version", [0, 2, None])
def test_a_generation_of_another_version_is_passed_over(tmp_path: Path, version: object) -> None:
    published(tmp_path, 0)
    published(tmp_path, 1)
    rewritten(tmp_path, {"version": version})
    found = generations.opened(tmp_path, lambda name: number(tmp_path, name))
    assert found.made == 0
    assert f"of version {version}" in found.passed_over[0]


@pytest.mark.parametrize(
    "segments", [None, "seg", [1], ["../../etc"], ["/etc"], ["gen-1"], ["seg-" + "0" * 32]]
)
def test_a_generation_with_made_up_segments_is_passed_over(tmp_path: Path, segments: Any) -> None:
    published(tmp_path, 0)
    published(tmp_path, 1)
    rewritten(tmp_path, {"fields": {"number": 1, "segments": segments}})
    assert current(tmp_path) == 0


def rewritten(index: Path, change: dict[str, Any]) -> None:
    """Make a generation current that differs in its manifest, under the name that it has then."""
    name = generations.current(index)
    assert name
    path = index / name / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}))
    digest = folder._digest(path.read_bytes())
    (index / name).rename(index / f"gen-{digest}")
    (index / "current").write_text(f"gen-{digest}")


@pytest.mark.parametrize("content", [b"", b"gen-", b"../../etc/passwd", b"\xff\x00", b"gen-" * 99])
def test_a_name_of_the_current_one_that_is_damaged_is_made_up_for(
    tmp_path: Path, content: bytes
) -> None:
    for each in range(3):
        published(tmp_path, each)
        for path in tmp_path.glob("gen-*"):
            stamp = generations.read(tmp_path, path.name).fields["number"]
            os.utime(path, ns=(stamp, stamp))
    (tmp_path / "current").write_bytes(content)
    assert generations.current(tmp_path) is None
    assert [number(tmp_path, name) for name in generations.stored(tmp_path)] == [2, 1]


def test_where_nothing_can_be_opened_each_is_named(tmp_path: Path) -> None:
    made = [published(tmp_path, each) for each in range(2)]
    for name in made:
        truncated(tmp_path / name / "big.npy")
    with pytest.raises(FolderError) as error:
        current(tmp_path)
    assert all(name in str(error.value) for name in made)


@pytest.mark.parametrize("index", ["", "none"])
def test_where_nothing_is_stored_that_is_said(tmp_path: Path, index: str) -> None:
    assert list(generations.stored(tmp_path / index)) == []
    with pytest.raises(FolderError, match="nothing is stored"):
        generations.opened(tmp_path / index, str)


def test_a_reader_that_is_overtaken_opens_what_is_current_then(tmp_path: Path) -> None:
    published(tmp_path, 0)
    tried = []

    def make(name: str) -> int:
        tried.append(name)
        if len(tried) == 1:
            published(tmp_path, 1)
            published(tmp_path, 2)
        return number(tmp_path, name)

    found = generations.opened(tmp_path, make)
    assert (found.made, found.passed_over, len(tried)) == (2, (), 2)


def test_nobody_is_sent_back_to_an_older_one_while_a_newer_one_comes(tmp_path: Path) -> None:
    published(tmp_path, 0)
    truncated(tmp_path / published(tmp_path, 1) / "big.npy")

    def make(name: str) -> int:
        try:
            return number(tmp_path, name)
        except FolderError:
            published(tmp_path, 2)
            raise

    found = generations.opened(tmp_path, make)
    assert (found.made, found.passed_over) == (2, ())


# What may happen while one is written


class KilledError(BaseException):
    """The process is gone: nothing that it would have done comes after."""


CALLS = (
    *((os, name) for name in ("fsync", "fstat")),
    *((Path, name) for name in ("open", "mkdir", "rename", "replace", "unlink")),
    *((os, name) for name in ("unlink", "rmdir")),
)


def failing(
    monkeypatch: pytest.MonkeyPatch, at: int, error: type[BaseException], *, ever_after: bool
) -> Iterator[int]:
    """Let the call number `at` to the file system fail; the numbers of the calls."""
    made: list[int] = []

    def wrapped(call: Callable[..., object]) -> Callable[..., object]:
        def fail(*values: Any, **more: Any) -> object:
            made.append(len(made))
            if made[-1] == at or (ever_after and made[-1] > at):
                raise error(28, "No space left on device")
            return call(*values, **more)

        return fail

    for owner, name in CALLS:
        monkeypatch.setattr(owner, name, wrapped(getattr(owner, name)))
    return iter(made)


def calls(tmp_path: Path) -> int:
    """How many calls to the file system publishing makes."""
    with pytest.MonkeyPatch.context() as patch:
        made = failing(patch, -1, OSError, ever_after=False)
        published(tmp_path, 2)
    return len(list(made))


def test_a_process_that_is_killed_leaves_what_can_be_opened(tmp_path: Path) -> None:
    home = tmp_path / "before"
    for each in range(2):
        published(home, each)
    found = set()
    for at in range(calls(shutil.copytree(home, tmp_path / "counted"))):
        index = shutil.copytree(home, tmp_path / str(at))
        with pytest.MonkeyPatch.context() as patch:
            failing(patch, at, KilledError, ever_after=True)
            with pytest.raises(KilledError):
                published(index, 2)
        found.add(current(index))
        published(index, 3)
        assert current(index) == 3
        assert len(names(index)) == 1 + 2 + 3
        shutil.rmtree(index)
    assert found == {1, 2}


def test_where_the_disk_is_full_what_was_current_stays(tmp_path: Path) -> None:
    home = tmp_path / "before"
    for each in range(2):
        published(home, each)
    failed = 0
    for at in range(calls(shutil.copytree(home, tmp_path / "counted"))):
        index = shutil.copytree(home, tmp_path / str(at))
        with pytest.MonkeyPatch.context() as patch:
            failing(patch, at, OSError, ever_after=False)
            try:
                published(index, 2)
            except OSError:
                failed += 1
        said = generations.current(index)
        assert said
        assert current(index) == number(index, said)
        published_before = set(generations.stored(home))
        assert set(generations.stored(index)) <= {said, *published_before}
        assert said not in published_before or published_before <= names(index)
        assert not names(index) & {".new.part", ".current.part"}
        published(index, 3)
        assert current(index) == 3
        assert len(names(index)) == 1 + 2 + 3
        shutil.rmtree(index)
    assert failed > 10
