"""What lies in a corpus folder, and what has changed in it by the looks."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.arrays import runs
from retrieval.building import files
from retrieval.building.files import Given, Table, compared, names_of, tabled
from retrieval.building.scan import scan
from retrieval.folder import Kind, Listed, Stamp, listed
from tests.builders import corpus

FUTURE = 1 << 62
"""Nanoseconds since 1970: all changes are long past then."""


def table_of(found: list[Listed], sure: bool = True) -> Table:
    """A table in which each file has one article, numbered as the file is."""
    given_by = {n: Given(bytes([n] * 16), (n,), sure) for n in range(len(found))}
    made = tabled(found, None, {}, given_by)
    return Table({**made, "files.refusing": np.empty(0, np.int32)})


def test_files_are_listed_in_the_order_of_their_paths(tmp_path: Path) -> None:
    names = ["a/b/d.txt", "a/c.txt", "a.b.txt", "a-b/x.txt", "a b.txt", "b.txt", "ё.txt", "a0.txt"]
    corpus(tmp_path, dict.fromkeys([*names, ".hidden/x.txt", ".x.txt"], "текст"))
    found = [each.name for each in listed(tmp_path)]
    assert found == sorted(names, key=lambda name: Path(name).parts)
    assert {each.kind for each in listed(tmp_path)} == {Kind.FILE}


def test_sidecars_are_listed_with_their_files(tmp_path: Path) -> None:
    corpus(tmp_path, dict.fromkeys(["a.txt", "a.txt.meta.toml", "b.txt.meta.toml"], "x"))
    (tmp_path / "c.txt").touch()
    (tmp_path / "c.txt.meta.toml").mkdir()
    corpus(tmp_path, {"c.txt.meta.toml/d.txt": "x"})
    found = {each.name: each.beside.size for each in listed(tmp_path)}
    assert found.pop("c.txt") > 0
    assert found == {"a.txt": 1, "b.txt.meta.toml": -1, "c.txt.meta.toml/d.txt": -1}


def test_links_tell_nothing(tmp_path: Path) -> None:
    corpus(tmp_path, {"a.txt": "текст"})
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "c").symlink_to(tmp_path)
    kinds = {each.name: (each.kind, each.stamp.changed > 0) for each in listed(tmp_path)}
    link = (Kind.LINK, False)
    assert kinds == {"a.txt": (Kind.FILE, True), "b.txt": link, "c": link}


def test_a_change_just_past_tells_nothing(tmp_path: Path) -> None:
    corpus(tmp_path, {"a.txt": "x"})
    changed = (tmp_path / "a.txt").stat().st_ctime_ns
    assert scan(tmp_path, changed + 1)[0].stamp == Stamp(1, 0)
    assert scan(tmp_path, changed + 3_000_000_000)[0].stamp == Stamp(1, changed)


def test_a_file_s_time_can_be_set_and_is_seen_to_change(tmp_path: Path) -> None:
    corpus(tmp_path, {"a.txt": "x"})
    os.utime(tmp_path / "a.txt", (1, 1))
    assert scan(tmp_path, FUTURE)[0].stamp.changed > 1_000_000_000


@pytest.mark.parametrize("how", ["size", "time", "sidecar", "racing", "unsure", "new", "gone"])
def test_what_has_changed(tmp_path: Path, how: str) -> None:
    corpus(tmp_path, {"a.txt": "x", "b.txt": "x", "c.txt": "x"})
    before = scan(tmp_path, FUTURE)
    after = list(before)
    changed = before[1]
    match how:
        case "size":
            after[1] = changed._replace(stamp=changed.stamp._replace(size=2))
        case "time":
            after[1] = changed._replace(stamp=changed.stamp._replace(changed=5))
        case "sidecar":
            after[1] = changed._replace(beside=Stamp(3, 5))
        case "racing":
            before[1] = after[1] = changed._replace(stamp=Stamp(1, 0))
        case "new":
            before = [before[0], before[2]]
        case "gone":
            after = [after[0], after[2]]
    found = compared(after, table_of(before, sure=how != "unsure"))
    assert found.gone.tolist() == ([1] if how == "gone" else [])
    wanted = {"gone": [True, True], "unsure": [False] * 3}.get(how, [True, False, True])
    assert found.unchanged.tolist() == wanted
    assert found.known_as.tolist() == {"gone": [0, 2], "new": [0, -1, 1]}.get(how, [0, 1, 2])


def test_a_table_takes_over_what_is_unchanged(tmp_path: Path) -> None:
    corpus(tmp_path, {"a.txt": "x", "b.txt": "x", "c.txt": "x"})
    found = scan(tmp_path, FUTURE)
    new = tabled(found, table_of(found), {0: 0, 2: 2}, {1: Given(bytes(16), (7, 8), sure=False)})
    table = Table({**new, "files.refusing": np.empty(0, np.int32)})
    assert table.names == names_of(found) == [b"a.txt", b"b.txt", b"c.txt"]
    assert table.articles.tolist() == [0, 7, 8, 2]
    assert table.articles_of(np.array([2, 1])).tolist() == [2, 7, 8]
    assert table.hash_of(2) == bytes([2] * 16)
    assert not files.are_sure(table.stamps)[1]


def test_an_empty_folder_has_an_empty_table(tmp_path: Path) -> None:
    table = table_of(scan(tmp_path, FUTURE))
    assert (len(table), table.names) == (0, [])
    corpus(tmp_path, {"a.txt": "x"})
    assert compared(scan(tmp_path, FUTURE), table).known_as.tolist() == [-1]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5))))
def test_runs(pairs: list[tuple[int, int]]) -> None:
    starts, lengths = (np.array([each[n] for each in pairs], np.int64) for n in (0, 1))
    wanted = [number for start, length in pairs for number in range(start, start + length)]
    assert runs(starts, lengths).tolist() == wanted
