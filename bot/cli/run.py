"""`doslovno run`: the bot, until it is told to stop."""

import argparse
import asyncio

from bot import app
from bot.cli import opening
from bot.opening import settle
from bot.settings import Settings


def main(settings: Settings, _options: argparse.Namespace) -> int:
    """Run the bot against Telegram."""
    settings.require_token()
    try:
        archive = opening.opened(settings)
    except KeyboardInterrupt:  # while the index is built there is nothing to finish
        return 0
    settle()
    asyncio.run(app.run(settings, archive))
    return 0
