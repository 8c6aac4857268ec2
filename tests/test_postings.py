"""Postings are counted a block at a time; the blocks do not show."""

from collections import Counter
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import postings
from retrieval.postings import code_type, postings_of

TERMS = 6
corpora = st.lists(st.lists(st.integers(0, TERMS - 1), max_size=8), max_size=12)


@given(corpora, st.integers(1, 20))
def test_every_passage_of_every_term(corpus: list[list[int]], at_once: int) -> None:
    numbers = np.array([term for passage in corpus for term in passage], np.int32)
    lengths = np.array([len(passage) for passage in corpus], np.int32)
    with patch.object(postings, "TERMS_AT_ONCE", at_once):
        found = postings_of(numbers, lengths, TERMS)
    counted = [Counter(passage) for passage in corpus]
    expected = {
        term: [
            (number, counts[term], len(corpus[number]))
            for number, counts in enumerate(counted)
            if term in counts
        ]
        for term in range(TERMS)
    }
    assert expected == {
        term: [
            (number, *found.pairs[code].tolist())
            for number, code in zip(
                found.ids[found.of(term)].tolist(), found.codes[found.of(term)], strict=True
            )
        ]
        for term in range(TERMS)
    }
    pairs = found.pairs.tolist()
    assert pairs == sorted(map(list, {*map(tuple, pairs)}))
    assert found.lengths.tolist() == lengths.tolist()


def test_more_passages_than_a_block_can_number() -> None:
    found = postings_of(np.zeros(70_000, np.int32), np.ones(70_000, np.int32), 1)
    assert found.ids.tolist() == list(range(70_000))
    assert not found.codes.any()
    assert found.pairs.tolist() == [[1, 1]]


@pytest.mark.parametrize(("pairs", "bits"), [(1 << 16, 16), ((1 << 16) + 1, 32)])
def test_codes_are_as_wide_as_need_be(pairs: int, bits: int) -> None:
    assert np.dtype(code_type(pairs)).itemsize * 8 == bits
