"""Generations of the archive on disk: segments that they share, and what each has of its own.

INDEX/current       names the generation to be opened
INDEX/gen-…/        its segments, which of their articles live, abbreviations, refusals
INDEX/seg-…/        the arrays of a segment (see retrieval.segment), never changed
"""

import logging
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

from retrieval.abbreviations import Abbreviations
from retrieval.analyzer import Analyzer
from retrieval.calibration import Calibration
from retrieval.generation import Generation, Placed
from retrieval.records import refusal_from, refusal_row
from retrieval.segment import Segment
from retrieval.storing import generations
from retrieval.storing.folder import FolderError
from retrieval.storing.strings import Arrays

log = logging.getLogger(__name__)

FORMAT = 4
"""Of what is stored; another one is not read."""
_OF_SEGMENT = ("live", "article_live", "counts")
_CALIBRATED_BY = (
    *("accumulators.py", "adding.py", "calibration.py", "evidence.py", "kin.py", "marks.py"),
    *("scorer.py", "sought.py", "tally.py"),
    *("synonyms.py", "synonyms.txt", "wordbuilding.py"),
)


class GenerationError(Exception):
    """A stored index that cannot be read or written: build it anew, or go on without storing it."""


def save(generation: Generation, index: Path) -> Generation:
    """Store a generation that is in memory, and open it.

    Raises GenerationError (disk full, no permission): what was stored before stays readable then.
    """
    try:
        names = [
            generations.add_segment(index, each.segment.arrays) for each in generation.segments
        ]
    except OSError as error:
        raise _unwritable(index, error) from error
    return publish(generation, names, index)


def publish(
    generation: Generation, segments: Sequence[str], index: Path, more: Arrays | None = None
) -> Generation:
    """Make a generation of stored segments, named in order, the current one, and open it.

    `more` has arrays to be kept with it (see `kept`). Raises GenerationError as `save` does.
    """
    arrays = {
        f"{name}.{place}": array
        for place, each in enumerate(generation.segments)
        for name in _OF_SEGMENT
        if (array := getattr(each, name)) is not None
    }
    fields = {
        "version": version(generation.analyzer),
        "refused": [refusal_row(refusal) for refusal in generation.refused],
        "calibration": [_rules(), generation.calibration.to_record()],
    }
    arrays |= {**generation.abbreviations.arrays, **(more or {})}
    try:
        name = generations.publish(index, arrays, fields, segments)
        return _opened(index, name, generation.analyzer)
    except (OSError, FolderError) as error:
        raise _unwritable(index, error) from error


def open_generation(index: Path, analyzer: Analyzer | None = None) -> Generation:
    """The generation stored under `index`; nothing is analysed, and little is read.

    Where the current one is damaged, the one before it, and that is said in the log. Raises
    GenerationError where none can be used.
    """
    analyzer = analyzer or Analyzer()
    try:
        found = generations.opened(index, lambda name: _opened(index, name, analyzer))
    except FolderError as error:
        raise GenerationError(f"no usable index: {error}") from error
    for problem in found.passed_over:
        log.warning("%s; the generation before it is used", problem)
    return found.made


def kept(index: Path, name: str) -> Arrays:
    """All arrays that a generation of this name has beside its segments. Raises FolderError."""
    return generations.read(index, name).arrays


def version(analyzer: Analyzer) -> str:
    """What a stored generation must be of, to be of use today."""
    return f"{FORMAT}, analyzer {analyzer.version}"


def _opened(index: Path, name: str, analyzer: Analyzer) -> Generation:
    """Raises FolderError and the like for what is damaged, missing or of another version."""
    fields, arrays = generations.read(index, name)
    if fields["version"] != version(analyzer):
        raise FolderError(f"{index / name}: of another version")
    return Generation(
        segments=tuple(
            Placed(_segment(index, segment), *(arrays.get(f"{of}.{n}") for of in _OF_SEGMENT))
            for n, segment in enumerate(fields["segments"])
        ),
        analyzer=analyzer,
        abbreviations=Abbreviations(arrays),
        refused=tuple(map(refusal_from, fields["refused"])),
        calibrated=_calibrated(*fields["calibration"]),
        name=name,
    )


def _segment(index: Path, name: str) -> Segment:
    return Segment(generations.read_segment(index, name))


def _calibrated(rules: str, record: Mapping[str, Any]) -> Calibration | None:
    """What was stored, unless it would turn out otherwise today: then it is made anew."""
    return Calibration.from_record(dict(record)) if rules == _rules() else None


@cache
def _rules() -> str:
    """What a calibration depends on beside the archive and its lemmas, as written."""
    content = b"".join(files("retrieval").joinpath(name).read_bytes() for name in _CALIBRATED_BY)
    return blake2b(content, digest_size=16).hexdigest()


def _unwritable(index: Path, error: Exception) -> GenerationError:
    return GenerationError(f"cannot write the index to {index}: {error}")
