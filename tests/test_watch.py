"""The watcher of the corpus folder, with real folders."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

import bot.watch
from bot.watch import _counts, watch
from retrieval.corpus import CorpusError

SECONDS = 20


class Watched:
    """A watcher at work: `refreshed` waits for the next call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ending = asyncio.Event()
        self.error: Exception | None = None
        self._calls: asyncio.Queue[None] = asyncio.Queue()
        self.task = asyncio.create_task(watch(folder, self._refresh, self.ending, 0.01))

    async def _refresh(self) -> None:
        self._calls.put_nowait(None)
        if self.error:
            raise self.error

    async def refreshed(self) -> None:
        await asyncio.wait_for(self._calls.get(), SECONDS)

    @property
    def is_quiet(self) -> bool:
        return self._calls.empty()


Watching = Callable[[Path], Awaitable[Watched]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CALM", "LOOK"):
        monkeypatch.setattr(bot.watch, name, 100)


@pytest.fixture
async def watching() -> AsyncIterator[Watching]:
    """Begins to watch a folder; whatever happens, the watch ends with the test."""
    begun: list[Watched] = []

    async def watched(folder: Path) -> Watched:
        begun.append(Watched(folder))
        return begun[-1]

    yield watched
    for each in begun:
        each.ending.set()
        await asyncio.wait_for(each.task, SECONDS)


async def test_what_was_there_when_the_watch_begins_is_looked_at_once(
    watching: Watching, tmp_path: Path
) -> None:
    watched = await watching(tmp_path)
    await watched.refreshed()
    assert watched.is_quiet


async def test_a_batch_of_files_is_one_change(watching: Watching, tmp_path: Path) -> None:
    watched = await watching(tmp_path)
    await watched.refreshed()
    (tmp_path / "feeds").mkdir()
    for number in range(20):
        (tmp_path / "feeds" / f"{number}.txt").write_text("Текст.", "utf-8")
    await watched.refreshed()
    assert watched.is_quiet


@pytest.mark.parametrize("name", ["a.txt", "deep/er/a.txt"])
async def test_a_removed_and_a_changed_file_are_changes(
    name: str, watching: Watching, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Текст.", "utf-8")
    watched = await watching(tmp_path)
    await watched.refreshed()
    path.write_text("Другой текст.", "utf-8")
    await watched.refreshed()
    path.unlink()
    await watched.refreshed()


async def test_hidden_and_temporary_files_are_no_change(watching: Watching, tmp_path: Path) -> None:
    watched = await watching(tmp_path)
    await watched.refreshed()
    for name in (".a.txt.part", "b.txt.tmp", "c.txt~"):
        (tmp_path / name).write_text("Текст.", "utf-8")
    (tmp_path / ".a.txt.part").replace(tmp_path / "a.txt")
    await watched.refreshed()
    assert watched.is_quiet


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("/c/a.txt", True),
        ("/c/feeds/zakon.kz", True),
        ("/c/.a.txt.part", False),
        ("/c/.git/index.txt", False),
        ("/c/a.txt~", False),
        ("/c/a.md.crdownload", False),
        ("/elsewhere/a.txt", False),
    ],
)
def test_which_files_count(path: str, counts: bool) -> None:
    assert _counts(path, Path("/c")) is counts


async def test_a_missing_folder_is_waited_for_and_said_once(
    watching: Watching,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: asyncio.Queue[Path] = asyncio.Queue()
    identity = bot.watch._identity

    def tried(folder: Path) -> tuple[int, int]:
        tries.put_nowait(folder)
        return identity(folder)

    monkeypatch.setattr(bot.watch, "_identity", tried)
    watched = await watching(tmp_path / "articles")
    for _ in range(3):
        await asyncio.wait_for(tries.get(), SECONDS)
    watched.folder.mkdir()
    await watched.refreshed()
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        f"{watched.folder} is not watched, and will be tried again"
    ]


async def test_a_folder_that_is_replaced_is_looked_at_and_watched_again(
    watching: Watching, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    watched = await watching(folder)
    await watched.refreshed()
    folder.rename(tmp_path / "old")
    folder.mkdir()
    await watched.refreshed()
    (folder / "a.txt").write_text("Текст.", "utf-8")
    await watched.refreshed()


async def test_a_failing_reload_is_said_and_the_watch_goes_on(
    watching: Watching, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watched = await watching(tmp_path)
    watched.error = CorpusError("the folder cannot be read")
    await watched.refreshed()
    watched.error = None
    (tmp_path / "a.txt").write_text("Текст.", "utf-8")
    await watched.refreshed()
    assert "the folder cannot be read" in caplog.text
