"""Groups of the sandbox: administrators, a group's move, the bot put out; and crowds of people."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.world import ANNA, BORIS, DEPARTMENT, GROUP, IRINA
from tests.sandbox_rig import Json, Rig, running

MOVED = "Bad Request: group chat was upgraded to a supergroup chat"
ASK = "/ask что нового"


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig:
        yield rig


async def heard(rig: Rig) -> list[Json]:
    """What updates carry, without their ids; they are confirmed."""
    updates = await rig.bot.result("getUpdates")
    if updates:
        await rig.bot.result("getUpdates", offset=updates[-1]["update_id"] + 1)
    return [next(value for key, value in each.items() if key != "update_id") for each in updates]


async def administrators(rig: Rig, chat: int) -> list[tuple[int, str]]:
    members = await rig.bot.result("getChatAdministrators", chat_id=chat)
    return [(member["user"]["id"], member["status"]) for member in members]


async def test_a_crowd_can_be_written_to_and_is_not_on_the_page(rig: Rig) -> None:
    first, other = await rig.people.crowd(2000), await rig.people.crowd(1)
    assert len(first) == 2000
    assert other[0] not in first
    assert await heard(rig) == []
    for person in (first[0], first[-1], other[0]):
        sent = await rig.bot.result("sendMessage", chat_id=person, text="а")
        assert (sent["chat"]["id"], sent["chat"]["type"]) == (person, "private")
        assert [message.text for message in await rig.people.messages(person)] == ["а"]
    assert await rig.bot.error("sendMessage", chat_id=other[0] + 1, text="а")
    assert len(await rig.people.ask("GET", "users")) == 3
    snapshot = await rig.people.ask("GET", "snapshot", params={"user": ANNA.id})
    assert [chat["id"] for chat in snapshot["chats"]] == [ANNA.id, GROUP.id, DEPARTMENT.id]


async def test_one_of_a_crowd_writes_and_blocks_like_anyone(rig: Rig) -> None:
    (person,) = await rig.people.crowd(1)
    await rig.people.say(person, "привет")
    await rig.people.block(person)
    message, change = await heard(rig)
    assert (message["from"]["id"], message["text"]) == (person, "привет")
    assert change["new_chat_member"]["status"] == "kicked"
    error = await rig.bot.error("sendMessage", chat_id=person, text="а")
    assert error == "Forbidden: bot was blocked by the user"


@pytest.mark.parametrize("people", [0, -1, 100_001, "x"])
async def test_crowds_of_no_size_are_refused(rig: Rig, people: object) -> None:
    reply = await rig.people.http.post("/sandbox/crowd", json={"people": people})
    assert reply.json()["description"] == "Bad Request: people is a number from 1 to 100000"


async def test_administrators(rig: Rig) -> None:
    assert await administrators(rig, GROUP.id) == [(IRINA.id, "creator")]
    ruled = [(IRINA.id, "creator"), (ANNA.id, "administrator")]
    assert await administrators(rig, DEPARTMENT.id) == ruled
    await rig.people.appoint(BORIS.id, DEPARTMENT.id)
    await rig.people.appoint(ANNA.id, DEPARTMENT.id, admin=False)
    where = {"chat_id": DEPARTMENT.id}
    statuses = [
        (await rig.bot.result("getChatMember", **where, user_id=each.id))["status"]
        for each in (IRINA, BORIS, ANNA)
    ]
    assert statuses == ["creator", "administrator", "member"]


async def test_administrators_are_offered_their_menu(rig: Rig) -> None:
    commands = [{"command": "rule", "description": "а"}]
    rulers = {"type": "all_chat_administrators"}
    await rig.bot.result("setMyCommands", commands=commands, scope=rulers)
    assert await rig.people.menu(ANNA.id, DEPARTMENT.id) == {"rule": "а"}
    assert await rig.people.menu(BORIS.id, DEPARTMENT.id) == {}
    await rig.people.appoint(BORIS.id, DEPARTMENT.id)
    assert await rig.people.menu(BORIS.id, DEPARTMENT.id) == {"rule": "а"}


async def test_a_group_that_becomes_a_supergroup(rig: Rig) -> None:
    await rig.bot.result("sendMessage", chat_id=DEPARTMENT.id, text="до")
    moved = await rig.people.migrate(DEPARTMENT.id)
    assert str(moved).startswith("-100")
    old, new = await heard(rig)
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (DEPARTMENT.id, moved)
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (moved, DEPARTMENT.id)
    assert (old["chat"]["type"], new["chat"]["type"]) == ("group", "supergroup")
    assert (await rig.bot.result("getChat", chat_id=moved))["title"] == DEPARTMENT.title
    assert len(await administrators(rig, moved)) == 2
    await rig.bot.result("sendMessage", chat_id=moved, text="после")
    await rig.people.say(BORIS.id, ASK, moved)
    assert [message["text"] for message in await heard(rig)] == [ASK]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "а"}),
        ("sendChatAction", {"action": "typing"}),
        ("getChat", {}),
        ("getChatMember", {"user_id": ANNA.id}),
        ("deleteMessage", {"message_id": 1}),
    ],
)
async def test_a_group_that_moved_is_told_of_at_its_old_id(
    rig: Rig, method: str, params: Json
) -> None:
    moved = await rig.people.migrate(DEPARTMENT.id)
    reply = await rig.bot.call(method, chat_id=DEPARTMENT.id, **params)
    assert (reply["error_code"], reply["description"]) == (400, MOVED)
    assert reply["parameters"] == {"migrate_to_chat_id": moved}


async def test_a_bot_that_is_put_out_of_a_supergroup_and_let_in_again(rig: Rig) -> None:
    for _ in range(2):
        await rig.people.put_out(GROUP.id)
    (change,) = await heard(rig)
    assert (change["chat"]["id"], change["from"]["id"]) == (GROUP.id, IRINA.id)
    assert change["old_chat_member"]["status"] == "member"
    assert change["new_chat_member"]["status"] == "kicked"
    error = await rig.bot.error("sendMessage", chat_id=GROUP.id, text="а")
    assert error == "Forbidden: bot was kicked from the supergroup chat"
    await rig.people.say(ANNA.id, ASK, GROUP.id)
    assert await heard(rig) == []
    await rig.people.let_in(GROUP.id)
    change, message = await heard(rig)
    assert change["new_chat_member"]["status"] == "member"
    assert [user["is_bot"] for user in message["new_chat_members"]] == [True]
    await rig.bot.result("sendMessage", chat_id=GROUP.id, text="а")


async def test_a_bot_that_is_put_out_of_an_ordinary_group_is_told_twice(rig: Rig) -> None:
    await rig.people.put_out(DEPARTMENT.id)
    change, message = await heard(rig)
    assert change["new_chat_member"]["status"] == "left"
    assert message["left_chat_member"]["is_bot"]
    error = await rig.bot.error("getChat", chat_id=DEPARTMENT.id)
    assert error == "Forbidden: bot was kicked from the group chat"


@pytest.mark.parametrize(
    ("path", "fields", "description"),
    [
        ("migrate", {"chat": ANNA.id}, "the chat is not a group"),
        ("migrate", {"chat": GROUP.id}, "the chat is a supergroup already"),
        ("migrate", {"chat": 5}, "chat not found"),
        ("membership", {"chat": ANNA.id, "in": False}, "the chat is not a group"),
        (
            "appoint",
            {"chat": GROUP.id, "user": IRINA.id},
            "user is the owner of the chat or not in it",
        ),
    ],
)
async def test_what_cannot_be_done_to_a_chat(
    rig: Rig, path: str, fields: Json, description: str
) -> None:
    reply = await rig.people.http.post(f"/sandbox/{path}", json=fields)
    assert (reply.status_code, reply.json()["description"]) == (400, f"Bad Request: {description}")


async def test_nobody_writes_to_a_group_that_has_moved(rig: Rig) -> None:
    await rig.people.migrate(DEPARTMENT.id)
    fields = {"user": ANNA.id, "chat": DEPARTMENT.id, "text": ASK}
    reply = await rig.people.http.post("/sandbox/say", json=fields)
    assert reply.json()["description"] == MOVED
    reply = await rig.people.http.post("/sandbox/migrate", json={"chat": DEPARTMENT.id})
    assert reply.json()["description"] == MOVED
    snapshot = await rig.people.ask("GET", "snapshot", params={"user": ANNA.id})
    assert DEPARTMENT.id not in [chat["id"] for chat in snapshot["chats"]]
