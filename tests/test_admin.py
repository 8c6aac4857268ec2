"""What an admin is told of a reload: one line for each way in which it may fail."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Update

from bot import texts
from bot.handlers import admin
from bot.intake import ReloadRunning
from bot.message import Reply
from bot.rebuilding import Interrupted, NoSpaceError
from bot.render import ReloadReport
from bot.services import Context
from retrieval.corpus import CorpusError
from retrieval.storage import GenerationError
from retrieval.storing.lock import LockError

REPORT = ReloadReport((), (), (), (), 5, 0.25)


async def told(monkeypatch: pytest.MonkeyPatch, outcome: ReloadReport | Exception) -> str:
    """The reply to a /reload that comes to this."""
    sent: list[str] = []

    async def reload() -> ReloadReport:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def send(_bot: object, chat: int, reply: Reply, to: int) -> None:
        assert (chat, to) == (1, 2)
        sent.append(reply.text)

    monkeypatch.setattr("bot.replies.send", send)
    services = SimpleNamespace(intake=SimpleNamespace(reload=reload))
    update: Any = SimpleNamespace(effective_message=SimpleNamespace(chat_id=1, message_id=2))
    context: Any = SimpleNamespace(services=services, bot=None)
    await admin.reload(cast("Update", update), cast("Context", context))
    (text,) = sent
    return text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ReloadRunning(), texts.RELOAD_RUNNING),
        (CorpusError("articles cannot be read"), texts.RELOAD_FAILED),
        (LockError(Path("index"), 7), texts.RELOAD_LOCKED),
        (NoSpaceError("cannot write the index"), texts.RELOAD_NO_SPACE),
        (Interrupted("ended by SIGKILL"), texts.RELOAD_INTERRUPTED),
        (GenerationError("cannot write the index"), texts.NOT_WRITTEN),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_a_reload_that_fails_is_one_line(
    monkeypatch: pytest.MonkeyPatch, error: Exception, text: str
) -> None:
    assert await told(monkeypatch, error) == text
    assert "\n" not in text


async def test_a_reload_that_succeeds_is_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await told(monkeypatch, REPORT) == "\n".join(
        ("Архив перечитан за 0,2 с. В архиве 5 статей.", "", texts.NO_CHANGES)
    )
