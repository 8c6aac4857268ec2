"""The command line as people and scripts run it: output, exit codes, one line for an error."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import __main__ as command_line
from bot.database import StoreError
from bot.ending import GaveUp
from bot.settings import ConfigurationError, Settings
from retrieval.corpus import CorpusError
from retrieval.found import Confidence, Correction, Found, Sighting
from retrieval.generation import Generation
from retrieval.models import Hit
from retrieval.query import Query
from retrieval.storage import GenerationError
from retrieval.storing.lock import Lock, LockError
from tests.builders import ARTICLES, ROOT, corpus

COMMANDS = ("run", "sandbox", "ask", "corpus", "index")
TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
URANIUM = "Казахстан добывает уран в Туркестанской области.\n"


class Ran(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """The one line on stderr of a command that failed."""
        assert "Traceback" not in self.err
        (line,) = self.err.splitlines()
        assert line.startswith("doslovno: ")
        return line


def child(folder: Path, *arguments: str, **variables: str) -> Ran:
    """Run a command as a process of its own, in a folder, with only these variables set."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=100,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


class Here:
    """Runs commands in this process, which saves a second each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        monkeypatch.setattr("bot.logs.configure", lambda *_: None)
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)

    def __call__(self, *arguments: str, **variables: str) -> Ran:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)
        code = command_line.main(arguments)
        return Ran(code, *self._capsys.readouterr())


@pytest.fixture
def here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Here]:
    """Commands run in a folder with one article in `articles`."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    corpus(tmp_path / "articles", {"a.txt": URANIUM})
    monkeypatch.chdir(tmp_path)
    yield Here(monkeypatch, capsys)
    for number, handler in before.items():
        signal.signal(number, handler)


# Help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command_line.main([name, "--help"])
    assert caught.value.code == 0
    usage, *rest = capsys.readouterr().out.split("\n\n")
    assert usage.startswith(f"usage: doslovno {name} [-h]")
    assert len(rest[0]) > 20


def test_help_names_every_command(tmp_path: Path) -> None:
    ran = child(tmp_path, "--help")
    assert (ran.code, ran.err) == (0, "")
    listed = re.findall(r"^    (\w+) {2,}\S", ran.out, re.MULTILINE)
    assert tuple(listed) == COMMANDS


def test_the_console_script_is_this_command_line() -> None:
    (script,) = entry_points(group="console_scripts", name="doslovno")
    assert script.load() is command_line.main


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["none"],
        ["ask"],
        ["ask", "где", "уран"],
        ["index", "--port", "1"],
        *(["sandbox", "--port", port] for port in ("x", "-1", "65536", "1.5", "", "9" * 5000)),
    ],
    ids=lambda arguments: " ".join(arguments)[:20] or "nothing",
)
def test_misuse_is_exit_2_and_says_how_to_use_it(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        command_line.main(arguments)
    assert caught.value.code == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("usage: doslovno")


def test_a_bad_port_is_told_what_a_port_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["sandbox", "--port", "65536"])
    assert "'65536' is not a port; give a number from 0 to 65535" in capsys.readouterr().err
    assert command_line.port("65535") == 65535


# Errors, each a line and an exit code


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (ConfigurationError("TIMEZONE: no such"), 2, "doslovno: TIMEZONE: no such\n"),
        (CorpusError("x does not exist"), 2, "doslovno: x does not exist\n"),
        (StoreError("x: disk\nfull"), 2, "doslovno: x: disk full\n"),
        (GaveUp("another bot"), 1, "doslovno: another bot\n"),
        (GenerationError("cannot write the index"), 1, "doslovno: cannot write the index\n"),
        (
            LockError(Path("i"), 7),
            1,
            "doslovno: i: process 7 is building it; wait until it has ended, or end it\n",
        ),
        (OSError(28, "No space left"), 1, "doslovno: [Errno 28] No space left\n"),
        (KeyboardInterrupt(), 130, ""),
        (asyncio.CancelledError(), 130, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_an_error_is_a_line_and_an_exit_code(
    here: Here, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, line: str
) -> None:
    def fail(*_arguments: object) -> int:
        raise error

    monkeypatch.setattr("bot.cli.index.main", fail)
    assert here("index") == (code, "", line)


def test_a_bug_is_logged_with_its_traceback_and_exit_1(
    here: Here, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.cli.index.main", lambda *_: 1 // 0)
    assert here("index").code == 1
    (record,) = caplog.records
    assert record.getMessage() == "this is a bug in doslovno; please report it"
    assert record.exc_info


def test_a_missing_token_is_one_line_and_exit_2(tmp_path: Path) -> None:
    ran = child(tmp_path, "run", CORPUS_DIR=".", LOG_LEVEL="DEBUG")
    assert (ran.code, ran.out) == (2, "")
    assert re.search("TELEGRAM_BOT_TOKEN is not set: .*@BotFather", ran.said)


@pytest.mark.parametrize(
    ("command", "variables", "mend"),
    [
        ("run", {"TELEGRAM_BOT_TOKEN": TOKEN, "CORPUS_DIR": "none"}, "none .*set CORPUS_DIR"),
        ("corpus", {"CORPUS_DIR": "none"}, "none .*set CORPUS_DIR"),
        ("index", {"CORPUS_DIR": "articles/a.txt"}, "a.txt .*set CORPUS_DIR"),
        ("index", {"TIMEZONE": "Almaty"}, "TIMEZONE: .*Asia/Almaty"),
        ("sandbox", {"TELEGRAM_BOT_TOKEN": "x"}, "TELEGRAM_BOT_TOKEN: .*@BotFather"),
    ],
)
def test_what_cannot_be_done_as_asked_is_one_line_and_exit_2(
    here: Here, command: str, variables: dict[str, str], mend: str
) -> None:
    ran = here(command, **variables)
    assert (ran.code, ran.out) == (2, "")
    assert re.search(mend, ran.said)


def test_a_broken_database_stops_the_bot_with_one_line(here: Here, tmp_path: Path) -> None:
    corpus(tmp_path / "state", {"bot.sqlite3": "not a database " * 100})
    variables = {"CORPUS_DIR": "articles", "STATE_DIR": "state", "TELEGRAM_BOT_TOKEN": TOKEN}
    ran = here("run", **variables)
    assert ran.code == 2
    assert re.search(r"bot\.sqlite3: .*backup", ran.said)


@pytest.mark.parametrize("options", [[], ["--bot"]])
def test_a_port_in_use_is_one_line_that_says_the_mend(here: Here, options: list[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = here("sandbox", "--port", port, *options)
    assert ran.code in {1, 2}
    assert port in ran.said
    assert "--port" in ran.said


# Answers, tables, the index


def test_ask_prints_the_quotes_of_the_shipped_archive(here: Here) -> None:
    question = " Какой маршрут называют\nСредним коридором? "
    ran = here("ask", question, CORPUS_DIR=str(ARTICLES), STATE_DIR="state")
    assert (ran.code, ran.err) == (0, "")
    first = ran.out.split("\n")[0].removeprefix("[…] ").removesuffix(" […]")
    assert any(first in file.read_bytes().decode() for file in ARTICLES.iterdir())
    assert re.search(r"^1\. .* · (.* г\.|дата не указана)$", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("рецепт борща", "По этому вопросу в архиве ничего не найдено."),
        ("?!", "Напишите вопрос словами"),
        ("у" * 1001, "Вопрос слишком длинный: 1001 знак."),
        (os.fsdecode(b"\xff\xfe \xd1"), "Напишите вопрос словами"),
        (os.fsdecode(b"\xff\xfe ") + "борщ", "По этому вопросу в архиве ничего не найдено."),
        ("и не но", "В вопросе нет слов, по которым можно искать."),
        ("и -Китай", "Одних минус-слов мало: нужно и слово, которое искать."),
    ],
    ids=["no answer", "no text", "too long", "undecodable", "half of it", "no words", "a minus"],
)
def test_a_question_without_an_answer_is_told_so(here: Here, question: str, shown: str) -> None:
    ran = here("ask", question, CORPUS_DIR="articles")
    assert ran.code == 0
    assert ran.out.startswith(shown)


def test_ask_tells_how_the_question_was_read(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus(tmp_path / "articles", {"a.txt": URANIUM})

    def search(archive: Generation, _asked: Query, _k: int, *_exclude: object) -> Found:
        hits = (Hit(archive.passages[0], 1.0, ()),)
        return Found(hits, Confidence.WEAK, (Correction("урна", "уран"),))

    monkeypatch.setattr("retrieval.search.search", search)
    ran = here("ask", "урна -нефть дата:2025-13", CORPUS_DIR="articles")
    assert ran.out.startswith(
        "Показано по запросу «уран».\n"
        "Без слова: нефть.\n"
        "Не понял «дата:2025-13», ищу как слова. Пример: дата:2025-12.\n"
        f"Возможно, по теме:\n\n{URANIUM}— источник не указан · дата не указана\n"
    )


def test_ask_tells_what_was_searched_and_what_comes_nearest(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus(tmp_path / "mines", {"a.md": f"---\ntitle: Рудники\n---\n{URANIUM}"})

    def search(archive: Generation, _asked: Query, _k: int, *_exclude: object) -> Found:
        words = (Sighting("войлока", ("войлок",), 0), Sighting("уран", ("уран",), 1))
        near = Hit(archive.passages[0], 1.0, ())
        return Found(words=words, emptied="войлока", nearest=near)

    monkeypatch.setattr("retrieval.search.search", search)
    ran = here("ask", "цена войлока", CORPUS_DIR="mines")
    assert re.fullmatch(
        "По этому вопросу в архиве ничего не найдено.\n\n"
        r"Я искал в 1 статье, архив загружен \d+ .+\.\n"
        "Слова: войлока \\(войлок\\), уран.\nСлова «войлока» в архиве нет.\n\n"
        "Ближайшее в архиве: «Рудники».\n",
        ran.out,
    )


def test_yesterday_is_counted_from_the_day_of_the_readers(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus(tmp_path / "articles", {"a.txt": URANIUM})
    monkeypatch.setattr("bot.clock.now", lambda: datetime(2026, 3, 1, 20, tzinfo=UTC))
    for zone, shown in (("Asia/Almaty", "1 марта 2026"), ("UTC", "28 февраля 2026")):
        ran = here("ask", "уран вчера", CORPUS_DIR="articles", TIMEZONE=zone)
        assert ran.out.startswith(f"За {shown}\u00a0г. ничего не нашлось")


def test_an_empty_archive_is_told_so(here: Here, tmp_path: Path) -> None:
    corpus(tmp_path / "empty", {})
    assert here("ask", "где уран", CORPUS_DIR="empty") == (
        0,
        "Архив пуст: в нём пока нет ни одной статьи.\n",
        "",
    )
    assert here("index").out == "0 articles, 0 paragraphs indexed\n"
    assert here("corpus").code == 0


def test_hostile_names_and_titles_reach_no_terminal_as_they_are(here: Here, tmp_path: Path) -> None:
    steering = r"\u001b[31mкрасный\u001b]0;x\u0007\u009b2J"
    line = f'{{"text": "Нефть качают на шельфе.", "title": "{steering}", "source": "{steering}"}}\n'
    folder = corpus(tmp_path / "articles", {"b.jsonl": line, "c.txt": ""})
    for name in (b"\xff\xfe\x1b[31m.txt", b"d\x1b]0;x\x07\n.bin", "ё\u2028.txt".encode()):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(URANIUM, encoding="utf-8")
    table = child(tmp_path, "corpus", CORPUS_DIR="articles")
    answer = here("ask", "где качают нефть", CORPUS_DIR="articles")
    assert (table.code, answer.code) == (1, 0)
    for text in (table.out, table.err, answer.out, answer.err):
        assert not STEERING.search(text)
        assert "Traceback" not in text
    refused = [one for one in table.out.splitlines() if one.startswith("refused")]
    assert [one.split(": ")[1] for one in refused] == ["empty", "not text"]
    assert "красный" in answer.out


def test_corpus_is_content_with_a_good_corpus(here: Here) -> None:
    ran = here("corpus", CORPUS_DIR=str(ARTICLES))
    assert (ran.code, ran.err) == (0, "")
    names = [row.split()[0] for row in ran.out.splitlines()[2:]]
    assert names == sorted(path.name for path in ARTICLES.iterdir())


def test_index_says_what_is_in_it_and_keeps_it(here: Here, tmp_path: Path) -> None:
    corpus(tmp_path / "articles", {"b.txt": "Нефть качают.\n\nГаз сжигают.\n"})
    ran = here("index", CORPUS_DIR="articles", STATE_DIR="state")
    assert ran == (0, "2 articles, 3 paragraphs indexed\n", "")
    assert (tmp_path / "state/index/current").exists()


def test_index_reports_in_json_lines(tmp_path: Path) -> None:
    corpus(tmp_path / "articles", {"a.txt": URANIUM, "b.txt": ""})
    variables = {"CORPUS_DIR": "articles", "STATE_DIR": "state"}
    ran = child(tmp_path, "index", "--report", **variables)
    assert ran.code == 0
    said = [json.loads(line) for line in ran.out.splitlines()]
    built = next(one["built"] for one in said if "built" in one)
    assert (built["added"], built["articles"], built["passages"]) == (["a.txt"], 1, 1)
    progress = [one["progress"] for one in said if "progress" in one]
    assert progress == sorted(progress)
    assert all(done <= total for done, total in progress)
    with Lock(tmp_path / "state/index"):
        locked = child(tmp_path, "index", "--report", **variables)
    assert locked.code == 1
    assert json.loads(locked.out) == {"failed": {"kind": "lock", "pid": os.getpid()}}
    assert f"process {os.getpid()} is building it" in locked.said


def test_index_that_is_interrupted_says_that_it_goes_on(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.index.update", interrupted)
    ran = here("index", CORPUS_DIR="articles", STATE_DIR="state")
    assert (ran.code, ran.out) == (130, "")
    assert "goes on from here" in ran.said


def test_index_that_is_locked_is_one_line_and_exit_1(here: Here, tmp_path: Path) -> None:
    with Lock(tmp_path / "state/index"):
        ran = here("index", CORPUS_DIR="articles", STATE_DIR="state")
    assert (ran.code, ran.out) == (1, "")
    assert "wait until it has ended" in ran.said


def test_the_command_that_builds_imports_no_telegram() -> None:
    """It is started at every reload: what it imports is what a reload takes at least."""
    seen = "import sys, bot.__main__, bot.cli.report; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"telegram", "httpx", "tornado", "matplotlib", "trafilatura", "feedparser", "rich"}
    assert heavy & set(ran.stdout.split()) == set()


def test_a_token_in_the_wrong_variable_is_not_printed(here: Here) -> None:
    ran = here("corpus", CORPUS_DIR=TOKEN, TELEGRAM_BOT_TOKEN=TOKEN)
    assert ran.code == 2
    assert TOKEN.partition(":")[2] not in ran.out + ran.err
    assert "[redacted]" in ran.said


def test_a_terminal_that_knows_no_russian_is_no_bug(tmp_path: Path) -> None:
    """A pipe or an old console may take Latin letters only; the answer is shown as it can be."""
    corpus(tmp_path / "articles", {"a.txt": URANIUM})
    variables = {"CORPUS_DIR": "articles", "LOG_LEVEL": "ERROR", "PYTHONIOENCODING": "ascii"}
    ran = child(tmp_path, "ask", "уран", **variables)
    assert ran.code == 0
    assert "Traceback" not in ran.err
