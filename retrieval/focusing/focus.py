"""Which sentence of a passage answers a question, and what in it was asked for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from retrieval.analyzer import Analyzer, Token
from retrieval.asking.asks import Asks
from retrieval.focusing.named import Naming, named
from retrieval.focusing.sentences import leans, sentences
from retrieval.models import Passage, Span

NAMES = 0.35
"""What a sentence gains, of the whole question's weight, that names such a thing as is asked for:
about as much as one word of three."""
AHEAD = 0.15
"""By how much of the question's weight a later sentence must be better than the ones before it:
a quote that starts further up is easier to understand."""
CLEAR = 0.5
"""The share of the question that a sentence must have for something in it to be the answer."""
RIVAL = 0.75
"""Of what the sentence has of the question: with as much, another one that names such a thing may
just as well be the one that answers."""
_ALL = 0.95
TOUCHES = 0.01
"""The share of the question below which a sentence has nothing to do with it."""


class _Match(NamedTuple):
    """A word of the passage that the question has too."""

    token: Token
    lemmas: frozenset[str]
    weight: float


class _Sentence(NamedTuple):
    """A sentence, and what makes it the one that answers."""

    span: Span
    share: float
    """How much of the question it has, of 1."""
    inherited: float
    """How much of it the sentence before has, as far as this one goes on from there."""
    named: tuple[Naming, ...]
    """What it names of the kind that is asked for."""

    @property
    def score(self) -> float:
        known = self.share + self.inherited
        return known + NAMES * bool(self.named) if known else 0.0


def focus(
    passage: Passage,
    tokens: Sequence[Token],
    weights: Mapping[str, float],
    asks: Asks | None,
    analyzer: Analyzer,
    whole: float | None = None,
) -> tuple[Span | None, tuple[Span, ...]]:
    """The sentence that answers, and in it what is asked for if it is clear; spans of the article.

    `tokens` are the passage's own, with offsets into its text; `weights` say for each lemma sought
    how much its word counts, `whole` what all words of the question weigh (else the sum of those:
    too much where a word has several lemmas). There is no sentence where none has a word of the
    question, and no answer where more than one thing may be it: a wrong one is worse than none.
    """
    matches = _matches(tokens, weights)
    whole = whole or sum(weights.values())
    if not matches or not whole:
        return None, ()
    asked_for = named(passage.text, tokens, frozenset(weights), asks, analyzer)
    parts = _parts(passage.text, matches, asked_for, whole)
    best = _best(parts)
    answers = best.named if _is_clear(best, parts) and _tells(best, matches) else ()
    return _shifted(best.span, passage), tuple(_shifted(one.span, passage) for one in answers)


def _shifted(span: Span, passage: Passage) -> Span:
    """A stretch of a passage's text as one of its article's."""
    return Span(passage.start + span.start, passage.start + span.stop)


def _matches(tokens: Sequence[Token], weights: Mapping[str, float]) -> list[_Match]:
    telling = {lemma for lemma, weight in weights.items() if weight > 0}
    found = (token for token in tokens if not telling.isdisjoint(token.lemmas))
    known = ((token, telling.intersection(token.lemmas)) for token in found)
    return [
        _Match(token, frozenset(lemmas), max(weights[lemma] for lemma in lemmas))
        for token, lemmas in known
    ]


def _weight(matches: Iterable[_Match]) -> float:
    """What the words weigh together, each counted once however often it stands there."""
    seen: set[str] = set()
    total = 0.0
    for match in sorted(matches, key=lambda match: -match.weight):
        total += 0.0 if match.lemmas & seen else match.weight
        seen |= match.lemmas
    return total


def _parts(
    text: str, matches: Sequence[_Match], asked_for: Sequence[Naming], whole: float
) -> list[_Sentence]:
    """The sentences of a passage; one that points back has half of what the one before it has."""
    found: list[_Sentence] = []
    for span in sentences(text):
        share = _weight(match for match in matches if span.start <= match.token.start < span.stop)
        before = found[-1].share if found and leans(text[slice(*span)]) else 0.0
        own = tuple(one for one in asked_for if _within(one.span, span))
        found.append(_Sentence(span, share / whole, before / 2, own))
    return found


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.stop <= outer.stop


def _best(parts: Sequence[_Sentence]) -> _Sentence:
    """The first of the sentences that come close to the best."""
    enough = max(part.score for part in parts) - AHEAD
    return next((part for part in parts if part.score >= max(enough, TOUCHES)), parts[0])


def _tells(best: _Sentence, matches: Sequence[_Match]) -> bool:
    """Whether the sentence has more of the question than what is counted, or that is all of it.

    «Двух человек ищут» is of people, but not of those that were asked for.
    """
    inner = best.named[0].span
    own = (match for match in matches if _within(_span(match), best.span))
    return best.share > _ALL or any(not _within(_span(match), inner) for match in own)


def _span(match: _Match) -> Span:
    return Span(match.token.start, match.token.stop)


def _is_clear(best: _Sentence, parts: Sequence[_Sentence]) -> bool:
    """Whether the one thing it names is the answer: it is to the point, and has no rival."""
    if len(best.named) != 1 or not best.named[0].alone or best.share < CLEAR:
        return False
    return not any(
        part.named and part.share >= RIVAL * best.share for part in parts if part is not best
    )
