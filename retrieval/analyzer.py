"""Text to lemmas: one analyzer for articles and questions, and the only place that knows pymorphy3.

A word of the dictionary gives the lemmas of its plausible parses. A word the dictionary does not
know (most are names) gives its stem, written with a hyphen behind it («токаев-»): pymorphy3's
guesses for such a word differ from one case form to the next, its stem does not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, Protocol

import pymorphy3
from pymorphy3.analyzer import Parse

from retrieval.spelling import WORD, is_russian, normal, parts

_STOP = frozenset({"PREP", "CONJ", "PRCL", "INTJ", "NPRO", "PRED", "Apro", "Ques"})
_PREDICATE = frozenset({"VERB", "INFN", "ADJS", "PRTS", "PRED"})
_SMALL = frozenset({"PREP", "CONJ", "PRCL", "INTJ"})
_ENCLITIC = frozenset({"ли", "же", "бы"})
"""Words of grammar that never begin a sentence: «Ли» with a capital is a name."""
_ADJECTIVES = frozenset({"ADJF", "ADJS"})
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
_SURNAME_END = re.compile("(?:[ое]в|[иы]н)$")
_OTHER_GENDER = re.compile("(?<!ств)(?<!и)[аяо]$")
"""Nouns whose forms without this ending a man's name has too; not abstract ones."""
_TOWN_END = re.compile("(?:[ое]в|ин)о$")
"""Towns whose case forms are those of a surname: «Берегове»."""
_FLEETING = re.compile(r"(?<=\w{3})(?:(?<=[аеоуы])е(?=ц$)|[ео](?=[цк]$))")
"""The vowel that case forms lose: «Бабенец», «Бабенца»."""
_WITHIN = re.compile(r"(?:[^\W_]\)?|[,;]|\b[А-ЯЁA-Z]\.)[ \u00a0]$")
"""What stands before a word that does not begin a sentence; an initial may."""
_RULES = 2
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


class Form(NamedTuple):
    """What the dictionary says of a word in its one spelling."""

    lemmas: tuple[str, ...]
    weight: float = 1.0
    parts: tuple[tuple[str, ...], ...] = ()
    predicate: bool = False
    names: tuple[str, ...] = ()
    """What stands for it if it is a name that the dictionary does not have, or thinks unlikely."""
    first: bool = False
    """Whether it is as likely a name where it begins a sentence."""


class Words(Protocol):
    """Forms that are known already, by the one spelling of a word; a dictionary is one."""

    def get(self, word: str, /) -> Form | None:
        """What is known of a word; None if nothing is."""
        ...

    def __setitem__(self, word: str, form: Form, /) -> None:
        """What has just been found out."""
        ...


class Analyzer:
    """Finds the words of a text and their lemmas; remembers a bounded number of word forms."""

    def __init__(self, words: Words | None = None) -> None:
        """`words` has the forms that are known already, and is given those that are not."""
        self._words = words
        self._morph = pymorphy3.MorphAnalyzer()
        self._revision: str = self._morph.dictionary.meta["source_revision"]
        self._form = lru_cache(maxsize=_FORMS_CACHED)(self._looked_up)
        self._word = lru_cache(maxsize=_FORMS_CACHED)(self._compound)

    @property
    def version(self) -> str:
        """Changes whenever the same text may give other lemmas."""
        return f"{_RULES}, pymorphy3 {pymorphy3.__version__}, {self._revision}"

    def tokens(self, text: str, *, any_case: bool = False) -> list[Token]:
        """The words of `text` with offsets into it, without words of grammar (stop words).

        A form written with a capital («Токаев», «Садовой») may be a name where the dictionary has
        another word («токай», «садовый»), and gives its stem too: all case forms of the name have
        that. Where it begins a sentence, only if it is no common form of that word. With
        `any_case`, small letters are as good as capitals.
        """
        found = []
        for match in WORD.finditer(text):
            form = self._written(match[0])
            if form.names:
                form = _in_place(form, match, any_case)
            if form.lemmas:
                groups = form.parts or (form.lemmas,)
                found.append(Token(*match.span(), form.lemmas, form.weight, groups))
        return found

    def lemmas(self, text: str) -> list[str]:
        """All lemmas of `text` in order, as the index takes them."""
        return [lemma for token in self.tokens(text) for lemma in token.lemmas]

    def has_predicate(self, text: str) -> bool:
        """Whether `text` says something: has a verb, a short form or a predicative.

        A finite verb or infinitive, a short adjective or participle («открыт», «готов»). It tells a
        sentence from a headline. A word the dictionary does not know does not count.
        """
        return any(self._written(word).predicate for word in WORD.findall(text))

    def knows(self, word: str) -> bool:
        """Whether the dictionary has this form of a word, in small letters."""
        return bool(self._morph.word_is_known(word))

    def is_name(self, word: str) -> bool:
        """Whether it is likely a form of a name, or of a noun without a plural, as brands are."""
        return bool(self._morph.parse(word)[0].tag.grammemes & (_NAMES | {"Sgtm"}))

    def guesses(self, word: str) -> tuple[str, ...]:
        """What the dictionary form of a word that is not in it may be, the likeliest first."""
        return tuple(dict.fromkeys(map(_lemma, self._morph.parse(word[:_LONGEST])[:3])))

    def _written(self, raw: str) -> Form:
        return self._word(raw) if len(raw) <= _LONGEST else self._compound(raw)

    def _compound(self, raw: str) -> Form:
        word = normal(raw)
        whole = self._form(word[:_LONGEST]) if word else Form(())
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

    def _looked_up(self, word: str) -> Form:
        if not is_russian(word):
            return Form((word,), 1.0 if word[0].isdecimal() else _NAME_WEIGHT)
        if self._words is None:
            return self._analyse(word)
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = self._analyse(word)
        return known

    def _analyse(self, word: str) -> Form:
        if not self._morph.word_is_known(word):
            return Form(self._stems(word), _NAME_WEIGHT)
        parses = self._morph.parse(word)
        predicate = bool(parses[0].tag.grammemes & _PREDICATE)
        if sum(parse.score for parse in parses if _is_grammar(parse)) >= _GRAMMAR:
            first = word in _ENCLITIC
            small = first or parses[0].tag.POS in _SMALL
            return Form((), predicate=predicate, names=(word,) * small, first=first)
        likely = [parse for parse in parses if parse.score >= min(_PLAUSIBLE, parses[0].score)]
        lemmas = tuple(dict.fromkeys(map(_lemma, likely)))
        rivals = [parse for parse in parses if parse.score >= parses[0].score / 2]
        names = tuple(each for each in self._names(word, parses, rivals) if each not in lemmas)
        return Form(
            lemmas,
            0.0 if not _GENERAL.isdisjoint(lemmas) else max(map(_weight, rivals)),
            predicate=predicate,
            names=names,
            first=_is_case_form(word, rivals),
        )

    def _names(self, word: str, parses: Sequence[Parse], rivals: Sequence[Parse]) -> Iterable[str]:
        """The surnames it may be, by the dictionary; if there are none, its stems."""
        if _NAME_END.search(word) and _is_case_form(word, rivals):
            return self._stems(word)
        if parses[0].tag.grammemes & _NAMES and not _is_town(parses[0]):
            return ()
        surnames = Counter[str]()
        for parse in parses:
            surnames[_lemma(parse)] += parse.score * ("Surn" in parse.tag)
        likely = [name for name, score in surnames.items() if score >= _PLAUSIBLE]
        if likely or not any(_declines_as_name(parse, word) for parse in rivals):
            return likely
        return self._stems(word)

    def _stems(self, word: str) -> tuple[str, ...]:
        """What case forms of an unknown word have in common; two where «м» or «х» may end the name.

        The surname itself where the dictionary has that: «летовой» is not in it, «летов» is.
        """
        stem = _ENDING.sub("", word)
        whole = word if word[len(stem) :].endswith(("м", "х")) else stem
        short = _FLEETING.sub("", word) if stem == word else stem
        return tuple(dict.fromkeys(map(self._surname, (stem, whole, short))))

    def _surname(self, stem: str) -> str:
        known = _SURNAME_END.search(stem) and self._morph.word_is_known(stem)
        if known and any(_lemma(parse) == stem for parse in self._morph.parse(stem)):
            return stem
        return f"{stem}-"


def _is_grammar(parse: Parse) -> bool:
    """A preposition, conjunction, particle, pronoun, question word; not «один», a number."""
    grammemes = parse.tag.grammemes
    return bool(grammemes & _STOP) and "Anum" not in grammemes


def _declines_as_name(parse: Parse, word: str) -> bool:
    """Whether a name can have this form, and others that the word does not have.

    «Садовой» is of «Садова» too, «Маску» of «Маск»; a name like «Жук» has the forms of the word.
    """
    if parse.tag.POS in _ADJECTIVES:
        return bool(_SURNAME_END.search(_ENDING.sub("", word)))
    return "NOUN" in parse.tag and bool(_OTHER_GENDER.search(parse.normal_form))


def _is_town(parse: Parse) -> bool:
    return "Geox" in parse.tag and bool(_TOWN_END.search(parse.normal_form))


def _is_case_form(word: str, parses: Iterable[Parse]) -> bool:
    return any("NOUN" in parse.tag and parse.normal_form != word for parse in parses)


def _in_place(form: Form, match: re.Match[str], any_case: bool) -> Form:
    """A word that may be a name, as it is written and where it stands."""
    if not _reads_as_name(form, match, any_case):
        return form
    weight = form.weight if form.lemmas else _NAME_WEIGHT
    return form._replace(lemmas=(*form.lemmas, *form.names), weight=weight)


def _reads_as_name(form: Form, match: re.Match[str], any_case: bool) -> bool:
    """Whether a word as it is written and where it stands may be a name."""
    if any_case and form.lemmas:
        return True
    word, start = match.group(), match.start()
    if not word[0].isupper() or not (form.first or word[1:].islower()):
        return False
    return form.first or bool(_WITHIN.search(match.string[max(0, start - 4) : start]))


def _lemma(parse: Parse) -> str:
    lemma: str = parse.normal_form
    return lemma.replace("ё", "е")


def _weight(parse: Parse) -> float:
    if parse.tag.grammemes & _NAMES:
        return _NAME_WEIGHT
    return _WEIGHTS.get(parse.tag.POS, 1.0)
