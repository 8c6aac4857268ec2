"""What a chat would see of a trial, counted: right answers shown, refusals, and the misses."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from retrieval.fields import one_line
from retrieval.measuring.trec import Run
from retrieval.measuring.trial import SHOWN, Trial
from retrieval.models import Passage


class Share(NamedTuple):
    """How many of how many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.part}/{self.whole})"


class Summary(NamedTuple):
    """What a chat would see, over the questions."""

    hit_at_1: Share
    hit_at_3: Share
    refusals: Share
    """Of questions that have no answer, rightly."""
    refused: Share
    """Of questions that have one, wrongly."""


def summarise(trial: Trial, shown: Run) -> Summary:
    """Hits over the questions that have an answer, refusals over those that have none."""
    places = [place(relevant, shown[id_]) or SHOWN + 1 for id_, relevant in trial.qrels.items()]
    at_1, at_3 = (Share(sum(place <= k for place in places), len(places)) for k in (1, 3))
    rightly = [not found for id_, found in shown.items() if id_ not in trial.qrels]
    wrongly = [not shown[id_] for id_ in trial.qrels]
    refusals, refused = (Share(sum(some), len(some)) for some in (rightly, wrongly))
    return Summary(at_1, at_3, refusals, refused)


def place(relevant: Mapping[str, int], found: Mapping[str, float]) -> int | None:
    """The place of the first relevant passage among those found, from 1; None if there is none."""
    return next((place for place, name in enumerate(found, 1) if relevant.get(name)), None)


def misses(trial: Trial, shown: Run) -> Iterator[str]:
    """Lines on each question not answered right at once: what came first, what was expected."""
    openings = dict(zip(trial.names, map(opening, trial.generation.passages), strict=True))
    for question, found in shown.items():
        right = place(trial.qrels.get(question, {}), found)
        if right == 1 or not (found or question in trial.qrels):
            continue
        behind = f"  (right: no. {right})" if right else ""
        yield f"{question}  {trial.queries[question]}{behind}"
        yield f"    first     {openings[next(iter(found))] if found else 'not found'}"
        yield from (f"    expected  {one}" for one in _expected(trial, question, openings))


def _expected(trial: Trial, question: str, openings: Mapping[str, str]) -> list[str]:
    if question not in trial.qrels:
        return ["not found"]
    relevant = [openings[name] for name, grade in trial.qrels[question].items() if grade]
    return relevant or ["what no passage of the archive has"]


def opening(passage: Passage) -> str:
    """The article of a passage and how the passage begins, on one line."""
    return f"{passage.article.id}  {one_line(' '.join(passage.text[:200].split()))}"
