"""The chart of /stats, by matplotlib, which takes long to import: do so when a chart is asked."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from bot.texts import stats as texts

SIZE = (8.0, 5.0)
"""Inches; at this resolution the picture fills a phone's width without being scaled down much."""
DOTS = 120
MARGIN = 0.2
"""Inches."""
INK, BAR, FAINT = "#263238", "#3d7ea6", "#d5dce0"
DAYS_A_LABEL = 5


def draw(days: Sequence[tuple[date, int]]) -> bytes:
    """Questions a day as bars, one a day in order; a PNG."""
    layout = ConstrainedLayoutEngine(w_pad=MARGIN, h_pad=MARGIN)
    figure = Figure(figsize=SIZE, dpi=DOTS, layout=layout, facecolor="white")
    axes = figure.add_subplot()
    axes.bar(range(len(days)), [number for _, number in days], color=BAR, width=0.75)
    axes.set_title(texts.CHART, loc="left", fontsize=18, color=INK, pad=14)
    _days(axes, [day for day, _ in days])
    _numbers(axes)
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _days(axes: Axes, days: Sequence[date]) -> None:
    """Every fifth day has its date under it, counted from the last one, today."""
    places = range(len(days) - 1, -1, -DAYS_A_LABEL)
    axes.set_xticks(list(places), [texts.chart_day(days[place]) for place in places])
    axes.set_xlim(-0.7, len(days) - 0.3)


def _numbers(axes: Axes) -> None:
    """Whole numbers from zero, on faint lines; a chart without questions has a height as well."""
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.set_ylim(0, max(axes.get_ylim()[1], 4))
    axes.grid(axis="y", color=FAINT, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=15, labelcolor=INK, pad=6)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(FAINT)
