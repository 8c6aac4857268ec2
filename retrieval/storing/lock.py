"""One process at a time writes an index.

The operating system holds the lock and lets go of it when its holder ends, however it ends, so
that none is ever stale. The number in the file says who holds it, to people; nothing relies on it.
The file stays when the lock is let go: who removed it could remove one that is held already.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_LOCK = "lock"


class LockError(Exception):
    """Another process writes this index."""

    def __init__(self, index: Path, pid: int | None) -> None:
        self.pid = pid
        """Of the holder; None if it has not said so yet."""
        holder = "another process" if pid is None else f"process {pid}"
        super().__init__(f"{index}: {holder} is building it; wait until it has ended, or end it")


class Lock:
    """Holds the lock of an index inside a `with`; the folder is made if need be.

    Raises LockError where it is held, be it by this process; OSError. Processes forked off inside
    share the lock: if this one is killed, it is held until they have ended too.
    """

    def __init__(self, index: Path) -> None:
        self._index = index
        self._file = -1

    def __enter__(self) -> Self:
        self._index.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._index / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, b"%d\n" % os.getpid(), 0)
        except BlockingIOError as error:
            holder = _pid(os.pread(self._file, 32, 0))
            os.close(self._file)
            raise LockError(self._index, holder) from error
        except OSError:
            os.close(self._file)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            os.ftruncate(self._file, 0)
        fcntl.flock(self._file, fcntl.LOCK_UN)
        os.close(self._file)


def _pid(content: bytes) -> int | None:
    return int(content) if content.strip().isdigit() else None
