"""A question as the search takes it: its words, and how it wants them searched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from retrieval.analyzer import Analyzer, Token
from retrieval.asking.asks import Asks, asked
from retrieval.asking.filters import Fault, Filter, read_filters
from retrieval.asking.folding import without
from retrieval.asking.periods import Period
from retrieval.asking.quoting import Quoted, read_marks
from retrieval.asking.spoken_dates import spoken
from retrieval.asking.voices import voices
from retrieval.models import Span


class Phrase(NamedTuple):
    """What stands in quotes: words that want to be found side by side."""

    text: str
    """As typed, without the quotes."""
    words: tuple[Token, ...]
    """Those of it that carry meaning."""
    span: Span
    """Where it stands in the question, without the quotes."""
    strict: bool = False
    """Whether nothing else will do: in straight quotes, or quoted and all there is."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. All offsets are in characters of its text."""

    text: str
    """As typed."""
    words: tuple[Token, ...] = ()
    """The words to search, in order, those of phrases too; without words of grammar, those that
    only ask, and those of dates that are counted from today."""
    literal: bool = False
    """To be searched as it is typed: no word of it is corrected."""
    phrases: tuple[Phrase, ...] = ()
    without: tuple[Token, ...] = ()
    """Words that a passage must not have; the whole of a compound is the first of their parts."""
    filters: tuple[Filter, ...] = ()
    periods: tuple[Period, ...] = ()
    """The days it speaks of: a preference."""
    asks: Asks | None = None
    speaker: tuple[Token, ...] = ()
    """Who is to speak: a preference. These are among the words too."""
    source_words: tuple[Token, ...] = ()
    """The name of a source, if the archive has it: a preference then. These are among the words."""
    faults: tuple[Fault, ...] = ()
    """What could not be read as it was meant, and is searched as words."""
    today: date | None = None
    """What «вчера» was counted from."""

    @property
    def terms(self) -> tuple[str, ...]:
        """The distinct lemmas, in order."""
        return tuple(dict.fromkeys(lemma for word in self.words for lemma in word.lemmas))


def parse(
    text: str,
    analyzer: Analyzer,
    today: date | None = None,
    *,
    literal: bool = False,
) -> Query:
    """Read a question. Names may be typed in lower case; one without meaning has no words.

    Filters («дата:2025-12», see retrieval.asking.filters), phrases in quotes and minus words
    («-Китай») are taken out of it; whatever cannot be read as one of these is words, and a fault.
    `today` is what «вчера» is counted from; without it such words are words. A `literal` question
    is searched as it is typed, without corrections. It never fails.
    """
    filtered = read_filters(text, today)
    marks = read_marks(without(text, filtered.spans))
    plain = without(text, (*filtered.spans, *marks.minus))
    tokens = analyzer.tokens(text, any_case=True)
    words = _outside(text, tokens, (*filtered.spans, *marks.minus))
    unquoted = without(plain, [each.span for each in marks.quoted])
    dates = spoken(unquoted, today)
    dated = _outside(text, words, [span for one in dates for span in one.relative])
    heard = voices(plain, dated)
    searched = _searched(text, dated, heard.asking)
    excluded = _inside(text, tokens, marks.minus)
    left_out = " ".join(text[slice(*span)] for span in marks.minus)
    lonely = (Fault(left_out, "minus"),) if excluded and not searched else ()
    return Query(
        text,
        searched,
        literal,
        phrases=_phrases(text, words, searched, marks.quoted),
        without=excluded,
        filters=filtered.filters,
        periods=tuple(dict.fromkeys(one.period for one in dates)),
        asks=asked(unquoted, words),
        speaker=heard.speaker,
        source_words=heard.source,
        faults=(*filtered.faults, *marks.faults, *lonely),
        today=today,
    )


def _searched(text: str, words: tuple[Token, ...], asking: Sequence[Span]) -> tuple[Token, ...]:
    """Without the words that only ask, if others are left that tell something."""
    left = _outside(text, words, asking)
    return left if any(word.weight for word in left) else words


def _phrases(
    text: str, words: Sequence[Token], searched: Sequence[Token], quoted: Sequence[Quoted]
) -> tuple[Phrase, ...]:
    alone = not _outside(text, searched, [each.span for each in quoted])
    found = ((each, _inside(text, words, [each.span])) for each in quoted)
    return tuple(
        Phrase(text[slice(*each.span)], inside, each.span, each.straight or alone)
        for each, inside in found
        if inside
    )


def _outside(text: str, words: Iterable[Token], spans: Iterable[Span]) -> tuple[Token, ...]:
    """The words that stand in none of the spans of the text, not even partly."""
    taken = _taken(text, spans)
    return tuple(word for word in words if taken.find(1, word.start, word.stop) < 0)


def _inside(text: str, words: Iterable[Token], spans: Iterable[Span]) -> tuple[Token, ...]:
    taken = _taken(text, spans)
    return tuple(word for word in words if taken.find(0, word.start, word.stop) < 0)


def _taken(text: str, spans: Iterable[Span]) -> bytearray:
    """A one for every character that is in one of the spans."""
    taken = bytearray(len(text))
    for start, stop in spans:
        taken[start:stop] = b"\1" * (stop - start)
    return taken
