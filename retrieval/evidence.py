"""What an archive has of a question: in one passage, one sentence, one article."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Flags, Floats, Ids
from retrieval.asking.asks import Asks
from retrieval.laying import Classes
from retrieval.marks import FIELD, NUMBER, SENTENCE, TEXT, YEAR
from retrieval.rising import within
from retrieval.scorer import steps
from retrieval.sought import AKIN, Sought
from retrieval.tally import Tally

if TYPE_CHECKING:
    from retrieval.generation import Generation  # which is calibrated by such evidence

_CLOSE = 50
"""How many passages, those that have most of the question, are looked at by sentences."""
_HEAVIEST = 8
"""So many words of a question, the weightiest ones, are combined."""
_ONE_THING = frozenset({Asks.WHO, Asks.WHEN, Asks.WHERE, Asks.HOW_MANY})
_FIGURES = {Asks.WHEN: YEAR | NUMBER, Asks.HOW_MANY: NUMBER}
"""What is in a passage that answers. Who and where are often told without a name: «жители»."""
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
    fitting: float = 0.0
    """The same, if a date or a number is asked for, of the passages that have one."""
    size: float = 0.0
    """The natural logarithm of how many passages there are: the more, the more has one of them."""
    vague: bool = False
    """Whether it asks for one thing, and too many passages have all its words to tell which."""


def evidence(generation: "Generation", found: Tally, asks: Asks | None = None) -> Evidence:
    """What the archive has of a question, counted in `found`; `asks` is what it asks for.

    Words that the archive lacks count against it: they have a weight and no passages.
    """
    some = found.coverage > 0
    if not some.any():
        return Evidence()
    sought, nothing = found.words, np.zeros(len(found.words))
    weights = np.array([word.weight for word in sought])
    gains = weights / weights.sum()
    covered = np.where(some, found.weigh(found.coverage, nothing, AKIN * gains), 0)
    sentence, fitting = _of_sentence(generation, sought, gains, _closest(found, covered), asks)
    return Evidence(
        passage=float(covered.max()),
        sentence=sentence,
        article=_of_article(found, some, gains),
        chance=_by_chance(generation.size, sought, _own(sought, gains)),
        fitting=fitting,
        size=math.log(generation.size),
        vague=asks in _ONE_THING and _singles_nothing_out(covered, generation.size),
    )


def _singles_nothing_out(covered: Floats, size: int) -> bool:
    return int((covered >= _ALL).sum()) > max(_FEW, math.sqrt(size))


def _closest(found: Tally, covered: Floats) -> Ids:
    """The passages that have most of the question, in their order; none with half of the best."""
    near = np.flatnonzero(covered > covered.max() / 2)
    if len(near) > _CLOSE:
        near = near[steps().best(covered[near], found.numbers[near], _CLOSE)]
    return np.sort(found.numbers[near])


def _own(sought: Sequence[Sought], gains: Floats) -> Floats:
    own: Floats = gains * np.array([word.share for word in sought])
    return own


def _of_sentence(
    generation: "Generation",
    sought: Sequence[Sought],
    gains: Floats,
    numbers: Ids,
    asks: Asks | None,
) -> tuple[float, float]:
    """`Evidence.sentence` and `Evidence.fitting`, of these passages."""
    own = _classes([word.lemmas for word in sought], gains)
    rows, marks, (words, others) = generation.laid(
        numbers, own, _classes([word.kin for word in sought], gains)
    )
    above = np.zeros((len(numbers), len(gains) + 1), bool)
    has_kin = _in_sentences(others, marks, rows, above.copy())
    for place, word in enumerate(sought, start=1):
        if len(word.otherwise):
            above[:, place] = within(numbers, word.otherwise)
    has = _in_sentences(words, marks, rows, above)
    akin = has_kin & ~has
    shares = has @ _own(sought, gains) + akin @ (AKIN * gains)
    best = float(shares.max(initial=0))
    if asks not in _FIGURES:
        return best, best
    figures = (marks & _FIGURES[asks] > 0) & (marks & FIELD == TEXT) & (words == 0)
    fits = np.isin(rows[marks & SENTENCE > 0], rows[figures])
    return best, float(shares[fits].max(initial=0))


def _in_sentences(
    words: Classes, marks: NDArray[np.uint8], rows: Ids, above: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """For each sentence which words it has, with those that its passage has in no sentence.

    These are in `above`, beside those of heads and titles; a column each, the first of none.
    """
    starts, found = marks & SENTENCE > 0, np.flatnonzero(words)
    own = marks[found] & FIELD == TEXT
    over, inside = found[~own], found[own]
    above[rows[over], words[over]] = True
    has: NDArray[np.bool_] = above[rows[starts]]
    has[(np.cumsum(starts) - 1)[inside], words[inside]] = True
    return has[:, 1:]


def _classes(lemmas: Sequence[tuple[str, ...]], gains: Floats) -> dict[str, int]:
    """For each lemma the word of the question it stands for, from 1.

    A lemma of several words («премьер», «премьер-министр») stands for the weightiest one.
    """
    classes: dict[str, int] = {}
    for place in np.argsort(gains, kind="stable").tolist():
        classes |= dict.fromkeys(lemmas[place], place + 1)
    return classes


def _of_article(found: Tally, some: Flags, gains: Floats) -> float:
    """A word akin counts where the passage that has it has `some` of the question itself.

    Alone that is no evidence: as good as every passage has a synonym of something.
    """
    akin = np.zeros_like(found.article_has)
    steps().gather(akin, found.article, np.where(some, found.akin, np.uint64(0)))
    shares = steps().weigh(
        np.zeros(len(akin)),
        found.article_has,
        akin,
        found.bits,
        np.column_stack([_own(found.words, gains), AKIN * gains]),
    )
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
