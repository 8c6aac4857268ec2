"""Other ways to write one word: keyboard layouts, two alphabets, two systems for Japanese."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice, product

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~@#$^&|"
_JCUKEN = 'йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё"№;:?/'
_TO_CYRILLIC = str.maketrans(_QWERTY, _JCUKEN)
_TO_LATIN = str.maketrans(_JCUKEN, _QWERTY)
"""The keys of the standard American and Russian layouts."""
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)

_LETTERS = (
    {"shch": "щ", "sch": "ш", "sh": "ш", "tch": "ч", "ch": "ч", "dzh": "дж", "zh": "ж"}
    | {"dj": "дж", "kh": "х", "gh": "г", "ph": "ф", "th": "т", "rh": "р", "ck": "к", "tz": "ц"}
    | {"ts": "ц", "qu": "кв", "oo": "у", "ee": "и", "ou": "у", "ce": "се", "ci": "си", "cy": "си"}
    | {"ye": "е", "yo": "ё", "ya": "я", "yu": "ю", "yi": "и", "iy": "и", "x": "кс", "j": "дж"}
    | dict(zip("abcdefghiklmnopqrstuvwyz", "абкдефгхиклмнопкрстуввиз", strict=True))
)
"""BGN/PCGN and the passport's letters; what English and other languages write besides."""
_SYSTEMS: tuple[Mapping[str, str], ...] = (
    {},
    {"sh": "с", "ch": "т", "j": "дз", "z": "дз", "tch": "тт", "y": "й"}
    | {"sho": "се", "cho": "те", "jo": "дзе"},
    {"h": "г", "w": "у", "x": "х", "j": "й", "ce": "це", "ci": "ци"}
    | {"ja": "я", "je": "е", "jo": "е", "ju": "ю"},
    {"ch": "х", "sch": "ск", "h": "", "w": "у", "ph": "п", "v": "ф"},
    {"ch": "ш", "j": "х", "y": "ай", "i": "ай", "u": "а", "gh": ""},
    {"ch": "к", "th": "с", "sch": "ш", "ea": "и", "ai": "ей"},
    {"c": "ч", "ci": "чи", "ce": "че", "cz": "ч", "sz": "ш", "rz": "ж", "j": "й", "ck": "цк"}
    | {"ja": "я", "je": "е", "jo": "е", "ju": "ю", "dj": "дж"},
)
"""How else the same letters are read: Hepburn's as Polivanov writes them, German and Spanish,
French, Greek, English, and Slavic ways. https://ru.wikipedia.org/wiki/Система_Поливанова"""
_SPELT = tuple({**_LETTERS, **system} for system in _SYSTEMS)
_GRAPHEMES = tuple(
    re.compile("|".join(sorted(letters, key=len, reverse=True))) for letters in _SPELT
)
_MARKED = str.maketrans(
    {
        "č": "ch",
        "ć": "ch",
        "š": "sh",
        "ş": "sh",
        "ș": "sh",
        "ž": "zh",
        "đ": "dj",
        "ł": "l",
        "ı": "i",
    }
)
_DIACRITICS = re.compile("[\u0300-\u036f]")
_INNER_Y = re.compile("(?<=[bcdfghkmnprst])y(?=o)")
"""In «Tokyo», where Russian writes «и»."""

_ALIKE = (("дж", "ж"), ("щ", "ш"), ("ц", "тс"))
_VOWELS_ALIKE = str.maketrans("ёэяюый", "оеауии", "ьъ-")
_DOUBLED = tuple(letter + letter for letter in "абвгдежзиклмнопрстуфхчш")
_GLIDES = tuple((f"{one}и{other}", one + other) for one in "аеиоу" for other in "аеоу")
"""«й» in «Тойота», where «Toyota» gives «ё»."""
_CONSONANTS = str.maketrans("", "", "аеиоу")

_MORAS = (
    *(("си", "ши", "щи"), ("ся", "ша"), ("сю", "шу", "шю"), ("сё", "шо", "сьо")),
    *(("ти", "чи"), ("тя", "ча"), ("тю", "чу"), ("тё", "чо")),
    *(("дзи", "джи", "зи"), ("дзя", "джа"), ("дзю", "джу"), ("дзё", "джо")),
    *(("дзу", "зу"), ("дза", "за"), ("дзэ", "дзе", "зе", "зэ"), ("дзо", "зо"), ("цу", "тсу")),
    *(("нъ", "н", "нь"), ("э", "е"), ("ё", "йо"), ("ай", "аи"), ("ей", "эй", "еи", "эи")),
    *(("нб", "мб"), ("нп", "мп"), ("нм", "мм")),
)
"""The same syllables by Polivanov's system and as Hepburn's is read: in each the first is his."""
_WRITTEN = {
    written: tuple(dict.fromkeys((written, *mora))) for mora in reversed(_MORAS) for written in mora
}
_MORA = re.compile("|".join(sorted(_WRITTEN, key=len, reverse=True)))
_JAPANESE = re.compile(
    "(?:(?:ть|сь|([ксптчш])(?=\\1))?(?:д[зж]|тс|[бвгдзйкмнпрстфхцчшщж])?[ьъ]?[аеёиоуыэюя]"
    "|[нмй][ьъ]?)++"
)
"""Syllables of Japanese in Russian letters, a case ending behind them."""
_MOST = 64


def relayout(text: str) -> str:
    """The text as the same keys give it in the other layout: «njrftd» for «токаев», and back.

    Into Russian where it has more Latin letters than Russian ones, else into Latin ones.
    """
    latin, cyrillic = (len(letters.findall(text)) for letters in (_LATIN, _CYRILLIC))
    return text.translate(_TO_CYRILLIC if latin > cyrillic else _TO_LATIN)


def is_latin(word: str) -> bool:
    """Whether a word has Latin letters and no Russian ones."""
    return bool(_LATIN.search(word)) and not _CYRILLIC.search(word)


def readings(words: str, systems: int = len(_SYSTEMS)) -> Iterator[str]:
    """Latin words in small letters as Russian may write them, by so many systems, best first."""
    plain = _DIACRITICS.sub("", unicodedata.normalize("NFKD", words.translate(_MARKED)))
    words = _INNER_Y.sub("i", plain)
    for letters, grapheme in islice(zip(_SPELT, _GRAPHEMES, strict=True), systems):
        yield grapheme.sub(lambda found, of=letters: of[found.group()], words)  # type: ignore[misc]


def sound(words: str) -> str:
    """Russian words in small letters with one letter for all that sound or are rendered alike.

    Many words at once, line by line, are turned much faster than one by one.
    """
    for one, other in _ALIKE:
        words = words.replace(one, other)
    words = words.translate(_VOWELS_ALIKE)
    for one, other in _GLIDES:
        words = words.replace(one, other)
    for doubled in _DOUBLED:
        words = words.replace(doubled, doubled[0])
    return words


def skeleton(sounds: str) -> str:
    """The consonants of what `sound` gives: what renderings of one name agree in."""
    return sounds.translate(_CONSONANTS)


def japanese(word: str) -> Iterator[str]:
    """Other ways to write a Japanese word in Russian letters: «такаити» for «такаичи».

    By Polivanov's system or as Hepburn's is read, syllable by syllable, in small letters; nothing
    for a word that has no such syllables. At most 64.
    """
    word = word.casefold()
    if not _JAPANESE.fullmatch(word):
        return
    choices: list[tuple[str, ...]] = []
    stop = 0
    for mora in _MORA.finditer(word):
        choices += [(word[stop : mora.start()],), _WRITTEN[mora.group()]]
        stop = mora.end()
    written = map("".join, product(*choices, (word[stop:],)))
    yield from islice((other for other in written if other != word), _MOST)
