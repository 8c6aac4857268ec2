"""Text to lemmas: one analyzer for articles and questions, and the only place that knows pymorphy3.

A word of the dictionary gives the lemmas of its plausible parses. A word the dictionary does not
know (most are names) gives its stem, written with a hyphen behind it («токаев-»): pymorphy3's
guesses for such a word differ from one case form to the next, its stem does not.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import pymorphy3

from retrieval.spelling import WORD, is_russian, normal, parts

_STOP = frozenset({"PREP", "CONJ", "PRCL", "INTJ", "NPRO", "PRED", "Apro", "Ques"})
_PREDICATE = frozenset({"VERB", "INFN", "ADJS", "PRTS", "PRED"})
_NAMES = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn"})
_NAME_WEIGHT = 1.5
"""Of a name, a Latin word, a word not in the dictionary; a thing or a number weighs 1."""
_WEIGHTS = {
    "ADJF": 0.5,
    **dict.fromkeys(("VERB", "INFN", "GRND", "ADJS", "PRTS"), 0.3),
    **dict.fromkeys(("ADVB", "COMP", "NUMR"), 0.0),
}
"""Of other parts of speech: what is done is said in many ways, who did it and where is not."""
_GENERAL_WORDS = """
год время дело день раз слово место сторона случай рука лицо новый последний хороший главный
самый первый быть мочь сказать говорить знать стать есть хотеть думать делать сделать
"""
_GENERAL = frozenset(_GENERAL_WORDS.split())
"""Of the most frequent words (О. Н. Ляшевская, С. А. Шаров, «Частотный словарь современного
русского языка», 2009) those that alone name nothing: they weigh nothing."""

_PLAUSIBLE = 0.1
"""A parse at least this likely, by pymorphy3's own estimate, adds its lemma."""
_GRAMMAR = 0.25
"""A form that is a word of grammar at least this likely is left out."""
_LONGEST = 64
"""A longer run of letters is no word: it is not looked up, and cut to this length."""
_ENDING = re.compile(
    r"(?<=\w{3})(?:[аеиоуыюя]й|[аеиоуыя]ми?|[аиоуыя]х|[ео]го|[ео]му|[аеиоуыэюя]?[аеиоуыэюяь])$"
)
"""Case endings of nouns and adjectives, behind three letters or more."""
_NAME_END = re.compile("(?:[ое]в|[иы]н|ей)$")
"""Case forms that look like a man's name: «токаев» is «токай» in the dictionary."""
_RULES = 1
"""Raised by one when the rules here or of spelling change what a text gives."""
_FORMS_CACHED = 1 << 17


class Token(NamedTuple):
    """A word that carries meaning: where it stands, and the lemmas that stand for it."""

    start: int
    stop: int
    lemmas: tuple[str, ...]
    weight: float = 1.0
    """How much the kind of word tells of what is asked."""
    parts: tuple[tuple[str, ...], ...] = ()
    """The same lemmas by what they stand for: the whole of a compound, and each of its parts."""


class _Form(NamedTuple):
    lemmas: tuple[str, ...]
    weight: float = 1.0
    parts: tuple[tuple[str, ...], ...] = ()
    predicate: bool = False
    name: str = ""
    """The stem, if the form may also be a name that the dictionary does not have."""


class Analyzer:
    """Finds the words of a text and their lemmas; remembers a bounded number of word forms."""

    def __init__(self) -> None:
        self._morph = pymorphy3.MorphAnalyzer()
        self._revision: str = self._morph.dictionary.meta["source_revision"]
        self._form = lru_cache(maxsize=_FORMS_CACHED)(self._analyse)
        self._word = lru_cache(maxsize=_FORMS_CACHED)(self._compound)

    @property
    def version(self) -> str:
        """Changes whenever the same text may give other lemmas."""
        return f"{_RULES}, pymorphy3 {pymorphy3.__version__}, {self._revision}"

    def tokens(self, text: str, *, any_case: bool = False) -> list[Token]:
        """The words of `text` with offsets into it, without words of grammar (stop words).

        A form written with a capital («Токаев») may be a name the dictionary takes for a case form
        of another word («токай»), and gives its stem too; with `any_case`, small letters do.
        """
        return [
            Token(
                match.start(), match.end(), form.lemmas, form.weight, form.parts or (form.lemmas,)
            )
            for match in WORD.finditer(text)
            if (form := self._compose(match.group(), any_case)).lemmas
        ]

    def lemmas(self, text: str) -> list[str]:
        """All lemmas of `text` in order, as the index takes them."""
        return [lemma for token in self.tokens(text) for lemma in token.lemmas]

    def has_predicate(self, text: str) -> bool:
        """Whether `text` says something: has a verb, a short form or a predicative.

        A finite verb or infinitive, a short adjective or participle («открыт», «готов»). It tells a
        sentence from a headline. A word the dictionary does not know does not count.
        """
        return any(self._compose(word, False).predicate for word in WORD.findall(text))

    def _compose(self, raw: str, any_case: bool) -> _Form:
        form = self._word(raw) if len(raw) <= _LONGEST else self._compound(raw)
        if form.name and (any_case or raw[0].isupper()):
            return form._replace(lemmas=(*form.lemmas, form.name))
        return form

    def _compound(self, raw: str) -> _Form:
        word = normal(raw)
        whole = self._form(word[:_LONGEST]) if word else _Form(())
        *first, last = parts(word) or [""]
        if not whole.lemmas or not last:
            return whole
        pieces = [self._form(piece[:_LONGEST]) for piece in (*map(self._adjective, first), last)]
        groups = tuple(form.lemmas for form in (whole, *pieces) if form.lemmas)
        return whole._replace(lemmas=tuple(dict.fromkeys(chain(*groups))), parts=groups)

    def _adjective(self, part: str) -> str:
        """«казахстанский» for the first part of «казахстанско-японский»."""
        full = (
            part[:-1] + ending for ending in ("ий", "ый", "ой") if part[3:].endswith(("о", "е"))
        )
        return next(filter(self._morph.word_is_known, full), part)

    def _analyse(self, word: str) -> _Form:
        if not is_russian(word):
            return _Form((word,), 1.0 if word[0].isdecimal() else _NAME_WEIGHT)
        if not self._morph.word_is_known(word):
            return _Form(_stems(word), _NAME_WEIGHT)
        parses = self._morph.parse(word)
        if sum(parse.score for parse in parses if _is_grammar(parse)) >= _GRAMMAR:
            return _Form((), predicate=bool(parses[0].tag.grammemes & _PREDICATE))
        likely = [parse for parse in parses if parse.score >= min(_PLAUSIBLE, parses[0].score)]
        lemmas = tuple(dict.fromkeys(parse.normal_form.replace("ё", "е") for parse in likely))
        rivals = [parse for parse in parses if parse.score >= parses[0].score / 2]
        return _Form(
            lemmas,
            0.0 if not _GENERAL.isdisjoint(lemmas) else max(map(_weight, rivals)),
            predicate=bool(parses[0].tag.grammemes & _PREDICATE),
            name=_stems(word)[0] if _NAME_END.search(word) and _may_be_name(word, rivals) else "",
        )


def _is_grammar(parse: pymorphy3.analyzer.Parse) -> bool:
    """A preposition, conjunction, particle, pronoun, question word; not «один», a number."""
    grammemes = parse.tag.grammemes
    return bool(grammemes & _STOP) and "Anum" not in grammemes


def _may_be_name(word: str, parses: Iterable[pymorphy3.analyzer.Parse]) -> bool:
    return any("NOUN" in parse.tag and parse.normal_form != word for parse in parses)


def _weight(parse: pymorphy3.analyzer.Parse) -> float:
    if parse.tag.grammemes & _NAMES:
        return _NAME_WEIGHT
    return _WEIGHTS.get(parse.tag.POS, 1.0)


def _stems(word: str) -> tuple[str, ...]:
    """One stem, or two where «м» or «х» may end a case form or the name itself («Рахим»)."""
    stem = _ENDING.sub("", word)
    whole = word if word[len(stem) :].endswith(("м", "х")) else stem
    return tuple(dict.fromkeys((f"{stem}-", f"{whole}-")))
