"""An abbreviation that no text explains is found by the initials of a name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.assembling import build
from retrieval.generation import Generation
from retrieval.initials import is_short_form, spelled_out
from tests.builders import in_segments

TEXT = """Дорогу назвали давно.

По ней идёт Транскаспийский международный транспортный маршрут, и грузов больше.

О развитии Транскаспийского международного транспортного маршрута говорили в Баку.

Тихо мерно тикают механизмы. Министр Торгаев молчал. Товары можно также менять."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder: Path = tmp_path_factory.mktemp("articles")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    return build(folder)


@pytest.mark.parametrize("typed", ["ТМТМ", "тмтм"])
def test_the_names_with_these_initials_are_found(archive: Generation, typed: str) -> None:
    assert is_short_form(typed)
    spelled = spelled_out(archive, typed)
    texts = [archive.passages[number].text for number in spelled.passages.tolist()]
    assert [text.split()[0] for text in texts] == ["По", "О"]
    assert "маршрут" in spelled.lemmas
    assert "механизм" not in spelled.lemmas


@pytest.mark.parametrize("typed", ["Тмтм", "тмт", "ТМТ", "роза", "2025", "", "Т" * 9])
def test_what_is_no_abbreviation_is_not_spelled_out(typed: str) -> None:
    assert not is_short_form(typed)


def test_an_abbreviation_of_nothing_is_nowhere(archive: Generation) -> None:
    assert not len(spelled_out(archive, "ЩЩЩЩ").passages)


ROUTES = {
    "море.txt": "Открыт Транскаспийский международный транспортный маршрут.\n\nГруз идёт морем.",
    "тот.txt": "О нём пишут. Транскаспийский морской. Торговый мир.",
    "тихо.txt": "Пишет газета Тихий Мир Трёх Морей.",
    "конец.txt": "Это Трансазиатский маршрут Турции и Монголии",
    "край.txt": "Груз принял Токаев Марат",
}
"""The second one's words are in three sentences, the last one ends too early."""


@given(
    st.lists(st.integers(1, len(ROUTES) - 1), unique=True).map(sorted),
    st.sets(st.sampled_from(sorted(ROUTES))),
)
def test_all_segments_are_searched_but_not_what_has_gone(cuts: list[int], gone: set[str]) -> None:
    found = in_segments(ROUTES, cuts, gone)
    spelled = spelled_out(found, "ТМТМ")
    names = [found.passages[number].article.id for number in spelled.passages.tolist()]
    assert names == [name for name in ("море.txt", "тихо.txt", "конец.txt") if name not in gone]
    assert ("маршрут" in spelled.lemmas) is bool({"море.txt", "конец.txt"} - gone)
    assert ("мир" in spelled.lemmas) is ("тихо.txt" not in gone)
    assert spelled.passages.dtype == "int32"
