"""Abbreviations that the archive itself explains, to be looked up both ways.

What a text explains (`retrieval.introductions`) becomes a row of lemmas once, when it is indexed;
what all rows of an archive say together is learned without the texts and the analyzer.

    shorts      [["шмтп"], false]   …   each short form, and whether it is another word («РАК»)
    first       0   2   …               the first of its full names
    names       [["шелковый"], ["морской"], ["транспортный"], ["путь"]]   …   one entry's after
                                        another, the most frequent first
    short       шмтп → 0                short forms by each of their lemmas
    opening     шелковый морской → 0    full names by the lemmas of their first two words
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, product
from typing import Any, NamedTuple

import numpy as np

from retrieval.analyzer import Analyzer
from retrieval.introductions import introduced
from retrieval.storing.strings import Arrays, Groups, Strings, groups_of, strings_of

Lemmas = tuple[str, ...]
"""Of one word: all that may stand for it."""
Name = tuple[Lemmas, ...]
"""Word by word, without words of grammar."""
Row = list[Any]
"""What a passage explains: its number, the lemmas of the short form, those of each word of the full
name, whether the short form is another word in small letters; as JSON has it."""


def introduced_rows(passage_number: int, text: str, analyzer: Analyzer) -> list[Row]:
    """The abbreviations that a passage explains, in any case forms.

    A full name that only its place vouches for and that has a verb in it is none.
    """
    rows: list[Row] = []
    for each in introduced(text):
        short, full = _read(each.short, analyzer), _read(each.full, analyzer)
        is_name = each.fits or not analyzer.has_predicate(each.full)
        if len(short) == 1 and len(full) > 1 and is_name:
            rows.append([passage_number, short[0], full, _inflects(short[0], analyzer)])
    return rows


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


class Abbreviations:
    """What the archive's short forms stand for, as lemmas, to be looked up both ways."""

    def __init__(self, arrays: Arrays) -> None:
        """`arrays` has those of another one; nothing is read before it is looked up."""
        self.arrays = {
            name: array for name, array in arrays.items() if name.startswith("abbreviations.")
        }
        """To be stored."""
        self._shorts = Strings(arrays, "abbreviations.shorts")
        self._names = Strings(arrays, "abbreviations.names")
        self._first = arrays["abbreviations.first"]
        self._by_short = Groups(arrays, "abbreviations.short")
        self._by_opening = Groups(arrays, "abbreviations.opening")

    @classmethod
    def learned(cls, rows: Iterable[Row]) -> "Abbreviations":
        """From what `introduced_rows` gave for the passages of an archive, in their order."""
        names: dict[Lemmas, list[_Reading]] = {}
        ordinary: dict[Lemmas, bool] = {}
        for (short, full, is_ordinary), count in _counted(rows).items():
            ordinary[short] = is_ordinary
            _add(names.setdefault(short, []), full, count)
        entries = (
            Entry(short, _ordered(readings), ordinary[short]) for short, readings in names.items()
        )
        return cls(_arrays(list(entries)))

    @property
    def entries(self) -> Iterator[Entry]:
        """All of them."""
        return map(self._entry, range(len(self._shorts)))

    def expand(self, lemma: str, typed: str = "") -> tuple[Lemmas, ...]:
        """The full names of a short form, one lemma a word, the most frequent first.

        A short form that is an ordinary word as well («РАК») has them only if `typed` in capitals.
        A name that has the short form in it («НАК «Казатомпром») is found by that anyway.
        """
        entries = map(self._entry, self._by_short[lemma].tolist())
        meant = (entry for entry in entries if typed.isupper() or not entry.ordinary)
        names = (name for entry in meant for name in entry.names)
        wanted = (name for name in names if not any(lemma in word for word in name))
        return tuple(dict.fromkeys(tuple(word[0] for word in name) for name in wanted))

    def contract(self, words: Sequence[Lemmas]) -> tuple[Stretch, ...]:
        """The stretches of a question that are full names; `words` has the lemmas of each word.

        In order, the longest where they begin together; one may have several short forms.
        """
        found: list[Stretch] = []
        for start in range(len(words) - 1):
            names = [(self._name(number), number) for number in self._opened(*words[start:][:2])]
            fitting = [(name, number) for name, number in names if _opens(name, words[start:])]
            longest = max((len(name) for name, _ in fitting), default=0)
            shorts = [self._short_of(number) for name, number in fitting if len(name) == longest]
            found += (Stretch(start, start + longest, short) for short in dict.fromkeys(shorts))
        return tuple(found)

    def _opened(self, word: Lemmas, following: Lemmas) -> Iterator[int]:
        """The full names that begin with two words; by the lemmas of the first, then in order."""
        for lemma in word:
            rows = (self._by_opening[f"{lemma} {other}"].tolist() for other in following)
            yield from sorted({number for row in rows for number in row})

    def _entry(self, number: int) -> Entry:
        short, ordinary = json.loads(self._shorts[number])
        first, stop = self._first[number : number + 2].tolist()
        return Entry(tuple(short), tuple(map(self._name, range(first, stop))), ordinary)

    def _name(self, number: int) -> Name:
        return tuple(map(tuple, json.loads(self._names[number])))

    def _short_of(self, name: int) -> str:
        """The first lemma of the short form of a full name."""
        entry = int(np.searchsorted(self._first, name, side="right")) - 1
        short: str = json.loads(self._shorts[entry])[0][0]
        return short


def _arrays(entries: Sequence[Entry]) -> Arrays:
    """Those that `Abbreviations` reads."""
    names = [name for entry in entries for name in entry.names]
    by_short: dict[str, list[int]] = {}
    by_opening: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        for lemma in entry.short:
            by_short.setdefault(lemma, []).append(number)
    for number, name in enumerate(names):
        for one, other in product(*name[:2]):
            by_opening.setdefault(f"{one} {other}", []).append(number)
    shorts = (_dumped([entry.short, entry.ordinary]) for entry in entries)
    first = accumulate((len(entry.names) for entry in entries), initial=0)
    return {
        **strings_of("abbreviations.shorts", shorts),
        **strings_of("abbreviations.names", map(_dumped, names)),
        "abbreviations.first": np.fromiter(first, np.int32),
        **groups_of("abbreviations.short", by_short),
        **groups_of("abbreviations.opening", by_opening),
    }


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class _Reading(NamedTuple):
    """A full name as far as it is understood, and how often it was seen."""

    name: Name
    seen: int


def _counted(rows: Iterable[Row]) -> dict[tuple[Lemmas, Name, bool], int]:
    """How often each is explained; in the order of the first time."""
    counts: dict[tuple[Lemmas, Name, bool], int] = {}
    for _, short, full, ordinary in rows:
        explained = tuple(short), tuple(map(tuple, full)), ordinary
        counts[explained] = counts.get(explained, 0) + 1
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
