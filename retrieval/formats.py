"""Readers of text, Markdown and JSON lines: a file's text to drafts of articles."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrieval.fields import Fields, RefusedError, one_line, read_fields
from retrieval.models import Reason, Span

_FRONT_MATTER = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*$", re.MULTILINE))
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
# An indented first line is how paragraphs begin in print, not source code.
_MARKDOWN = MarkdownIt("commonmark").disable("code")


class _Loader(yaml.SafeLoader):
    """YAML's safe loader that leaves dates as text: «2025-13-40» is then our own to refuse."""

    yaml_implicit_resolvers = {  # noqa: RUF012 -- the name and type are the library's
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class Draft:
    """A text with what its file says about it."""

    text: str
    fields: Fields = field(default=Fields())
    headings: tuple[Span, ...] = ()
    line: int | None = None
    """The line of a .jsonl file, from 1."""


Drafts = Iterator[Draft | RefusedError]
"""What a reader gives: drafts, and a refusal for each line that gave none."""


def read_txt(text: str) -> Drafts:
    """Plain text: the file as it is; the rules of `metadata` read its head."""
    yield Draft(text)


def read_jsonl(text: str) -> Drafts:
    """One JSON object a line, with the fields and `text`; a bad line is refused alone."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _draft_of_line(line, number)
            except RefusedError as error:
                yield RefusedError(error.reason, error.detail, number)


def _draft_of_line(line: str, number: int) -> Draft:
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise RefusedError(Reason.JSON, f"{error.msg}: column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise RefusedError(Reason.JSON, one_line(str(error))) from error
    if not isinstance(given, dict):
        raise RefusedError(Reason.JSON, f"expected an object in braces, not {type(given).__name__}")
    return Draft(_text_of(given), read_fields(given), line=number)


def _text_of(given: Mapping[str, object]) -> str:
    text = given.get("text")
    if not isinstance(text, str):
        raise RefusedError(Reason.FIELD, "text is missing or not text in quotes")
    if _NO_TEXT.search(text):
        raise RefusedError(Reason.NOT_TEXT, "text holds a NUL or half of a character")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_markdown(text: str) -> Drafts:
    """CommonMark with YAML front matter; the stored text is the plain text of the body.

    A first `# H1` is the title if the front matter has none.
    """
    given, body = _front_matter(text)
    plain, headings, h1 = _plain(body)
    if h1 and not given.get("title"):
        given["title"] = h1
    yield Draft(plain, read_fields(given), headings)


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    if not _FRONT_MATTER.detect(text):
        return {}, text
    try:
        block, body = _FRONT_MATTER.split(text)
    except ValueError as error:
        raise RefusedError(Reason.FRONT_MATTER, "no closing --- line", 1) from error
    given = _yaml(block)
    if not isinstance(given, dict | None):
        raise RefusedError(Reason.FRONT_MATTER, "expected lines such as «source: Zakon.kz»", 1)
    return {str(name): value for name, value in (given or {}).items()}, body


def _yaml(block: str) -> object:
    """The value of the front matter, whose first line is the one with the dashes."""
    try:
        loaded: object = _FRONT_MATTER.load(block, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problem = " ".join(filter(None, (error.problem, error.context)))
        raise RefusedError(Reason.FRONT_MATTER, one_line(problem), line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RefusedError(Reason.FRONT_MATTER, one_line(str(error))) from error
    return loaded


def _plain(source: str) -> tuple[str, tuple[Span, ...], str]:
    """Markdown to plain text, the spans of its headings in it, and the first heading if an H1."""
    parts: list[str] = []
    headings: list[Span] = []
    title, length = "", 0
    tokens = _MARKDOWN.parse(source)
    for position, token in enumerate(tokens):
        if not (text := _block_text(token)):
            continue
        lead = _marker(tokens, position)
        opener = tokens[position - 1]
        if opener.type == "heading_open":
            headings.append(Span(length, length + len(text)))
            title = text if not parts and opener.tag == "h1" else title
        parts.append(lead + text)
        length += len(lead) + len(text) + 2
    return "\n\n".join(parts), tuple(headings), title


def _block_text(token: Token) -> str:
    if token.type == "inline":
        return "".join(_inline_text(child) for child in token.children or ()).strip()
    return token.content.strip() if token.type == "fence" else ""


def _inline_text(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    return token.content if token.type in {"text", "code_inline"} else ""


def _marker(tokens: list[Token], position: int) -> str:
    """The mark of a list item, kept before its text: dashes are how interviews take turns."""
    if position < 2 or tokens[position - 2].type != "list_item_open":
        return ""
    item = tokens[position - 2]
    return f"{item.info}{item.markup} " if item.info else "- "
