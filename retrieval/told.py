"""What a news text tells, sentence by sentence, and where two sentences differ.

The dateline, who reports it, links to the site and words of grammar tell nothing. What is counted,
named, dated or denied is known from words that an editor may change.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import razdel
from rapidfuzz.distance import LCSseq, Levenshtein

from retrieval import datelines
from retrieval.analyzer import Analyzer, Token
from retrieval.attributions import without_attribution
from retrieval.litter import is_litter
from retrieval.spelling import WORD, is_russian, normal

_TURNING_WORDS = "не ни нет без кроме нельзя можно против до после"
_TURNING = frozenset(_TURNING_WORDS.split())
"""Words of grammar that make another fact of the words beside them."""
_FACT_WORDS = """
один два три четыре сто тысяча миллион миллиард триллион второй третий четвертый
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
понедельник вторник среда четверг пятница суббота воскресенье
"""
_FACTS = frozenset(_FACT_WORDS.split())
"""Numbers and dates that the analyzer weighs as things."""
_SAID = "сказать"
_SAID_WORDS = """
сказать говорить сообщить сообщать рассказать рассказывать заявить заявлять отметить отмечать
подчеркнуть подчеркивать добавить добавлять пояснить пояснять уточнить уточнять
"""
_SAYING = frozenset(_SAID_WORDS.split())
"""One in the place of another tells nothing new."""
_IN_FULL = {
    "км": "километр",
    "тыс": "тысяча",
    "млн": "миллион",
    "млрд": "миллиард",
    "трлн": "триллион",
    "руб": "рубль",
    "долл": "доллар",
}
_PERCENT = "процент"
"""Stands for a sign as a rule, and that is no word."""
_SHORTEST_SLIP = 6
"""Letters of a word in which one wrong letter does not make another word."""

_ABOUT_THIS = re.compile(r"\s*(?:об этом|как)\s+(?:пиш[еу]т|сообща[ею]т|переда[её]т)\b[^,:]*", re.I)
_PRESS_OFFICE = re.compile(
    r",\s+(?:как\s+)?(?:сообщ|переда|информир)\w+\s+(?:в\s+)?пресс-служб\w+[^.,]*\.?$", re.I
)
_MORE = re.compile(r"\W*(?:читать|читайте|подробнее|подробности|полный текст|продолжение)\b", re.I)
_LONGEST_LINK = 60
"""Characters of «Читать полностью на сайте издания»."""


class Word(NamedTuple):
    """A word that has a meaning, or turns that of others."""

    key: str
    """The same for forms of one word, but for a verb: «подпишут» is not yet «подписали»."""
    spelling: str
    fact: bool = False
    """A number, a name, a date, a negation, a word of degree or time, what is done: never a matter
    of style."""
    turning: bool = False
    unknown: bool = False
    """Not in the dictionary and in small letters: no name, so perhaps misspelt."""


Sentence = tuple[Word, ...]


def told(paragraphs: Sequence[str], analyzer: Analyzer) -> tuple[Sentence, ...]:
    """The sentences of a text that tell something."""
    sentences = (meaning(each, analyzer) for each in _sentences(paragraphs))
    return tuple(filter(None, sentences))


def place(paragraphs: Sequence[str], analyzer: Analyzer) -> frozenset[str]:
    """The lemmas of the place that the dateline names; none if it has no place."""
    opening = paragraphs[0] if paragraphs else ""
    first = WORD.search(opening, 0, _dateline(opening))
    named = first.group() if first else ""
    return frozenset(analyzer.lemmas(named) if is_russian(normal(named)) else ())


def meaning(text: str, analyzer: Analyzer) -> Sentence:
    """The words of a sentence; one that is cut («…») loses the last, which may be cut as well."""
    tokens = {token.start: token for token in analyzer.tokens(text)}
    found = []
    for match in WORD.finditer(text):
        token, spelling = tokens.get(match.start()), normal(match.group())
        if token and token.lemmas[0] != _PERCENT:
            found.append(_word(token, spelling, match.group()))
        elif spelling in _TURNING:
            found.append(Word(spelling, spelling, fact=True, turning=True))
    cut = text.rstrip().endswith(("…", "..."))
    return tuple(found[:-1] if cut else found)


def keys(words: Sentence) -> tuple[str, ...]:
    """What sentences are compared by."""
    return tuple(word.key for word in words)


class Gap(NamedTuple):
    """The words between two places where sentences are the same."""

    own: Sentence
    its: Sentence
    inside: bool
    """Whether the same words stand on both sides of it."""


def gaps(own: Sentence, window: Sentence) -> Iterator[Gap]:
    """What two sentences have between their longest common row of words, and around it."""
    start = begin = 0
    blocks = LCSseq.opcodes(keys(own), keys(window)).as_matching_blocks()
    for block in blocks:
        inside = begin > 0 and block.size > 0
        yield Gap(own[start : block.a], window[begin : block.b], inside)
        start, begin = block.a + block.size, block.b + block.size


def contradicts(one: Sentence, other: Sentence) -> bool:
    """Whether titles, or leads, are the same but for a word in the place of another."""
    between = list(gaps(one, other))
    same = len(one) - sum(len(gap.own) for gap in between)
    if 2 * same < max(len(one), len(other)):
        return False
    return any(
        (unlike(gap.own, gap.its) and unlike(gap.its, gap.own))
        or any(word.turning for word in gap.own + gap.its)
        for gap in between
    )


def unlike(words: Sentence, others: Sentence) -> list[Word]:
    """The words that are no misspelt, or mended, form of one of the others."""
    return [word for word in words if not any(_is_slip(word, other) for other in others)]


def _sentences(paragraphs: Sequence[str]) -> Iterator[str]:
    for number, paragraph in enumerate(paragraphs):
        start = 0 if number else _dateline(paragraph)
        for found in razdel.sentenize(paragraph[start:]):
            if not _is_link(found.text):
                said = _PRESS_OFFICE.sub("", without_attribution(found.text))
                yield _ABOUT_THIS.sub("", said)


def _dateline(text: str) -> int:
    """Where the report begins behind «АСТАНА. 21 ноября. КАЗИНФОРМ —»."""
    return max((clue.stop for rule in datelines.RULES if (clue := rule(text))), default=0)


def _is_link(text: str) -> bool:
    return is_litter(text) or (len(text) <= _LONGEST_LINK and bool(_MORE.match(text)))


def _word(token: Token, spelling: str, written: str) -> Word:
    """By what the analyzer weighs: a verb less than half, a name above one, an adverb nothing."""
    if not _SAYING.isdisjoint(token.lemmas):
        return Word(_SAID, spelling)
    lemma = _IN_FULL.get(token.lemmas[0], token.lemmas[0])
    fact = lemma[:1].isdecimal() or not _FACTS.isdisjoint((lemma, *token.lemmas))
    verb = 0 < token.weight < 0.5
    return Word(
        spelling if verb else lemma,
        spelling,
        fact=fact or verb or not 0 < token.weight <= 1,
        unknown=lemma.endswith("-") and is_russian(spelling) and written.islower(),
    )


def _is_slip(one: Word, other: Word) -> bool:
    """Whether two long words differ in a letter, and only one of them is in the dictionary."""
    if one.unknown == other.unknown or min(len(one.spelling), len(other.spelling)) < _SHORTEST_SLIP:
        return False
    return Levenshtein.distance(one.spelling, other.spelling, score_cutoff=1) <= 1
