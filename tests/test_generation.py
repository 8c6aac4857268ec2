"""One generation of the archive: built from a folder, compared, stored and read again."""

import errno
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval import passages, snapshots, storage
from retrieval.analyzer import Analyzer
from retrieval.corpus import CorpusError
from retrieval.generation import Generation, build, changes
from retrieval.models import Article, Passage
from retrieval.storage import GenerationError, load, save
from tests.builders import shipped_archive

TEXTS = {
    "уран.txt": "Казахстан добывает уран.\n\nЯпония закупает уран у Казахстана.",
    "визит.txt": "Токаев прибыл в Токио.\n\nЕго встретил император Нарухито.",
    "рейс.txt": "В 2026 году откроют рейс из Алматы.\n\nЕго ждут туристы.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state" / "index"


def seen(built: Generation) -> tuple[object, ...]:
    terms = built.index.terms
    return (
        built.articles,
        built.passages,
        built.refused,
        terms.vocabulary,
        terms.numbers.tolist(),
        terms.lengths.tolist(),
        built.index.get_scores(["уран"]).tolist(),
    )


def count_analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    analysed: list[str] = []
    split = passages.split

    def counted(article: Article, analyzer: Analyzer) -> tuple[Passage, ...]:
        analysed.append(article.path)
        return split(article, analyzer)

    monkeypatch.setattr(passages, "split", counted)
    return analysed


def test_every_passage_is_indexed_under_its_words_and_title(folder: Path) -> None:
    built = build(folder)
    number = next(
        n for n, passage in enumerate(built.passages) if passage.text.startswith("Япония")
    )
    assert built.index.get_scores(["закупать"])[number] > 0
    assert built.index.get_scores(["добывать"])[number] > 0, "its article's title"


def test_progress_is_told_article_by_article(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    build(folder, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_only_what_changed_is_analysed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = build(folder)
    (folder / "рейс.txt").write_text("Рейс отменён.\n\nЕго не будет.", encoding="utf-8")
    (folder / "новая.txt").write_text("Открыта выставка.\n\nОна большая.", encoding="utf-8")
    analysed = count_analysed(monkeypatch)
    new = build(folder, old)
    assert sorted(analysed) == ["новая.txt", "рейс.txt"]
    monkeypatch.undo()
    assert seen(new)[:3] == seen(build(folder))[:3]
    assert new.index.terms.vocabulary == build(folder).index.terms.vocabulary


def test_nothing_is_analysed_again_after_a_restart(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(build(folder), state)
    analysed = count_analysed(monkeypatch)
    build(folder, load(state))
    assert analysed == []


def test_changes_are_told_by_id(folder: Path) -> None:
    old = build(folder)
    ids = {article.path: article.id for article in old.articles}
    (folder / "уран.txt").unlink()
    (folder / "рейс.txt").write_text("Рейс отменён.\n\nЕго не будет.", encoding="utf-8")
    (folder / "новая.txt").write_text("Открыта выставка.\n\nОна большая.", encoding="utf-8")
    new = build(folder, old)
    found = changes(old, new)
    assert [new_id for new_id in found.added if new_id not in ids.values()] == list(found.added)
    assert len(found.added) == 1
    assert found.changed == (ids["рейс.txt"],)
    assert found.removed == (ids["уран.txt"],)
    assert changes(new, new) == ((), (), ())


def test_articles_and_their_passages_are_found_by_id(folder: Path) -> None:
    built = build(folder)
    for article in built.articles:
        assert built.article(article.id) is article
        assert built.passages_of(article.id) == tuple(
            passage for passage in built.passages if passage.article is article
        )
    assert built.article("нет такой") is None
    assert built.passages_of("нет такой") == ()


def test_each_passage_knows_its_article_and_its_place(folder: Path) -> None:
    built = build(folder)
    for number, passage in enumerate(built.passages):
        assert built.articles[built.article_of[number]] is passage.article
        assert built.passages_of(passage.article.id)[built.place_of[number]] is passage


def test_an_empty_folder_is_an_empty_archive(tmp_path: Path, state: Path) -> None:
    built = build(tmp_path)
    assert (built.articles, built.passages) == ((), ())
    save(built, state)
    assert load(state).passages == ()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        build(tmp_path / "нет")


def test_what_is_stored_is_read_again(folder: Path, state: Path) -> None:
    built = build(folder)
    save(built, state)
    assert seen(load(state)) == seen(built)


def test_storing_again_replaces_what_was_stored(folder: Path, state: Path) -> None:
    save(build(folder), state)
    (folder / "уран.txt").unlink()
    new = build(folder)
    save(new, state)
    save(new, state)
    assert seen(load(state)) == seen(new)
    assert len(list(state.iterdir())) == 2, "one generation and the pointer to it"


def test_nothing_stored_is_said(state: Path) -> None:
    with pytest.raises(GenerationError, match="nothing is stored"):
        load(state)


@pytest.mark.parametrize("name", ["archive.json", "numbers.npy", "lengths.npy", "manifest.json"])
@pytest.mark.parametrize("harm", ["missing", "cut", "flipped", "empty"])
def test_damage_is_noticed(folder: Path, state: Path, name: str, harm: str) -> None:
    save(build(folder), state)
    (path,) = state.glob(f"*/{name}")
    content = path.read_bytes()
    match harm:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(content[:-1])
        case "flipped":
            path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        case "empty":
            path.write_bytes(b"")
    with pytest.raises(GenerationError, match="no usable index"):
        load(state)


@pytest.mark.parametrize("pointer", [b"", b"gen-0", b"../../..", b"\xff\xfe", b"a\x00b"])
def test_a_pointer_to_nowhere_is_noticed(folder: Path, state: Path, pointer: bytes) -> None:
    save(build(folder), state)
    (state / "current").write_bytes(pointer)
    with pytest.raises(GenerationError):
        load(state)


def npy(array: NDArray[Any]) -> bytes:
    content = BytesIO()
    np.save(content, array, allow_pickle=True)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("archive.json", b"[]"),
        ("archive.json", b"{}"),
        ("archive.json", b"\xff"),
        ("lengths.npy", npy(np.array([1], np.int32))),
        ("lengths.npy", npy(np.array([object()]))),
        ("lengths.npy", b"no array"),
    ],
)
def test_what_is_whole_but_wrong_is_noticed(
    folder: Path, state: Path, name: str, content: bytes
) -> None:
    save(build(folder), state)
    snapshots.write(state, {**snapshots.read(state), name: content})
    with pytest.raises(GenerationError, match="no usable index"):
        load(state)


def test_another_version_is_not_read(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(build(folder), state)
    monkeypatch.setattr(storage, "FORMAT", storage.FORMAT + 1)
    with pytest.raises(GenerationError, match="another version"):
        load(state)


def test_a_full_disk_leaves_what_was_stored(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = build(folder)
    save(old, state)
    (folder / "уран.txt").unlink()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GenerationError, match="No space left"):
        save(build(folder), state)
    monkeypatch.undo()
    assert seen(load(state)) == seen(old)
    assert not list(state.glob("new-*")), "nothing half-written is left"


def test_a_place_that_cannot_be_written_is_said(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GenerationError, match="cannot write"):
        save(build(folder), tmp_path / "file" / "index")


def test_the_text_comes_back_to_the_character(folder: Path, state: Path) -> None:
    text = "Ёлка\u00a0— «Токае\u0301в»\u200b\r\n\r\nВторой абзац был 😀."
    (folder / "ёлка.txt").write_bytes(text.encode())
    built = build(folder)
    save(built, state)
    stored = {article.path: article.text for article in load(state).articles}
    assert stored == {article.path: article.text for article in built.articles}


def test_articles_that_are_the_same_keep_their_own_passages(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("Казахстан добывает уран.\n\nИ торий.", "utf-8")
    first = build(tmp_path)
    assert build(tmp_path, build(tmp_path, first)).passages == first.passages


def test_the_lemmas_of_an_article_are_those_its_passages_are_found_by() -> None:
    archive = shipped_archive()
    decoded = iter(archive.index.terms.decode())
    for article in archive.articles:
        own = [next(decoded) for _ in archive.passages_of(article.id)]
        assert archive.lemmas_of(article.id) == own
    assert archive.lemmas_of("gone.txt") == []
