"""Which part of a passage is shown: within the limit, at sentence ends, with a match in it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from razdel import sentenize

from bot.quotes import MAX_QUOTE, Quote, QuoteMismatch, best_span, quote_of, units
from retrieval.models import Hit, Passage, Span
from tests.builders import article, hit, passage

WORDS = re.compile(r"\w+")

words = st.text("абвгдёABC012", min_size=1, max_size=12)
odd_words = st.one_of(
    words, st.sampled_from(["😀", "👩‍🚀🇰🇿", "й\u0306", "𝔸𝔹", "«а»", "18,6", "т.е."])
)
sentences = st.builds(
    lambda first, rest, end: f"{first.capitalize()} {' '.join(rest)}{end}",
    words,
    st.lists(odd_words, min_size=1, max_size=40),
    st.sampled_from([".", ".", "?", "…", ""]),
)
paragraphs = st.builds(
    lambda parts, space: space.join(parts),
    st.lists(sentences, min_size=1, max_size=12),
    st.sampled_from([" ", "  ", "\u00a0 "]),
)
limits = st.integers(60, 400)


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    """A passage somewhere inside of an article, and some of its words as what matched."""
    before, text = draw(st.sampled_from(["", "Шапка\n\n", "😀 Шапка\n"])), draw(paragraphs)
    whole = Passage(article(f"{before}{text}\n\nХвост"), len(before), len(before) + len(text))
    tokens = [Span(*match.span()) for match in WORDS.finditer(before + text, len(before))]
    matched = draw(st.lists(st.sampled_from(tokens), unique=True, max_size=6))
    return Hit(whole, 1.0, tuple(sorted(matched)))


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("abc", 3), ("ёж", 2), ("😀", 2), ("а😀б", 4), ("🇰🇿", 4), ("й\u0306", 2)],
)
def test_units_are_utf_16(text: str, length: int) -> None:
    assert units(text) == length


def test_a_short_passage_is_quoted_whole() -> None:
    found = hit("Уран добывают. Нефть качают.", "Нефть")
    assert quote_of(found) == Quote(found.passage.article, Span(0, 28), found.spans)
    assert quote_of(found, limit=28).text == "Уран добывают. Нефть качают."


@pytest.mark.parametrize(
    ("limit", "matched", "shown", "cut"),
    [
        (27, ["Нефть"], "Нефть качают.", (True, False)),
        (27, ["Уран"], "Уран добывают.", (False, True)),
        (27, [], "Уран добывают.", (False, True)),
        (27, ["Уран", "Нефть", "качают"], "Нефть качают.", (True, False)),
        (10, ["Уран"], "Уран", (False, True)),
        (10, ["качают"], "качают.", (True, False)),
    ],
)
def test_the_sentences_with_most_matches_are_shown(
    limit: int, matched: list[str], shown: str, cut: tuple[bool, bool]
) -> None:
    quote = quote_of(hit("Уран добывают. Нефть качают.", *matched), limit)
    assert quote.text == shown
    assert (quote.cut_before, quote.cut_after) == cut
    assert [quote.article.text[slice(*word)] for word in quote.bold] == [
        word for word in matched if word in shown
    ]


def test_a_sentence_longer_than_the_limit_is_cut_around_its_first_match() -> None:
    text = "слово " * 100 + "уран " + "слово " * 100
    quote = quote_of(hit(text.strip(), "уран"), 60)
    assert re.fullmatch(r"(слово )+уран( слово)+", quote.text)
    assert quote.cut_before
    assert quote.cut_after
    assert len(quote.bold) == 1


def test_a_word_longer_than_the_limit_is_cut_at_the_limit() -> None:
    assert quote_of(hit("😀" * 100), 61).text == "😀" * 30


@pytest.mark.parametrize("space", ["\u00a0", "\t", "\u2009"])
def test_a_cut_falls_between_words_whatever_space_is_between_them(space: str) -> None:
    quote = quote_of(hit(space.join(["слово"] * 100), "слово"), 62)
    assert quote.text == space.join(["слово"] * 10)


def test_a_word_that_ends_at_the_limit_is_kept() -> None:
    assert quote_of(hit("один два три четыре", "один"), 8).text == "один два"


@given(hits(), limits)
def test_a_quote_is_a_slice_of_its_passage_within_the_limit(found: Hit, limit: int) -> None:
    quote = quote_of(found, limit)
    assert found.passage.start <= quote.span.start < quote.span.stop <= found.passage.stop
    assert quote.text == found.passage.article.text[quote.span.start : quote.span.stop]
    assert quote.text in found.passage.text
    assert units(quote.text) <= limit
    quote.check(quote.text)


@given(hits(), limits)
def test_a_quote_starts_and_stops_where_sentences_do(found: Hit, limit: int) -> None:
    """But for a single sentence that is longer than the limit: that is cut between words."""
    quote, base = quote_of(found, limit), found.passage.start
    pieces = list(sentenize(found.passage.text))
    if all(units(piece.text) <= limit for piece in pieces):
        assert quote.span.start in {base} | {base + piece.start for piece in pieces}
        assert quote.span.stop in {found.passage.stop} | {base + piece.stop for piece in pieces}
        assert quote.text == quote.text.strip()
    else:
        around = found.passage.article.text[quote.span.start - 1 : quote.span.stop + 1]
        assert quote.span.start == base or not around[0].isalnum() or not around[1].isalnum()


@given(hits(), limits)
def test_a_quote_holds_a_match_when_there_is_one(found: Hit, limit: int) -> None:
    quote = quote_of(found, limit)
    assert bool(quote.bold) == bool(found.spans)
    assert set(quote.bold) <= set(found.spans)
    for word in quote.bold:
        assert quote.span.start <= word.start < word.stop <= quote.span.stop


@given(hits(), limits)
def test_no_other_run_of_sentences_holds_more_matches(found: Hit, limit: int) -> None:
    pieces, base = list(sentenize(found.passage.text)), found.passage.start
    if units(found.passage.text) <= limit or any(units(one.text) > limit for one in pieces):
        return
    best = len(quote_of(found, limit).bold)
    text = found.passage.article.text
    for i, first in enumerate(pieces):
        for last in pieces[i:]:
            run = Span(base + first.start, base + last.stop)
            if units(text[slice(*run)]) <= limit:
                held = [one for one in found.spans if run.start <= one.start and one.stop <= run[1]]
                assert len(held) <= best


@given(hits(), limits)
def test_cuts_are_marked_where_something_is_left_out(found: Hit, limit: int) -> None:
    quote = quote_of(found, limit)
    assert quote.cut_before == (quote.span.start > found.passage.start)
    assert quote.cut_after == (quote.span.stop < found.passage.stop)


@given(st.text(max_size=60), st.data(), st.integers(8, 40))
def test_any_text_at_all_gives_a_slice_within_the_limit(
    text: str, data: st.DataObject, limit: int
) -> None:
    """What people save as articles is hostile: nothing but spaces, marks, emoji, half a word."""
    text = f"x{text}"
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    matched = tuple(Span(*edge) for edge in zip(edges[::2], edges[1::2], strict=False))
    span = best_span(text, Span(0, len(text)), matched, limit)
    assert 0 <= span.start < span.stop <= len(text)
    assert units(text[span.start : span.stop]) <= limit


@pytest.mark.parametrize(
    "shown",
    ["", "нефть качают.", "Нефть  качают.", "Нефть качают. ", "Нефть качают", "Hефть качают."],
)
def test_a_text_that_differs_in_anything_is_refused(shown: str) -> None:
    source = article("Уран добывают. Нефть качают.", id_="b.txt")
    quote = Quote(source, Span(15, 28))
    quote.check("Нефть качают.")
    with pytest.raises(QuoteMismatch, match=r"b\.txt: "):
        quote.check(shown)


@given(paragraphs, st.data())
def test_one_changed_character_anywhere_is_refused(text: str, data: st.DataObject) -> None:
    quote = quote_of(Hit(passage(text), 1.0, ()))
    place = data.draw(st.integers(0, len(quote.text) - 1))
    other = data.draw(st.characters(exclude_characters=quote.text[place]))
    with pytest.raises(QuoteMismatch):
        quote.check(quote.text[:place] + other + quote.text[place + 1 :])


def test_an_empty_quote_is_refused() -> None:
    with pytest.raises(QuoteMismatch):
        Quote(article("Уран"), Span(2, 2)).check("")


def test_three_of_the_longest_quotes_leave_room_for_their_bylines() -> None:
    assert 3 * MAX_QUOTE < 4096 - 3 * 300
