"""The figures of a trial: how they are put together, and shown as tables or as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.table import Table

from retrieval.arrays import Floats
from retrieval.measuring.measures import Difference, Interval, compare, interval, mean, per_question
from retrieval.measuring.tally import Summary, summarise
from retrieval.measuring.trec import Run
from retrieval.measuring.trial import Outcome, Trial


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one trial."""

    questions: int
    summary: Summary
    values: Mapping[str, Floats]
    """Each measure for each question that has an answer."""
    milliseconds: Floats

    @property
    def estimates(self) -> dict[str, tuple[float, Interval]]:
        """Each measure's mean and its interval. Raises MeasuresError."""
        return {name: (mean(each), interval(each)) for name, each in self.values.items()}

    @property
    def percentiles(self) -> dict[str, float]:
        """The milliseconds within which half of the questions were ranked, and 95% of them."""
        if not len(self.milliseconds):
            return {"p50": 0.0, "p95": 0.0}
        return {f"p{q}": round(float(np.percentile(self.milliseconds, q)), 2) for q in (50, 95)}


def report_on(trial: Trial, outcome: Outcome) -> Report:
    """The figures of a trial. Raises MeasuresError."""
    return Report(
        len(trial.queries),
        summarise(trial, outcome.shown),
        per_question(trial.qrels, outcome.ranked),
        outcome.milliseconds,
    )


def compared(trial: Trial, report: Report, other: Run) -> dict[str, Difference]:
    """Each measure against that of another run on the same questions. Raises MeasuresError."""
    theirs = per_question(trial.qrels, other)
    return {name: compare(values, theirs[name]) for name, values in report.values.items()}


def as_json(report: Report, differences: Mapping[str, Difference]) -> dict[str, Any]:
    """The figures as one object."""
    estimates, summary = report.estimates, report.summary
    object_: dict[str, Any] = {
        **{name: value for name, (value, _) in estimates.items()},
        "questions": report.questions,
        "answerable": summary.refused.whole,
        "refused": summary.refused.value,
        "hit@1": summary.hit_at_1.value,
        "hit@3": summary.hit_at_3.value,
        "refusals": summary.refusals.value if summary.refusals.whole else None,
        "ms": report.percentiles,
        "intervals": {name: list(between) for name, (_, between) in estimates.items()},
    }
    if differences:
        object_["compared"] = {name: _object(one) for name, one in differences.items()}
    return object_


def _object(difference: Difference) -> dict[str, Any]:
    named = difference._asdict()
    return {**named, "interval": list(difference.interval)}


def table(report: Report) -> Table:
    """The figures as people read them."""
    shown, summary = Table(show_header=False), report.summary
    shown.add_row("questions", str(report.questions))
    shown.add_row("hit@1", str(summary.hit_at_1))
    shown.add_row("hit@3", str(summary.hit_at_3))
    if summary.refusals.whole:
        shown.add_row("refusals", str(summary.refusals))
    shown.add_row("refused", str(summary.refused))
    for name, (value, between) in report.estimates.items():
        shown.add_row(name, f"{value:.3f} ({between.low:.3f}–{between.high:.3f})")
    shown.add_row("ms", ", ".join(f"{name} {value}" for name, value in report.percentiles.items()))
    return shown


def comparison(differences: Mapping[str, Difference]) -> Table:
    """A paired test as people read it."""
    shown = Table()
    for heading in ("this − other", "difference", "95% interval", "p", "better", "worse", "tied"):
        shown.add_column(heading)
    for name, one in differences.items():
        between = f"{one.interval.low:+.3f} – {one.interval.high:+.3f}"
        counts = (str(count) for count in (one.better, one.worse, one.tied))
        shown.add_row(name, f"{one.mean:+.3f}", between, f"{one.p:.4f}", *counts)
    return shown
