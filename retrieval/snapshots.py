"""A folder whose files are replaced all at once: written aside, then made current by one rename."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from retrieval import durably

_CURRENT = "current"
"""Names the folder that is current; the name is the digest of its manifest."""
_MANIFEST = "manifest.json"
"""The digest of every other file."""
_ASIDE = "new-"
_DONE = "gen-"


class SnapshotError(ValueError):
    """What is stored is missing, cut short or changed."""


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `files` the current ones of `folder`, and remove those before them.

    Raises OSError (disk full, no permission); what was current stays current then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = json.dumps({name: _digest(content) for name, content in files.items()}).encode()
    name = _DONE + _digest(manifest)
    if not (folder / name).exists():
        _write_aside(folder, {**files, _MANIFEST: manifest}, name)
    durably.write(folder / _CURRENT, name.encode())
    _remove_others(folder, name)


def read(folder: Path) -> dict[str, bytes]:
    """The current files of `folder` by name. Raises SnapshotError, or OSError where unreadable."""
    try:
        name = (folder / _CURRENT).read_bytes().decode()
    except FileNotFoundError as error:
        raise SnapshotError("nothing is stored yet") from error
    home = folder / Path(name).name
    manifest = (home / _MANIFEST).read_bytes()
    if name != _DONE + _digest(manifest):
        raise SnapshotError(f"{_MANIFEST} is damaged")
    return {file: _checked(home / file, digest) for file, digest in json.loads(manifest).items()}


def _checked(path: Path, digest: str) -> bytes:
    content = path.read_bytes()
    if _digest(content) != digest:
        raise SnapshotError(f"{path.name} is damaged")
    return content


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _write_aside(folder: Path, files: Mapping[str, bytes], name: str) -> None:
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder))
    try:
        for file, content in files.items():
            durably.write(aside / file, content)
        aside.rename(folder / name)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _remove_others(folder: Path, name: str) -> None:
    for other in folder.iterdir():
        if other.name != name and other.name.startswith((_ASIDE, _DONE)):
            shutil.rmtree(other, ignore_errors=True)
