"""What a question means in this archive: its words mended, explained, and looked up."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.analyzer import Token
from retrieval.asking.mastheads import source_matches
from retrieval.conditions import in_periods
from retrieval.found import Correction, Sighting
from retrieval.generation import Generation
from retrieval.marks import is_date
from retrieval.mending.corrections import Near, shown_as
from retrieval.mending.retyping import retyped
from retrieval.nearby import having_name
from retrieval.query import Query, parse
from retrieval.sought import Sought, having, seek
from retrieval.spelling import normal

UNKNOWN = 2
"""A word in so many passages or fewer may be a mistake."""
MENDED = 8
"""So many words of a question are mended at most."""
CERTAIN = 0.6
"""How certain a correction must be."""
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
    kept = tuple(word for word in query.words if not (source and word in query.source_words))
    words, mended = (kept, ()) if query.literal else _mended(generation, query, kept)
    sought = _explained(generation, query, words, seek(generation.index, words))
    return Understood(query, _dated(generation, query, sought), (*turned, *mended), source)


def _retyped(generation: Generation, query: Query) -> tuple[Query, tuple[Correction, ...]]:
    """The question in the keyboard layout that was meant."""
    text, found = query.text, retyped(query.text, generation.lexicon, generation.analyzer)
    if not found:
        return query, ()
    mended = text
    for span, other in reversed(found):
        mended = mended[: span.start] + other + mended[span.stop :]
    corrections = tuple(Correction(text[slice(*span)], other) for span, other in found)
    return parse(mended, generation.analyzer, query.today), corrections


def _source(generation: Generation, query: Query) -> str:
    if not query.source_words:
        return ""
    named = query.text[query.source_words[0].start : query.source_words[-1].stop]
    has = any(source_matches(named, source, url) for source, url in generation.origins)
    return named if has else ""


def _mended(
    generation: Generation, query: Query, words: Sequence[Token]
) -> tuple[tuple[Token, ...], tuple[Correction, ...]]:
    """Words that the archive lacks, or nearly lacks, as it has them."""
    tries, mended, corrections = MENDED, list(words), list[Correction]()
    for place, word in enumerate(words):
        if not tries or not _is_unknown(generation, query, word):
            continue
        tries -= 1
        typed = query.text[word.start : word.stop]
        near = generation.lexicon.near(typed, word, generation.analyzer)
        if near and near.certainty >= CERTAIN:
            mended[place] = word._replace(lemmas=near.lemmas, parts=(near.lemmas,))
            used = _as_written(generation, near)
            if not normal(typed).startswith(near.lemmas[0].removesuffix("-")):
                corrections.append(Correction(typed, used))
    return tuple(mended), tuple(corrections)


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
    for lemmas, word in found.items():
        typed = query.text[word.token.start : word.token.stop]
        for name in (each for lemma in lemmas for each in known.expand(lemma, typed)):
            passages = having_name(generation, name)
            found[lemmas] = found[lemmas].or_in(generation.index, passages, name)
    for stretch in known.contract([word.lemmas for word in words]):
        passages = having(generation.index, (stretch.short,))
        for token in words[stretch.start : stretch.stop]:
            word = found[token.lemmas].or_in(generation.index, passages, (stretch.short,))
            found[token.lemmas] = word
    return tuple(found.values())


def _dated(generation: Generation, query: Query, sought: Sequence[Sought]) -> tuple[Sought, ...]:
    """«Декабрь» and «2025» count as found in what is of that month, whatever its words."""
    if not query.periods:
        return tuple(sought)
    passages = in_periods(generation, query.periods)
    return tuple(
        word.or_in(generation.index, passages) if is_date(word.token) else word for word in sought
    )
