"""How a question was read, above its quotes; why there are none; other ways to ask, as buttons."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import render, texts
from bot.message import Reply
from bot.outcome import Outcome, Reach
from bot.quotes import Quote, quote_of
from bot.render.offers import MAX_LABEL, Offer
from bot.texts import answers as said
from retrieval.analyzer import Analyzer, Token
from retrieval.asking.filters import Fault, Filter
from retrieval.asking.periods import Period
from retrieval.found import Confidence, Correction, Found, Sighting
from retrieval.models import Hit, PartialDate, Passage, Span
from retrieval.query import Phrase, Query
from tests.builders import article, quote
from tests.test_render import HOSTILE, LARGEST_ID, hostile, names, sendable, shown

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
ANALYZER = Analyzer()
REACH = Reach(5, PartialDate(2025, 8), PartialDate(2025, 12, 21))
MARKET = quote(article("Рынок открыли.", title="Рынок"))
DECEMBER = Period(date(2025, 12, 1), date(2025, 12, 31))


def query(text: str = "рынок шерсти", **fields: Any) -> Query:
    return replace(Query(text, tuple(ANALYZER.tokens(text, any_case=True))), **fields)


def outcome(asked: Query | None = None, *quotes: Quote, **found: Any) -> Outcome:
    """The quotes as hits; other fields of `Found` by name."""
    hits = tuple(Hit(Passage(one.article, *one.span), 1.0, ()) for one in quotes)
    sure = Confidence.SURE if quotes else Confidence.NONE
    return Outcome(asked or query(), replace(Found(hits, sure), **found), REACH, tuple(quotes))


def lines(*notes: render.Note) -> list[tuple[str, str | None]]:
    return [(note.text, note.kind) for note in notes]


def word(text: str, inside: str) -> Token:
    start = inside.index(text)
    return Token(start, start + len(text), (text,))


# Above the quotes


TWO = (Correction("кашоган", "Кашаган"), Correction("импиратор", "император"))
FILTERS = (
    Filter("source", "источник:trend", None, "trend"),
    Filter("after", "после:2025-12", Period(date(2025, 12, 1), date.max)),
)
RAW = Phrase("сырая шерсть", (), Span(5, 17), strict=True)
COMPOUND = (
    Token(1, 9, ("веб-сайт",)),
    Token(1, 4, ("веб",)),
    Token(5, 9, ("сайт",)),
    Token(11, 16, ("китай",)),
)


@pytest.mark.parametrize(
    ("came", "notes"),
    [
        (outcome(None, MARKET), []),
        (
            outcome(None, MARKET, corrections=TWO[:1]),
            [("Показано по запросу «Кашаган».", None)],
        ),
        (
            outcome(None, MARKET, corrections=TWO),
            [("Показано по запросу «Кашаган, император».", None)],
        ),
        (
            outcome(None, MARKET, confidence=Confidence.WEAK),
            [("Возможно, по теме:", None)],
        ),
        (
            outcome(query(filters=FILTERS), MARKET),
            [("Только источник: trend; только с 1 декабря 2025\u00a0г.", "italic")],
        ),
        (
            outcome(query("рынок -Китай", without=(word("Китай", "рынок -Китай"),)), MARKET),
            [("Без слова: Китай.", "italic")],
        ),
        (
            outcome(query("-веб-сайт -Китай", without=COMPOUND), MARKET),
            [("Без слов: веб-сайт, Китай.", "italic")],
        ),
        (
            outcome(query(periods=(DECEMBER,)), MARKET),
            [("Сначала — за декабрь 2025\u00a0г.", "italic")],
        ),
        (
            outcome(
                query(phrases=(Phrase("средний коридор", (), Span(0, 1), strict=True),)), MARKET
            ),
            [("Только подряд: «средний коридор».", "italic")],
        ),
        (outcome(query(phrases=(Phrase("коридор", (), Span(0, 1)),)), MARKET), []),
        (
            outcome(query(faults=(Fault("дата:2025-13", "date"),)), MARKET),
            [("Не понял «дата:2025-13», ищу как слова. Пример: дата:2025-12.", "italic")],
        ),
    ],
)
def test_how_a_question_was_read_stands_above_the_quotes(
    came: Outcome, notes: list[tuple[str, str | None]]
) -> None:
    assert lines(*render.notes(came)) == notes


def test_the_correction_comes_first_and_doubt_stands_next_to_the_quotes() -> None:
    asked = query(filters=FILTERS[:1])
    came = outcome(asked, MARKET, corrections=TWO[:1], confidence=Confidence.WEAK)
    reply = render.answer([MARKET], [7], notes=render.notes(came))
    assert reply.text.startswith(
        "Показано по запросу «Кашаган».\nТолько источник: trend.\nВозможно, по теме:\n\n"
        "Рынок открыли.\n— "
    )
    assert ("italic", "Только источник: trend.") in [
        (mark.kind, shown(reply, mark)) for mark in reply.marks
    ]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("text", ["у" * 5000, "😀" * 5000, "Шерсть моют там. " * 500])
def test_three_of_the_longest_quotes_fit_below_the_longest_notes(text: str, name: str) -> None:
    source = hostile(text.strip(), name)
    found = quote_of(Hit(Passage(source, 0, len(source.text)), 1.0, ()))
    cut = Quote(source, found.span, (), cut_before=True, cut_after=True)
    asked = query(
        filters=tuple(Filter("source", name, None, name) for _ in range(9)),
        faults=tuple(Fault(name, "unknown_filter") for _ in range(9)),
    )
    fixed = (Correction(name, name),) * 9
    came = outcome(asked, MARKET, corrections=fixed, confidence=Confidence.WEAK)
    offered = render.offer_buttons(render.offers(came), [LARGEST_ID] * 3)
    reply = render.answer(
        [cut] * 3, [LARGEST_ID] * 3, LARGEST_ID, notes=render.notes(came), offered=offered
    )
    assert sendable(reply)
    assert len(reply.quotes) == 3


# No quotes


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("Где шерсть?", None),
        ("ё", None),
        ("2025", None),
        ("у" * 1000, None),
        ("у" * 1001, texts.too_long(1001, 1000)),
        ("", texts.EMPTY_QUESTION),
        ("   \n", texts.EMPTY_QUESTION),
        ("?!…", texts.EMPTY_QUESTION),
        ("😀", texts.EMPTY_QUESTION),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_why(question: str, complaint: str | None) -> None:
    assert render.complaint(question) == complaint


def test_an_empty_archive_is_said() -> None:
    came = replace(outcome(), reach=Reach(0))
    assert render.refusal(came, NOW) == Reply(texts.EMPTY_ARCHIVE)


WORDS = (
    Sighting("рынке", ("рынок",), 3),
    Sighting("Марубени", ("марубени-", "marubeni"), 1),
    Sighting("шерсть", ("шерсть",), 0),
)


def test_a_refusal_says_what_was_searched_and_by_which_words() -> None:
    came = outcome(words=WORDS, emptied="шерсть")
    assert render.refusal(came, NOW).text == (
        "По этому вопросу в архиве ничего не найдено.\n\n"
        "Я искал в 5 статьях (август 2025\u00a0г. — 21 декабря 2025\u00a0г.), "
        "архив загружен 22 ноября 2026\u00a0г., 14:05.\n"
        "Слова: рынке (рынок), Марубени (Marubeni), шерсть.\n"
        "Слова «шерсть» в архиве нет."
    )


@pytest.mark.parametrize(
    ("came", "line"),
    [
        (outcome(words=WORDS, emptied="рынке"), "Без слова «рынке» ответ есть."),
        (
            outcome(query("шерсть источник:trend", filters=FILTERS), emptied="источник:trend"),
            "Без условия «источник:trend» ответ есть.",
        ),
        (
            outcome(
                query("рынке -шерсть", without=(word("шерсть", "рынке -шерсть"),)),
                emptied="-шерсть",
            ),
            "Без условия «-шерсть» ответ есть.",
        ),
        (
            outcome(words=(WORDS[2], Sighting("войлок", ("войлок",), 0)), emptied="войлок"),
            "Без слова «войлок» ответ есть.",
        ),
        (
            outcome(words=(WORDS[2], Sighting("войлок", ("войлок",), 0))),
            "Слов «шерсть», «войлок» в архиве нет.",
        ),
        (
            outcome(query('где "сырая шерсть"', phrases=(RAW,)), emptied='"сырая шерсть"'),
            "Но есть ответ по запросу «где сырая шерсть».",
        ),
        (replace(outcome(), instead=TWO), "Но есть ответ по запросу «Кашаган, император»."),
        (outcome(query(filters=FILTERS[:1])), "Только источник: trend."),
        (outcome(Query("а и но")), said.NO_WORDS),
        (
            outcome(Query("-Китай", faults=(Fault("-Китай", "minus"),))),
            "Одних минус-слов мало: нужно и слово, которое искать. Пример: визит -Китай.",
        ),
    ],
)
def test_a_refusal_says_what_emptied_the_result(came: Outcome, line: str) -> None:
    assert line in render.refusal(came, NOW).text.split("\n")


def test_a_dateless_archive_has_no_dates() -> None:
    text = render.refusal(replace(outcome(), reach=Reach(1)), NOW).text
    assert "Я искал в 1 статье, архив загружен" in text


def test_the_nearest_is_a_button_or_without_the_database_a_name() -> None:
    came = replace(outcome(), nearest=MARKET)
    (row,) = render.refusal(came, NOW, 7).buttons
    assert [(button.label, button.data) for button in row] == [("Ближайшее: «Рынок»", "n7")]
    assert MARKET.text not in render.refusal(came, NOW, 7).text
    named = render.refusal(came, NOW)
    assert named.text.endswith("\n\nБлижайшее в архиве: «Рынок».")
    assert named.buttons == ()


@given(names, names, st.integers(0, 30))
def test_any_refusal_can_be_sent(name: str, title: str, number: int) -> None:
    asked = query(
        filters=(Filter("title", name, None, name),) * number,
        faults=(Fault(name, "quote"),) * number,
    )
    sightings = tuple(Sighting(name or "а", (name or "а",), n % 2) for n in range(number))
    near = quote(hostile("Рынок.", title))
    came = outcome(asked, words=sightings, emptied=name)
    came = replace(came, nearest=near, instead=(Correction(name, name),) * number)
    offered = render.offer_buttons(render.offers(came), [LARGEST_ID] * 3)
    assert sendable(render.refusal(came, NOW, LARGEST_ID, offered))
    assert sendable(render.refusal(came, NOW))


# Other ways to ask


@pytest.mark.parametrize(
    ("came", "offers"),
    [
        (outcome(None, MARKET), []),
        (
            outcome(query("где кашоган"), MARKET, corrections=TWO[:1]),
            [Offer("Искать «кашоган»", "где кашоган", literal=True)],
        ),
        (
            outcome(query("кашоган импиратор"), MARKET, corrections=TWO),
            [Offer("Искать «кашоган, импиратор»", "кашоган импиратор", literal=True)],
        ),
        (
            replace(outcome(query("кашоган", literal=True)), instead=TWO[:1]),
            [Offer("Искать «Кашаган»", "кашоган")],
        ),
        (
            outcome(query("шерсть источник:trend да", filters=FILTERS), emptied="источник:trend"),
            [Offer("Искать без «источник:trend»", "шерсть да")],
        ),
        (
            outcome(
                query("шерсть -Китай", without=(word("Китай", "шерсть -Китай"),)), emptied="-Китай"
            ),
            [Offer("Искать без «-Китай»", "шерсть")],
        ),
        (
            outcome(
                query("-Китайский -Китай шерсть", without=(Token(12, 17, ("китай",)),)),
                emptied="-Китай",
            ),
            [Offer("Искать без «-Китай»", "-Китайский шерсть")],
        ),
        (outcome(query("шерсть Китай"), emptied="Китай"), []),
        (
            outcome(
                query("шерсть -шерсть", without=(Token(8, 14, ("шерсть",)),)), emptied="шерсть"
            ),
            [],
        ),
        (
            outcome(query("шерсть,источник:trend", filters=FILTERS), emptied="источник:trend"),
            [Offer("Искать без «источник:trend»", "шерсть,")],
        ),
        (
            outcome(query("шерсть ( источник:trend ) да", filters=FILTERS), emptied=FILTERS[0][1]),
            [Offer("Искать без «источник:trend»", "шерсть да")],
        ),
        (
            outcome(query('где "сырая шерсть"?', phrases=(RAW,)), emptied='"сырая шерсть"'),
            [Offer("Искать «где сырая шерсть ?»", "где сырая шерсть ?")],
        ),
        (
            replace(
                outcome(query("шерсть"), MARKET, corrections=(Correction("ithcnm", "шерсть"),)),
                typed="ithcnm",
            ),
            [Offer("Искать «ithcnm»", "ithcnm", literal=True)],
        ),
        (outcome(query("источник:trend", filters=FILTERS), emptied="источник:trend"), []),
    ],
)
def test_other_ways_to_ask(came: Outcome, offers: list[Offer]) -> None:
    assert render.offers(came) == offers


@given(names, names)
def test_a_button_fits_a_phone(typed: str, title: str) -> None:
    came = outcome(query("где"), MARKET, corrections=(Correction(typed, typed),))
    assert all(0 < len(offer.label) <= MAX_LABEL for offer in render.offers(came))
    near = replace(outcome(), nearest=quote(hostile("Рынок.", title)))
    ((button,),) = render.refusal(near, NOW, 1).buttons
    assert 0 < len(button.label) <= MAX_LABEL


def test_an_offer_without_an_id_has_no_button() -> None:
    offers = [Offer("Искать «а»", "а"), Offer("Искать «б»", "б")]
    assert [row[0].data for row in render.offer_buttons(offers, [5])] == ["o5"]
