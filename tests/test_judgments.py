"""The questions file: what it may hold, what is said when it is wrong, what is relevant by it."""

from collections import Counter
from pathlib import Path

import pytest

from retrieval.generation import Generation
from retrieval.measuring.judgments import (
    Judgment,
    Question,
    QuestionsError,
    judge,
    locate,
    read_questions,
)
from retrieval.models import Article, Passage, Span
from retrieval.search import key

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "data/eval/questions.tsv"
HEADER = "id\tquestion\tarticle\tpassage\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "questions.tsv"
    path.write_text(text, encoding=encoding, newline="")
    return path


def article(text: str) -> Article:
    return Article(id="a.txt", path="a.txt", text=text, title="")


def test_rows_with_one_id_are_one_question(tmp_path: Path) -> None:
    rows = 'q1\tгде "уран"\ta.txt\tУран\nq1\tгде "уран"\tb.txt\tУрана\nq2\tпривет\t\t\n'
    assert read_questions(written(tmp_path, HEADER + rows)) == (
        Question("q1", 'где "уран"', (Judgment("a.txt", "Уран", 2), Judgment("b.txt", "Урана", 3))),
        Question("q2", "привет", ()),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_saved_by_a_spreadsheet_are_read(tmp_path: Path, encoding: str, end: str) -> None:
    text = (HEADER + "q1\tуран\ta.txt\tУран\u2028добывают\n").replace("\n", end)
    (question,) = read_questions(written(tmp_path, text, encoding))
    assert question.judgments == (Judgment("a.txt", "Уран\u2028добывают", 2),)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", ":1: the header must be"),
        ("question\tarticle\tpassage\n", ":1: the header must be"),
        ("id,question,article,passage\n", ":1: the header must be"),
        (HEADER + "q1\tуран\ta.txt\n", ":2: 3 columns instead of 4"),
        (HEADER + "q1\tуран\t\t\n\n", ":3: 0 columns instead of 4"),
        (HEADER + "q1\tуран\t\t\t\n", ":2: 5 columns instead of 4"),
        (HEADER + "\tуран\t\t\n", ":2: a row needs an id and a question"),
        (HEADER + "q1\t \t\t\n", ":2: a row needs an id and a question"),
        (HEADER + "q1\tуран\ta.txt\t\n", ":2: article and passage are both filled"),
        (HEADER + "q1\tуран\t\tУран\n", ":2: article and passage are both filled"),
        (HEADER + "q1\tуран\t\t\nq1\tнефть\t\t\n", ":3: q1 is another question above"),
        (HEADER + "q1\tуран\t\t\nq1\tуран\ta.txt\tУран\n", ":3: q1 stands above already"),
        (HEADER + "q1\tуран\ta.txt\tУран\nq1\tуран\t\t\n", ":3: q1 stands above already"),
        (HEADER + "q1\tуран\t\t\nq1\tуран\t\t\n", ":3: q1 stands above already"),
        (HEADER + f"q1\t{'у' * 140_000}\t\t\n", ":2: field larger than field limit"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(QuestionsError) as caught:
        read_questions(path)
    assert str(caught.value).startswith(f"{path}{complaint}")
    assert "\n" not in str(caught.value)


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "q1\tуран\t\t\n", "cp1251")
    with pytest.raises(QuestionsError, match=":2: not UTF-8"):
        read_questions(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match=r"none\.tsv: No such file"):
        read_questions(tmp_path / "none.tsv")


def test_a_stretch_is_located_in_its_article() -> None:
    assert locate(article("Вода. Уран."), Judgment("a.txt", "Уран", 2)) == Span(6, 10)


@pytest.mark.parametrize(
    ("text", "complaint"), [("Вода.", "is not in a.txt"), ("Уран. Уран.", "occurs 2 times in")]
)
def test_a_stretch_stands_in_its_article_exactly_once(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        locate(article(text), Judgment("a.txt", "Уран", 2))


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


SHIPPED = read_questions(QUESTIONS)


def test_the_shipped_set_is_large_and_has_no_question_twice() -> None:
    answerable = sum(bool(question.judgments) for question in SHIPPED)
    assert answerable >= 75
    assert len(SHIPPED) - answerable >= 18
    assert len({question.text.casefold() for question in SHIPPED}) == len(SHIPPED)


def test_the_shipped_set_asks_about_every_article() -> None:
    asked = Counter(right.article for question in SHIPPED for right in question.judgments)
    assert asked.keys() == {path.name for path in (ROOT / "data/articles").iterdir()}
    assert min(asked.values()) >= 10


@pytest.mark.parametrize("question", [q for q in SHIPPED if q.judgments], ids=lambda q: q.id)
def test_a_shipped_stretch_opens_a_paragraph_and_occurs_once(question: Question) -> None:
    """It stands at the line's start, but for the litter that some heads and turns begin with."""
    for right in question.judgments:
        text = (ROOT / "data/articles" / right.article).read_bytes().decode("utf-8")
        span = locate(article(text), right)
        before = text[text.rfind("\n", 0, span.start) + 1 : span.start].strip()
        assert before in {"", "-", "date 2025-12-19", "БАКУ /Trend/ -"}
        assert len(right.passage) >= 40


def test_no_shipped_answer_is_lost_before_the_search(shipped: Generation) -> None:
    """Every judged paragraph is a passage: none is taken for a heading or for litter."""
    qrels = judge(SHIPPED, shipped.articles, shipped.passages, QUESTIONS)
    assert [id_ for id_, relevant in qrels.items() if not relevant] == []
