"""How sure it is that the archive answers: what it has of a question, against what it usually has
of questions that it cannot answer.

Those are made of the archive itself: a few words of some passage are the question, and the article
they are from is taken away. What the rest still has of them is what chance and a common subject
bring together in this archive, be it five articles on one visit or a thousand on everything.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import Token
from retrieval.asking.asks import Asks
from retrieval.found import Confidence
from retrieval.index import Floats, Ids
from retrieval.marks import FIELD, SENTENCE, TEXT
from retrieval.sought import ABSENT, Sought, seek

if TYPE_CHECKING:
    from retrieval.generation import Generation  # which keeps a calibration

_FACTORS = (-6.8, 4.7, 3.9, 2.3, -3.2)
"""Of 1 and of the numbers of `Evidence`: a logistic model of whether the archive answers.

Fitted by maximum likelihood, every archive and answer of equal weight, on archives made of the
development halves of XQuAD and RuBQ: all of each, 20 or 40 articles of it, and 1, 2, 3 and 5. A
question that one cannot answer is one whose article was taken away, or one of the other set.
"""
_USUAL = 0.5
"""How much of the usual score of an archive is taken off, by the same fit."""
_LEAST_USUAL, _MOST_USUAL = -5.0, 1.0
"""Bounds of that score: in one article nothing is left to find, in reprints everything."""
_WEAK = -math.log(4)
"""Below odds of one to four a question is refused: a refusal of what the archive holds is worse
than a weak hit, which is marked as such."""
_SURE = 0.0
"""From even odds on."""

_DRAWN = 200
"""How many questions are drawn of an archive."""
_STRETCH = 12
"""How many words in a row a drawn question is picked from: a sentence or so."""
_LENGTHS = (2, 3, 3, 4, 4, 5, 6, 7)
"""How many words with a meaning a drawn question has: as those that people ask."""
_CLOSE = 50
"""How many passages, those that have most of the question, are looked at by sentences."""
_HEAVIEST = 8
"""So many words of a question, the weightiest ones, are combined."""
_ONE_THING = frozenset({Asks.WHO, Asks.WHEN, Asks.WHERE, Asks.HOW_MANY})
_ALL = 0.95
"""This share of a question is all of it: what is missing are verbs of little weight."""
_FEW = 10
"""So many passages with all words of a question are never too many; else the root of all is."""


class Evidence(NamedTuple):
    """What an archive has of a question: shares of it by the weight of its words, 0 to 1."""

    passage: float = 0.0
    """The most that a passage has, with what it stands under."""
    sentence: float = 0.0
    """The most that a sentence has, with what its passage stands under."""
    article: float = 0.0
    """The most that an article has."""
    chance: float = 0.0
    """The most that a passage would have if the words were strewn over the archive."""
    vague: bool = False
    """Whether it asks for one thing, and too many passages have all its words to tell which."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What an archive gives for questions that it cannot answer."""

    usual: float
    """The median of their scores (see `score`)."""
    drawn: int
    """How many there were."""

    def to_record(self) -> dict[str, float]:
        """The same as JSON has it."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, float]) -> "Calibration":
        """Read what `to_record` gave. Raises LookupError, TypeError or ValueError for others."""
        return cls(float(record["usual"]), int(record["drawn"]))


def calibrate(generation: "Generation", seed: int = 1) -> Calibration:
    """Ask an archive what it cannot answer. The same archive and seed give the same."""
    scores = [score(found) for found in _drawn(generation, random.Random(seed))]  # noqa: S311
    return Calibration(float(np.median(scores or [score(Evidence())])), len(scores))


def coverage(generation: "Generation", sought: Sequence[Sought]) -> Floats:
    """For each passage the share of the question that it has, by the weight of the words."""
    total = np.zeros(generation.index.corpus_size)
    for word in sought:
        total[word.passages] += word.weight * word.share
    return total / (sum(word.weight for word in sought) or 1)


def evidence(
    generation: "Generation", sought: Sequence[Sought], covered: Floats, asks: Asks | None = None
) -> Evidence:
    """What the archive has of a question; `covered` is its `coverage`, `asks` what it asks for.

    Words that the archive lacks count against it: they have a weight and no passages.
    """
    if not covered.any():
        return Evidence()
    weights = np.array([word.weight for word in sought])
    gains = np.array([word.share for word in sought]) * weights / weights.sum()
    return Evidence(
        passage=float(covered.max()),
        sentence=_of_sentence(generation, sought, gains, _closest(covered)),
        article=_of_article(generation, sought, gains),
        chance=_by_chance(generation.index.corpus_size, sought, gains),
        vague=asks in _ONE_THING and _singles_nothing_out(covered),
    )


def score(found: Evidence) -> float:
    """How much there is of the question, beyond chance: log-odds, before they are calibrated."""
    return sum(factor * value for factor, value in zip(_FACTORS, (1.0, *found[:4]), strict=True))


def judge(calibration: Calibration, found: Evidence) -> Confidence:
    """Whether the archive answers: by how far it has more of the question than is usual in it."""
    usual = min(max(calibration.usual, _LEAST_USUAL), _MOST_USUAL)
    odds = score(found) - _USUAL * usual
    if found.vague or odds < _WEAK:
        return Confidence.NONE
    return Confidence.SURE if odds >= _SURE else Confidence.WEAK


def emptied(
    generation: "Generation",
    sought: Sequence[Sought],
    calibration: Calibration,
    asks: Asks | None = None,
) -> Token | None:
    """The word of a refused question without which the rest would have been answered.

    If the archive lacks words, it is one of these, else one that the passage with most of the
    question lacks. None if there is no such word, or several.
    """
    absent = [word for word in sought if not len(word.passages)]
    found = [
        word.token
        for word in absent or _uncovered(generation, sought)
        if _answered(generation, [one for one in sought if one is not word], calibration, asks)
    ]
    return found[0] if len(found) == 1 else None


def _answered(
    generation: "Generation",
    sought: Sequence[Sought],
    calibration: Calibration,
    asks: Asks | None,
) -> bool:
    found = evidence(generation, sought, coverage(generation, sought), asks)
    return judge(calibration, found) is not Confidence.NONE


def _uncovered(generation: "Generation", sought: Sequence[Sought]) -> list[Sought]:
    covered = coverage(generation, sought)
    best = int(covered.argmax()) if len(covered) else -1
    return [word for word in sought if best not in word.passages]


def _singles_nothing_out(covered: Floats) -> bool:
    return int((covered >= _ALL).sum()) > max(_FEW, math.sqrt(len(covered)))


def _closest(covered: Floats) -> Ids:
    """The passages that have most of the question, in their order; none with half of the best."""
    found = np.flatnonzero(covered > covered.max() / 2)
    if len(found) > _CLOSE:
        found = found[np.argpartition(-covered[found], _CLOSE)[:_CLOSE]]
    return np.sort(found).astype(np.int32)


def _of_sentence(
    generation: "Generation", sought: Sequence[Sought], gains: Floats, numbers: Ids
) -> float:
    """The most that a sentence of these passages has, with what the passage stands under."""
    places, rows = _laid(generation, numbers)
    words = _words(generation, sought, gains)[generation.index.terms.numbers[places]]
    marks = generation.marks[places]
    starts = marks & SENTENCE > 0
    own = marks & FIELD == TEXT
    above = np.zeros((len(numbers), len(gains) + 1), bool)
    above[rows[~own], words[~own]] = True
    has = above[rows[starts]]
    has[(np.cumsum(starts) - 1)[own], words[own]] = True
    return float((has[:, 1:] @ gains).max())


def _laid(generation: "Generation", numbers: Ids) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the terms of these passages stand in the index, one after another, and of which."""
    starts, stops = generation.ends[numbers], generation.ends[numbers + 1]
    lengths = stops - starts
    before = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
    return places, np.repeat(np.arange(len(numbers)), lengths)


def _words(generation: "Generation", sought: Sequence[Sought], gains: Floats) -> Ids:
    """For each term of the archive the word of the question it stands for, from 1; 0 for none.

    A term of several words («премьер», «премьер-министр») stands for the weightiest one.
    """
    table = np.zeros(len(generation.index.terms.vocabulary), np.int32)
    for place in np.argsort(gains, kind="stable"):
        numbers = (generation.index.number(lemma) for lemma in sought[place].lemmas)
        table[[number for number in numbers if number is not None]] = place + 1
    return table


def _of_article(generation: "Generation", sought: Sequence[Sought], gains: Floats) -> float:
    shares = np.zeros(len(generation.articles))
    for word, gain in zip(sought, gains, strict=True):
        has = np.zeros(len(shares), bool)
        has[generation.article_of[word.passages]] = True
        shares[has] += gain
    return float(shares.max())


def _by_chance(size: int, sought: Sequence[Sought], gains: Floats) -> float:
    """The most that a passage would have of words strewn independently over so many passages.

    Words in n passages each meet in `size` * ∏(n / `size`) of them. What counts here are the sets
    of words that would meet in one passage or more.
    """
    heaviest = np.argsort(-gains, kind="stable")[:_HEAVIEST]
    counts = np.array([len(sought[place].passages) for place in heaviest])
    sets = (np.arange(1 << len(heaviest))[:, None] >> np.arange(len(heaviest))) & 1
    expected = sets @ np.log(np.maximum(counts, 1e-9) / size) + math.log(size)
    return float((sets @ gains[heaviest])[expected >= -1e-9].max())


def _drawn(generation: "Generation", chance: random.Random) -> Iterator[Evidence]:
    """What the archive has of questions that it cannot answer."""
    for _ in range(_DRAWN if generation.passages else 0):
        number = chance.randrange(len(generation.passages))
        words = generation.analyzer.tokens(generation.passages[number].text)
        if len(words) >= min(_LENGTHS):
            sought = seek(generation.index, _picked(words, chance))
            apart = [_apart(generation, word, number) for word in sought]
            yield evidence(generation, apart, coverage(generation, apart))


def _picked(words: Sequence[Token], chance: random.Random) -> tuple[Token, ...]:
    start = chance.randrange(max(1, len(words) - _STRETCH + 1))
    stretch = words[start : start + _STRETCH]
    return tuple(chance.sample(stretch, min(chance.choice(_LENGTHS), len(stretch))))


def _apart(generation: "Generation", word: Sought, number: int) -> Sought:
    """A word as the archive would have it without the article of this passage."""
    articles = generation.article_of
    passages = word.passages[articles[word.passages] != articles[number]]
    weight = generation.index.rarity(len(passages)) * word.kind
    return word._replace(passages=passages, weight=weight * (1 if len(passages) else ABSENT))
