"""The bot with a clock that a test moves: `doslovno run`, but for the time it believes in.

Run as `python -m tests.clocked_bot`; the file that DOSLOVNO_CLOCK names holds the seconds by which
the bot's clock is ahead of the real one. It is read each time the clock is asked.
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import app, logs, settings
from bot.opening import open_archive

VARIABLE = "DOSLOVNO_CLOCK"


def clock_of(path: Path) -> datetime:
    """The time now, aware, UTC; without the file it is the real one."""
    ahead = float(path.read_text(encoding="utf-8")) if path.exists() else 0.0
    return datetime.now(UTC) + timedelta(seconds=ahead)


def main() -> None:
    chosen = settings.load()
    logs.configure(chosen.log_level, (chosen.require_token(),))
    archive = open_archive(chosen.corpus_dir, chosen.state_dir)
    path = Path(os.environ[VARIABLE])
    asyncio.run(app.run(chosen, archive, clock=lambda: clock_of(path)))


if __name__ == "__main__":
    main()
