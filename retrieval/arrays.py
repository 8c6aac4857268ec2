"""The types of arrays that retrieval computes with."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
"""Numbers of passages, articles or terms."""
Flags = NDArray[np.bool_]
Days = NDArray[np.int32]
"""Days as ordinals of the proleptic Gregorian calendar, `date.toordinal()`."""
