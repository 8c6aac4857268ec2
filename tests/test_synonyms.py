"""The list of synonyms is of the shape that the search needs, and the search uses it."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from retrieval.analyzer import Analyzer
from retrieval.assembling import build
from retrieval.query import parse
from retrieval.search import search
from retrieval.synonyms import synonyms

LINES = files("retrieval").joinpath("synonyms.txt").read_text(encoding="utf-8").splitlines()
ENTRIES = [line for line in LINES if line and not line.startswith("#")]
GROUPS = [line.split(", ") for line in ENTRIES if " > " not in line]
WIDE = [(wide, rest.split(", ")) for wide, _, rest in (e.partition(" > ") for e in ENTRIES) if rest]


def test_groups_are_lemmas_as_the_analyzer_gives_them() -> None:
    analyzer = Analyzer()
    words = {word for group in GROUPS for word in group}
    words |= {word for wide, narrow in WIDE for word in (wide, *narrow)}
    found = {word: analyzer.lemmas(word.removesuffix("-")) for word in words}
    assert [word for word in sorted(words) if word not in found[word]] == []


def test_groups_are_small_and_no_word_joins_many() -> None:
    assert all(2 <= len(set(group)) == len(group) <= 8 for group in GROUPS)
    assert max(Counter(word for group in GROUPS for word in group).values()) <= 5


def test_a_group_stands_once() -> None:
    assert [group for group, count in Counter(map(frozenset, GROUPS)).items() if count > 1] == []


def test_wide_words_are_not_among_their_narrow_ones() -> None:
    assert WIDE
    assert [wide for wide, narrow in WIDE if wide in narrow or len(set(narrow)) < len(narrow)] == []


@pytest.mark.parametrize(
    ("one", "other"), [("наводнение", "паводок"), ("сша", "америка"), ("строить", "построить")]
)
def test_synonyms_go_both_ways(one: str, other: str) -> None:
    assert other in synonyms(one)
    assert one in synonyms(other)


def test_a_narrow_word_stands_for_the_wide_one_and_not_the_reverse() -> None:
    assert {"доллар", "грант"} <= set(synonyms("деньга"))
    assert "деньга" not in synonyms("доллар")
    assert "грант" not in synonyms("доллар")


def test_a_word_is_no_synonym_of_itself() -> None:
    words = {word for group in GROUPS for word in group} | {wide for wide, _ in WIDE}
    assert [word for word in words if word in synonyms(word)] == []


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
