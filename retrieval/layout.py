"""How a plain text is laid out: its lines, and the paragraphs they make."""

import re
from itertools import pairwise

from retrieval.models import Span

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_BLOCK = re.compile(r"\S(?:[^\n]|\n(?!\s*\n))*")
_TERMINAL = re.compile(r"[.!?…:;][»”\"')\]]*$")
_TURN = re.compile(r"[-–—][ \t\u00a0]")
_WIDEST = 120
"""No editor or mail program wraps text at more columns than this."""
_NARROWEST = 40


def lines(text: str, start: int = 0, stop: int | None = None) -> list[Span]:
    """Its lines that are not blank, without the white space around them."""
    end = len(text) if stop is None else stop
    return [Span(*match.span()) for match in _LINE.finditer(text, start, end)]


def paragraphs(text: str, start: int = 0) -> list[Span]:
    """The paragraphs from `start` on, stripped: lines, unless the text is wrapped by hand.

    A block of lines that were broken to fit a column width is one paragraph; in other texts a line
    is one, whether or not blank lines stand between them, unless it breaks off in mid-sentence.
    """
    found: list[Span] = []
    for block in _BLOCK.finditer(text, start):
        block_lines = lines(text, *block.span())
        found += _joined(text, block_lines, wrapped=is_wrapped(text, block_lines))
    return found


def ends_sentence(text: str) -> bool:
    """Whether the last character, quotes and brackets aside, closes a sentence or a clause."""
    return bool(_TERMINAL.search(text))


def is_wrapped(text: str, block: list[Span]) -> bool:
    """Whether these lines were broken by a width and not by their author.

    Filling leaves a trace: the first word of each line would hardly have fitted on the line before.
    Some line must also break a sentence, or these are short paragraphs of like length.
    """
    width = max((line.stop - line.start for line in block), default=0)
    if len(block) < 2 or not _NARROWEST <= width <= _WIDEST:
        return False
    breaks = list(pairwise(block))
    filled = sum(_is_full(text, upper, lower, width) for upper, lower in breaks)
    broken = sum(_breaks_sentence(text, upper, lower) for upper, lower in breaks)
    return filled >= 0.8 * len(breaks) and broken >= max(1, 0.3 * len(breaks))


def _is_full(text: str, upper: Span, lower: Span, width: int) -> bool:
    first_word = text[lower.start : lower.stop].split(maxsplit=1)[0]
    return upper.stop - upper.start + 1 + len(first_word) > width * 0.85


def _breaks_sentence(text: str, upper: Span, lower: Span) -> bool:
    return text[lower.start].islower() and not ends_sentence(text[upper.start : upper.stop])


def _joined(text: str, block: list[Span], *, wrapped: bool) -> list[Span]:
    """The paragraphs of a block's lines."""
    width = max(line.stop - line.start for line in block)
    found = [block[0]]
    for upper, lower in pairwise(block):
        if _goes_on(text, upper, lower) or (wrapped and not _parts(text, upper, lower, width)):
            found[-1] = Span(found[-1].start, lower.stop)
        else:
            found.append(lower)
    return found


def _goes_on(text: str, upper: Span, lower: Span) -> bool:
    """Whether the upper line breaks off in mid-sentence; short lines may be a list."""
    return upper.stop - upper.start >= _NARROWEST and _breaks_sentence(text, upper, lower)


def _parts(text: str, upper: Span, lower: Span, width: int) -> bool:
    """Whether a paragraph ends between two wrapped lines: before an indent or a turn, or short."""
    if not ends_sentence(text[upper.start : upper.stop]):
        return False
    before = text[max(0, lower.start - 2) : lower.start]
    is_indented = len(before) == 2 and "\n" not in before
    is_turn = bool(_TURN.match(text, lower.start))
    return is_indented or is_turn or not _is_full(text, upper, lower, width)
