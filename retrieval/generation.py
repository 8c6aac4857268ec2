"""One immutable generation of the archive: articles, passages and all that finds them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval import corpus, passages
from retrieval.abbreviations import Abbreviations, introduced
from retrieval.analyzer import Analyzer
from retrieval.asking.mastheads import site
from retrieval.asking.periods import mentioned, period_of
from retrieval.calibration import Calibration, calibrate
from retrieval.focusing.countries import countries
from retrieval.index import Bm25, Ids, Terms
from retrieval.marks import FIELD, TEXT, WORD, marked
from retrieval.mending.corrections import Lexicon
from retrieval.models import Article, Passage, Refusal
from retrieval.sought import seek

Days = NDArray[np.int32]
"""Days as ordinals of the proleptic Gregorian calendar, `date.toordinal()`."""

_UNKNOWN = ("Врмлшн", "Vrmlshn")
"""No words: what is looked up to find one near them is made ready."""

Progress = Callable[[int, int], None]
"""Called with the number of articles analysed and the number there are."""


class Document(NamedTuple):
    """A passage and all the lemmas it is found by: its own, and those it stands under, marked."""

    passage: Passage
    lemmas: tuple[str, ...]
    marks: bytes


@dataclass(frozen=True, eq=False)
class Generation:
    """The archive at one time. It never changes: a reload builds the next one."""

    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    """In the order of the articles, then of the text; the index numbers them so."""
    index: Bm25
    marks: NDArray[np.uint8]
    """Of each lemma of each passage, as `index.terms.numbers` has them (see retrieval.marks)."""
    mentions: Days
    """The dates that passages name: rows of a passage's number and the first and last day."""
    abbreviations: Abbreviations
    """Those that the archive explains."""
    refused: tuple[Refusal, ...]
    analyzer: Analyzer
    calibrated: Calibration | None = None
    """What was stored of how it was calibrated."""

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

    @cached_property
    def days(self) -> Days:
        """For each article the first and last day that its date may be; zeros if it has none."""
        periods = [period_of(each.date) if each.date else None for each in self.articles]
        rows = [[one.first.toordinal(), one.last.toordinal()] if one else [0, 0] for one in periods]
        return np.array(rows, np.int32).reshape(-1, 2)

    @cached_property
    def origins(self) -> tuple[tuple[str | None, str | None], ...]:
        """For each article its source and the site that it is from, as «//host»."""
        return tuple((article.source, site(article.url)) for article in self.articles)

    @cached_property
    def lexicon(self) -> Lexicon:
        """What a mistyped word may stand for."""
        index = self.index
        return Lexicon({term: len(index.postings(term)[0]) for term in index.sorted_terms})

    @cached_property
    def calibration(self) -> Calibration:
        """What it gives for questions that it cannot answer."""
        return self.calibrated or calibrate(self)

    def warm(self) -> None:
        """Make now what a question would otherwise wait for, seconds for a large archive."""
        cached = (name for name, of in vars(type(self)).items() if isinstance(of, cached_property))
        for name in cached:
            getattr(self, name)
        countries("", (), self.analyzer)
        for unknown in _UNKNOWN:
            words = self.analyzer.tokens(unknown)
            seek(self.index, words)
            self.lexicon.near(unknown, words[0], self.analyzer)

    def article(self, article_id: str) -> Article | None:
        """The article of this id, None if it has gone."""
        number = self._numbers.get(article_id)
        return None if number is None else self.articles[number]

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in its order; none if it has gone."""
        number = self._numbers.get(article_id)
        if number is None:
            return ()
        return self.passages[self.starts[number] : self.starts[number + 1]]

    def lemmas_of(self, article_id: str) -> list[tuple[str, ...]]:
        """The lemmas that each passage of an article is found by; none if it has gone."""
        number = self._numbers.get(article_id)
        if number is None:
            return []
        terms, first, stop = self.index.terms, self.starts[number], self.starts[number + 1]
        ends = self.ends[first : stop + 1].tolist()
        return [
            tuple(terms.vocabulary[each] for each in terms.numbers[start:end].tolist())
            for start, end in pairwise(ends)
        ]

    def terms_of(self, numbers: Ids) -> tuple[NDArray[np.int64], Ids]:
        """Where the terms of these passages stand in the index, one passage after another.

        For each term its place in `index.terms.numbers`, and that of its passage in `numbers`.
        """
        starts, stops = self.ends[numbers], self.ends[numbers + 1]
        lengths = stops - starts
        before = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        return places, np.repeat(np.arange(len(numbers), dtype=np.int32), lengths)

    @cached_property
    def titles(self) -> tuple[frozenset[str], ...]:
        """For each article the lemmas of its title."""
        return tuple(frozenset(self.analyzer.lemmas(each.title)) for each in self.articles)

    @cached_property
    def own_words(self) -> NDArray[np.intp]:
        """Where the words of the passages' own text stand among all terms, one lemma of each."""
        own = self.marks & FIELD == TEXT
        return np.flatnonzero(own & (self.marks & WORD > 0))

    @cached_property
    def initials(self) -> Ids:
        """For each of `own_words` the code point of its first letter."""
        vocabulary = self.index.terms.vocabulary
        letters = np.fromiter((ord(term[0]) for term in vocabulary), np.int32, len(vocabulary))
        found: Ids = letters[self.index.terms.numbers[self.own_words]]
        return found

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Where the terms of each passage end, and before them where the first begin: at 0."""
        return np.concatenate([[0], np.cumsum(self.index.terms.lengths, dtype=np.int64)])

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {article.id: number for number, article in enumerate(self.articles)}

    @cached_property
    def starts(self) -> list[int]:
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

    Where nothing has changed, that is `previous` itself.

    Raises CorpusError where the folder cannot be read; a bad file in it is refused, not raised.
    """
    found = corpus.read(corpus_dir)
    if previous and (previous.articles, previous.refused) == (found.articles, found.refused):
        return previous
    analyzer = previous.analyzer if previous else Analyzer()
    known = _known(previous) if previous else {}
    documents: list[Document] = []
    for done, article in enumerate(found.articles, start=1):
        documents += _reused(article, known) or _analysed(article, analyzer)
        if progress:
            progress(done, len(found.articles))
    return _assembled(found.articles, documents, found.refused, analyzer)


def assemble(
    articles: tuple[Article, ...],
    split: Iterable[Iterable[Passage]],
    analyzer: Analyzer,
    progress: Progress | None = None,
) -> Generation:
    """A generation of articles that are split already: the passages of each, in its order."""
    documents: list[Document] = []
    for done, found in enumerate(split, start=1):
        documents += (Document(passage, *marked(passage, analyzer)) for passage in found)
        if progress:
            progress(done, len(articles))
    return _assembled(articles, documents, (), analyzer)


def _assembled(
    articles: tuple[Article, ...],
    documents: Sequence[Document],
    refused: tuple[Refusal, ...],
    analyzer: Analyzer,
) -> Generation:
    return Generation(
        articles=articles,
        passages=tuple(document.passage for document in documents),
        index=Bm25(Terms.encode(document.lemmas for document in documents)),
        marks=np.frombuffer(b"".join(document.marks for document in documents), np.uint8),
        mentions=_mentions(documents),
        abbreviations=Abbreviations.learned(
            (found for document in documents for found in introduced(document.passage.text)),
            analyzer,
        ),
        refused=refused,
        analyzer=analyzer,
    )


def _mentions(documents: Iterable[Document]) -> Days:
    rows = [
        [number, period.first.toordinal(), period.last.toordinal()]
        for number, (passage, *_) in enumerate(documents)
        for period in mentioned(passage.text, passage.article.date)
    ]
    return np.array(rows, np.int32).reshape(-1, 3)


def _known(previous: Generation) -> dict[tuple[str, str], list[Document]]:
    """Its documents by what they depend on; of articles that are the same, those of one."""
    of_article: dict[str, list[Document]] = {}
    marks = (previous.marks[start:stop].tobytes() for start, stop in pairwise(previous.ends))
    for document in map(Document, previous.passages, previous.index.terms.decode(), marks):
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
    split = passages.split(article, analyzer)
    return [Document(passage, *marked(passage, analyzer)) for passage in split]
