"""Inline keyboards under messages: read from `reply_markup` and checked."""

import json

from bot.sandbox.params import Params, as_object
from bot.sandbox.wire import BadRequest, Json

Keyboard = tuple[tuple[Json, ...], ...]

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_MARKUP = 10_240
"""Bytes of JSON; Telegram documents none of these figures, they are what bots have met."""
MAX_CALLBACK_DATA = 64
_SCHEMES = ("http://", "https://", "tg://")


def read(params: Params) -> Keyboard:
    """The keyboard of a request, () where there is none.

    Raises BadRequest for one that Telegram refuses, and for reply keyboards, which neither the
    bot uses nor the page shows.
    """
    markup = params.mapping("reply_markup")
    if not markup or markup.get("remove_keyboard"):
        return ()
    if "inline_keyboard" not in markup:
        raise BadRequest("the sandbox shows inline keyboards only")
    rows = [[_button(item) for item in _items(row)] for row in _items(markup["inline_keyboard"])]
    keyboard = tuple(tuple(row) for row in rows if row)
    _check_size(keyboard)
    return keyboard


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BadRequest('field "inline_keyboard" must be an Array of Arrays of buttons')
    return value


def _check_size(keyboard: Keyboard) -> None:
    size = len(json.dumps(keyboard, ensure_ascii=False).encode())
    widest = max(map(len, keyboard), default=0)
    if sum(map(len, keyboard)) > MAX_BUTTONS or widest > MAX_ROW or size > MAX_MARKUP:
        raise BadRequest("reply markup is too long")


def _button(value: object) -> Json:
    button = as_object(value, "InlineKeyboardButton")
    text, data, url = (button.get(name) for name in ("text", "callback_data", "url"))
    if not isinstance(text, str) or not text.strip():
        raise BadRequest("inline keyboard button text must be non-empty")
    if isinstance(data, str) and url is None:
        return {"text": text, "callback_data": _checked_data(data)}
    if isinstance(url, str) and data is None:
        return {"text": text, "url": _checked_url(url)}
    raise BadRequest("text buttons are unallowed in the inline keyboard")


def _checked_data(data: str) -> str:
    if not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA:
        raise BadRequest("BUTTON_DATA_INVALID")
    return data


def _checked_url(url: str) -> str:
    if not url.startswith(_SCHEMES):
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: wrong HTTP URL")
    return url
