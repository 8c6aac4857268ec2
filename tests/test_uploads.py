"""From bytes to what was understood, and into the corpus folder: names, sidecars, repeats."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import filing
from bot.filing import is_readable, remove, safe_name, save, sidecar
from bot.store.uploads import Upload
from bot.uploads import understand
from retrieval import durably
from retrieval.assembling import build
from retrieval.corpus import SIDECAR, read
from retrieval.decoding import decode
from retrieval.fields import Fields, read_sidecar
from retrieval.folder import walk
from retrieval.generation import Generation
from retrieval.models import PartialDate, Reason
from tests.builders import corpus

URANIUM = "Запасы урана\n\nЗапасы урана выросли.\n\nДобыча урана упала.\n"
LINKED = "---\ntitle: Уран\nurl: https://zakon.kz/1\nid: u1\n---\nУран подорожал на бирже.\n"
LINES = (
    '{"id": "a", "title": "Уран", "text": "Уран подорожал."}\n'
    '{"title": "Нет текста"}\n'
    '{"title": "Торий", "text": "Торий подешевел."}\n'
)


@pytest.fixture
def archive(tmp_path: Path) -> Generation:
    files = {"u.txt": URANIUM, "linked.md": LINKED, "lines.jsonl": LINES}
    return build(corpus(tmp_path / "articles", files))


@pytest.fixture
def empty(tmp_path: Path) -> Generation:
    return build(corpus(tmp_path / "empty", {}))


def upload(name: str, content: str | bytes) -> Upload:
    return Upload(1, 1, name, content.encode() if isinstance(content, str) else content)


# What is understood


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "koi8_r"])
def test_a_text_in_any_known_encoding_is_understood(empty: Generation, encoding: str) -> None:
    found = understand(upload("u.txt", URANIUM.encode(encoding)), empty)
    (article,) = found.articles
    assert article.title == "Запасы урана"
    assert found.paragraphs == 2
    assert found.passages[0].text == "Запасы урана выросли."


def test_long_paragraphs_are_counted_once(empty: Generation) -> None:
    sentence = "Запасы урана в стране выросли на треть за последний год. "
    found = understand(upload("u.txt", f"{sentence * 100}\n\n{sentence}"), empty)
    assert len(found.passages) > 2
    assert found.paragraphs == 2


def test_what_the_admin_fixed_goes_before_what_the_file_says(empty: Generation) -> None:
    given = upload("a.md", "---\nsource: Trend\ndate: 2025-01-02\n---\nУран подорожал.\n")
    (as_it_says,) = understand(given, empty).articles
    fixed = replace(given, source="Zakon.kz", date=PartialDate(2026, 11))
    (article,) = understand(fixed, empty).articles
    assert (as_it_says.source, as_it_says.date) == ("Trend", PartialDate(2025, 1, 2))
    assert (article.source, article.date) == ("Zakon.kz", PartialDate(2026, 11))


def test_lines_are_taken_known_and_refused_each_alone(archive: Generation) -> None:
    new = '{"title": "Кобальт", "text": "Кобальт подорожал."}\n'
    found = understand(upload("news.jsonl", LINES + new), archive)
    assert [article.title for article in found.articles] == ["Кобальт"]
    assert [article.title for article in found.known] == ["Уран", "Торий"]
    assert [(each.reason, each.line) for each in found.refused] == [(Reason.FIELD, 2)]
    assert found.repeated == {1, 3}


@pytest.mark.parametrize(
    ("name", "content", "known"),
    [
        ("again.txt", URANIUM, "u.txt"),
        ("u.txt", URANIUM, "u.txt"),
        ("again.txt", URANIUM.replace("\n", "\r\n").encode("cp1251"), "u.txt"),
        ("again.md", LINKED.replace("подорожал", "подешевел").replace("u1", "u2"), "u1"),
        ("again.md", LINKED.replace("zakon.kz/1", "zakon.kz/2").replace("бирже", "рынке"), "u1"),
        ("u.txt", URANIUM.replace("упала", "выросла"), None),
        (
            "linked.md",
            LINKED.replace("бирже", "рынке").replace("/1", "/2").replace("u1", "u2"),
            None,
        ),
        ("lines.jsonl", '{"text": "Кобальт подорожал."}', None),
    ],
)
def test_an_article_is_known_by_its_text_its_address_or_its_own_id(
    archive: Generation, name: str, content: str | bytes, known: str | None
) -> None:
    found = understand(upload(name, content), archive)
    assert [article.id for article in found.known] == ([known] if known else [])
    assert bool(found.articles) is (known is None)


def test_a_text_is_known_whatever_source_is_fixed(archive: Generation) -> None:
    fixed = replace(upload("again.txt", URANIUM), source="Zakon.kz", date=PartialDate(2026))
    assert [article.id for article in understand(fixed, archive).known] == ["u.txt"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"\x00\x01\x02PNG", Reason.NOT_TEXT),
        ("a.txt", b" \n", Reason.EMPTY),
        ("a.md", "---\ndate: 2026-13-45\n---\nУран.", Reason.DATE),
        ("a.md", "---\n: [\n---\nУран.", Reason.FRONT_MATTER),
        ("a.html", "<html></html>", Reason.EMPTY),
        ("a.jsonl", "{", Reason.JSON),
        ("a.pdf", "Уран.", Reason.NOT_TEXT),
    ],
)
def test_what_cannot_be_read_is_refused(
    empty: Generation, name: str, content: str | bytes, reason: Reason
) -> None:
    found = understand(upload(name, content), empty)
    assert [each.reason for each in found.refused] == [reason]
    assert not found.articles
    assert not found.passages
    assert found.paragraphs == 0


# Names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Уран в 2026.txt", "Уран в 2026.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.TXT", "boot.txt"),
        ("/etc/a.md", "a.md"),
        (".hidden.txt", "hidden.txt"),
        ("...txt", "article.txt"),
        (".txt", "article.txt"),
        (" . .txt", "article.txt"),
        ("a\x00b\nc\u202etxt.exe.html", "abctxt.exe.html"),
        ('<a>:"b"|?*.txt', "ab.txt"),
        ("a.meta.toml", "a.meta.toml"),
        ("a.txt.meta.toml.txt", "a.txt.meta.toml.txt"),
        ("и\u0306од.txt", "йод.txt"),
    ],
)
def test_a_name_is_made_safe(given: str, name: str) -> None:
    assert safe_name(given) == name


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("a.txt", True),
        ("a.HTML", True),
        ("a.htm", True),
        ("a.jsonl", True),
        ("a.pdf", False),
        ("a.txt.meta.toml", False),
        ("txt", False),
        ("", False),
    ],
)
def test_formats_are_known_by_the_name(name: str, readable: bool) -> None:
    assert is_readable(safe_name(name)) is readable


@given(st.text(), st.sampled_from([".txt", ".md", ".HTML", ".jsonl"]))
def test_whatever_it_is_called_a_file_is_saved_in_its_folder(
    tmp_path_factory: pytest.TempPathFactory, stem: str, suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("corpus")
    name = safe_name(stem + suffix)
    path = save(folder, upload(name, "Уран."), frozenset())
    assert path.parent == folder / filing.FOLDER
    assert walk(folder) == [path]
    assert path.read_text("utf-8") == "Уран."


def test_no_file_is_written_over(tmp_path: Path) -> None:
    first = save(tmp_path, upload("a.txt", "Один."), frozenset())
    beside = tmp_path / filing.FOLDER / f"a-2.txt{SIDECAR}"
    beside.write_text("", "utf-8")
    second = save(tmp_path, upload("a.txt", "Два."), frozenset())
    third = save(tmp_path, upload("a.txt", "Три."), frozenset())
    assert [path.name for path in (first, second, third)] == ["a.txt", "a-3.txt", "a-4.txt"]
    assert [path.read_text("utf-8") for path in (first, second, third)] == ["Один.", "Два.", "Три."]


def test_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / filing.FOLDER
    folder.mkdir(parents=True)
    (folder / "a.txt").symlink_to(tmp_path / "outside.txt")
    assert save(tmp_path / "corpus", upload("a.txt", "Уран."), frozenset()).name == "a-2.txt"
    assert not (tmp_path / "outside.txt").exists()


# Sidecars


@given(source=st.none() | st.text(), date=st.none() | st.dates())
def test_a_sidecar_says_what_was_fixed(source: str | None, date: object) -> None:
    fixed = PartialDate.fromisoformat(str(date)) if date else None
    text = sidecar(Upload(1, 1, "a.txt", b"", source, fixed))
    written = " ".join((source or "").split()) or None
    assert read_sidecar(decode(text.encode())) == Fields(source=written, date=fixed)


@pytest.mark.parametrize("date", [PartialDate(2026), PartialDate(2026, 11)])
def test_a_sidecar_says_dates_that_are_not_of_a_day(date: PartialDate) -> None:
    text = sidecar(Upload(1, 1, "a.txt", b"", None, date))
    assert read_sidecar(text) == Fields(date=date)


def test_a_file_is_read_from_the_folder_as_it_was_understood(
    tmp_path: Path, empty: Generation
) -> None:
    fixed = replace(
        upload("a.txt", URANIUM.encode("cp1251")),
        source='ТОО "Вести"\\\x7f😀',
        date=PartialDate(2026, 11),
    )
    (understood,) = understand(fixed, empty).articles
    save(tmp_path, fixed, frozenset())
    (article,) = read(tmp_path).articles
    assert article.digest == understood.digest
    assert article.source == 'ТОО "Вести"\\\x7f😀'
    assert article.path == "uploads/a.txt"


def test_nothing_fixed_needs_no_sidecar(tmp_path: Path) -> None:
    path = save(tmp_path, upload("a.txt", URANIUM), frozenset())
    assert list(path.parent.iterdir()) == [path]


def test_lines_that_the_archive_has_are_left_out(tmp_path: Path, archive: Generation) -> None:
    new = '{"title": "Кобальт", "text": "Кобальт подорожал."}\n'
    given = upload("news.jsonl", (LINES + new).encode("cp1251"))
    save(tmp_path / "articles", given, understand(given, archive).repeated)
    found = read(tmp_path / "articles" / filing.FOLDER)
    assert [(article.title, article.line) for article in found.articles] == [("Кобальт", 4)]
    assert [each.line for each in found.refused] == [2]


def test_of_a_file_that_cannot_be_saved_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(28, "No space left on device")
    real = durably.write

    def write(path: Path, content: bytes) -> None:
        if path.suffix == ".txt":
            raise full
        real(path, content)

    monkeypatch.setattr(durably, "write", write)
    with pytest.raises(OSError, match="No space"):
        save(tmp_path, replace(upload("a.txt", URANIUM), source="Trend"), frozenset())
    assert list((tmp_path / filing.FOLDER).iterdir()) == []


def test_a_file_that_was_taken_back_leaves_nothing(tmp_path: Path) -> None:
    path = save(tmp_path, replace(upload("a.txt", URANIUM), source="Trend"), frozenset())
    remove(path)
    assert list(path.parent.iterdir()) == []
