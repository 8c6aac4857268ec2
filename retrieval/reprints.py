"""Which articles are one story printed again, and how much of a changed article is new.

A later article is a reprint of an earlier one if it says nothing new: each of its sentences stands
in the other, and so do its numbers, names and negations, in their places. The news by the same
template about another day, person or outcome is a story of its own, and so is the follow-up that
repeats what came before. Where in doubt, nothing is folded: a story shown twice harms less than
one that is not shown.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import LCSseq

from retrieval.analyzer import Analyzer
from retrieval.generation import Generation
from retrieval.models import Article, Passage
from retrieval.spelling import WORD, normal
from retrieval.told import Sentence, contradicts, gaps, keys, meaning, place, told, unlike

SHARED = 0.7
"""How many of the different lemmas of the later text the earlier one must have to be read at all:
a dateline, an agency and typing errors are much of a brief."""
SENTENCE = 0.75
"""How much of a sentence must stand in the other text, in its order, for it to be the same."""
MINOR = 0.02
"""The share of the later text that may be other words: editors polish. A brief has none of these,
and a lead, a title, a fact never has."""
SHORT = 12
"""Words; a shorter text says too little: only an equal one is its reprint."""
LONGEST = 4_000
"""Words of a text that is compared sentence by sentence: the time grows with their square."""
TITLE = 500
"""Characters of a title that are compared."""
BIG_CHANGE = 0.3
"""The share of new text from which a changed article is worth reading again: corrections change
a sentence or two, a story that goes on gets paragraphs."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_WORD = re.compile(r"\w+")
_HASH = 4
"""Bytes a sentence."""


class Text(NamedTuple):
    """What is compared of an article."""

    article_id: str
    lemmas: tuple[str, ...]
    """Of all its words, in order."""
    paragraphs: tuple[str, ...]
    title: str = ""
    source: str = ""
    """"" if not known."""


def words(generation: Generation, article_ids: Sequence[str]) -> list[Text]:
    """The words of some articles of the archive, without section heads and questions.

    Nothing is analysed again but those and titles: the index has the lemmas of each passage, and
    behind them those of what it stands under. An article that has gone has no words.
    """
    size = cache(lambda text: len(generation.analyzer.lemmas(text)))
    found = []
    for each in article_ids:
        own: list[str] = []
        lemmas_of = generation.lemmas_of(each)
        for passage, lemmas in zip(generation.passages_of(each), lemmas_of, strict=True):
            own += lemmas[: len(lemmas) - sum(map(size, _above(passage)))]
        found.append(_text(generation, each, own))
    return found


def _above(passage: Passage) -> Iterator[str]:
    yield passage.article.title
    for head in filter(None, (passage.section, passage.question)):
        yield passage.article.text[head.start : head.stop]


def _text(generation: Generation, article_id: str, lemmas: Sequence[str]) -> Text:
    article = generation.article(article_id)
    if article is None:
        return Text(article_id, (), ())
    passages = generation.passages_of(article_id)
    before = _dateline(article) if passages and passages[0].start == article.body else ""
    paragraphs = [passage.text for passage in passages]
    paragraphs[:1] = [before + text for text in paragraphs[:1]]
    source = article.source or ""
    return Text(article_id, tuple(lemmas), tuple(paragraphs), article.title, source)


def _dateline(article: Article) -> str:
    """What stands before the body on its line."""
    return article.text[: article.body].rpartition("\n")[2]


class _Read(NamedTuple):
    """A text with what it tells."""

    text: Text
    spelled: tuple[str, ...]
    """All its words as they are written."""
    place: frozenset[str]
    """The lemmas of the place in its dateline."""
    title: Sentence
    sentences: tuple[Sentence, ...]

    @property
    def size(self) -> int:
        """Words that tell something."""
        return sum(map(len, self.sentences))


def _read(text: Text, analyzer: Analyzer) -> _Read:
    paragraphs = text.paragraphs
    return _Read(
        text,
        tuple(map(normal, WORD.findall("\n".join(paragraphs)))),
        place(paragraphs, analyzer),
        meaning(text.title[:TITLE], analyzer),
        told(paragraphs, analyzer),
    )


def is_reprint(earlier: Text, later: Text, analyzer: Analyzer) -> bool:
    """Whether the later of two articles says nothing that the earlier one does not say.

    Of one source it must be equal word for word: an outlet that prints a text again with another
    word in it has news.
    """
    return _repeats(_read(earlier, analyzer), _read(later, analyzer))


def _repeats(earlier: _Read, later: _Read) -> bool:
    if not _shares_enough(earlier.text, later.text) or contradicts(earlier.title, later.title):
        return False
    if earlier.spelled == later.spelled:
        return True
    one_source = earlier.text.source.casefold() == later.text.source.casefold() != ""
    if one_source or later.size < SHORT or max(earlier.size, later.size) > LONGEST:
        return False
    if earlier.place and later.place and earlier.place.isdisjoint(later.place):
        return False
    if not earlier.sentences or contradicts(earlier.sentences[0], later.sentences[0]):
        return False
    return _says_nothing_new(earlier.sentences, later.sentences, MINOR * later.size)


def _shares_enough(earlier: Text, later: Text) -> bool:
    wanted = set(later.lemmas)
    return bool(wanted) and len(wanted.intersection(earlier.lemmas)) >= SHARED * len(wanted)


def _says_nothing_new(earlier: Sequence[Sentence], later: Sequence[Sentence], most: float) -> bool:
    """Whether all sentences stand in the earlier text, but for so many words in all.

    A sentence may be made of two that stand side by side there, or be a part of one.
    """
    windows = [*earlier, *(one + other for one, other in pairwise(earlier))]
    known = {keys(window) for window in windows}
    new = 0.0
    for number, each in enumerate(later):
        if keys(each) not in known:
            new += min(_new(each, window, lead=not number) for window in windows)
        if new > most:
            return False
    return True


def _new(own: Sentence, window: Sentence, *, lead: bool) -> float:
    """How many words of a sentence are new; infinite where it says something else."""
    least = math.ceil(SENTENCE * len(own))
    if LCSseq.similarity(keys(own), keys(window), score_cutoff=least) < least:
        return math.inf
    new = 0
    for gap in gaps(own, window):
        added, missing = unlike(gap.own, gap.its), unlike(gap.its, gap.own)
        turned = gap.inside and any(word.turning for word in missing)
        if turned or any(word.fact for word in added):
            return math.inf
        if lead and (added or (gap.inside and missing)):
            return math.inf
        new += len(added)
    return new


def stories(new: Sequence[Text], known: Sequence[Text], analyzer: Analyzer) -> dict[str, str]:
    """For each new article the first article of its story: itself where there is none before it.

    Known ones come before new ones, each in the order they were published. A reprint of a reprint
    belongs to the story that began it all.
    """
    texts = [*known, *new]
    earlier = _Earlier(texts, analyzer)
    found = {}
    for number in range(len(known), len(texts)):
        first = number
        while (before := earlier.of(first)) is not None:
            first = before
        found[texts[number].article_id] = texts[first].article_id
    return found


class _Earlier:
    """Finds the first of some texts that a later one is a reprint of.

    Few pairs share enough of their lemmas, and only those are read.
    """

    def __init__(self, texts: Sequence[Text], analyzer: Analyzer) -> None:
        self._texts = texts
        self._lemmas = [frozenset(text.lemmas) for text in texts]
        having = defaultdict(list)
        for number, lemmas in enumerate(self._lemmas):
            for lemma in lemmas:
                having[lemma].append(number)
        self._having = {lemma: np.array(numbers, np.int32) for lemma, numbers in having.items()}
        self._read = cache(lambda number: _read(texts[number], analyzer))
        self.of = cache(self._of)

    def _of(self, number: int) -> int | None:
        """The number of that text; None for the beginning of a story."""
        own = self._texts[number].article_id
        others = (each for each in self._alike(number) if self._texts[each].article_id != own)
        return next(
            (each for each in others if _repeats(self._read(each), self._read(number))), None
        )

    def _alike(self, number: int) -> list[int]:
        """The earlier texts that have enough of the lemmas of this one."""
        if not self._lemmas[number]:
            return []
        postings = [self._having[lemma] for lemma in self._lemmas[number]]
        shared = np.bincount(np.concatenate(postings), minlength=number)[:number]
        return np.flatnonzero(shared >= SHARED * len(self._lemmas[number])).tolist()


def fingerprint(passages: Iterable[Passage]) -> bytes:
    """What a later version of an article is compared with: a hash of every sentence, in order.

    Punctuation, spaces, case and the dots of «ё» do not matter.
    """
    return b"".join(code for code, _ in _sentences(passages))


def changed_share(old: bytes, passages: Iterable[Passage]) -> float:
    """How much of a text, by characters, stands in sentences that an old fingerprint has not."""
    before = {old[start : start + _HASH] for start in range(0, len(old), _HASH)}
    sizes = [(size, code not in before) for code, size in _sentences(passages)]
    total = sum(size for size, _ in sizes)
    return sum(size for size, new in sizes if new) / total if total else 0.0


def is_big_change(old: bytes, passages: Iterable[Passage]) -> bool:
    """Whether a changed article is worth reading again; not if the old one is not known (empty)."""
    return bool(old) and changed_share(old, passages) >= BIG_CHANGE


def _sentences(passages: Iterable[Passage]) -> Iterator[tuple[bytes, int]]:
    """The hash and the size of each sentence that has words."""
    for passage in passages:
        for sentence in _SENTENCE_END.split(passage.text):
            folded = unicodedata.normalize("NFC", sentence.casefold()).replace("ё", "е")
            said = " ".join(_WORD.findall(folded))
            if said:
                yield (
                    blake2b(said.encode("utf-8", "surrogatepass"), digest_size=_HASH).digest(),
                    len(sentence),
                )
