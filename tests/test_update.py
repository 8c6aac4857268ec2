"""The index brought up to date gives what an index built anew from the same folder gives."""

import errno
import json
import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from retrieval import folder as folders
from retrieval import storage
from retrieval.analyzer import Analyzer
from retrieval.assembling import build
from retrieval.building import words
from retrieval.building.update import Built, settle, update
from retrieval.calibration import Calibration
from retrieval.corpus import CorpusError
from retrieval.encoding import Analysed, analysed
from retrieval.generation import Generation
from retrieval.models import Article
from retrieval.storage import GenerationError
from retrieval.storing import arrayfile, generations
from retrieval.storing.lock import Lock, LockError
from tests.builders import corpus

HOUR = 3_600_000_000_000
ANALYZER = Analyzer()
FILES = {
    "а.txt": "Казахстан добывает уран.\n\nЯпония закупает уран у Казахстана.",
    "б/визит.txt": "Токаев прибыл в Токио.\n\nЕго встретил император Нарухито.",
    "в.md": "---\nid: рейс\n---\n# Рейс\n\nВ 2026 году откроют рейс.\n\n## Туристы\n\nЖдут.",
    "г.jsonl": "\n".join(
        json.dumps({"title": f"Новость {n}", "text": f"Добыча угля выросла на {n} процентов."})
        for n in range(5)
    ),
}
QUERIES = ("уран", "казахстан", "токио", "рейс", "уголь", "новость", "император")


class Folder:
    """A corpus folder and its index, and what is done to them."""

    def __init__(self, home: Path) -> None:
        self.corpus = corpus(home / "articles", FILES)
        self.index = home / "index"
        self.home = home

    def update(self) -> Built:
        return update(self.corpus, self.index, analyzer=ANALYZER)

    def write(self, name: str, text: str) -> None:
        corpus(self.corpus, {name: text})

    def remove(self, name: str) -> None:
        (self.corpus / name).unlink()

    def empty(self) -> None:
        shutil.rmtree(self.corpus)
        self.corpus.mkdir()

    def move(self, name: str, other: str) -> None:
        (self.corpus / name).rename(self.corpus / other)

    def opened(self) -> Generation:
        return storage.open_generation(self.index, ANALYZER)

    def check(self) -> None:
        """What is stored finds what a new index of the folder finds."""
        stored, fresh = self.opened(), build(self.corpus)
        assert seen(stored) == seen(fresh)
        for query in QUERIES:
            assert scores(stored, query) == pytest.approx(scores(fresh, query), abs=1e-9), query
            assert stored.index.count(query) == fresh.index.count(query)
        assert stored.size == fresh.size


def seen(generation: Generation) -> object:
    return (
        {
            each.id: (each, generation.passages_of(each.id), generation.lemmas_of(each.id))
            for each in generation.articles
        },
        generation.refused,
    )


def scores(generation: Generation, query: str) -> dict[tuple[str, int], float]:
    numbers, found = generation.index.top([query], 1_000)
    passages = (generation.passages[number] for number in numbers.tolist())
    places = ((passage.article.id, passage.start) for passage in passages)
    return dict(zip(places, found.tolist(), strict=True))


@pytest.fixture(autouse=True)
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither wait for the disk nor calibrate: other tests do."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr("retrieval.generation.calibrate", lambda _: Calibration(1.0, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.update()
    return made


def test_an_index_is_built_from_nothing(folder: Folder) -> None:
    folder.check()


Change = Callable[[Folder], object]
SAME_ID = "---\nid: рейс\n---\nДругой рейс отменён."
LINES = FILES["г.jsonl"].split("\n")
CHANGES: dict[str, tuple[Change, tuple[list[str], list[str], list[str]]]] = {
    "add": (lambda f: f.write("д.txt", "Открыта выставка."), (["д.txt"], [], [])),
    "change": (lambda f: f.write("а.txt", "Казахстан добывает и уголь."), ([], ["а.txt"], [])),
    "remove": (lambda f: f.remove("а.txt"), ([], [], ["а.txt"])),
    "rename": (lambda f: f.move("а.txt", "я.txt"), (["я.txt"], [], ["а.txt"])),
    "move with an id": (lambda f: f.move("в.md", "я.md"), ([], [], [])),
    "same id, later": (lambda f: f.write("я.md", SAME_ID), ([], [], [])),
    "same id, before": (lambda f: f.write("а.md", SAME_ID), ([], ["рейс"], [])),
    "sidecar added": (
        lambda f: f.write("а.txt.meta.toml", 'source = "LS"'),
        ([], ["а.txt"], []),
    ),
    "sidecar with an id": (
        lambda f: f.write("а.txt.meta.toml", 'id = "рейс"'),
        ([], ["рейс"], ["а.txt"]),
    ),
    "broken sidecar": (lambda f: f.write("а.txt.meta.toml", "source ="), ([], [], ["а.txt"])),
    "sidecar alone": (lambda f: f.write("я.txt.meta.toml", 'source = "LS"'), ([], [], [])),
    "line inserted": (
        lambda f: f.write("г.jsonl", "\n".join([json.dumps({"text": "Нефть."}), *LINES])),
        (["г.jsonl#6"], [f"г.jsonl#{n}" for n in range(1, 6)], []),
    ),
    "line changed": (
        lambda f: f.write("г.jsonl", "\n".join([*LINES[:2], '{"text": "Ветер."}', *LINES[3:]])),
        ([], ["г.jsonl#3"], []),
    ),
    "line broken": (
        lambda f: f.write("г.jsonl", "\n".join([*LINES[:2], "{", *LINES[3:]])),
        ([], [], ["г.jsonl#3"]),
    ),
    "all removed": (
        lambda f: f.empty(),
        ([], [], ["а.txt", "б/визит.txt", "рейс", *(f"г.jsonl#{n}" for n in range(1, 6))]),
    ),
    "bad file": (lambda f: f.write("я.pdf", "?"), ([], [], [])),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_taken_in(folder: Folder, name: str) -> None:
    change, told = CHANGES[name]
    change(folder)
    built = folder.update()
    folder.check()
    assert (list(built.added), list(built.changed), list(built.removed)) == told
    assert built.name == folder.opened().name
    assert folder.update().name == built.name


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_taken_back(folder: Folder, name: str) -> None:
    CHANGES[name][0](folder)
    folder.update()
    for path in folder.corpus.rglob("*.*"):
        path.unlink()
    corpus(folder.corpus, FILES)
    folder.update()
    folder.check()
    settle(folder.index)
    folder.check()
    assert not settle(folder.index)
    folder.update()
    folder.check()


@pytest.mark.parametrize("seed", range(4))
def test_changes_in_any_order(folder: Folder, seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311
    for _ in range(6):
        for name in chosen.choices([*CHANGES], k=2):
            with suppress(FileNotFoundError):
                CHANGES[name][0](folder)
        folder.update()
        folder.check()
        if chosen.random() < 0.3:
            settle(folder.index)
            folder.check()
        corpus(folder.corpus, dict(chosen.sample([*FILES.items()], k=2)))


def analysed_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the articles that are analysed from now on."""
    seen: list[str] = []

    def counted(article: Article, analyzer: Analyzer) -> Analysed:
        seen.append(article.id)
        return analysed(article, analyzer)

    monkeypatch.setattr("retrieval.building.reading.analysed", counted)
    return seen


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("add", ["д.txt"]),
        ("change", ["а.txt"]),
        ("remove", []),
        ("rename", []),
        ("move with an id", []),
        ("same id, before", ["рейс"]),
        ("sidecar with an id", []),
        ("line inserted", ["г.jsonl#1"]),
        ("line changed", ["г.jsonl#3"]),
        ("line broken", []),
    ],
)
def test_nothing_is_analysed_twice(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, name: str, ids: list[str]
) -> None:
    analysed = analysed_in(monkeypatch)
    CHANGES[name][0](folder)
    folder.update()
    assert analysed == ids


def test_what_has_not_changed_is_not_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_in(monkeypatch)
    folder.update()
    assert sorted(set(read)) == ["а.txt", "в.md", "визит.txt", "г.jsonl"], "a moment old"
    monkeypatch.setattr("retrieval.building.scan._RACE", -HOUR)
    folder.write("д.txt", "Открыта выставка.")
    folder.update()
    read.clear()
    folder.update()
    assert read == []


def test_a_file_that_was_only_touched_is_the_same(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.building.scan._RACE", -HOUR)
    folder.write("д.txt", "Открыта выставка.")
    name = folder.update().name
    os.utime(folder.corpus / "а.txt", (1, 1))
    before = sorted(folder.index.rglob("*"))
    read = read_in(monkeypatch)
    assert folder.update().name == name
    assert set(read) == {"а.txt"}
    assert sorted(folder.index.rglob("*")) == before


def test_a_change_that_keeps_size_and_time_is_seen(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.building.scan._RACE", -HOUR)
    path = folder.corpus / "а.txt"
    os.utime(path, (1, 1))
    folder.update()
    folder.write("а.txt", FILES["а.txt"].replace("уран", "торф"))
    os.utime(path, (1, 1))
    assert folder.update().changed == ("а.txt",)
    folder.check()


def test_a_link_is_followed_anew_each_time(folder: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("Нефть подорожала.", "utf-8")
    link = folder.corpus / "z.txt"
    link.symlink_to(folder.corpus / "а.txt")
    assert folder.update().added == ("z.txt",)
    link.unlink()
    link.symlink_to(outside)
    assert folder.update().removed == ("z.txt",)
    folder.check()


def test_a_folder_that_cannot_be_read_leaves_the_index(folder: Folder, tmp_path: Path) -> None:
    name = folder.opened().name
    folder.corpus.rename(tmp_path / "gone")
    with pytest.raises(CorpusError, match="CORPUS_DIR"):
        folder.update()
    assert folder.opened().name == name


def test_two_updates_at_once(folder: Folder) -> None:
    with Lock(folder.index), pytest.raises(LockError, match=str(os.getpid())):
        folder.update()


def test_a_full_disk_leaves_what_was_stored(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = seen(folder.opened())
    folder.write("д.txt", "Открыта выставка.")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(GenerationError, match="No space left"):
            folder.update()
    assert seen(folder.opened()) == before
    assert folder.update().added == ("д.txt",)
    folder.check()


def test_words_that_cannot_be_kept_are_no_harm(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(words, "store", full)
    monkeypatch.setattr(words, "_WORTH", 1)
    folder.write("д.txt", "Открыта выставка.")
    assert update(folder.corpus, folder.index).added == ("д.txt",)
    assert "No space left" in caplog.text
    folder.check()


@pytest.mark.parametrize("harm", ["damaged", "of another version", "without a table"])
def test_an_index_of_no_use_is_built_anew(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    match harm:
        case "damaged":
            for path in folder.index.glob("seg-*/texts.npy"):
                path.write_bytes(b"")
        case "of another version":
            monkeypatch.setattr(storage, "FORMAT", storage.FORMAT + 1)
        case _:
            storage.save(build(folder.corpus), folder.index)
    assert len(folder.update().added) == 8
    folder.check()


def test_segments_stay_few(folder: Folder) -> None:
    for number in range(12):
        folder.write(f"д{number}.txt", f"Открыта выставка номер {number}.")
        folder.update()
        folder.check()
    sizes = [placed.segment.size for placed in folder.opened().segments]
    assert all(big >= 4 * small for big, small in pairwise(sizes))


def test_what_is_much_to_join_waits(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.building.publishing.AT_ONCE", 3)
    for number in range(3):
        folder.write(f"д{number}.txt", f"Открыта выставка номер {number}.")
        folder.update()
    assert len(folder.opened().segments) > 1
    assert settle(folder.index)
    folder.check()
    assert len(folder.opened().segments) == 1
    assert not settle(folder.index)


def test_a_segment_with_many_dead_is_written_anew(folder: Folder) -> None:
    folder.remove("г.jsonl")
    folder.update()
    assert folder.opened().live is not None
    assert settle(folder.index)
    assert folder.opened().live is None
    folder.check()


def test_progress_is_told_in_bytes(folder: Folder) -> None:
    told: list[tuple[int, int]] = []
    folder.write("д.txt", "Нефть.")
    update(folder.corpus, folder.index, progress=lambda *each: told.append(each))
    assert told[-1][0] == told[-1][1] > 0


def read_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    read: list[str] = []
    content = folders.content

    def noted(path: Path, max_bytes: int) -> bytes:
        read.append(path.name)
        return content(path, max_bytes)

    monkeypatch.setattr(folders, "content", noted)
    return read


def test_damage_that_time_and_size_do_not_tell_is_found_by_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(arrayfile, "_SMALL", 0)
    folder = Folder(tmp_path)
    first = folder.update()
    (path,) = folder.index.glob("seg-*/numbers.npy")
    content, times = path.read_bytes(), path.stat()
    path.write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert folder.update().name == first.name, "large files are trusted"
    built = update(folder.corpus, folder.index, analyzer=ANALYZER, scrubbed=True)
    assert (built.base, built.articles) == ("", first.articles)
    assert "building the index anew" in caplog.text
    assert "numbers.npy" in caplog.text


def test_a_pointer_to_nowhere_is_set_right(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.update()
    (folder.index / "current").write_text("garbage")
    assert generations.current(folder.index) is None
    built = folder.update()
    assert generations.current(folder.index) == built.name == folder.opened().name
