"""The types of arrays that retrieval computes with."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Kind = TypeVar("Kind", bound=np.generic)

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
"""Numbers of passages, articles or terms."""
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
"""Places, bounds and counts that may not fit into 32 bits."""
Days = NDArray[np.int32]
"""Days as ordinals of the proleptic Gregorian calendar, `date.toordinal()`."""


def joined(parts: Sequence[NDArray[Kind]], width: int = 0) -> NDArray[Kind]:
    """Arrays one behind the other, the only one as it is; of rows, so many values a row."""
    if len(parts) == 1:
        return parts[0]
    if parts:
        return np.concatenate(parts)
    empty: NDArray[Kind] = np.empty((0, width) if width else 0, np.int32)
    return empty


def ends_of(lengths: ArrayLike) -> Numbers:
    """Where pieces of these lengths end, laid end to end, and before them the start, 0."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def runs(starts: Numbers, lengths: Numbers) -> Numbers:
    """The numbers from each start on, so many of each, one run after another."""
    before = np.cumsum(lengths) - lengths
    found: Numbers = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
    return found
