"""Numbers are found by keys of which only the hashes are stored."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.storing.hashed import Hashed, hashed_of, rehashed

pairs = st.lists(st.tuples(st.sampled_from(["нефть", "уран", "", "\ud800"]), st.integers(0, 9)))


@given(pairs)
def test_the_numbers_of_a_key_are_found_each_once(rows: list[tuple[str, int]]) -> None:
    found = Hashed(hashed_of("roots", rows), "roots")
    for key in ("нефть", "уран", "", "\ud800", "газ"):
        assert found[key].tolist() == sorted({number for one, number in rows if one == key})
        assert found[key].tolist() == found.numbers[found.places(key)].tolist()


def test_two_keys_with_one_hash_are_told_apart_by_who_looks() -> None:
    one, other = "plumless", "buckeroo"  # CRC-32 of both is 4ddb0c25
    found = Hashed(hashed_of("roots", [(one, 1), (other, 2)]), "roots")
    assert found[one].tolist() == found[other].tolist() == [1, 2]


@pytest.mark.parametrize("name", ["roots", "lexicon.tails"])
def test_they_are_stored_as_eight_bytes_a_number(name: str) -> None:
    arrays = hashed_of(name, [("нефть", 3), ("нефть", 3), ("уран", 2**31 - 1)])
    assert {key: array.dtype for key, array in arrays.items()} == {
        f"{name}.hashes": np.dtype("uint32"),
        f"{name}.numbers": np.dtype("int32"),
    }
    assert sorted(arrays[f"{name}.numbers"].tolist()) == [3, 2**31 - 1]


@given(st.lists(st.tuples(pairs, st.permutations(range(-5, 5))), max_size=3))
def test_several_become_one_with_numbers_of_its_own(
    parts: list[tuple[list[tuple[str, int]], list[int]]],
) -> None:
    merged = rehashed(
        "roots",
        [hashed_of("roots", rows) for rows, _ in parts],
        [np.array(numbering, np.int32) for _, numbering in parts],
    )
    moved = [(key, numbering[number]) for rows, numbering in parts for key, number in rows]
    expected = hashed_of("roots", [(key, number) for key, number in moved if number >= 0])
    assert {name: array.tolist() for name, array in merged.items()} == {
        name: array.tolist() for name, array in expected.items()
    }
