"""Files in the sandbox: what is a picture, and how large things may be."""

import struct

import pytest

from bot.sandbox import files
from bot.sandbox.files import File
from bot.sandbox.pictures import SMILE, mime_of, size_of
from bot.sandbox.wire import ApiError
from bot.sandbox.world import GROUP
from tests.sandbox_rig import running

GIF = b"GIF89a" + struct.pack("<HH", 3, 5)
JPEG = (
    b"\xff\xd8\xff\xe0"
    + struct.pack(">H", 4)
    + b"ab"
    + b"\xff\xc0"
    + struct.pack(">HBHH", 9, 8, 5, 3)
)


@pytest.mark.parametrize(
    ("body", "mime", "size"),
    [
        (SMILE, "image/png", (160, 160)),
        (GIF, "image/gif", (3, 5)),
        (JPEG, "image/jpeg", (3, 5)),
        (SMILE[:20], "image/png", None),
        (GIF[:7], "image/gif", None),
        (JPEG[:-3], "image/jpeg", None),
        (b"<svg/>", None, None),
        (b"", None, None),
    ],
)
def test_pictures(body: bytes, mime: str | None, size: tuple[int, int] | None) -> None:
    assert (mime_of(body), size_of(body)) == (mime, size)


@pytest.mark.parametrize(
    ("field", "limit"), [(files.photo, files.MAX_PHOTO), (files.document, files.MAX_DOCUMENT)]
)
def test_files_too_large(field: object, limit: int) -> None:
    assert callable(field)
    with pytest.raises(ApiError, match="Request Entity Too Large"):
        field(File("file1", "document", "a", "text/plain", bytes(limit + 1)))


async def test_a_bot_cannot_fetch_what_is_too_big() -> None:
    async with running() as rig:
        body = bytes(files.MAX_DOWNLOAD + 1)
        sent = await rig.bot.upload("sendDocument", {"chat_id": GROUP.id}, document=("a", body))
        file_id = sent["result"]["document"]["file_id"]
        assert await rig.bot.error("getFile", file_id=file_id) == "Bad Request: file is too big"
