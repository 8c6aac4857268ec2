"""The message that answers what the bot has just asked: it is taken for that, and no question."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

from telegram import Message, MessageEntity, Update, User
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.database import StoreError
from bot.limiter import is_passing
from bot.services import Context
from bot.store.prompts import Prompt

log = logging.getLogger(__name__)

Answer = Callable[[Update, Context, str, int], Awaitable[None]]
"""Takes what was typed, and the number of what it concerns."""

WAITED_FOR = timedelta(minutes=10)
"""How long an answer is waited for: a later message is a question again."""


def reader(
    answers: Mapping[str, Answer],
) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """The handler of text in private chats, to stand in a group before the one of questions.

    `answers` says, for each kind of prompt, who takes its answer. A command cancels the prompt.
    """

    async def typed(update: Update, context: Context) -> None:
        message, user = update.message, update.effective_user
        if message is None or user is None or not message.text:
            return
        prompt = await _prompt(message, user, context)
        if prompt is None or prompt.kind not in answers:
            return
        answer = _answer(answers[prompt.kind], prompt, update, context)
        # A task of its own, as an error raised here would let the question's handler run as well.
        await asyncio.wait({context.application.create_task(answer, update)})
        raise ApplicationHandlerStop

    return typed


async def _prompt(message: Message, user: User, context: Context) -> Prompt | None:
    """What this message answers; without the database it is a question."""
    store, now = context.services.store, context.services.clock()
    try:
        if _is_command(message):
            await store.drop_prompt(message.chat_id, user.id)
            return None
        # A message that waited while the bot was down was on time if it was so when it was sent.
        since = min(message.date, now) - WAITED_FOR
        return await store.take_prompt(message.chat_id, user.id, since)
    except StoreError as error:
        log.error("a message is not looked upon as an answer: %s", error)
        return None


def _is_command(message: Message) -> bool:
    return any(
        entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0
        for entity in message.entities
    )


async def _answer(answer: Answer, prompt: Prompt, update: Update, context: Context) -> None:
    message, user = update.message, update.effective_user
    if message is None or user is None:
        return
    try:
        await answer(update, context, message.text or "", prompt.number)
    except TelegramError as error:
        if is_passing(error):  # the update is handled again at the next start, as an answer still
            await context.services.store.ask_for(message.chat_id, user.id, *prompt)
        raise
