"""Training: the same sets give the same file, it learns what is there to learn, folds are apart."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.features import FEATURES, STAGES
from retrieval.measuring import boosting, measures
from retrieval.measuring.boosting import MONOTONE, STEADY, BoostingError, fit, weights
from retrieval.measuring.examples import Examples
from retrieval.measuring.standings import (
    Sets,
    cost,
    stages,
    stages_table,
    standings,
    standings_table,
    unseen,
)
from retrieval.measuring.validation import cross_validated, gain, measured, ranked, trained, whole
from retrieval.ranker import compiled, identity, load
from retrieval.training import encoded, main

COLUMN = FEATURES.index("phrase")
WORDS = ["уран", "пшеница", "тоннель", "ледник", "спутник", "верблюд", "хлопок", "мост"]


HOW = ("BM25 alone", "questions not learned from", "set not learned from")


def made(name: str, questions: int = 60, *, telling: bool = True, seed: int = 0) -> Examples:
    """A set whose right candidate has the greatest phrase feature; BM25 knows nothing of it."""
    random = np.random.default_rng(seed)
    groups = random.integers(5, 25, questions)
    features = random.normal(size=(groups.sum(), len(FEATURES))).astype(np.float32)
    features[:, [FEATURES.index(name) for name in STEADY]] = 0
    relevance = np.zeros(groups.sum(), np.int32)
    stops = np.cumsum(groups)
    for start, stop in zip(stops - groups, stops, strict=True):
        values = features[start:stop, COLUMN]
        relevance[start + (values.argmax() if telling else random.integers(len(values)))] = 1
    names = tuple(f"p{row}" for row in range(groups.sum()))
    qrels = {
        f"q{number}": {names[row]: 1 for row in range(start, stop) if relevance[row]}
        for number, (start, stop) in enumerate(zip(stops - groups, stops, strict=True))
    }
    return Examples(
        name=name,
        questions=tuple(qrels),
        features=features,
        relevance=relevance,
        base=random.random(groups.sum()),
        groups=groups.astype(np.int32),
        names=names,
        qrels=qrels,
        milliseconds=np.ones(questions),
    )


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boosting, "TREES", 20)
    monkeypatch.setattr(measures, "RESAMPLES", 99)


def test_it_learns_what_tells_the_right_ones_on_questions_not_seen() -> None:
    sets = [made("one"), made("other", seed=1)]
    for one, found in zip(sets, cross_validated(sets), strict=True):
        by_chance = measured(one, one.base)["nDCG@10"].mean()
        assert found["nDCG@10"].mean() > 0.8 > by_chance + 0.2


def test_cross_validation_does_not_remember_its_own_questions() -> None:
    """Where nothing tells the right ones, trees fitted to all do far better than honest ones."""
    sets = [made("chance", 150, telling=False)]
    remembered = ranked(trained(sets), sets[0])["R@1"].mean()
    honest = cross_validated(sets)[0]["R@1"].mean()
    assert honest < 0.2 < remembered


def test_trees_never_ask_for_what_is_left_out() -> None:
    trees = fit(whole([made("one")]), without=["phrase"])
    assert trees
    assert COLUMN not in {feature for tree in trees for feature in tree.feature}


def test_more_of_what_can_only_be_better_is_never_worse() -> None:
    ranker = trained([made("chance", telling=False)])
    rows = np.random.default_rng(3).normal(size=(50, len(FEATURES))).astype(np.float32)
    known = {name: MONOTONE[name] for name in FEATURES if name in MONOTONE}
    assert known
    for name, direction in known.items():
        more = rows.copy()
        more[:, FEATURES.index(name)] += direction
        assert (ranker.scores(more) >= ranker.scores(rows) - 1e-9).all(), name


def test_every_set_weighs_the_same_however_many_questions_it_has() -> None:
    """The small set's rule wins a half of the say: without weights it would hardly have any."""
    small, large = made("small", 40), made("large", 400, telling=False, seed=1)
    ranker = trained([small, large])
    assert ranked(ranker, small)["nDCG@10"].mean() > 0.8


@pytest.mark.parametrize("without", [[], ["own"]])
def test_nothing_to_learn_from_is_said(without: list[str]) -> None:
    one = made("one")
    blank = Examples(**{**vars(one), "relevance": np.zeros_like(one.relevance)})
    with pytest.raises(BoostingError, match="no question has a right candidate"):
        fit(whole([blank]), without)


def test_the_gain_is_counted_question_by_question() -> None:
    before = {"nDCG@10": np.array([0.0, 1.0, 0.5])}
    found = gain({"nDCG@10": np.array([0.5, 1.0, 1.0])}, before)
    assert found.value == pytest.approx(1 / 3)
    assert 0 <= found.interval.low <= found.value <= found.interval.high <= 0.5


def test_a_right_passage_that_is_no_candidate_counts_as_not_found() -> None:
    one = made("one", 1)
    lost = Examples(**{**vars(one), "qrels": {"q0": {"elsewhere": 1}}})
    assert measured(lost, lost.relevance.astype(float))["R@10"].tolist() == [0]


def test_the_report_has_every_set_and_stage() -> None:
    sets = Sets((made("one", 20), made("two", 20, seed=1)), (made("test", 20, seed=2),))
    found = standings(sets)
    assert [(one.set, one.how) for one in found] == [
        *((name, how) for name in ("one", "two") for how in HOW),
        *(("test", how) for how in HOW[:2]),
    ]
    worth = list(stages(sets))
    assert [one.name for one in worth[::3]] == [name for name, _ in STAGES]
    assert [one.set for one in worth[:3]] == ["one", "two", "test"]
    gains = sum(one.added.value for one in worth if one.set == "test")
    last, first = worth[-1].value, found[-2].measures["nDCG@10"].value
    assert gains == pytest.approx(last - first)
    assert standings_table(found).row_count == len(found)
    assert stages_table(worth).row_count == len(worth)


def test_without_features_the_order_is_that_of_bm25() -> None:
    one = made("one", 10)
    (found,) = unseen(Sets((one,), ()), FEATURES)
    assert found["nDCG@10"].tolist() == measured(one, one.base)["nDCG@10"].tolist()


def test_the_cost_is_in_milliseconds() -> None:
    one = made("one", 10)
    taken = cost(trained([one]), Sets((one,), ()))
    assert taken["one"]["to the features"] == 1
    assert 0 < taken["one"]["trees"] < 100


def test_the_file_is_read_back_as_it_was_fitted(tmp_path: Path) -> None:
    one = made("one")
    trees = fit(whole([one]))
    path = tmp_path / "ranker.json"
    path.write_text(encoded(trees, weights(), {"seed": 0}), encoding="utf-8")
    scores = load(path, FEATURES).scores(one.features)
    assert scores.tolist() == compiled(trees, FEATURES, weights()).scores(one.features).tolist()
    assert len(path.read_text(encoding="utf-8").splitlines()) > len(trees)


def folder_of(folder: Path) -> Path:
    """A small set in the files of one."""
    folder.mkdir()
    paragraphs = [
        {"id": f"{word}{kind}", "article": word, "title": word, "text": f"{word} {text} {kind}."}
        for word in WORDS
        for kind, text in enumerate(("поставки выросли", "встреча прошла", "проект открыт"))
    ]
    queries = [{"id": word, "text": f"Когда выросли поставки: {word}?"} for word in WORDS]
    for name, records in (("corpus", paragraphs), ("queries", queries)):
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    qrels = "\n".join(f"{word}\t{word}0\t1" for word in WORDS)
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


def archive_of(folder: Path) -> list[str]:
    """The options that name an archive of one article with one question."""
    (folder / "articles").mkdir()
    text = "Новости\n\nКаспий мелеет с каждым годом, сказал эколог.\n\nОн просит помощи у всех."
    (folder / "articles" / "a.txt").write_text(text, encoding="utf-8")
    rows = "id\tquestion\tarticle\tpassage\nq\tМелеет ли Каспий?\ta.txt\tКаспий мелеет\n"
    (folder / "q.tsv").write_text(rows, encoding="utf-8")
    return ["--corpus", str(folder / "articles"), "--questions", str(folder / "q.tsv")]


def test_the_same_sets_give_the_same_file(tmp_path: Path, capsys: Any) -> None:
    given = [str(folder_of(tmp_path / "small")), *archive_of(tmp_path)]
    outs = [tmp_path / "first.json", tmp_path / "second.json"]
    for out in outs:
        assert main([*given, "--out", str(out), "--json", str(tmp_path / "f.json")]) == 0
    first, second = (out.read_bytes() for out in outs)
    assert first == second
    model = json.loads(first)
    assert model["identity"] == identity(FEATURES)
    assert model["sets"] == {"small": len(WORDS)}
    assert load(outs[0], FEATURES).features == FEATURES
    figures = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert figures["standings"][0]["measures"]["nDCG@10"]["value"] > 0
    assert "small" in capsys.readouterr().out


def test_a_folder_that_is_no_set_is_said_in_one_line(tmp_path: Path, capsys: Any) -> None:
    assert main([str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert str(tmp_path) in error
    assert len(error.splitlines()) == 1
