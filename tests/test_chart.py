"""The chart of /stats: a PNG that a phone shows, whatever the numbers are."""

import struct
import sys
from datetime import date, timedelta

import pytest

from bot.chart import draw

TODAY = date(2026, 11, 22)


def days(*numbers: int) -> list[tuple[date, int]]:
    """The last days up to today, with so many questions each."""
    first = TODAY - timedelta(days=len(numbers) - 1)
    return [(first + timedelta(days=place), number) for place, number in enumerate(numbers)]


@pytest.mark.parametrize(
    "numbers",
    [[0] * 30, [1] * 30, list(range(30)), [0] * 29 + [1_000_000], [7]],
    ids=["none", "one a day", "more and more", "a million today", "one day"],
)
def test_a_chart_is_a_png_of_a_phones_width(numbers: list[int]) -> None:
    png = draw(days(*numbers))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (960, 600)


def test_charts_of_other_numbers_are_other_pictures() -> None:
    assert draw(days(1, 2, 3)) == draw(days(1, 2, 3))
    assert draw(days(1, 2, 3)) != draw(days(3, 2, 1))


def test_a_chart_leaves_no_figure_behind() -> None:
    """pyplot keeps every figure in a global list."""
    draw(days(1, 2, 3))
    assert "matplotlib.pyplot" not in sys.modules
