"""Start, stop, crashes and a bad network, end to end with the real bot in a child process."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import texts
from bot.app import DATABASE
from bot.sandbox.server import Sandbox
from bot.sandbox.world import SANDBOX_TOKEN
from tests.builders import ARTICLES
from tests.running import (
    ADMIN,
    OTHER,
    READER,
    Room,
    RunningBot,
    assert_verbatim,
    quotes_of,
    room,
)
from tests.sandbox_client import SandboxClient

CORRIDOR = "Какой маршрут называют Средним коридором?"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, LOG_LEVEL="DEBUG") as opened:
        yield opened


async def answers(here: Room, user: int = READER) -> list[str]:
    """The first quote of each answer in a person's chat."""
    seen = await here.client.messages(user)
    return [quotes_of(message)[0] for message in seen if quotes_of(message)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_answer_under_way_and_then_the_bot(here: Room, number: int) -> None:
    await here.client.fault("sendMessage", delay=1.5)
    await here.client.say(READER, CORRIDOR)
    await _asked(here, "sendChatAction")
    assert await here.bot.stop(number) == 0
    assert len(await answers(here)) == 1
    assert not (here.state / f"{DATABASE}-wal").exists()
    assert "Traceback" not in here.bot.log


async def test_a_menu_that_cannot_be_set_holds_up_no_end(here: Room) -> None:
    await here.bot.stop()
    await here.client.fault("setMyCommands", delay=15)
    await here.start_bot()
    await here.ask("уран")
    async with asyncio.timeout(10):
        assert await here.bot.stop() == 0


async def test_the_token_is_never_printed(here: Room) -> None:
    secret = SANDBOX_TOKEN.partition(":")[2]
    for fault in ({"error_code": 502}, {"drop": "before"}, {"error_code": 400}):
        await here.client.fault("sendMessage", **fault)
        await here.client.say(READER, CORRIDOR)
    await here.ask("уран", OTHER)
    await here.client.fault("getUpdates", error_code=500)
    await here.ask("уран", OTHER)
    await here.bot.stop()
    assert "DEBUG" in here.bot.log
    assert secret not in here.bot.log


async def test_buttons_and_edits_work_after_a_restart(here: Room) -> None:
    question = await here.client.say(READER, "Токаев")
    answer = await here.client.wait_for_reply(question)
    start = await here.ask("/start", OTHER)
    await here.bot.stop()
    await here.start_bot()

    more = await here.press(answer, "Ещё")
    assert_verbatim(more, here.corpus)
    assert not set(quotes_of(more)) & set(quotes_of(answer))
    assert_verbatim(await here.press(answer, "Контекст 2"), here.corpus)
    assert (await here.press(answer, "Статья 1")).text
    said = await here.press(start, next(iter(start.buttons)), OTHER)
    assert_verbatim(await here.client.wait_for_reply(said), here.corpus)
    edited = await here.client.wait_for_edit(await here.client.edit(READER, question, CORRIDOR))
    assert edited.id == answer.id


async def test_a_question_cut_off_by_a_crash_is_answered_once_at_the_next_start(
    here: Room,
) -> None:
    await here.client.fault("sendMessage", delay=30)
    question = await here.client.say(READER, CORRIDOR)
    await _asked(here, "sendChatAction")
    while not here.rows("SELECT 1 FROM answers"):
        await here.client.events(wait=1)
    await here.bot.stop(signal.SIGKILL)
    await here.client.clear_faults()

    await here.start_bot()
    await here.client.wait_for_reply(question)
    await here.ask("уран", OTHER)
    assert len(await answers(here)) == 1
    await here.bot.stop()
    await here.start_bot()
    await here.ask("уран", OTHER)
    assert len(await answers(here)) == 1


async def test_questions_fetched_just_before_a_crash_are_answered(here: Room) -> None:
    asked = [await here.client.say(READER, "Токаев") for _ in range(20)]
    async with asyncio.timeout(20):
        after, fetched = 0, False
        while not fetched:
            calls = await here.client.calls("getUpdates", after=after, wait=20)
            fetched = any(call["result"] for call in calls)
            after = calls[-1]["number"] if calls else after
    await here.bot.stop(signal.SIGKILL)

    await here.start_bot()
    await here.client.wait_for_reply(await here.client.say(OTHER, "уран"))
    async with asyncio.timeout(20):
        replied: set[int] = set()
        while replied != {message.id for message in asked}:
            await here.client.events(wait=1)
            seen = [
                each.json.get("reply_to_message") for each in await here.client.messages(READER)
            ]
            replied = {question["message_id"] for question in seen if question}


async def test_an_edit_cut_off_by_a_stop_is_made_at_the_next_start(here: Room) -> None:
    question = await here.client.say(READER, "Токаев")
    answer = await here.client.wait_for_reply(question)
    await here.client.fault("editMessageText", error_code=429, retry_after=60)
    edit = await here.client.edit(READER, question, CORRIDOR)
    await _asked(here, "editMessageText", code=429)
    assert await here.bot.stop() == 0
    assert "Контекст 1" in (await here.client.messages(READER))[-1].buttons

    await here.start_bot()
    edited = await here.client.wait_for_edit(edit)
    assert edited.id == answer.id
    assert "Средний коридор" in edited.text
    assert len(await here.client.messages(READER)) == 2


@pytest.mark.parametrize("fault", [{"error_code": 500, "times": 9}, {"delay": 10}], ids=str)
async def test_a_button_works_though_its_waiting_sign_does_not_stop(
    here: Room, fault: dict[str, float]
) -> None:
    answer = await here.ask(CORRIDOR)
    await here.client.fault("answerCallbackQuery", **fault)
    around = await here.press(answer, "Контекст 1")
    assert quotes_of(around)
    late = [call for call in await here.client.calls("answerCallbackQuery") if call["code"] == 200]
    assert not late


async def test_quotes_that_did_not_arrive_come_with_the_next_press(here: Room) -> None:
    answer = await here.ask("Токаев")
    await here.client.fault("sendMessage", error_code=400)
    assert (await here.press(answer, "Ещё")).text == texts.FAILED
    second = quotes_of(await here.press(answer, "Ещё"))
    other = await here.ask("Токаев", OTHER)
    assert second == quotes_of(await here.press(other, "Ещё", OTHER))


async def test_an_answer_that_telegram_refuses_is_not_passed_over_in_silence(here: Room) -> None:
    await here.client.fault("sendMessage", error_code=400)
    assert (await here.ask(CORRIDOR)).text == texts.FAILED


@pytest.mark.parametrize(
    "fault",
    [
        {"error_code": 429, "retry_after": 1},
        {"error_code": 500, "times": 2},
        {"error_code": 502, "times": 2},
        {"drop": "before"},
    ],
    ids=str,
)
async def test_a_passing_fault_costs_no_answer(here: Room, fault: dict[str, float]) -> None:
    await here.client.fault("sendMessage", **fault)
    answer = await here.ask(CORRIDOR)
    assert_verbatim(answer, here.corpus)
    assert len(await answers(here)) == 1


async def test_typing_that_fails_costs_no_answer(here: Room) -> None:
    for fault in ({"error_code": 400}, {"error_code": 429, "retry_after": 60}, {"delay": 5}):
        await here.client.fault("sendChatAction", **fault)
        assert_verbatim(await here.ask(CORRIDOR), here.corpus)


async def test_updates_that_cannot_be_fetched_are_fetched_later(here: Room) -> None:
    for fault in ({"error_code": 502}, {"error_code": 404}, {"drop": "before"}):
        await here.client.fault("getUpdates", **fault)
        assert_verbatim(await here.ask(CORRIDOR), here.corpus)
    await here.bot.stop()
    assert "no updates from Telegram (HTTP 502)" in here.bot.log
    assert "Telegram answers again" in here.bot.log


async def test_a_chat_that_waits_holds_up_no_other(here: Room) -> None:
    await here.ask("/help", OTHER)
    await here.client.fault("sendMessage", error_code=429, retry_after=3)
    slow = await here.client.say(READER, CORRIDOR)
    await _asked(here, "sendMessage", code=429)
    quick = [await here.client.say(OTHER, "Токаев") for _ in range(32)]
    reply = quick[0]
    for _ in quick:
        reply = await here.client.wait_for_reply(reply)
    late = await here.client.wait_for_reply(slow)
    assert len(await answers(here, OTHER)) == 32
    assert late.number > reply.number
    assert_verbatim(late, here.corpus)


async def test_a_reader_who_blocks_the_bot_is_marked_and_wakes_it_again(here: Room) -> None:
    await here.ask("уран")
    await here.client.block(READER)
    await here.ask("уран", OTHER)
    assert here.rows(f"SELECT active FROM chats WHERE id = {READER}") == [(0,)]
    await here.client.block(READER, blocked=False)
    await here.ask("/start")
    assert here.rows(f"SELECT active FROM chats WHERE id = {READER}") == [(1,)]


async def test_a_network_that_is_down_at_start_is_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    bot = await RunningBot.start(f"http://127.0.0.1:{port}", ARTICLES, tmp_path / "state")
    log = await _line(bot, "getMe failed")
    async with Sandbox(port=port) as sandbox, SandboxClient(sandbox.url) as client:
        await client.wait_for_bot(30)
        question = await client.say(READER, CORRIDOR)
        assert quotes_of(await client.wait_for_reply(question))
        assert await bot.stop() == 0
    assert "trying again in" in log


async def test_a_bot_that_never_reached_telegram_ends_when_told(tmp_path: Path) -> None:
    bot = await RunningBot.start("http://127.0.0.1:1", ARTICLES, tmp_path / "state")
    await _line(bot, "getMe failed")
    assert await bot.stop() == 0
    assert "Traceback" not in bot.log


async def test_a_token_that_telegram_refuses_is_said_in_one_line(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        bot = await RunningBot.start(
            sandbox.url, ARTICLES, tmp_path / "state", TELEGRAM_BOT_TOKEN="7:not-the-right-one"
        )
        assert await bot.end() == 2
    assert "doslovno: TELEGRAM_BOT_TOKEN: " in bot.log
    assert "Traceback" not in bot.log
    assert "not-the-right-one" not in bot.log


async def test_a_database_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / DATABASE).write_bytes(b"no database" * 1000)
    bot = await RunningBot.start("http://127.0.0.1:1", ARTICLES, tmp_path / "state")
    assert await bot.end() == 2
    assert f"{DATABASE}: file is not a database" in bot.log
    assert "Traceback" not in bot.log


async def test_admins_may_write_before_the_bot_can_write_to_them(here: Room) -> None:
    """setMyCommands for an admin is refused until then; the bot goes on."""
    assert (await here.ask("/reload", ADMIN)).text.endswith(texts.NO_CHANGES)


async def _asked(here: Room, method: str, code: int = 200) -> None:
    """Wait until the bot has called a method and got this code."""
    async with asyncio.timeout(20):
        after = 0
        while True:
            for call in await here.client.calls(method, after=after, wait=20):
                if call["code"] == code:
                    return
                after = call["number"]


async def _line(bot: RunningBot, part: str) -> str:
    """Wait for a line of the bot's log."""
    assert bot.process.stdout
    async with asyncio.timeout(20):
        while True:
            line = (await bot.process.stdout.readline()).decode()
            bot.log += line
            if part in line:
                return line
