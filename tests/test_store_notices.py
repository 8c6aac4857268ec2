"""What admins are told: each cause once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.notices import Notice, Notices

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def notices(tmp_path: Path) -> AsyncIterator[Notices]:
    opened = await Notices.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


async def test_notices_are_told_in_the_order_they_were_made(notices: Notices) -> None:
    await notices.add_notice("b", "первое", NOW)
    await notices.add_notice("a", "второе", NOW)
    await notices.add_notice("c", "нулевое", NOW - HOUR)
    assert [notice.text for notice in await notices.untold_notices()] == [
        *("нулевое", "первое", "второе"),
    ]


async def test_a_cause_is_told_once(notices: Notices) -> None:
    await notices.add_notice("a", "уран", NOW)
    await notices.add_notice("a", "нефть", NOW)
    assert await notices.untold_notices() == [Notice("a", "уран")]
    await notices.notice_told("a")
    assert await notices.untold_notices() == []
    await notices.add_notice("a", "уран", NOW + HOUR)
    assert await notices.untold_notices() == []


async def test_what_was_told_is_forgotten_in_time(notices: Notices) -> None:
    for key in ("told", "untold"):
        await notices.add_notice(key, key, NOW)
    await notices.notice_told("told")
    await notices.forget_notices(NOW)
    await notices.add_notice("told", "again", NOW)
    assert await notices.untold_notices() == [Notice("untold", "untold")]
    await notices.forget_notices(NOW + HOUR)
    await notices.add_notice("told", "again", NOW)
    assert [notice.text for notice in await notices.untold_notices()] == ["untold", "again"]
