"""Uploads into the corpus folder: safe names, sidecars, files whole or not at all."""

import json
import os
import re
from itertools import chain, count
from pathlib import Path
from unicodedata import normalize

from bot.store.uploads import Upload
from retrieval import durably
from retrieval.corpus import FORMATS, SIDECAR
from retrieval.decoding import decode

FOLDER = "uploads"
"""Where in the corpus folder uploads are kept."""
LONGEST_STEM = 120
"""Bytes of a name before its suffix: file systems take 255, the sidecar's suffix included."""
UNNAMED = "article"


def is_readable(name: str) -> bool:
    """Whether a file of this name has a format that the corpus takes."""
    return name.lower().endswith(FORMATS)


def safe_name(given: str) -> str:
    """A name for a file of the corpus: the last part of a path, printable, not hidden, not long.

    The suffix is kept, in lower case.
    """
    base = re.split(r"[/\\]", normalize("NFC", given))[-1]
    clean = "".join(letter for letter in base if letter.isprintable() and letter not in '<>:"|?*')
    stem, dot, suffix = clean.strip().rpartition(".")
    short = stem.encode()[:LONGEST_STEM].decode(errors="ignore").strip(". ")
    return f"{short or UNNAMED}{dot}{suffix.lower()}"


def sidecar(upload: Upload) -> str:
    """What the admin fixed, as the TOML of a sidecar; nothing where nothing is fixed."""
    date = str(upload.date) if upload.date else None
    given = {"source": upload.source, "date": date}
    return "".join(f"{name} = {_toml(value)}\n" for name, value in given.items() if value)


def _toml(text: str) -> str:
    """A basic string of TOML: JSON's, but for DEL (https://toml.io/en/v1.0.0#string)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def save(corpus_dir: Path, upload: Upload, repeated: frozenset[int]) -> Path:
    """Write a document and its sidecar, each at once and whole; returns where the document is.

    No file is written over. Lines that repeat an article of the archive are left empty. Raises
    OSError.
    """
    folder = corpus_dir / FOLDER
    folder.mkdir(exist_ok=True)
    path = _free(folder, safe_name(upload.name))
    fixed = sidecar(upload)
    if fixed:
        durably.write(_beside(path), fixed.encode())
    try:
        durably.write(path, _without(upload.content, repeated) if repeated else upload.content)
    except OSError:
        _beside(path).unlink(missing_ok=True)
        raise
    return path


def remove(path: Path) -> None:
    """Take a document back out of the folder, its sidecar last. Raises OSError."""
    path.unlink(missing_ok=True)
    _beside(path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR)


def _free(folder: Path, name: str) -> Path:
    """The name, or «name-2», «name-3»: one that neither a file nor a sidecar has."""
    first = folder / name
    others = (first.with_stem(f"{first.stem}-{number}") for number in count(2))
    return next(path for path in chain([first], others) if not _is_taken(path))


def _is_taken(path: Path) -> bool:
    return any(os.path.lexists(each) for each in (path, _beside(path)))


def _without(content: bytes, lines: frozenset[int]) -> bytes:
    kept = enumerate(decode(content).split("\n"), start=1)
    return "\n".join("" if number in lines else line for number, line in kept).encode()
