"""Updates: what the bot hears of, long polling, confirmation, one poller at a time."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.sandbox.state import State
from bot.sandbox.world import ANNA, BORIS, GROUP, IRINA
from tests.sandbox_rig import Json, Rig, running

TAKEN_OVER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
KEYS = {"inline_keyboard": [[{"text": "Ещё", "callback_data": "x"}]]}


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig:
        yield rig


def texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def say_all(rig: Rig, *said: str) -> None:
    for text in said:
        await rig.people.say(ANNA.id, text)


async def test_updates_stay_until_confirmed(rig: Rig) -> None:
    await say_all(rig, "1", "2", "3")
    first = await rig.bot.result("getUpdates")
    assert texts(first) == ["1", "2", "3"]
    ids = [update["update_id"] for update in first]
    assert ids == list(range(ids[0], ids[0] + 3))
    assert await rig.bot.result("getUpdates") == first
    assert await rig.bot.result("getUpdates", offset=ids[1]) == first[1:]
    assert await rig.bot.result("getUpdates", offset=0) == first[1:]
    assert await rig.bot.result("getUpdates", offset=ids[2] + 1) == []


@pytest.mark.parametrize(
    ("params", "given"),
    [
        ({"limit": 2}, ["1", "2"]),
        ({"limit": 0}, ["1", "2", "3"]),
        ({"limit": 1000}, ["1", "2", "3"]),
        ({"offset": -1}, ["3"]),
        ({"offset": -2}, ["2", "3"]),
        ({"offset": -9}, ["1", "2", "3"]),
        ({"offset": -2, "limit": 1}, ["2"]),
    ],
)
async def test_offset_and_limit(rig: Rig, params: Json, given: list[str]) -> None:
    await say_all(rig, "1", "2", "3")
    assert texts(await rig.bot.result("getUpdates", **params)) == given


async def test_a_negative_offset_forgets_what_came_before(rig: Rig) -> None:
    await say_all(rig, "1", "2", "3")
    await rig.bot.result("getUpdates", offset=-1)
    assert texts(await rig.bot.result("getUpdates")) == ["3"]


async def test_a_long_poll_ends_when_something_comes(rig: Rig) -> None:
    poll = asyncio.create_task(rig.bot.result("getUpdates", timeout=30))
    await rig.people.wait_for_bot()
    await rig.people.say(ANNA.id, "привет")
    assert texts(await asyncio.wait_for(poll, 5)) == ["привет"]


async def test_a_long_poll_ends_when_its_time_is_up(rig: Rig) -> None:
    assert await asyncio.wait_for(rig.bot.result("getUpdates", timeout=1), 5) == []


async def test_a_second_poller_throws_out_the_first(rig: Rig) -> None:
    first = asyncio.create_task(rig.bot.call("getUpdates", timeout=30))
    await rig.people.wait_for_bot()
    second = asyncio.create_task(rig.bot.result("getUpdates", timeout=30))
    refused = await asyncio.wait_for(first, 5)
    assert (refused["error_code"], refused["description"]) == (409, TAKEN_OVER)
    await rig.people.say(ANNA.id, "привет")
    assert texts(await asyncio.wait_for(second, 5)) == ["привет"]


async def test_a_poller_that_hangs_up_takes_nothing_along(rig: Rig) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await rig.people.http.get(
            f"/bot{rig.bot.token}/getUpdates", params={"timeout": 30}, timeout=0.1
        )
    await rig.people.say(ANNA.id, "привет")
    assert texts(await rig.bot.result("getUpdates")) == ["привет"]


async def test_only_kinds_that_are_asked_for(rig: Rig) -> None:
    await rig.bot.result("getUpdates", allowed_updates=["message"])
    said = await rig.people.say(ANNA.id, "привет")
    await rig.people.edit(ANNA.id, said, "здравствуйте")
    assert [set(each) for each in await rig.bot.result("getUpdates")] == [{"update_id", "message"}]
    assert (await rig.bot.result("getWebhookInfo"))["allowed_updates"] == ["message"]
    await rig.bot.result("getUpdates", allowed_updates=[])
    await rig.people.edit(ANNA.id, said, "ещё раз")
    last = (await rig.bot.result("getUpdates"))[-1]
    assert last["edited_message"]["text"] == "ещё раз"


async def test_webhooks(rig: Rig) -> None:
    await say_all(rig, "1")
    info = await rig.bot.result("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == ("", 1)
    assert await rig.bot.result("deleteWebhook") is True
    assert texts(await rig.bot.result("getUpdates")) == ["1"]
    assert await rig.bot.result("deleteWebhook", drop_pending_updates=True) is True
    assert await rig.bot.result("getUpdates") == []
    assert (await rig.bot.call("setWebhook", url="https://example.kz"))["error_code"] == 400
    assert await rig.bot.result("setWebhook", url="") is True


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("просто разговор", False),
        ("/ask что нового", True),
        ("/ask@doslovno_sandbox_bot что нового", True),
        ("/ask@DOSLOVNO_sandbox_bot что нового", True),
        ("/ask@other_bot что нового", False),
        ("@doslovno_sandbox_bot что нового", True),
        ("а что скажет @Doslovno_Sandbox_Bot?", True),
        ("@other_bot что нового", False),
        ("почта x@doslovno_sandbox_bot.kz", False),
    ],
)
async def test_what_a_bot_hears_in_a_group(rig: Rig, text: str, heard: bool) -> None:
    await rig.people.say(ANNA.id, text, GROUP.id)
    assert texts(await rig.bot.result("getUpdates")) == ([text] if heard else [])


async def test_a_bot_hears_replies_to_it_in_a_group(rig: Rig) -> None:
    await rig.bot.result("sendMessage", chat_id=GROUP.id, text="ответ")
    (answer,) = await rig.people.messages(GROUP.id)
    mine = await rig.people.say(ANNA.id, "и что", GROUP.id, reply_to=answer)
    await rig.people.say(BORIS.id, "сам такой", GROUP.id, reply_to=mine)
    (update,) = await rig.bot.result("getUpdates")
    assert update["message"]["reply_to_message"]["message_id"] == answer.id
    assert update["message"]["from"]["id"] == ANNA.id


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice"])
async def test_stand_ins(rig: Rig, kind: str) -> None:
    await rig.people.say(ANNA.id, attach=kind)
    (update,) = await rig.bot.result("getUpdates")
    assert kind in update["message"]
    assert "text" not in update["message"]


async def test_a_document_from_a_person(rig: Rig) -> None:
    await rig.people.say(ANNA.id, "вот", files={"document": ("a.txt", b"text")})
    (update,) = await rig.bot.result("getUpdates")
    assert update["message"]["caption"] == "вот"
    assert update["message"]["document"]["file_name"] == "a.txt"


async def test_a_pressed_button(rig: Rig) -> None:
    await rig.bot.result("sendMessage", chat_id=GROUP.id, text="а", reply_markup=KEYS)
    (message,) = await rig.people.messages(GROUP.id)
    pressed = await rig.people.press(BORIS.id, message, "Ещё")
    (update,) = await rig.bot.result("getUpdates")
    query = update["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (pressed.query_id, "x", BORIS.id)
    assert query["message"] == message.json


async def test_blocking_is_told(rig: Rig) -> None:
    for blocked in (True, True, False):
        await rig.people.block(ANNA.id, blocked=blocked)
    changes = [update["my_chat_member"] for update in await rig.bot.result("getUpdates")]
    statuses = [change["new_chat_member"]["status"] for change in changes]
    assert statuses == ["kicked", "member"]


@pytest.mark.parametrize(
    ("path", "fields", "description"),
    [
        ("say", {"user": ANNA.id, "text": " "}, "message text is empty"),
        ("say", {"user": ANNA.id, "text": "я" * 4097}, "message is too long"),
        ("say", {"user": ANNA.id, "chat": BORIS.id, "text": "я"}, "chat not found"),
        ("say", {"user": 5, "text": "я"}, "user not found"),
        ("say", {"user": ANNA.id, "text": "я", "reply_to": 5}, "message not found"),
        ("say", {"user": ANNA.id, "attach": "elephant"}, "attach is sticker, photo or voice"),
        ("edit", {"user": ANNA.id, "message": 5, "text": "я"}, "message not found"),
        ("press", {"user": ANNA.id, "message": 5, "data": "x"}, "message not found"),
        ("block", {"user": "x", "blocked": True}, "user not found"),
    ],
)
async def test_what_people_cannot_do(rig: Rig, path: str, fields: Json, description: str) -> None:
    reply = await rig.people.http.post(f"/sandbox/{path}", json=fields)
    assert (reply.status_code, reply.json()["description"]) == (400, f"Bad Request: {description}")


async def test_what_people_cannot_do_to_others(rig: Rig) -> None:
    said = await rig.people.say(ANNA.id, "моё", GROUP.id)
    where = {"user": BORIS.id, "chat": GROUP.id, "message": said.id}
    for path, fields, error in (
        ("edit", {"text": "чужое"}, "message can't be edited"),
        ("press", {"data": "x"}, "there is no such button"),
    ):
        reply = await rig.people.http.post(f"/sandbox/{path}", json=where | fields)
        assert reply.json()["description"] == f"Bad Request: {error}"
    await rig.people.block(BORIS.id)
    reply = await rig.people.http.post("/sandbox/say", json={"user": BORIS.id, "text": "эй"})
    assert reply.json()["description"] == "Bad Request: the bot is blocked: unblock it first"


async def test_everyone_sees_the_narrowest_menu(rig: Rig) -> None:
    def commands(name: str) -> list[Json]:
        return [{"command": name, "description": "а"}]

    await rig.people.say(IRINA.id, "привет")
    await rig.bot.result("setMyCommands", commands=commands("all"))
    private = {"type": "all_private_chats"}
    await rig.bot.result("setMyCommands", commands=commands("private"), scope=private)
    irina = {"type": "chat", "chat_id": IRINA.id}
    await rig.bot.result("setMyCommands", commands=commands("irina"), scope=irina)
    rulers = {"type": "all_chat_administrators"}
    await rig.bot.result("setMyCommands", commands=commands("rule"), scope=rulers)
    await rig.bot.result("setMyCommands", commands=commands("ru"), language_code="ru")
    assert list(await rig.people.menu(ANNA.id)) == ["private"]
    assert list(await rig.people.menu(IRINA.id)) == ["irina"]
    assert list(await rig.people.menu(ANNA.id, GROUP.id)) == ["ru"]
    assert list(await rig.people.menu(IRINA.id, GROUP.id)) == ["rule"]


async def test_people_are_told_whether_a_bot_is_there() -> None:
    async with running(State(silent_after=0)) as rig:
        await rig.bot.result("getUpdates")
        await rig.people.wait_for_event(0, lambda event: event.get("online") is True)
        gone = await rig.people.wait_for_event(0, lambda event: event.get("online") is False)
        assert gone["kind"] == "bot"


async def test_ids_of_chats_meet_and_grow_over_a_restart() -> None:
    clock = iter(range(1000, 2000, 100))
    async with running(State(now=lambda: next(clock))) as rig:
        private = await rig.people.say(ANNA.id, "1")
        group = await rig.people.say(ANNA.id, "1", GROUP.id)
        assert private.id == group.id == 1000
    async with running(State(now=lambda: next(clock))) as rig:
        assert (await rig.people.say(ANNA.id, "1")).id > private.id
