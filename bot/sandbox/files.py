"""Uploaded files and the stand-ins that people attach."""

from dataclasses import dataclass, field
from itertools import count
from pathlib import PurePath

from bot.sandbox.params import Params, Upload
from bot.sandbox.pictures import SMILE, size_of
from bot.sandbox.wire import ApiError, BadRequest, Json

MAX_DOCUMENT = 50 * 2**20
MAX_PHOTO = 10 * 2**20
MAX_DOWNLOAD = 20 * 2**20
"""What a bot may fetch by getFile."""


@dataclass(frozen=True, slots=True)
class File:
    """A stored file."""

    id: str
    kind: str
    name: str
    mime: str
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """What getFile says, below `/file/bot<token>/`."""
        return f"{self.kind}s/{self.id}{PurePath(self.name).suffix}"

    def described(self) -> Json:
        """The fields that all kinds of files share."""
        unique = self.id.replace("file", "unique")
        return {"file_id": self.id, "file_unique_id": unique, "file_size": len(self.body)}


class Files:
    """All files since the start, in memory."""

    def __init__(self, first_id: int) -> None:
        self._ids = count(first_id)
        self._files: dict[str, File] = {}

    def get(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def by_path(self, path: str) -> File | None:
        """The file that getFile gave this path."""
        file = self.get(PurePath(path).stem)
        return file if file and file.path == path else None

    def add(self, kind: str, upload: Upload) -> File:
        file = File(f"file{next(self._ids)}", kind, upload.name, upload.mime, upload.body)
        self._files[file.id] = file
        return file

    def sent(self, params: Params, kind: str) -> File:
        """The file of a sendDocument or sendPhoto: an upload, or the id of an earlier file.

        Raises BadRequest where there is neither.
        """
        given = params.text(kind)
        upload = params.files.get(given.removeprefix("attach://") if given else kind)
        if upload:
            return self.add(kind, upload)
        if not given:
            raise BadRequest(f"there is no {kind} in the request")
        earlier = self.get(given)
        if earlier is None or earlier.kind != kind:
            raise BadRequest("wrong file identifier/HTTP URL specified")
        return earlier


def document(file: File) -> Json:
    """A message's `document`; raises ApiError 413 if it is too large."""
    _check_size(file, MAX_DOCUMENT)
    about = {"file_name": file.name, "mime_type": file.mime}
    return {"document": file.described() | about}


def photo(file: File) -> Json:
    """A message's `photo`, one size; raises BadRequest if it is not a picture."""
    _check_size(file, MAX_PHOTO)
    size = size_of(file.body)
    if size is None:
        raise BadRequest("IMAGE_PROCESS_FAILED")
    return {"photo": [file.described() | {"width": size[0], "height": size[1]}]}


def sticker(files: Files) -> Json:
    """A sticker stand-in."""
    file = files.add("sticker", Upload("sticker.png", "image/png", SMILE))
    kind: Json = {"type": "regular", "width": 512, "height": 512, "emoji": "🙂"}
    return {"sticker": file.described() | kind | {"is_animated": False, "is_video": False}}


def voice(files: Files) -> Json:
    """A voice message stand-in, three seconds of nothing."""
    file = files.add("voice", Upload("voice.ogg", "audio/ogg", b"OggS"))
    return {"voice": file.described() | {"duration": 3, "mime_type": file.mime}}


def _check_size(file: File, limit: int) -> None:
    if len(file.body) > limit:
        raise ApiError(413, "Request Entity Too Large")
    if not file.body:
        raise BadRequest("file must be non-empty")
