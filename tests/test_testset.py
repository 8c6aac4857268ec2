"""A test set is taken as it is given: paragraphs stay whole, and a wrong line is named."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.measuring.lines import LinesError
from retrieval.measuring.testset import Paragraph, is_set, read_set
from tests.judged import PARAGRAPHS, QUERIES, corpus, queries, write_set

LINE = {"id": "p", "article": "a", "title": "t", "text": "Текст."}


def line(**fields: object) -> str:
    return json.dumps(LINE | fields) + "\n"


@pytest.mark.parametrize("packed", [False, True])
def test_a_set_is_read(tmp_path: Path, packed: bool) -> None:
    judged = read_set(write_set(tmp_path, packed=packed))
    assert is_set(tmp_path)
    assert judged.names == ("ferry-0", "ferry-1", "bees-0", "bees-1")
    assert [(one.id, one.title) for one in judged.articles] == [
        ("ferry", "Паром"),
        ("bees", "Пасека"),
    ]
    assert [len(passages) for passages in judged.split] == [2, 2]
    assert judged.queries == QUERIES
    assert judged.qrels == {"q1": {"ferry-0": 1}, "q2": {"ferry-1": 1}, "q3": {"bees-1": 2}}


def test_paragraphs_of_an_article_are_put_together_wherever_they_stand(tmp_path: Path) -> None:
    shuffled = [PARAGRAPHS[number] for number in (0, 2, 1, 3)]
    judged = read_set(write_set(tmp_path, {"corpus.jsonl": corpus(shuffled)}))
    assert judged.names == ("ferry-0", "ferry-1", "bees-0", "bees-1")


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_a_passage_is_the_paragraph_as_given(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """Whatever is in it: blank lines, headings, litter, spaces round it."""
    given = [(f"p{number}", "a", "", text) for number, text in enumerate(texts)]
    folder = tmp_path_factory.mktemp("set")
    judged = read_set(write_set(folder, {"corpus.jsonl": corpus(given), "qrels.tsv": ""}))
    assert [passage.text for passage in judged.split[0]] == texts


def test_a_question_without_a_relevant_paragraph_has_no_answer(tmp_path: Path) -> None:
    rows = "q1\tferry-0\t1\nq1\tferry-1\t0\nq2\tbees-0\t0\n"
    judged = read_set(write_set(tmp_path, {"qrels.tsv": rows}))
    assert judged.qrels == {"q1": {"ferry-0": 1, "ferry-1": 0}}
    assert judged.queries == QUERIES


def test_whole_numbers_are_ids_and_a_title_may_be_missing(tmp_path: Path) -> None:
    record = {"id": 7, "article": 2024, "title": None, "text": "Текст."}
    files = {
        "corpus.jsonl": json.dumps(record) + "\n",
        "queries.jsonl": '{"id": 1, "text": "что"}\n',
        "qrels.tsv": "1\t7\t1\n",
    }
    judged = read_set(write_set(tmp_path, files))
    assert judged.qrels == {"1": {"7": 1}}
    assert (judged.articles[0].id, judged.articles[0].title) == ("2024", "")


def test_an_id_with_spaces_is_taken_and_named_without(tmp_path: Path) -> None:
    files = {
        "corpus.jsonl": corpus([Paragraph("моя статья-0", "моя статья", "", "Текст.")]),
        "qrels.tsv": "q1\tмоя статья-0\t1\n",
    }
    judged = read_set(write_set(tmp_path, files))
    assert judged.qrels == {"q1": {"моя%20статья-0": 1}}


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("corpus.jsonl", "", ": a set needs a paragraph and a question"),
        ("corpus.jsonl", "{\n", "/corpus.jsonl:1: broken JSON"),
        ("corpus.jsonl", "[" * 100_000 + "\n", "/corpus.jsonl:1: broken JSON"),
        ("corpus.jsonl", line(id="p1") + '"text"\n', "/corpus.jsonl:2: no JSON object"),
        ("corpus.jsonl", '{"id": "p"}\n', "/corpus.jsonl:1: field text is missing"),
        ("corpus.jsonl", line(text=5), "/corpus.jsonl:1: field text is no text"),
        ("corpus.jsonl", line(text=None), "/corpus.jsonl:1: field text is no text"),
        ("corpus.jsonl", line(text=" \n"), "/corpus.jsonl:1: field text is empty"),
        ("corpus.jsonl", line(text="\ud83d"), "/corpus.jsonl:1: field text has half of"),
        ("corpus.jsonl", line(id=True), "/corpus.jsonl:1: field id is no text"),
        ("corpus.jsonl", line(id=""), "/corpus.jsonl:1: field id is empty"),
        ("corpus.jsonl", line(article=[]), "/corpus.jsonl:1: field article is no text"),
        ("corpus.jsonl", line(title=["t"]), "/corpus.jsonl:1: field title is no text"),
        ("corpus.jsonl", line() + line(), "/corpus.jsonl:2: id 'p' is that of line 1 too"),
        ("queries.jsonl", "", ": a set needs a paragraph and a question"),
        ("queries.jsonl", '{"id": "q1"}\n', "/queries.jsonl:1: field text is missing"),
        ("queries.jsonl", queries({"q": "а"}) * 2, "/queries.jsonl:2: id 'q' is that of line 1"),
        ("qrels.tsv", "q1\tnone\t1\n", "/qrels.tsv:1: paragraph id 'none' is not in the corpus"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, file: str, text: str, complaint: str) -> None:
    folder = write_set(tmp_path, {file: text}, packed=False)
    with pytest.raises(LinesError) as caught:
        read_set(folder)
    assert str(caught.value).startswith(f"{folder}{complaint}")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_corpus_that_is_there_twice_or_not_at_all_is_named(tmp_path: Path) -> None:
    with pytest.raises(LinesError, match="neither is there"):
        read_set(tmp_path)
    write_set(tmp_path, packed=False)
    write_set(tmp_path, packed=True)
    with pytest.raises(LinesError, match="both of them are there"):
        read_set(tmp_path)


@pytest.mark.parametrize("missing", ["queries.jsonl", "qrels.tsv"])
def test_a_file_that_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    folder = write_set(tmp_path)
    (folder / missing).unlink()
    with pytest.raises(LinesError, match=rf"{missing}: No such file"):
        read_set(folder)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=3,
)
RECORDS = st.dictionaries(st.sampled_from(["id", "article", "title", "text"]), JSON)
HOSTILE = st.binary(max_size=60) | st.lists(RECORDS, max_size=3).map(
    lambda records: "\n".join(map(json.dumps, records)).encode()
)


@given(file=st.sampled_from(["corpus.jsonl", "queries.jsonl", "qrels.tsv"]), content=HOSTILE)
def test_whatever_a_file_holds_it_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, file: str, content: bytes
) -> None:
    folder = write_set(tmp_path_factory.mktemp("set"), packed=False)
    (folder / file).write_bytes(content)
    said = complaint(folder)
    assert said == "" or (said.startswith(str(folder)) and "\n" not in said)


def complaint(folder: Path) -> str:
    """What is said of a set; "" where it is read."""
    try:
        read_set(folder)
    except LinesError as error:
        return str(error)
    return ""
