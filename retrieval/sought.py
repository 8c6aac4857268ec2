"""The words of a question as the archive has them: by which lemmas each is looked for."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from retrieval import rising
from retrieval.analyzer import Token
from retrieval.arrays import Ids
from retrieval.bm25 import Bm25
from retrieval.synonyms import synonyms

if TYPE_CHECKING:
    from retrieval.generation import Generation  # which is made ready by looking words up

ABSENT = 0.8
"""How much of its weight a word keeps for which the archive has nothing near: people have many
words for a thing."""
NEAR = 0.8
"""How much of a word's weight a word of the same root or a synonym is worth."""
AKIN = 0.5
"""How much of a word another one of its root or a synonym is worth beside the word itself."""


class Sought(NamedTuple):
    """A word of the question as the archive has it."""

    token: Token
    """As it stands in the question."""
    groups: tuple[tuple[str, ...], ...]
    """Its lemmas by what they stand for; those of kindred words where there are none of its own."""
    passages: Ids
    """The living ones that have any of them, by their numbers, rising."""
    weight: float
    """How much it counts in the whole question: more if it is rare."""
    share: float
    """How much of that a passage with it gets."""
    kin: tuple[str, ...] = ()
    """Other words of its root that the archive has: weaker evidence."""
    otherwise: Ids = rising.NONE
    """Those of the passages that have it in other words: an abbreviation's full name, a date."""
    names: frozenset[str] = frozenset()
    """The lemmas of these other words."""

    @property
    def kind(self) -> float:
        """How much words of its kind weigh."""
        return self.token.weight

    def or_in(self, index: Bm25, passages: Ids, names: Iterable[str] = ()) -> "Sought":
        """The same word, found in these passages too, where other words stand for it."""
        new = passages[~rising.within(passages, self.passages)]
        found = rising.union([self.passages, new])
        return self._replace(
            passages=found,
            weight=index.rarity(len(found)) * self.kind,
            share=1.0,
            otherwise=rising.union([self.otherwise, new]),
            names=self.names.union(names),
        )

    @property
    def lemmas(self) -> tuple[str, ...]:
        """All that stand for it."""
        return tuple(dict.fromkeys(lemma for group in self.groups for lemma in group))


def seek(generation: "Generation", words: Iterable[Token]) -> tuple[Sought, ...]:
    """Look up each word of a question; one that is repeated, once."""
    distinct = {word.lemmas: word for word in words}
    return tuple(_sought(generation, word) for word in distinct.values())


def _sought(generation: "Generation", word: Token) -> Sought:
    index = generation.index
    passages = having(index, word.lemmas)
    weight = index.rarity(len(passages)) * word.weight
    if len(passages):
        kin = (other for lemma in word.lemmas for other in _akin(generation, lemma))
        return Sought(word, word.parts, passages, weight, 1.0, tuple(dict.fromkeys(kin)))
    near = tuple(dict.fromkeys(one for lemma in word.lemmas for one in _near(generation, lemma)))
    passages = having(index, near)
    weight *= 1 if len(passages) else ABSENT
    return Sought(word, (near,), passages, weight, NEAR)


def _near(generation: "Generation", lemma: str) -> Iterator[str]:
    """What the archive may say in place of a word it lacks: words of its root, synonyms.

    «Неравный» may be said as «нельзя назвать равным».
    """
    without_no = (lemma[2:],) if lemma.startswith("не") and len(lemma) > 5 else ()
    for one in (lemma, *without_no):
        yield one
        if not generation.index.count(one):
            yield from generation.kindred(one)
    yield from synonyms(lemma)


def _akin(generation: "Generation", lemma: str) -> Iterator[str]:
    yield from generation.kindred(lemma)
    yield from synonyms(lemma)


def having(index: Bm25, lemmas: Sequence[str]) -> Ids:
    """The living passages that have any of the lemmas, rising."""
    return rising.union([index.postings(lemma) for lemma in lemmas])
