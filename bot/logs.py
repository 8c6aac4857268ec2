"""Logging in which the token never appears."""

import logging
import sys
from types import TracebackType
from typing import TypeAlias

ExceptionInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
OURS = ("bot", "retrieval")
REPEATED = ("telegram.request", "trafilatura")
"""Libraries that log what they raise as well, with the contents of messages or pages."""


def redacted(text: str, secrets: tuple[str, ...]) -> str:
    """The text with the secrets, and the part of each behind its colon, blotted out."""
    halves = {secret.rpartition(":")[2] for secret in secrets}
    for part in (*secrets, *(half for half in halves if len(half) >= 8)):
        text = text.replace(part, "[redacted]")
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, and blots out the secrets in what came out.

    It works on the finished line, since a token may arrive in a message, in its arguments, in a
    URL inside an exception or in the source lines of a traceback.
    """

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802
        """An error of Telegram or of the network is foreseen: one line, no traceback."""
        from telegram.error import TelegramError  # noqa: PLC0415 -- long, and `index` needs none

        if isinstance(ei[1], TelegramError):
            return f"{type(ei[1]).__name__}: {ei[1]}"
        return super().formatException(ei)

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record), self._secrets)


def configure(level: str, secrets: tuple[str, ...]) -> None:
    """Send the log to stderr: this project's from `level` up, libraries' from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in REPEATED:
        logging.getLogger(name).setLevel(logging.CRITICAL)
