"""Whether a name as a reader types it is that of a source: Trend, «Тренд» and trend.az are one."""

import re

from retrieval.spelling import is_russian, normal

_DOMAIN_END = re.compile(r"(?<=\w)(?:\.(?:[a-z]{2,4}|info|media|online|рф))+(?!\w)")
_HOST = re.compile(r"(?:https?:)?//(?:[^/@]*@)?([^/:?#]+)", re.IGNORECASE)
_SITE = re.compile(r"(?:https?:)?(//[^/?#]+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_RUSSIAN = "абвгдезиклмнопрстуфыэйхәғқңөұүһі"
_LATIN = "abvgdeziklmnoprstufieihagknouuhi"
_SEVERAL = {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu"}
_TO_LATIN = str.maketrans(dict(zip(_RUSSIAN, _LATIN, strict=True)) | _SEVERAL | {"я": "ia"})
"""GOST 7.79, system B, and Kazakh letters by their nearest sound, folded as _SOUNDS folds Latin."""
_SOUNDS = (
    *(("ph", "f"), ("ck", "k"), ("kh", "h"), ("sch", "sh"), ("x", "ks"), ("q", "k"), ("w", "v")),
    *(("ev", "iu"), ("yu", "iu"), ("ya", "ia"), ("j", "i"), ("y", "i")),
)
"""Latin letters that are one sound in names; «news» is «ньюс»."""
_C = re.compile("c(?!h)")
_TWICE = re.compile(r"(.)\1")
_VOWELS = re.compile("[aeiou]")
_SHORTEST_SKELETON = 3
"""Consonants by which a Russian and a Latin name are compared: vowels are as they are heard."""


def source_matches(value: str, source: str | None, url: str | None = None) -> bool:
    """Whether a source, or the site of an article, is called so, whole or by some of its words.

    Case, ё, punctuation, the end of a domain and the alphabet do not matter.
    """
    wanted = _words(value)
    hosts = _HOST.match(url or "")
    names = [_words(source or ""), _words(hosts[1]) if hosts else ()]
    return bool(wanted) and any(_is_in(wanted, name) for name in names if name)


def site(url: str | None) -> str | None:
    """The site that an address is of, as «//host»; None where it is no address."""
    found = _SITE.match(url or "")
    return found[1] if found else None


def _words(name: str) -> tuple[str, ...]:
    folded = normal(_DOMAIN_END.sub(" ", name.casefold()))
    return tuple(word.rstrip("ъ") for word in _WORD.findall(folded) if word != "www")


def _is_in(wanted: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether the words of the one are those of the other, or a run of these, or run together."""
    runs = (name[start : start + len(wanted)] for start in range(len(name) - len(wanted) + 1))
    if any(all(map(_same, wanted, run)) for run in runs):
        return True
    return _same("".join(wanted), "".join(name))


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    if is_russian(one) == is_russian(other):
        return _sound(one) == _sound(other) and not is_russian(one)
    heard, written = _sound(one), _sound(other)
    return heard == written or _skeleton(heard, written)


def _skeleton(one: str, other: str) -> bool:
    """Whether they have the same consonants, and both end with one or neither does."""
    consonants = _VOWELS.sub("", one)
    alike = consonants == _VOWELS.sub("", other) and (one[-1] in "aeiou") == (other[-1] in "aeiou")
    return alike and len(consonants) >= _SHORTEST_SKELETON


def _sound(word: str) -> str:
    latin = word.translate(_TO_LATIN)
    for written, heard in _SOUNDS:
        latin = latin.replace(written, heard)
    return _TWICE.sub(r"\1", _C.sub("k", latin))
