"""The command: what it prints for which folder, what it writes, and its errors in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.evaluate import main
from retrieval.measuring import measures
from tests.builders import ARTICLES, ROOT
from tests.judged import write_set

QUESTIONS = ROOT / "data/eval/questions.tsv"
MEASURES = ["nDCG@10", "MRR@10", "R@1", "R@3", "R@10", "R@100"]
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "set")


def printed(capsys: Printed, *arguments: str | Path) -> str:
    """What the command prints; it must succeed, with nothing on stderr."""
    assert main([str(argument) for argument in arguments]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


def measured(capsys: Printed, *arguments: str | Path) -> dict[str, Any]:
    (line,) = printed(capsys, *arguments, "--json").splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_set_is_measured_in_a_table(folder: Path, capsys: Printed) -> None:
    shown = printed(capsys, folder)
    rows = {cells[0]: cells[1:] for line in shown.splitlines()[1:-1] if (cells := _cells(line))}
    assert list(rows) == ["questions", "hit@1", "hit@3", "refused", *MEASURES, "ms"]
    assert rows["questions"] == ["3"]
    assert rows["R@3"] == ["1.000 (1.000–1.000)"]
    assert rows["refused"] == ["0.0% (0/3)"]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│┃").split("│")]


def test_json_is_one_object_with_the_measures_as_numbers(folder: Path, capsys: Printed) -> None:
    found = measured(capsys, folder)
    assert all(isinstance(found[name], float) for name in MEASURES)
    assert found["R@1"] in (pytest.approx(2 / 3), 1)
    assert found["R@3"] == found["R@100"] == 1
    assert found["questions"] == found["answerable"] == 3
    assert found["refused"] == 0
    assert found["refusals"] is None
    assert found["ms"]["p50"] <= found["ms"]["p95"]
    assert list(found["intervals"]) == MEASURES
    assert all(low <= found[name] <= high for name, (low, high) in found["intervals"].items())
    assert "compared" not in found


def test_without_a_folder_the_shipped_questions_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(ROOT)
    found = measured(capsys)
    assert found["questions"] >= 93
    assert found["answerable"] < found["questions"]
    assert min(found["hit@1"], found["refusals"], found["nDCG@10"]) >= 0.85
    assert found == {**measured(capsys, "data/eval"), "ms": found["ms"]}


def test_the_same_set_gives_the_same_figures(folder: Path, capsys: Printed) -> None:
    first, second = measured(capsys, folder), measured(capsys, folder)
    assert {**first, "ms": None} == {**second, "ms": None}


def test_a_run_is_written_and_compared_with(folder: Path, capsys: Printed) -> None:
    path = folder / "our.run"
    measured(capsys, folder, "--run", path)
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    assert {len(row) for row in rows} == {6}
    assert next(row[:4] for row in rows if row[0] == "q2") == ["q2", "Q0", "ferry-1", "1"]
    same = measured(capsys, folder, "--compare", path)["compared"]
    assert list(same) == MEASURES
    none = {"mean": 0, "interval": [0, 0], "p": 1, "better": 0, "worse": 0, "tied": 3}
    assert all(one == none for one in same.values())


def test_a_worse_run_is_told_from_ours(folder: Path, capsys: Printed) -> None:
    other = folder / "other.run"
    other.write_text("q1 Q0 bees-0 1 2 x\nq2 Q0 ferry-1 1 1 x\nelse Q0 bees-0 1 1 x\n")
    difference = measured(capsys, folder, "--compare", other)["compared"]["R@3"]
    assert difference["mean"] == pytest.approx(2 / 3)
    assert (difference["better"], difference["worse"], difference["tied"]) == (2, 0, 1)
    shown = printed(capsys, folder, "--compare", other)
    assert "+0.667" in shown
    assert "better" in shown


def test_the_index_may_be_kept(folder: Path, capsys: Printed) -> None:
    kept = folder.parent / "index"
    first = measured(capsys, folder, "--index", kept)
    assert kept.is_dir()
    second = measured(capsys, folder, "--index", kept)
    assert {**first, "ms": None} == {**second, "ms": None}


def test_one_question_is_explained(folder: Path, capsys: Printed) -> None:
    shown = printed(capsys, folder, "--explain", "q2")
    assert shown.startswith("q2  кого наградили медалью\n  «")
    assert "\n   1. ferry-1  " in shown


def test_misses_are_listed_above_the_table(tmp_path: Path, capsys: Printed) -> None:
    rows = "q1\tкомната татами\t\t\n"  # the archive has it, so this judgment must be a miss
    path = tmp_path / "questions.tsv"
    path.write_text("id\tquestion\tarticle\tpassage\n" + rows, encoding="utf-8")
    shown = printed(capsys, tmp_path, "--corpus", ARTICLES, "--misses")
    assert shown.startswith("q1  комната татами\n    first     000_334e87823291db7b.txt  Издания")
    assert "\n    expected  not found\n" in shown
    assert {"questions", "hit@1", "hit@3", "refusals"} <= set(shown.split())
    assert "0.0% (0/1)" in shown


def failed(capsys: Printed, *arguments: str | Path) -> str:
    """What the command says when it fails: one line, and nothing on stdout."""
    assert main([str(argument) for argument in arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    return shown.err


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"--questions": "none.tsv"}, "none.tsv: No such file"),
        ({"--corpus": "none"}, "none"),
        ({"--corpus": "empty"}, "questions.tsv:2: 000_334e87823291db7b.txt is not in the corpus"),
        ({"--corpus": "rewritten"}, "questions.tsv:2: the judged passage is not in 000_"),
    ],
)
def test_an_error_in_judged_questions_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Printed,
    given: dict[str, str],
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "rewritten").mkdir()
    rewritten = tmp_path / "rewritten" / "000_334e87823291db7b.txt"
    rewritten.write_text("Совсем другой текст, и совсем о другом.\n", encoding="utf-8")
    options = {"--corpus": str(ARTICLES), "--questions": str(QUESTIONS)} | given
    assert complaint in failed(capsys, *(word for option in options.items() for word in option))


@pytest.mark.parametrize(
    ("files", "arguments", "complaint"),
    [
        ({"qrels.tsv": "q1\tnone\t1\n"}, [], "qrels.tsv:1: paragraph id 'none' is not in"),
        ({"queries.jsonl": "{}\n"}, [], "queries.jsonl:1: field id is missing"),
        ({}, ["--explain", "q9"], "there is no question 'q9' in the set"),
        ({}, ["--compare", "none"], "none: No such file"),
        ({"run": "q9 Q0 p 1 1 x\n"}, ["--compare", "{}/run"], "run has none of these questions"),
        ({"run": "q1 Q0 p\n"}, ["--compare", "{}/run"], "run:1: 3 columns instead of 6"),
        ({}, ["--run", "{}/none/run"], "none/run: No such file"),
        ({}, ["--index", "{}/qrels.tsv"], "cannot write the index to"),
    ],
)
def test_an_error_in_a_set_is_one_line(
    tmp_path: Path, capsys: Printed, files: dict[str, str], arguments: list[str], complaint: str
) -> None:
    folder = write_set(tmp_path / "set", files)
    given = [argument.replace("{}", str(folder)) for argument in arguments]
    assert complaint in failed(capsys, folder, *given)


def test_a_folder_with_nothing_to_measure_is_named(tmp_path: Path, capsys: Printed) -> None:
    assert "there is neither corpus.jsonl.gz nor corpus.jsonl nor" in failed(capsys, tmp_path)
    assert "there is neither" in failed(capsys, tmp_path / "none")


def test_a_library_that_is_missing_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(measures, "import_module", missing)
    assert "ir_measures is not installed; " in failed(capsys, folder)
