"""Marks stay on their words: in characters while composed, in UTF-16 units when sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import replies
from bot.message import (
    MAX_ENTITIES,
    Button,
    Composer,
    Mark,
    MarkKind,
    Reply,
    joined,
    shortened,
    split,
    within_limit,
)
from bot.quotes import Quote, QuoteMismatch, units
from retrieval.models import Span
from tests.builders import article, quote

KINDS: tuple[MarkKind, ...] = (
    "bold",
    "underline",
    "blockquote",
    "expandable_blockquote",
    "text_link",
)

emoji_text = st.text(st.one_of(st.sampled_from("аб😀🇰𝔸 \n"), st.characters(codec="utf-8")))


def sliced(text: str, offset: int, length: int) -> str:
    """A stretch of a text as Telegram takes it: in UTF-16 units."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


@st.composite
def composed(draw: st.DrawFn) -> tuple[Reply, list[str]]:
    """A reply put together from pieces, and what each mark is meant to stand on."""
    message, marked = Composer(), []
    for _ in range(draw(st.integers(1, 8))):
        piece, kind = draw(emoji_text), draw(st.sampled_from([None, *KINDS]))
        message.line(piece, kind, "https://a.kz" if kind == "text_link" else None)
        marked += [piece] if kind and piece else []
    message.line("конец")
    return message.reply(), marked


@given(composed())
def test_every_entity_stands_on_its_own_piece(given_: tuple[Reply, list[str]]) -> None:
    reply, marked = given_
    sent = [sliced(reply.text, entity.offset, entity.length) for entity in replies.entities(reply)]
    assert sent == marked


@given(composed())
def test_every_entity_lies_within_the_text(given_: tuple[Reply, list[str]]) -> None:
    reply, _ = given_
    for entity in replies.entities(reply):
        assert entity.offset >= 0
        assert entity.length > 0
        assert entity.offset + entity.length <= units(reply.text)


def test_entities_carry_their_kind_and_their_link() -> None:
    message = Composer()
    message.line("😀")
    message.line("ссылка", "text_link", "https://a.kz")
    (entity,) = replies.entities(message.reply())
    assert (entity.type, entity.offset, entity.length) == ("text_link", 3, 6)
    assert entity.url == "https://a.kz"


def test_a_quote_is_marked_with_what_matched_in_it() -> None:
    source = article("Шапка 😀\nУран добывают. Нефть качают.")
    message = Composer()
    message.line("😀")
    message.quote(Quote(source, Span(8, 22), (Span(8, 12),), cut_after=True))
    message.line("— Zakon.kz")
    reply = message.reply()
    assert reply.text == "😀\nУран добывают. […]\n— Zakon.kz"
    assert [(e.type, sliced(reply.text, e.offset, e.length)) for e in replies.entities(reply)] == [
        ("blockquote", "Уран добывают. […]"),
        ("bold", "Уран"),
    ]
    reply.check()


def test_a_cut_at_the_front_is_marked_and_checked() -> None:
    source = article("Уран добывают. Нефть качают.")
    message = Composer()
    message.quote(Quote(source, Span(15, 28), (Span(21, 27),), cut_before=True))
    reply = message.reply()
    assert reply.text == "[…] Нефть качают."
    assert [reply.text[mark.start : mark.stop] for mark in reply.marks] == [reply.text, "качают"]
    reply.check()


def test_an_answer_is_underlined_across_what_is_bold() -> None:
    source = article("😀 В 2024 году уран дорожал. Нефть дешевела.")
    message = Composer()
    bold, underlined = (Span(4, 8), Span(14, 18)), (Span(4, 13),)
    message.quote(Quote(source, Span(2, 27), bold, True, True, underlined))
    reply = message.reply()
    assert [(e.type, sliced(reply.text, e.offset, e.length)) for e in replies.entities(reply)] == [
        ("blockquote", "[…] В 2024 году уран дорожал. […]"),
        ("bold", "2024"),
        ("bold", "уран"),
        ("underline", "2024 году"),
    ]
    reply.check()


@pytest.mark.parametrize(
    ("room", "text"),
    [
        (15, "Уран\nНефть\n😀"),
        (14, "Уран\nНефть\n😀"),
        (13, "Уран\nНефть\nи ещё 1"),
        (10, "Уран\nи ещё 2"),
        (4, "и ещё 3"),
    ],
)
def test_of_lines_that_do_not_fit_the_number_is_said(room: int, text: str) -> None:
    message = Composer()
    message.lines(["Уран", "Нефть", "😀"], room)
    assert message.reply().text == text


@pytest.mark.parametrize(("length", "kind"), [(600, "blockquote"), (601, "expandable_blockquote")])
def test_a_long_quote_is_folded(length: int, kind: MarkKind) -> None:
    message = Composer()
    message.quote(quote(article("у" * length)))
    assert [mark.kind for mark in message.reply().marks] == [kind]


def test_a_reply_whose_quote_was_touched_is_refused() -> None:
    message = Composer()
    message.quote(quote(article("Уран добывают.")))
    reply = message.reply()
    for text in (f" {reply.text}", reply.text.replace("У", "у"), reply.text[:-1], ""):
        with pytest.raises(QuoteMismatch):
            Reply(text, quotes=reply.quotes).check()


def test_the_second_quote_is_checked_as_well() -> None:
    message = Composer()
    message.quote(quote(article("Уран добывают.")))
    message.quote(quote(article("Нефть качают.")))
    reply = message.reply()
    reply.check()
    with pytest.raises(QuoteMismatch):
        Reply(reply.text.replace("Нефть", "Газ"), quotes=reply.quotes).check()


@pytest.mark.parametrize(
    ("text", "words", "stretches"),
    [
        ("уран и нефть", [(0, 4)], ["уран"]),
        ("уран нефть газ", [(0, 4), (5, 10)], ["уран нефть"]),
        ("уран  нефть", [(0, 4), (6, 11)], ["уран  нефть"]),
        ("уран, нефть", [(0, 4), (6, 11)], ["уран", "нефть"]),
        ("уран\nнефть", [(0, 4), (5, 10)], ["уран", "нефть"]),
        ("уран-235", [(0, 8), (5, 8)], ["уран-235"]),
        ("уран", [], []),
    ],
)
def test_neighbours_become_one_stretch(
    text: str, words: list[tuple[int, int]], stretches: list[str]
) -> None:
    found = joined(text, [Span(*word) for word in words])
    assert [text[slice(*stretch)] for stretch in found] == stretches


def bolds(number: int) -> list[Mark]:
    return [Mark(place, place + 1, "bold") for place in range(number)]


@pytest.mark.parametrize("bold", [0, 97, 98, 99, 500])
def test_bold_gives_way_when_there_are_too_many_marks(bold: int) -> None:
    others = [Mark(0, 9, "blockquote"), Mark(3, 5, "underline")]
    kept = within_limit([others[0], *bolds(bold), others[1]])
    assert kept == (others[0], *bolds(min(bold, MAX_ENTITIES - 2)), others[1])


def test_rows_without_buttons_are_left_out() -> None:
    button = Button("Ещё", "m1")
    assert Composer("текст").reply([[], [button], []]).buttons == ((button,),)


def test_a_keyboard_has_the_buttons_of_the_reply_row_by_row() -> None:
    rows = ((Button("Контекст", "c1"), Button("Статья", "a1")), (Button("Ещё", "m1"),))
    keyboard = replies.keyboard(Reply("текст", buttons=rows))
    assert keyboard == {
        "inline_keyboard": [
            [
                {"text": "Контекст", "callback_data": "c1"},
                {"text": "Статья", "callback_data": "a1"},
            ],
            [{"text": "Ещё", "callback_data": "m1"}],
        ]
    }
    assert replies.keyboard(Reply("текст")) is None


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Уран", 4, "Уран"),
        ("Уран и нефть", 11, "Уран и…"),
        ("Уран, нефть", 8, "Уран…"),
        ("Уран — это нефть", 8, "Уран…"),
        ("Длинноеслово", 5, "Длин…"),
        ("  Уран\n\n и\tнефть ", 20, "Уран и нефть"),
        ("Уран\u2028нефть", 20, "Уран нефть"),
        ("Уран \ud83d", 20, "Уран ?"),
        ("", 5, ""),
    ],
)
def test_a_shortened_text_is_one_line_cut_between_words(text: str, limit: int, short: str) -> None:
    assert shortened(text, limit) == short


@given(st.text(), st.integers(2, 30))
def test_a_shortened_text_keeps_to_the_limit(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short.split() == short.split(" ") or not short
    short.encode()


@pytest.mark.parametrize(
    ("text", "limit", "first", "pieces"),
    [
        ("Уран", 4, 4, ["Уран"]),
        ("Уран\nНефть", 9, 9, ["Уран", "Нефть"]),
        ("Уран\n\nНефть\n\nГаз", 10, 10, ["Уран", "Нефть\n\nГаз"]),
        ("Уран\n\nНефть\n\nГаз", 11, 11, ["Уран\n\nНефть", "Газ"]),
        ("Уран\nНефть Газ", 9, 5, ["Уран", "Нефть Газ"]),
        ("Уран Нефть Газ", 10, 10, ["Уран Нефть", "Газ"]),
        ("УранНефть", 4, 4, ["Уран", "Нефт", "ь"]),
        ("😀😀😀", 4, 3, ["😀", "😀😀"]),
        ("У\nранНефтьГаз", 8, 8, ["У\nранНеф", "тьГаз"]),
    ],
)
def test_a_text_is_split_between_paragraphs_else_between_words(
    text: str, limit: int, first: int, pieces: list[str]
) -> None:
    assert split(text, limit, first) == pieces


@given(emoji_text.map(str.strip).filter(bool), st.integers(2, 40), st.integers(2, 40))
def test_no_piece_is_empty_or_over_its_limit_and_nothing_is_lost(
    text: str, limit: int, first: int
) -> None:
    pieces = split(text, limit, first)
    assert all(piece.strip() for piece in pieces)
    rooms = [first, *[limit] * (len(pieces) - 1)]
    assert all(units(piece) <= room for piece, room in zip(pieces, rooms, strict=True))
    assert "".join("".join(pieces).split()) == "".join(text.split())
    place = 0
    for piece in pieces:
        assert text[place:].lstrip().startswith(piece)
        place = text.index(piece, place) + len(piece)
