"""The types of arrays that retrieval computes with."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
"""Numbers of passages, articles or terms."""
Flags = NDArray[np.bool_]
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
