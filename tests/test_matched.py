"""Which words of a passage are shown as those of a question."""

import pytest

from retrieval.analyzer import Analyzer
from retrieval.focusing.matched import matched
from retrieval.models import Passage
from tests.builders import article, shipped_archive

TEXT = "Планы на 2025–2026 годы: 41-летний премьер-министр уехал."


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return shipped_archive().analyzer


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"план"}, ["Планы"]),
        ({"министр"}, ["премьер-министр"]),
        ({"летний"}, []),
        ({"41"}, ["41-летний"]),
        ({"2026"}, ["2025–2026"]),
        ({"2025", "уехать"}, ["2025–2026", "уехал"]),
        ({"нефть"}, []),
    ],
)
def test_a_word_matches_as_a_whole_or_by_a_part(
    analyzer: Analyzer, terms: set[str], words: list[str]
) -> None:
    text = f"Заголовок.\n{TEXT}"
    passage = Passage(article(text), len(text) - len(TEXT), len(text))
    spans = matched(passage, analyzer.tokens(passage.text), terms)
    assert [text[span.start : span.stop] for span in spans] == words
