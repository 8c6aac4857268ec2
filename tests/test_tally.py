"""What passages and articles have of a question, counted as one counts by hand."""

import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from math import log1p
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval import compiled
from retrieval.arrays import Ids
from retrieval.generation import Generation
from retrieval.query import parse
from retrieval.sought import AKIN, Sought, seek
from retrieval.tally import EMPHASIS, MARKED, Tally, tally
from tests.builders import in_segments
from tests.paragraphs import archive, sought, written

K1, B = 0.9, 0.4
ARCHIVE = archive(
    written("уран", "Казахстан добывает уран.", "Уран закупает Япония."),
    written("нефть", "Нефть дорожает.", "Добыча нефти растёт.", "Погода хорошая."),
)
INDEX = ARCHIVE.index
TEXTS = {
    "уран": "Казахстан добывает уран. Добыча урана растёт.\n\nЯпония закупает уран у Казахстана.",
    "визит": "Токаев прибыл в Токио.\n\nЕго встретил император Нарухито.\n\nВстреча в Токио.",
    "нефть": "Нефть дорожает. Нефть, нефть и уран.\n\nДобычу нефти наращивают в Казахстане.",
    "рейс": "В 2026 году откроют рейс из Алматы.\n\nЕго ждут туристы из Японии и Токио.",
    "банк": "Национальный банк поднял ставку.\n\nСтавка выше. Банк Японии купил нефть.",
}
WORDS = ["уран", "добыча", "нефть", "Токио", "встретил", "банк", "Японии", "ставки", "Марс", "рейс"]


@cache
def kernels() -> ModuleType:
    """Compiled as the bot has them: for the signatures listed and no others."""
    pytest.importorskip("numba")
    assert compiled.load()
    return import_module("retrieval.tally_kernels")


@pytest.fixture(params=["arrays", "compiled"], autouse=True)
def made_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test is of both ways to add up."""
    how: str = request.param
    steps = kernels() if how == "compiled" else None
    monkeypatch.setattr(compiled, "kernels", lambda _: steps)
    return how


def ids(*numbers: int) -> Ids:
    return np.array(numbers, np.int32)


def own(*words: Sought) -> dict[int, float]:
    """The score of each passage that has a word."""
    found = tally(ARCHIVE, words)
    return dict(zip(found.numbers.tolist(), found.own.tolist(), strict=True))


def of_articles(*words: Sought) -> dict[int, float]:
    """By passage the score of its article."""
    found = tally(ARCHIVE, words)
    scores = found.article_scores[found.article]
    return dict(zip(found.numbers.tolist(), scores.tolist(), strict=True))


def scored(*terms: str) -> dict[int, float]:
    """What the index gives, of those that have a term."""
    return {n: score for n, score in enumerate(INDEX.get_scores(terms).tolist()) if score}


def test_a_word_scores_as_bm25_has_it() -> None:
    assert own(sought(ARCHIVE, "уран")) == pytest.approx(scored("уран"))


def test_words_add_up_each_by_the_weight_of_its_kind() -> None:
    mines, uranium = sought(ARCHIVE, "добывает"), sought(ARCHIVE, "уран")
    assert (mines.kind, uranium.kind) == (0.3, 1.0)
    lighter = 1 - EMPHASIS + EMPHASIS * 0.3
    expected = lighter * INDEX.get_scores(["добывать"]) + INDEX.get_scores(["уран"])
    assert own(mines, uranium) == pytest.approx({n: expected[n] for n in (0, 1)})


def test_what_says_a_word_otherwise_gets_its_rarity_once() -> None:
    word = sought(ARCHIVE, "уран").or_in(INDEX, ids(2, 4))
    said = dict.fromkeys((2, 4), INDEX.rarity(4))  # two have the word, two say it otherwise
    assert own(word) == pytest.approx(scored("уран") | said)


def test_a_word_of_no_weight_brings_no_passage_by_saying_it_otherwise() -> None:
    light = sought(ARCHIVE, "уголь").or_in(INDEX, ids(2, 3, 4))._replace(weight=0.0)
    assert own(light) == {}
    with_it, alone = own(sought(ARCHIVE, "банк"), light), own(sought(ARCHIVE, "банк"))
    assert with_it.keys() == alone.keys()
    assert all(with_it[number] >= score for number, score in alone.items())


def test_an_article_that_says_a_word_otherwise_twice_gets_its_rarity_once() -> None:
    once = of_articles(sought(ARCHIVE, "уголь").or_in(INDEX, ids(2)))
    twice = of_articles(sought(ARCHIVE, "уголь").or_in(INDEX, ids(2, 3)))
    assert once[2] == twice[2] == twice[3] == log1p((2 - 1 + 0.5) / (1 + 0.5)), "one of two"


def test_a_word_of_the_same_root_gets_a_part_of_the_score() -> None:
    mining, oil = sought(ARCHIVE, "добыча"), sought(ARCHIVE, "казахстан")
    alone = own(mining, oil)
    with_kin = own(mining._replace(kin=("добывать",)), oil)
    assert with_kin[3] == alone[3] > 0
    kind = 1 - EMPHASIS + EMPHASIS * mining.kind
    assert with_kin[0] - alone[0] == pytest.approx(kind * AKIN * scored("добывать")[0])


def test_words_akin_alone_are_nothing() -> None:
    assert own(sought(ARCHIVE, "Марс")._replace(kin=("добывать",))) == {}


def test_a_passage_with_both_gets_the_better_of_the_two() -> None:
    uranium = sought(ARCHIVE, "уран")
    assert own(uranium._replace(kin=("уран",))) == own(uranium)
    rare_kin = uranium._replace(kin=("япония",))
    better = max(scored("уран")[1], AKIN * scored("япония")[1])
    assert own(rare_kin)[1] == pytest.approx(better)


def test_coverage_is_the_share_by_weight() -> None:
    found = tally(ARCHIVE, [sought(ARCHIVE, "добывает", 3), sought(ARCHIVE, "уран", 1)])
    assert dict(zip(found.numbers.tolist(), found.coverage.tolist(), strict=True)) == {
        0: 1,
        1: 0.25,
    }
    limited = found.limited(np.array([False, True, True, True, True]))
    assert limited.coverage[found.numbers == 0] == 0
    assert limited.limited(None).coverage.tolist() == found.coverage.tolist()


def test_a_word_is_left_out_as_if_it_had_not_been_asked_for() -> None:
    mines, uranium = sought(ARCHIVE, "добывает", 3), sought(ARCHIVE, "уран", 1)
    rest = tally(ARCHIVE, [mines, uranium]).without(mines.token)
    assert rest.words == (uranium,)
    assert rest.coverage.tolist() == [1, 1]


def test_nothing_sought_is_nothing_found() -> None:
    found = tally(ARCHIVE, [])
    assert (len(found.numbers), len(found.coverage), len(found.article_scores)) == (0, 0, 0)


def test_an_empty_archive_has_nothing() -> None:
    empty: Generation = archive()
    assert tally(empty, [sought(ARCHIVE, "уран")._replace(passages=ids())]).numbers.tolist() == []


def test_only_the_weightiest_of_very_many_words_are_told_apart() -> None:
    word = sought(ARCHIVE, "уран")
    words = [word._replace(weight=float(n % 80)) for n in range(80)]
    found = tally(ARCHIVE, words)
    told = [place for place, bit in enumerate(found.bits.tolist()) if bit]
    assert told == list(range(80 - MARKED, 80))
    assert found.coverage.tolist() == pytest.approx([sum(range(16, 80)) / sum(range(80))] * 2)


def test_a_fault_leaves_nothing_for_the_next_question(monkeypatch: pytest.MonkeyPatch) -> None:
    before = own(sought(ARCHIVE, "уран"))
    monkeypatch.setattr(INDEX, "places", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        own(sought(ARCHIVE, "нефть"))
    monkeypatch.undo()
    assert own(sought(ARCHIVE, "уран")) == before


def test_threads_do_not_disturb_each_other() -> None:
    words = [sought(ARCHIVE, typed) for typed in ("уран", "нефть")]
    expected = [own(word) for word in words]
    found: list[list[dict[int, float]]] = [[], []]

    def ask(place: int) -> None:
        found[place] += [own(words[place]) for _ in range(100)]

    threads = [threading.Thread(target=ask, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[each] * 100 for each in expected]


# The same as one counts by hand, whatever the segments and whatever has gone.


class ByHand:
    """The scores of documents, passages or articles, from their lemmas."""

    def __init__(self, documents: dict[int, list[str]], of: dict[int, int]) -> None:
        """`of` has the document of each passage."""
        self.documents, self.of = documents, of
        self.average = sum(map(len, documents.values())) / len(documents)

    def scores(self, words: Sequence[Sought]) -> dict[int, float]:
        total = dict.fromkeys(self.documents, 0.0)
        for word in words:
            for number, score in self.score(word).items():
                total[number] += (1 - EMPHASIS + EMPHASIS * word.kind) * score
        return total

    def score(self, word: Sought) -> dict[int, float]:
        score = dict.fromkeys(self.documents, 0.0)
        for group in word.groups:
            for number, value in self.best(group).items():
                score[number] += value
        having = {self.of[each] for each in word.passages.tolist()}
        for number in {self.of[each] for each in word.otherwise.tolist()}:
            score[number] += self.rarity(len(having))
        for number, value in self.best(word.kin).items():
            score[number] = max(score[number], AKIN * value)
        return score

    def best(self, terms: Sequence[str]) -> dict[int, float]:
        weights = {
            number: max(_weight(lemmas.count(term), len(lemmas) / self.average) for term in terms)
            for number, lemmas in self.documents.items()
            if not set(terms).isdisjoint(lemmas)
        }
        return {number: self.rarity(len(weights)) * weight for number, weight in weights.items()}

    def rarity(self, count: int) -> float:
        return log1p((len(self.documents) - count + 0.5) / (count + 0.5))


def _weight(count: int, length: float) -> float:
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length))


def living(some: Generation) -> list[int]:
    every = np.arange(len(some.passages))
    return every.tolist() if some.live is None else every[some.live].tolist()


@st.composite
def questions(draw: st.DrawFn) -> tuple[Generation, list[Sought]]:
    """An archive in segments, some articles gone, and words that others stand for as well."""
    cuts = sorted(draw(st.sets(st.integers(1, len(TEXTS) - 1))))
    gone = draw(st.sets(st.sampled_from(sorted(TEXTS)), max_size=len(TEXTS) - 1))
    some = in_segments(TEXTS, cuts, gone)
    typed = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6, unique=True))
    words = list(seek(some, parse(" ".join(typed), some.analyzer).words))
    for place, word in enumerate(words):
        chosen = draw(st.sets(st.sampled_from(living(some)), max_size=3))
        if draw(st.integers(0, 3)) == 0:
            words[place] = word.or_in(some.index, ids(*sorted(chosen)))
    return some, words


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(questions())
def test_scores_are_those_that_one_counts(asked: tuple[Generation, list[Sought]]) -> None:
    some, words = asked
    lemmas = {number: [*some.lemmas_at(number)] for number in living(some)}
    articles: dict[int, list[str]] = {}
    for number, each in lemmas.items():
        articles.setdefault(int(some.article_of[number]), []).extend(each)
    found = tally(some, words)
    having = set().union(*(word.passages.tolist() for word in words))
    assert set(found.numbers.tolist()) == having, "the dead are never found"
    expected = ByHand(lemmas, {number: number for number in lemmas}).scores(words)
    assert found.own.tolist() == pytest.approx([expected[n] for n in found.numbers.tolist()])
    article_of = {number: int(some.article_of[number]) for number in lemmas}
    of_article = ByHand(articles, article_of).scores(words)
    assert found.article_scores[found.article].tolist() == pytest.approx(
        [of_article[article_of[n]] for n in found.numbers.tolist()]
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(questions())
def test_masks_tell_which_words_and_which_kin(asked: tuple[Generation, list[Sought]]) -> None:
    some, words = asked
    found = tally(some, words)
    for word, bit in zip(words, found.bits, strict=True):
        assert set(found.numbers[found.has & bit > 0].tolist()) == set(word.passages.tolist())
        kin = {number for lemma in word.kin for number in some.index.postings(lemma).tolist()}
        akin = kin & set(found.numbers.tolist()) - set(word.passages.tolist())
        assert set(found.numbers[found.akin & bit > 0].tolist()) == akin
        has = set(found.numbers[found.article_has[found.article] & bit > 0].tolist())
        articles = {int(some.article_of[number]) for number in word.passages.tolist()}
        assert has == {n for n in found.numbers.tolist() if int(some.article_of[n]) in articles}


@given(questions())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_compiled_sums_are_equal_to_the_last_bit(
    made_by: str, asked: tuple[Generation, list[Sought]]
) -> None:
    if made_by != "compiled":
        return
    compiled_one = _columns(tally(*asked))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "kernels", lambda _: None)
        assert _columns(tally(*asked)) == compiled_one


def _columns(found: Tally) -> list[list[float]]:
    arrays = (found.numbers, found.own, found.has, found.akin, found.article, found.coverage)
    return [array.tolist() for array in (*arrays, found.article_scores, found.article_has)]
