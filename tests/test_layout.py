"""Lines and paragraphs of plain texts."""

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.layout import paragraphs

LONG = (
    "Президент Казахстана прибыл в Токио с официальным визитом и был принят императором Нарухито"
    " во дворце. Беседа прошла в тёплой обстановке, после неё состоялся обед. Стороны обсудили"
    " энергетику, торговлю и водные ресурсы региона."
)


def texts(text: str) -> list[str]:
    return [text[span.start : span.stop] for span in paragraphs(text)]


@pytest.mark.parametrize("width", [50, 60, 72, 80, 100])
def test_a_text_wrapped_at_a_width_is_one_paragraph_a_block(width: int) -> None:
    block = textwrap.fill(LONG, width)
    assert texts(f"{block}\n\n{block}\n") == [block, block]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Раз.\nДва.\n\nТри.", ["Раз.", "Два.", "Три."]),
        ("  Раз.  \n\t\n Два. ", ["Раз.", "Два."]),
        (f"Заголовок\n{LONG}", ["Заголовок", LONG]),
        (f"{LONG}\n{LONG}", [LONG, LONG]),
        ("первое;\nвторое;\nтретье.", ["первое;", "второе;", "третье."]),
        ("пшеница\nячмень\nрис", ["пшеница", "ячмень", "рис"]),
        (f"{LONG[:80]}\n{LONG[81:]}", [f"{LONG[:80]}\n{LONG[81:]}"]),
        (
            "Токио принял гостей.\nКиото принял гостей.",
            ["Токио принял гостей.", "Киото принял гостей."],
        ),
        ("", []),
        (" \n \n", []),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_an_indent_begins_a_paragraph_of_a_wrapped_text() -> None:
    block = textwrap.fill(LONG, 60)
    assert texts(f"    {block}\n    {block}") == [block, block]


def test_a_turn_begins_a_paragraph_of_a_wrapped_text() -> None:
    turn = textwrap.fill(f"— {LONG}", 60)
    assert texts(f"{turn}\n{turn}") == [turn, turn]


@given(st.lists(st.sampled_from(["а", "Б.", " ", "\n", "\n\n", "— ", LONG]) | st.text(max_size=9)))
def test_paragraphs_are_ordered_stripped_and_hold_all_that_is_visible(parts: list[str]) -> None:
    text = "".join(parts)
    found = paragraphs(text)
    assert all(
        text[span.start : span.stop].strip() == text[span.start : span.stop] for span in found
    )
    assert all(one.stop < other.start for one, other in pairwise(found))
    assert "".join("".join(texts(text)).split()) == "".join(text.split())
