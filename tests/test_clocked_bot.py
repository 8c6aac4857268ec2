"""A bot whose clock the test moves, in a room of its own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.running import READER, room

NOW = datetime(2031, 3, 1, 12, tzinfo=UTC)
SEEN = f"SELECT last_seen FROM chats WHERE id = {READER}"


async def test_a_bot_believes_in_the_clock_of_the_test(tmp_path: Path) -> None:
    async with room(tmp_path, now=NOW) as here:
        await here.ask("/help")
        assert str(here.rows(SEEN)[0][0]).startswith("2031-03-01T12:0")
        await here.advance(timedelta(days=2, hours=1))
        await here.ask("/help")
        assert str(here.rows(SEEN)[0][0]).startswith("2031-03-03T13:0")
        await here.bot.stop()
        await here.start_bot()
        await here.set_time(NOW + timedelta(days=30))
        await here.ask("/help")
        assert str(here.rows(SEEN)[0][0]).startswith("2031-03-31T12:0")
