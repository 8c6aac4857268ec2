"""A segment of the archive: some articles with their passages, and all that finds them.

Named arrays, in memory or mapped from disk; it never changes. Articles, passages and terms are
numbered from 0 in it.

    texts        the articles' texts end to end, UTF-8, and where each ends: `text_ends`
    records      what else is known of each, a JSON object, and `record_ends`
    starts       the first passage of each article, and behind them the number of all
    spans        of each passage where it stands in its article, its section head, its question
    numbers      the terms of one passage after another, `marks` beside them; `ends` parts them
    terms, postings, roots, lexicon      how passages are found
"""

import json
from bisect import bisect_right
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Days, Ids
from retrieval.models import Article, Passage, Span
from retrieval.postings import Postings
from retrieval.records import Outline, Record, article_from, outline_from
from retrieval.storing.folder import FolderError
from retrieval.storing.strings import Arrays, Strings

_READ = 256
"""So many articles are kept as they were last read."""

Origin = tuple[str | None, str | None]
"""The source of an article and the site that it is from, as «//host»."""


class Segment:
    """What `retrieval.encoding.encode` gave, to be read."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.vocabulary = Strings(arrays, "terms")
        self.article_ids = Strings(arrays, "article_ids")
        self.postings = Postings(*(arrays[f"postings.{name}"] for name in Postings._fields))
        self.starts: Ids = arrays["starts"]
        self.ends: NDArray[np.int64] = arrays["ends"]
        self.numbers: Ids = arrays["numbers"]
        self.marks: NDArray[np.uint8] = arrays["marks"]
        self.spans: Ids = arrays["spans"]
        self.days: Days = arrays["article_days"]
        self.origin: Ids = arrays["origin"]
        self.mentions: Days = arrays["mentions"]
        self.digests: NDArray[np.uint8] = arrays["digests"]
        self.article = lru_cache(maxsize=_READ)(partial(_article, arrays))

    @property
    def articles(self) -> int:
        """How many articles it has."""
        return len(self.starts) - 1

    @property
    def size(self) -> int:
        """How many passages it has."""
        return len(self.spans)

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        """The origins that its articles have; `origin` has their numbers."""
        return tuple((source, site) for source, site in json.loads(self._blob("origins")))

    def passage(self, number: int) -> Passage:
        """The passage of a number."""
        article = self.article(bisect_right(self.starts.data, number) - 1)
        start, stop, *heads = self.spans[number].tolist()
        section, question = (
            None if first < 0 else Span(first, last)
            for first, last in zip(heads[::2], heads[1::2], strict=True)
        )
        return Passage(article, start, stop, section, question)

    def outline(self, number: int) -> Outline:
        """What is known of the article of a number."""
        return outline_from(_record(self.arrays, number), self.digests[number].tobytes().hex())

    def introduced(self) -> list[list[Any]]:
        """The abbreviations that its passages explain, as `retrieval.abbreviations` wrote them."""
        rows: list[list[Any]] = json.loads(self._blob("introduced"))
        return rows

    def lone(self) -> list[tuple[int, list[str]]]:
        """The articles with heads that no passage has, by number, and the lemmas of these heads."""
        rows: list[tuple[int, list[str]]] = json.loads(self._blob("lone"))
        return rows

    def _blob(self, name: str) -> bytes:
        return self.arrays[name].tobytes()


def _article(arrays: Arrays, number: int) -> Article:
    """The article of a number; raises FolderError for one that is not as it was stored."""
    start, stop = arrays["text_ends"][number : number + 2].tolist()
    text = str(arrays["texts"].data[start:stop], "utf-8", "surrogatepass")
    article = article_from(_record(arrays, number), text)
    if article.digest != arrays["digests"][number].tobytes().hex():
        raise FolderError(f"the stored text of {article.path} is damaged; run `doslovno index`")
    return article


def _record(arrays: Arrays, number: int) -> Record:
    start, stop = arrays["record_ends"][number : number + 2].tolist()
    record: Record = json.loads(arrays["records"].data[start:stop].tobytes())
    return record
