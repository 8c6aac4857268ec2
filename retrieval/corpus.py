"""The corpus folder: files to articles, and a refusal for each file or line that gives none."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval import folder as files
from retrieval import pages
from retrieval.decoding import NotTextError, decode
from retrieval.fields import Fields, RefusedError, one_line, read_sidecar
from retrieval.formats import Draft, Drafts, read_jsonl, read_markdown, read_txt
from retrieval.metadata import detect
from retrieval.models import Article, Origins, Reason, Refusal
from retrieval.records import Outline

MAX_BYTES = 10 * 1024 * 1024
SIDECAR = files.SIDECAR

_READERS: dict[str, Callable[[str], Drafts]] = {
    ".txt": read_txt,
    ".md": read_markdown,
    ".jsonl": read_jsonl,
    ".html": pages.read_html,
    ".htm": pages.read_html,
}
_PAGES = (".html", ".htm")
FORMATS = tuple(_READERS)

Found = Article | Refusal


_SPACE = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\u2028-\u202e]")
"""What Telegram shows as a space or not at all (tabs, control characters, marks of direction): a
space each, so that offsets stay. A quote with one as it is would come out changed."""


class CorpusError(Exception):
    """The corpus folder itself cannot be read; one line that says the mend."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that a folder gave, in the order of paths and lines."""

    articles: tuple[Article, ...]
    refused: tuple[Refusal, ...]


def read(folder: Path, *, max_bytes: int = MAX_BYTES) -> Corpus:
    """Read all articles of a folder and its subfolders; hidden files are passed over.

    What is wrong with a file or a line becomes a Refusal, and the rest is read. Raises CorpusError
    if the folder itself is missing or cannot be listed.
    """
    articles: dict[str, Article] = {}
    refused: list[Refusal] = []
    for found in _read_folder(folder, max_bytes):
        if isinstance(found, Refusal):
            refused.append(found)
        elif found.id in articles:
            refused.append(duplicate(found, articles[found.id]))
        else:
            articles[found.id] = found
    return Corpus(tuple(articles.values()), tuple(refused))


def _read_folder(folder: Path, max_bytes: int) -> Iterator[Found]:
    for each in listed(folder):
        yield from read_listed(each, folder, max_bytes=max_bytes)


def listed(folder: Path) -> Iterator[files.Listed]:
    """What `retrieval.folder` lists. Raises CorpusError where the folder cannot be listed."""
    try:
        yield from files.listed(folder)
    except FileNotFoundError as error:
        raise CorpusError(f"{folder} does not exist; create it or set CORPUS_DIR") from error
    except NotADirectoryError as error:
        raise CorpusError(f"{folder} is not a folder; set CORPUS_DIR to one") from error
    except OSError as error:
        raise CorpusError(f"{folder} cannot be read: {error.strerror}; check CORPUS_DIR") from error


def read_listed(each: files.Listed, folder: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[Found]:
    """The articles and refusals of what was listed in the folder."""
    path, name = folder / each.name, files.shown(each.name)
    if each.name.endswith(SIDECAR):
        yield from _lone_sidecar(path, name)
    elif each.kind is files.Kind.FOLDER:
        yield Refusal(name, Reason.UNREADABLE, "the folder cannot be listed; check its permissions")
    elif each.kind is files.Kind.FILE:
        yield from read_file(path, name, max_bytes=max_bytes)
    else:
        yield from _read_link(path, name, folder, max_bytes)


def _read_link(path: Path, name: str, folder: Path, max_bytes: int) -> Iterator[Found]:
    try:
        files.check_inside(path, folder)
    except RefusedError as error:
        yield _refusal(name, error)
        return
    if not path.is_dir():  # the files of a linked folder are read where they are
        yield from read_file(path, name, max_bytes=max_bytes)


def read_file(path: Path, name: str, *, max_bytes: int = MAX_BYTES) -> Iterator[Found]:
    """Read one file as `name`: its path in the corpus, which tells the format and the ids.

    A sidecar beside it overrides what it says; a broken sidecar holds its file back, since the
    file alone would be shown with a wrong source or date.
    """
    beside = path.with_name(path.name + SIDECAR)
    try:
        _reader(name)
        content = files.content(path, max_bytes)
    except RefusedError as error:
        yield _refusal(name, error)
        return
    try:
        sidecar = _sidecar(beside, name, max_bytes)
    except RefusedError as error:
        yield _refusal(name + SIDECAR, error)
        return
    yield from read_content(content, name, sidecar)


def read_content(content: bytes, name: str, sidecar: Fields | None = None) -> Iterator[Found]:
    """Read a document in memory, such as an upload, as if it were the file `name`."""
    try:
        for draft in _drafts(content, name):
            if isinstance(draft, RefusedError):
                yield _refusal(name, draft)
            else:
                yield _complete(draft, name, sidecar or Fields())
    except RefusedError as error:
        yield _refusal(name, error)


def _drafts(content: bytes, name: str) -> Drafts:
    declared = pages.declared_encoding(content) if name.lower().endswith(_PAGES) else None
    try:
        text = decode(content, declared)
    except NotTextError as error:
        raise RefusedError(Reason.NOT_TEXT, str(error)) from error
    if not text.strip():
        raise RefusedError(Reason.EMPTY, "there is no text in it")
    return _reader(name)(text)


def _reader(name: str) -> Callable[[str], Drafts]:
    suffix = Path(name).suffix.lower()
    if suffix not in _READERS:
        seen = f"unknown format {one_line(suffix)}" if suffix else "a name without a format"
        raise RefusedError(Reason.NOT_TEXT, f"{seen}; use {', '.join(FORMATS)}")
    return _READERS[suffix]


def _sidecar(path: Path, name: str, max_bytes: int) -> Fields:
    if not os.path.lexists(path):
        return Fields()
    if path.is_symlink() and path.exists():
        raise RefusedError(Reason.OUTSIDE, "copy the sidecar here instead of linking it")
    try:
        fields = read_sidecar(decode(files.content(path, max_bytes)))
    except NotTextError as error:
        raise RefusedError(Reason.SIDECAR, str(error)) from error
    if name.lower().endswith(".jsonl") and (fields.id or fields.title or fields.url):
        raise RefusedError(Reason.SIDECAR, "id, title and url belong to one line; put them there")
    return fields


def _complete(draft: Draft, name: str, sidecar: Fields) -> Found:
    """The article of a draft: the sidecar first, then the file's own fields, then the rules."""
    text = _SPACE.sub(" ", draft.text)
    if not text.strip():
        return Refusal(name, Reason.EMPTY, "there is no text in it", draft.line)
    own = draft.fields
    head = detect(text, sidecar.title or own.title)
    return Article(
        id=sidecar.id or own.id or (f"{name}#{draft.line}" if draft.line else name),
        path=name,
        text=text,
        title=head.title,
        source=sidecar.source or own.source or head.source,
        date=sidecar.date or own.date or head.date,
        url=sidecar.url or own.url or head.url,
        author=sidecar.author or own.author or head.author,
        line=draft.line,
        origins=_origins(sidecar, own, head.origins),
        body=head.body,
        headings=draft.headings,
    )


def _origins(sidecar: Fields, own: Fields, rules: Origins) -> Origins:
    names = (
        "sidecar" if getattr(sidecar, name) else "field" if getattr(own, name) else rule
        for name, rule in rules._asdict().items()
    )
    return Origins(*names)


def duplicate(found: Article | Outline, first: Article | Outline) -> Refusal:
    """The refusal of an article whose id another has already."""
    where = first.path if first.line is None else f"{first.path}:{first.line}"
    detail = f"{one_line(found.id)} is the id of {where} as well; give one of them another"
    return Refusal(found.path, Reason.DUPLICATE_ID, detail, found.line)


def _lone_sidecar(path: Path, name: str) -> Iterator[Refusal]:
    file = path.with_name(path.name.removesuffix(SIDECAR))
    if not os.path.lexists(file):
        detail = f"there is no {one_line(file.name)} beside it; name it after its file"
        yield Refusal(name, Reason.SIDECAR, detail)


def _refusal(name: str, error: RefusedError) -> Refusal:
    return Refusal(name, error.reason, error.detail, error.line)
