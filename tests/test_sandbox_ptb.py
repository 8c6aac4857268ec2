"""python-telegram-bot doesn't notice that the sandbox isn't Telegram."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import (
    BotCommandScopeChat,
    CallbackQuery,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox.pictures import SMILE
from bot.sandbox.world import ANNA, BORIS, DEPARTMENT, GROUP, IRINA, SANDBOX_TOKEN
from tests.sandbox_rig import Rig, running

App = Application[Any, Any, Any, Any, Any, Any]
MORE = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Ещё", callback_data="more"))


@dataclass(frozen=True)
class Echo:
    """A rig with an echoing bot that polls it."""

    rig: Rig
    app: App


def build(rig: Rig, token: str = SANDBOX_TOKEN) -> App:
    url = rig.sandbox.url
    builder = ApplicationBuilder().token(token)
    return builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    assert message
    if update.edited_message:
        await message.reply_text(f"изменено: {message.text}")
    else:
        await message.reply_text(message.text or "не текст", reply_markup=MORE, do_quote=True)


async def more(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert isinstance(query, CallbackQuery)
    await query.answer("вот")
    await query.edit_message_text("ещё")


@pytest.fixture
async def echoing() -> AsyncIterator[Echo]:
    async with running() as rig:
        app = build(rig)
        app.add_handler(MessageHandler(filters.ALL, echo))
        app.add_handler(CallbackQueryHandler(more))
        async with app:
            assert app.updater
            await app.updater.start_polling(timeout=20)
            await app.start()
            yield Echo(rig, app)
            await app.updater.stop()
            await app.stop()


async def test_a_conversation(echoing: Echo) -> None:
    people = echoing.rig.people
    said = await people.say(ANNA.id, "привет 😀")
    reply = await people.wait_for_reply(said)
    assert reply.text == "привет 😀"
    assert reply.json["reply_to_message"]["message_id"] == said.id
    pressed = await people.press(ANNA.id, reply, "Ещё")
    assert (await people.wait_for_answer(pressed))["text"] == "вот"
    edited = await people.wait_for_edit(pressed, ANNA.id)
    assert (edited.id, edited.text, edited.buttons) == (reply.id, "ещё", {})
    again = await people.edit(ANNA.id, said, "пока")
    assert (await people.wait_for_reply(again)).text == "изменено: пока"
    sticker = await people.say(ANNA.id, attach="sticker")
    assert (await people.wait_for_reply(sticker)).text == "не текст"


async def test_a_group(echoing: Echo) -> None:
    people = echoing.rig.people
    await people.say(BORIS.id, "просто так", GROUP.id)
    asked = await people.say(BORIS.id, f"@{echoing.app.bot.username} привет", GROUP.id)
    reply = await people.wait_for_reply(asked)
    assert reply.json["reply_to_message"]["message_id"] == asked.id
    assert len(await people.messages(GROUP.id)) == 3


async def test_everything_a_message_carries(echoing: Echo) -> None:
    bot, people = echoing.app.bot, echoing.rig.people
    await people.say(IRINA.id, "привет")
    entities = [
        MessageEntity("blockquote", 0, 2),
        MessageEntity("bold", 0, 2),
        MessageEntity("text_link", 3, 1, url="https://example.kz/"),
        MessageEntity("expandable_blockquote", 5, 1),
    ]
    text = "😀\nа\nб"
    sent = await bot.send_message(IRINA.id, text, entities=entities, reply_markup=MORE)
    assert isinstance(sent, Message)
    assert (sent.text, list(sent.entities), sent.reply_markup) == (text, entities, MORE)
    document = await bot.send_document(IRINA.id, b"text", filename="a.txt", caption="я")
    assert document.document
    file = await document.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"text"
    assert (await bot.send_photo(IRINA.id, SMILE)).photo[0].width == 160
    assert (await bot.get_chat(GROUP.id)).title == GROUP.title
    assert (await bot.get_chat_administrators(GROUP.id))[0].user.id == IRINA.id
    assert (await bot.get_webhook_info()).url == ""
    scope = BotCommandScopeChat(IRINA.id)
    assert await bot.set_my_commands([("reload", "обновить")], scope=scope)
    assert (await bot.get_my_commands(scope=scope))[0].command == "reload"
    assert await people.menu(IRINA.id) == {"reload": "обновить"}


async def test_refusals_are_the_library_s_errors(echoing: Echo) -> None:
    bot, people = echoing.app.bot, echoing.rig.people
    said = await people.say(ANNA.id, "привет")
    reply = await people.wait_for_reply(said)
    with pytest.raises(BadRequest, match="is not modified"):
        await bot.edit_message_text(reply.text, ANNA.id, reply.id, reply_markup=MORE)
    with pytest.raises(BadRequest, match="to be replied not found"):
        await bot.send_message(ANNA.id, "а", reply_parameters=ReplyParameters(5))
    with pytest.raises(BadRequest, match="is too old"):
        await bot.answer_callback_query("5")
    with pytest.raises(TelegramError, match="not found"):
        await bot.do_api_request("sendNothing")
    await people.block(ANNA.id)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ANNA.id, "а")
    await people.block(ANNA.id, blocked=False)


async def test_faults_are_the_library_s_errors(echoing: Echo) -> None:
    bot, people = echoing.app.bot, echoing.rig.people
    await people.fault("getChat", error_code=429, retry_after=3)
    with pytest.raises(RetryAfter, match="Flood control exceeded"):
        await bot.get_chat(GROUP.id)
    for fault in ({"error_code": 502}, {"drop": "before"}):
        await people.fault("getChat", **fault)
        with pytest.raises(NetworkError):
            await bot.get_chat(GROUP.id)


async def test_a_group_that_moved_is_the_library_s_error() -> None:
    async with running() as rig, build(rig) as app:
        owner, admin = await app.bot.get_chat_administrators(DEPARTMENT.id)
        assert isinstance(admin, ChatMemberAdministrator)
        assert (owner.user.id, admin.user.id) == (IRINA.id, ANNA.id)
        moved = await rig.people.migrate(DEPARTMENT.id)
        with pytest.raises(ChatMigrated) as error:
            await app.bot.send_message(DEPARTMENT.id, "а")
        assert error.value.new_chat_id == moved
        old, new = await app.bot.get_updates()
        assert old.message
        assert new.message
        assert (old.message.migrate_to_chat_id, new.message.migrate_from_chat_id) == (
            moved,
            DEPARTMENT.id,
        )


async def test_a_bot_that_is_put_out_is_the_library_s_error() -> None:
    async with running() as rig, build(rig) as app:
        await rig.people.put_out(GROUP.id)
        with pytest.raises(Forbidden, match="kicked from the supergroup"):
            await app.bot.send_message(GROUP.id, "а")
        (update,) = await app.bot.get_updates()
        assert update.my_chat_member
        assert update.my_chat_member.new_chat_member.status == "kicked"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("новость.txt", "Нефть подешевела.".encode("cp1251")),
        ("новость.md", "# Нефть\n\nПодешевела.\n".encode()),
        ("новость.html", "<p>Нефть</p>".encode()),
        ("новости.jsonl", b'{"title": "a"}\n' * 10_000),
    ],
)
async def test_a_document_from_a_person_is_fetched(name: str, body: bytes) -> None:
    async with running() as rig, build(rig) as app:
        await rig.people.send_document(IRINA.id, name, body, caption="вот")
        (update,) = await app.bot.get_updates()
        assert update.message
        assert update.message.document
        document = update.message.document
        assert (document.file_name, document.file_size) == (name, len(body))
        file = await app.bot.get_file(document.file_id)
        assert bytes(await file.download_as_bytearray()) == body


async def test_wrong_tokens() -> None:
    async with running() as rig:
        with pytest.raises(InvalidToken):
            await build(rig, "1000000001:wrong").bot.__aenter__()


async def test_a_second_poller_is_a_conflict() -> None:
    async with running() as rig, build(rig) as one, build(rig) as other:
        first = asyncio.create_task(one.bot.get_updates(timeout=20))
        await rig.people.wait_for_bot()
        second = asyncio.create_task(other.bot.get_updates(timeout=20))
        with pytest.raises(Conflict):
            await first
        await rig.people.say(ANNA.id, "привет")
        assert len(await second) == 1
