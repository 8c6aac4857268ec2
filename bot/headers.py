"""What the headers of an HTTP reply say (RFC 9110)."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_PAUSE = timedelta(days=1)
"""How long a server may ask to be left alone."""
LONGEST_VALIDATOR = 500
"""Characters of an ETag or a date that is sent back."""


def media_type(header: str) -> tuple[str, str | None]:
    """«text/html; charset=windows-1251» as its two parts, in lower case."""
    kind, _, parameters = header.partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", parameters, re.IGNORECASE)
    return kind.strip().lower(), charset[1].lower() if charset else None


def validator(value: str) -> str | None:
    """An ETag or Last-Modified as it is sent back next time, None where it could not be."""
    fit = value.isascii() and value.isprintable() and len(value) <= LONGEST_VALIDATOR
    return value if value and fit else None


def asked_pause(header: str | None, now: datetime) -> timedelta:
    """What Retry-After asks for, in seconds or as a date; no time where it says nothing."""
    longest = LONGEST_PAUSE.total_seconds()
    try:
        seconds = float(int(header or "0"))
    except (ValueError, OverflowError):
        seconds = _seconds_until(header or "", now)
    return timedelta(seconds=min(max(seconds, 0.0), longest))


def _seconds_until(header: str, now: datetime) -> float:
    try:
        at = parsedate_to_datetime(header)
        return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
