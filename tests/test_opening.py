"""The archive at the start: stored, brought up to date, built anew, or kept in memory."""

import logging
from pathlib import Path

import pytest

from bot import opening
from bot.opening import Opened, is_small, open_archive
from bot.searcher import find
from bot.settings import index_in
from retrieval.building.update import update
from retrieval.corpus import CorpusError
from retrieval.encoding import Analysed, analysed
from retrieval.generation import Generation
from retrieval.ranker import RankerError
from retrieval.storing import generations
from retrieval.storing.lock import Lock, LockError
from tests.builders import corpus

URANIUM = "Казахстан добывает уран в Туркестанской области.\n\nРудники работают круглый год.\n"
OIL = "Нефть качают на шельфе Каспийского моря.\n\nПлатформы стоят на островах.\n"
TEA = "Чай собирают в горах Шри-Ланки.\n\nЛистья сушат на солнце.\n"


def started(tmp_path: Path, **files: str) -> Opened:
    """A start over a corpus with these files besides those that are there already."""
    folder = corpus(tmp_path / "articles", {f"{name}.txt": text for name, text in files.items()})
    return open_archive(folder, tmp_path / "state")


def ids(archive: Generation) -> list[str]:
    return sorted(outline.id for outline in archive.outlines())


def answer(archive: Generation, question: str) -> str | None:
    return next((quote.text for quote in find(archive, question, 1)), None)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every corpus folder with more than one file is a large one."""
    monkeypatch.setattr(opening, "is_small", lambda folder: len(list(folder.iterdir())) <= 1)


def test_a_small_archive_is_up_to_date_before_it_answers(tmp_path: Path) -> None:
    started(tmp_path, uran=URANIUM, oil=OIL)
    (tmp_path / "articles/oil.txt").unlink()
    again = started(tmp_path, tea=TEA)
    assert not again.behind
    assert ids(again.generation) == ["tea.txt", "uran.txt"]
    assert answer(again.generation, "нефть на шельфе") is None


def test_only_what_is_new_is_analysed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started(tmp_path, uran=URANIUM, oil=OIL)
    seen: list[str] = []

    def counted(article: object, *rest: object) -> Analysed:
        found = analysed(article, *rest)  # type: ignore[arg-type]
        seen.append(found.article.id)
        return found

    monkeypatch.setattr("retrieval.encoding.analysed", counted)
    again = started(tmp_path, tea=TEA)
    assert ids(again.generation) == ["oil.txt", "tea.txt", "uran.txt"]
    assert set(seen) <= {"tea.txt"}


@pytest.mark.usefixtures("large")
def test_a_large_archive_answers_from_what_is_stored(tmp_path: Path) -> None:
    assert not started(tmp_path, uran=URANIUM, oil=OIL).behind  # nothing is stored yet
    again = started(tmp_path, tea=TEA)
    assert again.behind
    assert ids(again.generation) == ["oil.txt", "uran.txt"]


@pytest.mark.parametrize("harm", ["no pointer", "another pointer", "a cut file", "nonsense"])
def test_a_damaged_index_is_built_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    started(tmp_path, uran=URANIUM)
    index = index_in(tmp_path / "state")
    name = generations.current(index)
    assert name
    manifest = index / name / "manifest.json"
    if harm == "no pointer":
        (index / "current").unlink()
    elif harm == "another pointer":
        (index / "current").write_text("../../articles", encoding="utf-8")
    else:
        manifest.write_bytes(manifest.read_bytes()[:100] if harm == "a cut file" else b"[]")
    with caplog.at_level(logging.INFO, "bot"):
        again = started(tmp_path)
    assert answer(again.generation, "уран") == URANIUM.partition("\n")[0]
    assert bool(caplog.messages) is (harm in {"a cut file", "nonsense"})


@pytest.mark.usefixtures("large")
def test_where_the_newest_is_damaged_the_one_before_answers_and_is_renewed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = corpus(tmp_path / "articles", {"uran.txt": URANIUM})
    started(tmp_path)
    corpus(folder, {"oil.txt": OIL})
    index = index_in(tmp_path / "state")
    update(folder, index)
    name = generations.current(index)
    assert name
    (index / name / "manifest.json").write_bytes(b"[]")
    again = started(tmp_path)
    assert again.behind
    assert ids(again.generation) == ["uran.txt"]
    (line,) = caplog.messages
    assert name in line


async def test_a_state_folder_that_cannot_be_written_still_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    opened = started(tmp_path, uran=URANIUM)
    assert [line for line in caplog.messages if "the index stays in memory only" in line]
    assert answer(opened.generation, "уран") == URANIUM.partition("\n")[0]


def test_while_another_process_builds_the_stored_archive_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    started(tmp_path, uran=URANIUM)
    with Lock(index_in(tmp_path / "state")):
        again = started(tmp_path, oil=OIL)
    assert again.behind
    assert ids(again.generation) == ["uran.txt"]
    (line,) = caplog.messages
    assert line.startswith("answering from the index as it was: ")


def test_while_another_process_builds_the_first_archive_there_is_none(tmp_path: Path) -> None:
    with Lock(index_in(tmp_path / "state")), pytest.raises(LockError):
        started(tmp_path, uran=URANIUM)


def test_a_missing_corpus_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="CORPUS_DIR"):
        open_archive(tmp_path / "none", tmp_path / "state")


def test_refused_files_are_said_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        caplog.clear()
        started(tmp_path, empty="")
        assert any("refused empty.txt: empty" in message for message in caplog.messages)


def test_a_ranker_that_cannot_be_used_is_said_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_features: object) -> None:
        raise RankerError("of another release")

    monkeypatch.setattr(opening, "load_shipped", broken)
    assert answer(started(tmp_path, uran=URANIUM).generation, "уран")
    assert caplog.messages == ["ranking by BM25 alone: of another release"]


@pytest.mark.parametrize(
    ("files", "most", "size", "small"),
    [(0, 0, 0, True), (3, 2, 99, False), (3, 3, 99, True), (3, 3, 8, False), (3, 3, 9, True)],
)
def test_a_folder_is_small_by_its_files(
    tmp_path: Path, files: int, most: int, size: int, small: bool
) -> None:
    corpus(tmp_path, {f"{number % 2}/{number}.txt": "abc" for number in range(files)})
    (tmp_path / "to nothing").symlink_to(tmp_path / "none")
    assert is_small(tmp_path, most + 1, size) is small
    assert is_small(tmp_path / "none", most, size)
