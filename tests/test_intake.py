"""The one path of articles that arrive: what the ledger notes, and what is news."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.database import StoreError
from bot.intake import REPRINTED, ReloadRunning
from bot.store.ledger import Known
from retrieval.corpus import CorpusError
from retrieval.storing.lock import Lock
from tests.builders import corpus
from tests.newsroom import Newsroom

GAS = "Газ\n\nЭкспорт газа упал на треть, говорится в отчёте ведомства за квартал.\n"
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
    assert list(await room.store.standing_digests()) == ["oil.txt"]


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

    async def full(*_: object, **_options: object) -> None:
        raise StoreError("database or disk is full")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(room.store, "record_articles", full)
        await room.arrive(oil=OIL)
    assert "the article ledger was not written: database or disk is full" in caplog.text
    assert await news(room) == []
    ending, write = asyncio.Event(), room.store.record_articles

    async def written(*arguments: Any, **options: Any) -> None:
        await write(*arguments, **options)
        ending.set()

    monkeypatch.setattr(room.store, "record_articles", written)
    await asyncio.wait_for(room.intake.run(ending), 10)
    assert await news(room) == [("oil.txt", "new")]


async def test_where_a_report_says_what_has_changed_only_that_is_looked_at(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.subscribe(1)
    await room.arrive(oil=OIL)
    monkeypatch.setattr(room.store, "standing_digests", None)
    looked_at: list[list[str]] = []
    known_articles = room.store.known_articles

    async def noted(article_ids: Sequence[str]) -> dict[str, Known]:
        looked_at.append(list(article_ids))
        return await known_articles(article_ids)

    monkeypatch.setattr(room.store, "known_articles", noted)
    await room.arrive(gas=GAS)
    (room.folder / "articles/oil.txt").unlink()
    await room.intake.refresh()
    await room.intake.refresh()
    assert looked_at == [["gas.txt"], []]
    assert await news(room) == [("oil.txt", "new"), ("gas.txt", "new")]


async def test_after_a_failure_the_whole_ledger_is_compared(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.subscribe(1)
    await room.intake.record()
    assert room.intake.recorded.is_set()

    async def full(*_arguments: object, **_options: object) -> None:
        raise StoreError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(room.store, "record_articles", full)
        await room.arrive(oil=OIL)
    await room.arrive(gas=GAS)
    assert sorted(await news(room)) == [("gas.txt", "new"), ("oil.txt", "new")]


async def test_a_large_archive_is_brought_up_to_date_when_the_bot_answers_already(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.intake.LOOK", 0.01)
    await room.subscribe(1)
    corpus(room.folder / "articles", {"oil.txt": OIL})
    room.searcher.behind = True
    ending, written, write = asyncio.Event(), asyncio.Event(), room.store.record_articles

    async def noted(*arguments: Any, **options: Any) -> None:
        await write(*arguments, **options)
        written.set()

    monkeypatch.setattr(room.store, "record_articles", noted)
    with Lock(room.folder / "state/index"):
        running = asyncio.ensure_future(room.intake.run(ending))
        await asyncio.wait_for(room.intake.recorded.wait(), 30)
        behind = [room.searcher.behind]
    await asyncio.wait_for(written.wait(), 30)
    ending.set()
    await running
    assert [*behind, room.searcher.behind] == [True, False]
    assert await news(room) == [("oil.txt", "new")]
    assert "the corpus folder is looked at later" in caplog.text


async def test_a_folder_that_cannot_be_looked_at_later_is_said_once(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.intake.LOOK", 0.01)
    (room.folder / "articles").rename(room.folder / "elsewhere")
    room.searcher.behind = True
    ending = asyncio.Event()
    running = asyncio.ensure_future(room.intake.run(ending))
    await asyncio.wait_for(room.intake.recorded.wait(), 30)
    ending.set()
    await running
    said = [line for line in caplog.messages if "answering from the index as it was" in line]
    assert len(said) == 1


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
