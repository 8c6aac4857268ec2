"""Buttons under corrected, weak and refused answers, with a sandbox as Telegram.

The archive's search is a stand-in here, so that it finds what each test needs.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import texts
from bot.handlers import buttons, questions
from bot.sandbox.world import ANNA, BORIS, GROUP
from bot.searcher import Searcher
from bot.services import Context
from retrieval import query
from retrieval.analyzer import Analyzer
from retrieval.asking.filters import Filter
from retrieval.assembling import build
from retrieval.found import Confidence, Correction, Found, Sighting
from retrieval.generation import Generation
from retrieval.models import Hit
from retrieval.query import Query
from retrieval.search import key
from tests.builders import corpus
from tests.running import quotes_of
from tests.sandbox_client import Seen
from tests.served import Served, served

READER, STRANGER, NEWSROOM = ANNA.id, BORIS.id, GROUP.id
NAME = "@doslovno_sandbox_bot"
DAM = "Плотину на реке Чарын достроят весной.\n\nЧарын течёт через каньон.\n\nКаньон сухой.\n"
FERRY = "Паром из Курыка ходит в Баку.\n"
FIX = (Correction("чарын", "Чарын"),)


@dataclass
class Stand:
    """What the archive's search gives, by what it is asked."""

    gives: Callable[[Generation, Query], Found]
    asked: list[Query] = field(default_factory=list)

    def __call__(
        self, current: Generation, asked: Query, k: int, exclude: frozenset[str] = frozenset()
    ) -> Found:
        self.asked.append(asked)
        found = self.gives(current, asked)
        hits = [hit for hit in found.hits if key(hit.passage) not in exclude]
        return Found(
            tuple(hits[:k]),
            found.confidence if hits else Confidence.NONE,
            found.corrections,
            found.words,
            found.emptied,
            found.nearest,
            more=len(hits) > k,
        )


def hits(current: Generation, name: str = "dam.txt") -> tuple[Hit, ...]:
    return tuple(Hit(one, 1.0, ()) for one in current.passages_of(name))


def corrected(current: Generation, asked: Query) -> Found:
    """With corrections all of the article, without them its last paragraph first, and the other."""
    if asked.literal:
        return Found((*hits(current)[::-1], *hits(current, "ferry.txt")), Confidence.SURE)
    return Found(hits(current), Confidence.SURE, FIX)


def literally_nothing(current: Generation, asked: Query) -> Found:
    """Only with corrections is there anything."""
    if asked.literal:
        return Found(words=(Sighting("чарын", ("чарын",), 0),), emptied="чарын")
    return Found(hits(current), Confidence.SURE, FIX)


def only_near(current: Generation, _asked: Query) -> Found:
    return Found(nearest=hits(current)[1], words=(Sighting("мост", ("мост",), 0),))


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Stand:
    made = Stand(corrected)
    monkeypatch.setattr("retrieval.search.search", made)
    return made


@pytest.fixture
async def here(tmp_path: Path, stand: Stand) -> AsyncIterator[Served]:
    corpus(tmp_path / "articles", {"dam.txt": DAM, "ferry.txt": FERRY})
    button = CallbackQueryHandler[Context, None]
    handlers = [
        CommandHandler("ask", questions.ask),
        MessageHandler(filters.TEXT, questions.question),
        button(buttons.more, r"^m\d+$"),
        button(buttons.offer, r"^o\d+$"),
        button(buttons.nearest, r"^n\d+$"),
        button(buttons.surroundings, r"^c\d+$"),
        button(buttons.article_of_quote, r"^a\d+$"),
    ]
    assert stand.gives is corrected
    async with served(tmp_path, {0: handlers}) as opened:
        yield opened


async def press(here: Served, message: Seen, button: str, user: int = READER) -> Seen:
    pressed = await here.client.press(user, message, button)
    return await here.client.wait_for_reply(pressed, message.chat)


LITERALLY = "Искать «чарын»"


async def test_a_corrected_answer_says_so_and_can_be_asked_literally(here: Served) -> None:
    question = await here.client.say(READER, "плотина чарын")
    answer = await here.client.wait_for_reply(question)
    assert answer.text.startswith("Показано по запросу «Чарын».\n\nПлотину на реке Чарын")

    pressed = await here.client.press(READER, answer, LITERALLY)
    literal = await here.client.wait_for_reply(pressed, READER)
    assert "Показано" not in literal.text
    assert LITERALLY not in literal.buttons
    assert quotes_of(literal)[0] == "Каньон сухой."
    assert literal.json["reply_to_message"]["message_id"] == question.id
    assert LITERALLY not in (await here.client.wait_for_edit(pressed)).buttons


async def test_more_after_a_literal_answer_goes_on_literally(here: Served, stand: Stand) -> None:
    literal = await press(here, await here.ask(READER, "чарын"), LITERALLY)
    shown = quotes_of(literal)
    stand.asked.clear()
    more = await press(here, literal, "Ещё")
    assert [asked.literal for asked in stand.asked] == [True]
    assert quotes_of(more) == [FERRY.strip()]
    assert not set(quotes_of(more)) & set(shown)


async def test_a_literal_search_that_finds_nothing_offers_the_correction(
    here: Served, stand: Stand
) -> None:
    stand.gives = literally_nothing
    refused = await press(here, await here.ask(READER, "чарын"), LITERALLY)
    assert "не найдено" in refused.text
    assert "Слова «чарын» в архиве нет." in refused.text
    assert "Но есть ответ по запросу «Чарын»." in refused.text
    assert list(refused.buttons) == ["Искать «Чарын»"]
    again = await press(here, refused, "Искать «Чарын»")
    assert again.text.startswith("Показано по запросу «Чарын».")


async def test_a_button_pressed_twice_answers_once(here: Served, stand: Stand) -> None:
    answer = await here.ask(READER, "чарын")
    stand.asked.clear()
    for _ in range(3):
        await here.client.press(READER, answer, LITERALLY)
    await here.ask(READER, "паром")
    await here.ask(READER, "ещё вопрос")
    assert sum(asked.literal for asked in stand.asked) == 1


async def test_an_edit_replaces_the_answer_and_not_the_literal_one(
    here: Served, stand: Stand
) -> None:
    question = await here.client.say(READER, "чарын")
    answer = await here.client.wait_for_reply(question)
    pressed = await here.client.press(READER, answer, LITERALLY)
    literal = await here.client.wait_for_reply(pressed, READER)
    await here.client.wait_for_edit(pressed)
    stand.gives = only_near
    edited = await here.client.edit(READER, question, "мост")
    changed = await here.client.wait_for_edit(edited)
    assert changed.id == answer.id != literal.id
    assert [data[0] for data in changed.buttons.values()] == ["n"]
    old = await here.client.messages(READER)
    assert quotes_of(next(each for each in old if each.id == literal.id)) == quotes_of(literal)


@pytest.mark.parametrize("asked", ["/ask чарын", f"{NAME} чарын"])
async def test_a_stranger_in_a_group_may_press(here: Served, asked: str) -> None:
    answer = await here.ask(READER, asked, NEWSROOM)
    literal = await press(here, answer, LITERALLY, STRANGER)
    assert quotes_of(literal)[0] == "Каньон сухой."
    assert literal.chat == NEWSROOM


async def test_what_is_not_found_offers_the_nearest_as_a_button(here: Served, stand: Stand) -> None:
    stand.gives = only_near
    refused = await here.ask(READER, "мост")
    assert not quotes_of(refused)
    assert "Чарын" not in refused.text
    (label,) = refused.buttons
    assert label.startswith("Ближайшее: «")
    near = await press(here, refused, label)
    assert near.text.startswith("Возможно, по теме:\n\nЧарын течёт через каньон.\n—")
    assert list(near.buttons) == ["Контекст", "Статья"]
    context = await press(here, near, "Контекст")
    assert len(quotes_of(context)) == 3


async def test_the_nearest_is_found_again_after_a_reload(here: Served, stand: Stand) -> None:
    stand.gives = only_near
    refused = await here.ask(READER, "мост")
    (label,) = refused.buttons
    corpus(here.corpus, {"dam.txt": f"Срочно.\n\n{DAM}"})
    await reload(here)
    assert quotes_of(await press(here, refused, label)) == ["Чарын течёт через каньон."]
    corpus(here.corpus, {"dam.txt": "Совсем другое.\n"})
    await reload(here)
    assert (await press(here, refused, label)).text == texts.QUOTE_GONE
    (here.corpus / "dam.txt").unlink()
    await reload(here)
    assert (await press(here, refused, label)).text == texts.ARTICLE_GONE


async def reload(here: Served) -> None:
    searcher: Searcher = here.services.searcher
    searcher.current = build(here.corpus)


def no_source(current: Generation, asked: Query) -> Found:
    """Nothing while there is a filter, which the stand-in reads itself."""
    if "источник" in asked.text:
        return Found(emptied="источник:Вестник")
    return Found(hits(current), Confidence.WEAK)


async def test_a_condition_that_emptied_the_result_can_be_dropped(
    here: Served, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand.gives = no_source
    condition = Filter("source", "источник:Вестник", None, "Вестник")

    def parse(text: str, analyzer: Analyzer, *_: object, literal: bool = False) -> Query:
        words = analyzer.tokens(text)
        filters = (condition,) if condition.typed in text else ()
        return Query(text, tuple(words), literal, filters=filters)

    monkeypatch.setattr("retrieval.query.parse", parse)
    refused = await here.ask(READER, "плотина источник:Вестник где")
    assert "Без условия «источник:Вестник» ответ есть." in refused.text
    assert "Только источник: Вестник." in refused.pieces("italic")
    wider = await press(here, refused, "Искать без «источник:Вестник»")
    assert wider.text.startswith("Возможно, по теме:\n\nПлотину")
    assert stand.asked[-1].text == "плотина где"


async def test_buttons_that_refer_to_nothing_say_so(here: Served) -> None:
    answer = await here.ask(READER, "чарын")
    async with here.store.transaction() as db:
        await db.execute("DELETE FROM answers")
    for label in (LITERALLY, "Контекст 1"):
        assert (await press(here, answer, label)).text == texts.ANSWER_GONE


async def test_another_chats_button_is_not_served(here: Served) -> None:
    """A forwarded message keeps no buttons, but a group that moved has another id."""
    answer = await here.ask(READER, "чарын")
    async with here.store.transaction() as db:
        await db.execute("UPDATE answers SET chat_id = -77")
    assert (await press(here, answer, LITERALLY)).text == texts.ANSWER_GONE


@pytest.mark.parametrize("gives", [corrected, only_near])
async def test_a_quote_shown_in_another_chat_is_not_served(
    here: Served, stand: Stand, gives: Callable[[Generation, Query], Found]
) -> None:
    """Ids count up, so that anyone could make up the data of a button."""
    stand.gives = gives
    answer = await here.ask(READER, "чарын")
    async with here.store.transaction() as db:
        await db.execute("UPDATE answers SET chat_id = -77")
    kinds = [label for label, data in answer.buttons.items() if data[0] in "can"]
    assert kinds
    for label in kinds:
        assert (await press(here, answer, label)).text == texts.ANSWER_GONE


async def test_a_group_that_moved_takes_its_quotes_along(here: Served) -> None:
    await here.ask(STRANGER, "паром")
    answer = await here.ask(READER, "чарын")
    async with here.store.transaction() as db:
        await db.execute("UPDATE answers SET chat_id = -77 WHERE chat_id = ?", (READER,))
    await here.store.migrated(-77, READER)
    assert quotes_of(await press(here, answer, "Контекст 1"))


async def test_days_are_counted_from_when_it_was_asked(
    here: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[object] = []
    parse = query.parse

    def noted(text: str, analyzer: Analyzer, today: date | None, *, literal: bool = False) -> Query:
        days.append(today)
        return parse(text, analyzer, today, literal=literal)

    monkeypatch.setattr("retrieval.query.parse", noted)
    here.clock.ahead = timedelta(days=400)
    asked = here.services.today()
    answer = await here.ask(READER, "чарын вчера")
    here.clock.ahead = timedelta(days=500)
    literal = await press(here, answer, LITERALLY)
    await press(here, literal, "Ещё")
    assert days == [asked] * 3
    await here.ask(READER, "чарын сегодня")
    assert days[3] == asked + timedelta(days=100)
