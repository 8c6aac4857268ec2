"""Section heads in plain text: short lines that name what the paragraphs below them are about."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol

from retrieval.layout import ends_sentence

_LONGEST = 120
_LONGEST_NOMINAL = 100
_NUMBERING = re.compile(
    r"(?:(?:глава|часть|раздел)\s+)?(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})(?:[.)]\s*|\s+)", re.I
)
_SENTENCE_END = re.compile(r"[.!?…][»”\"')\]]*$")
_CLOSING = "»”\"')] "


class SentenceJudge(Protocol):
    """What tells a sentence from a headline; `Analyzer` is one."""

    def has_predicate(self, text: str) -> bool:
        """Whether it holds a finite verb or what stands for one."""
        ...


def section_heads(texts: Sequence[str], judge: SentenceJudge, *, spoken: bool = False) -> set[int]:
    """Which of these paragraphs are section heads; in `spoken` text a full stop ends a remark.

    One or two in a row that a paragraph follows; three or more are a list. Where most lines look
    like heads, none is. What comes last heads nothing, but may be a signature.
    """
    rules = [rule for rule in RULES if not (spoken and rule is nominal)]
    looks = [any(rule(text, judge) for rule in rules) for text in texts]
    signed = _signature(texts, judge)
    if sum(looks) * 3 > len(texts) * 2:
        return set()
    heads: set[int] = set()
    for is_head, run in groupby(range(len(texts)), key=looks.__getitem__):
        indexes = list(run)
        if is_head and len(indexes) < 3 and indexes[-1] + 1 < len(texts):
            heads.update(indexes)
    return heads | signed


def _signature(texts: Sequence[str], judge: SentenceJudge) -> set[int]:
    """The last lines, if they are no more than a name and a post: «Айгуль Ким,», «политолог»."""
    start = last = len(texts) - 1
    while start > 1 and texts[start - 1].endswith(","):
        start -= 1
    lines = texts[start:]
    after_text = start > 0 and bool(_SENTENCE_END.search(texts[start - 1]))
    is_name = all(len(line) <= 60 and not judge.has_predicate(line) for line in lines)
    ends = after_text and not ends_sentence(texts[last]) and lines[0][0].isupper()
    return set(range(start, last + 1)) if ends and is_name else set()


def unpunctuated(text: str, _: SentenceJudge) -> bool:
    """«Прагматизм вместо острых углов», «01 Эволюция механизма …»: no final punctuation."""
    return _is_short(text, _LONGEST) and not ends_sentence(text) and not text.endswith((",", "»,"))


def nominal(text: str, judge: SentenceJudge) -> bool:
    """«Геополитический контекст: визит в «чувствительный момент».»: a phrase with a full stop.

    A phrase with figures or a dash may state a fact («Казахстан — крупнейший производитель»).
    """
    bare = _NUMBERING.sub("", text, count=1) or text
    stops = (
        bare.endswith((".", ":")) and not bare.endswith("..") and not re.search(r"[.!?]\s", bare)
    )
    states = re.search(r"\d|\s[—–-]\s", bare) or (
        bare[0] in '«"“' and bare.rstrip(".")[-1] in _CLOSING
    )
    return bool(
        _is_short(text, _LONGEST_NOMINAL) and stops and not states and not judge.has_predicate(bare)
    )


def asked(text: str, _: SentenceJudge) -> bool:
    """«Что дальше?»: one short question as a head."""
    return _is_short(text, _LONGEST_NOMINAL) and bool(re.fullmatch(r"[^.!?«\"“][^.!?]*\?", text))


def _is_short(text: str, limit: int) -> bool:
    """Whether it could be a head at all: one short line, not direct speech nor a list's item."""
    starts = text[0].isalnum() or text[0] in '«"“№#'
    speech = re.search(r"[»”\"],?\s+[—–-]\s", text)
    return (
        len(text) <= limit and starts and not text[0].islower() and "\n" not in text and not speech
    )


RULES: tuple[Callable[[str, SentenceJudge], bool], ...] = (unpunctuated, nominal, asked)
