"""Blocks of text to Markdown that is read back as the very same text (CommonMark 0.31).

A character is escaped only where it would mean something else.
"""

import re

from bot.fragments import Block, Blocks

_INLINE = re.compile(
    r"[\\`*]"  # an escape, a span of code, emphasis
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis, but not within a word
    r"|<(?=[A-Za-z/!?])"  # a tag or an address
    r"|&(?=#?\w+;)"  # a character's name
    r"|(?<=\])\("  # where a link would go
)
_AT_START = re.compile(
    r"#(?=#{0,5}(?:\s|$))"  # a heading
    r"|>"  # a quotation
    r"|[-+](?=\s|$)"  # an item of a list
    r"|\["  # a link's definition
    r"|[-=](?=[-= ]*$)"  # a rule, or the line under a heading
    r"|~(?=~~)"  # a fence
)
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_CLOSING = re.compile(r"(#+)$")


def written(blocks: Blocks) -> str:
    """The Markdown of a text: headings as «##», an empty line between blocks."""
    return "\n\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    if block.heading:
        return f"## {_CLOSING.sub(_escaped, _inline(block.text))}"
    return "\n".join(map(_line, block.text.split("\n")))


def _line(line: str) -> str:
    at_start = _AT_START.match(line)
    if at_start:
        return f"\\{line[0]}{_inline(line[1:])}"
    if numbered := _NUMBERED.match(line):
        return f"{numbered[1]}\\{_inline(line[numbered.end(1) :])}"
    return _inline(line)


def _inline(text: str) -> str:
    return _INLINE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}"
