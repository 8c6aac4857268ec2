"""Whatever is typed, there is an answer within Telegram's limits, and no exception."""

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings

from bot.searcher import look_up
from retrieval.generation import Generation
from tests.benchmarks.questions import HOSTILE, NOW, any_text, made_up, reply
from tests.builders import shipped_archive

PARAGRAPHS = 500
SECONDS = 2.0
"""For one answer: generous, as machines that run tests are slow; the benchmark measures."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    return made_up(tmp_path_factory.mktemp("archive"), PARAGRAPHS)


def test_the_made_up_archive_is_large_and_the_same_each_time(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    one, other = (made_up(folder, 50) for folder in folders)
    assert len(one.passages) >= 50
    assert [passage.text for passage in one.passages] == [
        passage.text for passage in other.passages
    ]


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_string_is_answered_in_time(archive: Generation, name: str) -> None:
    started = perf_counter()
    assert reply(archive, HOSTILE[name]).text
    assert perf_counter() - started < SECONDS


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_string_taken_literally_is_answered_too(name: str) -> None:
    look_up(shipped_archive(), HOSTILE[name], 3, today=NOW.date(), literal=True)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_text())
def test_any_string_is_answered(text: str) -> None:
    assert reply(shipped_archive(), text).text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_text())
def test_an_answer_quotes_what_stands_in_the_article(text: str) -> None:
    for quote in look_up(shipped_archive(), text, 3, today=NOW.date()).quotes:
        assert quote.text == quote.article.text[quote.span.start : quote.span.stop]
        assert all(
            quote.span.start <= span.start < span.stop <= quote.span.stop for span in quote.bold
        )
