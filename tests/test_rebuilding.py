"""The process that builds the index for the bot: what it tells, how it fails, how it is stopped."""

import asyncio
import errno
import json
import logging
import os
import sys
from contextlib import aclosing
from pathlib import Path

import pytest

from bot import rebuilding
from bot.rebuilding import (
    Interrupted,
    Making,
    NoSpaceError,
    built_from,
    built_record,
    failed_record,
    in_a_child,
)
from bot.settings import index_in
from retrieval.building.update import Built
from retrieval.corpus import CorpusError
from retrieval.models import Reason, Refusal
from retrieval.storage import GenerationError, open_generation
from retrieval.storing.lock import Lock, LockError
from tests.builders import corpus

URANIUM = "Казахстан добывает уран.\n"
REFUSED = Refusal("c.txt", Reason.EMPTY, "x", 3)
BUILT = Built("gen-1", "gen-0", ("a",), ("b",), (), (REFUSED,), 2, 5, 0.5)


async def first(making: Making) -> Built | None:
    """What it tells first; it is closed then."""
    async with aclosing(making):
        return await anext(making)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Script":
    return Script(monkeypatch, tmp_path)


class Script:
    """Stands in for the command that builds: some lines of Python."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._monkeypatch, self._folder = monkeypatch, folder

    def __call__(self, *lines: str) -> Making:
        script = "\n".join(["import os, signal, sys, time", *lines])
        self._monkeypatch.setattr(rebuilding, "COMMAND", (sys.executable, "-c", script))
        return in_a_child(self._folder / "articles", self._folder / "state")


def saying(**said: object) -> str:
    return f"print({json.dumps(said)!r}, flush=True)"


# With the command itself


async def test_what_is_in_the_folder_is_built_and_stored(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "articles", {"a.txt": URANIUM, "empty.txt": ""})
    built = await first(in_a_child(folder, tmp_path / "state"))
    assert built
    assert (built.added, built.changed, built.removed) == (("a.txt",), (), ())
    assert [(one.path, one.reason) for one in built.refused] == [("empty.txt", Reason.EMPTY)]
    assert (built.articles, built.passages) == (1, 1)
    assert open_generation(index_in(tmp_path / "state")).name == built.name


async def test_it_ends_of_itself_when_it_has_merged(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "articles", {"a.txt": URANIUM})
    told = [each async for each in in_a_child(folder, tmp_path / "state")]
    assert told[0]
    assert not any(told[1:])


async def test_its_errors_come_back_as_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="set CORPUS_DIR"):
        await first(in_a_child(tmp_path / "none", tmp_path / "state"))
    folder = corpus(tmp_path / "articles", {"a.txt": URANIUM})
    index = index_in(tmp_path / "state")
    with Lock(index), pytest.raises(LockError) as caught:
        await first(in_a_child(folder, tmp_path / "state"))
    assert caught.value.pid == os.getpid()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(GenerationError, match="file"):
        await first(in_a_child(folder, tmp_path / "file"))


# With one that does as it is told


async def test_built_and_merged_are_told_in_turn(says: Script) -> None:
    steps = [saying(progress=[1, 2]), saying(built=built_record(BUILT)), saying(merged=True)]
    assert [each async for each in says(*steps)] == [BUILT, None]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (CorpusError("x does not exist"), CorpusError),
        (GenerationError("cannot write"), GenerationError),
        (LockError(Path("i"), 7), LockError),
        (OSError(errno.ENOSPC, "No space left"), NoSpaceError),
        (OSError(errno.EROFS, "Read-only file system"), GenerationError),
    ],
)
async def test_a_failure_is_told_by_its_kind(
    says: Script, error: Exception, kind: type[Exception]
) -> None:
    failing = saying(failed=failed_record(error))
    with pytest.raises(kind) as caught:
        await first(says(failing, "sys.exit(1)"))
    assert type(caught.value) is kind
    if kind is not LockError:
        assert str(caught.value) == str(error)


def test_a_full_disk_is_known_behind_another_error() -> None:
    error = GenerationError("cannot write the index")
    error.__cause__ = OSError(errno.ENOSPC, "No space left")
    assert failed_record(error) == {"kind": "space", "message": "cannot write the index"}


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL"),
        ("sys.exit(3)", "ended with 3"),
        ("sys.exit(0)", "ended with 0"),
    ],
)
async def test_one_that_is_killed_is_told_so(says: Script, end: str, said: str) -> None:
    with pytest.raises(Interrupted, match=said):
        await first(says(saying(progress=[1, 2]), end))


async def test_one_that_is_killed_while_it_merges_has_built(says: Script) -> None:
    making = says(saying(built=built_record(BUILT)), "os.kill(os.getpid(), signal.SIGKILL)")
    assert await anext(making) == BUILT
    with pytest.raises(Interrupted, match="SIGKILL"):
        await anext(making)


@pytest.mark.parametrize("deaf", [False, True])
async def test_when_it_is_closed_the_process_ends(
    says: Script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, deaf: bool
) -> None:
    monkeypatch.setattr(rebuilding, "PATIENCE", 0.1)
    ignoring = "signal.signal(signal.SIGTERM, signal.SIG_IGN)" if deaf else ""
    noting = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))"
    making = says(ignoring, noting, saying(built=built_record(BUILT)), "time.sleep(60)")
    assert await first(making) == BUILT
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


class Said(logging.Handler):
    """Tells when something is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, _record: logging.LogRecord) -> None:
        self.event.set()


async def test_when_it_is_cancelled_the_process_is_told_to_stop(
    says: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rebuilding, "SOME_TIME", 0)
    told, said = tmp_path / "told", Said()
    monkeypatch.setattr(rebuilding.log, "handlers", [said])
    noting = f"signal.signal(signal.SIGTERM, lambda *_: (open({str(told)!r}, 'w'), sys.exit(0)))"
    with caplog.at_level(logging.INFO, "bot"):
        task = asyncio.ensure_future(first(says(noting, saying(progress=[0, 1]), "time.sleep(60)")))
        await asyncio.wait_for(said.event.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told.exists()


async def test_what_it_logs_is_logged(says: Script, caplog: pytest.LogCaptureFixture) -> None:
    lines = (
        "2026-11-22 10:00:00,000 WARNING retrieval.building: a file is odd",
        "2026-11-22 10:00:00,000 ERROR bot.__main__: this is a bug",
        "Traceback (most recent call last):",
        "doslovno: said as a failure too",
    )
    logging_ = f"print({chr(10).join(lines)!r}, file=sys.stderr)"
    with caplog.at_level(logging.INFO):
        await first(says(logging_, saying(built=built_record(BUILT))))
    assert caplog.record_tuples == [
        ("retrieval.building", logging.WARNING, "a file is odd"),
        ("bot.__main__", logging.ERROR, "this is a bug"),
        ("bot.__main__", logging.ERROR, "Traceback (most recent call last):"),
    ]


async def test_how_far_it_is_goes_into_the_log_now_and_then(
    says: Script, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "SOME_TIME", 0)
    steps = [saying(progress=[1, 4]), saying(progress=[0, 0]), saying(built=built_record(BUILT))]
    with caplog.at_level(logging.INFO):
        await first(says(*steps))
    assert caplog.messages == ["indexing: 25%", "indexing: 0%"]


async def test_a_process_that_cannot_be_started_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rebuilding, "COMMAND", (str(tmp_path / "none"),))
    with pytest.raises(GenerationError, match="no process can be started"):
        await first(in_a_child(tmp_path, tmp_path))


def test_what_was_built_goes_through_a_line() -> None:
    assert built_from(built_record(BUILT)) == BUILT
