"""Files written whole or not at all, and on the disk when it is said that they are written."""

import os
from contextlib import suppress
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put a file in place, over one of this name. Raises OSError, and then nothing has changed.

    Until it is whole its name is hidden, so that no reading of the folder sees half of it.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
    sync(path.parent)


def sync(folder: Path) -> None:
    """Have the names in a folder on the disk as well; Windows cannot, and needs no such call."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
