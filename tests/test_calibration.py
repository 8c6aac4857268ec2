"""How sure an archive is of an answer: calibrated on questions it is known not to answer."""

import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.asking.asks import Asks
from retrieval.assembling import build
from retrieval.calibration import Calibration, calibrate, emptied, judge, score
from retrieval.evidence import Evidence, evidence
from retrieval.found import Confidence
from retrieval.generation import Generation
from retrieval.query import parse
from retrieval.search import search
from retrieval.sought import seek
from retrieval.tally import Tally, tally
from tests.builders import Archive, shipped_archive

ORDER = (Confidence.NONE, Confidence.WEAK, Confidence.SURE)
TOWNS = ("Актобе", "Кокшетау", "Талдыкорган", "Петропавловск", "Экибастуз", "Туркестан")
FACTS = """
{town}: маслозавод выпустил {n} тонн сметаны
{town}: пожарные потушили сухостой у водонапорной башни
{town}: библиотека получила {n} рукописей академика
{town}: велосипедисты проехали марафон вдоль набережной
""".strip().splitlines()
"""A small archive: every town says the same of itself."""


@pytest.fixture
def varied(archive: Archive) -> Generation:
    return archive(
        {
            "смог": "Экологи измерили воздух в Караганде. Смог держится третью неделю.",
            "музей": "Музей в Шымкенте купил коллекцию ковров. Выставка откроется в мае.",
            "мост": "Мост через Иртыш закрыли на ремонт. Водители ездят в объезд.",
            "зерно": "Фермеры продали зерно Ирану. Урожай пшеницы вырос на треть.",
        }
    )


def counted(generation: Generation, question: str) -> Tally:
    return tally(generation, seek(generation, parse(question, generation.analyzer).words))


def found(generation: Generation, question: str, asks: Asks | None = None) -> Evidence:
    return evidence(generation, counted(generation, question), asks)


def verdict(generation: Generation, question: str, asks: Asks | None = None) -> Confidence:
    return judge(calibrate(generation), found(generation, question, asks))


@pytest.mark.parametrize(
    ("question", "sure"),
    [
        ("смог в Караганде", True),
        ("музей купил ковры", True),
        ("мост через Иртыш", True),
        ("урожай пшеницы", True),
        ("гонорар адвоката футболиста", False),
        ("рецепт борща", False),
        ("выборы мэра Парижа", False),
        ("смог", True),
        ("", False),
    ],
)
def test_an_archive_knows_what_it_holds(varied: Generation, question: str, sure: bool) -> None:
    assert verdict(varied, question) is (Confidence.SURE if sure else Confidence.NONE)


def test_two_words_of_different_articles_are_no_answer_to_both(varied: Generation) -> None:
    together, apart = found(varied, "зерно Ирану"), found(varied, "зерно Иртыш")
    assert together.passage == together.article == pytest.approx(1)
    assert apart.passage < 0.7
    assert judge(Calibration(-3.0, 200), apart) is Confidence.WEAK


def test_words_of_one_sentence_are_more_than_words_of_one_passage(archive: Archive) -> None:
    near, far = "Уран продали Ирану летом.", "Ветер стих. Уран подорожал. Ирану помогли."
    other = {"б": "Мост закрыли.", "в": "Музей открыли."}
    one = found(archive({"а": near, **other}), "уран Ирану")
    two = found(archive({"а": far, **other}), "уран Ирану")
    assert one.passage == two.passage == pytest.approx(1)
    assert one.sentence == pytest.approx(1)
    assert two.sentence < 0.9
    assert score(one) > score(two)


def test_a_title_counts_with_a_sentence(archive: Archive) -> None:
    text = "Смог в Караганде: что делать жителям\n\nЭкологи советуют закрыть окна и ждать ветра."
    generation = archive({"а": text, "б": "Мост закрыли на ремонт.", "в": "Музей открыли в мае."})
    assert found(generation, "Караганда окна").sentence == pytest.approx(1)


def test_a_word_the_archive_lacks_counts_against_it(varied: Generation) -> None:
    assert found(varied, "смог в Караганде").passage == pytest.approx(1)
    assert found(varied, "смог в Караганде гонорар адвоката").passage < 0.7


def test_a_word_of_the_same_root_counts_half_beside_others(archive: Archive) -> None:
    other = {"б": "Мост закрыли на ремонт.", "в": "Рабочие строили дом."}
    generation = archive({"а": "Строительство порта в Актау идёт быстро.", **other})
    shown = found(generation, "строили порт Актау")
    exact = found(generation, "строительство порта Актау")
    without = found(generation, "порт Актау смогла")
    assert exact.passage == exact.sentence == exact.article == pytest.approx(1)
    assert shown.passage == shown.sentence == shown.article
    assert without.passage < shown.passage < 1


def test_words_of_the_same_roots_alone_are_no_evidence(archive: Archive) -> None:
    texts = {"а": "Рабочие строили дом.", "б": "Власти закупили зерно.", "в": "Торгуют углём."}
    kin = {"г": "Строительство, закупка и торговля."}
    shown = found(archive({**texts, **kin}), "строили закупили торгуют")
    assert shown.passage == shown.article < 0.45


@pytest.mark.parametrize("asks", [Asks.HOW_MANY, Asks.WHEN])
def test_a_figure_that_is_asked_for_is_to_be_there(archive: Archive, asks: Asks) -> None:
    texts = {
        "а": "Порт Актау открыли 5 мая. Приехали 300 гостей.",
        "б": "Мост у Шымкента закрыли. Приехали рабочие.",
        "в": "Зерно продали.",
    }
    generation = archive(texts)
    with_figures = found(generation, "порт Актау", asks)
    without = found(generation, "мост Шымкента", asks)
    assert with_figures.fitting == with_figures.sentence == pytest.approx(1)
    assert without.fitting == 0 < without.sentence
    assert score(with_figures) > score(without)
    assert found(generation, "мост Шымкента", Asks.WHO).fitting == without.sentence


def test_a_figure_of_the_question_is_no_answer(archive: Archive) -> None:
    generation = archive({"а": "Порт открыли 300 гостей.", "б": "Мост закрыли.", "в": "Зерно."})
    assert found(generation, "порт 300 гостей", Asks.HOW_MANY).fitting == 0
    assert found(generation, "порт гостей", Asks.HOW_MANY).fitting == pytest.approx(1)


def test_what_stands_for_a_word_counts_in_the_sentences_of_its_passage(
    varied: Generation,
) -> None:
    smog, absent = seek(varied, parse("смог гонорар", varied.analyzer).words)
    sought = (smog, absent.or_in(varied.index, smog.passages))
    shown = evidence(varied, tally(varied, sought))
    assert shown.passage == shown.sentence == pytest.approx(1)


def test_the_more_passages_the_more_is_asked() -> None:
    some = Evidence(0.7, 0.6, 0.8, 0.6, 0.6)
    scores = [score(some._replace(size=size)) for size in (0.0, 5.0, 11.0)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


def test_what_is_usual_in_an_archive_depends_on_it(archive: Archive, tmp_path: Path) -> None:
    alike = {town: "\n\n".join(FACTS).format(town=town, n=len(town)) for town in TOWNS}
    other = tmp_path / "other"
    other.mkdir()
    for number, fact in enumerate(FACTS):
        (other / f"{number}.txt").write_text(fact.format(town=TOWNS[number], n=7), encoding="utf-8")
    same, different = calibrate(archive(alike)), calibrate(build(other))
    assert same.usual > different.usual + 2


def test_more_is_asked_where_more_is_usual() -> None:
    some = Evidence(0.7, 0.6, 0.8, 0.6, 0.6)
    usual = (-6.0, -3.0, 0.0)
    places = [ORDER.index(judge(Calibration(each, 200), some)) for each in usual]
    assert places == sorted(places, reverse=True)
    assert places[0] > places[-1]


shares = st.floats(0, 1)


@given(shares, shares, shares, shares, shares, st.floats(-8, 8))
def test_more_of_a_question_never_makes_it_less_sure(
    passage: float, sentence: float, article: float, chance: float, more: float, usual: float
) -> None:
    calibration = Calibration(usual, 200)
    less = Evidence(passage, sentence, article, chance, sentence)
    top = max(passage, more), max(sentence, more), max(article, more)
    grown = Evidence(*top, chance, top[1])
    before, after = (judge(calibration, each) for each in (less, grown))
    assert ORDER.index(after) >= ORDER.index(before)


@given(shares, shares)
def test_what_chance_brings_together_counts_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert score(Evidence(1, 1, 1, low)) >= score(Evidence(1, 1, 1, high))


def test_what_all_passages_have_answers_no_question_for_one_thing(archive: Archive) -> None:
    texts = {f"{n}": f"Министр посетил город. Там открыли завод номер {n}." for n in range(24)}
    generation = archive({**texts, "x": "Мост закрыли на ремонт до осени.", "y": "Зерно продали."})
    assert verdict(generation, "министр", Asks.WHO) is Confidence.NONE
    assert verdict(generation, "министр") is not Confidence.NONE
    assert verdict(generation, "мост закрыли", Asks.WHEN) is Confidence.SURE


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("смог в Караганде гонорар", "гонорар"),
        ("коллекция ковров футболиста", "футболиста"),
        ("гонорар футболиста", None),
        ("", None),
    ],
)
def test_the_word_that_emptied_a_question_is_told(
    varied: Generation, question: str, word: str | None
) -> None:
    token = emptied(varied, counted(varied, question), Calibration(0.5, 200))
    assert (token and question[token.start : token.stop]) == word


def test_an_empty_archive_is_sure_of_nothing(archive: Archive) -> None:
    generation = archive({})
    assert calibrate(generation).drawn == 0
    assert verdict(generation, "уран") is Confidence.NONE
    assert emptied(generation, tally(generation, ()), calibrate(generation)) is None


def test_an_archive_of_one_article_answers_what_it_says(archive: Archive) -> None:
    generation = archive({"а": "Казахстан добывает уран. Музей в Шымкенте купил ковры."})
    assert verdict(generation, "уран") is Confidence.SURE
    assert verdict(generation, "гонорар футболиста") is Confidence.NONE


def test_the_same_archive_is_calibrated_the_same() -> None:
    calibration = calibrate(shipped_archive())
    assert calibration == calibrate(shipped_archive())
    assert calibration.drawn > 100


def test_another_seed_changes_it_little() -> None:
    usual = [calibrate(shipped_archive(), seed).usual for seed in (1, 2, 3)]
    assert max(usual) - min(usual) < 0.8


def test_it_is_stored_as_json_and_read_back() -> None:
    calibration = calibrate(shipped_archive())
    assert Calibration.from_record(json.loads(json.dumps(calibration.to_record()))) == calibration


@pytest.mark.parametrize("record", [{}, {"usual": 1.0}, {"drawn": 5}])
def test_a_record_that_lacks_a_number_is_refused(record: dict[str, float]) -> None:
    with pytest.raises(LookupError):
        Calibration.from_record(record)


def test_it_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Calibration(0.0, 1).usual = 1.0  # type: ignore[misc]


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=80)
def test_shares_are_shares_whatever_is_asked(text: str) -> None:
    shown = found(shipped_archive(), text)
    assert all(0 <= share <= 1 + 1e-9 for share in shown[:5])
    assert shown.fitting <= shown.sentence + 1e-9
    assert shown.sentence <= shown.article + 1e-9


def test_thousands_of_words_are_asked_for_at_once() -> None:
    words = " ".join(f"слово{n}" for n in range(3000)) + " уран"
    assert found(shipped_archive(), words).passage < 0.01


def test_an_archive_of_passages_without_words_answers_nothing(tmp_path: Path) -> None:
    text = "---\ntitle: О нас\ndate: 2025-12\n---\n\nМы и вы, и он."
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    archive = build(tmp_path)
    found = search(archive, parse("в декабре 2025 токаев", archive.analyzer), 3)
    assert found.confidence is not Confidence.SURE
