"""A text in small letters, plain spaces and hyphens, character for character."""

from collections.abc import Iterable

from retrieval.models import Span

_SPACES = "\t\n\r\u00a0\u2007\u2009\u202f"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212"
_LETTERS = [chr(code) for code in range(0x530) if len(chr(code).lower()) == 1]
_FOLDED = str.maketrans(
    {
        **{letter: letter.lower() for letter in _LETTERS if letter != letter.lower()},
        **dict.fromkeys("ёЁ", "е"),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_HYPHENS, "-"),
    }
)


LONGEST = 1000
"""Characters of a question in which words are looked for that say how to take it: a longer text is
no question."""


def folded(text: str) -> str:
    """The same text for rules to read: its offsets are those of the text itself."""
    return text.translate(_FOLDED)


def without(text: str, spans: Iterable[Span]) -> str:
    """The same text with spaces in the place of these parts of it."""
    characters = list(text)
    for start, stop in spans:
        characters[start:stop] = " " * (stop - start)
    return "".join(characters)
