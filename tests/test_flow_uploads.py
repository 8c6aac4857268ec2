"""Uploads with the real bot in a child process: wiring, restarts, and what others may not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import texts
from bot.texts import uploads as said
from tests.running import ADMIN, READER, Room, quotes_of, room

THORIUM = "Запасы тория\n\nЗапасы тория в Семее оценили заново."


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as opened:
        yield opened


async def send(here: Room, user: int, name: str = "thorium.txt", text: str = THORIUM) -> str:
    """Send a document; the text of the bot's reply."""
    file = {"document": (name, text.encode("cp1251"))}
    return (await here.client.wait_for_reply(await here.client.say(user, files=file))).text


async def test_an_upload_survives_restarts_between_its_steps(here: Room) -> None:
    await send(here, ADMIN)
    (shown,) = [m for m in await here.client.messages(ADMIN) if said.ADD in m.buttons]
    await here.bot.stop()
    await here.start_bot()
    pressed = await here.client.press(ADMIN, shown, said.DATE)
    assert (await here.client.wait_for_reply(pressed, ADMIN)).text == said.ASK_DATE
    await here.bot.stop()
    await here.start_bot()
    fixed = await here.ask("2026-11", ADMIN)
    assert "Дата: ноябрь 2026" in fixed.text
    await here.bot.stop()
    await here.start_bot()
    done = await here.client.wait_for_edit(await here.client.press(ADMIN, fixed, said.ADD), ADMIN)
    assert done.text.startswith(said.ADDED)

    answer = await here.ask("запасы тория")
    assert quotes_of(answer) == ["Запасы тория в Семее оценили заново."]
    assert "ноябрь 2026" in answer.text
    assert "Запасы тория" in (await here.press(done, "Статья", ADMIN)).text


async def test_for_others_documents_and_links_are_as_before(here: Room) -> None:
    assert await send(here, READER) == texts.ONLY_TEXT
    asked = await here.ask("https://zakon.kz/uranium")
    assert said.SOURCE not in asked.buttons
    assert "Страница" not in asked.text
    assert here.rows("SELECT * FROM uploads") == []
    assert len(here.rows("SELECT * FROM answers")) == 1
