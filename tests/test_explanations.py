"""What is said of a question: how it was read, what its hits scored for, which are right."""

from pathlib import Path

import pytest

from retrieval.measuring.explanations import explain, told
from retrieval.measuring.trial import Trial, of_set
from retrieval.query import parse
from retrieval.search import ranked
from tests.judged import corpus, queries, write_set

FILLER = [(f"f{number}", f"f{number}", "", f"Ярмарка номер {number}.") for number in range(30)]
LONG = "На ярмарке " + "продавали люди в белых халатах и никуда не торопились " * 9
PARAGRAPHS = [
    ("ferry-0", "ferry", "Паром", "Паром перевёз вагоны."),
    (
        "last",
        "last",
        "",
        "На ярмарке " + "продавали люди в белых халатах и никуда не торопились " * 9,
    ),
    ("none", "none", "", "Снег."),
    *FILLER,
]
ASKED = {"ferry": "паром Лядовой", "fair": "ярмарка", "snow": "зима", "dark": "совсем другое"}
QRELS = "ferry\tferry-0\t1\nfair\tlast\t2\nsnow\tnone\t1\n"


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    files = {
        "corpus.jsonl": corpus(PARAGRAPHS),
        "queries.jsonl": queries(ASKED),
        "qrels.tsv": QRELS,
    }
    return of_set(write_set(tmp_path, files))


def test_a_word_and_what_it_was_looked_for_by(trial: Trial) -> None:
    lines = list(told(trial, "ferry"))
    assert lines[0] == "ferry  паром Лядовой"
    assert any(
        line.startswith("  «паром»  паром ") and "passages: 1, weight" in line for line in lines
    )
    assert any(line.startswith("  «Лядовой»") and "passages: 0" in line for line in lines)


def test_the_order_is_that_of_the_ranking(trial: Trial) -> None:
    query = parse(ASKED["fair"], trial.generation.analyzer)
    explained = explain(trial.generation, query, 20)
    assert [(why.number, why.score) for why in explained.ranked] == ranked(
        trial.generation, query, 20
    )


def test_a_hit_says_which_words_it_has_and_whether_it_is_right(trial: Trial) -> None:
    text = "\n".join(told(trial, "ferry"))
    assert "   1. ferry-0  " in text
    assert "right (relevance 1)" in text
    assert "has паром\n" in text
    assert "ferry  Паром перевёз вагоны." in text


def test_the_best_ten_are_told_and_the_right_one_wherever_it_is(trial: Trial) -> None:
    query = parse(ASKED["fair"], trial.generation.analyzer)
    order = [trial.names[number] for number, _ in ranked(trial.generation, query, 100)]
    assert order.index("last") >= 10
    lines = (line.split() for line in told(trial, "fair"))
    listed = [words[1] for words in lines if words[0].rstrip(".").isdigit()]
    assert listed == [*order[:10], "last"]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("snow", "  right, but not among the best 100: none"),
        ("dark", "  right: the archive has no answer"),
        ("snow", "  a chat is shown passages: 0 (none)"),
    ],
)
def test_what_was_not_found_is_said(trial: Trial, question: str, line: str) -> None:
    assert line in list(told(trial, question))
