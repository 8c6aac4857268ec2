"""Other BM25 engines on files of lemmas, each used as its documentation says is fast.

Each takes the same lemmas, split at spaces, looks for passages with any of a query's, and gives the
best `k`. What is set where it can be: k1 = 1.5 and b = 0.75, rank-bm25's defaults.

| engine | score | its parameters |
|---|---|---|
| rank_bm25 | `BM25Okapi` as it ships | k1, b as set; idf ln((N-n+.5)/(n+.5)), negative ones mended |
| bm25s | method "lucene", its default; sums made at build time | k1, b as set; idf ln(1+(N-n+.5)/(n+.5)) |
| tantivy | BM25, lengths rounded to a byte | k1 = 1.2, b = 0.75, not to be set; the same idf |
| SQLite FTS5 | `bm25()` by `ORDER BY rank` | k1 = 1.2, b = 0.75, not to be set; rank-bm25's idf |
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

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
Found = tuple[list[int], list[float]]
"""Passages, best first, and their scores."""


def passages(corpus: Path) -> Iterator[list[str]]:
    """The lemmas of each passage of a file."""
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.split()


class Peer(ABC):
    """An engine: it builds an index into a folder, opens it, answers."""

    name: ClassVar[str]
    stored: ClassVar[bool] = True
    """Whether it has a way to keep its index on disk."""

    @classmethod
    def prepare(cls) -> None:
        """Compile what it compiles: no part of building, opening or answering."""

    @abstractmethod
    def build(self, corpus: Path, folder: Path) -> None:
        """Index a file of lemmas."""

    @abstractmethod
    def open(self, corpus: Path, folder: Path) -> None:
        """Make ready to answer."""

    @abstractmethod
    def ask(self, terms: list[str], k: int) -> Any:
        """The best `k` passages, in whatever form the engine gives them."""

    @abstractmethod
    def found(self, answer: Any) -> Found:
        """What `ask` gave, as numbers and scores; this is not measured."""


class RankBm25(Peer):
    name = "rank_bm25"
    stored = False

    def build(self, corpus: Path, folder: Path) -> None:
        """Nothing is kept: what `open` does is its building."""

    def open(self, corpus: Path, folder: Path) -> None:
        self._index = BM25Okapi(passages(corpus), k1=K1, b=B)

    def ask(self, terms: list[str], k: int) -> Any:
        """As its `get_top_n` does, with the scores."""
        scores = self._index.get_scores(terms)
        best = np.argsort(scores)[::-1][:k]
        return best, scores[best]

    def found(self, answer: Any) -> Found:
        return answer[0].tolist(), answer[1].tolist()


class Bm25sNumpy(Peer):
    name = "bm25s, numpy"
    backend = "numpy"

    @classmethod
    def prepare(cls) -> None:
        tiny = bm25s.BM25(method="lucene", k1=K1, b=B, backend=cls.backend)
        tiny.index(TINY, show_progress=False)
        for k in (1, 2):
            tiny.retrieve([["уран"]], k=k, show_progress=False)

    def build(self, corpus: Path, folder: Path) -> None:
        index = bm25s.BM25(method="lucene", k1=K1, b=B, backend=self.backend)
        index.index(list(passages(corpus)), show_progress=False)
        index.save(folder, show_progress=False)

    def open(self, corpus: Path, folder: Path) -> None:
        self._index = bm25s.BM25.load(folder, show_progress=False)
        self._index.backend = self.backend

    def ask(self, terms: list[str], k: int) -> Any:
        return self._index.retrieve([terms], k=k, show_progress=False)

    def found(self, answer: Any) -> Found:
        """Its scores lack the factor k1 + 1, which changes no order."""
        return answer.documents[0].tolist(), (answer.scores[0] * (K1 + 1)).tolist()


class Bm25sNumba(Bm25sNumpy):
    name = "bm25s, numba"
    backend = "numba"


class Tantivy(Peer):
    """Without a count of all hits, which would keep it from skipping what cannot be among the best.

    Occurrences are counted and no positions are kept: nothing asks for phrases here.
    """

    name = "tantivy"

    def build(self, corpus: Path, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("number", fast=True)
        folder.mkdir(parents=True, exist_ok=True)
        writer = tantivy.Index(builder.build(), str(folder)).writer(HEAP, 1)
        for number, terms in enumerate(passages(corpus)):
            passage = tantivy.Document(body=" ".join(terms))
            passage.add_unsigned("number", number)
            writer.add_document(passage)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, corpus: Path, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
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
        return numbers, [score for score, _ in answer]


class Fts5(Peer):
    """A table without content: the index is all that is stored."""

    name = "SQLite FTS5"

    def build(self, corpus: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(folder / "fts.sqlite3")) as base, base:
            base.execute(
                "CREATE VIRTUAL TABLE passages USING fts5"
                "(body, content='', tokenize=\"ascii tokenchars '-.+'\")"
            )
            rows = ((number, " ".join(terms)) for number, terms in enumerate(passages(corpus)))
            base.executemany("INSERT INTO passages(rowid, body) VALUES (?, ?)", rows)
            base.execute("INSERT INTO passages(passages) VALUES ('optimize')")

    def open(self, corpus: Path, folder: Path) -> None:
        self._base = sqlite3.connect(folder / "fts.sqlite3")
        self._base.execute("PRAGMA mmap_size = 8589934592")

    def ask(self, terms: list[str], k: int) -> Any:
        words = " OR ".join(f'"{term}"' for term in terms)
        wanted = "SELECT rowid, rank FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"
        return self._base.execute(wanted, (words, k)).fetchall()

    def found(self, answer: Any) -> Found:
        return [number for number, _ in answer], [-score for _, score in answer]


PEERS: Sequence[type[Peer]] = (Bm25sNumba, Bm25sNumpy, Tantivy, Fts5, RankBm25)
