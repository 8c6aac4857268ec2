"""The archive for a command of the terminal: with a bar while articles are analysed."""

import sys

from bot.opening import Opened, open_archive
from bot.settings import Settings


def opened(settings: Settings) -> Opened:
    """The archive, with a progress bar on stderr while it is built or brought up to date."""
    if not sys.stderr.isatty():
        return open_archive(settings.corpus_dir, settings.state_dir)
    from bot import terminal  # noqa: PLC0415 -- what draws a bar takes long to import

    with terminal.progress("indexing") as show:
        return open_archive(settings.corpus_dir, settings.state_dir, show)
