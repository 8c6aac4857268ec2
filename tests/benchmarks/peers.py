"""Other BM25 engines on files of lemmas, each used as its documentation says is fast.

Each takes the same lemmas, split at spaces, looks for passages with any of a query's, and gives the
best `k`. What is set where it can be: k1 = 1.5 and b = 0.75, rank-bm25's defaults.

| engine | score | its parameters |
|---|---|---|
| rank_bm25 | `BM25Okapi` as it ships | idf ln((N-n+.5)/(n+.5)), what is below 0 mended |
| bm25s | method "lucene", its default | idf ln(1+(N-n+.5)/(n+.5)) |
| tantivy | BM25 of lengths rounded to a byte | k1 = 1.2, not to be set; idf as bm25s |
| SQLite FTS5 | `bm25()`, by `ORDER BY rank` | k1 = 1.2, not to be set; idf as rank_bm25 |
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

import bm25s
import numpy as np
import tantivy
from rank_bm25 import BM25Okapi

K1, B = 1.5, 0.75
FIXED_K1 = 1.2
"""What tantivy and FTS5 have compiled in."""
HEAP = 2 << 30
"""Bytes for tantivy's writer: a million passages come out as one segment."""
TINY = [["уран", "казахстан"], ["нефть"], ["уран", "уран"]]
"""What a compiler is warmed up with."""
OKAPI, LUCENE, FLOORED = "rank-bm25's own", "Lucene's", "rank-bm25's, above 0"
"""Rules for the idf."""
PLAIN_SORT: Mapping[str, str] = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"}
"""Where most scores are equal, as the zeros of passages without any term are, numpy's vectorised
argpartition takes thirty times as long as its plain one (2.4.6): bm25s gets the plain one."""


class Scores(NamedTuple):
    """By which formula an engine scores, and how near its numbers come to that."""

    idf: str
    k1: float = K1
    nearness: float = 1e-5
    """The greatest difference, as a share of the score."""


Found = tuple[list[int], list[float]]
"""Passages, best first, and their scores."""


def passages(corpus: Path) -> Iterator[list[str]]:
    """The lemmas of each passage of a file."""
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.split()


class Peer(Protocol):
    """An engine: it builds an index of a file of lemmas into a folder, opens it, answers."""

    name: ClassVar[str]
    kept: ClassVar[str]
    """The folder of its index; "" if it has no way to keep one."""
    scores: ClassVar[Scores]
    """What its scores should be equal to."""
    environment: ClassVar[Mapping[str, str]] = {}
    """Variables that it is started with."""

    corpus: Path
    folder: Path

    def __init__(self, corpus: Path, folder: Path) -> None:
        self.corpus, self.folder = corpus, folder

    @classmethod
    def prepare(cls) -> None:
        """Compile what it compiles: no part of building, opening or answering."""

    def build(self) -> None:
        """Index the corpus."""

    def open(self) -> None:
        """Make ready to answer."""

    def ask(self, terms: list[str], k: int) -> Any:
        """The best `k` passages, in whatever form the engine gives them."""

    def found(self, answer: Any) -> Found:
        """What `ask` gave, as numbers and scores; this is not measured."""


class RankBm25(Peer):
    name = "rank_bm25"
    kept = ""
    scores = Scores(OKAPI, nearness=1e-12)

    def open(self) -> None:
        self._index = BM25Okapi(passages(self.corpus), k1=K1, b=B)

    def ask(self, terms: list[str], k: int) -> Any:
        """As its `get_top_n` does, with the scores."""
        scores = self._index.get_scores(terms)
        best = np.argsort(scores)[::-1][:k]
        return best, scores[best]

    def found(self, answer: Any) -> Found:
        return answer[0].tolist(), answer[1].tolist()


class Bm25sNumpy(Peer):
    name = "bm25s, numpy"
    kept = "bm25s"
    scores = Scores(LUCENE)
    environment = PLAIN_SORT
    backend = "numpy"

    @classmethod
    def prepare(cls) -> None:
        tiny = bm25s.BM25(method="lucene", k1=K1, b=B, backend=cls.backend)
        tiny.index(TINY, show_progress=False)
        for k in (1, 2):
            tiny.retrieve([["уран"]], k=k, show_progress=False)

    def build(self) -> None:
        index = bm25s.BM25(method="lucene", k1=K1, b=B, backend=self.backend)
        index.index(list(passages(self.corpus)), show_progress=False)
        index.save(self.folder, show_progress=False)

    def open(self) -> None:
        self._index = bm25s.BM25.load(self.folder, show_progress=False)
        self._index.backend = self.backend

    def ask(self, terms: list[str], k: int) -> Any:
        return self._index.retrieve([terms], k=k, show_progress=False)

    def found(self, answer: Any) -> Found:
        """Its scores lack the factor k1 + 1, which changes no order."""
        return answer.documents[0].tolist(), (answer.scores[0] * (K1 + 1)).tolist()


class Bm25sNumba(Bm25sNumpy):
    name = "bm25s, numba"
    environment: ClassVar[Mapping[str, str]] = {}
    backend = "numba"


class Tantivy(Peer):
    """Without a count of all hits, which would keep it from skipping what cannot be among the best.

    Occurrences are counted and no positions are kept: nothing asks for phrases here.
    """

    name = "tantivy"
    kept = "tantivy"
    scores = Scores(LUCENE, FIXED_K1, nearness=0.1)

    def build(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("number", fast=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        writer = tantivy.Index(builder.build(), str(self.folder)).writer(HEAP, 1)
        for number, terms in enumerate(passages(self.corpus)):
            passage = tantivy.Document(body=" ".join(terms))
            passage.add_unsigned("number", number)
            writer.add_document(passage)
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        index = tantivy.Index.open(str(self.folder))
        self._schema, self._searcher = index.schema, index.searcher()

    def ask(self, terms: list[str], k: int) -> Any:
        words = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "body", term, "freq"))
            for term in terms
        ]
        return self._searcher.search(tantivy.Query.boolean_query(words), k, count=False).hits

    def found(self, answer: Any) -> Found:
        places = [place for _, place in answer]
        numbers = self._searcher.fast_field_values("number", places)
        return [int(number) for number in numbers if number is not None], [
            score for score, _ in answer
        ]


class Fts5(Peer):
    """A table without content: the index is all that is stored."""

    name = "SQLite FTS5"
    kept = "fts5"
    scores = Scores(FLOORED, FIXED_K1)

    def build(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.folder / "fts.sqlite3")) as base, base:
            base.execute(
                "CREATE VIRTUAL TABLE passages USING fts5"
                "(body, content='', tokenize=\"ascii tokenchars '-.+'\")"
            )
            rows = ((number, " ".join(terms)) for number, terms in enumerate(passages(self.corpus)))
            base.executemany("INSERT INTO passages(rowid, body) VALUES (?, ?)", rows)
            base.execute("INSERT INTO passages(passages) VALUES ('optimize')")

    def open(self) -> None:
        self._base = sqlite3.connect(self.folder / "fts.sqlite3")
        self._base.execute("PRAGMA mmap_size = 8589934592")

    def ask(self, terms: list[str], k: int) -> Any:
        words = " OR ".join(f'"{term}"' for term in terms)
        wanted = "SELECT rowid, rank FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"
        return self._base.execute(wanted, (words, k)).fetchall()

    def found(self, answer: Any) -> Found:
        return [number for number, _ in answer], [-score for _, score in answer]


PEERS: Sequence[type[Peer]] = (Bm25sNumba, Bm25sNumpy, Tantivy, Fts5, RankBm25)
