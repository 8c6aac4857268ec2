"""Bytes to text: encodings, newlines, and what is not text."""

import pytest

from retrieval.models import Reason
from tests.reading import article, refusal

TEXT = "Токио принял президента. Встреча прошла во дворце."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
@pytest.mark.parametrize(
    "text",
    [
        *(TEXT, "Токио принял президента.", "Фото: Акорда и другие источники"),
        *("Курс: 5", "Hello, Токио", "Ёлка, 2025"),
    ],
)
def test_encodings(encoding: str, text: str) -> None:
    assert article("a.txt", text.encode(encoding)).text == text


def test_the_old_console_encoding_is_known_in_longer_texts() -> None:
    assert article("a.txt", TEXT.encode("cp866")).text == TEXT


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_newlines_are_one_kind(newline: str) -> None:
    assert article("a.txt", f"Раз.{newline}Два.").text == "Раз.\nДва."


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        bytes(range(256)),
        "Токио".encode("utf-32"),
        TEXT.encode("utf-16")[:-1],
        TEXT.encode() * 5 + b"\xd0",
        b"\x01\x02\x03text",
        b"\xff\xd8\xff\xe0\x10JFIF" * 9,
    ],
)
def test_what_is_not_text(content: bytes) -> None:
    assert refusal("a.txt", content).reason == Reason.NOT_TEXT


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.html"])
@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_empty_files(name: str, content: bytes) -> None:
    assert refusal(name, content).reason == Reason.EMPTY
