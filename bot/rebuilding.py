"""A new generation of the archive, made beside the answers by a process of its own.

It is `doslovno index --report`, at low priority: what it says on stdout are JSON objects, a line
each (see `bot.cli.report`), and what it says on stderr goes into the log.
"""

import asyncio
import errno
import json
import logging
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from bot.settings import environment_with, index_in
from retrieval import compiled
from retrieval.building.update import Built
from retrieval.corpus import CorpusError
from retrieval.models import Refusal
from retrieval.records import refusal_from, refusal_row
from retrieval.storage import GenerationError
from retrieval.storing.lock import LockError

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "bot", "index", "--report")
LARGE = 100_000
"""Passages from which it pays to have the compiled kernels."""
LONGEST_LINE = 1 << 30
"""Bytes: the ids of all articles of a large archive are one line."""
PATIENCE = 30.0
"""Seconds that it is given to stop when it is told to."""
SOME_TIME = 30.0
"""Seconds after which it is said again how far it is."""
_LOGGED = re.compile(r"\S+ \S+ (DEBUG|INFO|WARNING|ERROR|CRITICAL) (\S+): (.*)")
"""A line of `bot.logs`."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LAST_WORD = "doslovno: "
"""How the line begins with which a command fails; it is told as `failed` too."""

Record = dict[str, Any]
Making = AsyncGenerator[Built | None, None]
"""What was built; then None each time segments of it were merged and there is a newer one."""


class Interrupted(GenerationError):
    """The process ended, or was ended, before it was done; what it had done is not lost."""


class NoSpaceError(GenerationError):
    """The disk is full."""


NOT_REBUILT = (CorpusError, GenerationError, LockError)
"""What a rebuild raises; the generation before goes on answering then."""
_FAILURES = {"corpus": CorpusError, "space": NoSpaceError, "index": GenerationError}


class Rebuild(Protocol):
    """Brings the stored index in line with the corpus folder; raises one of NOT_REBUILT."""

    def __call__(self, corpus_dir: Path, state_dir: Path) -> Making: ...


async def in_a_child(corpus_dir: Path, state_dir: Path) -> Making:
    """Rebuild in a process of its own; it is told to stop when this is closed or cancelled."""
    child = await _started(corpus_dir, state_dir)
    relayed = asyncio.ensure_future(_relay(child))
    done = False
    try:
        async for said in _reports(child):
            if failed := said.get("failed"):
                raise _failure(failed, state_dir)
            if "progress" not in said:
                yield built_from(said["built"]) if "built" in said else None
                done = True
        code = await child.wait()
        if code or not done:
            raise Interrupted(f"the process that builds the index {_end_of(code)}; start it again")
    finally:
        await _stopped(child)
        await relayed


async def _started(corpus_dir: Path, state_dir: Path) -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            *COMMAND,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            limit=LONGEST_LINE,
            start_new_session=True,  # Ctrl-C is for the bot, which tells it to stop
            env=environment_with(CORPUS_DIR=str(corpus_dir), STATE_DIR=str(state_dir)),
        )
    except OSError as error:
        raise GenerationError(f"no process can be started to build the index: {error}") from error


async def _reports(child: Process) -> AsyncGenerator[Record, None]:
    """What it says on stdout; how far it is goes into the log as well, now and then."""
    told = monotonic()
    async for line in _lines(child.stdout):
        said: Record = json.loads(line)
        if "progress" in said and monotonic() - told > SOME_TIME:
            told = monotonic()
            done, total = said["progress"]
            log.info("indexing: %.0f%%", 100 * done / max(total, 1))
        yield said


async def _relay(child: Process) -> None:
    """Put what it logs into the log, at the same level and under the same name."""
    logger, level = log, "WARNING"
    async for line in _lines(child.stderr):
        text = line.decode("utf-8", "backslashreplace").rstrip()
        if found := _LOGGED.fullmatch(text):
            level, logger, text = found[1], logging.getLogger(found[2]), found[3]
        if not text.startswith(_LAST_WORD):
            logger.log(logging.getLevelNamesMapping()[level], "%s", text)


async def _lines(stream: asyncio.StreamReader | None) -> AsyncGenerator[bytes, None]:
    while stream and (line := await stream.readline()):
        yield line


async def _stopped(child: Process) -> None:
    """Have it stop, unless it has."""
    if child.returncode is None:
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), PATIENCE)
    except TimeoutError:
        child.kill()
        await child.wait()


def _end_of(code: int) -> str:
    """«was ended by SIGKILL»; of an exit code below 0 the signal."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"


def built_record(built: Built) -> Record:
    """What was built, as it is told in a line."""
    return {**built._asdict(), "refused": [refusal_row(each) for each in built.refused]}


def built_from(record: Record) -> Built:
    """What was built, as it was told."""
    rows = record["refused"]
    ids = {name: tuple(record[name]) for name in ("added", "changed", "removed")}
    return Built(**{**record, **ids, "refused": tuple(map(refusal_from, rows))})


def failed_record(error: Exception) -> Record:
    """Why nothing was built, as it is told in a line."""
    for each in _causes(error):
        if isinstance(each, LockError):
            return {"kind": "lock", "pid": each.pid}
        if isinstance(each, OSError) and each.errno in _FULL:
            return {"kind": "space", "message": str(error)}
    kind = "corpus" if isinstance(error, CorpusError) else "index"
    return {"kind": kind, "message": str(error)}


def _failure(failed: Record, state_dir: Path) -> Exception:
    """The error that was told."""
    if failed["kind"] == "lock":
        return LockError(index_in(state_dir), failed["pid"])
    return _FAILURES[failed["kind"]](failed["message"])


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__


def warn_of(refused: tuple[Refusal, ...]) -> None:
    """Say in the log which files and lines were not taken in."""
    for each in refused:
        log.warning("refused %s", each)


def compile_for(passages: int) -> None:
    """Compile the kernels where it pays, so that it is never done while somebody waits."""
    if passages >= LARGE:
        compiled.load()
