"""Subscriptions end to end: a real bot in a child process, its clock moved by the test."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.texts import digests
from tests.running import (
    ADMIN,
    NEWSROOM,
    OTHER,
    READER,
    SMALL_GROUP,
    Room,
    assert_verbatim,
    quotes_of,
    room,
)
from tests.sandbox_client import Seen

EIGHT = datetime(2026, 11, 22, 3, tzinfo=UTC)
"""08:00 in Almaty: an hour before the usual digests."""
DAY = timedelta(days=1)
BYSTANDER = ADMIN
THORIUM = """---
title: Торий в Семее
source: Вестник
date: 2026-11-22
url: https://vestnik.kz/thorium
---
Запасы тория в Семее оценили заново. Геологи нашли урановую руду и редкие земли.

Работы продолжатся весной.
"""
GRAIN = """---
title: Зерно
source: Аграрий
date: 2026-11-22
---
Урожай пшеницы в области превысил прошлогодний на треть.
"""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, now=EIGHT) as opened:
        yield opened


async def drop(here: Room, **files: str) -> None:
    """Files appear in the folder, and the admin reloads."""
    for name, text in files.items():
        (here.corpus / f"{name}.md").write_text(text, encoding="utf-8")
    report = await here.ask("/reload", ADMIN)
    assert f"Добавлено: {len(files)}" in report.text


async def digest_for(here: Room, after: Seen) -> Seen:
    """The next message in the chat of this one."""
    return await here.client.wait_for_reply(after)


async def nothing_came(here: Room, chat: int, before: int) -> bool:
    """Whether the chat has only so many messages after three looks of the planner and the sender.

    They look once a second; an answer to a question then proves that the bot is up.
    """
    seen = (await here.client.events())[-1]["number"]
    async with asyncio.timeout(20):
        for _ in range(3):
            for event in await here.client.events(seen, wait=1):
                seen = event["number"]
    await here.ask("/sources", BYSTANDER)
    return len(await here.client.messages(chat)) == before


async def count(here: Room, chat: int) -> int:
    return len(await here.client.messages(chat))


async def test_a_new_article_reaches_who_subscribed_at_the_time_chosen(here: Room) -> None:
    menu = await here.ask("/subscribe")
    assert "✓ Ежедневно" in menu.buttons
    assert "✓ Всё" in menu.buttons
    await drop(here, thorium=THORIUM, grain=GRAIN)
    assert await nothing_came(here, READER, 2)
    await here.advance(timedelta(hours=1, minutes=1))
    digest = await digest_for(here, menu)
    assert digest.text.startswith("Новое за 22 ноября 2026")
    assert "Торий в Семее" in digest.text
    assert "Вестник · 22 ноября 2026" in digest.text
    assert len(quotes_of(digest)) == 2
    assert_verbatim(digest, here.corpus)
    article = await here.press(digest, "Статья 1")
    assert article.text.startswith(("Торий в Семее", "Зерно"))
    assert await nothing_came(here, READER, 4)


async def test_a_topic_matches_another_form_of_its_word_and_shows_why(here: Room) -> None:
    menu = await here.ask("/subscribe")
    added = await here.ask("/topics добавить урановая руда")
    assert "урановая руда" in added.text
    await here.client.press(READER, menu, "Темы")
    await here.client.wait_for_edit(menu)
    await drop(here, thorium=THORIUM, grain=GRAIN)
    await here.advance(DAY)
    digest = await digest_for(here, added)
    assert "▪ урановая руда" in digest.pieces("bold")
    assert "урановую руду" in " ".join(digest.pieces("bold"))
    assert "Зерно" not in digest.text
    assert_verbatim(digest, here.corpus)


async def test_at_once_but_not_in_quiet_hours(here: Room) -> None:
    menu = await here.ask("/subscribe")
    await here.client.press(READER, menu, "Сразу")
    menu = await here.client.wait_for_edit(menu)
    await drop(here, thorium=THORIUM)
    first = await digest_for(here, menu)
    assert "Торий в Семее" in first.text

    pressed = await here.client.press(READER, menu, "Тихие часы: нет")
    quiet = await here.client.wait_for_edit(pressed, READER)
    night = next(name for name in quiet.buttons if name.startswith("23:00"))
    await here.client.press(READER, quiet, night)
    await here.client.wait_for_edit(quiet)
    await here.set_time(EIGHT.replace(hour=19))  # midnight in Almaty
    await drop(here, grain=GRAIN)
    before = await count(here, READER)
    assert await nothing_came(here, READER, before)
    await here.set_time(EIGHT + DAY)
    messages = await here.client.messages(READER)
    second = await digest_for(here, Seen(messages[-1].json, first.number))
    while "Зерно" not in second.text:
        second = await digest_for(here, second)


async def test_who_blocked_the_bot_keeps_settings_and_is_asked(here: Room) -> None:
    menu = await here.ask("/subscribe 7:43")
    await here.client.block(READER)
    await drop(here, thorium=THORIUM, grain=GRAIN)
    await here.advance(DAY)
    assert await nothing_came(here, READER, 2)
    await here.client.block(READER, blocked=False)
    question = await digest_for(here, menu)
    assert question.text == digests.welcome_back(2)
    digest = await here.press(question, digests.CATCH_UP)
    assert "Торий в Семее" in digest.text
    assert "Зерно" in digest.text
    assert "07:43" in " ".join((await here.ask("/subscribe")).buttons)


async def test_who_wants_nothing_of_it_is_spared(here: Room) -> None:
    menu = await here.ask("/subscribe")
    pressed = await here.client.press(READER, menu, "Пауза")
    menu = await here.client.wait_for_edit(pressed, READER)
    await drop(here, thorium=THORIUM)
    await here.advance(DAY)
    question = await here.press(menu, "Возобновить")
    assert question.text == digests.welcome_back(1)
    pressed = await here.client.press(READER, question, digests.SKIP)
    settled = await here.client.wait_for_event(
        pressed.number,
        lambda event: event["kind"] == "edited" and event["message"]["message_id"] == question.id,
    )
    assert settled["message"]["text"] == digests.SKIPPED
    await drop(here, grain=GRAIN)
    await here.advance(DAY)
    digest = await digest_for(here, question)
    assert "Зерно" in digest.text
    assert "Торий" not in digest.text


async def test_what_was_on_its_way_is_sent_after_a_restart(here: Room) -> None:
    menu = await here.ask("/subscribe")
    await here.ask("/subscribe", OTHER)
    await drop(here, thorium=THORIUM)
    await here.client.fault("sendMessage", error_code=502, times=1000)
    await here.advance(DAY)
    await here.client.calls("sendMessage", after=10_000, wait=1)
    await here.bot.stop()
    assert here.rows("SELECT DISTINCT state FROM outbox") == [("pending",)]
    await here.client.clear_faults()
    await here.start_bot()
    assert "Торий в Семее" in (await digest_for(here, menu)).text
    for chat in (READER, OTHER):
        texts = [message.text for message in await here.client.messages(chat)]
        while not any("Торий" in text for text in texts):
            await here.client.events(wait=1)
            texts = [message.text for message in await here.client.messages(chat)]
        assert sum("Торий" in text for text in texts) == 1


async def test_a_schedule_missed_while_the_bot_was_down_runs_once_late(here: Room) -> None:
    menu = await here.ask("/subscribe")
    await here.bot.stop()
    (here.corpus / "thorium.md").write_text(THORIUM, encoding="utf-8")
    await here.advance(3 * DAY)
    await here.start_bot()
    assert "Торий в Семее" in (await digest_for(here, menu)).text
    assert await nothing_came(here, READER, 3)


async def test_what_is_new_can_be_asked_for(here: Room) -> None:
    assert (await here.ask("/digest")).text == digests.NOT_SUBSCRIBED
    await here.ask("/subscribe")
    assert "новых статей" in (await here.ask("/digest")).text
    await drop(here, thorium=THORIUM)
    assert "Торий в Семее" in (await here.ask("/digest")).text
    assert "новых статей" in (await here.ask("/digest")).text


async def test_a_group_takes_its_subscription_along_and_only_admins_change_it(here: Room) -> None:
    refused = await here.ask("/subscribe", OTHER, SMALL_GROUP)
    assert refused.text == digests.ADMINS_ONLY
    menu = await here.ask("/subscribe", READER, SMALL_GROUP)
    pressed = await here.client.press(OTHER, menu, "Сразу")
    assert (await here.client.wait_for_answer(pressed))["text"] == digests.ADMINS_ONLY
    await here.client.press(READER, menu, "Сразу")
    await here.client.wait_for_edit(menu)
    moved = await here.client.migrate(SMALL_GROUP)
    await drop(here, thorium=THORIUM)
    digest = await here.client.wait_for_reply(Seen({"message_id": 0, "chat": {"id": moved}}, 0))
    assert "Торий в Семее" in digest.text
    assert here.rows("SELECT chat_id FROM subscriptions") == [(moved,)]
    assert "✓ Сразу" in (await here.ask("/subscribe", READER, moved)).buttons


async def test_a_button_in_the_old_place_of_a_group_that_moved_still_works(here: Room) -> None:
    menu = await here.ask("/subscribe", READER, SMALL_GROUP)
    await here.client.fault(
        "getChatAdministrators", error_code=400, migrate_to_chat_id=NEWSROOM, chat=SMALL_GROUP
    )
    pressed = await here.client.press(READER, menu, "Сразу")
    assert (await here.client.wait_for_answer(pressed))["text"] == digests.ADMINS_ONLY
    assert here.rows("SELECT chat_id FROM subscriptions") == [(NEWSROOM,)]
