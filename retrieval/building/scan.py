"""What lies in the corpus folder, by name, size and time of change: nothing is read."""

from pathlib import Path

from retrieval import corpus
from retrieval.folder import Listed, Stamp

_RACE = 2_000_000_000
"""Nanoseconds: a file written as late as that before it is listed may be written again within the
same tick of the file system's clock."""


def scan(corpus_dir: Path, now: int) -> list[Listed]:
    """All files, as `retrieval.folder` lists them `now`, in nanoseconds since 1970.

    The time of a change that is just past is 0: it tells nothing later. Raises CorpusError.
    """
    limit = now - _RACE
    return [
        each if each.stamp.changed < limit and each.beside.changed < limit else _unsure(each)
        for each in corpus.listed(corpus_dir)
    ]


def _unsure(each: Listed) -> Listed:
    return each._replace(stamp=Stamp(each.stamp.size, 0))
