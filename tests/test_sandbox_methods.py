"""Methods of the sandbox's Bot API over HTTP: what they give, and what they refuse as Telegram."""

import json
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.pictures import SMILE
from bot.sandbox.world import ADMIN_ID, ANNA, BORIS, GROUP, SANDBOX_TOKEN
from tests.sandbox_rig import Caller, Json, Rig, running

MISSING = 10**9
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A sandbox where Anna has written to the bot."""
    async with running() as rig:
        await rig.people.say(ANNA.id, "привет")
        yield rig


@pytest.fixture
def bot(rig: Rig) -> Caller:
    return rig.bot


def keys(*data: str, **more: object) -> Json:
    """A keyboard of one column."""
    rows = [[{"text": "Ещё", "callback_data": each}] for each in data]
    return {"inline_keyboard": rows, **more}


def wide(buttons: int) -> Json:
    """A keyboard of one row."""
    return {"inline_keyboard": [[{"text": "Ещё", "callback_data": "x"}] * buttons]}


async def test_me(bot: Caller) -> None:
    me = await bot.result("getMe")
    assert (me["id"], me["is_bot"]) == (int(SANDBOX_TOKEN.split(":")[0]), True)
    assert me["can_read_all_group_messages"] is False


@pytest.mark.parametrize(
    ("path", "code", "description"),
    [
        ("bot1000000001:wrong/getMe", 401, "Unauthorized"),
        ("botnonsense/getMe", 404, "Not Found"),
        (f"bot{SANDBOX_TOKEN}/getNothing", 404, "Not Found: method not found"),
        (f"bot{SANDBOX_TOKEN}/sendDice", 404, "Not Found: method not found"),
        (f"bot{SANDBOX_TOKEN}/", 404, "Not Found: method not found"),
    ],
)
@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_wrong_paths(rig: Rig, verb: str, path: str, code: int, description: str) -> None:
    reply = await rig.people.http.request(verb, f"/{path}")
    assert reply.status_code == code
    assert reply.json() == {"ok": False, "error_code": code, "description": description}


async def test_parameters_come_in_every_encoding(rig: Rig) -> None:
    url, entities = f"/bot{SANDBOX_TOKEN}/SENDmessage", '[{"type":"bold","offset":0,"length":1}]'
    fields = {"chat_id": str(ANNA.id), "text": "ё 😀", "entities": entities}
    http = rig.people.http
    replies = [
        await http.get(url, params=fields),
        await http.post(url, params=fields),
        await http.post(url, data=fields),
        await http.post(url, data=fields, files={"unused": ("a", b"b")}),
        await http.post(url, json=fields),
        await http.post(url, json=fields | {"entities": json.loads(entities), "chat_id": ANNA.id}),
    ]
    for reply in replies:
        sent = reply.json()["result"]
        assert (sent["text"], sent["entities"]) == ("ё 😀", json.loads(entities))


@pytest.mark.parametrize(
    ("headers", "body", "description"),
    [
        ({"Content-Type": "application/json"}, b"{", "can't parse request JSON object"),
        ({"Content-Type": "application/json"}, b"[]", "can't parse request: expected an Object"),
        (
            {"Content-Type": "application/x-www-form-urlencoded"},
            b"chat_id=1&text=%ff",
            "strings must be encoded in UTF-8",
        ),
    ],
)
async def test_broken_bodies(
    rig: Rig, headers: dict[str, str], body: bytes, description: str
) -> None:
    url = f"/bot{SANDBOX_TOKEN}/sendMessage"
    reply = (await rig.people.http.post(url, headers=headers, content=body)).json()
    assert reply["description"] == f"Bad Request: {description}"


LONG = "😀" * 2048
FIT = {"text": LONG}


@pytest.mark.parametrize(
    "params",
    [
        {"text": "а"},
        FIT,
        {"text": f"  {LONG}\n"},
        {"text": "а", "reply_markup": keys("x" * 64)},
        {"text": "а", "reply_markup": wide(8)},
        {"text": "а", "reply_markup": keys("ё" * 32)},
        {"text": "а", "reply_markup": keys(*["x"] * 100)},
        {"text": "а", "reply_markup": {"inline_keyboard": [[]]}},
        {"text": "а", "reply_markup": {"remove_keyboard": True}},
        {"text": "а", "link_preview_options": {"is_disabled": True}, "disable_notification": True},
        {"text": "а", "reply_parameters": {"message_id": 9, "allow_sending_without_reply": True}},
        {"text": "а", "entities": [{"type": "url", "offset": 50, "length": 1}]},
    ],
)
async def test_messages_that_go(bot: Caller, params: Json) -> None:
    sent = await bot.result("sendMessage", chat_id=ANNA.id, **params)
    assert sent["text"] == params["text"].strip()


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\t "}, "message text is empty"),
        ({"text": LONG + "a"}, "message is too long"),
        ({"text": "а", "chat_id": ""}, "chat_id is empty"),
        ({"text": "а", "chat_id": MISSING}, "chat not found"),
        ({"text": "а", "chat_id": BORIS.id}, "chat not found"),
        (
            {"text": "а", "parse_mode": "HTML"},
            "unsupported parse_mode: the sandbox takes entities only",
        ),
        ({"text": "а", "entities": "{}"}, "can't parse entities: expected an Array"),
        ({"text": "а", "entities": "["}, "can't parse entities JSON object"),
        ({"text": "а", "entities": [1]}, "can't parse MessageEntity: expected an Object"),
        (
            {"text": "а", "entities": [{"type": "shout", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: unsupported type specified",
        ),
        (
            {"text": "а", "entities": [{"type": "bold", "offset": "0", "length": 1}]},
            "can't parse MessageEntity: offset and length must be Integers",
        ),
        (
            {"text": "😀", "entities": [{"type": "bold", "offset": 1, "length": 1}]},
            "entity begins in a middle of a UTF-16 symbol at byte offset 4",
        ),
        ({"text": "а", "reply_markup": keys("")}, "BUTTON_DATA_INVALID"),
        ({"text": "а", "reply_markup": keys("x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "а", "reply_markup": keys("ё" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "а", "reply_markup": keys(*["x"] * 101)}, "reply markup is too long"),
        ({"text": "а", "reply_markup": wide(9)}, "reply markup is too long"),
        (
            {"text": "а", "reply_markup": {"inline_keyboard": [[{"text": "а"}]]}},
            "text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "а", "reply_markup": {"inline_keyboard": [[{"callback_data": "а"}]]}},
            "inline keyboard button text must be non-empty",
        ),
        (
            {"text": "а", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "js:1"}]]}},
            "inline keyboard button URL 'js:1' is invalid: wrong HTTP URL",
        ),
        (
            {"text": "а", "reply_markup": {"inline_keyboard": [1]}},
            'field "inline_keyboard" must be an Array of Arrays of buttons',
        ),
        (
            {"text": "а", "reply_markup": {"keyboard": [["а"]]}},
            "the sandbox shows inline keyboards only",
        ),
        ({"text": "а", "reply_parameters": {"message_id": 9}}, "message to be replied not found"),
        ({"text": "а", "reply_to_message_id": 9}, "message to be replied not found"),
        (
            {"text": "а", "reply_parameters": {"message_id": "x"}},
            "can't parse reply parameters: message_id must be an Integer",
        ),
    ],
)
async def test_messages_that_do_not_go(bot: Caller, params: Json, description: str) -> None:
    error = await bot.error("sendMessage", **{"chat_id": ANNA.id, **params})
    assert error == f"Bad Request: {description}"


async def test_a_markup_of_too_many_bytes_is_refused(bot: Caller) -> None:
    markup = {"inline_keyboard": [[{"text": "я" * 60, "callback_data": "x"}]] * 90}
    reply = await bot.error("sendMessage", chat_id=ANNA.id, text="а", reply_markup=markup)
    assert reply == "Bad Request: reply markup is too long"


async def test_a_reply_carries_what_it_replies_to(rig: Rig, bot: Caller) -> None:
    asked = await rig.people.say(ANNA.id, "вопрос")
    first = await bot.result(
        "sendMessage", chat_id=ANNA.id, text="ответ", reply_parameters={"message_id": asked.id}
    )
    second = await bot.result(
        "sendMessage", chat_id=ANNA.id, text="ещё", reply_to_message_id=first["message_id"]
    )
    assert first["reply_to_message"]["text"] == "вопрос"
    assert "reply_to_message" not in second["reply_to_message"]


async def test_blocked(rig: Rig, bot: Caller) -> None:
    await rig.people.block(ANNA.id)
    error = await bot.error("sendMessage", chat_id=ANNA.id, text="а")
    assert error == "Forbidden: bot was blocked by the user"
    await rig.people.block(ANNA.id, blocked=False)
    await bot.result("sendMessage", chat_id=ANNA.id, text="а")


async def test_an_edit_replaces_text_and_keyboard(bot: Caller) -> None:
    sent = await bot.result("sendMessage", chat_id=ANNA.id, text="а", reply_markup=keys("1"))
    where = {"chat_id": ANNA.id, "message_id": sent["message_id"]}
    edited = await bot.result("editMessageText", **where, text="б")
    assert (edited["text"], edited.get("reply_markup")) == ("б", None)
    assert edited["edit_date"] >= edited["date"] == sent["date"]
    keyed = await bot.result("editMessageReplyMarkup", **where, reply_markup=keys("2"))
    assert (keyed["text"], keyed["reply_markup"]) == ("б", keys("2"))


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("editMessageText", {"text": "а", "reply_markup": keys("1")}),
        ("editMessageText", {"text": " а\n", "reply_markup": keys("1")}),
        ("editMessageReplyMarkup", {"reply_markup": keys("1")}),
    ],
)
async def test_an_edit_that_changes_nothing(bot: Caller, method: str, params: Json) -> None:
    sent = await bot.result("sendMessage", chat_id=ANNA.id, text="а", reply_markup=keys("1"))
    error = await bot.error(method, chat_id=ANNA.id, message_id=sent["message_id"], **params)
    assert error == NOT_MODIFIED


@pytest.mark.parametrize("method", ["editMessageText", "editMessageReplyMarkup"])
async def test_edits_that_are_refused(rig: Rig, bot: Caller, method: str) -> None:
    asked = await rig.people.say(ANNA.id, "вопрос")
    cases = {
        asked.id: "message can't be edited",
        MISSING: "message to edit not found",
        0: "message identifier is not specified",
    }
    for message, error in cases.items():
        said = await bot.error(method, chat_id=ANNA.id, message_id=message, text="а")
        assert said == f"Bad Request: {error}"


async def test_a_document_has_no_text_to_edit(bot: Caller) -> None:
    sent = await bot.upload("sendDocument", {"chat_id": ANNA.id}, document=("a.txt", b"x"))
    where = {"chat_id": ANNA.id, "message_id": sent["result"]["message_id"]}
    error = await bot.error("editMessageText", **where, text="а")
    assert error == "Bad Request: there is no text in the message to edit"


async def test_under_a_photo_only_the_buttons_are_edited(bot: Caller) -> None:
    fields = {"chat_id": ANNA.id, "caption": "а", "reply_markup": keys("x")}
    sent = await bot.upload("sendPhoto", fields, photo=("a.png", SMILE))
    where = {"chat_id": ANNA.id, "message_id": sent["result"]["message_id"]}
    error = await bot.error("editMessageText", **where, text="б")
    assert error == "Bad Request: there is no text in the message to edit"
    edited = await bot.result("editMessageReplyMarkup", **where, reply_markup=keys("y"))
    assert (edited["caption"], edited["reply_markup"]) == ("а", keys("y"))
    assert edited["photo"] == sent["result"]["photo"]


async def test_deleting(rig: Rig, bot: Caller) -> None:
    asked = await rig.people.say(ANNA.id, "вопрос")
    assert await bot.result("deleteMessage", chat_id=ANNA.id, message_id=asked.id) is True
    error = await bot.error("deleteMessage", chat_id=ANNA.id, message_id=asked.id)
    assert error == "Bad Request: message to delete not found"
    spoken = await rig.people.say(ANNA.id, "разговор", GROUP.id)
    error = await bot.error("deleteMessage", chat_id=GROUP.id, message_id=spoken.id)
    assert error == "Bad Request: message can't be deleted"


async def test_chat_actions(rig: Rig, bot: Caller) -> None:
    number = (await rig.people.events())[-1]["number"]
    assert await bot.result("sendChatAction", chat_id=ANNA.id, action="typing") is True
    assert (await rig.people.events(number))[0]["action"] == "typing"
    error = await bot.error("sendChatAction", chat_id=ANNA.id, action="sleeping")
    assert error == "Bad Request: wrong parameter action in request"


async def test_callback_queries_are_answered_once(rig: Rig, bot: Caller) -> None:
    sent = await bot.result("sendMessage", chat_id=ANNA.id, text="а", reply_markup=keys("1"))
    message = (await rig.people.messages(ANNA.id))[-1]
    assert message.id == sent["message_id"]
    pressed = await rig.people.press(ANNA.id, message, "Ещё")
    answer = {"callback_query_id": pressed.query_id, "text": "да", "show_alert": True}
    assert await bot.error("answerCallbackQuery", **answer | {"text": "я" * 201}) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await bot.result("answerCallbackQuery", **answer) is True
    seen = await rig.people.wait_for_answer(pressed)
    assert (seen["text"], seen["show_alert"], seen["user"]) == ("да", True, ANNA.id)
    assert await bot.error("answerCallbackQuery", **answer) == f"Bad Request: {TOO_OLD}"


async def test_a_document_goes_and_comes_back(rig: Rig, bot: Caller) -> None:
    caption = {"chat_id": ANNA.id, "caption": " весь текст "}
    entities = [{"type": "bold", "offset": 1, "length": 4}]
    reply = await bot.upload(
        "sendDocument",
        caption | {"document": "attach://file", "caption_entities": entities},
        file=("статья.txt", "ёж".encode()),
    )
    sent = reply["result"]
    assert (sent["caption"], sent["caption_entities"][0]["offset"]) == ("весь текст", 0)
    assert (sent["document"]["file_name"], sent["document"]["file_size"]) == ("статья.txt", 4)
    again = await bot.result("sendDocument", **caption, document=sent["document"]["file_id"])
    assert again["document"] == sent["document"]
    file = await bot.result("getFile", file_id=sent["document"]["file_id"])
    body = await rig.people.http.get(f"/file/bot{SANDBOX_TOKEN}/{file['file_path']}")
    assert body.content.decode() == "ёж"
    wrong = await rig.people.http.get(f"/file/bot1:x/{file['file_path']}")
    assert wrong.status_code == 404


async def test_a_photo_has_its_size(bot: Caller) -> None:
    reply = await bot.upload("sendPhoto", {"chat_id": ANNA.id}, photo=("a.png", SMILE))
    (size,) = reply["result"]["photo"]
    assert (size["width"], size["height"], size["file_size"]) == (160, 160, len(SMILE))


@pytest.mark.parametrize(
    ("method", "fields", "files", "description"),
    [
        ("sendDocument", {}, {}, "there is no document in the request"),
        ("sendDocument", {"document": "nothing"}, {}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {}, {"document": ("a", b"")}, "file must be non-empty"),
        (
            "sendDocument",
            {"caption": "я" * 1025},
            {"document": ("a", b"b")},
            "message caption is too long",
        ),
        ("sendPhoto", {}, {"photo": ("a.png", b"no picture")}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {}, {"photo": ("a.png", SMILE[:10])}, "IMAGE_PROCESS_FAILED"),
    ],
)
async def test_files_that_do_not_go(
    bot: Caller,
    method: str,
    fields: Json,
    files: dict[str, tuple[str, bytes]],
    description: str,
) -> None:
    reply = await bot.upload(method, {"chat_id": ANNA.id, **fields}, **files)
    assert reply["description"] == f"Bad Request: {description}"


async def test_commands_are_kept_by_scope_and_language(bot: Caller) -> None:
    ask = [{"command": "ask", "description": "спросить"}]
    scope = {"type": "chat", "chat_id": ANNA.id}
    assert await bot.result("setMyCommands", commands=ask, scope=scope) is True
    assert await bot.result("getMyCommands", scope=scope) == ask
    assert await bot.result("getMyCommands") == []
    assert await bot.result("getMyCommands", scope=scope, language_code="ru") == []
    assert await bot.result("deleteMyCommands", scope=scope) is True
    assert await bot.result("getMyCommands", scope=scope) == []


@pytest.mark.parametrize(
    ("commands", "scope", "description"),
    [
        ([{"command": "Ask", "description": "а"}], {}, "BOT_COMMAND_INVALID"),
        ([{"command": "a-b", "description": "а"}], {}, "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "а"}], {}, "BOT_COMMAND_INVALID"),
        ([{"command": "спроси", "description": "а"}], {}, "BOT_COMMAND_INVALID"),
        ([{"command": "ask\n", "description": "а"}], {}, "BOT_COMMAND_INVALID"),
        ([{"command": "ask"}], {}, "command description must be non-empty"),
        (
            [{"command": "ask", "description": "я" * 257}],
            {},
            "command description length must not exceed 256",
        ),
        ([{"command": "a", "description": "а"}] * 101, {}, "BOT_COMMANDS_TOO_MUCH"),
        ([], {"type": "chat", "chat_id": MISSING}, "chat not found"),
        ([], {"type": "chat", "chat_id": ADMIN_ID}, "chat not found"),
        ([], {"type": "moon"}, "can't parse BotCommandScope: unsupported type specified"),
        (
            [],
            {"type": "chat_administrators", "chat_id": ANNA.id},
            "can't use specified scope in private chats",
        ),
        ([], {"type": "chat_member", "chat_id": GROUP.id}, "invalid user_id specified"),
    ],
)
async def test_commands_that_are_refused(
    bot: Caller, commands: list[Json], scope: Json, description: str
) -> None:
    error = await bot.error("setMyCommands", commands=commands, scope=scope)
    assert error == f"Bad Request: {description}"


async def test_chats_and_members(bot: Caller) -> None:
    assert (await bot.result("getChat", chat_id=GROUP.id))["title"] == GROUP.title
    (owner,) = await bot.result("getChatAdministrators", chat_id=GROUP.id)
    assert (owner["user"]["id"], owner["status"]) == (ADMIN_ID, "creator")
    where = {"chat_id": GROUP.id}
    assert (await bot.result("getChatMember", **where, user_id=ANNA.id))["status"] == "member"
    assert (await bot.result("getChatMember", **where, user_id=ADMIN_ID))["status"] == "creator"
    stranger = await bot.result("getChatMember", chat_id=ANNA.id, user_id=BORIS.id)
    assert stranger["status"] == "left"
    error = await bot.error("getChatMember", **where, user_id=MISSING)
    assert error == "Bad Request: PARTICIPANT_ID_INVALID"
    error = await bot.error("getChatAdministrators", chat_id=ANNA.id)
    assert error == "Bad Request: there are no administrators in the private chat"
    error = await bot.error("getFile", file_id="nothing")
    assert error == "Bad Request: invalid file_id"
