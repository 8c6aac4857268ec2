"""Uploads in the store: kept with what was fixed, in their own chat, for two days."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.uploads import Upload, Uploads
from retrieval.models import PartialDate

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
DAY = timedelta(days=1)
CHAT, OTHER = 1, 2
BYTES = bytes(range(256))


@pytest.fixture
async def uploads(tmp_path: Path) -> AsyncIterator[Uploads]:
    opened = await Uploads.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


async def test_an_upload_is_kept_to_the_byte(uploads: Uploads) -> None:
    added = await uploads.add_upload(CHAT, "уран.txt", BYTES, NOW)
    assert added == Upload(added.id, CHAT, "уран.txt", BYTES)
    assert await uploads.upload(added.id, CHAT) == added


async def test_an_upload_belongs_to_its_chat(uploads: Uploads) -> None:
    added = await uploads.add_upload(CHAT, "a.txt", BYTES, NOW)
    assert await uploads.upload(added.id, OTHER) is None


@pytest.mark.parametrize(
    "date", [PartialDate(2026), PartialDate(2026, 11), PartialDate(2026, 11, 12), None]
)
@pytest.mark.parametrize("source", ["Zakon.kz", None])
async def test_what_was_fixed_is_kept_and_can_be_taken_back(
    uploads: Uploads, source: str | None, date: PartialDate | None
) -> None:
    number = (await uploads.add_upload(CHAT, "a.txt", BYTES, NOW)).id
    await uploads.fix_source(number, "Trend")
    await uploads.fix_date(number, PartialDate(2025))
    await uploads.fix_source(number, source)
    await uploads.fix_date(number, date)
    assert await uploads.upload(number, CHAT) == Upload(number, CHAT, "a.txt", BYTES, source, date)


async def test_an_upload_is_dropped_alone(uploads: Uploads) -> None:
    first = await uploads.add_upload(CHAT, "a.txt", BYTES, NOW)
    second = await uploads.add_upload(CHAT, "a.txt", BYTES, NOW)
    await uploads.drop_upload(first.id)
    assert await uploads.upload(first.id, CHAT) is None
    assert await uploads.upload(second.id, CHAT) == second


async def test_after_two_days_an_upload_goes(uploads: Uploads) -> None:
    old = await uploads.add_upload(CHAT, "old.txt", BYTES, NOW)
    kept = await uploads.add_upload(CHAT, "kept.txt", BYTES, NOW + DAY)
    new = await uploads.add_upload(CHAT, "new.txt", BYTES, NOW + 2 * DAY + timedelta(seconds=1))
    found = [await uploads.upload(each.id, CHAT) for each in (old, kept, new)]
    assert found == [None, kept, new]
