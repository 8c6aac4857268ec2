"""What `scale` measures, as values."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Built(NamedTuple):
    """What it costs to build an index from lemmas."""

    build_s: float
    peak_mb: float
    """Of the whole process."""
    disk_mb: float


class Agreement(NamedTuple):
    """How near an engine comes to the formula that it follows."""

    difference: float
    """Of the scores at the same rank, the greatest, as a share."""
    same: float
    """Share of the best passages that both have; equal scores may keep it below 1."""


class Timing(NamedTuple):
    """How long answers took, in microseconds."""

    k: int
    questions: int
    p50_us: float
    p95_us: float | None
    """None where questions are too few to say."""
    p99_us: float | None
    slowest_us: float
    natural_p50_us: float | None
    """Of the questions that people asked."""
    behind: float
    """The median as a multiple of the first engine's, for the same questions."""


class Row(NamedTuple):
    """An engine at one size."""

    engine: str
    built: Built | None
    """None for an engine that keeps no index."""
    open_s: float
    """Seconds until it could answer; with the building, where nothing is kept."""
    memory_mb: float
    """Resident, beyond what it held before it was opened; mapped files count."""
    agreement: Agreement
    timings: list[Timing]


class Result(NamedTuple):
    """All engines at one size, in their order."""

    passages: int
    rows: list[Row]


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """All of it, as JSON takes it."""
    return [
        {
            "passages": result.passages,
            "engines": [
                {
                    **row._asdict(),
                    "built": row.built._asdict() if row.built else None,
                    "agreement": row.agreement._asdict(),
                    "timings": [timing._asdict() for timing in row.timings],
                }
                for row in result.rows
            ],
        }
        for result in results
    ]
