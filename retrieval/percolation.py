"""Many topics against some new articles, and one topic against the whole archive.

Texts are numbered, and where a lemma stands is one integer with a bit for each text: which texts
have the words of a topic is then a few operations on integers.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import accumulate, chain, islice
from operator import and_, or_
from typing import NamedTuple

import numpy as np

from retrieval.arrays import Ids
from retrieval.generation import Generation
from retrieval.matching import Part, Topic, TopicMatch, match
from retrieval.models import Article
from retrieval.stretches import (
    ArticleWords,
    Lemmas,
    Stretch,
    Term,
    Word,
    article_words,
    places,
    words_of,
)

BATCH = 64
"""Articles looked at together: more of them make longer integers for every lemma."""

Texts = int
"""A set of texts: bit n stands for text n."""
Having = Callable[[str], Texts]
"""The texts that have a lemma."""
_ALL: Texts = -1


class Matching(NamedTuple):
    """The articles of the archive that match a topic."""

    articles: tuple[tuple[Article, TopicMatch], ...]
    """Some of them, the newest first; those without a date last."""
    total: int
    """How many match in all."""


def percolate(
    topics: Mapping[int, Topic], generation: Generation, article_ids: Iterable[str]
) -> Iterator[tuple[int, str]]:
    """Which topics match which articles: pairs of a topic's id and an article's.

    Articles that have gone from the archive are passed over. Made for many topics: each article is
    read once, and most topics cost one look at a word that no article has.
    """
    ids = (each for each in article_ids if generation.article(each))
    while batch := list(islice(ids, BATCH)):
        arrived = _Arrived.of([words_of(generation, each) for each in batch])
        for topic_id, topic in topics.items():
            yield from ((topic_id, batch[number]) for number in arrived.matching(topic))


class _Arrived(NamedTuple):
    """Some articles, with the stretches of all of them numbered in one row."""

    stretches: Sequence[Stretch]
    article_of: Sequence[int]
    """For each stretch the number of its article."""
    ends: Sequence[int]
    """For each article where its stretches end."""
    having: Mapping[str, Texts]

    @classmethod
    def of(cls, articles: Sequence[ArticleWords]) -> "_Arrived":
        stretches = [stretch for words in articles for stretch in chain(*words)]
        sizes = [len(words.passages) + len(words.heads) for words in articles]
        having: defaultdict[str, Texts] = defaultdict(int)
        for number, stretch in enumerate(stretches):
            for lemma in stretch.lemmas:
                having[lemma] |= 1 << number
        article_of = [number for number, size in enumerate(sizes) for _ in range(size)]
        return cls(stretches, article_of, list(accumulate(sizes)), dict(having))

    def matching(self, topic: Topic) -> list[int]:
        """The numbers of the articles that match a topic, in order."""
        found = set(range(len(self.ends)))
        for part in topic.parts:
            found &= self._among(self._certainly(part)) if found else set()
        for term in topic.without:
            found -= self._among(self._certainly((term,))) if found else set()
        return sorted(found)

    def _certainly(self, part: Part) -> Texts:
        """The stretches that have a part; where its lemmas do not tell, the words are looked at."""
        texts = _of_part(part, self._having)
        for term in part:
            if texts and not _plain(term):
                told = _any_of(term[0].whole, self._having) if len(term) == 1 else 0
                unsure = _numbers(texts & ~told)
                seen = (1 << each for each in unsure if places(term, self.stretches[each]))
                texts &= told | sum(seen)
        return texts

    def _having(self, lemma: str) -> Texts:
        return self.having.get(lemma, 0)

    def _among(self, texts: Texts) -> set[int]:
        """The articles that some stretches are of."""
        found = set()
        while texts:
            number = self.article_of[(texts & -texts).bit_length() - 1]
            texts = texts >> self.ends[number] << self.ends[number]
            found.add(number)
        return found


def find_topic(topic: Topic, generation: Generation, k: int) -> Matching:
    """What a topic matches in the whole archive: the `k` newest articles, and how many in all."""
    archive = _Archive.of(generation)
    numbers = archive.candidates(topic)
    matches = archive.matches(topic, numbers)
    newest = tuple(islice(matches, k))
    if all(map(_plain, _terms(topic))) and all(len(part) == 1 for part in topic.parts):
        return Matching(newest, len(numbers))
    return Matching(newest, len(newest) + sum(1 for _ in matches))


class _Archive(NamedTuple):
    """The passages of an archive, each with the words of the heads above it: the index has it so.

    That may divide the words of a part between a passage and its heads.
    """

    generation: Generation
    lone: Mapping[int, frozenset[str]]
    """The lemmas of heads that the index does not have, by the number of their article."""

    @classmethod
    def of(cls, generation: Generation) -> "_Archive":
        live = generation.article_live
        return cls(
            generation,
            {
                first + number: frozenset(lemmas)
                for first, placed in zip(
                    generation.first_articles, generation.segments, strict=False
                )
                for number, lemmas in placed.segment.lone()
                if live is None or live[first + number]
            },
        )

    def candidates(self, topic: Topic) -> list[int]:
        """The numbers of the articles that may match, the newest first."""
        found = set.intersection(*(self._having_part(part) for part in topic.parts))
        without = (self._having_part((term,)) for term in topic.without if _plain(term))
        numbers = np.array(sorted(found.difference(*without)), np.intp)
        first, last = self.generation.days[numbers].T
        order: list[int] = numbers[np.lexsort((last, -first))].tolist()
        return order

    def matches(self, topic: Topic, numbers: Iterable[int]) -> Iterator[tuple[Article, TopicMatch]]:
        """Those of the articles that do match, read only where they may have words of the topic."""
        of_parts = (_of_part(part, self._having) for part in topic.parts)
        of_terms = (_of_term(term, self._having) for term in topic.without)
        read = self._numbers(reduce(or_, chain(of_parts, of_terms)))
        of_article = self.generation.article_of[read]
        for number in numbers:
            article = self.generation.article_at(number)
            if number in self.lone:
                words = words_of(self.generation, article.id)
            else:
                start, stop = np.searchsorted(of_article, (number, number + 1))
                passages = [self.generation.passages[each] for each in read[start:stop]]
                words = article_words(article, passages, self.generation.analyzer)
            if found := match(topic, words):
                yield article, found

    def _having_part(self, part: Part) -> set[int]:
        """The numbers of the articles that may have a part."""
        lone = (
            number
            for number, lemmas in self.lone.items()
            if _of_part(part, partial(_one_of, lemmas))
        )
        return self._among(_of_part(part, self._having)).union(lone)

    def _having(self, lemma: str) -> Texts:
        having = np.zeros(len(self.generation.passages), np.bool_)
        having[self.generation.index.postings(lemma)] = True
        return int.from_bytes(np.packbits(having, bitorder="little").tobytes(), "little")

    def _among(self, texts: Texts) -> set[int]:
        """The numbers of the articles that some passages are of."""
        return set(self.generation.article_of[self._numbers(texts)].tolist())

    def _numbers(self, texts: Texts) -> Ids:
        size = len(self.generation.passages)
        bits = np.frombuffer(texts.to_bytes((size + 7) // 8, "little"), np.uint8)
        return np.flatnonzero(np.unpackbits(bits, bitorder="little")).astype(np.int32)


def _numbers(texts: Texts) -> Iterator[int]:
    while texts:
        last = texts & -texts
        yield last.bit_length() - 1
        texts ^= last


def _terms(topic: Topic) -> Iterator[Term]:
    return chain(topic.without, *topic.parts)


def _plain(term: Term) -> bool:
    """Whether to have its lemmas is to have it: one word that is no compound."""
    return len(term) == 1 and not term[0].parts


def _of_part(part: Part, having: Having) -> Texts:
    """The texts that may have a part: all of its words, wherever they stand there."""
    texts = _ALL
    for term in part:
        texts &= _of_term(term, having)
        if not texts:
            break
    return texts


def _one_of(lemmas: Collection[str], lemma: str) -> Texts:
    """As the only text there is."""
    return int(lemma in lemmas)


def _of_term(term: Term, having: Having) -> Texts:
    texts = _ALL
    for word in term:
        texts &= _of_word(word, having)
    return texts


def _of_word(word: Word, having: Having) -> Texts:
    if word.spelling:
        return _ALL
    texts = _any_of(word.whole, having)
    if word.parts:
        texts |= reduce(and_, (_any_of(part, having) for part in word.parts))
    return texts


def _any_of(lemmas: Lemmas, having: Having) -> Texts:
    texts = 0
    for lemma in lemmas:
        texts |= having(lemma)
    return texts
