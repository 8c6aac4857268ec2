"""Works that go on beside the answers: a bug in one stops neither the bot nor the others."""

import asyncio
import logging

import pytest

from bot.background import Background


async def test_works_go_on_till_the_end_comes() -> None:
    ending = asyncio.Event()
    background = Background(ending)
    seen: list[str] = []

    async def work() -> None:
        seen.append("begun")
        await ending.wait()
        seen.append("ended")

    background.start({"work": work})
    await asyncio.sleep(0)
    assert seen == ["begun"]
    ending.set()
    await background.finish()
    assert seen == ["begun", "ended"]


async def test_a_bug_in_one_is_said_and_it_is_begun_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.background.PAUSE", 0.0)
    ending = asyncio.Event()
    background = Background(ending)
    begun = 0

    async def broken() -> None:
        nonlocal begun
        begun += 1
        if begun == 3:
            ending.set()
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        background.start({"the broken one": broken, "another": ending.wait})
        await asyncio.wait_for(background.finish(), 10)
    assert begun == 3
    assert caplog.text.count("the broken one stopped by a bug") == 3
    assert "ZeroDivisionError" in caplog.text


async def test_where_nothing_was_begun_there_is_nothing_to_wait_for() -> None:
    await Background(asyncio.Event()).finish()
