"""How sure it is that the archive answers: what it has of a question, against what it usually has
of questions that it cannot answer.

Those are made of the archive itself: a few words of some passage are the question, and the article
they are from is taken away. What the rest still has of them is what chance and a common subject
bring together in this archive, be it five articles on one visit or a thousand on everything.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from retrieval.analyzer import Token
from retrieval.asking.asks import Asks
from retrieval.evidence import Evidence, evidence
from retrieval.found import Confidence
from retrieval.rising import within
from retrieval.sought import ABSENT, NEAR, Sought, having, seek
from retrieval.tally import Tally, tally

if TYPE_CHECKING:
    from retrieval.generation import Generation  # which keeps a calibration

_FACTORS = (-5.8, 3.8, 2.8, 3.0, -4.5, 2.7, -0.15)
"""Of 1 and of the numbers of `Evidence`: a logistic model of whether the archive answers.

Fitted by maximum likelihood, every archive and answer of equal weight, on archives made of the
development halves of XQuAD and RuBQ: all of each, 20 or 40 articles of it, and 1, 2, 3 and 5. A
question that one cannot answer is one whose article was taken away, or one of the other set; of all
of RuBQ, where another article often answers, only these.
"""
_USUAL = 0.4
"""How much of the usual score of an archive is taken off, by the same fit."""
_LEAST_USUAL, _MOST_USUAL = -5.0, 1.0
"""Bounds of that score: in one article nothing is left to find, in reprints everything."""
_WEAK = -1.5
"""Below odds of two to nine a question is refused: a refusal of what the archive holds is worse
than a weak hit, which is marked as such."""
_SURE = 0.4
"""From odds of three to two on."""

_DRAWN = 200
"""How many questions are drawn of an archive."""
_STRETCH = 12
"""How many words in a row a drawn question is picked from: a sentence or so."""
_LENGTHS = (2, 3, 3, 4, 4, 5, 6, 7)
"""How many words with a meaning a drawn question has: as those that people ask."""


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


_FEW_BLAMED = 8
"""Of more words than that none alone is to blame."""


def calibrate(generation: "Generation", seed: int = 1) -> Calibration:
    """Ask an archive what it cannot answer. The same archive and seed give the same."""
    scores = [score(found) for found in _drawn(generation, random.Random(seed))]  # noqa: S311
    return Calibration(float(np.median(scores or [score(Evidence())])), len(scores))


def score(found: Evidence) -> float:
    """How much there is of the question, beyond chance: log-odds, before they are calibrated."""
    return sum(factor * value for factor, value in zip(_FACTORS, (1.0, *found[:6]), strict=True))


def judge(calibration: Calibration, found: Evidence) -> Confidence:
    """Whether the archive answers: by how far it has more of the question than is usual in it."""
    usual = min(max(calibration.usual, _LEAST_USUAL), _MOST_USUAL)
    odds = score(found) - _USUAL * usual
    if found.vague or odds < _WEAK:
        return Confidence.NONE
    return Confidence.SURE if odds >= _SURE else Confidence.WEAK


def emptied(
    generation: "Generation", found: Tally, known: Calibration, asks: Asks | None = None
) -> Token | None:
    """The word of a refused question without which the rest would have been answered.

    If the archive lacks words, it is one of these, else one that the passage with most of the
    question lacks. None if there is no such word, or several.
    """
    absent = [word for word in found.words if not len(word.passages)]
    blamed = absent or _uncovered(found)
    if len(blamed) > _FEW_BLAMED:
        return None
    tokens = (word.token for word in blamed)
    answered = (one for one in tokens if _answered(generation, found.without(one), known, asks))
    first_two = list(islice(answered, 2))
    return first_two[0] if len(first_two) == 1 else None


def _answered(
    generation: "Generation", found: Tally, known: Calibration, asks: Asks | None
) -> bool:
    seen = evidence(generation, found, asks)._replace(vague=False)
    return judge(known, seen) is not Confidence.NONE


def _uncovered(found: Tally) -> list[Sought]:
    """The words that the passage with most of the question lacks; of several, the first one."""
    most = found.coverage == found.coverage.max(initial=0)
    best = found.numbers[most].min(initial=np.iinfo(np.int32).max, keepdims=True)
    return [word for word in found.words if not within(best, word.passages)[0]]


def _drawn(generation: "Generation", chance: random.Random) -> Iterator[Evidence]:
    """What the archive has of questions that it cannot answer."""
    every = np.arange(generation.size) if generation.live is None else generation.live.nonzero()[0]
    for _ in range(_DRAWN if generation.size else 0):
        number = int(every[chance.randrange(generation.size)])
        words = generation.analyzer.tokens(generation.passages[number].text)
        if len(words) >= min(_LENGTHS):
            sought = seek(generation, _picked(words, chance))
            apart = [_apart(generation, word, number) for word in sought]
            yield evidence(generation, tally(generation, apart))


def _picked(words: Sequence[Token], chance: random.Random) -> tuple[Token, ...]:
    start = chance.randrange(max(1, len(words) - _STRETCH + 1))
    stretch = words[start : start + _STRETCH]
    return tuple(chance.sample(stretch, min(chance.choice(_LENGTHS), len(stretch))))


def _apart(generation: "Generation", word: Sought, number: int) -> Sought:
    """A word as the archive would have it without the article of this passage."""
    articles = generation.article_of
    passages = word.passages[articles[word.passages] != articles[number]]
    if word.kin and not len(passages):
        having_kin = having(generation.index, word.kin)
        near = word._replace(groups=(word.kin,), kin=(), passages=having_kin, share=NEAR)
        return _apart(generation, near, number)
    weight = generation.index.rarity(len(passages)) * word.kind
    return word._replace(passages=passages, weight=weight * (1 if len(passages) else ABSENT))
