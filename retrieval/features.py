"""What the ranker is told of each candidate: numbers that mean the same in any archive.

Ratios to the whole question or to the best candidate, and places; no raw scores, which depend on
the size of the archive. All candidates are counted at once, in arrays: their lemmas are laid end to
end, each with its mark (see retrieval.marks).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Flags, Floats, Ids
from retrieval.asking.asks import Asks
from retrieval.candidates import Candidates
from retrieval.generation import Generation
from retrieval.marks import FIELD, NAME, NUMBER, SENTENCE, TEXT, TITLE, WORD, YEAR
from retrieval.sought import Sought

STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("BM25 of the passage", ("own", "base")),
    ("article", ("article",)),
    ("fields", ("text", "title", "about")),
    ("coverage by rarity", ("coverage", "names", "rest", "often", "kin")),
    ("phrase and proximity", ("phrase", "near", "sentence", "sentence_kin")),
    ("what is asked", ("asked",)),
    ("place", ("place", "length")),
)
"""The features by the stage they belong to, in the order of the matrix."""
FEATURES: tuple[str, ...] = tuple(name for _, names in STAGES for name in names)
_WANTED = {Asks.WHEN: YEAR, Asks.HOW_MANY: NUMBER, Asks.WHERE: NAME, Asks.WHO: NAME}
_NOT_ASKED = -1.0
"""Of «asked» where a question asks for nothing that has a mark."""


class Lemmas(NamedTuple):
    """The lemmas of the candidates laid end to end."""

    rows: Ids
    """Of which candidate each lemma is, by its place among them."""
    marks: NDArray[np.uint8]
    word: NDArray[np.int16]
    """Which word of the question it is, from 1; less than 0 for one of its root only; 0: none."""
    position: Ids
    """Its word's number, counted over all candidates."""
    sentence: Ids
    """Its sentence's number, counted over all candidates, from 0."""


class Question(NamedTuple):
    """What the features need of the question."""

    weights: Floats
    """Of each word, one or more, as shares of their sum."""
    kinds: Floats
    classes: dict[str, int]
    """For each term that stands for a word that word, as in `Lemmas.word`."""
    wanted: int
    """The flag of what is asked for, 0 if nothing is."""


def matrix(
    generation: Generation, sought: Sequence[Sought], found: Candidates, asks: Asks | None
) -> NDArray[np.float32]:
    """The features of the candidates: a row each, a column each of FEATURES."""
    question = _question(sought, asks)
    laid = _lay(generation, found.numbers, question.classes)
    columns = {
        **_scored(found),
        **_matched(laid, question, sought, found.numbers),
        "place": np.log1p(generation.place_of[found.numbers]),
    }
    return np.column_stack([columns[name] for name in FEATURES]).astype(np.float32)


def _question(sought: Sequence[Sought], asks: Asks | None) -> Question:
    classes: dict[str, int] = {}
    for number, word in enumerate(sought, start=1):
        classes |= dict.fromkeys(word.kin, -number)
    for number, word in enumerate(sought, start=1):
        classes |= dict.fromkeys(word.lemmas, number)
    weights = np.array([word.weight for word in sought])
    kinds = np.array([word.kind for word in sought])
    wanted = _WANTED.get(asks, 0) if asks else 0
    return Question(weights / (weights.sum() or 1), kinds, classes, wanted)


def _lay(generation: Generation, numbers: Ids, classes: dict[str, int]) -> Lemmas:
    laid = generation.laid(numbers, classes)
    return Lemmas(
        laid.rows,
        laid.marks,
        laid.classes[0],
        np.cumsum(laid.marks & WORD > 0, dtype=np.int32),
        np.cumsum(laid.marks & SENTENCE > 0, dtype=np.int32) - 1,
    )


def _scored(found: Candidates) -> dict[str, Floats]:
    """What the index says, as ratios to the best."""
    return {
        "own": _ratio(found.own),
        "base": _ratio(found.base),
        "article": _ratio(found.article),
        "coverage": found.coverage,
    }


def _ratio(values: Floats) -> Floats:
    ratio: Floats = values / max(values.max(initial=0), 1e-9)
    return ratio


def _matched(
    laid: Lemmas, question: Question, sought: Sequence[Sought], numbers: Ids
) -> dict[str, Floats]:
    """What the words that matched say: in which field, how many, how near each other."""
    weights, kinds, rows = question.weights, question.kinds, len(numbers)
    own, title = (_counts(laid, field, rows, len(weights)) for field in (TEXT, TITLE))
    kin = _counts(laid, TEXT, rows, len(weights), sign=-1)
    for place, word in enumerate(sought):
        if len(word.otherwise):
            own[np.isin(numbers, word.otherwise), place] += 1
    return {
        "text": (own > 0) @ weights,
        "title": (title > 0) @ weights,
        "about": _about(laid, rows),
        "names": _share(own + title > 0, weights * (kinds > 1)),
        "rest": _share(own > 0, weights * (kinds <= 1)),
        "often": np.log1p(own) @ weights,
        "kin": (own + kin > 0) @ weights,
        **_together(laid, weights, rows),
        **_sentences(laid, question, title > 0, rows),
    }


def _counts(laid: Lemmas, field: int, rows: int, words: int, sign: int = 1) -> Floats:
    """How often each candidate has each word of the question in a field."""
    found = np.flatnonzero((sign * laid.word > 0) & (laid.marks & FIELD == field))
    cells = laid.rows[found] * words + sign * laid.word[found] - 1
    return np.bincount(cells, minlength=rows * words).reshape(rows, words).astype(float)


def _share(has: Flags, weights: Floats) -> Floats:
    """How much of these weights, one of each word, each candidate has."""
    share: Floats = has @ weights / max(weights.sum(), 1e-9)
    return share


def _about(laid: Lemmas, rows: int) -> Floats:
    """Which share of its title's words the question has."""
    title = (laid.marks & FIELD == TITLE) & (laid.marks & WORD > 0)
    whole = np.bincount(laid.rows[title], minlength=rows)
    had = np.bincount(laid.rows[title & (laid.word > 0)], minlength=rows).astype(float)
    about: Floats = had / np.maximum(whole, 1)
    return about


def _together(laid: Lemmas, weights: Floats, rows: int) -> dict[str, Floats]:
    """How near each other the words stand, two that follow one another at a time."""
    found = np.flatnonzero((laid.word > 0) & (laid.marks & FIELD == TEXT))
    row, word, place = laid.rows[found], laid.word[found] - 1, laid.position[found]
    gap = place[1:] - place[:-1]
    pair = (row[1:] == row[:-1]) & (word[1:] != word[:-1]) & (gap > 0)
    least = np.minimum(weights[word[1:]], weights[word[:-1]])
    near = np.bincount(row[1:][pair], (least / np.maximum(gap, 1))[pair], rows)
    side = pair & (gap == 1) & (word[1:] == word[:-1] + 1)
    phrases = np.zeros((rows, len(weights)))
    phrases[row[1:][side], word[1:][side]] = least[side]
    pairs = max(np.minimum(weights[1:], weights[:-1]).sum(), 1e-9)
    return {"near": np.log1p(near / pairs), "phrase": phrases.sum(axis=1) / pairs}


def _sentences(laid: Lemmas, question: Question, title: Flags, rows: int) -> dict[str, Floats]:
    """The most that a sentence has of the question; and of those that have what is asked for."""
    weights, starts = question.weights, np.flatnonzero(laid.marks & SENTENCE)
    own = laid.marks & FIELD == TEXT
    row, text = laid.rows[starts], own[starts]
    has, kin = (_in_sentences(laid, own, found, weights) for found in (laid.word > 0, laid.word))
    new = np.where(laid.word == 0, laid.marks, 0).astype(np.uint8)
    asked = np.bitwise_or.reduceat(new, starts) & question.wanted > 0
    titled = (has | title[row]) @ weights * (text & asked)
    return {
        "sentence": _most(has @ weights * text, row, rows),
        "sentence_kin": _most(kin @ weights * text, row, rows),
        "asked": _most(titled, row, rows) if question.wanted else np.full(rows, _NOT_ASKED),
        "length": np.log1p(np.bincount(laid.rows[own], minlength=rows)),
    }


def _in_sentences(
    laid: Lemmas, own: Flags, found: Flags | NDArray[np.int16], weights: Floats
) -> Flags:
    """For each sentence which of the words found it has."""
    places = np.flatnonzero(found * own)
    has = np.zeros((laid.sentence.max(initial=-1) + 1, len(weights)), bool)
    has[laid.sentence[places], np.abs(laid.word[places]) - 1] = True
    return has


def _most(values: Floats, row: Ids, rows: int) -> Floats:
    """The greatest value of each candidate's sentences."""
    most = np.zeros(rows)
    np.maximum.at(most, row, values)
    return most
