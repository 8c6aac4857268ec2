"""Word forms kept between runs: the same lemmas, without asking the dictionary again."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analyzer import Analyzer, Form
from retrieval.building import words
from retrieval.building.words import Words

TEXT = (
    "Казахстанско-японский саммит: Токаев и Маск обсудили 18,6 млн тонн С5+1, Садовой в Берегове."
)
PLAIN = Analyzer()


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """An index beside which the words of TEXT are stored."""
    known = Words()
    analyzer = Analyzer(known)
    known.of(analyzer.version)
    analyzer.tokens(TEXT)
    words.store(tmp_path, known)
    return tmp_path


def test_what_is_stored_gives_the_same_lemmas(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = words.opened(stored)
    analyzer = Analyzer(known)
    known.of(analyzer.version)
    plain = PLAIN.tokens(TEXT)
    monkeypatch.setattr(Analyzer, "_analyse", None)
    assert analyzer.tokens(TEXT) == plain
    assert not known.new


@settings(max_examples=15)  # each loads the dictionary twice
@given(st.text(alphabet="абвгдеёжийклмнопрстуцья-' АБВГД5.", max_size=60))
def test_a_text_gives_the_same_with_and_without(text: str) -> None:
    known = Words()
    analyzer = Analyzer(known)
    first = analyzer.tokens(text)
    again = Words(words._arrays(list(known.items())), known.version)
    assert first == PLAIN.tokens(text) == Analyzer(again).tokens(text)


def test_words_are_added_to_those_stored(stored: Path) -> None:
    known = words.opened(stored)
    before = len(known)
    known["новое"] = Form(("новый",), 0.5, (), True, ("нов-",), True)
    words.store(stored, known)
    again = words.opened(stored)
    assert len(again) == before + 1
    assert again.get("новое") == known.get("новое")
    assert again.get("саммит") == known.get("саммит")
    assert again.get("нет") is None
    assert len(list(stored.iterdir())) == 1


def test_words_of_another_analyzer_are_forgotten(stored: Path) -> None:
    known = words.opened(stored)
    known.of("another version")
    assert known.get("саммит") is None
    assert len(known) == 0


@pytest.mark.parametrize("harm", ["cut", "flipped", "missing"])
def test_damaged_words_are_forgotten(stored: Path, harm: str) -> None:
    (path,) = stored.glob("words-*/rows.npy")
    content = path.read_bytes()
    match harm:
        case "cut":
            path.write_bytes(content[:-1])
        case "flipped":
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case _:
            path.unlink()
    assert len(words.opened(stored)) == 0


def test_a_few_new_words_are_not_worth_the_writing() -> None:
    known = Words()
    assert not known.is_worth_storing()
    for number in range(3_000):
        known[str(number)] = Form(())
    assert known.is_worth_storing()
    assert len(known.taken()) == 3_000
    assert not known.is_worth_storing()
