"""A folder of files to articles: sidecars, links, and what lies in the way."""

import hashlib
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.corpus import Corpus, CorpusError, read
from retrieval.models import Article, Reason, Refusal

ARTICLES = Path(__file__).parent.parent / "data" / "articles"
TEXT = "Токио принял президента. Встреча прошла во дворце."
Files = Callable[..., Corpus]

SEEDS = {
    "000_334e87823291db7b.txt": "865d6bea2cc89abae720748762eef001523d954cd6d1607287c66a0231071ff6",
    "001_f541f5984aaccca9.txt": "cce398b30d87050ddd7a638c67925227d3898f7f88ab33df18d2196d465d4ddb",
    "002_54d944de63979dc0.txt": "2fd9135a75d49ae796b1137295cbf94157c910903bd3ddb6903fb069449ed842",
    "003_66cfd12017572d08.txt": "884737c0c81f2deee2564e73abca0e6078a6df235e8008e17101747d75a044fd",
    "004_876a1a6a5dd91c7d.txt": "0b97c3ccd45728e7b2ea3a2305889184c3cf796a252d80cdc05ff159a2221822",
}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Write these files (name with «/», content) to a folder and read it as a corpus."""

    def write(contents: dict[str, str | bytes], **options: int) -> Corpus:
        for name, content in contents.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(tmp_path, **options)

    return write


def only(corpus: Corpus) -> Article:
    assert corpus.refused == ()
    (article,) = corpus.articles
    return article


def refusal(corpus: Corpus) -> Refusal:
    assert corpus.articles == ()
    (refused,) = corpus.refused
    return refused


def test_the_seeds_ship_byte_for_byte() -> None:
    digests = {name: hashlib.sha256((ARTICLES / name).read_bytes()).hexdigest() for name in SEEDS}
    assert digests == SEEDS


def test_the_seeds_are_stored_untouched() -> None:
    corpus = read(ARTICLES)
    assert [article.id for article in corpus.articles] == sorted(SEEDS)
    assert all(
        article.text == (ARTICLES / article.path).read_text("utf-8") for article in corpus.articles
    )
    assert corpus.refused == ()


def test_a_sidecar_overrides(files: Files) -> None:
    sidecar = (
        'title = "Визит"\nsource = "LS"\ndate = 2025-12-01\nurl = "https://a.kz/1"\nid = "x"\n'
    )
    article = only(files({"a.txt": f"date 2025-12-19 {TEXT}", "a.txt.meta.toml": sidecar}))
    assert (article.id, article.title, article.source) == ("x", "Визит", "LS")
    assert (str(article.date), article.url) == ("2025-12-01", "https://a.kz/1")
    assert set(article.origins) == {"sidecar"}
    assert article.text == f"date 2025-12-19 {TEXT}"
    assert article.text[article.body :] == TEXT


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("date = 2025-12-19", "2025-12-19"),
        ("date = 2025-12-19T10:00:00+05:00", "2025-12-19"),
        ('date = "2025-08"', "2025-08"),
        ("date = 2025", "2025"),
    ],
)
def test_dates_of_a_sidecar(files: Files, line: str, date: str) -> None:
    assert str(only(files({"a.txt": TEXT, "a.txt.meta.toml": line})).date) == date


def test_a_sidecar_of_json_lines_is_for_each(files: Files) -> None:
    line = json.dumps({"text": TEXT})
    corpus = files({"a.jsonl": f"{line}\n{line}", "a.jsonl.meta.toml": 'source = "LS"'})
    assert [article.source for article in corpus.articles] == ["LS", "LS"]


@pytest.mark.parametrize(
    ("name", "sidecar", "line"),
    [
        ("a.txt", 'title = "a"\nsource = LS', 2),
        ("a.txt", 'sauce = "LS"', None),
        ("a.txt", "source = 5", None),
        ("a.txt", "date = 10:00:00", None),
        ("a.txt", 'date = "2025-13-40"', None),
        ("a.txt", 'url = "javascript:alert(1)"', None),
        ("a.txt", "a = " + "[" * 10_000, None),
        ("a.txt", "\x00", None),
        ("a.jsonl", 'id = "x"', None),
    ],
)
def test_a_broken_sidecar_holds_its_file_back(
    files: Files, name: str, sidecar: str, line: int | None
) -> None:
    content = json.dumps({"text": TEXT}) if name == "a.jsonl" else TEXT
    refused = refusal(files({name: content, f"{name}.meta.toml": sidecar}))
    assert (refused.reason, refused.line) == (Reason.SIDECAR, line)
    assert refused.path == f"{name}.meta.toml"


def test_a_sidecar_that_cannot_be_read_holds_its_file_back(files: Files, tmp_path: Path) -> None:
    (tmp_path / "a.txt.meta.toml").symlink_to(tmp_path / "nothing")
    refused = refusal(files({"a.txt": TEXT}))
    assert (refused.path, refused.reason) == ("a.txt.meta.toml", Reason.UNREADABLE)


def test_a_sidecar_that_is_a_link_is_not_followed(files: Files, tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret.toml"
    secret.write_text('source = "secret"', encoding="utf-8")
    (tmp_path / "a.txt.meta.toml").symlink_to(secret)
    refused = refusal(files({"a.txt": TEXT}))
    assert (refused.path, refused.reason) == ("a.txt.meta.toml", Reason.OUTSIDE)


def test_a_sidecar_without_its_file_is_reported(files: Files) -> None:
    refused = refusal(files({"b.txt.meta.toml": 'title = "a"'}))
    assert (refused.path, refused.reason) == ("b.txt.meta.toml", Reason.SIDECAR)


def test_subfolders_are_read_in_order_and_hidden_files_are_not(files: Files) -> None:
    corpus = files(
        dict.fromkeys(
            ("b.txt", "a/c.txt", "a/b/d.TXT", "a.b.txt", ".git/x.txt", ".x.txt", "a/.y.pdf"), TEXT
        )
    )
    assert [article.id for article in corpus.articles] == [
        "a/b/d.TXT",
        "a/c.txt",
        "a.b.txt",
        "b.txt",
    ]
    assert corpus.refused == ()


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "photo.jpg", "README", "a.txt.bak"])
def test_unknown_formats_are_named(files: Files, name: str) -> None:
    refused = refusal(files({name: TEXT}))
    assert refused.reason == Reason.NOT_TEXT
    assert ".jsonl" in refused.detail


def test_control_characters_are_spaces_as_telegram_shows_them(files: Files) -> None:
    line = json.dumps({"title": "Т", "text": "Уран\x07 добывают\x0bв степи.\tДа\u202a.\n"})
    assert only(files({"a.jsonl": line})).text == "Уран  добывают в степи. Да .\n"


def test_a_second_id_is_refused_and_names_the_first(files: Files) -> None:
    line = json.dumps({"text": TEXT, "id": "x"})
    corpus = files({"b.jsonl": f"{line}\n{line}", "a.md": f"---\nid: x\n---\n{TEXT}"})
    assert [article.path for article in corpus.articles] == ["a.md"]
    assert [(refused.reason, refused.line) for refused in corpus.refused] == [
        *((Reason.DUPLICATE_ID, 1), (Reason.DUPLICATE_ID, 2)),
    ]
    assert all("a.md" in refused.detail for refused in corpus.refused)


def test_a_file_over_the_size_is_not_read(files: Files) -> None:
    corpus = files({"a.txt": "Т" * 60, "b.txt": "Т" * 50}, max_bytes=100)
    assert [article.id for article in corpus.articles] == ["b.txt"]
    assert [refused.reason for refused in corpus.refused] == [Reason.TOO_LARGE]


def test_links(files: Files, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "o.txt").write_text(TEXT, "utf-8")
    (tmp_path / "in").mkdir()
    links = {
        "out.txt": outside / "o.txt",
        "out": outside,
        "gone.txt": tmp_path / "nothing.txt",
        "loop.txt": tmp_path / "loop.txt",
        "in/up": tmp_path,
        "z.txt": tmp_path / "in" / "a.txt",
    }
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    corpus = files({"in/a.txt": TEXT})
    assert [article.id for article in corpus.articles] == ["in/a.txt", "z.txt"]
    assert {refused.path: refused.reason for refused in corpus.refused} == {
        "gone.txt": Reason.UNREADABLE,
        "loop.txt": Reason.UNREADABLE,
        "out": Reason.OUTSIDE,
        "out.txt": Reason.OUTSIDE,
    }


def test_pipes_and_sockets_do_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        corpus = read(tmp_path)
    assert [refused.reason for refused in corpus.refused] == [Reason.UNREADABLE] * 2


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), FileNotFoundError(2, "No")]
)
def test_files_that_cannot_be_opened(
    files: Files, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr(Path, "write_bytes", lambda path, data: os.write(os.open(path, 66), data))
    refused = refusal(files({"a.txt": TEXT}))
    assert refused.reason == Reason.UNREADABLE
    assert str(error.strerror) in refused.detail


def test_a_folder_that_cannot_be_listed_is_reported(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    corpus = files({"a.txt": TEXT, "closed/b.txt": TEXT})
    assert [article.id for article in corpus.articles] == ["a.txt"]
    assert [(refused.path, refused.reason) for refused in corpus.refused] == [
        ("closed", Reason.UNREADABLE)
    ]


def test_names_that_are_no_text_can_be_shown(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for name in (b"\xd2\xee\xea\xe8\xee.txt", b"a\nb.txt", b"\x1b[31m.pdf"):
        with open(os.path.join(folder, name), "wb") as file:  # noqa: PTH118, PTH123 -- bytes
            file.write(TEXT.encode())
    corpus = read(tmp_path)
    shown = [*(found.path for found in corpus.articles), *(found.path for found in corpus.refused)]
    assert sorted(shown) == ["\\x1b[31m.pdf", "\\xd2\\xee\\xea\\xe8\\xee.txt", "a\\nb.txt"]


def test_a_file_s_age_is_never_its_date(files: Files, tmp_path: Path) -> None:
    files({"a.txt": TEXT})
    os.utime(tmp_path / "a.txt", (1_700_000_000, 1_700_000_000))
    assert only(read(tmp_path)).date is None


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="CORPUS_DIR"):
        read(tmp_path / "nothing")


def test_a_folder_that_is_a_file(files: Files, tmp_path: Path) -> None:
    files({"a.txt": TEXT})
    with pytest.raises(CorpusError, match="not a folder"):
        read(tmp_path / "a.txt")


def test_an_empty_folder_is_an_empty_corpus(tmp_path: Path) -> None:
    assert read(tmp_path) == Corpus((), ())
