"""The list of synonyms is of the shape that the search needs, and the search uses it."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from retrieval.analyzer import Analyzer
from retrieval.generation import build
from retrieval.query import parse
from retrieval.search import search
from retrieval.synonyms import synonyms

LINES = files("retrieval").joinpath("synonyms.txt").read_text(encoding="utf-8").splitlines()
GROUPS = [line.split(", ") for line in LINES if line and not line.startswith("#")]


def test_groups_are_lemmas_as_the_analyzer_gives_them() -> None:
    analyzer = Analyzer()
    unknown = {"бпла", "нпз"}  # abbreviations that the dictionary lacks
    words = {word for group in GROUPS for word in group} - unknown
    assert [word for word in sorted(words) if word not in analyzer.lemmas(word)] == []


def test_groups_are_small_and_no_word_joins_many() -> None:
    assert all(2 <= len(set(group)) == len(group) <= 8 for group in GROUPS)
    assert max(Counter(word for group in GROUPS for word in group).values()) <= 3


@pytest.mark.parametrize(
    ("one", "other"), [("наводнение", "паводок"), ("сша", "америка"), ("строить", "построить")]
)
def test_synonyms_go_both_ways(one: str, other: str) -> None:
    assert other in synonyms(one)
    assert one in synonyms(other)


def test_a_word_has_no_synonyms_unless_listed() -> None:
    assert synonyms("токаев-") == ()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("последствия наводнения", "Паводок размыл дорогу к посёлку."),
        ("паводок", "Паводок размыл дорогу к посёлку."),
        ("эпидемия", None),
    ],
)
def test_a_word_that_the_archive_lacks_is_looked_for_by_its_synonyms(
    tmp_path: Path, question: str, found: str | None
) -> None:
    (tmp_path / "a.txt").write_text("Паводок размыл дорогу к посёлку.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Урожай убран, последствия засухи учтены.", encoding="utf-8")
    archive = build(tmp_path)
    hits = search(archive, parse(question, archive.analyzer), 1).hits
    assert [hit.passage.text for hit in hits] == ([found] if found else [])
