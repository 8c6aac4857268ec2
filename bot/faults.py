"""What an error means for a digest: whether it passes, whose it is, and how it is told."""

import re

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.database import StoreError
from bot.limiter import is_passing, seconds
from bot.message import shortened

LONGEST_WAIT = 86_400.0
"""Seconds that a 429 may make a chat wait."""
LONGEST_ERROR = 300
"""Characters of an error that are kept and shown."""
CLOSED = re.compile(
    r"chat not found|peer_id_invalid|chat_write_forbidden|chat_restricted|topic_closed"
    r"|(not enough|have no|need administrator) rights|chat was deactivated",
    re.IGNORECASE,
)
"""Descriptions of a 400 that concern the chat, not the message."""


def told_to_wait(error: RetryAfter) -> float:
    """Seconds, within reason."""
    return min(max(seconds(error), 1.0), LONGEST_WAIT)


def may_pass(error: BaseException | None) -> bool:
    """Is the network or the token at fault, and not who was written to?"""
    return isinstance(error, InvalidToken) or bool(error and is_passing(error))


def is_closed(error: TelegramError) -> bool:
    """Does Telegram refuse the chat, and not just this message?"""
    refused = isinstance(error, BadRequest) and CLOSED.search(error.message)
    return isinstance(error, Forbidden) or bool(refused)


def said(error: BaseException) -> str:
    """What went wrong, in one line; a fault of the bot by its name only, the log has the rest."""
    foreseen = isinstance(error, TelegramError | StoreError)
    name = type(error).__name__
    return shortened(f"{name}: {error}", LONGEST_ERROR) if foreseen else name
