"""The measures on a fake search, the command's output and errors, and the floors to keep."""

from pathlib import Path

import pytest
from rich.console import Console

from retrieval.evaluate import (
    Qrels,
    Run,
    Share,
    Summary,
    evaluate,
    judge,
    main,
    misses,
    rank,
    run,
    summarise,
)
from retrieval.generation import build
from retrieval.judgments import Judgment, Question, QuestionsError, read_questions
from retrieval.models import Article, Hit, Passage
from retrieval.search import key

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "data/articles"
QUESTIONS = ROOT / "data/eval/questions.tsv"

ARTICLE = Article(id="a.txt", path="a.txt", text="Уран добывают.\nНефть качают.\n", title="")
OTHER = Article(id="b.txt", path="b.txt", text=ARTICLE.text, title="")
URANIUM, OIL = Passage(ARTICLE, 0, 14), Passage(ARTICLE, 15, 28)
PASSAGES = (URANIUM, OIL, Passage(OTHER, 0, 14))
HERE = Path("questions.tsv")


def question(id_: str, *passages: str) -> Question:
    return Question(id_, id_, tuple(Judgment("a.txt", passage, 2) for passage in passages))


@pytest.mark.parametrize(
    ("stretches", "relevant"),
    [
        (["Уран"], [URANIUM]),
        (["Уран добывают."], [URANIUM]),
        (["Нефть", "Уран"], [OIL, URANIUM]),
        (["добывают.\nНефть"], [URANIUM, OIL]),
        (["качают.\n"], [OIL]),
    ],
)
def test_a_passage_is_relevant_if_it_overlaps_a_judged_stretch(
    stretches: list[str], relevant: list[Passage]
) -> None:
    qrels = judge([question("q1", *stretches)], [ARTICLE, OTHER], PASSAGES, HERE)
    assert qrels == {"q1": {key(passage): 1 for passage in relevant}}


def test_a_passage_that_only_touches_the_stretch_is_not_relevant() -> None:
    assert judge([question("q1", "\n")], [Article("a.txt", "a.txt", "У\nН", "")], (), HERE) == {
        "q1": {}
    }
    halves = (Passage(ARTICLE, 0, 5), Passage(ARTICLE, 5, 14))
    qrels = judge([question("q1", "добывают")], [ARTICLE], halves, HERE)
    assert qrels == {"q1": {key(halves[1]): 1}}


def test_a_question_without_an_answer_has_no_entry() -> None:
    assert judge([question("q1")], [ARTICLE], PASSAGES, HERE) == {}


@pytest.mark.parametrize(
    ("judgment", "complaint"),
    [
        (Judgment("none.txt", "Уран", 7), "questions.tsv:7: none.txt is not in the corpus"),
        (Judgment("a.txt", "Золото", 8), "questions.tsv:8: the judged passage is not in a.txt"),
        (
            Judgment("a.txt", "ют.", 9),
            "questions.tsv:9: the judged passage occurs 2 times in a.txt",
        ),
    ],
)
def test_a_judgment_the_articles_do_not_bear_out_is_named(
    judgment: Judgment, complaint: str
) -> None:
    with pytest.raises(QuestionsError) as caught:
        judge([Question("q1", "уран", (judgment,))], [ARTICLE], PASSAGES, HERE)
    assert str(caught.value) == complaint


def test_a_run_keeps_the_order_of_the_search_and_its_scores() -> None:
    def fake(text: str) -> tuple[Hit, ...]:
        return (Hit(OIL, 2.0, ()), Hit(URANIUM, 1.5, ())) if text == "q1" else ()

    found = run([question("q1"), question("q2")], fake)
    assert found == {"q1": {key(OIL): 2.0, key(URANIUM): 1.5}, "q2": {}}
    assert list(found["q1"]) == [key(OIL), key(URANIUM)]


@pytest.mark.parametrize(
    ("relevant", "found", "place"),
    [
        ("a", "abc", 1),
        ("c", "abc", 3),
        ("bc", "abc", 2),
        ("d", "abc", None),
        ("", "abc", None),
        ("a", "", None),
    ],
)
def test_rank_is_the_place_of_the_first_relevant(
    relevant: str, found: str, place: int | None
) -> None:
    assert rank(dict.fromkeys(relevant, 1), dict.fromkeys(found, 1.0)) == place


@pytest.mark.parametrize(
    ("qrels", "found", "summary"),
    [
        ({}, {}, Summary(Share(0, 0), Share(0, 0), Share(0, 0))),
        (
            {"first": {"x": 1}, "third": {"z": 1}, "refused": {"x": 1}, "lost": {}},
            {
                "first": {"x": 3.0, "y": 2.0},
                "third": {"x": 3.0, "y": 2.0, "z": 1.0},
                "refused": {},
                "lost": {"x": 1.0},
            },
            Summary(Share(1, 4), Share(2, 4), Share(0, 0)),
        ),
        (
            {"fourth": {"w": 1}},
            {"fourth": {"x": 4.0, "y": 3.0, "z": 2.0, "w": 1.0}},
            Summary(Share(0, 1), Share(0, 1), Share(0, 0)),
        ),
        (
            {},
            {"right": {}, "wrong": {"x": 1.0}},
            Summary(Share(0, 0), Share(0, 0), Share(1, 2)),
        ),
    ],
)
def test_summary_counts_hits_and_refusals_apart(qrels: Qrels, found: Run, summary: Summary) -> None:
    assert summarise(qrels, found) == summary


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Share(65, 75), "86.7% (65/75)"),
        (Share(3, 3), "100.0% (3/3)"),
        (Share(0, 0), "0.0% (0/0)"),
    ],
)
def test_a_share_reads_as_percent_and_counts(share: Share, shown: str) -> None:
    assert str(share) == shown


def test_misses_say_what_came_first_and_what_was_expected() -> None:
    questions = [
        question("right", "Уран"),
        question("second", "Уран"),
        question("refused", "Нефть"),
        question("answered"),
        question("silent"),
    ]
    found = {
        "right": {key(URANIUM): 1.0},
        "second": {key(OIL): 2.0, key(URANIUM): 1.0},
        "refused": {},
        "answered": {key(OIL): 1.0},
        "silent": {},
    }
    qrels = judge(questions, [ARTICLE], PASSAGES, HERE)
    assert list(misses(questions, qrels, found, PASSAGES)) == [
        "second  second  (right: no. 2)",
        "    first     a.txt  Нефть качают.",
        "    expected  a.txt  Уран",
        "refused  refused",
        "    first     not found",
        "    expected  a.txt  Нефть",
        "answered  answered",
        "    first     a.txt  Нефть качают.",
        "    expected  not found",
    ]


def test_the_shipped_set_reaches_the_floors() -> None:
    summary = evaluate(ARTICLES, QUESTIONS, Console(quiet=True))
    assert summary.hit_at_1.value >= 0.85
    assert summary.hit_at_3.value >= 0.93
    assert summary.refusals.value >= 0.90


def test_no_shipped_answer_is_lost_before_the_search() -> None:
    """Every judged paragraph is a passage: none is taken for a heading or for litter."""
    generation, questions = build(ARTICLES), read_questions(QUESTIONS)
    qrels = judge(questions, generation.articles, generation.passages, QUESTIONS)
    assert [id_ for id_, relevant in qrels.items() if not relevant] == []


def test_the_command_prints_a_table_and_under_misses_what_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "q1\tкомната татами\t\t\n"  # the archive has it, so this judgment must be a miss
    path = tmp_path / "questions.tsv"
    path.write_text("id\tquestion\tarticle\tpassage\n" + rows, encoding="utf-8")
    assert main(["--corpus", str(ARTICLES), "--questions", str(path), "--misses"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(
        "q1  комната татами\n    first     000_334e87823291db7b.txt  Издания"
    )
    assert {"questions", "hit@1", "hit@3", "refusals"} <= set(shown.out.split())
    assert "0.0% (0/1)" in shown.out


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"--questions": "none.tsv"}, "none.tsv: No such file"),
        ({"--corpus": "none"}, "none"),
        ({"--corpus": "empty"}, "questions.tsv:2: 000_334e87823291db7b.txt is not in the corpus"),
        ({"--corpus": "rewritten"}, "questions.tsv:2: the judged passage is not in 000_"),
    ],
)
def test_an_error_is_one_line_and_exit_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: dict[str, str],
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "rewritten").mkdir()
    rewritten = tmp_path / "rewritten" / "000_334e87823291db7b.txt"
    rewritten.write_text("Совсем другой текст, и совсем о другом.\n", encoding="utf-8")
    options = {"--corpus": str(ARTICLES), "--questions": str(QUESTIONS)} | given
    assert main([word for option in options.items() for word in option]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert complaint in shown.err
