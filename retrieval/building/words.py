"""What the analyzer found out about word forms, kept between runs beside the index.

    INDEX/words-DIGEST/   the forms (`words`), and of each a row of JSON: `rows`, `row_ends`

It saves time and nothing else: what is damaged or of another analyzer is forgotten.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrieval.analyzer import Form
from retrieval.arrays import ends_of
from retrieval.storing import folder
from retrieval.storing.folder import FolderError
from retrieval.storing.strings import Arrays, Strings, encoded, strings_of

_FOLDER = "words-"
_NEW = ".words"
_WORTH = 2_000
"""So many new forms are worth the writing, or so many in a hundred of the known ones."""
_SHARE = 0.02

Row = tuple[list[str], float, bool, list[str], bool]


class Words:
    """Forms by their spelling: those stored, and those met since, which `new` has."""

    def __init__(self, arrays: Arrays | None = None, version: str = "") -> None:
        self.new: dict[str, Form] = {}
        self.version = version
        """Of the analyzer that the stored ones are from."""
        self._forget() if arrays is None else self._take(arrays)

    def __len__(self) -> int:
        return len(self._known) + len(self.new)

    def get(self, word: str) -> Form | None:
        """What is known of a form."""
        found = self.new.get(word)
        if found is not None:
            return found
        number = self._known.number(word)
        return None if number is None else self._stored(number)

    def __setitem__(self, word: str, form: Form) -> None:
        self.new[word] = form

    def items(self) -> Iterator[tuple[str, Form]]:
        """All of them."""
        for number, word in enumerate(self._known):
            yield word, self._stored(number)
        yield from self.new.items()

    def of(self, version: str) -> None:
        """Forget what is from another analyzer."""
        if version != self.version:
            self._forget()
            self.version = version

    def taken(self) -> dict[str, Form]:
        """What is new; it is not kept here any more."""
        new, self.new = self.new, {}
        return new

    def is_worth_storing(self) -> bool:
        """Whether there is enough that is new."""
        return len(self.new) >= max(_WORTH, _SHARE * len(self._known))

    def _take(self, arrays: Arrays) -> None:
        self._known = Strings(arrays, "words")
        self._rows = arrays["rows"].data
        self._ends = arrays["row_ends"].data

    def _forget(self) -> None:
        self._take(_arrays([]))

    def _stored(self, number: int) -> Form:
        start, stop = self._ends[number], self._ends[number + 1]
        return form_from(json.loads(self._rows[start:stop].tobytes()))


def form_row(form: Form) -> Row:
    """What is known of a word as JSON takes it."""
    return list(form.lemmas), form.weight, form.predicate, list(form.names), form.first


def form_from(row: Row) -> Form:
    """The same again."""
    lemmas, weight, predicate, names, first = row
    return Form(tuple(lemmas), weight, (), predicate, tuple(names), first)


def opened(index: Path) -> Words:
    """The words stored beside an index; none where they are missing or damaged."""
    for path in index.glob(f"{_FOLDER}*"):
        try:
            found = folder.stored(path, path.name.removeprefix(_FOLDER))
            return Words(found.arrays, found.fields["version"])
        except (FolderError, LookupError, TypeError):
            continue
    return Words()


def store(index: Path, words: Words) -> None:
    """Keep them beside an index, in place of those before. Raises OSError."""
    before = list(index.glob(f"{_FOLDER}*"))
    arrays = _arrays(list(words.items()))
    digest = folder.write(index / _NEW, arrays, {"version": words.version})
    place = index / (_FOLDER + digest)
    if place in before:
        shutil.rmtree(place)
    (index / _NEW).rename(place)
    for path in before:
        shutil.rmtree(path, ignore_errors=True)


def _arrays(items: list[tuple[str, Form]]) -> Arrays:
    rows = [encoded(json.dumps(form_row(form), ensure_ascii=False)) for _, form in items]
    return {
        **strings_of("words", (word for word, _ in items)),
        "rows": np.frombuffer(b"".join(rows), np.uint8),
        "row_ends": ends_of([len(row) for row in rows]),
    }
