"""Merged segments are what one segment of the articles that live would be."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval import merging
from retrieval.encoding import Analysed, encode
from retrieval.models import Article, Passage, Span
from retrieval.segment import Segment
from retrieval.storing import folder
from retrieval.storing.folder import Writer
from retrieval.storing.strings import Arrays

TERMS = ("нефть", "уран", "цена", "marubeni", "северо-запад", "\udcd0", "казахстан")
MARKS = bytes(range(1, 9))

lemmas = st.lists(st.sampled_from(TERMS), max_size=6).map(tuple)


@st.composite
def written(draw: st.DrawFn) -> Analysed:
    """An article with passages of any lemmas; only how things hang together is of interest."""
    name = draw(st.text(max_size=4))
    text = draw(st.text(st.characters(categories=["L", "Cs", "P"]), max_size=20))
    source = draw(st.sampled_from([None, "Ведомости", "ТАСС"]))
    article = Article(name, f"{name}.txt", text, "Заголовок", source)
    found = tuple(draw(st.lists(lemmas, max_size=4)))
    heads = st.sampled_from([None, Span(0, 2)])
    numbers = st.integers(0, len(found) - 1)
    rows = st.lists(numbers, max_size=3).map(sorted) if found else st.just([])
    return Analysed(
        article,
        tuple(Passage(article, n, n + 3, draw(heads), draw(heads)) for n in range(len(found))),
        found,
        tuple(MARKS[: len(each)] for each in found),
        tuple((number, 700000, 700000 + number) for number in draw(rows)),
        tuple([number, ["мид"], [["министерство"]], True, False] for number in draw(rows)),
        draw(lemmas),
    )


living = st.tuples(st.lists(st.tuples(written(), st.booleans()), max_size=5), st.booleans())
"""Articles and which of them live; and whether all of them do."""


@given(st.lists(living, max_size=4))
def test_merged_is_what_encoding_the_living_gives(
    parts: list[tuple[list[tuple[Analysed, bool]], bool]],
) -> None:
    segments = [
        (
            Segment(encode(article for article, _ in part)),
            None if whole else np.array([live for _, live in part], np.bool_),
        )
        for part, whole in parts
    ]
    writer = Held(Path("held"))
    merging.merge(segments, writer)
    found = {name: np.concatenate(pieces) for name, pieces in writer.held.items()}
    expected = encode(article for part, whole in parts for article, live in part if whole or live)
    assert_same(found, expected)


def test_of_whole_segments_every_array_is_the_same(tmp_path: Path) -> None:
    parts = [[article(f"{n}-{m}", n + m) for m in range(3)] for n in range(4)]
    found = merged(tmp_path, [(Segment(encode(part)), None) for part in parts])
    expected = encode(each for part in parts for each in part)
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, name)
        assert found[name].dtype == array.dtype, name


@pytest.mark.parametrize(("piece", "buffer"), [(1, 1), (2, 5), (3, 2), (100, 1)])
def test_however_little_is_in_memory_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int, buffer: int
) -> None:
    parts = [[article(f"{n}-{m}", n + m) for m in range(3)] for n in range(4)]
    monkeypatch.setattr(merging, "_PIECE", piece)
    monkeypatch.setattr(merging, "_BUFFER", buffer)
    live = np.array([True, False, True])
    found = merged(tmp_path, [(Segment(encode(part)), live) for part in parts])
    assert_same(found, encode(each for part in parts for each in (part[0], part[2])))


def test_segments_are_opened_one_at_a_time(tmp_path: Path) -> None:
    class Parts(Sequence[tuple[Segment, None]]):
        asked: list[int] = []  # noqa: RUF012

        def __len__(self) -> int:
            return 3

        def __getitem__(self, number: Any) -> Any:
            if number >= len(self):
                raise IndexError(number)
            self.asked.append(number)
            return Segment(encode([article(str(number), number)])), None

    found = merged(tmp_path, Parts())
    assert_same(found, encode(article(str(number), number) for number in range(3)))
    assert Parts.asked == [0, 1, 2] * 2


class Held(Writer):
    """Writes into memory: hundreds of cases need no disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.held: dict[str, list[NDArray[Any]]] = defaultdict(list)

    def append(self, name: str, rows: NDArray[Any]) -> None:
        self.held[name].append(rows)
        assert {rows.dtype} == {piece.dtype for piece in self.held[name]}, name


def article(name: str, seed: int) -> Analysed:
    """An article of two passages."""
    of = Article(name, f"{name}.txt", f"Текст {seed}", "Заголовок", f"Источник {seed % 2}")
    found = tuple(tuple(TERMS[(seed + n * n) % 7] for n in range(2 + seed % 3)) for _ in range(2))
    return Analysed(
        of,
        tuple(Passage(of, 0, number) for number in range(2)),
        found,
        tuple(MARKS[: len(each)] for each in found),
        ((1, seed, seed + 1),),
        ([1, ["мид"], [["министерство"]], True, False],),
        TERMS[: seed % 3],
    )


def merged(tmp_path: Path, segments: Any) -> dict[str, NDArray[Any]]:
    with Writer(tmp_path / "merged") as writer:
        merging.merge(segments, writer)
    return folder.read(tmp_path / "merged", writer.digest)


def assert_same(found: Arrays, expected: Arrays) -> None:
    """Whether arrays are the same but for the order of the vocabulary."""
    assert found.keys() == expected.keys()
    of_terms = ("terms.", "postings.", "roots.", "lexicon.", "numbers")
    for name, array in expected.items():
        assert found[name].dtype == array.dtype, name
        if not name.startswith(of_terms):
            np.testing.assert_array_equal(found[name], array, name)
    assert spelled(found) == spelled(expected)
    assert posted(found) == posted(expected)
    assert found_by(found) == found_by(expected)


def spelled(arrays: Arrays) -> list[str]:
    vocabulary = Segment(arrays).vocabulary
    return [vocabulary[number] for number in arrays["numbers"].tolist()]


def posted(arrays: Arrays) -> dict[str, list[tuple[int, list[int]]]]:
    """For each term its passages, in order, and the pair of each."""
    segment = Segment(arrays)
    found = segment.postings
    assert len(found.bounds) == len(segment.vocabulary) + 1
    assert len(found.pairs) == len(set(map(tuple, found.pairs.tolist())))
    assert set(found.codes.tolist()) == set(range(len(found.pairs)))
    return {
        term: [
            (passage, found.pairs[code].tolist())
            for passage, code in zip(
                found.ids[found.of(number)].tolist(),
                found.codes[found.of(number)].tolist(),
                strict=True,
            )
        ]
        for number, term in enumerate(segment.vocabulary)
    }


def found_by(arrays: Arrays) -> dict[str, list[tuple[Any, ...]]]:
    """What leads to each term."""
    vocabulary = Segment(arrays).vocabulary
    names = [name.removesuffix(".numbers") for name in arrays if name.endswith(".numbers")]
    assert {"roots", "lexicon.spelt", "lexicon.tails"} <= set(names)
    rows = {
        name: [arrays[f"{name}.hashes"].tolist(), arrays[f"{name}.numbers"].tolist()]
        for name in names
    }
    rows["lexicon.spelt"].insert(1, arrays["lexicon.letters"].tolist())
    return {
        name: sorted((*keys, vocabulary[number]) for *keys, number in zip(*columns, strict=True))
        for name, columns in rows.items()
    }
