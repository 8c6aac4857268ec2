"""A generation that was stored and opened again: the same one, or a clear word of what is wrong."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from retrieval import calibration, generation, storage
from retrieval.assembling import build
from retrieval.generation import Generation
from retrieval.measuring.judgments import read_questions
from retrieval.query import parse
from retrieval.search import ranked
from retrieval.storage import GenerationError, open_generation, save
from retrieval.storing import folder, generations
from retrieval.storing.strings import Arrays
from tests.builders import ROOT, corpus, in_segments, shipped_archive

TEXTS = {"а": "Казахстан добывает уран.", "б": "Япония закупает уран.", "в": "Открыт рейс в Токио."}
ARRAYS = ("mentions", "days", "article_of", "place_of", "article_starts", "origin_of")


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """The shipped archive, stored and opened again."""
    return save(shipped_archive(), tmp_path_factory.mktemp("index"))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where an archive of the three texts is stored, and before it one of two."""
    save(in_segments({"а": TEXTS["а"], "б": TEXTS["б"]}, []), tmp_path)
    save(in_segments(TEXTS, [2], {"а"}), tmp_path)
    return tmp_path


def ids(opened: Generation) -> list[str]:
    return [article.id for article in opened.articles]


@pytest.mark.parametrize("name", ARRAYS)
def test_every_array_is_as_it_was(again: Generation, name: str) -> None:
    stored, found = getattr(shipped_archive(), name), getattr(again, name)
    assert found.dtype == stored.dtype
    np.testing.assert_array_equal(found, stored)
    assert found.size


def test_articles_and_passages_are_as_they_were(again: Generation) -> None:
    assert list(again.articles) == list(shipped_archive().articles)
    assert list(again.passages) == list(shipped_archive().passages)
    assert again.refused == shipped_archive().refused
    assert list(again.abbreviations.entries) == list(shipped_archive().abbreviations.entries)


def test_segments_and_what_has_gone_are_as_they_were(index: Path) -> None:
    opened = open_generation(index)
    assert len(opened.segments) == 2
    assert ids(opened) == ["б", "в"]
    assert opened.live is not None
    assert opened.index.count("уран") == 1


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
    assert again.calibration == calibration.calibrate(shipped_archive())


def test_it_is_calibrated_anew_by_other_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(shipped_archive(), tmp_path)
    monkeypatch.setattr(storage, "_rules", lambda: "other rules")
    found = open_generation(tmp_path)
    assert found.calibrated is None
    assert found.calibration == shipped_archive().calibration


@pytest.mark.parametrize("record", [[], ["rules"], ["", {}], {}, None, [1, 2, 3]])
def test_a_calibration_that_is_damaged_is_said(
    index: Path, monkeypatch: pytest.MonkeyPatch, record: object
) -> None:
    monkeypatch.setattr(storage, "_rules", lambda: "")
    name, published = written(index)
    write(index, name, published.arrays, {**published.fields, "calibration": record})
    assert ids(open_generation(index)) == ["а", "б"], "the one before it serves"


def written(index: Path) -> tuple[str, generations.Published]:
    name = generations.current(index)
    assert name
    return name, generations.read(index, name)


def write(index: Path, name: str, arrays: Arrays, fields: folder.Fields) -> None:
    """Put another generation in the place of the current one."""
    digest = folder.write(index / "other", arrays, fields)
    (index / "other").rename(index / f"gen-{digest}")
    (index / "current").write_text(f"gen-{digest}")
    (index / name).rename(index / "gone")


def test_nothing_stored_is_said(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="nothing is stored"):
        open_generation(tmp_path / "index")


@pytest.mark.parametrize("harm", ["missing", "cut", "flipped", "empty"])
@pytest.mark.parametrize("kind", ["gen", "seg"])
def test_where_the_current_one_is_damaged_the_one_before_it_serves(
    index: Path, kind: str, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    name, published = written(index)
    home = index / (name if kind == "gen" else published.fields["segments"][0])
    path = home / ("manifest.json" if kind == "gen" else "numbers.npy")
    content = path.read_bytes()
    match harm:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(content[:-1])
        case "flipped":
            path.write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])
        case "empty":
            path.write_bytes(b"")
    assert ids(open_generation(index)) == ["а", "б"]
    assert path.name in caplog.text
    assert "the generation before it is used" in caplog.text


@pytest.mark.parametrize("pointer", [b"", b"gen-0", b"../../..", b"\xff\xfe", b"a\x00b"])
def test_a_pointer_to_nowhere_leads_to_the_newest(index: Path, pointer: bytes) -> None:
    (index / "current").write_bytes(pointer)
    assert ids(open_generation(index)) == ["б", "в"]


def test_another_version_is_not_read(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "FORMAT", storage.FORMAT + 1)
    with pytest.raises(GenerationError, match="another version"):
        open_generation(index)


def test_a_full_disk_leaves_what_was_stored(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in index.iterdir())

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GenerationError, match="No space left"):
        save(in_segments(TEXTS, []), index)
    monkeypatch.undo()
    assert ids(open_generation(index)) == ["б", "в"]
    assert sorted(path.name for path in index.iterdir()) == before, "nothing half-written is left"


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GenerationError, match="cannot write"):
        save(in_segments(TEXTS, []), tmp_path / "file" / "index")


def test_the_text_comes_back_to_the_character(tmp_path: Path) -> None:
    text = "Ёлка\u00a0— «Токае\u0301в»\u200b\r\n\r\nВторой абзац был 😀."
    built = build(corpus(tmp_path / "articles", {"ёлка.txt": text}))
    opened = save(built, tmp_path / "index")
    assert [each.text for each in opened.articles] == [each.text for each in built.articles]
    assert [each.text for each in opened.passages] == [each.text for each in built.passages]


def test_an_empty_archive_is_stored(tmp_path: Path) -> None:
    opened = save(build(corpus(tmp_path / "articles", {})), tmp_path / "index")
    opened.warm()
    assert (len(opened.articles), opened.size) == (0, 0)
