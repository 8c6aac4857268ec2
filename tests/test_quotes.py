"""Which part of a passage is shown: from the sentence that answers on, within the limit."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quotes import MAX_QUOTE, Quote, QuoteMismatch, best_span, quote_of, units
from retrieval.focusing.sentences import sentences as sentences_of
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
    answering = draw(st.none() | st.sampled_from(sentences_in(whole)))
    answer = tuple(word for word in matched if answering and word in inside(answering, tokens))
    return Hit(whole, 1.0, tuple(sorted(matched)), answering, answer[:1])


def sentences_in(whole: Passage) -> list[Span]:
    """The sentences of a passage as spans of its article."""
    return [Span(whole.start + a, whole.start + b) for a, b in sentences_of(whole.text)]


def inside(outer: Span, spans: Iterable[Span]) -> list[Span]:
    return [span for span in spans if outer.start <= span.start and span.stop <= outer.stop]


def answered(text: str, sentence: str, *words: str, answer: str = "") -> Hit:
    """A hit whose sentence and answer are these parts of its text."""
    start = text.index(sentence)
    place = text.index(answer)
    spans = (Span(place, place + len(answer)),) if answer else ()
    return replace(hit(text, *words), sentence=Span(start, start + len(sentence)), answer=spans)


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
        (10, ["качают"], "Нефть", (True, True)),
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


def test_a_sentence_longer_than_the_limit_is_cut_at_its_end_only() -> None:
    text = "слово " * 100 + "уран " + "слово " * 100
    quote = quote_of(hit(text.strip(), "уран"), 60)
    assert quote.text == " ".join(["слово"] * 10)
    assert not quote.cut_before
    assert quote.cut_after
    assert not quote.bold


FOUR = "Уран добывают. Нефть качают. Газ жгут. Рожь сеют."


@pytest.mark.parametrize(
    ("sentence", "limit", "shown", "cut"),
    [
        ("Уран добывают.", 900, FOUR, (False, False)),
        ("Нефть качают.", 900, "Нефть качают. Газ жгут. Рожь сеют.", (True, False)),
        ("Нефть качают.", 25, "Нефть качают. Газ жгут.", (True, True)),
        ("Газ жгут.", 12, "Газ жгут.", (True, True)),
        ("Рожь сеют.", 900, "Рожь сеют.", (True, False)),
        ("Нефть качают.", 8, "Нефть", (True, True)),
    ],
)
def test_a_quote_begins_with_the_sentence_that_answers(
    sentence: str, limit: int, shown: str, cut: tuple[bool, bool]
) -> None:
    quote = quote_of(answered(FOUR, sentence), limit)
    assert quote.text == shown
    assert (quote.cut_before, quote.cut_after) == cut


@pytest.mark.parametrize(
    "sentence",
    [
        "Он вырос на треть.",
        "При этом цена вдвое упала.",
        "Там живут люди.",
        "По его словам, всё идёт хорошо.",
        "«Это успех», — сказал министр.",
        "— Поэтому мы здесь.",
    ],
)
def test_a_sentence_that_points_back_is_quoted_with_the_one_before_it(sentence: str) -> None:
    text = f"Вступление. Экспорт урана растёт. {sentence} Конец."
    assert quote_of(answered(text, sentence)).text == f"Экспорт урана растёт. {sentence} Конец."
    short = len(sentence) + 2
    assert quote_of(answered(text, sentence), short).text == sentence


@pytest.mark.parametrize(
    "sentence", ["Онлайн-торги растут.", "Тактика сработала.", "Там-тамы бьют."]
)
def test_a_word_that_only_looks_so_does_not_point_back(sentence: str) -> None:
    assert quote_of(answered(f"Экспорт растёт. {sentence}", sentence)).text == sentence


def test_the_answer_is_underlined_where_it_is_shown() -> None:
    text = "Уран добывают. В 2024 году нефть качали."
    found = answered(text, "В 2024 году нефть качали.", "нефть", answer="2024 году")
    quote = quote_of(found)
    assert [text[slice(*one)] for one in quote.underlined] == ["2024 году"]
    assert [text[slice(*one)] for one in quote.bold] == ["нефть"]
    assert quote_of(found, 6).underlined == ()


def test_a_quotation_is_not_parted_where_it_began_in_mid_sentence() -> None:
    text = "Уран растёт. Министр сказал: «Мы рады. Будет больше». Все хлопали."
    found = replace(hit(text, "больше"), sentence=None)
    assert quote_of(found, 45).text == "Министр сказал: «Мы рады. Будет больше»."


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
    """But for a single sentence that is longer than the limit: that ends between words."""
    quote, base = quote_of(found, limit), found.passage.start
    text = found.passage.article.text
    pieces = sentences_in(found.passage)
    assert quote.span.start in {base} | {piece.start for piece in pieces}
    assert quote.text == quote.text.strip()
    if all(units(text[slice(*piece)]) <= limit for piece in pieces):
        assert quote.span.stop in {found.passage.stop} | {piece.stop for piece in pieces}


@given(hits(), limits)
def test_bold_and_underlined_words_lie_in_the_quote(found: Hit, limit: int) -> None:
    quote = quote_of(found, limit)
    assert list(quote.bold) == inside(quote.span, found.spans)
    assert list(quote.underlined) == inside(quote.span, found.answer)


@given(hits(), limits)
def test_the_sentence_that_answers_is_in_the_quote_whole(found: Hit, limit: int) -> None:
    """But for one that is longer than the limit; at most one other stands before it."""
    quote, answering = quote_of(found, limit), found.sentence
    if answering is None:
        return
    before = [one for one in sentences_in(found.passage) if one.stop <= answering.start]
    assert quote.span.start in {answering.start, *(one.start for one in before[-1:])}
    if units(found.passage.article.text[slice(*answering)]) <= limit:
        assert quote.span.stop >= answering.stop


@given(hits(), limits)
def test_where_no_sentence_answers_no_other_run_holds_more_matches(found: Hit, limit: int) -> None:
    pieces, text = sentences_in(found.passage), found.passage.article.text
    if found.sentence or units(found.passage.text) <= limit:
        return
    if any(units(text[slice(*one)]) > limit for one in pieces):
        return
    best = len(quote_of(found, limit).bold)
    for i, first in enumerate(pieces):
        for last in pieces[i:]:
            run = Span(first.start, last.stop)
            if units(text[slice(*run)]) <= limit:
                assert len(inside(run, found.spans)) <= best


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
