"""Texts with entities, checked and tidied by the rules of TDLib's `fix_formatted_text`.

Offsets and lengths are in UTF-16 code units. `parse_mode` is not read here or anywhere in the
sandbox: a request with one is refused, since the bot formats by entities only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import NamedTuple

from bot.sandbox.wire import BadRequest, Json

MAX_ENTITIES = 100
MAX_OFFSET = 1_000_000
BLOCKQUOTES = ("blockquote", "expandable_blockquote")
CONTINUOUS = ("pre", "code", "text_link", "text_mention", "custom_emoji")
DETECTED = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")
"""Entities that Telegram finds by itself and takes from nobody."""
SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
FORMATS = (*BLOCKQUOTES, *CONTINUOUS, *SPLITTABLE)
_RANKS = {
    kind: rank for rank, kind in enumerate((*BLOCKQUOTES, *CONTINUOUS, *DETECTED, *SPLITTABLE))
}
_BLANKS = (" ", "\n")
_REMOVED = {"\r", *map(chr, range(0x2028, 0x202F)), "\u0333", "\u033f", "\u030a"}
_TO_SPACE = {chr(code) for code in range(33)} - {"\n", "\r"}


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text with a meaning; `extra` holds url, language and the like."""

    type: str
    offset: int
    length: int
    extra: Json = field(default_factory=dict, hash=False)

    @property
    def stop(self) -> int:
        return self.offset + self.length

    def as_json(self) -> Json:
        """The Bot API's MessageEntity."""
        return {"type": self.type, "offset": self.offset, "length": self.length} | self.extra


class Text(NamedTuple):
    """A text and its entities, in order."""

    text: str = ""
    entities: tuple[Entity, ...] = ()


EMPTY = Text()


def units(text: str) -> int:
    """The length in UTF-16 code units, which is what Telegram counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def tidy(text: str, entities: Iterable[Entity] = ()) -> Text:
    """The text as Telegram keeps it: cleaned and trimmed, entities moved along or dropped.

    Raises BadRequest for text that is not Unicode and for an entity that begins or ends outside
    of the text or inside of a surrogate pair. Entities that cross or nest as Telegram forbids
    (a blockquote in a blockquote) are dropped, as there; so are those after the hundredth.
    """
    _check_encoding(text)
    wanted = [entity for entity in entities if _in_bounds(entity).length]
    moved = list(_clean_entities(text, wanted))
    trimmed = _trim("".join(map(_clean_char, text)), _legal(moved))
    return _trim(trimmed.text, _legal(trimmed.entities))


def _check_encoding(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest("strings must be encoded in UTF-8") from error


def _in_bounds(entity: Entity) -> Entity:
    for name, value in (("offset", entity.offset), ("length", entity.length)):
        if not 0 <= value <= MAX_OFFSET:
            raise BadRequest(f"receive an entity with incorrect {name} {value}")
    return entity


def _clean_char(char: str) -> str:
    if char in _REMOVED:
        return ""
    return " " if char in _TO_SPACE else char


def _clean_entities(text: str, entities: Iterable[Entity]) -> Iterator[Entity]:
    """The entities as they lie after cleaning; `places` maps old offsets to new ones."""
    old = accumulate(map(units, text), initial=0)
    new = accumulate((units(_clean_char(char)) for char in text), initial=0)
    places = dict(zip(old, new, strict=True))
    for entity in entities:
        start = _place(text, places, entity.offset, "Entity begins")
        ends = f"Entity beginning at UTF-16 offset {entity.offset} ends"
        stop = _place(text, places, entity.stop, ends)
        yield replace(entity, offset=start, length=stop - start)


def _place(text: str, places: dict[int, int], offset: int, what: str) -> int:
    if offset in places:
        return places[offset]
    what = what[0].lower() + what[1:]
    if offset > max(places):
        raise BadRequest(f"{what} after the end of the text at UTF-16 offset {offset}")
    before = text.encode("utf-16-le")[: 2 * (offset + 1)].decode("utf-16-le")
    raise BadRequest(f"{what} in a middle of a UTF-16 symbol at byte offset {len(before.encode())}")


def order(entity: Entity) -> tuple[int, int, int]:
    """Sorts entities: the outer before the inner."""
    return entity.offset, -entity.length, _RANKS[entity.type]


def _legal(entities: Sequence[Entity]) -> list[Entity]:
    """What of the entities may stand together, at most a hundred."""
    quotes = _apart(entity for entity in entities if entity.type in BLOCKQUOTES)
    solid = _apart(entity for entity in entities if entity.type not in (*SPLITTABLE, *BLOCKQUOTES))
    solid = [entity for entity in solid if not any(_cross(entity, quote) for quote in quotes)]
    kept = quotes + solid
    for kind in SPLITTABLE:
        same = _united(entity for entity in entities if entity.type == kind)
        kept += [part for entity in same for part in _split(entity, kept)]
    return sorted(kept, key=order)[:MAX_ENTITIES]


def _apart(entities: Iterable[Entity]) -> list[Entity]:
    """Those that don't overlap one that stands earlier."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=order):
        if not kept or kept[-1].stop <= entity.offset:
            kept.append(entity)
    return kept


def _cross(one: Entity, other: Entity) -> bool:
    """Do they overlap without the first lying inside of the second?"""
    apart = one.stop <= other.offset or other.stop <= one.offset
    return not apart and not (other.offset <= one.offset and one.stop <= other.stop)


def _united(entities: Iterable[Entity]) -> list[Entity]:
    """Entities of one type with those that touch made one."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=order):
        if kept and entity.offset <= kept[-1].stop:
            stop = max(kept[-1].stop, entity.stop)
            kept[-1] = replace(kept[-1], length=stop - kept[-1].offset)
        else:
            kept.append(entity)
    return kept


def _split(entity: Entity, others: Iterable[Entity]) -> Iterator[Entity]:
    """The entity cut where one that it overlaps only in part begins or ends."""
    inside = {
        edge
        for other in others
        if _cross(entity, other) and _cross(other, entity)
        for edge in (other.offset, other.stop)
        if entity.offset < edge < entity.stop
    }
    edges = [entity.offset, *sorted(inside), entity.stop]
    for start, stop in pairwise(edges):
        yield replace(entity, offset=start, length=stop - start)


def _trim(text: str, entities: list[Entity]) -> Text:
    """Without blanks at both ends, entities without blanks before them, none of blanks only."""
    lead = len(text) - len(text.lstrip("".join(_BLANKS)))
    body = text.strip("".join(_BLANKS))
    wide = _wide(body)
    moved = (_fitted(entity, lead, wide) for entity in entities)
    return Text(body, tuple(sorted((entity for entity in moved if entity), key=order)))


def _wide(text: str) -> list[str]:
    """One item a UTF-16 code unit: the character, and «» for the second half of a pair."""
    return [unit for char in text for unit in ((char, "") if char > "\uffff" else (char,))]


def _fitted(entity: Entity, lead: int, wide: list[str]) -> Entity | None:
    start, stop = max(entity.offset - lead, 0), min(entity.stop - lead, len(wide))
    while start < stop and wide[start] in _BLANKS:
        start += 1
    return replace(entity, offset=start, length=stop - start) if start < stop else None
