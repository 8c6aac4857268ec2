"""Whether a message is an answer to what the bot asked, or a question."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from telegram import Update
from telegram.error import BadRequest, NetworkError
from telegram.ext import CommandHandler, MessageHandler, filters

from bot import replies
from bot.database import StoreError
from bot.handlers import typed
from bot.message import Reply
from bot.sandbox.world import ANNA, BORIS, GROUP
from bot.services import Context
from tests.served import Handlers, Served, served

READER, OTHER, NEWSROOM = ANNA.id, BORIS.id, GROUP.id


async def _say(update: Update, context: Context, text: str) -> None:
    message = update.effective_message
    assert message
    await replies.send(context.bot, message.chat_id, Reply(text))


class Colours:
    """Takes colours; asks once more where it is none, fails with the errors it is given."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []

    async def __call__(self, update: Update, context: Context, text: str, number: int) -> None:
        if self.errors:
            raise self.errors.pop()
        if text == "?":
            clock = context.services.clock
            await context.services.store.ask_for(READER, READER, "colour", number, clock())
        await _say(update, context, f"colour {text} of {number}")


async def question(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message
    await _say(update, context, f"question {message.text}")


async def command(update: Update, context: Context) -> None:
    await _say(update, context, "command")


@pytest.fixture
def colours() -> Colours:
    return Colours()


@pytest.fixture
async def here(tmp_path: Path, colours: Colours) -> AsyncIterator[Served]:
    """Updates are handled one after another."""
    read = typed.reader({"colour": colours})
    answers = MessageHandler(filters.ChatType.PRIVATE & filters.TEXT, read)
    questions = MessageHandler(filters.TEXT, question)
    handlers: Handlers = {-1: [answers], 0: [CommandHandler("start", command), questions]}
    async with served(tmp_path, handlers, side_by_side=False) as opened:
        yield opened


async def asked(here: Served, kind: str = "colour") -> None:
    await here.store.ask_for(READER, READER, kind, 7, here.clock())


async def test_the_next_message_is_the_answer_and_the_one_after_it_a_question(here: Served) -> None:
    await asked(here)
    assert (await here.ask(READER, "синий")).text == "colour синий of 7"
    assert (await here.ask(READER, "синий")).text == "question синий"


async def test_an_answer_may_ask_again(here: Served) -> None:
    await asked(here)
    assert (await here.ask(READER, "?")).text == "colour ? of 7"
    assert (await here.ask(READER, "синий")).text == "colour синий of 7"


async def test_after_ten_minutes_a_message_is_a_question(here: Served) -> None:
    here.clock.ahead = -timedelta(minutes=10, seconds=1)
    await asked(here)
    here.clock.ahead = timedelta()
    assert (await here.ask(READER, "синий")).text == "question синий"


async def test_a_message_that_had_to_wait_for_the_bot_is_an_answer_still(here: Served) -> None:
    await asked(here)
    here.clock.ahead = timedelta(hours=1)
    assert (await here.ask(READER, "синий")).text == "colour синий of 7"


async def test_a_command_cancels(here: Served) -> None:
    await asked(here)
    assert (await here.ask(READER, "/start")).text == "command"
    assert (await here.ask(READER, "синий")).text == "question синий"


async def test_other_people_and_other_chats_ask_questions(here: Served) -> None:
    await asked(here)
    assert (await here.ask(OTHER, "синий")).text == "question синий"
    assert (await here.ask(READER, "/ask синий", NEWSROOM)).text == "question /ask синий"
    assert (await here.ask(READER, "синий")).text == "colour синий of 7"


async def test_an_answer_of_another_release_is_a_question(here: Served) -> None:
    await asked(here, "shape")
    assert (await here.ask(READER, "круг")).text == "question круг"


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (NetworkError("lost"), "colour синий of 7"),
        (BadRequest("no"), "question синий"),
        (StoreError("full"), "question синий"),
    ],
)
async def test_an_answer_that_fails_is_no_question_and_comes_again_if_its_update_does(
    here: Served, colours: Colours, error: Exception, again: str
) -> None:
    await asked(here)
    colours.errors.append(error)
    await here.client.say(READER, "синий")
    assert (await here.ask(OTHER, "синий")).text == "question синий"  # after that one
    said = [each.text for each in await here.client.messages(READER)]
    assert "question синий" not in said
    assert (await here.ask(READER, "синий")).text == again
