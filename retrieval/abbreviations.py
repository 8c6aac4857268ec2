"""Abbreviations that the archive itself explains: «Совместный механизм обмена кредитами (JCM)».

Learned from the text as A. Schwartz and M. Hearst do («A simple algorithm for identifying
abbreviation definitions in biomedical text», PSB 2003): a short form in brackets is looked for in
the words before, or the other way round. What their rule lets pass is weighed by `retrieval.fits`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from retrieval.analyzer import Analyzer
from retrieval.fits import by_count, by_initials

Lemmas = tuple[str, ...]
"""Of one word: all that may stand for it."""
Name = tuple[Lemmas, ...]
"""Word by word, without words of grammar."""
Json = list[tuple[list[str], list[list[list[str]]], bool]]
"""The entries as plain lists."""

_BRACKET = re.compile(r"[ \u00a0]*\(([^()\n]{2,200})\)")
_LISTED = re.compile(r",\s+(далее\s*[—–-]?\s*)?(\w{3,10})\b(?!\s*\()")
_LAST_WORD = re.compile(r"(?<![\w-])(\w{2,10})[»”\"]?$")
_PIECE = re.compile(r"[^,;/]+")
_REMARK = re.compile(
    r"\s*(?:(?:(?:от\s+)?(?:англ|нем|фр|лат|исп|ит|кит|яп|каз|рус)(?:\.|\w+ий)|сокр(?:\.|\w+)(?:\s+от)?"
    r"|или|ранее|далее(?:\s+по\s+тексту|\s+также)?|т\.\s*е\.|то\s+есть|аббр\.|аббревиатура)\s*[—–:-]*\s*)*"
)
_HENCEFORTH = re.compile(r"\s*далее(?:\s+по\s+тексту)?\s*[—–:-]*\s*[«“\"]?([^«»“”\",;]+)")
_QUOTED = re.compile(r"(?:[A-ZА-ЯЁ]{2,5}\s+)?(?:«[^«»\n]{1,60}){0,2}«([^«»\n]{1,60})»+$")
_WINDOW = 220
"""Characters before a short form that its full name is looked for in."""
_QUOTES = '«»“”„" '


class Introduced(NamedTuple):
    """A short form and the full name that one text gives for it, both as written there."""

    short: str
    full: str
    fits: bool = True
    """Whether the initials of the full name vouch for it; they cannot in another alphabet."""


def introduced(text: str) -> list[Introduced]:
    """The abbreviations that a paragraph explains, in order."""
    found = list(_in_brackets(text)) if "(" in text else []
    for match in _LISTED.finditer(text):
        if _is_short(match[2]):
            full = by_initials(match[2], _before(text, match.start()), strictly=not match[1])
            found += [Introduced(match[2], full)] if full else []
    return found


def _in_brackets(text: str) -> Iterator[Introduced]:
    for match in _BRACKET.finditer(text):
        before, inside = _before(text, match.start()), match[1]
        if named := _named(before, inside):
            yield named
            continue
        shorts = [short for piece in _PIECE.findall(inside) if _is_short(short := _bare(piece))]
        yield from (found for short in shorts if (found := _explained(short, before)))
        if not shorts and (last := _LAST_WORD.search(before)) and _is_short(last[1]):
            found = _explained(last[1], _bare(inside), whole=True)
            yield from (found,) if found else ()


def _before(text: str, stop: int) -> str:
    return text[max(0, stop - _WINDOW) : stop].rstrip()


def _bare(piece: str) -> str:
    """Without «далее —», «англ.» and quotes."""
    return _REMARK.sub("", piece, count=1).strip(_QUOTES)


def _is_short(word: str) -> bool:
    """«ТМТМ», «ЕврАзЭС»: up to 10 letters, half of them or more, and the first, capitals."""
    capitals = sum(map(str.isupper, word))
    return (
        2 <= len(word) <= 10
        and word[0].isupper()
        and word.isalpha()
        and capitals >= max(2, len(word) / 2)
    )


def _explained(short: str, text: str, *, whole: bool = False) -> Introduced | None:
    """The name at the end of `text`, or `whole` of it, that a short form stands for."""
    if full := by_initials(short, text, whole=whole):
        return Introduced(short, full)
    full = by_count(short, text, whole=whole)
    return Introduced(short, full, fits=False) if full else None


def _named(before: str, inside: str) -> Introduced | None:
    """«АО «НАК «Казатомпром» (далее – Казатомпром)»: the name in the inmost quotes stands alone."""
    short = _HENCEFORTH.fullmatch(inside.rstrip(_QUOTES))
    full = _QUOTED.search(before) if short else None
    if not short or not full or full[1].strip() != short[1].strip() or full[0].count("«") < 2:
        return None
    return Introduced(short[1].strip(), full[0])


class Stretch(NamedTuple):
    """Words of a question that are the full name of something with a short form."""

    start: int
    """The number of the first of the words, from 0."""
    stop: int
    short: str
    """The lemma of the short form."""


class Entry(NamedTuple):
    """A short form and what it stands for, as lemmas."""

    short: Lemmas
    names: tuple[Name, ...]
    """Its full names, the most frequent first."""
    ordinary: bool
    """Whether it is another word in small letters («РАК»)."""


@dataclass(frozen=True)
class Abbreviations:
    """What the archive's short forms stand for, as lemmas, to be looked up both ways."""

    entries: tuple[Entry, ...] = field(default=(), repr=False)

    @classmethod
    def learned(cls, found: Iterable[Introduced], analyzer: Analyzer) -> "Abbreviations":
        """From all that the texts of an archive introduce, in any case forms.

        A full name that only its place vouches for and that has a verb in it is none.
        """
        names: dict[Lemmas, list[_Reading]] = {}
        for each, count in _counted(found).items():
            short, full = _read(each.short, analyzer), _read(each.full, analyzer)
            is_name = each.fits or not analyzer.has_predicate(each.full)
            if len(short) == 1 and len(full) > 1 and is_name:
                _add(names.setdefault(short[0], []), full, count)
        return cls(
            tuple(
                Entry(short, _ordered(readings), _inflects(short, analyzer))
                for short, readings in names.items()
            )
        )

    def expand(self, lemma: str, typed: str = "") -> tuple[Lemmas, ...]:
        """The full names of a short form, one lemma a word, the most frequent first.

        A short form that is an ordinary word as well («РАК») has them only if `typed` in capitals.
        A name that has the short form in it («НАК «Казатомпром») is found by that anyway.
        """
        entries = self._by_short.get(lemma, ())
        meant = (entry for entry in entries if typed.isupper() or not entry.ordinary)
        names = (name for entry in meant for name in entry.names)
        wanted = (name for name in names if not any(lemma in word for word in name))
        return tuple(dict.fromkeys(tuple(word[0] for word in name) for name in wanted))

    def contract(self, words: Sequence[Lemmas]) -> tuple[Stretch, ...]:
        """The stretches of a question that are full names; `words` has the lemmas of each word.

        In order, the longest where they begin together; one may have several short forms.
        """
        found: list[Stretch] = []
        for start, word in enumerate(words):
            names = [each for lemma in word for each in self._by_opening.get(lemma, ())]
            fitting = [(name, short) for name, short in names if _opens(name, words[start:])]
            longest = max((len(name) for name, _ in fitting), default=0)
            shorts = dict.fromkeys(short for name, short in fitting if len(name) == longest)
            found += (Stretch(start, start + longest, short) for short in shorts)
        return tuple(found)

    def to_json(self) -> Json:
        """Plain lists, to be stored."""
        return [
            (list(short), [[list(word) for word in name] for name in names], ordinary)
            for short, names, ordinary in self.entries
        ]

    @classmethod
    def from_json(cls, stored: Json) -> "Abbreviations":
        """What `to_json` gave."""
        return cls(
            tuple(
                Entry(tuple(short), tuple(tuple(map(tuple, name)) for name in names), ordinary)
                for short, names, ordinary in stored
            )
        )

    @cached_property
    def _by_short(self) -> dict[str, list[Entry]]:
        entries: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for lemma in entry.short:
                entries.setdefault(lemma, []).append(entry)
        return entries

    @cached_property
    def _by_opening(self) -> dict[str, list[tuple[Name, str]]]:
        """By each lemma of its first word, a full name and its short form."""
        opening: dict[str, list[tuple[Name, str]]] = {}
        for short, names, _ in self.entries:
            for name in names:
                for lemma in name[0]:
                    opening.setdefault(lemma, []).append((name, short[0]))
        return opening


class _Reading(NamedTuple):
    """A full name as far as it is understood, and how often it was seen."""

    name: Name
    seen: int


def _counted(found: Iterable[Introduced]) -> dict[Introduced, int]:
    counts: dict[Introduced, int] = {}
    for each in found:
        counts[each] = counts.get(each, 0) + 1
    return counts


def _read(text: str, analyzer: Analyzer) -> Name:
    return tuple(token.lemmas for token in analyzer.tokens(text))


def _inflects(short: Lemmas, analyzer: Analyzer) -> bool:
    """Whether the dictionary has a case form of it: «раком» is one, «мвфом» is none."""
    forms = " ".join(f"{lemma.rstrip('аяеьй')}{end}" for lemma in short for end in ("ом", "ой"))
    return any(lemma in short for lemma in analyzer.lemmas(forms) if not lemma.endswith("-"))


def _add(readings: list[_Reading], name: Name, count: int) -> None:
    """Count a name; another case form of one that is known leaves the lemmas both may have."""
    for place, reading in enumerate(readings):
        if common := _common(reading.name, name):
            readings[place] = _Reading(common, reading.seen + count)
            return
    readings.append(_Reading(name, count))


def _common(one: Name, other: Name) -> Name:
    """The lemmas that two names share word by word; nothing if they are not the same name."""
    if len(one) != len(other):
        return ()
    shared = tuple(
        tuple(lemma for lemma in first if lemma in second)
        for first, second in zip(one, other, strict=True)
    )
    return shared if all(shared) else ()


def _ordered(readings: Iterable[_Reading]) -> tuple[Name, ...]:
    return tuple(reading.name for reading in sorted(readings, key=lambda each: -each.seen))


def _opens(name: Name, words: Sequence[Lemmas]) -> bool:
    return len(name) <= len(words) and all(
        any(lemma in own for lemma in word) for own, word in zip(name, words, strict=False)
    )
