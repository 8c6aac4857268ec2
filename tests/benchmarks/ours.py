"""This project's index as an engine beside others: rank-bm25's own scores, idf and all."""

from array import array
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from retrieval import compiled
from retrieval.bm25 import Bm25, Part
from retrieval.postings import Postings, postings_of
from retrieval.storing import folder as storing
from retrieval.storing.strings import Strings, strings_of
from tests.benchmarks.agreement import okapi
from tests.benchmarks.peers import K1, OKAPI, B, Found, Peer, Scores, passages

_DIGEST = "digest.txt"


def write(corpus: Path, folder: Path) -> None:
    """Count the terms of a file of lemmas and store their postings."""
    numbering: defaultdict[str, int] = defaultdict()
    numbering.default_factory = numbering.__len__
    numbers, lengths = array("i"), array("i")
    for terms in passages(corpus):
        numbers.extend(map(numbering.__getitem__, terms))
        lengths.append(len(terms))
    counted = postings_of(
        np.frombuffer(numbers, np.int32), np.frombuffer(lengths, np.int32), len(numbering)
    )
    postings = {f"postings.{name}": array for name, array in counted._asdict().items()}
    digest = storing.write(folder / "index", {**strings_of("terms", numbering), **postings})
    (folder / _DIGEST).write_text(digest, encoding="utf-8")


def read(folder: Path) -> Part:
    """The postings that were stored, mapped into memory."""
    arrays = storing.read(folder / "index", (folder / _DIGEST).read_text(encoding="utf-8"))
    postings = Postings(*(arrays[f"postings.{name}"] for name in Postings._fields))
    return Part(Strings(arrays, "terms"), postings)


class OursNumpy(Peer):
    name = "this index, numpy"
    kept = "this index"
    scores = Scores(OKAPI, nearness=1e-12)

    def build(self) -> None:
        write(self.corpus, self.folder)

    def open(self) -> None:
        part = read(self.folder)
        self._index = Bm25([part], K1, B, okapi(part))

    def ask(self, terms: list[str], k: int) -> Any:
        return self._index.top(terms, k)

    def found(self, answer: Any) -> Found:
        return answer[0].tolist(), answer[1].tolist()


class OursNumba(OursNumpy):
    name = "this index, numba"

    @classmethod
    def prepare(cls) -> None:
        if not compiled.load():
            raise RuntimeError("numba is missing: pip install '.[fast]'")


OURS: tuple[type[Peer], ...] = (OursNumba, OursNumpy)
