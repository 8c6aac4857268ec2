"""Which articles are one story printed again, and how much of a changed article is new.

A reprint is shortened, gets another title, lead, dateline or one paragraph more; its words stay the
same, in the same order. An article by the same template with other numbers or names (rates,
weather, phone calls) is another story, and so is what another person wrote of the same event.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import LCSseq

from retrieval.analyzer import Analyzer
from retrieval.generation import Generation
from retrieval.models import Passage

SHARED = 0.7
"""How much of the shorter text the other must have, in its order."""
SHORT = 12
"""Words; a shorter text says too little: only an equal one is its reprint."""
SHORTENED = 0.2
"""A text this many times shorter than another is a part of it rather than its reprint."""
OTHER_FACTS = 1 / 3
"""Where more than this share of the numbers, or of the names, is replaced by others, the text is
another story by the same template."""
GAP = 5
"""Words; where more than these stand between what is the same, it is another sentence, and not
another number."""
LONGEST = 4_000
"""Words of a text that are compared: the time grows with their square."""
BIG_CHANGE = 0.3
"""The share of new text from which a changed article is worth reading again: corrections change
a sentence or two, a story that goes on gets paragraphs."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_WORD = re.compile(r"\w+")
_HASH = 4
"""Bytes a sentence."""


class Text(NamedTuple):
    """The words of an article, in order, as their lemmas."""

    article_id: str
    lemmas: tuple[str, ...]


def words(generation: Generation, article_ids: Sequence[str]) -> list[Text]:
    """The words of some articles of the archive, without titles, section heads and questions.

    Nothing is analysed again but those: the index has the lemmas of each passage, and behind them
    those of what it stands under. An article that has gone has no words.
    """
    found: dict[str, list[str]] = {each: [] for each in article_ids}
    size = cache(lambda text: len(generation.analyzer.lemmas(text)))
    terms = generation.index.terms.decode()
    for passage, lemmas in zip(generation.passages, terms, strict=True):
        if (own := found.get(passage.article.id)) is not None:
            own += lemmas[: len(lemmas) - sum(map(size, _above(passage)))]
    return [Text(each, tuple(lemmas)) for each, lemmas in found.items()]


def _above(passage: Passage) -> Iterator[str]:
    yield passage.article.title
    for head in filter(None, (passage.section, passage.question)):
        yield passage.article.text[head.start : head.stop]


def is_reprint(one: Text, other: Text, analyzer: Analyzer) -> bool:
    """Whether two articles are one story printed twice; which comes first does not matter."""
    shorter, longer = sorted((one.lemmas, other.lemmas), key=lambda lemmas: (len(lemmas), lemmas))
    if len(shorter) < SHORT:
        return shorter == longer != ()
    if len(shorter) < SHORTENED * len(longer):
        return False
    shorter, longer = shorter[:LONGEST], longer[:LONGEST]
    least = math.ceil(SHARED * len(shorter))
    if LCSseq.similarity(shorter, longer, score_cutoff=least) < least:
        return False
    kinds = (_is_number, lambda lemma: _is_name(lemma, analyzer))
    return not any(_replaced(kind, shorter, longer) for kind in kinds)


def _is_number(lemma: str) -> bool:
    return lemma[:1].isdecimal()


def _is_name(lemma: str, analyzer: Analyzer) -> bool:
    """A name weighs more than a thing; so does a word of another language, or an unknown one."""
    return any(token.weight > 1 for token in analyzer.tokens(lemma))


def _replaced(kind: Callable[[str], bool], one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether many words of a kind are others in the other text, and those around are the same."""
    kept = replaced = 0
    start = begin = 0
    for block in LCSseq.opcodes(one, other).as_matching_blocks():
        gap, its = one[start : block.a], other[begin : block.b]
        if max(len(gap), len(its)) <= GAP:
            replaced += min(sum(map(kind, gap)), sum(map(kind, its)))
        start, begin = block.a + block.size, block.b + block.size
        kept += sum(map(kind, one[block.a : start]))
    return replaced > OTHER_FACTS * (kept + replaced)


def stories(new: Sequence[Text], known: Sequence[Text], analyzer: Analyzer) -> dict[str, str]:
    """For each new article the first article of its story: itself where there is none before it.

    Both in the order they came, known ones before new ones. A reprint of a reprint belongs to the
    story that began it all.
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

    Of a text that has SHARED of the words of another in their order, no more different words can be
    missing from the other than words may: few pairs pass that, and only they are compared.
    """

    def __init__(self, texts: Sequence[Text], analyzer: Analyzer) -> None:
        self._texts = texts
        self._analyzer = analyzer
        self._words = [frozenset(text.lemmas[:LONGEST]) for text in texts]
        self._lengths = np.array([min(len(text.lemmas), LONGEST) for text in texts], np.int32)
        distinct = np.array([len(words) for words in self._words], np.int32)
        self._least = distinct - np.floor((1 - SHARED) * self._lengths)
        having = defaultdict(list)
        for number, words in enumerate(self._words):
            for lemma in words:
                having[lemma].append(number)
        self._having = {lemma: np.array(numbers, np.int32) for lemma, numbers in having.items()}
        self._found: dict[int, int | None] = {}

    def of(self, number: int) -> int | None:
        """The number of that text; None for the beginning of a story."""
        if number not in self._found:
            text = self._texts[number]
            self._found[number] = next(
                (
                    each
                    for each in self._alike(number)
                    if self._texts[each].article_id != text.article_id
                    and is_reprint(self._texts[each], text, self._analyzer)
                ),
                None,
            )
        return self._found[number]

    def _alike(self, number: int) -> list[int]:
        """The earlier texts that share enough words with this one, by what the shorter needs."""
        if not self._words[number]:
            return []
        postings = [self._having[lemma] for lemma in self._words[number]]
        shared = np.bincount(np.concatenate(postings), minlength=number)[:number]
        length, least = self._lengths[number], self._least[number]
        lengths, others = self._lengths[:number], self._least[:number]
        needed = np.where(
            lengths < length, others, np.minimum(least, np.where(lengths > length, least, others))
        )
        return np.flatnonzero(shared >= needed).tolist()


def fingerprint(passages: Iterable[Passage]) -> bytes:
    """What a later version of an article is compared with: a hash of every sentence, in order.

    Punctuation, spaces and case do not matter.
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
            said = " ".join(_WORD.findall(sentence.casefold()))
            if said:
                yield (
                    blake2b(said.encode("utf-8", "surrogatepass"), digest_size=_HASH).digest(),
                    len(sentence),
                )
