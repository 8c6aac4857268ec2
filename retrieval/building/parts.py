"""Parts of a build: what some files gave, as a segment of its own; on disk while a build goes on.

    INDEX/building/part-DIGEST/   a segment, and in its fields what each file gave

A build that was interrupted finds them again and goes on from there.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from retrieval.analyzer import Form
from retrieval.building.reading import Claim, Read
from retrieval.building.words import form_from, form_row
from retrieval.encoding import Analysed, encode
from retrieval.folder import Kind, Listed, Stamp
from retrieval.records import refusal_from, refusal_row
from retrieval.segment import Segment
from retrieval.storing import folder
from retrieval.storing.folder import FolderError

_FOLDER = "building"
_PART = "part-"
_UNREADABLE = (FolderError, LookupError, TypeError, ValueError)

Key = list[str]
"""What parts must have been made for: versions, and the generation before."""


class Part(NamedTuple):
    """What some files gave."""

    reads: Sequence[Read]
    opened: Callable[[], Segment]
    """The segment; one on disk is opened each time."""
    words: Callable[[], dict[str, Form]] = dict
    """The word forms that were new in it, if it is on disk."""


def made(reads: Sequence[Read], articles: Iterable[Analysed]) -> Part:
    """A part in memory."""
    segment = Segment(encode(articles))
    return Part(reads, lambda: segment)


def store(index: Path, part: Part, words: dict[str, Form], key: Key) -> Path:
    """Write a part, and the word forms that were new in it; where it is. Raises OSError."""
    home = index / _FOLDER
    home.mkdir(parents=True, exist_ok=True)
    fields = {
        "key": key,
        "reads": [_read_row(read) for read in part.reads],
        "words": [[word, form_row(form)] for word, form in words.items()],
    }
    written = home / f"new-{os.getpid()}"
    digest = folder.write(written, part.opened().arrays, fields)
    place = home / (_PART + digest)
    if place.exists():
        shutil.rmtree(place)
    written.rename(place)
    return place


def opened(path: Path, key: Key) -> Part:
    """The part stored there. Raises FolderError for what is damaged or made for another build."""
    digest = path.name.removeprefix(_PART)
    try:
        fields = folder.fields(path, digest)
        if fields["key"] != key:
            raise FolderError(f"{path}: of another build")
        reads = [_read_from(row) for row in fields["reads"]]
        return Part(
            reads,
            lambda: Segment(folder.read(path, digest)),
            lambda: {word: form_from(row) for word, row in folder.fields(path, digest)["words"]},
        )
    except _UNREADABLE as error:
        raise FolderError(str(error)) from error


def left(index: Path, key: Key) -> Iterator[Part]:
    """The parts that an interrupted build left; what is of no use is removed."""
    for path in sorted((index / _FOLDER).glob("*")):
        try:
            folder.scrub(path, path.name.removeprefix(_PART))
            yield opened(path, key)
        except _UNREADABLE:
            shutil.rmtree(path, ignore_errors=True)


def remove(index: Path) -> None:
    """Remove all that builds have left."""
    shutil.rmtree(index / _FOLDER, ignore_errors=True)


def _read_row(read: Read) -> list[Any]:
    name, kind, stamp, beside = read.listed
    refused = [refusal_row(refusal) for refusal in read.refused]
    return [[name, kind.value, stamp, beside], read.hash.hex(), read.claims, refused]


def _read_from(row: list[Any]) -> Read:
    (name, kind, stamp, beside), hashed, claims, refused = row
    return Read(
        Listed(name, Kind(kind), Stamp(*stamp), Stamp(*beside)),
        bytes.fromhex(hashed),
        tuple(Claim(*claim) for claim in claims),
        tuple(map(refusal_from, refused)),
    )
