"""The word of the archive that a typed word stands for, where the archive lacks it as typed."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal, NamedTuple

from retrieval.analyzer import Analyzer, Token
from retrieval.mending.mistypings import cost, one_mistake
from retrieval.mending.neighbours import LONG, Neighbours, spelling
from retrieval.mending.renderings import Renderings
from retrieval.mending.variants import (
    is_latin,
    japanese,
    relayout,
)
from retrieval.spelling import is_russian, normal
from retrieval.storing.hashed import Hashed, Termed

Kind = Literal["layout", "latin", "japanese", "hyphen", "typo"]

SHORTEST = 4
"""Letters of a word that may be mistyped; a shorter one has too many neighbours."""
TURNED = 6
"""Letters of a word in the wrong layout that may be mistyped as well."""
LONGEST = 40
COMMONER = 20
"""In how many times as many passages a word must be that is taken for one the archive has."""
UNLIKELY = 10
"""From so many letters on even a word of the dictionary may be a slip for a common one."""
LOANWORD = 5
"""Letters of a word of the dictionary that the archive may have in Latin only, as a brand."""
SAME = 0.97
"""How alike the two must sound then."""
ACRONYM = 4
"""Letters of a word in Latin capitals that is no name."""
COLLISIONS = 0.001
"""How often an unknown word is by chance a likely mistake away from a term of the archive."""
VERB = 0.25
"""What it costs more to take a word for a verb: unknown words are names, most of them."""
LATIN_FOR_RUSSIAN, RUSSIAN_FOR_LATIN = 0.92, 0.8
"""How certain a word is that sounds the same in the other alphabet."""
GUESSED = 0.25
"""What a guess at the dictionary form costs more than the stem."""

_OF_A_NOUN_ENDINGS = "ный ной ний ский ской овский овый евый овой еский ческий ьный льный"
_OF_A_NOUN = tuple(_OF_A_NOUN_ENDINGS.split())
_LAST_LETTERS = "аеийоуыьюя-"


class Near(NamedTuple):
    """What to search in place of a typed word."""

    lemmas: tuple[str, ...]
    """Terms of the archive, all of one word."""
    certainty: float
    """From 0 to 1."""
    kind: Kind


@dataclass(frozen=True)
class _Typed:
    """A word as typed, and what the dictionary has to say of it."""

    text: str
    token: Token
    analyzer: Analyzer

    @cached_property
    def word(self) -> str:
        return normal(self.text)

    @cached_property
    def russian(self) -> bool:
        return is_russian(self.word)

    @cached_property
    def known(self) -> bool:
        return self.russian and self.analyzer.knows(self.word)

    @cached_property
    def common(self) -> bool:
        return self.russian and _is_common(self.word, self.analyzer)

    @cached_property
    def foreign(self) -> bool:
        """Whether it may be a brand for all the dictionary knows: it has no adjective of it."""
        bare = {form.rstrip(_LAST_LETTERS) for form in (self.word, *self.token.lemmas)}
        derived = (stem + ending for stem in bare for ending in _OF_A_NOUN)
        return len(self.word) >= LOANWORD and not any(map(self.analyzer.knows, derived))

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """What the term may look like if the word is unknown: its stems, its lemmas."""
        stems = (lemma.removesuffix("-") for lemma in self.token.lemmas)
        guesses = self.analyzer.guesses(self.word) if self.russian else ()
        return tuple(dict.fromkeys((*stems, *guesses)))


class _Way(NamedTuple):
    """What a mistyped word may be: the least is the likeliest."""

    price: float
    """Of the mistakes."""
    place: int
    """Of the guess at its dictionary form."""
    rarity: int
    length: int
    lemmas: tuple[str, ...]


class Lexicon:
    """The terms of some segments by what a person may type for them."""

    def __init__(self, segments: Sequence[Termed], count: Callable[[str], int]) -> None:
        """`count` tells in how many passages a term is; one that is in none is not found."""
        self._count = count
        self._size = sum(len(each.vocabulary) for each in segments)
        self._renderings = Renderings(segments, count)
        self._hyphenated = [
            (each.vocabulary, Hashed(each.arrays, "lexicon.hyphenated")) for each in segments
        ]
        self._neighbours = Neighbours(segments)

    def __contains__(self, term: str) -> bool:
        return self._count(term) > 0

    def count(self, lemmas: Iterable[str]) -> int:
        """In how many passages the commonest of the lemmas is."""
        return max(map(self._count, lemmas), default=0)

    def near(self, token_text: str, token: Token, analyzer: Analyzer) -> Near | None:
        """The word of the archive that is meant by one it lacks; None where none is near enough.

        `token` is what the analyzer makes of `token_text`. Of a word the archive has, only one
        that is much commoner there is near.
        """
        typed = _Typed(token_text, token, analyzer)
        if not typed.word or len(typed.word) > LONGEST or not _is_letters(typed.word):
            return None
        least = max(1, COMMONER * self.count(token.lemmas))
        found = filter(None, (rule(typed) for rule in self._rules))
        common = (near for near in found if self.count(near.lemmas) >= least)
        return max(common, key=self._worth, default=None)

    def _worth(self, near: Near) -> float:
        """How likely it is meant: certain, and common in the archive."""
        return near.certainty + 0.03 * math.log10(self.count(near.lemmas))

    @property
    def _rules(self) -> tuple[Callable[[_Typed], Near | None], ...]:
        return self._joined, self._retyped, self._japanese, self._latin, self._mistyped

    def _having(self, word: str, analyzer: Analyzer) -> tuple[str, ...]:
        """The lemmas of a word that the archive has."""
        tokens = analyzer.tokens(word, any_case=True)
        return tuple(lemma for token in tokens for lemma in token.parts[0] if lemma in self)

    def _joined(self, typed: _Typed) -> Near | None:
        """«премьерминистр» for «премьер-министр», and the other way round."""
        if "-" in typed.word:
            found = self._having(typed.word.replace("-", ""), typed.analyzer)
        elif not typed.known:
            terms = chain(*map(self._in_pieces, typed.forms))
            found = self._word(next(terms, ""))
        else:
            return None
        return Near(found, 1.0, "hyphen") if found else None

    def _retyped(self, typed: _Typed) -> Near | None:
        """«njrftd» for «токаев»; a longer word may have a mistake besides."""
        other = relayout(typed.text).casefold()
        if typed.known or len(other) < SHORTEST or not other.isalpha():
            return None
        found = self._having(other, typed.analyzer)
        if found and self.count(found) >= self._least(1, len(other)):
            return Near(found, 0.9, "layout")
        tokens = typed.analyzer.tokens(other, any_case=True)
        if len(other) < TURNED or len(tokens) != 1:
            return None
        mistyped = self._mistyped(_Typed(other, tokens[0], typed.analyzer))
        return mistyped and Near(mistyped.lemmas, 0.8 * mistyped.certainty, "layout")

    def _japanese(self, typed: _Typed) -> Near | None:
        """«Такаичи» for «Такаити»."""
        if not typed.russian or typed.common:
            return None
        for written in japanese(typed.text):
            found = self._having(written, typed.analyzer)
            if found and not _is_common(written, typed.analyzer):
                return Near(found, 0.9, "japanese")
        return None

    def _latin(self, typed: _Typed) -> Near | None:
        """«Tokayev» for «Токаев», «Марубени» for «Marubeni»."""
        latin = is_latin(typed.word)
        if typed.common and not typed.foreign:
            return None
        if latin and typed.text.isupper() and len(typed.text) <= ACRONYM:
            return None
        if latin:
            best = max(self._renderings.of_latin(typed.word), default=None)
        else:
            heard = self._renderings.of_russian({typed.word, *typed.forms})
            best = max(
                (each for each in heard if each.passages >= self._least(0.5, len(each.term))),
                default=None,
            )
        if typed.common and best and best.alike < SAME:
            return None
        certainty = LATIN_FOR_RUSSIAN if latin else RUSSIAN_FOR_LATIN
        return best and Near(self._word(best.term), certainty * best.alike, "latin")

    def _mistyped(self, typed: _Typed) -> Near | None:
        """«импиратор» for «император»."""
        if len(typed.word) < (UNLIKELY if typed.known else SHORTEST):
            return None
        ways = chain(self._known_forms(typed), self._near_terms(typed))
        likely = (
            way
            for way in ways
            if -way.rarity >= self._least(way.price, way.length)
            and not set(way.lemmas) & set(typed.token.lemmas)
        )
        best = min(likely, default=None)
        if not best or (typed.known and (best.price > 1 or best.rarity > -COMMONER)):
            return None
        return Near(best.lemmas, 1 - 2 * best.price / best.length, "typo")

    def _least(self, price: float, length: int) -> float:
        """In how many passages a term must be for a word to be taken for it.

        The more terms there are, the likelier it is that one is near by chance; the shorter the
        word and the graver the mistake, too.
        """
        return self._size * COLLISIONS * price**2 / length

    def _known_forms(self, typed: _Typed) -> Iterator[_Way]:
        """Forms in the dictionary that one mistake makes of it, of words the archive has."""
        knows = typed.analyzer.knows
        for form in filter(knows, set(one_mistake(typed.word)) if typed.russian else ()):
            price = cost(typed.word, form)
            if len(form) < SHORTEST or price > _allowed(len(form)):
                continue
            if lemmas := self._having(form, typed.analyzer):
                price += VERB * (typed.analyzer.tokens(form)[0].weight < 0.5)
                yield _Way(price, 0, -self.count(lemmas), len(form), lemmas)

    def _near_terms(self, typed: _Typed) -> Iterator[_Way]:
        """Terms one or two mistakes away from what its own term may be."""
        for place, form in enumerate(typed.forms):
            if len(form) < SHORTEST:
                continue
            guessed = GUESSED * (f"{form}-" not in typed.token.lemmas)
            for other in self._neighbours.of(form, self._word):
                price, lemmas = cost(form, other) + guessed, self._word(other)
                if price <= _allowed(len(form)) + guessed:
                    yield _Way(price, place, -self.count(lemmas), len(form), lemmas)

    def _word(self, term: str) -> tuple[str, ...]:
        """All terms of the word that a term, or its letters alone, stand for."""
        bare = term.removesuffix("-")
        whole = [each for each in (bare, f"{bare}-") if each in self]
        return tuple(whole or self._in_pieces(bare))

    def _in_pieces(self, joined: str) -> list[str]:
        """The terms with hyphens in them whose letters are these, in order."""
        found = {terms[n] for terms, hashed in self._hyphenated for n in hashed[joined].tolist()}
        return sorted(term for term in found if spelling(term) == joined and term in self)


def _is_common(word: str, analyzer: Analyzer) -> bool:
    return analyzer.knows(word) and not analyzer.is_name(word)


def _is_letters(term: str) -> bool:
    return term.removesuffix("-").replace("-", "").isalpha()


def _allowed(length: int) -> float:
    """The cost of mistakes that a form of so many letters may have."""
    return 0.6 if length < 6 else 1.0 if length < LONG else 1.25
