"""A question as the search takes it: its words, each with the lemmas that stand for it."""

from dataclasses import dataclass
from datetime import date

from retrieval.analyzer import Analyzer, Token


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: the text as typed, and its words without those of grammar."""

    text: str
    words: tuple[Token, ...] = ()
    literal: bool = False
    """To be searched as it is typed: no word of it is corrected."""

    @property
    def terms(self) -> tuple[str, ...]:
        """The distinct lemmas, in order."""
        return tuple(dict.fromkeys(lemma for word in self.words for lemma in word.lemmas))


def parse(
    text: str,
    analyzer: Analyzer,
    today: date | None = None,  # noqa: ARG001
    *,
    literal: bool = False,
) -> Query:
    """Read a question. Names may be typed in lower case; one without meaning has no words.

    `today` is what «вчера» is counted from; without it such words are words. A `literal` question
    is searched as it is typed, without corrections.
    """
    return Query(text, tuple(analyzer.tokens(text, any_case=True)), literal=literal)
