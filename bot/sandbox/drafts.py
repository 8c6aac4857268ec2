"""What a request wants to say: a text or a caption, with the entities the bot gives it."""

from bot.sandbox.formatting import DETECTED, FORMATS, Entity, Text, tidy, units
from bot.sandbox.params import Params, as_object
from bot.sandbox.wire import BadRequest, Json

MAX_TEXT = 4096
MAX_CAPTION = 1024


def text(params: Params) -> Text:
    """The text of a message, 1 to 4096 UTF-16 units; raises BadRequest."""
    content = _formatted(params, "text", "entities")
    if not content.text:
        raise BadRequest("message text is empty")
    if units(content.text) > MAX_TEXT:
        raise BadRequest("message is too long")
    return content


def caption(params: Params) -> Text:
    """A caption, 0 to 1024 UTF-16 units; raises BadRequest."""
    content = _formatted(params, "caption", "caption_entities")
    if units(content.text) > MAX_CAPTION:
        raise BadRequest("message caption is too long")
    return content


def _formatted(params: Params, name: str, entities: str) -> Text:
    if params.text("parse_mode"):
        raise BadRequest("unsupported parse_mode: the sandbox takes entities only")
    given = (_entity(as_object(item, "MessageEntity")) for item in params.array(entities))
    return tidy(params.text(name), filter(None, given))


def _entity(given: Json) -> Entity | None:
    """An entity of the bot's; None for those that Telegram finds by itself."""
    kind, offset, length = (given.get(name) for name in ("type", "offset", "length"))
    if kind in DETECTED:
        return None
    if kind not in FORMATS:
        raise BadRequest("can't parse MessageEntity: unsupported type specified")
    if type(offset) is not int or type(length) is not int:
        raise BadRequest("can't parse MessageEntity: offset and length must be Integers")
    known = ("url", "user", "language", "custom_emoji_id")
    extra: Json = {name: given[name] for name in known if name in given}
    return Entity(str(kind), offset, length, extra)
