"""What is news to a reader, when it becomes a digest, and what the digest's messages say."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.arrived import folded
from bot.store.digests import News
from bot.store.ledger import _add_news
from bot.store.outbox import Entry, entries_from
from bot.writer import BRIEF_FROM
from tests.newsroom import ALMATY, MORNING, Newsroom, articles, entry

ANNA, BORIS = 101, 102
URANIUM = """Добыча урана в Казахстане выросла

Казатомпром сообщил, что добыча урана в стране выросла на десять процентов по сравнению с прошлым
годом. Компания открыла два новых месторождения в Туркестанской области.

Министр энергетики назвал рост устойчивым и пообещал новые рабочие места.
"""
JAPAN = """Япония откроет университет в Алматы

Японские компании вложат в новый кампус семь миллионов долларов. Занятия начнутся осенью, студенты
будут учиться на двух языках.

В Центральной Азии это первый такой университет.
"""
CHINA = """Визит министра в Пекин

Министр иностранных дел прибыл с визитом в Китай. Стороны подпишут соглашение о торговле зерном.
"""


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    opened = await Newsroom.open(tmp_path, {"old.txt": "Старая статья\n\nОна была до подписки.\n"})
    await opened.intake.record()
    yield opened
    await opened.store.close()


async def test_a_new_subscriber_starts_from_now(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    assert await room.wait(hours=2) == []
    await room.arrive(uran=URANIUM)
    (parcel,) = await room.wait(days=1)
    assert articles(parcel) == ["uran"]


async def test_a_digest_comes_at_its_time_and_once(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(uran=URANIUM, japan=JAPAN)
    assert await room.wait(minutes=59) == []
    (parcel,) = await room.wait(minutes=2)
    assert sorted(articles(parcel)) == ["japan", "uran"]
    assert (parcel.since, parcel.until) == (MORNING, room.now)
    assert await room.wait(days=3) == []
    assert room.woken


async def test_a_digest_missed_while_the_bot_was_down_comes_once_late(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(uran=URANIUM)
    (late,) = await room.wait(days=5)
    assert articles(late) == ["uran"]
    await room.arrive(japan=JAPAN)
    (parcel,) = await room.wait(days=1)
    assert articles(parcel) == ["japan"]


async def test_who_wants_news_at_once_gets_them_at_once(room: Newsroom) -> None:
    await room.subscribe(ANNA, frequency="now")
    await room.arrive(uran=URANIUM)
    (first,) = await room.wait()
    await room.arrive(japan=JAPAN)
    (second,) = await room.wait(seconds=1)
    assert articles(first) + articles(second) == ["uran", "japan"]


async def test_at_once_waits_for_the_end_of_quiet_hours(room: Newsroom) -> None:
    await room.subscribe(ANNA, frequency="now", quiet=(22 * 60, 10 * 60))
    await room.arrive(uran=URANIUM)
    assert await room.wait(hours=1, minutes=59) == []
    (parcel,) = await room.wait(minutes=2)
    assert articles(parcel) == ["uran"]


async def test_sources_that_were_not_chosen_are_left_out(room: Newsroom) -> None:
    await room.subscribe(ANNA, scope="sources")
    await room.store.choose_source(ANNA, "Trend", chosen=True)
    await room.arrive(
        trend="---\n",  # no such source
        uran=URANIUM,
    )
    (room.folder / "articles/japan.md").write_text(
        f"---\nsource: Trend\n---\n{JAPAN}", encoding="utf-8"
    )
    await room.intake.refresh()
    (parcel,) = await room.wait(days=1)
    assert articles(parcel) == ["japan.md"]


async def test_topics_match_by_other_word_forms_and_say_why(room: Newsroom) -> None:
    await room.subscribe(ANNA, "японская компания", "уран")
    await room.arrive(uran=URANIUM, japan=JAPAN, china=CHINA)
    (parcel,) = await room.wait(days=1)
    assert articles(parcel) == ["japan", "uran"]  # in the order of the topics
    assert entry(parcel, "uran").topics == ("уран",)
    shown = await room.message(parcel)
    bold = {shown.text[mark.start : mark.stop] for mark in shown.marks if mark.kind == "bold"}
    assert {"▪ уран", "урана"} <= bold


async def test_a_topic_finds_what_came_before_it_was_added(room: Newsroom) -> None:
    await room.subscribe(ANNA, scope="topics")
    await room.arrive(uran=URANIUM)
    await room.follow(ANNA, "уран")
    (parcel,) = await room.wait(days=1)
    assert articles(parcel) == ["uran"]


async def test_a_changed_article_is_not_new_again(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.subscribe(BORIS, updates=True)
    await room.arrive(uran=URANIUM)
    assert len(await room.wait(days=1)) == 2
    await room.arrive(uran=URANIUM.replace("десять", "двенадцать").replace("Министр", "Премьер"))
    (parcel,) = await room.wait(days=1)
    assert (parcel.chat_id, entry(parcel, "uran").updated) == (BORIS, True)
    assert "Обновлено: Добыча урана" in (await room.message(parcel)).text
    await room.arrive(uran=URANIUM.replace("десять", "двенадцать").replace("Министр", "Премьер "))
    assert await room.wait(days=1) == []


async def test_digests_planned_while_articles_arrive_have_them_whole_or_not_at_all(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.subscribe(ANNA, "уран")
    room.now += timedelta(hours=2)
    half_way, planned = asyncio.Event(), asyncio.Event()

    async def add(*arguments: Any) -> None:
        await _add_news(*arguments)
        half_way.set()
        await planned.wait()

    monkeypatch.setattr("bot.store.ledger._add_news", add)
    arrival = asyncio.ensure_future(room.arrive(uran=URANIUM))
    await half_way.wait()
    reading = asyncio.ensure_future(room.planner.plan_due())
    await asyncio.wait({reading}, timeout=0.2)
    planned.set()
    await arrival
    await reading
    assert await room.wait(days=1) or await room.parcels()
    assert [articles(parcel) for parcel in await room.parcels()] == [["uran"]]


async def test_what_arrives_while_a_digest_is_planned_is_not_forgotten(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.subscribe(ANNA, frequency="now")
    await room.arrive(uran=URANIUM)
    carry_out = room.store.carry_out

    async def late(*arguments: Any) -> int:
        monkeypatch.undo()
        await room.arrive(japan=JAPAN)
        return await carry_out(*arguments)

    monkeypatch.setattr(room.store, "carry_out", late)
    first, second = await room.wait()
    assert articles(first) + articles(second) == ["uran", "japan"]


async def test_a_line_put_first_is_the_only_one_that_is_new(room: Newsroom) -> None:
    await room.subscribe(ANNA, updates=True)
    lines = [
        json.dumps({"title": name, "text": text})
        for name, text in (("У", URANIUM), ("Я", JAPAN), ("К", CHINA))
    ]
    file = room.folder / "articles/feed.jsonl"
    file.write_text("\n".join(lines[1:]), encoding="utf-8")
    await room.intake.refresh()
    (parcel,) = await room.wait(days=1)
    assert articles(parcel) == ["feed.jsonl#1", "feed.jsonl#2"]
    file.write_text("\n".join(lines), encoding="utf-8")
    await room.intake.refresh()
    (parcel,) = await room.wait(days=1)
    assert parcel.entries == (Entry("feed.jsonl#1"),)


async def test_an_article_that_moved_to_another_file_is_not_new(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(uran=URANIUM)
    await room.wait(days=1)
    (room.folder / "articles/uran.txt").rename(room.folder / "articles/moved.txt")
    await room.intake.refresh()
    assert await room.wait(days=1) == []


async def test_reprints_are_folded_under_the_earliest(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    folder = room.folder / "articles"
    for name, source, day in (("b", "Trend", 21), ("a", "Kazinform", 20), ("c", "Zakon.kz", 22)):
        text = f"---\nsource: {source}\ndate: 2026-11-{day}\ntitle: {name}\n---\n{URANIUM}"
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    await room.intake.refresh()
    (parcel,) = await room.wait(days=1)
    assert parcel.entries == (Entry("a.md", editions=("b.md", "c.md")),)
    assert "Ещё 2 издания: Trend, Zakon.kz" in (await room.message(parcel)).text


async def test_where_the_first_of_a_story_has_gone_its_reprint_is_shown(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(a=URANIUM)
    await room.arrive(b="Перепечатка\n\n" + URANIUM.partition("\n\n")[2])
    (parcel,) = await room.wait(days=1)
    assert parcel.entries == (Entry("a.txt", editions=("b.txt",)),)
    (room.folder / "articles/a.txt").unlink()
    await room.intake.refresh()
    assert "Перепечатка" in (await room.message(parcel)).text


async def test_an_article_that_moves_before_its_digest_is_in_it(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(uran=URANIUM, japan=JAPAN)
    (room.folder / "articles/uran.txt").rename(room.folder / "articles/moved.txt")
    await room.intake.refresh()
    (parcel,) = await room.wait(days=1)
    reply = await room.message(parcel)
    assert "Добыча урана" in reply.text
    assert "2 новые статьи" in reply.text


async def test_an_article_that_moved_and_was_mended_is_not_new(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(uran=URANIUM + JAPAN)
    await room.wait(days=1)
    (room.folder / "articles/uran.txt").unlink()
    await room.arrive(moved=URANIUM + JAPAN.replace("первый такой", "первый подобный"))
    assert await room.wait(days=1) == []


async def test_an_article_that_matches_only_once_it_is_whole_is_not_lost(room: Newsroom) -> None:
    await room.subscribe(ANNA, "месторождение")
    await room.arrive(uran=URANIUM.partition("Компания")[0] * 3)
    await room.arrive(uran=URANIUM.partition("Компания")[0] * 3 + "Компания открыла месторождение.")
    (parcel,) = await room.wait(days=1)
    assert articles(parcel) == ["uran"]


async def test_the_paused_and_the_unreachable_get_nothing_and_lose_nothing(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.subscribe(BORIS)
    await room.store.pause(ANNA)
    await room.store.closed(BORIS)
    await room.arrive(uran=URANIUM)
    assert await room.wait(days=1) == []
    await room.planner.resume(ANNA)
    assert await room.store.held_articles(ANNA) == 1
    await room.arrive(japan=JAPAN)
    (parcel,) = await room.wait(days=1)
    assert articles(parcel) == ["japan"]
    assert await room.store.release_held(ANNA, room.now)
    assert not await room.store.release_held(ANNA, room.now)


async def test_what_was_not_answered_is_held_over_a_second_absence(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    for name, text in (("uran", URANIUM), ("japan", JAPAN)):
        await room.store.pause(ANNA)
        await room.arrive(**{name: text})
        await room.planner.resume(ANNA)
        await room.arrive(**{f"{name}2": f"Ещё о {name}\n\nСовсем другое о {name}."})
        (parcel,) = await room.wait(days=1)
        await room.store.delivered(parcel.id, 1, room.now, room.now)
    assert await room.store.held_articles(ANNA) == 2
    held = await room.store.rows("SELECT articles FROM outbox WHERE state = 'held'")
    assert [entries_from(text)[0].article_id for (text,) in held] == ["uran.txt", "japan.txt"]


async def test_quiet_hours_that_are_over_put_nothing_off(room: Newsroom) -> None:
    """A digest was put off to their end, and then the reader did without them."""
    await room.subscribe(ANNA, frequency="now", quiet=(0, 23 * 60))
    await room.store.change(ANNA, room.now, ALMATY, quiet=None)
    await room.arrive(uran=URANIUM)
    (parcel,) = await room.wait()
    await room.store.postponed(parcel.id, room.now + timedelta(hours=14))
    assert await room.store.due_parcels(room.now, (), 9) == []
    await room.store.change(ANNA, room.now, ALMATY, quiet=(60, 120))
    (due,) = await room.store.due_parcels(room.now, (), 9)
    assert due.id == parcel.id


async def test_who_asks_for_a_digest_gets_the_one_that_waits(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    assert not await room.store.hasten(ANNA, room.now)
    await room.arrive(uran=URANIUM)
    (parcel,) = await room.wait(days=1)
    await room.store.postponed(parcel.id, room.now + timedelta(hours=14))
    assert await room.store.hasten(ANNA, room.now)
    (due,) = await room.store.due_parcels(room.now, (), 9)
    assert due.asked


async def test_one_that_failed_still_waits_as_told(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(uran=URANIUM)
    (parcel,) = await room.wait(days=1)
    await room.store.postponed(parcel.id, room.now + timedelta(minutes=1), "RetryAfter: 60 s")
    assert await room.store.hasten(ANNA, room.now)
    assert await room.store.due_parcels(room.now, (), 9) == []


async def test_who_is_back_is_asked_also_if_the_bot_is_killed_in_between(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.store.closed(ANNA)
    await room.arrive(uran=URANIUM)
    assert await room.store.reopen(ANNA)
    assert await room.store.saw(ANNA, "private", "Анна", None, room.now)  # not asked yet
    await room.planner.resume(ANNA)
    await room.store.asked(ANNA)
    assert not await room.store.saw(ANNA, "private", "Анна", None, room.now)
    assert not await room.store.reopen(ANNA)


async def test_what_is_new_can_be_had_at_once(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(uran=URANIUM)
    subscription = await room.store.subscription(ANNA)
    assert subscription is not None
    assert await room.planner.plan_now(subscription) == 1
    assert await room.planner.plan_now(subscription) == 0  # read before: its cursor has moved
    (parcel,) = await room.parcels()
    assert parcel.asked
    assert await room.wait(days=1) == []


async def test_a_digest_too_long_for_a_message_goes_on_in_the_next(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(**{f"a{n:02}": f"Статья {n}\n\n{'Слово ' * n}о деле {n}." for n in range(25)})
    (parcel,) = await room.wait(days=1)
    seen: list[str] = []
    sent = 0
    while sent < len(parcel.entries):
        part = await room.writer.next_message(replace(parcel, sent=sent))
        assert part.reply is not None
        part.reply.check()
        assert ("продолжение" in part.reply.text) == (sent > 0)
        seen += [button.label for row in part.reply.buttons for button in row]
        sent += part.entries
    assert seen == [f"Статья {number}" for number in range(1, 26)]


async def test_a_very_long_digest_has_titles_only(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    count = BRIEF_FROM + 1
    await room.arrive(
        **{f"a{n}": f"Статья {n}\n\nОсобое слово{n} и дело{n}." for n in range(count)}
    )
    (parcel,) = await room.wait(days=1)
    assert len(parcel.entries) == count
    assert (await room.message(parcel)).quotes == ()


async def test_articles_that_have_gone_are_passed_over(room: Newsroom) -> None:
    await room.subscribe(ANNA)
    await room.arrive(uran=URANIUM, japan=JAPAN)
    (parcel,) = await room.wait(days=1)
    (room.folder / "articles/uran.txt").unlink()
    await room.intake.refresh()
    part = await room.writer.next_message(parcel)
    assert part.entries == 2
    assert part.reply is not None
    assert "университет" in part.reply.text
    (room.folder / "articles/japan.txt").unlink()
    await room.intake.refresh()
    assert await room.writer.next_message(parcel) == (None, 2)


@pytest.mark.parametrize(
    ("news", "matches", "expected"),
    [
        ([], [], []),
        ([(1, "a", "new", 1), (2, "b", "new", 2)], [], ["a", "b"]),
        ([(1, "a", "new", 1), (2, "b", "new", 1)], [], ["a"]),
        ([(1, "a", "new", 1), (2, "a", "updated", 1)], [], ["a"]),
        ([(1, "a", "updated", 1), (2, "a", "updated", 1)], [], ["a"]),
        ([(1, "a", "new", 1), (2, "b", "new", 2)], [(2, "нефть"), (1, "уран")], ["b", "a"]),
    ],
)
def test_news_become_entries(
    news: list[tuple[int, str, str, int]], matches: list[tuple[int, str]], expected: list[str]
) -> None:
    rows = [News(number, name, kind, "", story) for number, name, kind, story in news]
    assert [each.article_id for each in folded(rows, matches)] == expected
