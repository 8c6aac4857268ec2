"""The benchmark over files of words, whose figures and runs others compare."""

import json
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from rank_bm25 import BM25Okapi

from tests.benchmarks import index

PASSAGES = ["уран экспорт", "", "уран уран визит", "визит в астану", "япония", "экспорт угля"]
QUERIES = ["уран визит", "нет такого", "экспорт"]


def test_one_object_and_a_run_with_the_librarys_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passages, queries, run = (tmp_path / name for name in ("passages", "queries", "run"))
    passages.write_text("\n".join(PASSAGES) + "\n", encoding="utf-8")
    queries.write_text("\n".join(QUERIES), encoding="utf-8")
    given = ["--passages", passages, "--queries", queries, "--run", run, "--k", "2", "--numpy"]
    with patch.object(sys, "argv", ["index", *map(str, given), "--json"]):
        index.main()
    found = json.loads(capsys.readouterr().out)
    assert found.items() >= {"passages": 6, "terms": 7, "queries": 3, "k": 2}.items()
    assert all(found[name] > 0 for name in ("p50_us", "p95_us", "p99_us", "build_s", "rss_mb"))

    library = BM25Okapi([passage.split() for passage in PASSAGES])
    rows = [row.split() for row in run.read_text(encoding="utf-8").splitlines()]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        *[("0", "2", "1"), ("0", "0", "2"), ("2", "0", "1"), ("2", "5", "2")]
    ]
    for query, _, passage, _, score, _ in rows:
        assert float(score) == library.get_scores(QUERIES[int(query)].split())[int(passage)]
