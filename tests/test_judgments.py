"""The questions file: what it may hold, what is said when it is wrong, and the one that ships."""

from collections import Counter
from pathlib import Path

import pytest

from retrieval.judgments import Judgment, Question, QuestionsError, locate, read_questions
from retrieval.models import Article, Span

ROOT = Path(__file__).parent.parent
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


SHIPPED = read_questions(ROOT / "data/eval/questions.tsv")


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
