"""Fields that people write beside an article: front matter, JSON lines, sidecars; checked here."""

import datetime
import re
import reprlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from retrieval.dates import read_date
from retrieval.models import PartialDate, Reason

_SHOWN = 120


class RefusedError(Exception):
    """A file or a line of it that cannot be taken in: why, in which line, and how to mend it."""

    def __init__(self, reason: Reason, detail: str, line: int | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.line = line


@dataclass(frozen=True, slots=True)
class Fields:
    """What is given explicitly about an article; None where it is not."""

    title: str | None = None
    source: str | None = None
    date: PartialDate | None = None
    url: str | None = None
    author: str | None = None
    id: str | None = None


NAMES = ("title", "source", "date", "url", "author", "id")


def read_fields(given: Mapping[str, object]) -> Fields:
    """Check and normalise the known fields; others are ignored.

    Raises RefusedError (FIELD or DATE) naming the field: a wrong type, a url that is not http(s),
    a date that does not exist. An empty value is a field not given.
    """
    return Fields(
        title=_text("title", given),
        source=_text("source", given),
        date=_date(given.get("date")),
        url=_url(given),
        author=_text("author", given),
        id=_id(given),
    )


def read_sidecar(text: str) -> Fields:
    """Read a `NAME.meta.toml`: the same fields, with TOML's own dates as well, and no others.

    Raises RefusedError (SIDECAR) with the line or the field.
    """
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        problem = f'{one_line(str(error))}; expected lines such as source = "Zakon.kz"'
        raise RefusedError(Reason.SIDECAR, problem, int(line[1]) if line else None) from error
    if unknown := [name for name in given if name not in NAMES]:
        raise RefusedError(
            Reason.SIDECAR, f"unknown field {one_line(unknown[0])}; known are {', '.join(NAMES)}"
        )
    try:
        return read_fields(given)
    except RefusedError as error:
        raise RefusedError(Reason.SIDECAR, error.detail) from error


def one_line(text: str) -> str:
    """A text as a report may show it: printable, and cut if it is long."""
    shown = printable(text[: _SHOWN + 1])
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def printable(text: str) -> str:
    """The text with control characters and lone half characters escaped as Python does it."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def _wrong(name: str, value: object, wanted: str) -> RefusedError:
    seen = f"{type(value).__name__} {reprlib.repr(value)}"  # aliases in YAML can be a bomb
    return RefusedError(Reason.FIELD, f"{name} must be {wanted}, not {one_line(seen)}")


def _text(name: str, given: Mapping[str, object]) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _wrong(name, value, "text in quotes")
    return " ".join(_whole(name, value).split()) or None


def _whole(name: str, text: str) -> str:
    """The text, if it can be written as UTF-8: JSON can name half a character («\\ud83d»)."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RefusedError(
            Reason.FIELD, f"{name} holds half of a character at {error.start}"
        ) from error
    return text


def _id(given: Mapping[str, object]) -> str | None:
    value = given.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text("id", given)


def _url(given: Mapping[str, object]) -> str | None:
    value = _text("url", given)
    if value is None or is_web_address(value):
        return value
    raise _wrong("url", value, "an address that starts with http:// or https://")


def is_web_address(text: str) -> bool:
    """Whether it is an http(s) address with a host, fit to be a link."""
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and has_host and not re.search(r"\s", text)


def _date(value: object) -> PartialDate | None:
    """A date from what YAML, JSON and TOML can say; a timestamp gives its day.

    Raises RefusedError: DATE where there is no such day, FIELD for other types.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime.date):
        return PartialDate(value.year, value.month, value.day)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _wrong("date", value, "text such as 2025-12-19")
    if (date := read_date(str(value))) is None:
        wanted = "write an existing YYYY-MM-DD, YYYY-MM or YYYY"
        raise RefusedError(Reason.DATE, f"{one_line(repr(value))} is no date; {wanted}")
    return date
