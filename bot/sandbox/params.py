"""A request's parameters, read the same whichever way they came.

Telegram takes a query string, a form, a multipart form or a JSON body; all of them end here as
strings by name (JSON values re-encoded), and uploads by name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.wire import BadRequest, Json

_TRUE = ("true", "yes", "1")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    mime: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Params:
    """What a request says; every reader takes a name and gives a value of one type."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in _TRUE

    def number(self, name: str, default: int = 0) -> int:
        """An integer; as at Telegram, what is not one counts as not given."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def parsed(self, name: str) -> object:
        """A value given as JSON, None where there is none."""
        if not self.text(name):
            return None
        try:
            value: object = json.loads(self.text(name))
        except (ValueError, RecursionError) as error:
            raise BadRequest(f"can't parse {name} JSON object") from error
        return value

    def mapping(self, name: str) -> Json:
        """A JSON object, empty where there is none."""
        return as_object(self.parsed(name), name)

    def array(self, name: str) -> list[object]:
        """A JSON array, empty where there is none."""
        value = self.parsed(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise BadRequest(f"can't parse {name}: expected an Array")
        return value

    def shown(self) -> Json:
        """For the journal: the values, and of files name and size only."""
        files = {
            name: {"file_name": file.name, "size": len(file.body)}
            for name, file in self.files.items()
        }
        return {**self.values, **files}


def as_object(value: object, name: str) -> Json:
    """The value if it is a JSON object, or nothing at all; BadRequest else."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest(f"can't parse {name}: expected an Object")
    return value


def from_json(body: bytes) -> dict[str, str]:
    """The fields of a JSON body as strings."""
    try:
        fields = as_object(json.loads(body), "request")
    except (ValueError, RecursionError) as error:
        raise BadRequest("can't parse request JSON object") from error
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in fields.items()
        if value is not None
    }
