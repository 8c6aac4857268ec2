"""The one path of articles that arrive: what the ledger notes, and what is news."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.database import StoreError
from bot.intake import REPRINTED, ReloadRunning
from retrieval.corpus import CorpusError
from tests.newsroom import Newsroom

OIL = "Нефть\n\nДобыча нефти на шельфе выросла вдвое за один год, сообщили в министерстве.\n"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    opened = await Newsroom.open(tmp_path)
    yield opened
    await opened.store.close()


async def news(room: Newsroom) -> list[tuple[str, str]]:
    found = await room.store.news(0, await room.store.last_news())
    return [(each.article_id, each.kind) for each in found]


async def test_where_nobody_is_subscribed_nothing_is_news(room: Newsroom) -> None:
    await room.arrive(oil=OIL)
    assert await news(room) == []
    assert list(await room.store.known_articles()) == ["oil.txt"]


async def test_what_came_while_the_bot_was_down_is_news_at_start(room: Newsroom) -> None:
    await room.subscribe(1)
    await room.searcher.reload(room.now)
    (room.folder / "articles/oil.txt").write_text(OIL, encoding="utf-8")
    await room.searcher.reload(room.now)  # as a start does
    await room.intake.record()
    assert await news(room) == [("oil.txt", "new")]


async def test_what_could_not_be_written_down_is_news_later(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await room.subscribe(1)

    async def full(*_: object) -> None:
        raise StoreError("database or disk is full")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(room.store, "record_articles", full)
        await room.arrive(oil=OIL)
    assert "the article ledger was not written: database or disk is full" in caplog.text
    assert await news(room) == []
    ending, write = asyncio.Event(), room.store.record_articles

    async def written(*arguments: Any) -> None:
        await write(*arguments)
        ending.set()

    monkeypatch.setattr(room.store, "record_articles", written)
    await asyncio.wait_for(room.intake.run(ending), 10)
    assert await news(room) == [("oil.txt", "new")]


async def test_an_article_that_comes_back_is_not_new(room: Newsroom) -> None:
    await room.subscribe(1)
    await room.arrive(oil=OIL)
    (room.folder / "articles/oil.txt").unlink()
    await room.intake.refresh()
    await room.arrive(oil=OIL)
    assert await news(room) == [("oil.txt", "new")]


async def test_a_reprint_belongs_to_the_story_for_a_week(room: Newsroom) -> None:
    await room.subscribe(1)
    await room.arrive(oil=OIL)
    await room.arrive(copy="Перепечатка\n\n" + OIL)
    room.now += REPRINTED + timedelta(hours=1)
    await room.arrive(late="Ещё раз\n\n" + OIL)
    stories = [each.story for each in await room.store.news(0, 9)]
    assert stories == [1, 1, 3]


async def test_a_second_reload_that_is_asked_for_is_refused(room: Newsroom) -> None:
    done = await asyncio.gather(*(room.intake.reload() for _ in range(3)), return_exceptions=True)
    kinds = sorted(type(one).__name__ for one in done)
    assert kinds == ["ReloadReport", "ReloadRunning", "ReloadRunning"]
    assert issubclass(ReloadRunning, Exception)
    assert (await room.intake.reload()).articles == 0


async def test_feeds_and_uploads_wait_for_a_reload_that_runs(room: Newsroom) -> None:
    first = asyncio.ensure_future(room.intake.reload())
    (room.folder / "articles/oil.txt").write_text(OIL, encoding="utf-8")
    reports = [await first, *await asyncio.gather(room.intake.refresh(), room.intake.refresh())]
    assert [report.articles for report in reports][1:] == [1, 1]
    assert [name for report in reports for name in report.added] == ["oil.txt"]


async def test_a_folder_that_cannot_be_read_leaves_the_archive_and_the_ledger(
    room: Newsroom,
) -> None:
    await room.arrive(oil=OIL)
    (room.folder / "articles").rename(room.folder / "elsewhere")
    with pytest.raises(CorpusError):
        await room.intake.reload()
    assert room.searcher.article("oil.txt")
    (room.folder / "elsewhere").rename(room.folder / "articles")
    assert (await room.intake.reload()).articles == 1  # the refused one is not still «running»
