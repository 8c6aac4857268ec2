"""Several segments to one, without what is dead in them and without analysing anything.

Articles keep their order; passages and terms are numbered anew. The segments are gone through
once for all but the postings, whose places are known only when all are counted, and then to put
these where they belong, as many at a time as fit into a buffer.

    first     нефть: 0 4    уран: 2          passages by term, numbered in their segment
    second    уран: 0 1     цена: 1          passage 0 is dead, and the first segment has five
    merged    нефть: 0 4    уран: 2 5    цена: 5
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Flags, Ids, Numbers, ends_of, runs
from retrieval.encoding import blob, encode
from retrieval.postings import Codes, Postings, code_type
from retrieval.segment import Origin, Segment
from retrieval.storing.folder import Writer
from retrieval.storing.strings import strings_of
from retrieval.uniting import United

_PIECE = 1 << 22
"""So many values are copied or placed at a time."""
_BUFFER = 1 << 25
"""So many merged postings are in memory at a time: some 200 MB."""

Mergeable = Sequence[tuple[Segment, Flags | None]]
"""Segments, and which of their articles live (None: all)."""


def merge(segments: Mergeable, writer: Writer) -> None:
    """Write the one segment of all living articles of these, in their order.

    They are asked for one at a time, so that a long sequence need not have all of them open.
    Raises OSError where it cannot be written.
    """
    segments = segments or [(Segment(encode(())), None)]
    merging = _Merging(writer)
    parts = [merging.add(segment, live) for segment, live in segments]
    merging.finish()
    _write_postings(segments, parts, writer)


class _Part(NamedTuple):
    """What becomes of a segment."""

    passages: Ids
    """The new number of each passage; -1 for a dead one."""
    terms: Ids
    """The new number of each term; -1 for one that no living passage has."""
    counts: Numbers
    """For each term how many living passages have it."""
    pairs: Numbers
    """Its pairs of frequency and length, each as one number."""
    paired: Flags
    """Which of them living passages have."""


class _Merging:
    """All that is written of segments one after another, and what is numbered over all of them."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._passages = 0
        self._ends: dict[str, int] = {}
        self._ids: list[str] = []
        self._rows: dict[str, list[list[Any]]] = {"introduced": [], "lone": []}
        self._origins: defaultdict[Origin, int] = defaultdict()
        self._origins.default_factory = self._origins.__len__
        self._vocabulary = United()

    def add(self, segment: Segment, live: Flags | None) -> _Part:
        articles = np.ones(segment.articles, np.bool_) if live is None else live
        passages = np.repeat(articles, np.diff(segment.starts))
        numbers = _renumbered(passages, self._passages)
        counts, paired = _counted(segment.postings, passages)
        pairs = segment.postings.pairs.astype(np.int64)
        part = _Part(
            numbers,
            self._vocabulary.add(segment, counts),
            counts,
            pairs[:, 0] << 32 | pairs[:, 1],
            paired,
        )
        self._add_rows("introduced", segment, part.passages)
        self._add_rows("lone", segment, _renumbered(articles, len(self._ids)))
        self._copy_articles(segment, articles)
        self._copy_passages(segment, passages, part)
        self._passages += int(passages.sum())
        return part

    def finish(self) -> None:
        """Write what is made of all segments at once."""
        self._writer.extend(strings_of("article_ids", self._ids))
        self._writer.append("origins", blob(list(self._origins)))
        self._writer.extend({name: blob(rows) for name, rows in self._rows.items()})
        self._writer.extend(self._vocabulary.arrays())

    def _copy_articles(self, segment: Segment, live: Flags) -> None:
        arrays, append = segment.arrays, self._writer.append
        for name in ("text", "record"):
            ends = arrays[f"{name}_ends"]
            self._append_ends(f"{name}_ends", ends, live)
            self._append_pieces(f"{name}s", arrays[f"{name}s"], ends, live)
        self._append_ends("starts", segment.starts, live)
        append("digests", segment.digests[live])
        append("article_days", segment.days[live])
        living = np.flatnonzero(live).tolist()
        self._ids += (segment.article_ids[number] for number in living)
        origins = (self._origins[segment.origins[each]] for each in segment.origin[live].tolist())
        append("origin", np.fromiter(origins, np.int32, len(living)))

    def _copy_passages(self, segment: Segment, live: Flags, part: _Part) -> None:
        append = self._writer.append
        append("spans", segment.spans[live])
        append("postings.lengths", segment.postings.lengths[live])
        self._append_ends("ends", segment.ends, live)
        self._append_pieces("marks", segment.marks, segment.ends, live)
        self._append_pieces("numbers", segment.numbers, segment.ends, live, part.terms.__getitem__)
        mentions = segment.mentions[live[segment.mentions[:, 0]]]
        mentions[:, 0] = part.passages[mentions[:, 0]]
        append("mentions", mentions)

    def _add_rows(self, name: str, segment: Segment, numbers: Ids) -> None:
        """Keep the JSON rows of what lives, with its new number before each."""
        rows = json.loads(segment.arrays[name].tobytes())
        self._rows[name] += (
            [int(numbers[number]), *row] for number, *row in rows if numbers[number] >= 0
        )

    def _append_ends(self, name: str, ends: NDArray[Any], live: Flags) -> None:
        """Append where the living end, behind where those of the segments before end."""
        if name not in self._ends:
            self._ends[name] = 0
            self._writer.append(name, ends[:1])
        found = self._ends[name] + np.cumsum(np.diff(ends)[live])
        self._writer.append(name, found.astype(ends.dtype))
        self._ends[name] = int(found[-1]) if len(found) else self._ends[name]

    def _append_pieces(
        self,
        name: str,
        values: NDArray[Any],
        ends: NDArray[Any],
        live: Flags,
        recoded: Callable[[NDArray[Any]], NDArray[Any]] = np.asarray,
    ) -> None:
        """Append the values of the living, `ends` parts them."""
        self._writer.append(name, recoded(values[:0]))
        edges = np.flatnonzero(np.diff(live, prepend=False, append=False))
        for start, stop in ends[edges].reshape(-1, 2).tolist():
            for first in range(start, stop, _PIECE):
                self._writer.append(name, recoded(values[first : min(first + _PIECE, stop)]))


def _write_postings(segments: Mergeable, parts: Sequence[_Part], writer: Writer) -> None:
    counts = np.zeros(max(int(part.terms.max(initial=-1)) for part in parts) + 1, np.int64)
    for part in parts:
        has = part.terms >= 0
        counts[part.terms[has]] += part.counts[has]
    bounds = ends_of(counts)
    pairs = np.unique(np.concatenate([part.pairs[part.paired] for part in parts]))
    writer.append("postings.bounds", bounds)
    writer.append("postings.pairs", _unpacked(pairs))
    for first, stop in [*_ranges(bounds, _BUFFER)] or [(0, 0)]:
        buffer = _Buffer(bounds, first, stop, pairs)
        for (segment, _), part in zip(segments, parts, strict=True):
            buffer.place(segment.postings, part)
        writer.append("postings.ids", buffer.ids)
        writer.append("postings.codes", buffer.codes)


class _Buffer:
    """The postings of some terms that follow one another."""

    def __init__(self, bounds: Numbers, first: int, stop: int, pairs: Numbers) -> None:
        self._first, self._stop, self._pairs = first, stop, pairs
        self._free = bounds[first:stop] - bounds[first]
        """Where the next posting of each term belongs."""
        self.ids: Ids = np.empty(bounds[stop] - bounds[first], np.int32)
        self.codes: Codes = np.empty(len(self.ids), code_type(len(pairs)))

    def place(self, postings: Postings, part: _Part) -> None:
        """Put the living postings of a segment behind those of the segments before."""
        codes = np.searchsorted(self._pairs, part.pairs).astype(self.codes.dtype)
        inside = (part.terms >= self._first) & (part.terms < self._stop)
        chosen = np.flatnonzero(inside)
        sizes = postings.bounds[chosen + 1] - postings.bounds[chosen]
        for first, stop in _ranges(ends_of(sizes), _PIECE):
            terms = chosen[first:stop]
            source = runs(postings.bounds[terms], sizes[first:stop])
            ids = part.passages[postings.ids[source]]
            source, ids = source[ids >= 0], ids[ids >= 0]
            places, counts = part.terms[terms] - self._first, part.counts[terms]
            target = runs(self._free[places], counts)
            self.ids[target] = ids
            self.codes[target] = codes[postings.codes[source]]
            self._free[places] += counts


def _renumbered(live: Flags, first: int) -> Ids:
    """Numbers from `first` on for those that live, -1 for the others."""
    return np.where(live, first - 1 + np.cumsum(live), -1).astype(np.int32)


def _counted(postings: Postings, live: Flags) -> tuple[Numbers, Flags]:
    """For each term in how many living passages it is; which pairs these have."""
    sizes = np.diff(postings.bounds)
    if live.all():
        return sizes, np.ones(len(postings.pairs), np.bool_)
    counts, paired = np.zeros_like(sizes), np.zeros(len(postings.pairs), np.bool_)
    for first, stop in _ranges(postings.bounds, _PIECE):
        found = slice(postings.bounds[first], postings.bounds[stop])
        kept = live[postings.ids[found]]
        terms = np.repeat(np.arange(stop - first), sizes[first:stop])
        counts[first:stop] = np.bincount(terms[kept], minlength=stop - first)
        paired[postings.codes[found][kept]] = True
    return counts, paired


def _ranges(bounds: Numbers, most: int) -> Iterator[tuple[int, int]]:
    """All terms as ranges of at most so many postings, or of one term."""
    first = 0
    while first < len(bounds) - 1:
        behind = int(np.searchsorted(bounds, bounds[first] + most, "right"))
        yield first, (stop := max(first + 1, behind - 1))
        first = stop


def _unpacked(pairs: Numbers) -> Ids:
    return np.column_stack([pairs >> 32, pairs & 0xFFFFFFFF]).astype(np.int32)
