"""Updates are written down before they are confirmed, and each is handled once, fairly."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.inbox import ATTEMPTS, KEPT, FairProcessor, Inbox
from bot.store import Store

Json = dict[str, Any]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "bot.sqlite3")
    yield opened
    await opened.close()


def message(number: int, text: str = "уран", chat: int = 1) -> Json:
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1763800000,
            "chat": {"id": chat, "type": "private", "first_name": "Анна"},
            "text": text,
        },
    }


def update(number: int, chat: int = 1) -> Update:
    return Update.de_json(message(number, chat=chat), None)


def payload(*updates: object) -> bytes:
    return json.dumps({"ok": True, "result": updates}).encode()


def result(reply: bytes) -> list[Json]:
    return list(json.loads(reply)["result"])


async def test_new_updates_pass_unchanged(store: Store) -> None:
    inbox = Inbox(store, Clock())
    assert result(await inbox.take_in(payload(message(1), message(2)))) == [message(1), message(2)]


async def test_an_update_that_comes_twice_leaves_only_its_number(store: Store) -> None:
    inbox = Inbox(store, Clock())
    await inbox.take_in(payload(message(1)))
    await inbox.done(update(1))
    again = await inbox.take_in(payload(message(1), message(2)))
    assert result(again) == [{"update_id": 1}, message(2)]


async def test_another_update_of_the_same_number_is_new(store: Store) -> None:
    """Numbers begin anew with another bot or another server."""
    inbox = Inbox(store, Clock())
    await inbox.take_in(payload(message(1, "уран")))
    assert result(await inbox.take_in(payload(message(1, "торий")))) == [message(1, "торий")]


@pytest.mark.parametrize(
    "broken",
    [
        {"update_id": 7, "message": []},
        {"update_id": 7, "message": "text"},
        {"update_id": 7, "message": {**message(7)["message"], "date": 10**30}},
        {"update_id": 7, "message": {**message(7)["message"], "chat": {"id": 1}}},
        {"update_id": 7, "my_chat_member": {"new_chat_member": {"status": "restricted"}}},
    ],
    ids=str,
)
async def test_an_update_that_cannot_be_read_does_not_stop_the_others(
    store: Store, broken: Json
) -> None:
    taken = await Inbox(store, Clock()).take_in(payload(broken, message(8)))
    assert result(taken) == [{"update_id": 7}, message(8)]
    assert [Update.de_json(each, None).update_id for each in result(taken)] == [7, 8]


@pytest.mark.parametrize("junk", [b"", b"<html>", b"[]", b"{}", b'{"ok": true, "result": 5}'])
async def test_what_is_no_reply_at_all_is_left_to_the_library(store: Store, junk: bytes) -> None:
    assert await Inbox(store, Clock()).take_in(junk) == junk


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["update_id", "message", "chat", "id", "date", "from"]), inner
        )
    ),
    max_leaves=12,
)


@given(updates=st.lists(json_values, max_size=4))
def test_whatever_comes_the_library_can_read_what_is_passed_on(updates: list[object]) -> None:
    async def run() -> None:
        store = await Store.open(Path(":memory:"))
        try:
            taken = await Inbox(store, Clock()).take_in(payload(*updates))
            for each in result(taken):
                assert Update.de_json(each, None).update_id == each["update_id"]
        finally:
            await store.close()

    asyncio.run(run())


async def test_what_was_not_done_with_is_left_over_in_order(store: Store) -> None:
    inbox = Inbox(store, Clock())
    await inbox.take_in(payload(message(1), message(2), message(3)))
    await inbox.done(update(2))
    inbox.keep(update(3))
    await inbox.done(update(3))
    assert await Inbox(store, Clock()).left_over() == [message(1), message(3)]


async def test_what_is_left_over_is_tried_a_few_times_and_for_a_day(store: Store) -> None:
    clock = Clock()
    inbox = Inbox(store, clock)
    await inbox.take_in(payload(message(1)))
    tries = [await inbox.left_over() for _ in range(ATTEMPTS + 1)]
    assert tries == [[message(1)]] * ATTEMPTS + [[]]
    await inbox.take_in(payload(message(2)))
    clock.now += KEPT + timedelta(seconds=1)
    assert await inbox.left_over() == []


async def test_without_the_database_updates_are_handled_all_the_same(store: Store) -> None:
    await store.close()
    inbox = Inbox(store, Clock())
    assert result(await inbox.take_in(payload(message(1)))) == [message(1)]
    assert await inbox.left_over() == []
    await inbox.done(update(1))


async def test_one_chat_that_waits_holds_up_no_other(store: Store) -> None:
    inbox = Inbox(store, Clock())
    processor = FairProcessor(inbox, asyncio.Event())
    release = asyncio.Event()
    handled: list[int] = []

    async def handle(number: int, *, wait: bool) -> None:
        if wait:
            await release.wait()
        handled.append(number)

    waiting = [
        asyncio.ensure_future(processor.process_update(update(n, 1), handle(n, wait=True)))
        for n in range(2 * FairProcessor.AT_ONCE)
    ]
    await processor.process_update(update(9999, 2), handle(9999, wait=False))
    assert handled == [9999]
    release.set()
    await asyncio.gather(*waiting)
    assert len(handled) == 2 * FairProcessor.AT_ONCE + 1


async def test_an_update_under_way_is_not_done_when_it_comes_again(store: Store) -> None:
    await Inbox(store, Clock()).take_in(payload(message(1)))
    inbox = Inbox(store, Clock())
    (again,) = await inbox.left_over()
    (stub,) = result(await inbox.take_in(payload(again)))
    await inbox.done(Update.de_json(stub, None))
    inbox.keep(Update.de_json(again, None))
    await inbox.done(Update.de_json(again, None))
    assert await Inbox(store, Clock()).left_over() == [message(1)]


async def test_an_id_beyond_the_database_s_numbers_stops_nothing(store: Store) -> None:
    taken = await Inbox(store, Clock()).take_in(payload(message(2**63), message(2)))
    assert message(2) in result(taken)


async def test_an_update_that_comes_twice_at_once_is_handled_once(store: Store) -> None:
    taken = await Inbox(store, Clock()).take_in(payload(message(1), message(1), message(2)))
    assert [each for each in result(taken) if "message" in each] == [message(1), message(2)]


async def test_once_the_end_has_come_no_update_is_begun(store: Store) -> None:
    inbox = Inbox(store, Clock())
    ending = asyncio.Event()
    ending.set()
    (taken,) = result(await inbox.take_in(payload(message(1))))

    async def handle() -> None:
        raise AssertionError("it was begun")

    read = Update.de_json(taken, None)
    await FairProcessor(inbox, ending).process_update(read, handle())
    assert await inbox.left_over() == [message(1)]
