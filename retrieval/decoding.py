"""Bytes of a file to text: UTF-8, UTF-16 with a mark, cp1251 and other old Russian encodings."""

import codecs
import re

from charset_normalizer import from_bytes

_MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD = ["cp1251", "koi8_r", "cp866"]
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class NotTextError(ValueError):
    """The bytes are no text, or in no encoding that is known; says what was seen."""


def decode(content: bytes, declared: str | None = None) -> str:
    """The text of a file with newlines as «\\n»; `declared` is the encoding it claims to have.

    Raises NotTextError for binary content and for damaged UTF-8.
    """
    text = _marked(content)
    if text is None:
        text = _utf8(content)
    if text is None:
        text = _declared(content, declared) or _old(content)
    if (controls := _CONTROLS.findall(text)) and (
        "\x00" in controls or len(controls) * 50 > len(text)
    ):
        raise NotTextError("it holds control characters as binary files do; save it as plain text")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _marked(content: bytes) -> str | None:
    encoding = next((name for mark, name in _MARKED if content.startswith(mark)), None)
    if encoding is None:
        return None
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotTextError(f"damaged {encoding} at byte {error.start}; save it as UTF-8") from error


def _utf8(content: bytes) -> str | None:
    """The text if it is UTF-8; tried first, since pages saved again often declare another."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(content):
            raise NotTextError(f"damaged UTF-8 at byte {error.start}; save it as UTF-8") from error
    return None


def _declared(content: bytes, encoding: str | None) -> str | None:
    try:
        return content.decode(encoding) if encoding else None
    except (LookupError, UnicodeDecodeError):
        return None


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether most of what is not ASCII is whole UTF-8: then no old encoding is meant."""
    text = content.decode("utf-8", "replace")
    foreign = sum(character > "\x7f" for character in text)
    return text.count("\ufffd") * 4 < foreign


def _old(content: bytes) -> str:
    best = from_bytes(content, cp_isolation=_OLD).best()
    text = str(best) if best else content.decode("cp1251", "replace")
    letters = len(re.findall(r"[а-яё]", text, re.IGNORECASE))
    foreign = sum(character > "\x7f" for character in text)
    if letters * 2 < foreign:
        raise NotTextError("neither UTF-8 nor a Russian encoding; save it as UTF-8")
    return text
