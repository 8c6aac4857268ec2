"""A trial of the search: every question of a set asked of its archive, and what came of it."""

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np

from retrieval.analyzer import Analyzer
from retrieval.arrays import Floats
from retrieval.assembling import Progress, assemble, build
from retrieval.generation import Generation
from retrieval.measuring.judgments import judge, read_questions
from retrieval.measuring.measures import DEPTH
from retrieval.measuring.testset import JudgedSet, read_set
from retrieval.measuring.trec import Qrels, Run, falling, name
from retrieval.models import Passage
from retrieval.query import parse
from retrieval.search import key, ranked, search
from retrieval.storage import GenerationError, open_generation, save

SHOWN = 3
"""How many passages a chat is shown: as many as one answer of the bot."""


@dataclass(frozen=True, eq=False)
class Trial:
    """An archive, what it is asked, and what would be right."""

    generation: Generation
    names: tuple[str, ...]
    """The id of each passage, as the index numbers them."""
    queries: dict[str, str]
    qrels: Qrels
    """Of questions that have an answer; an empty entry where no passage of the archive has it."""


class Outcome(NamedTuple):
    """What the search gave."""

    ranked: Run
    """The best passages of each question, whether or not a chat would be shown them."""
    shown: Run
    """What a chat is shown; nothing where the question is refused."""
    milliseconds: Floats
    """How long each question took to be read and ranked."""


def of_articles(corpus: Path, questions: Path, progress: Progress | None = None) -> Trial:
    """Index a corpus folder to ask it the judged questions of a file.

    Raises CorpusError and QuestionsError.
    """
    asked = read_questions(questions)
    generation = build(corpus, progress=progress)
    qrels = {
        question: {name(passage): grade for passage, grade in relevant.items()}
        for question, relevant in judge(
            asked, generation.articles, generation.passages, questions
        ).items()
    }
    names = tuple(name(key(passage)) for passage in generation.passages)
    return Trial(generation, names, {one.id: one.text for one in asked}, qrels)


def of_set(folder: Path, kept: Path | None = None, progress: Progress | None = None) -> Trial:
    """Index a test set; read the index from the folder `kept` if it is there, else keep it so.

    Raises LinesError, and GenerationError where the index cannot be kept.
    """
    judged = read_set(folder)
    generation = _kept(kept, judged) if kept else None
    if generation is None:
        generation = assemble(judged.articles, judged.split, Analyzer(), progress)
        if kept:
            save(generation, kept)
    return Trial(generation, judged.names, judged.queries, judged.qrels)


def _kept(folder: Path, judged: JudgedSet) -> Generation | None:
    """The index kept in a folder if it is that of the same set, None if it is not."""
    try:
        generation = open_generation(folder)
    except GenerationError:
        return None
    places = map(_place, chain.from_iterable(judged.split))
    same = tuple(generation.articles) == judged.articles and [
        *map(_place, generation.passages)
    ] == [*places]
    return generation if same else None


def _place(passage: Passage) -> tuple[str, int, int]:
    return passage.article.id, passage.start, passage.stop


def ask(trial: Trial, progress: Progress | None = None) -> Outcome:
    """Ask every question; `progress` is told how many were asked, and how many there are."""
    named = {
        key(each): id_ for each, id_ in zip(trial.generation.passages, trial.names, strict=True)
    }
    for text in list(trial.queries.values())[:1]:  # what the first question alone has to wait for
        ranked(trial.generation, parse(text, trial.generation.analyzer), DEPTH)
    run: Run = {}
    shown: Run = {}
    milliseconds = []
    for done, (question, text) in enumerate(trial.queries.items(), start=1):
        started = perf_counter()
        query = parse(text, trial.generation.analyzer)
        best_ones = ranked(trial.generation, query, DEPTH)
        milliseconds.append((perf_counter() - started) * 1000)
        run[question] = falling((trial.names[number], score) for number, score in best_ones)
        hits = search(trial.generation, query, SHOWN).hits
        shown[question] = falling((named[key(hit.passage)], hit.score) for hit in hits)
        if progress:
            progress(done, len(trial.queries))
    return Outcome(run, shown, np.array(milliseconds))
