"""What finds and judges passages is the same after a generation was stored and read again."""

import json
from pathlib import Path

import numpy as np
import pytest

from retrieval import generation, snapshots, storage
from retrieval.assembling import build
from retrieval.generation import Generation
from retrieval.measuring.judgments import read_questions
from retrieval.query import parse
from retrieval.search import ranked
from retrieval.storage import GenerationError, load, save
from tests.builders import ROOT, corpus, shipped_archive


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """The shipped archive, stored and read again."""
    folder = tmp_path_factory.mktemp("index")
    save(shipped_archive(), folder)
    return load(folder)


@pytest.mark.parametrize("name", ["marks", "mentions", "days", "ends", "article_of", "place_of"])
def test_every_array_is_as_it_was(again: Generation, name: str) -> None:
    stored, found = getattr(shipped_archive(), name), getattr(again, name)
    assert found.dtype == stored.dtype
    np.testing.assert_array_equal(found, stored)
    assert found.size


def test_what_was_learned_is_as_it_was(again: Generation) -> None:
    assert again.abbreviations.to_json() == shipped_archive().abbreviations.to_json()
    assert again.calibration == shipped_archive().calibration


def test_questions_rank_as_before(again: Generation) -> None:
    for question in read_questions(ROOT / "data/eval/questions.tsv")[:30]:
        query = parse(question.text, again.analyzer)
        assert ranked(again, query, 100) == ranked(shipped_archive(), query, 100)


def test_a_stored_archive_is_not_calibrated_again(
    again: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Generation) -> None:
        raise AssertionError("it is calibrated again")

    monkeypatch.setattr(generation, "calibrate", fail)
    vars(again).pop("calibration", None)
    assert again.calibration == shipped_archive().calibration


def test_it_is_calibrated_anew_by_other_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(shipped_archive(), tmp_path)
    monkeypatch.setattr(storage, "_rules", lambda: "other rules")
    found = load(tmp_path)
    assert found.calibrated is None
    assert found.calibration == shipped_archive().calibration


@pytest.mark.parametrize("record", [[], ["rules"], ["", {}], {}, None, [1, 2, 3]])
def test_a_calibration_that_is_damaged_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: object
) -> None:
    monkeypatch.setattr(storage, "_rules", lambda: "")
    save(shipped_archive(), tmp_path)
    files = snapshots.read(tmp_path)
    archive = {**json.loads(files["archive.json"]), "calibration": record}
    snapshots.write(tmp_path, {**files, "archive.json": json.dumps(archive).encode()})
    with pytest.raises(GenerationError):
        load(tmp_path)


def test_of_a_folder_that_is_the_same_nothing_is_built(tmp_path: Path) -> None:
    folder = corpus(tmp_path, {"a.txt": "Казахстан добывает уран.", "b.json": "{"})
    first = build(folder)
    assert build(folder, first) is first
    corpus(tmp_path, {"b.json": "["})
    second = build(folder, first)
    assert second.articles == first.articles
    assert (second is first) == (second.refused == first.refused)
    corpus(tmp_path, {"c.txt": "Япония закупает уран."})
    assert len(build(folder, second).articles) == 2


def test_a_warm_generation_has_nothing_left_to_make(tmp_path: Path) -> None:
    built = build(corpus(tmp_path, {"a.txt": "Казахстан добывает уран.\n\nMarubeni его покупает."}))
    built.warm()
    made = set(vars(built))
    assert made >= {"by_article", "calibration", "lexicon", "place_of", "days", "starts"}
    assert "roots" in vars(built.index)
    ranked(built, parse("Marubeni покупает аран у Kazakhstan в 2025 году", built.analyzer), 10)
    assert set(vars(built)) == made


def test_an_empty_archive_is_warmed(tmp_path: Path) -> None:
    build(corpus(tmp_path, {})).warm()
