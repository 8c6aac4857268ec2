"""What `scale` measured, as tables and pictures."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from rich.table import Table

from tests.benchmarks.outcomes import Result, Row, Timing

_WIDE, _HIGH = 9.0, 5.0
"""Inches."""
_COLOURS = ("#c0392b", "#e59866", "#2471a3", "#7fb3d5", "#1e8449", "#7d3c98", "#707b7c")
"""Of the engines, in their order."""


def tables(result: Result) -> Iterator[Table]:
    """What the engines cost, and how fast they answer, at one size."""
    yield _costs(result)
    for place, timing in enumerate(result.rows[0].timings):
        yield _times(f"{result.passages:,} passages, k = {timing.k}", result.rows, place)


def _costs(result: Result) -> Table:
    table = Table(title=f"{result.passages:,} passages", title_justify="left")
    for head in (
        "engine",
        "build",
        "its peak",
        "on disk",
        "open",
        "memory",
        "score off by",
        "same",
    ):
        table.add_column(head, justify="left" if head == "engine" else "right", no_wrap=True)
    for row in result.rows:
        cost = row.built
        table.add_row(
            row.engine,
            f"{cost.build_s:.1f} s" if cost else "–",
            f"{cost.peak_mb:,.0f} MB" if cost else "–",
            f"{cost.disk_mb:,.1f} MB" if cost else "–",
            f"{row.open_s:.3f} s",
            f"{row.memory_mb:,.0f} MB",
            f"{row.agreement.difference:.0e}",
            f"{row.agreement.same:.1%}",
        )
    return table


def _times(title: str, rows: Sequence[Row], place: int) -> Table:
    table = Table(title=title, title_justify="left")
    for head in ("engine", "queries", "p50, ms", "p95, ms", "p99, ms", "max, ms", "RuBQ p50", "×"):
        table.add_column(head, justify="left" if head == "engine" else "right", no_wrap=True)
    for row in rows:
        timing = row.timings[place]
        times = (timing.p50_us, timing.p95_us, timing.p99_us, timing.slowest_us)
        table.add_row(
            *(row.engine, f"{timing.questions:,}", *map(_milliseconds, times)),
            *(_milliseconds(timing.natural_p50_us), f"{timing.behind:,.2f}"),
        )
    return table


def _milliseconds(taken: float | None) -> str:
    return "–" if taken is None else f"{taken / 1000:,.3f}"


def draw(results: Sequence[Result], folder: Path) -> list[Path]:
    """Latency over size for each k, and the percentiles at the largest size, as PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for place, timing in enumerate(results[0].rows[0].timings):
        largest = max(results)
        drawn.append(_saved(_growth(results, place), folder / f"latency-k{timing.k}.png"))
        drawn.append(_saved(_percentiles(largest, place), folder / f"percentiles-k{timing.k}.png"))
    return drawn


def _saved(figure: Figure, path: Path) -> Path:
    figure.savefig(path, dpi=120)
    return path


def _axes(title: str) -> tuple[Figure, Axes]:
    figure = Figure((_WIDE, _HIGH), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left")
    axes.set_yscale("log")
    axes.set_ylabel("milliseconds a query")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(visible=True, axis="y", which="major", alpha=0.35)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _growth(results: Sequence[Result], place: int) -> Figure:
    """The median over the number of passages, both on log scales, each line named at its end."""
    k = results[0].rows[0].timings[place].k
    figure, axes = _axes(f"Median time of a query, best {k} passages, one core")
    axes.set_xscale("log")
    axes.set_xlabel("passages")
    sizes = [result.passages for result in results]
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], minor=False)
    axes.minorticks_off()
    for number, row in enumerate(results[-1].rows):
        times = [result.rows[number].timings[place].p50_us / 1000 for result in results]
        axes.plot(sizes, times, "o-", color=_COLOURS[number], label=row.engine)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    return figure


def _percentiles(result: Result, place: int) -> Figure:
    """Bars of p50, p95 and p99 of each engine."""
    k = result.rows[0].timings[place].k
    figure, axes = _axes(f"{result.passages:,} passages, best {k}, one core: p50, p95, p99")
    for number, row in enumerate(result.rows):
        for step, (taken, depth) in enumerate(_shaded(row.timings[place])):
            if taken is not None:
                bar = axes.bar(
                    number + 0.27 * (step - 1),
                    taken / 1000,
                    width=0.25,
                    color=_COLOURS[number],
                    alpha=depth,
                )
                axes.bar_label(bar, fmt=_label, fontsize=7, padding=2)
    axes.set_xticks(
        range(len(result.rows)), [row.engine.replace(", ", "\n") for row in result.rows]
    )
    axes.grid(visible=False, axis="x")
    return figure


def _shaded(timing: Timing) -> list[tuple[float | None, float]]:
    """Percentiles and how dark they are."""
    return [(timing.p50_us, 1), (timing.p95_us, 0.7), (timing.p99_us, 0.45)]


def _label(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"
