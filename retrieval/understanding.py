"""What a question means in this archive: its words mended, explained, and looked up."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from retrieval.analyzer import Token
from retrieval.asking.filters import Filter
from retrieval.asking.mastheads import source_matches
from retrieval.asking.spoken_dates import spoken
from retrieval.conditions import in_periods
from retrieval.found import Correction, Sighting
from retrieval.generation import Generation
from retrieval.initials import is_short_form, spelled_out
from retrieval.marks import is_date
from retrieval.mending.corrections import Near
from retrieval.mending.retyping import retyped
from retrieval.mending.written import shown_as
from retrieval.models import Span
from retrieval.nearby import having_name
from retrieval.query import Query, parse
from retrieval.sought import Sought, having, seek
from retrieval.spelling import normal

UNKNOWN = 2
"""A word in so many passages or fewer may be a mistake."""
MENDED = 8
"""So many words of a question are mended at most."""
SPELLED = 3
"""So many short forms are looked for by their initials at most."""
CERTAIN = 0.6
"""How certain a correction must be."""
DATING = 0.3
"""How much the words of a date weigh: what is of these days is preferred as it is."""
_NEWS_WORDS = """
новость событие произойти происходить случиться случаться быть новое свежий важный интересный
публикация материал статья сообщение написать писать
"""
_NEWS = frozenset(_NEWS_WORDS.split())
"""What «новости за вчера» has beside the day: words that only ask for whatever there is."""
_ENDING = re.compile("[аеиоуыюяь]|[ое]в|[аеиоуыюя][ймх]|[аыия]ми|[ое]го|[ое]му|[уюаяоеыи][юяеи]|")
"""Of a name in another case."""
_SHOWN_IN = 50
"""In how many passages the archive's own spelling of a word is looked for."""


class Understood(NamedTuple):
    """A question as this archive understands it."""

    query: Query
    """In the right keyboard layout."""
    sought: tuple[Sought, ...]
    corrections: tuple[Correction, ...] = ()
    source: str = ""
    """The source that it names, if the archive has one of this name."""

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """Its words with what was searched for each."""
        text = self.query.text
        return tuple(
            Sighting(text[word.token.start : word.token.stop], word.lemmas, len(word.passages))
            for word in self.sought
        )


def understand(generation: Generation, query: Query) -> Understood:
    """Mend what was typed, unless it is to be taken literally, and look its words up."""
    turned: tuple[Correction, ...] = ()
    if not query.literal:
        query, turned = _retyped(generation, query)
    source = _source(generation, query)
    days = _days(query)
    named = query.source_words if source else ()
    kept = tuple(_weighed(word, days) for word in query.words if word not in named)
    if _asks_for_all(query, source, kept, days):
        return Understood(_of_source(query, source), _weightless(generation, kept), turned)
    words, mended = (kept, ()) if query.literal else _mended(generation, query, kept, days)
    sought = _explained(generation, query, words, seek(generation, words))
    dated = _dated(generation, query, sought, days)
    return Understood(query, dated, _chained(turned, mended), source)


def _chained(turned: Sequence[Correction], mended: Sequence[Correction]) -> tuple[Correction, ...]:
    """Of «yfcf», taken for «наса», and that for «NASA», only what was typed and what is used."""
    chained = list(turned)
    for typed, used in mended:
        place = next((n for n, one in enumerate(chained) if typed in one.used.split()), None)
        if place is None:
            chained.append(Correction(typed, used))
        else:
            words = (used if word == typed else word for word in chained[place].used.split())
            chained[place] = Correction(chained[place].typed, " ".join(words))
    return tuple(chained)


def _days(query: Query) -> tuple[Span, ...]:
    """Where a question speaks of days that it would rather have, or of such as there are none."""
    named = spoken(query.text, query.today) if query.periods else ()
    faults = (each.typed for each in query.faults if each.kind == "date")
    places = ((query.text.find(typed), len(typed)) for typed in faults)
    unread = (Span(start, start + length) for start, length in places if start >= 0)
    return (*(one.span for one in named if one.period in query.periods), *unread)


def _is_day(word: Token, days: Sequence[Span]) -> bool:
    return any(start <= word.start and word.stop <= stop for start, stop in days)


def _weighed(word: Token, days: Sequence[Span]) -> Token:
    if not _is_day(word, days):
        return word
    return word._replace(weight=min(word.weight, DATING))


def _asks_for_all(query: Query, source: str, words: Sequence[Token], days: Sequence[Span]) -> bool:
    """Whether it asks for whatever there is of some days, of a source: «новости за вчера»."""
    if not (query.periods or query.filters or source):
        return False
    return all(
        not word.weight or _is_day(word, days) or not _NEWS.isdisjoint(word.lemmas)
        for word in words
    )


def _weightless(generation: Generation, words: Sequence[Token]) -> tuple[Sought, ...]:
    return seek(generation, (word._replace(weight=0.0) for word in words))


def _of_source(query: Query, source: str) -> Query:
    """With the source for a condition, where there is nothing else to go by."""
    if not source:
        return query
    return replace(query, filters=(*query.filters, Filter("source", source, None, source)))


def _retyped(generation: Generation, query: Query) -> tuple[Query, tuple[Correction, ...]]:
    """The question in the keyboard layout that was meant."""
    text, found = query.text, retyped(query.text, generation.lexicon, generation.analyzer)
    if not found:
        return query, ()
    mended = text
    for span, other in reversed(found):
        mended = mended[: span.start] + other + mended[span.stop :]
    corrections = tuple(
        Correction(text[slice(*span)], _with_capitals(generation, other)) for span, other in found
    )
    return parse(mended, generation.analyzer, query.today), corrections


def _with_capitals(generation: Generation, text: str) -> str:
    """Names typed in small letters as names are written."""
    for word in generation.analyzer.tokens(text, any_case=True):
        if word.weight > 1:
            text = text[: word.start] + text[word.start].upper() + text[word.start + 1 :]
    return text


def _source(generation: Generation, query: Query) -> str:
    if not query.source_words:
        return ""
    typed = query.text[query.source_words[0].start : query.source_words[-1].stop]
    in_dictionary = " ".join(word.lemmas[0].removesuffix("-") for word in query.source_words)
    for named in (typed, in_dictionary):
        if any(source_matches(named, *origin) for origin in generation.origins):
            return named
    return ""


def _mended(
    generation: Generation, query: Query, words: Sequence[Token], days: Sequence[Span]
) -> tuple[tuple[Token, ...], tuple[Correction, ...]]:
    """Words that the archive lacks, or nearly lacks, as it has them."""
    tries, mended, corrections = MENDED, list(words), list[Correction]()
    for place, word in enumerate(words):
        if not tries or _is_day(word, days) or not _is_unknown(generation, query, word):
            continue
        tries -= 1
        typed = query.text[word.start : word.stop]
        near = generation.lexicon.near(typed, word, generation.analyzer)
        if near and near.certainty >= CERTAIN:
            mended[place] = word._replace(lemmas=near.lemmas, parts=(near.lemmas,))
            if not _is_form(normal(typed), near.lemmas[0].removesuffix("-")):
                corrections.append(Correction(typed, _as_written(generation, near)))
    return tuple(mended), tuple(corrections)


def _is_form(typed: str, stem: str) -> bool:
    """Whether it is the archive's own word in another case."""
    return typed.startswith(stem) and bool(_ENDING.fullmatch(typed, len(stem)))


def _is_unknown(generation: Generation, query: Query, word: Token) -> bool:
    typed = query.text[word.start : word.stop]
    return generation.lexicon.count(word.lemmas) <= UNKNOWN and not any(
        generation.abbreviations.expand(lemma, typed) for lemma in word.lemmas
    )


def _as_written(generation: Generation, near: Near) -> str:
    """The archive's own spelling of a word, in the dictionary form if it has that."""
    wanted = near.lemmas[0].removesuffix("-")
    best = ""
    for form in _forms(generation, near.lemmas):
        if normal(form) == wanted:
            return form
        if form and (not best or len(form) < len(best)):
            best = form
    return best or wanted


def _forms(generation: Generation, lemmas: tuple[str, ...]) -> Iterator[str]:
    for number in having(generation.index, lemmas)[:_SHOWN_IN].tolist():
        passage = generation.passages[number]
        for text in (passage.text, passage.article.title):
            yield shown_as(text, lemmas, generation.analyzer)


def _explained(
    generation: Generation, query: Query, words: Sequence[Token], sought: Sequence[Sought]
) -> tuple[Sought, ...]:
    """Words that the archive explains count as found where what they stand for is found."""
    known, found = generation.abbreviations, {word.token.lemmas: word for word in sought}
    tries = SPELLED
    for lemmas, word in found.items():
        typed = query.text[word.token.start : word.token.stop]
        for name in (each for lemma in lemmas for each in known.expand(lemma, typed)):
            passages = having_name(generation, name)
            found[lemmas] = found[lemmas].or_in(generation.index, passages, name)
        if tries and not len(found[lemmas].passages) and is_short_form(typed):
            tries -= 1
            spelled = spelled_out(generation, typed)
            found[lemmas] = found[lemmas].or_in(generation.index, *spelled)
    for stretch in known.contract([word.lemmas for word in words]):
        passages = having(generation.index, (stretch.short,))
        for token in words[stretch.start : stretch.stop]:
            word = found[token.lemmas].or_in(generation.index, passages, (stretch.short,))
            found[token.lemmas] = word
    return tuple(found.values())


def _dated(
    generation: Generation, query: Query, sought: Sequence[Sought], days: Sequence[Span]
) -> tuple[Sought, ...]:
    """«Декабрь» and «2025» count as found in what is of that month, whatever its words.

    The other words of a date, «18» and «первый», count there only: elsewhere they are of others.
    """
    if not query.periods:
        return tuple(sought)
    passages, index = in_periods(generation, query.periods), generation.index
    found = list(sought)
    for place, word in enumerate(sought):
        if is_date(word.token):
            found[place] = word.or_in(index, passages)
        elif _is_day(word.token, days):
            nowhere = word._replace(groups=(), passages=passages[:0], kin=())
            found[place] = nowhere.or_in(index, passages, word.lemmas)
    return tuple(found)
