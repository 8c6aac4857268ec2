"""The vocabularies of several segments as one, with all by which terms are found in it.

What finds a term depends on its spelling alone: it is taken over from the segment that has the
term first, and only its number is another.
"""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Ids
from retrieval.segment import Segment
from retrieval.storing.hashed import rehashed
from retrieval.storing.strings import Arrays, strings_of

_NUMBERS = ".numbers"
"""Ends the names of arrays that are `Hashed`."""


class United:
    """Terms of segments, numbered in the order in which they come first."""

    def __init__(self) -> None:
        self._terms: defaultdict[bytes, int] = defaultdict()
        self._terms.default_factory = self._terms.__len__
        self._hashed: dict[str, list[Arrays]] = defaultdict(list)
        self._letters = [np.empty(0, np.uint32)]

    def add(self, segment: Segment, counts: NDArray[np.int64]) -> Ids:
        """The number here of each term of a segment; -1 for those of which there are none."""
        arrays, before = segment.arrays, len(self._terms)
        texts, ends = arrays["terms.texts"].tobytes(), arrays["terms.ends"]
        living = np.flatnonzero(counts)
        bounds = zip(ends[living].tolist(), ends[living + 1].tolist(), strict=True)
        spelt = [texts[start:stop] for start, stop in bounds]
        numbers = np.full(len(counts), -1, np.int32)
        numbers[living] = np.fromiter(map(self._terms.__getitem__, spelt), np.int32, len(living))
        self._take(arrays, np.where(numbers >= before, numbers, -1))
        return numbers

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `retrieval.encoding.vocabulary_arrays` gives for these terms."""
        same = np.arange(len(self._terms), dtype=np.int32)
        found = strings_of("terms", (str(term, "utf-8", "surrogatepass") for term in self._terms))
        for name, parts in self._hashed.items():
            found |= rehashed(name, parts, [same] * len(parts))
        letters = np.concatenate(self._letters)
        return {**found, "lexicon.letters": letters[found["lexicon.spelt.numbers"]]}

    def _take(self, arrays: Arrays, fresh: Ids) -> None:
        """Keep what finds the terms that are new; `fresh` has their numbers, -1 for the others."""
        for name in (array.removesuffix(_NUMBERS) for array in arrays if array.endswith(_NUMBERS)):
            numbers = fresh[arrays[f"{name}.numbers"]]
            found = {"hashes": arrays[f"{name}.hashes"], "numbers": numbers}
            kept = {f"{name}.{key}": array[numbers >= 0] for key, array in found.items()}
            self._hashed[name].append(kept)
        letters = np.zeros(len(fresh), np.uint32)
        letters[arrays["lexicon.spelt.numbers"]] = arrays["lexicon.letters"]
        self._letters.append(letters[fresh >= 0])
