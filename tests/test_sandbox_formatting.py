"""Texts with entities as the sandbox keeps them: UTF-16, trimming, what may nest, what is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.detect import found, with_found
from bot.sandbox.formatting import FORMATS, MAX_ENTITIES, Entity, Text, tidy, units
from bot.sandbox.wire import BadRequest

B, Q, X = "bold", "blockquote", "expandable_blockquote"

Span = tuple[str, int, int]


def spans(text: Text) -> list[Span]:
    return [(entity.type, entity.offset, entity.length) for entity in text.entities]


def entities(*given: Span) -> list[Entity]:
    return [Entity(*each) for each in given]


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("abc", 3), ("ёж", 2), ("😀", 2), ("a😀b", 4), ("👨‍👩‍👧", 8)]
)
def test_length_is_in_utf16_units(text: str, length: int) -> None:
    assert units(text) == length == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "given_spans", "kept", "kept_spans"),
    [
        ("  ab\n ", [(B, 2, 2)], "ab", [(B, 0, 2)]),
        ("  ab\n ", [(B, 0, 6)], "ab", [(B, 0, 2)]),
        ("ab  cd", [(B, 1, 4)], "ab  cd", [(B, 1, 4)]),
        ("ab  cd", [(B, 2, 4)], "ab  cd", [(B, 4, 2)]),
        ("ab  cd", [(B, 2, 2)], "ab  cd", []),
        ("ab", [(B, 0, 0)], "ab", []),
        ("a\r\nb", [(B, 3, 1)], "a\nb", [(B, 2, 1)]),
        ("a\tb", [(B, 2, 1)], "a b", [(B, 2, 1)]),
        ("a\u202eb", [(B, 2, 1)], "ab", [(B, 1, 1)]),
        ("😀ab", [(B, 2, 2)], "😀ab", [(B, 2, 2)]),
        ("abcdef", [(Q, 0, 6), (Q, 2, 2)], "abcdef", [(Q, 0, 6)]),
        ("abcdef", [(Q, 0, 6), (X, 0, 3)], "abcdef", [(Q, 0, 6)]),
        ("abcdef", [(X, 0, 3), (Q, 3, 3)], "abcdef", [(X, 0, 3), (Q, 3, 3)]),
        ("abcdef", [(B, 0, 2), (B, 2, 2)], "abcdef", [(B, 0, 4)]),
        ("abcdef", [(Q, 0, 4), (B, 2, 4)], "abcdef", [(Q, 0, 4), (B, 2, 2), (B, 4, 2)]),
        ("abcdef", [(Q, 0, 4), ("code", 2, 4)], "abcdef", [(Q, 0, 4)]),
        ("abcdef", [("code", 0, 4), ("text_link", 1, 1)], "abcdef", [("code", 0, 4)]),
        ("abcdef", [("italic", 0, 6), (B, 0, 6)], "abcdef", [(B, 0, 6), ("italic", 0, 6)]),
        ("\u00a0a", [], "\u00a0a", []),
    ],
)
def test_texts_are_tidied(
    text: str, given_spans: list[Span], kept: str, kept_spans: list[Span]
) -> None:
    result = tidy(text, entities(*given_spans))
    assert (result.text, spans(result)) == (kept, kept_spans)


@pytest.mark.parametrize(
    ("text", "span", "error"),
    [
        ("👉", (B, 1, 1), "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        (
            "👉 👉",
            (B, 0, 1),
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol "
            "at byte offset 4",
        ),
        (
            "aba caba",
            (B, 3, 6),
            "entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 9",
        ),
        ("aba caba", (B, 9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
        ("aba caba", (B, -1, 1), "receive an entity with incorrect offset -1"),
        ("aba caba", (B, 0, -1), "receive an entity with incorrect length -1"),
        ("a", (B, 0, 1_000_001), "receive an entity with incorrect length 1000001"),
        ("\ud800", (B, 0, 1), "strings must be encoded in UTF-8"),
    ],
)
def test_wrong_entities_are_refused(text: str, span: Span, error: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        tidy(text, entities(span))
    assert refusal.value.description == f"Bad Request: {error}"


def test_entities_after_the_hundredth_are_dropped() -> None:
    text = "a " * 150
    result = tidy(text, [Entity("code", 2 * place, 1) for place in range(150)])
    assert len(result.entities) == MAX_ENTITIES
    assert result.entities[-1].offset == 198


TEXTS = st.text(st.sampled_from("ab \n\r\tё😀\u202e"), max_size=30)


@st.composite
def formatted(draw: st.DrawFn) -> tuple[str, list[Entity]]:
    """A text and entities at borders of its characters."""
    text = draw(TEXTS)
    places = st.integers(0, len(text)).map(lambda place: units(text[:place]))
    borders = draw(st.lists(st.tuples(st.sampled_from(FORMATS), places, places), max_size=8))
    return text, [Entity(kind, min(a, b), abs(a - b)) for kind, a, b in borders]


@given(formatted())
def test_what_is_kept_is_clean(case: tuple[str, list[Entity]]) -> None:
    result = tidy(*case)
    assert result.text == result.text.strip(" \n")
    assert not set(result.text) & set("\r\t\u202e")
    for entity in result.entities:
        assert 0 <= entity.offset < entity.stop <= units(result.text)
        piece = result.text.encode("utf-16-le")[2 * entity.offset : 2 * entity.stop]
        assert piece.decode("utf-16-le").strip(" \n")


@given(formatted())
def test_entities_nest_and_blockquotes_do_not(case: tuple[str, list[Entity]]) -> None:
    kept = tidy(*case).entities
    for place, one in enumerate(kept):
        for other in kept[place + 1 :]:
            apart = other.offset >= one.stop
            assert apart or other.stop <= one.stop
            assert apart or not {one.type, other.type} <= {Q, X}


@given(formatted())
def test_tidying_again_changes_nothing(case: tuple[str, list[Entity]]) -> None:
    once = tidy(*case)
    assert tidy(once.text, once.entities) == once


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("/start", [("bot_command", "/start")]),
        ("😀 /ask@doslovno_bot что", [("bot_command", "/ask@doslovno_bot")]),
        ("и/или 1/2 a/b //x /привет", []),
        ("привет, @anna!", [("mention", "@anna")]),
        ("почта a.b@example.kz тут", [("email", "a.b@example.kz")]),
        ("см. https://zakon.kz/a?b=1, там", [("url", "https://zakon.kz/a?b=1")]),
        ("сообщает Zakon.kz.", [("url", "Zakon.kz")]),
        ("(https://ru.wikipedia.org/wiki/A_(B))", [("url", "https://ru.wikipedia.org/wiki/A_(B)")]),
        ("#новости и #2025 и a#b", [("hashtag", "#новости")]),
        ("18.6 млрд, т.е. много", []),
        ("/a /b", [("bot_command", "/a"), ("bot_command", "/b")]),
    ],
)
def test_entities_are_found(text: str, pieces: list[tuple[str, str]]) -> None:
    wide = text.encode("utf-16-le")
    seen = [(e.type, wide[2 * e.offset : 2 * e.stop].decode("utf-16-le")) for e in found(text)]
    assert seen == pieces


@pytest.mark.parametrize(
    ("text", "given_spans", "kept"),
    [
        ("/ask", [("code", 0, 4)], [("code", 0, 4)]),
        ("/ask", [(B, 0, 4)], [("bot_command", 0, 4), (B, 0, 4)]),
        ("a.kz b", [(Q, 0, 2)], [(Q, 0, 2)]),
        ("a.kz b", [(Q, 0, 6)], [(Q, 0, 6), ("url", 0, 4)]),
    ],
)
def test_what_is_found_gives_way_to_formatting(
    text: str, given_spans: list[Span], kept: list[Span]
) -> None:
    assert spans(with_found(Text(text, tuple(entities(*given_spans))))) == kept
