"""Title, source and date of a plain text, found by small named rules."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from retrieval import attributions, datelines, heads
from retrieval.clues import Clue
from retrieval.layout import lines, paragraphs
from retrieval.litter import is_litter
from retrieval.models import Origins, PartialDate
from retrieval.titles import first_sentence, shorten

Rule = Callable[[str], Clue | None]
_Named = tuple[str, Clue]

_T = TypeVar("_T")
_SPACE = re.compile(r"\s*")
_HEAD_LINES = 12
_TAIL_LINES = 5
_LEAD = 1_500
_WINDOW = 4_000
"""Characters a rule is shown: heads are short, and texts may be very long."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the rules found in a text: None where it does not say, and never a guess."""

    title: str
    source: str | None
    date: PartialDate | None
    author: str | None
    url: str | None
    body: int
    """Where the body starts, in characters of the text."""
    origins: Origins
    """The rule that found each; "" where nothing did."""


def detect(text: str, title: str | None = None) -> Head:
    """Find out what a text says about itself; `title`, if known, is not looked for.

    The head lines come first, then the dateline, then labels in the last lines, then an
    attribution in the lead: where two disagree, the first wins.
    """
    found, body = _read_head(text, title)
    tail = list(_read_tail(text, body))
    lead = _lead(text, body)
    found += tail + list(_matches(attributions.RULES, lead[:_LEAD]))
    if not any(clue.title for _, clue in found):
        found.append(("first_sentence", Clue(title=_first_title(lead))))
    return _merge(found, body)


def _read_head(text: str, title: str | None) -> tuple[list[_Named], int]:
    """The clues of the head, each with its rule's name, and where the body starts."""
    found: list[_Named] = [] if title is None else [("title_known", Clue(title=title))]
    position = _skip_space(text, 0)
    for _ in range(_HEAD_LINES):
        rest = text[position : position + _WINDOW]
        named = next(_matches(_head_rules(found, rest), rest), None)
        if named is None:
            break
        found.append(named)
        if named[1].stop == 0:
            break
        position = _skip_space(text, position + named[1].stop)
    if position == len(text):  # all of it reads as a head: then it is the body as well
        return found, _skip_space(text, 0)
    named = next(_matches(datelines.RULES, text[position : position + _WINDOW]), None)
    return ([*found, named], position + named[1].stop) if named else (found, position)


def _head_rules(found: list[_Named], rest: str) -> Iterable[Rule]:
    """The rules for the next line: a title is taken once, or again where it repeats itself."""
    titles = {" ".join(clue.title.split()) for _, clue in found if clue.title}
    if not titles or " ".join(rest.partition("\n")[0].split()) in titles:
        return heads.RULES
    return [*(rule for rule in heads.RULES if rule is not heads.title_line), heads.subtitle_line]


def _read_tail(text: str, body: int) -> Iterator[_Named]:
    """Labels among the last lines: «Источник: Zakon.kz»."""
    for line in lines(text, body)[1:][-_TAIL_LINES:]:
        yield from _matches(heads.LABELS, text[line.start : line.stop])


def _matches(rules: Iterable[Rule], text: str) -> Iterator[_Named]:
    """The clues of the rules that match here, in the order of the rules."""
    clues = ((rule.__name__, rule(text)) for rule in rules)
    return ((name, clue) for name, clue in clues if clue is not None)


def _lead(text: str, body: int) -> str:
    """The first paragraph of the body that is not litter, or the first at all."""
    texts = [text[span.start : span.stop] for span in paragraphs(text, body)]
    return next((one for one in texts if not is_litter(one)), texts[0] if texts else "")


def _first_title(lead: str) -> str:
    return first_sentence(lead.lstrip("-–—• ") or lead)


def _merge(found: list[_Named], body: int) -> Head:
    title_rule, title = _first(found, lambda clue: clue.title)
    source_rule, source = _first(found, lambda clue: clue.source)
    date_rule, date = _first(found, lambda clue: clue.date)
    return Head(
        title=title if title and len(title) <= heads.LONGEST_TITLE else shorten(title or ""),
        source=source,
        date=date,
        author=_first(found, lambda clue: clue.author)[1],
        url=_first(found, lambda clue: clue.url)[1],
        body=body,
        origins=Origins(title_rule, source_rule, date_rule),
    )


def _first(found: list[_Named], value: Callable[[Clue], _T | None]) -> tuple[str, _T | None]:
    """The first value that a rule found, behind the rule's name."""
    return next(((name, value(clue)) for name, clue in found if value(clue)), ("", None))


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
