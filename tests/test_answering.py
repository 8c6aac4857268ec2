"""One answer a question: none twice, an edit in place, another message of the same id anew."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.answering import Asked, answer_question
from bot.fetch import Fetcher
from bot.services import Bot, Services
from bot.settings import Settings
from bot.store import Store
from retrieval.generation import Generation
from tests.builders import ARTICLES

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ASKED = Asked(1, 5, NOW)


@dataclass
class FakeBot:
    """Notes what it is told to do; each message it sends has the next id."""

    done: list[str] = field(default_factory=list)

    async def send_chat_action(self, *_: object) -> None:
        """«Печатает…» is not what is tested here."""

    async def send_message(self, chat_id: int, *_: object, **_options: Any) -> SimpleNamespace:
        self.done.append("sent")
        return SimpleNamespace(chat_id=chat_id, message_id=100 + len(self.done))

    async def edit_message_text(
        self, _text: str, _chat: int, message_id: int, **_options: Any
    ) -> None:
        self.done.append(f"edited {message_id}")


@pytest.fixture
async def services(tmp_path: Path, shipped: Generation) -> AsyncIterator[Services]:
    store = await Store.open(tmp_path / "bot.sqlite3")
    async with Fetcher() as fetcher:
        yield Services.of(Settings(corpus_dir=ARTICLES), store, shipped, lambda: NOW, fetcher)
    await store.close()


@pytest.mark.parametrize(
    ("again", "text", "edited", "done"),
    [
        (ASKED, "уран", False, ["sent"]),
        (ASKED, " уран ", True, ["sent"]),
        (ASKED, "Токаев", True, ["sent", "edited 101"]),
        (ASKED._replace(at=NOW + timedelta(1)), "уран", False, ["sent", "sent"]),
        (ASKED._replace(message_id=6), "уран", False, ["sent", "sent"]),
        (ASKED._replace(chat_id=2), "уран", False, ["sent", "sent"]),
    ],
)
async def test_a_question_is_answered_once(
    services: Services, again: Asked, text: str, edited: bool, done: list[str]
) -> None:
    """A later message of the same id is another one: a new server counts from one again."""
    fake = FakeBot()
    bot = cast("Bot", fake)
    await answer_question(bot, services, ASKED, "уран")
    await answer_question(bot, services, again, text, edited=edited)
    assert fake.done == done
