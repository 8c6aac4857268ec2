"""Prompts: one a person and chat, taken once, and not when they are old."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.prompts import Prompt, Prompts

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANNA, CHAT = 1001, 1001


@pytest.fixture
async def prompts(tmp_path: Path) -> AsyncIterator[Prompts]:
    opened = await Prompts.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


async def test_a_prompt_is_taken_once(prompts: Prompts) -> None:
    await prompts.ask_for(CHAT, ANNA, "date", 7, NOW)
    assert await prompts.take_prompt(CHAT, ANNA, NOW - SECOND) == Prompt("date", 7, NOW)
    assert await prompts.take_prompt(CHAT, ANNA, NOW - SECOND) is None


async def test_an_old_prompt_is_not_taken_and_goes(prompts: Prompts) -> None:
    await prompts.ask_for(CHAT, ANNA, "date", 7, NOW)
    assert await prompts.take_prompt(CHAT, ANNA, NOW) is None
    assert await prompts.take_prompt(CHAT, ANNA, NOW - SECOND) is None


async def test_the_last_prompt_counts(prompts: Prompts) -> None:
    await prompts.ask_for(CHAT, ANNA, "date", 7, NOW)
    await prompts.ask_for(CHAT, ANNA, "source", 8, NOW + SECOND)
    assert await prompts.take_prompt(CHAT, ANNA, NOW) == Prompt("source", 8, NOW + SECOND)
    assert await prompts.take_prompt(CHAT, ANNA, NOW - SECOND) is None


@pytest.mark.parametrize(("chat", "user"), [(CHAT, 1002), (-100, ANNA)])
async def test_a_prompt_is_one_persons_in_one_chat(prompts: Prompts, chat: int, user: int) -> None:
    await prompts.ask_for(CHAT, ANNA, "date", 7, NOW)
    assert await prompts.take_prompt(chat, user, NOW - SECOND) is None
    await prompts.drop_prompt(chat, user)
    assert await prompts.take_prompt(CHAT, ANNA, NOW - SECOND)


async def test_a_dropped_prompt_is_gone(prompts: Prompts) -> None:
    await prompts.ask_for(CHAT, ANNA, "date", 7, NOW)
    await prompts.drop_prompt(CHAT, ANNA)
    assert await prompts.take_prompt(CHAT, ANNA, NOW - SECOND) is None
