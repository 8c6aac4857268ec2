"""One generation of the archive: what it is made of, in one segment or several."""

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.assembling import build
from retrieval.corpus import CorpusError
from retrieval.generation import Generation
from retrieval.query import parse
from retrieval.search import search
from retrieval.segment import Segment
from retrieval.storing.folder import FolderError
from tests.builders import in_segments

TEXTS = {
    "уран.txt": "Казахстан добывает уран.\n\nЯпония закупает уран у Казахстана.",
    "визит.txt": "Токаев прибыл в Токио.\n\nЕго встретил император Нарухито.",
    "рейс.txt": "В 2026 году откроют рейс из Алматы.\n\nЕго ждут туристы.",
    "банк.txt": "Национальный банк (НБРК) поднял ставку.\n\nСтавка теперь выше.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def parted() -> st.SearchStrategy[tuple[list[int], set[str]]]:
    """Where an archive of the texts is cut into segments, and which articles have gone."""
    cuts = st.lists(st.integers(1, len(TEXTS) - 1), unique=True).map(sorted)
    return st.tuples(cuts, st.sets(st.sampled_from(sorted(TEXTS))))


def living(built: Generation) -> list[int]:
    """The numbers of the passages that live."""
    every = np.arange(len(built.passages))
    return every.tolist() if built.live is None else every[built.live].tolist()


def test_every_passage_is_indexed_under_its_words_and_title(folder: Path) -> None:
    built = build(folder)
    number = next(
        n for n, passage in enumerate(built.passages) if passage.text.startswith("Япония")
    )
    assert built.index.get_scores(["закупать"])[number] > 0
    assert built.index.get_scores(["добывать"])[number] > 0, "its article's title"


def test_progress_is_told_article_by_article(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    build(folder, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_articles_and_their_passages_are_found_by_id(folder: Path) -> None:
    built = build(folder)
    assert [article.id for article in built.articles] == sorted(TEXTS)
    for article in built.articles:
        assert built.article(article.id) == article
        assert built.passages_of(article.id) == tuple(
            passage for passage in built.passages if passage.article == article
        )
    assert built.article("нет такой") is None
    assert built.passages_of("нет такой") == ()
    assert built.lemmas_of("нет такой") == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        build(tmp_path / "нет")


def test_an_empty_folder_is_an_empty_archive(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert (len(built.articles), len(built.passages), built.size) == (0, 0, 0)
    assert list(built.outlines()) == []
    built.warm()


def test_a_generation_goes_with_the_last_who_asks_it(folder: Path) -> None:
    """Not when garbage is collected some time: what it maps and holds is large."""
    built = build(folder)
    built.warm()
    search(built, parse("кто закупает урн", built.analyzer), 3)
    gone = [weakref.ref(each) for each in (built, built.index, built.scorer, built.lexicon)]
    gc.disable()
    try:
        del built
        assert [each() for each in gone] == [None] * len(gone)
    finally:
        gc.enable()


def test_a_text_that_is_not_as_it_was_stored_is_never_quoted(folder: Path) -> None:
    segment = build(folder).segments[0].segment
    texts = segment.arrays["texts"].copy()
    texts[-4] ^= 1
    damaged = Segment({**segment.arrays, "texts": texts})
    assert damaged.article(0) == segment.article(0)
    with pytest.raises(FolderError, match=r"уран\.txt is damaged; run `doslovno index`"):
        damaged.article(3)


def test_a_warm_generation_has_nothing_left_to_make(folder: Path) -> None:
    built = build(folder)
    built.warm()
    made = set(vars(built))
    assert made >= {"index", "calibration", "lexicon", "kindred", "place_of", "days"}
    built.warm()
    assert set(vars(built)) == made


@given(parted())
def test_segments_and_gaps_change_nothing_that_is_seen(how: tuple[list[int], set[str]]) -> None:
    cuts, gone = how
    one = in_segments({name: text for name, text in TEXTS.items() if name not in gone}, [])
    some = in_segments(TEXTS, cuts, gone)
    assert list(some.articles) == list(one.articles)
    assert list(some.outlines()) == list(one.outlines())
    assert some.size == one.size == len(one.passages)
    assert [some.passages[number] for number in living(some)] == list(one.passages)
    for name in TEXTS:
        assert some.article(name) == one.article(name)
        assert some.passages_of(name) == one.passages_of(name)
        assert some.lemmas_of(name) == one.lemmas_of(name)
    for term in ("уран", "казахстан", "ставка", "нет"):
        assert some.index.count(term) == one.index.count(term)
        assert some.kindred(term) == one.kindred(term)
        scores = some.index.get_scores([term, "японо"])
        assert scores[living(some)].tolist() == one.index.get_scores([term, "японо"]).tolist()


@given(parted())
def test_numbers_lead_from_passages_to_articles(how: tuple[list[int], set[str]]) -> None:
    built = in_segments(TEXTS, *how)
    for number, passage in enumerate(built.passages):
        article = int(built.article_of[number])
        assert built.article_at(article) == passage.article
        assert built.article_starts[article] + built.place_of[number] == number
        assert built.days[article].tolist() == [739604, 739604], "19 December 2025"
        assert built.origins[built.origin_of[article]] == ("Zakon.kz", None)
    assert built.passages[-1] == built.passages[len(built.passages) - 1]
    assert built.passages[1:3] == [built.passages[1], built.passages[2]]
    with pytest.raises(IndexError):
        built.passages[len(built.passages)]


@given(parted(), st.permutations(range(8)), st.integers(0, 8))
def test_terms_are_laid_passage_by_passage(
    how: tuple[list[int], set[str]], order: list[int], count: int
) -> None:
    built = in_segments(TEXTS, *how)
    numbers = np.array(order[:count], np.int32)
    own = {"уран": 1, "ставка": 2, "нет": 3}
    rows, marks, (first, second) = built.laid(numbers, own, {"уран": 7})
    lemmas = [built.lemmas_at(number) for number in numbers.tolist()]
    assert rows.tolist() == [row for row, each in enumerate(lemmas) for _ in each]
    assert first.tolist() == [own.get(lemma, 0) for each in lemmas for lemma in each]
    assert second.tolist() == [7 * (lemma == "уран") for each in lemmas for lemma in each]
    assert len(marks) == len(rows)
