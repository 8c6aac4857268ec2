"""The sentences of the texts at hand with their lemmas: what realistic corpora are made of.

The texts are the public sets of `../shared/eval` where they are there (57,619 paragraphs) and the
articles that ship. A sentence is analysed once; what came of it is kept in the working folder.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import razdel
from numpy.typing import NDArray

from retrieval.analyzer import Analyzer
from retrieval.measuring.testset import is_set, read_set

ROOT = Path(__file__).parents[2]
SETS = ROOT.parent / "shared/eval"
QUESTIONS = "rubq"
"""The set whose questions are asked."""
_FEWEST = 2
"""Lemmas of a sentence; what has fewer («Где?») is no material."""
_NAME = re.compile("[А-ЯЁ][а-яё]{3,}")
_NUMBER = re.compile(r"\d{1,3}|\d{5,}")
"""Of four digits are years: those stay."""

Topic = list[list[str]]
"""An article: the sentences of each of its paragraphs."""


class Slot(NamedTuple):
    """A name or a number within a sentence: its characters, and its lemmas among the sentence's."""

    start: int
    stop: int
    first: int
    last: int


class Sentence(NamedTuple):
    """A sentence on one line."""

    text: str
    lemmas: tuple[str, ...]
    slots: tuple[Slot, ...]


class Texts(NamedTuple):
    """All sentences, article by article."""

    sentences: list[Sentence]
    bounds: NDArray[np.int64]
    """Where each article's sentences begin, and the last one's end."""
    lengths: NDArray[np.int64]
    """How many sentences each real paragraph has."""


def texts(work: Path, sets: Path = SETS) -> Texts:
    """Read the texts at hand; sentences analysed before are taken from the folder `work`."""
    topics = list(_topics(sets))
    distinct = list(dict.fromkeys(chain(*chain(*topics))))
    analysed = dict(zip(distinct, _analysed(distinct, work), strict=True))
    rich = {text: one for text, one in analysed.items() if len(one.lemmas) >= _FEWEST}
    kept = [[rich[text] for text in chain(*topic) if text in rich] for topic in topics]
    kept = [topic for topic in kept if topic]
    counts = [sum(text in rich for text in paragraph) for topic in topics for paragraph in topic]
    return Texts(
        list(chain(*kept)),
        np.array([0, *accumulate(map(len, kept))]),
        np.array([count for count in counts if count]),
    )


def questions(analyzer: Analyzer, sets: Path = SETS) -> list[list[str]]:
    """The lemmas of each development question of RuBQ; none where the set is not at hand."""
    if not is_set(sets / QUESTIONS):
        return []
    found = [analyzer.lemmas(text) for text in read_set(sets / QUESTIONS).queries.values()]
    return [lemmas for lemmas in found if lemmas]


def asked(sets: Path = SETS) -> list[str]:
    """The same questions as people typed them."""
    return list(read_set(sets / QUESTIONS).queries.values()) if is_set(sets / QUESTIONS) else []


def _topics(sets: Path) -> Iterator[Topic]:
    for folder in sorted(filter(is_set, sets.iterdir() if sets.is_dir() else ())):
        for split in read_set(folder).split:
            yield [_sentences(passage.text) for passage in split]
    for path in sorted((ROOT / "data/articles").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield [_sentences(line) for line in lines if line.strip()]


def _sentences(text: str) -> list[str]:
    return [" ".join(found.text.split()) for found in razdel.sentenize(text)]


def _analysed(sentences: Sequence[str], work: Path) -> list[Sentence]:
    """Each sentence with its lemmas, from the file that was kept if it is of the same sentences."""
    analyzer = Analyzer()
    digest = hashlib.sha256("\n".join([analyzer.version, *sentences]).encode()).hexdigest()
    path = work / f"sentences-{digest[:16]}.jsonl"
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part")
        with aside.open("w", encoding="utf-8") as file:
            file.writelines(
                json.dumps(_sentence(text, analyzer), ensure_ascii=False) + "\n"
                for text in sentences
            )
        aside.replace(path)
    with path.open(encoding="utf-8") as file:
        return [_read(*json.loads(line)) for line in file]


def _read(text: str, lemmas: list[str], slots: list[list[int]]) -> Sentence:
    return Sentence(text, tuple(lemmas), tuple(Slot(*slot) for slot in slots))


def _sentence(text: str, analyzer: Analyzer) -> Sentence:
    lemmas: list[str] = []
    slots = []
    for token in analyzer.tokens(text):
        word = text[token.start : token.stop]
        name = token.start > 0 and _NAME.fullmatch(word)
        if name or _NUMBER.fullmatch(word):
            last = len(lemmas) + len(token.lemmas)
            slots.append(Slot(token.start, token.stop, len(lemmas), last))
        lemmas += token.lemmas
    return Sentence(text, tuple(lemmas), tuple(slots))
