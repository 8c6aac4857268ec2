"""Parts of an index made of words, for its tests."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from unittest.mock import patch

import numpy as np
import pytest

from retrieval import compiled
from retrieval.bm25 import Part
from retrieval.postings import postings_of
from retrieval.storing.strings import Strings, strings_of

Corpus = Sequence[Sequence[str]]


def part_of(corpus: Corpus, live: Sequence[bool] | None = None) -> Part:
    """A part with a passage for each sequence of terms."""
    numbering = {term: number for number, term in enumerate(dict.fromkeys(chain(*corpus)))}
    numbers = np.array([numbering[term] for term in chain(*corpus)], np.int32)
    lengths = np.array([len(passage) for passage in corpus], np.int32)
    return Part(
        Strings(strings_of("terms", numbering), "terms"),
        postings_of(numbers, lengths, len(numbering)),
        None if live is None else np.array(live, np.bool_),
    )


@contextmanager
def kernels(kind: str) -> Iterator[None]:
    """Let the index compute with "numpy" or "numba"; the test is skipped where there is none."""
    if kind == "numba":
        if not compiled.load():
            pytest.skip("numba is not installed")
        yield
    else:
        with patch.object(compiled, "kernels", lambda _: None):
            yield
