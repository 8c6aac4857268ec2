"""Qrels and runs: what is read, what is refused, and that other tools keep a run's order."""

from pathlib import Path

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.measuring.lines import LinesError
from retrieval.measuring.trec import falling, name, read_qrels, read_run, write_run


def written(folder: Path, text: str) -> Path:
    path = folder / "file"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "qrels"),
    [
        ("", {}),
        ("q1\tp1\t1\nq1\tp2\t0\nq2\tp1\t3\n", {"q1": {"p1": 1, "p2": 0}, "q2": {"p1": 3}}),
        ("query-id\tcorpus-id\tscore\nq1\tp1\t1\n", {"q1": {"p1": 1}}),
        ("\ufeffquery\tparagraph\trelevance\r\nq1\tp1\t1\r\n", {"q1": {"p1": 1}}),
        (" q1 \t p1\t1 \n", {"q1": {"p1": 1}}),
        ("q1\tp1\t1\nq1\tp1\t1\n", {"q1": {"p1": 1}}),
    ],
)
def test_qrels_are_nested_dicts(
    tmp_path: Path, text: str, qrels: dict[str, dict[str, int]]
) -> None:
    assert read_qrels(written(tmp_path, text), {"q1", "q2"}, {"p1", "p2"}) == qrels


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("q1\tp1\n", ":1: 2 columns instead of 3"),
        ("q1 p1 1\n", ":1: 1 columns instead of 3"),
        ("q1\t0\tp1\t1\n", ":1: 4 columns instead of 3"),
        ("q1\tp1\tyes\n", ":1: relevance 'yes' is no whole number"),
        ("q1\tp1\t1\nquery\tparagraph\trelevance\n", ":2: question id 'query' is not in"),
        ("q9\tp1\t1\n", ":1: question id 'q9' is not in the questions"),
        ("q1\tp9\t1\n", ":1: paragraph id 'p9' is not in the corpus"),
        ("q1\tp1\t-1\n", ":1: relevance '-1'"),
        ("q1\tp1\t0.5\n", ":1: relevance '0.5'"),
        ("q1\tp1\t١\n", ":1: relevance '١'"),
        ("q1\tp1\t99999\n", ":1: relevance '99999'"),
        ("q1\tp1\t1\nq1\tp1\t2\n", ":2: 'p1' is judged otherwise above"),
        (f"{'й' * 9999}\tp1\t1\n", ":1: question id 'йййй"),
    ],
)
def test_a_wrong_judgment_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(LinesError) as caught:
        read_qrels(path, {"q1", "q2"}, {"p1", "p2"})
    assert str(caught.value).startswith(f"{path}{complaint}")
    assert len(str(caught.value)) < 200 + len(str(path))


@given(st.text())
def test_a_name_has_no_space_and_no_control_character(text: str) -> None:
    assert not any(each.isspace() or ord(each) < 32 for each in name(text))
    assert len(name(text).split()) == bool(text)


def test_a_name_without_spaces_stays() -> None:
    assert name("Статья_50%:17-«я»") == "Статья_50%:17-«я»"
    assert name("новая статья.txt:17") == "новая%20статья.txt:17"


SCORES = st.lists(st.floats(-1e6, 1e6), max_size=30).map(lambda some: sorted(some, reverse=True))


@given(SCORES)
def test_scores_fall_strictly_in_single_precision_and_hardly_change(scores: list[float]) -> None:
    found = falling((str(number), score) for number, score in enumerate(scores))
    single = np.array(list(found.values()), np.float32)
    assert (np.diff(single) < 0).all()
    assert single.tolist() == list(found.values())
    assert list(found.values()) == pytest.approx(scores, rel=1e-4, abs=1e-4)


def test_a_tool_that_sorts_by_score_keeps_the_order(tmp_path: Path) -> None:
    """Ties go by the id in trec_eval, and it reads single precision: both would turn this round."""
    ranked = [("a", 2.0), ("b", 2.0), ("c", 2.0 - 1e-12), ("d", 0.0), ("e", 0.0)]
    path = tmp_path / "run"
    write_run(path, {"q1": falling(ranked), "q2": {}}, "tag")
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(row[0], row[1], row[2], row[3], row[5]) for row in rows] == [
        ("q1", "Q0", one, str(rank), "tag") for rank, one in enumerate("abcde", start=1)
    ]
    assert list(read_run(path)["q1"]) == list("abcde")
    theirs = list(ir_measures.read_trec_run(str(path)))  # type: ignore[no-untyped-call]
    for rank, one in enumerate("abcde", start=1):
        measured = ir_measures.calc_aggregate(
            [ir_measures.RR], [ir_measures.Qrel("q1", one, 1)], theirs
        )
        assert measured[ir_measures.RR] == pytest.approx(1 / rank)


def test_a_run_is_ranked_by_its_scores(tmp_path: Path) -> None:
    text = "q1 Q0 low 1 0.5 x\nq1\tQ0\thigh\t2\t1e3\tx\nq2 Q0 low 1 -1 x\n"
    run = read_run(written(tmp_path, text))
    assert run == {"q1": {"high": 1000.0, "low": 0.5}, "q2": {"low": -1.0}}
    assert list(run["q1"]) == ["high", "low"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", ": there is nothing in it"),
        ("q1 Q0 p1 1 0.5\n", ":1: 5 columns instead of 6"),
        ("q1 Q0 p1 1 0.5 x y\n", ":1: 7 columns instead of 6"),
        ("q1 Q0 p1 1 high x\n", ":1: score 'high' is no number"),
        ("q1 Q0 p1 1 nan x\n", ":1: score 'nan' is no number"),
        ("q1 Q0 p1 1 inf x\n", ":1: score 'inf' is no number"),
        ("q1 Q0 p1 1 2 x\nq1 Q0 p1 2 1 x\n", ":2: 'p1' stands above already"),
    ],
)
def test_a_wrong_run_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(LinesError) as caught:
        read_run(path)
    assert str(caught.value).startswith(f"{path}{complaint}")


def test_a_run_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(LinesError, match="No such file"):
        write_run(tmp_path / "none" / "run", {}, "tag")
