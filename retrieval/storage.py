"""A generation of the archive on disk: stored whole, read again without analysing anything."""

import json
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval import snapshots
from retrieval.abbreviations import Abbreviations
from retrieval.analyzer import Analyzer
from retrieval.calibration import Calibration
from retrieval.generation import Generation
from retrieval.index import Bm25, Terms
from retrieval.records import (
    article_from,
    article_record,
    passage_from,
    passage_row,
    refusal_from,
    refusal_row,
)

FORMAT = 3
"""Of what is stored; another one is not read."""
_ARRAYS = ("numbers", "lengths", "marks", "mentions")
_CALIBRATED_BY = (
    *("calibration.py", "evidence.py", "index.py", "kin.py", "marks.py", "sought.py"),
    *("synonyms.py", "synonyms.txt", "wordbuilding.py"),
)


class GenerationError(Exception):
    """A stored index that cannot be read or written: build it anew, or go on without storing it."""


def save(generation: Generation, folder: Path) -> None:
    """Store a generation under `folder`; it takes the place of the one before it at once.

    Raises GenerationError (disk full, no permission): what was stored before stays readable then.
    """
    try:
        snapshots.write(folder, _encode(generation))
    except OSError as error:
        raise GenerationError(f"cannot write the index to {folder}: {error}") from error


def load(folder: Path) -> Generation:
    """The generation stored under `folder`; nothing is analysed again.

    Raises GenerationError where there is none, or it is damaged or of another version.
    """
    try:
        return _decode(snapshots.read(folder))
    except (OSError, ValueError, LookupError, TypeError, EOFError) as error:
        raise GenerationError(f"no usable index in {folder}: {error}") from error


def _encode(generation: Generation) -> dict[str, bytes]:
    terms = generation.index.terms
    archive = {
        "version": _version(generation.analyzer),
        "articles": [article_record(article) for article in generation.articles],
        "passages": [
            passage_row(*found)
            for found in zip(generation.passages, generation.article_of.tolist(), strict=True)
        ],
        "refused": [refusal_row(refusal) for refusal in generation.refused],
        "vocabulary": terms.vocabulary,
        "abbreviations": generation.abbreviations.to_json(),
        "calibration": [_rules(), generation.calibration.to_record()],
    }
    arrays: tuple[NDArray[Any], ...] = (
        terms.numbers,
        terms.lengths,
        generation.marks,
        generation.mentions,
    )
    stored = {f"{name}.npy": _to_npy(array) for name, array in zip(_ARRAYS, arrays, strict=True)}
    return {"archive.json": json.dumps(archive).encode(), **stored}


def _decode(stored: dict[str, bytes]) -> Generation:
    archive = json.loads(stored["archive.json"])
    analyzer = Analyzer()
    if archive["version"] != _version(analyzer):
        raise ValueError("it is of another version")
    articles = tuple(map(article_from, archive["articles"]))
    numbers, lengths, marks, mentions = (_from_npy(stored[f"{name}.npy"]) for name in _ARRAYS)
    sizes = len(lengths) == len(archive["passages"]) and len(marks) == len(numbers)
    if not sizes or lengths.sum() != len(numbers):
        raise ValueError("its parts do not fit together")
    return Generation(
        articles=articles,
        passages=tuple(passage_from(row, articles) for row in archive["passages"]),
        index=Bm25(Terms(tuple(archive["vocabulary"]), numbers, lengths)),
        marks=marks,
        mentions=mentions,
        abbreviations=Abbreviations.from_json(archive["abbreviations"]),
        refused=tuple(map(refusal_from, archive["refused"])),
        analyzer=analyzer,
        calibrated=_calibrated(*archive["calibration"]),
    )


def _calibrated(rules: str, record: dict[str, float]) -> Calibration | None:
    """What was stored, unless it would turn out otherwise today: then it is made anew."""
    return Calibration.from_record(record) if rules == _rules() else None


@cache
def _rules() -> str:
    """What a calibration depends on beside the archive and its lemmas, as written."""
    content = b"".join(files("retrieval").joinpath(name).read_bytes() for name in _CALIBRATED_BY)
    return blake2b(content, digest_size=16).hexdigest()


def _version(analyzer: Analyzer) -> str:
    return f"{FORMAT}, analyzer {analyzer.version}"


def _to_npy(array: NDArray[Any]) -> bytes:
    content = BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()


def _from_npy(content: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.load(BytesIO(content), allow_pickle=False)
    return array
