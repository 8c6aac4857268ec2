"""A question as the search takes it: its words, each with the lemmas that stand for it."""

from dataclasses import dataclass

from retrieval.analyzer import Analyzer, Token


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: the text as typed, and its words without those of grammar."""

    text: str
    words: tuple[Token, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The distinct lemmas, in order."""
        return tuple(dict.fromkeys(lemma for word in self.words for lemma in word.lemmas))


def parse(text: str, analyzer: Analyzer) -> Query:
    """Read a question. Names may be typed in lower case; one without meaning has no words."""
    return Query(text, tuple(analyzer.tokens(text, any_case=True)))
