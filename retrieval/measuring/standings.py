"""What training reports: how each set stands, what each stage of features adds, what it costs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from rich.table import Table

from retrieval.arrays import Floats
from retrieval.features import FEATURES, STAGES
from retrieval.measuring.examples import Examples
from retrieval.measuring.validation import (
    SHOWN,
    Mean,
    Measured,
    cross_validated,
    gain,
    measured,
    ranked,
    summary,
    trained,
)
from retrieval.ranker import Ranker


class Sets(NamedTuple):
    """What is learned from, and what is only asked."""

    learned: tuple[Examples, ...]
    tests: tuple[Examples, ...]

    @property
    def all(self) -> tuple[Examples, ...]:
        return (*self.learned, *self.tests)


class Standing(NamedTuple):
    """How a set is ranked in one way."""

    set: str
    how: str
    measures: dict[str, Mean]
    gain: Mean
    """In nDCG@10 over BM25 alone."""


class Stage(NamedTuple):
    """What a stage of features is worth on a set, in nDCG@10."""

    name: str
    set: str
    value: float
    """With it and all before it."""
    added: Mean
    """Over what is before it."""
    needed: Mean
    """What the whole gains by it: all stages against all but this one."""


def standings(sets: Sets, without: Sequence[str] = (), seed: int = 0) -> list[Standing]:
    """Each set ranked by BM25 alone, by what it was held out of, and by the other sets' trees."""
    found = []
    results = unseen(sets, without, seed)
    for one, ours in zip(sets.all, results, strict=True):
        alone = measured(one, one.base)
        rows = [("BM25 alone", alone), ("questions not learned from", ours)]
        others = [other for other in sets.learned if other is not one]
        if one in sets.learned and others:
            rows.append(("set not learned from", ranked(trained(others, without, seed), one)))
        found += [Standing(one.name, how, summary(each), gain(each, alone)) for how, each in rows]
    return found


def unseen(sets: Sets, without: Sequence[str] = (), seed: int = 0) -> list[Measured]:
    """Every set ranked by trees that have not seen its questions."""
    if set(FEATURES) <= set(without):
        return [measured(one, one.base) for one in sets.all]
    validated = cross_validated(sets.learned, without, seed)
    ranker = trained(sets.learned, without, seed)
    return [*validated, *(ranked(ranker, one) for one in sets.tests)]


def stages(sets: Sets, without: Sequence[str] = (), seed: int = 0) -> Iterator[Stage]:
    """Add each stage of features to those before it, and drop each from the whole."""
    whole = unseen(sets, without, seed)
    before = [measured(one, one.base) for one in sets.all]
    for number, (name, names) in enumerate(STAGES, start=1):
        later = [each for _, more in STAGES[number:] for each in more]
        after = unseen(sets, [*without, *later], seed) if later else whole
        dropped = unseen(sets, [*without, *names], seed)
        for one, new, old, all_, rest in zip(sets.all, after, before, whole, dropped, strict=True):
            value = float(new["nDCG@10"].mean())
            yield Stage(name, one.name, value, gain(new, old), gain(all_, rest))
        before = after


def cost(ranker: Ranker, sets: Sets) -> dict[str, dict[str, float]]:
    """Median milliseconds of a question of each set: reading it to its features, and the trees."""
    return {
        one.name: {
            "to the features": round(float(np.median(one.milliseconds)), 2),
            "trees": round(float(np.median(_timed(ranker, one))), 2),
        }
        for one in sets.all
    }


def _timed(ranker: Ranker, one: Examples) -> Floats:
    taken = []
    for start, stop in pairwise(one.bounds.tolist()):
        started = perf_counter()
        ranker.scores(one.features[start:stop])
        taken.append((perf_counter() - started) * 1000)
    return np.array(taken)


def standings_table(found: Sequence[Standing]) -> Table:
    """The standings as people read them."""
    shown = Table("set", "ranked by", *SHOWN, "gain in nDCG@10", title="Ranking")
    for one in found:
        cells = (_value(one.measures[name]) for name in SHOWN)
        shown.add_row(one.set, one.how, *cells, _gain(one.gain))
    return shown


def stages_table(found: Sequence[Stage]) -> Table:
    """The stages as people read them; a stage that helps one set and hurts another is marked."""
    shown = Table("stage", "set", "nDCG@10", "added", "needed", "", title="Stages of features")
    for one in found:
        needed = [other.needed for other in found if other.name == one.name]
        shown.add_row(
            one.name,
            one.set,
            f"{one.value:.3f}",
            _gain(one.added),
            _gain(one.needed),
            "mixed" if _mixed(needed) else "",
        )
    return shown


def _mixed(needed: Sequence[Mean]) -> bool:
    """Whether it helps one set beyond chance and hurts another so."""
    helps = any(each.interval.low > 0 for each in needed)
    return helps and any(each.interval.high < 0 for each in needed)


def _value(found: Mean) -> str:
    return f"{found.value:.3f} [{found.interval.low:.3f}, {found.interval.high:.3f}]"


def _gain(found: Mean) -> str:
    return f"{found.value:+.4f} [{found.interval.low:+.4f}, {found.interval.high:+.4f}]"


def plain(found: Sequence[Standing] | Sequence[Stage]) -> list[Mapping[str, Any]]:
    """As JSON takes it: values by name, rounded to four places."""
    return [{name: _plain(value) for name, value in one._asdict().items()} for one in found]


def _plain(value: object) -> Any:
    if isinstance(value, Mean):
        return {"value": round(value.value, 4), "interval": [round(x, 4) for x in value.interval]}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value
