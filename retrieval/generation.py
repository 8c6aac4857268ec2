"""One immutable generation of the archive: articles, passages and their index, built and stored."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval import corpus, passages, snapshots
from retrieval.analyzer import Analyzer
from retrieval.index import Bm25, Ids, Terms
from retrieval.models import Article, Passage, Refusal, Span
from retrieval.records import (
    article_from,
    article_record,
    passage_from,
    passage_row,
    refusal_from,
    refusal_row,
)

Progress = Callable[[int, int], None]
"""Called with the number of articles analysed and the number there are."""

FORMAT = 1
"""Of what is stored; another one is not read."""


class GenerationError(Exception):
    """A stored index that cannot be read or written: build it anew, or go on without storing it."""


class Document(NamedTuple):
    """A passage and all the lemmas it is found by: its own, and those it stands under."""

    passage: Passage
    lemmas: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Generation:
    """The archive at one time. It never changes: a reload builds the next one."""

    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    """In the order of the articles, then of the text; the index numbers them so."""
    index: Bm25
    refused: tuple[Refusal, ...]
    analyzer: Analyzer

    @cached_property
    def by_article(self) -> Bm25:
        """The same terms, indexed by article."""
        return Bm25(self.index.terms.joined(self._sizes))

    @cached_property
    def article_of(self) -> Ids:
        """For each passage the number of its article."""
        return np.repeat(np.arange(len(self.articles), dtype=np.int32), self._sizes)

    @cached_property
    def place_of(self) -> Ids:
        """For each passage its place in its article, from 0."""
        return np.concatenate([np.arange(0, dtype=np.int32), *map(np.arange, self._sizes)])

    def article(self, article_id: str) -> Article | None:
        """The article of this id, None if it has gone."""
        number = self._numbers.get(article_id)
        return None if number is None else self.articles[number]

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in its order; none if it has gone."""
        number = self._numbers.get(article_id)
        if number is None:
            return ()
        return self.passages[self._starts[number] : self._starts[number + 1]]

    def lemmas_of(self, article_id: str) -> list[tuple[str, ...]]:
        """The lemmas that each passage of an article is found by; none if it has gone."""
        number = self._numbers.get(article_id)
        if number is None:
            return []
        terms, first, stop = self.index.terms, self._starts[number], self._starts[number + 1]
        ends = self._ends[first : stop + 1].tolist()
        return [
            tuple(terms.vocabulary[each] for each in terms.numbers[start:end].tolist())
            for start, end in pairwise(ends)
        ]

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """Where the terms of each passage end, and before them where the first begin: at 0."""
        return np.concatenate([[0], np.cumsum(self.index.terms.lengths, dtype=np.int64)])

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {article.id: number for number, article in enumerate(self.articles)}

    @cached_property
    def _starts(self) -> list[int]:
        """The number of each article's first passage, and behind them that of all passages."""
        return list(accumulate(self._sizes, initial=0))

    @cached_property
    def _sizes(self) -> list[int]:
        counts = Counter(passage.article.id for passage in self.passages)
        return [counts[article.id] for article in self.articles]


class Changes(NamedTuple):
    """What a new generation changed, as ids of articles in the order of the corpus."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def changes(old: Generation, new: Generation) -> Changes:
    """Compare two generations, article by article, by what a reader can see of each."""
    before = {article.id: article.digest for article in old.articles}
    after = {article.id: article.digest for article in new.articles}
    return Changes(
        tuple(name for name in after if name not in before),
        tuple(name for name in after if name in before and after[name] != before[name]),
        tuple(name for name in before if name not in after),
    )


def build(
    corpus_dir: Path,
    previous: Generation | None = None,
    progress: Progress | None = None,
) -> Generation:
    """Read the corpus folder and index it; analyse only what `previous` does not have.

    Raises CorpusError where the folder cannot be read; a bad file in it is refused, not raised.
    """
    found = corpus.read(corpus_dir)
    analyzer = previous.analyzer if previous else Analyzer()
    known = _known(previous) if previous else {}
    documents: list[Document] = []
    for done, article in enumerate(found.articles, start=1):
        documents += _reused(article, known) or _analysed(article, analyzer)
        if progress:
            progress(done, len(found.articles))
    terms = Terms.encode(document.lemmas for document in documents)
    return Generation(
        articles=found.articles,
        passages=tuple(document.passage for document in documents),
        index=Bm25(terms),
        refused=found.refused,
        analyzer=analyzer,
    )


def _known(previous: Generation) -> dict[tuple[str, str], list[Document]]:
    """Its documents by what they depend on; of articles that are the same, those of one."""
    of_article: dict[str, list[Document]] = {}
    for document in map(Document, previous.passages, previous.index.terms.decode()):
        of_article.setdefault(document.passage.article.id, []).append(document)
    return {_identity(found[0].passage.article): found for found in of_article.values()}


def _identity(article: Article) -> tuple[str, str]:
    """What its passages and their lemmas depend on: what a reader sees, its head, its headings."""
    return article.digest, repr((article.body, article.headings))


def _reused(article: Article, known: dict[tuple[str, str], list[Document]]) -> list[Document]:
    documents = known.get(_identity(article), [])
    return [
        document._replace(passage=replace(document.passage, article=article))
        for document in documents
    ]


def _analysed(article: Article, analyzer: Analyzer) -> list[Document]:
    title = analyzer.lemmas(article.title)
    return [
        Document(passage, (*_lemmas(passage, analyzer), *title))
        for passage in passages.split(article, analyzer)
    ]


def _lemmas(passage: Passage, analyzer: Analyzer) -> list[str]:
    own = Span(passage.start, passage.stop)
    spans = filter(None, (own, passage.section, passage.question))
    texts = (passage.article.text[span.start : span.stop] for span in spans)
    return [lemma for text in texts for lemma in analyzer.lemmas(text)]


def save(generation: Generation, folder: Path) -> None:
    """Store a generation under `folder`; it takes the place of the one before it at once.

    Raises GenerationError (disk full, no permission): what was stored before stays readable then.
    """
    try:
        snapshots.write(folder, _encode(generation))
    except OSError as error:
        raise GenerationError(f"cannot write the index to {folder}: {error}") from error


def load(folder: Path) -> Generation:
    """The generation stored under `folder`; nothing is analysed again.

    Raises GenerationError where there is none, or it is damaged or of another version.
    """
    try:
        return _decode(snapshots.read(folder))
    except (OSError, ValueError, LookupError, TypeError, EOFError) as error:
        raise GenerationError(f"no usable index in {folder}: {error}") from error


def _encode(generation: Generation) -> dict[str, bytes]:
    terms = generation.index.terms
    archive = {
        "version": _version(generation.analyzer),
        "articles": [article_record(article) for article in generation.articles],
        "passages": [
            passage_row(*found)
            for found in zip(generation.passages, generation.article_of.tolist(), strict=True)
        ],
        "refused": [refusal_row(refusal) for refusal in generation.refused],
        "vocabulary": terms.vocabulary,
    }
    arrays = {"numbers": terms.numbers, "lengths": terms.lengths}
    stored = {f"{name}.npy": _to_npy(array) for name, array in arrays.items()}
    return {"archive.json": json.dumps(archive).encode(), **stored}


def _decode(files: dict[str, bytes]) -> Generation:
    archive = json.loads(files["archive.json"])
    analyzer = Analyzer()
    if archive["version"] != _version(analyzer):
        raise ValueError("it is of another version")
    articles = tuple(map(article_from, archive["articles"]))
    numbers, lengths = (_from_npy(files[f"{name}.npy"]) for name in ("numbers", "lengths"))
    if len(lengths) != len(archive["passages"]) or lengths.sum() != len(numbers):
        raise ValueError("its parts do not fit together")
    return Generation(
        articles=articles,
        passages=tuple(passage_from(row, articles) for row in archive["passages"]),
        index=Bm25(Terms(tuple(archive["vocabulary"]), numbers, lengths)),
        refused=tuple(map(refusal_from, archive["refused"])),
        analyzer=analyzer,
    )


def _version(analyzer: Analyzer) -> str:
    return f"{FORMAT}, analyzer {analyzer.version}"


def _to_npy(array: Ids) -> bytes:
    content = BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()


def _from_npy(content: bytes) -> Ids:
    array: Ids = np.load(BytesIO(content), allow_pickle=False)
    return array
