"""An article as stretches of text, and where the words of a topic stand in one."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from retrieval.analyzer import Analyzer, Token
from retrieval.generation import Generation
from retrieval.lone_heads import heads, lone_heads
from retrieval.models import Article, Passage, Span
from retrieval.spelling import WORD, normal

Lemmas = tuple[str, ...]
"""What stands for one word; any of them will do."""


class Word(NamedTuple):
    """A word that is looked for."""

    whole: Lemmas
    parts: tuple[Lemmas, ...] = ()
    """Of a compound («премьер-министр»): all of them, side by side, stand for it as well."""
    spelling: str = ""
    """Of a word of grammar within a phrase, which has no lemmas."""


Term = tuple[Word, ...]
"""Words that stand next to each other in this order: a phrase, or one word."""


class _Piece(NamedTuple):
    """A word as it stands in a text, or a part of a compound there."""

    span: Span
    lemmas: Lemmas
    spelling: str
    """Of a word of grammar, which has no lemmas."""
    apart: bool
    """Whether more than a hyphen or a space stands between it and the piece before it."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """A text that is looked through as one: a passage, or a head above some."""

    passage: Passage | None
    """What to quote: itself, or the first passage below the head; None if there is none."""
    start: int | None
    """Where its text starts in the article; None for a head, whose words are not quoted."""
    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """Those of all its words."""
        return frozenset(lemma for token in self.tokens for lemma in token.lemmas)

    @cached_property
    def pieces(self) -> tuple[_Piece, ...]:
        """Its words in order, those of grammar too, and compounds by their parts."""
        tokens = {token.start: token for token in self.tokens}
        found: list[_Piece] = []
        before = 0
        for word in WORD.finditer(self.text):
            apart = not self.text[before : word.start()].isspace()
            found += _split(word, tokens.get(word.start()), apart)
            before = word.end()
        return tuple(found)

    @cached_property
    def where(self) -> dict[str, list[int]]:
        """The numbers of the pieces that have a lemma."""
        found: dict[str, list[int]] = {}
        for number, piece in enumerate(self.pieces):
            for lemma in piece.lemmas:
                found.setdefault(lemma, []).append(number)
        return found


def _split(word: re.Match[str], token: Token | None, apart: bool) -> list[_Piece]:
    span = Span(*word.span())
    if token is None:
        return [_Piece(span, (), normal(word.group()), apart)]
    parts = token.parts[1:] if len(token.parts) > 2 else (token.lemmas,)
    return [_Piece(span, lemmas, "", apart and not number) for number, lemmas in enumerate(parts)]


class ArticleWords(NamedTuple):
    """The words of an article, read once for all topics."""

    passages: tuple[Stretch, ...]
    heads: tuple[Stretch, ...]
    """Its title first, then the section heads and questions over its passages."""


def words_of(generation: Generation, article_id: str) -> ArticleWords:
    """The words of an article of the archive; raises LookupError if it has gone."""
    article = generation.article(article_id)
    if article is None:
        raise LookupError(f"the archive has no article {article_id!r}")
    passages = generation.passages_of(article_id)
    return article_words(article, passages, generation.analyzer, lone_heads(article, passages))


def article_words(
    article: Article,
    passages: Sequence[Passage],
    analyzer: Analyzer,
    lone: Iterable[tuple[Span, Passage | None]] = (),
) -> ArticleWords:
    """The words of an article, as far as its title and these passages and heads have them."""
    first = passages[0] if passages else None
    title = _stretch(first, None, article.title, analyzer)
    above = (
        _stretch(passage, None, article.text[head.start : head.stop], analyzer)
        for head, passage in (*heads(passages).items(), *lone)
    )
    bodies = (_stretch(each, each.start, each.text, analyzer) for each in passages)
    return ArticleWords(tuple(bodies), (title, *above))


def _stretch(passage: Passage | None, start: int | None, text: str, analyzer: Analyzer) -> Stretch:
    return Stretch(passage, start, text, tuple(analyzer.tokens(text)))


def places(term: Term, stretch: Stretch) -> list[Span]:
    """The words of a stretch that are those of a term, as offsets into its text."""
    if not all(word.spelling or _is(word, stretch.lemmas) for word in term):
        return []
    if len(term) > 1:
        return sorted(set(_phrases(term, stretch)))
    (word,) = term
    found = {Span(token.start, token.stop) for token in stretch.tokens if _is(word, token.lemmas)}
    return sorted(found.union(_phrases(term, stretch)) if word.parts else found)


def _is(word: Word, lemmas: Collection[str]) -> bool:
    """Whether these lemmas, of one word or of many, have the word or all parts of it."""
    return _any(word.whole, lemmas) or (
        bool(word.parts) and all(_any(part, lemmas) for part in word.parts)
    )


def _any(wanted: Lemmas, lemmas: Collection[str]) -> bool:
    return any(lemma in lemmas for lemma in wanted)


def _phrases(term: Term, stretch: Stretch) -> Iterator[Span]:
    """The words of a text, wherever those of a term stand side by side."""
    for start in _starts(term, stretch):
        stop = start
        for word in term:
            length = _length(word, stretch.pieces, stop)
            stop += length
            if not length:
                break
        else:
            yield from (piece.span for piece in stretch.pieces[start:stop])


def _starts(term: Term, stretch: Stretch) -> list[int]:
    """The pieces where a phrase may start, by its first word that has a meaning."""
    before = next(number for number, word in enumerate(term) if not word.spelling)
    word = term[before]
    found = (stretch.where.get(lemma, ()) for lemma in (word.parts or (word.whole,))[0])
    return sorted({number - before for number in chain(*found) if number >= before})


def _length(word: Word, pieces: Sequence[_Piece], start: int) -> int:
    """How many pieces from `start` are this word; 0 if they are another."""
    if start == len(pieces):
        return 0
    if word.parts:
        return _apart(word.parts, pieces, start)
    one = pieces[start]
    if word.spelling:
        return int(_same_grammar(word.spelling, one.spelling))
    return int(_any(word.whole, one.lemmas))


def _apart(parts: Iterable[Lemmas], pieces: Sequence[_Piece], start: int) -> int:
    """The same for a compound; words of grammar between its parts do not part them.

    «Вице-премьер — министр» and «вице-премьер министр» are no «премьер-министр».
    """
    stop = start
    for part in parts:
        while start < stop < len(pieces) and not pieces[stop].lemmas:
            stop += 1
        if stop == len(pieces) or not _any(part, pieces[stop].lemmas):
            return 0
        stop += 1
    found = pieces[start:stop]
    torn = start and pieces[start - 1].span == found[0].span != found[-1].span
    return 0 if torn or any(piece.apart for piece in found[1:]) else stop - start


def _same_grammar(one: str, other: str) -> bool:
    """Whether words of grammar are the same: some decline («наш дом», «нашего дома»)."""
    return one == other or (min(len(one), len(other)) > 2 and one[:2] == other[:2])
