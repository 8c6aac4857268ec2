"""A set asked of its archive: what is ranked, what a chat sees of it, and how that is counted."""

from pathlib import Path

import pytest

from retrieval.measuring import trial as trials
from retrieval.measuring.judgments import QuestionsError
from retrieval.measuring.tally import Share, Summary, misses, place, summarise
from retrieval.measuring.trec import Qrels, Run
from retrieval.measuring.trial import Trial, ask, of_articles, of_set
from retrieval.query import parse
from retrieval.search import ranked
from retrieval.storage import GenerationError
from tests.builders import ARTICLES, shipped_archive
from tests.judged import corpus, queries, write_set

QUESTIONS = ARTICLES.parent / "eval" / "questions.tsv"


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return of_set(write_set(tmp_path / "set"))


def test_paragraphs_are_the_passages_and_keep_their_ids(trial: Trial) -> None:
    texts = [passage.text for passage in trial.generation.passages]
    assert dict(zip(trial.names, texts, strict=True))["bees-1"] == "Мёд\nпродали на ярмарке."
    assert len(texts) == 4


def test_every_question_is_ranked_shown_and_timed(trial: Trial) -> None:
    calls: list[tuple[int, int]] = []
    outcome = ask(trial, lambda done, total: calls.append((done, total)))
    assert list(outcome.ranked) == list(outcome.shown) == ["q1", "q2", "q3"]
    assert next(iter(outcome.ranked["q1"])) == "ferry-0"
    assert next(iter(outcome.shown["q2"])) == "ferry-1"
    assert set(outcome.ranked["q3"]) == {"bees-0", "bees-1"}
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert len(outcome.milliseconds) == 3
    assert outcome.milliseconds.min() > 0


def test_what_a_chat_is_refused_is_ranked_all_the_same(tmp_path: Path) -> None:
    asked = {"q1": "медаль за вальс на скрипке в опере", "q2": "зебра", "q3": "?!"}
    outcome = ask(of_set(write_set(tmp_path, {"queries.jsonl": queries(asked)})))
    assert list(outcome.ranked["q1"])[:1] == ["ferry-1"]
    assert outcome.shown == {"q1": {}, "q2": {}, "q3": {}}
    assert outcome.ranked["q3"] == {}


def test_the_ranking_is_deep_and_leaves_out_nothing(tmp_path: Path) -> None:
    """A chat is not shown reprints, nor more than two of an article at once; measures are."""
    many = [(f"p{number}", "a", "", "Пчёлы собрали мёд.") for number in range(120)]
    files = {"corpus.jsonl": corpus(many), "qrels.tsv": ""}
    trial = of_set(write_set(tmp_path, files))
    outcome = ask(trial)
    assert len(outcome.ranked["q3"]) == 100
    assert len(outcome.shown["q3"]) == 1
    query = parse("мёд", trial.generation.analyzer)
    assert [len(ranked(trial.generation, query, k)) for k in (1, 7, 200)] == [1, 7, 120]


def test_an_index_that_is_kept_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, kept = write_set(tmp_path / "set"), tmp_path / "index"
    first = ask(of_set(folder, kept))
    monkeypatch.setattr(trials, "assemble", lambda *_: pytest.fail("indexed again"))
    assert ask(of_set(folder, kept)).ranked == first.ranked


def test_an_index_of_another_set_is_built_anew(tmp_path: Path) -> None:
    kept = tmp_path / "index"
    of_set(write_set(tmp_path / "set"), kept)
    changed = [("p", "a", "Лёд", "Лёд растаял."), ("r", "a", "Лёд", "Снег.")]
    files = {"corpus.jsonl": corpus(changed), "qrels.tsv": "q3\tp\t1\n"}
    other = of_set(write_set(tmp_path / "other", files), kept)
    assert [passage.text for passage in other.generation.passages] == ["Лёд растаял.", "Снег."]
    joined = [("p", "a", "Лёд", "Лёд растаял.\n\nСнег.")]
    files = {"corpus.jsonl": corpus(joined), "qrels.tsv": "q3\tp\t1\n"}
    assert len(of_set(write_set(tmp_path / "other", files), kept).generation.passages) == 1


def test_an_index_that_cannot_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GenerationError, match="cannot write the index"):
        of_set(write_set(tmp_path / "set"), tmp_path / "file")


def test_judged_questions_are_a_trial_too(tmp_path: Path) -> None:
    (tmp_path / "мой файл.txt").write_text("Паром перевёз сорок вагонов.\n", encoding="utf-8")
    questions = tmp_path / "questions.tsv"
    rows = "q1\tсколько вагонов\tмой файл.txt\tПаром перевёз\nq2\tпогода\t\t\n"
    questions.write_text("id\tquestion\tarticle\tpassage\n" + rows, encoding="utf-8")
    folder = tmp_path / "articles"
    folder.mkdir()
    (tmp_path / "мой файл.txt").rename(folder / "мой файл.txt")
    trial = of_articles(folder, questions)
    assert trial.names == ("мой%20файл.txt:0",)
    assert trial.qrels == {"q1": {"мой%20файл.txt:0": 1}}
    assert ask(trial).shown["q2"] == {}
    questions.write_text("nothing", encoding="utf-8")
    with pytest.raises(QuestionsError):
        of_articles(folder, questions)


@pytest.mark.parametrize(
    ("relevant", "found", "expected"),
    [
        ({"a": 1}, "abc", 1),
        ({"c": 1}, "abc", 3),
        ({"b": 2, "c": 1}, "abc", 2),
        ({"a": 0, "c": 1}, "abc", 3),
        ({"d": 1}, "abc", None),
        ({}, "abc", None),
        ({"a": 1}, "", None),
    ],
)
def test_place_is_that_of_the_first_relevant(
    relevant: dict[str, int], found: str, expected: int | None
) -> None:
    assert place(relevant, dict.fromkeys(found, 1.0)) == expected


def judged(qrels: Qrels, texts: dict[str, str] | None = None) -> Trial:
    """A trial on the shipped archive, its passages named p0, p1 and so on."""
    archive = shipped_archive()
    names = tuple(f"p{number}" for number in range(len(archive.passages)))
    return Trial(archive, names, texts or {}, qrels)


@pytest.mark.parametrize(
    ("qrels", "found", "summary"),
    [
        ({}, {}, Summary(Share(0, 0), Share(0, 0), Share(0, 0), Share(0, 0))),
        (
            {"first": {"x": 1}, "third": {"z": 1}, "refused": {"x": 1}, "lost": {}},
            {
                "first": {"x": 3.0, "y": 2.0},
                "third": {"x": 3.0, "y": 2.0, "z": 1.0},
                "refused": {},
                "lost": {"x": 1.0},
            },
            Summary(Share(1, 4), Share(2, 4), Share(0, 0), Share(1, 4)),
        ),
        (
            {"fourth": {"w": 1}},
            {"fourth": {"x": 4.0, "y": 3.0, "z": 2.0, "w": 1.0}},
            Summary(Share(0, 1), Share(0, 1), Share(0, 0), Share(0, 1)),
        ),
        (
            {},
            {"right": {}, "wrong": {"x": 1.0}},
            Summary(Share(0, 0), Share(0, 0), Share(1, 2), Share(0, 0)),
        ),
    ],
)
def test_hits_and_refusals_are_counted_apart(qrels: Qrels, found: Run, summary: Summary) -> None:
    assert summarise(judged(qrels), found) == summary


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


def test_misses_say_what_came_first_and_what_was_expected(tmp_path: Path) -> None:
    asked = {name: name for name in ("right", "second", "refused", "answered", "silent", "lost")}
    files = {"queries.jsonl": queries(asked), "qrels.tsv": ""}
    trial = of_set(write_set(tmp_path, files))
    right: Qrels = {"second": {"bees-1": 1, "bees-0": 0}, "refused": {"ferry-1": 1}, "lost": {}}
    found = {
        "right": {"bees-1": 1.0},
        "second": {"ferry-0": 2.0, "bees-1": 1.0},
        "refused": {},
        "answered": {"bees-1": 1.0},
        "silent": {},
        "lost": {},
    }
    trial = Trial(trial.generation, trial.names, trial.queries, {**right, "right": {"bees-1": 1}})
    assert list(misses(trial, found)) == [
        "second  second  (right: no. 2)",
        "    first     ferry  Паром перевёз сорок вагонов через пролив.",
        "    expected  bees  Мёд продали на ярмарке.",
        "refused  refused",
        "    first     not found",
        "    expected  ferry  Капитана Лядову наградили медалью.",
        "answered  answered",
        "    first     bees  Мёд продали на ярмарке.",
        "    expected  not found",
        "lost  lost",
        "    first     not found",
        "    expected  what no passage of the archive has",
    ]


def test_the_shipped_set_reaches_the_floors() -> None:
    trial = of_articles(ARTICLES, QUESTIONS)
    summary = summarise(trial, ask(trial).shown)
    assert summary.hit_at_1.value >= 0.85
    assert summary.hit_at_3.value >= 0.93
    assert summary.refusals.value >= 0.90
