"""Entities that Telegram finds in a text by itself: commands, mentions, hashtags, addresses.

The patterns follow those in the comments of TDLib's `MessageEntity.cpp`; addresses without a
scheme are found for common top-level domains only.
"""

import re
from collections.abc import Iterator

from bot.sandbox.formatting import BLOCKQUOTES, SPLITTABLE, Entity, Text, order, units

_DOMAINS = "com|org|net|info|biz|ru|kz|su|by|uz|kg|ua|jp|eu|de|fr|uk|us|io|me|dev|app|news|рф|қаз"
_PATTERNS = (
    ("url", r"\bhttps?://[^\s<>«»\"]+"),
    ("email", r"(?<![\w.+-])[\w.+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+\b"),
    ("url", rf"(?<![\w@.])(?:[\w-]+\.)+(?:{_DOMAINS})\b(?:/[^\s<>«»\"]*)?"),
    ("bot_command", r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"),
    ("mention", r"(?<!\w)@[a-zA-Z0-9_]{3,32}(?!\w)"),
    ("hashtag", r"(?<![\w\u200c])#(?=[\w\u200c]*[^\W\d])[\w\u200c]{1,256}(?![\w\u200c]*#)"),
)
_RULES = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_TAIL = ".,:;!?…'\""


def found(text: str) -> Iterator[Entity]:
    """Entities of the text, no two over the same characters."""
    taken: list[range] = []
    for kind, rule in _RULES:
        for match in rule.finditer(text):
            start, stop = match.start(), match.start() + len(_without_tail(kind, match[0]))
            if not any(start < other.stop and other.start < stop for other in taken):
                taken.append(range(start, stop))
                yield Entity(kind, units(text[:start]), units(text[start:stop]))


def _without_tail(kind: str, piece: str) -> str:
    """An address without the sentence's punctuation and a bracket that opens before it."""
    if kind != "url":
        return piece
    piece = piece.rstrip(_TAIL)
    while piece.endswith(")") and piece.count(")") > piece.count("("):
        piece = piece[:-1].rstrip(_TAIL)
    return piece


def with_found(given: Text) -> Text:
    """The text with what is found in it added wherever formatting leaves room for it."""
    solid = [entity for entity in given.entities if entity.type not in (*SPLITTABLE, *BLOCKQUOTES)]
    quotes = [entity for entity in given.entities if entity.type in BLOCKQUOTES]
    added = (
        entity
        for entity in found(given.text)
        if not any(_overlap(entity, other) for other in solid)
        and not any(_overlap(entity, quote) and not _inside(entity, quote) for quote in quotes)
    )
    return Text(given.text, tuple(sorted((*given.entities, *added), key=order)))


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.stop and other.offset < one.stop


def _inside(one: Entity, other: Entity) -> bool:
    return other.offset <= one.offset and one.stop <= other.stop
