"""What people do in the sandbox: write, edit, press buttons."""

import re
from dataclasses import replace
from secrets import randbelow

from bot.sandbox.formatting import Entity, Text, tidy, units
from bot.sandbox.messages import Message
from bot.sandbox.state import State
from bot.sandbox.wire import BadRequest, Json
from bot.sandbox.world import Chat, User

MAX_TEXT = 4096


def say(state: State, draft: Message) -> Message:
    """A person writes `draft` (its id doesn't matter); the bot hears of it if it may see it."""
    _check_may_write(state, draft.sender, draft.chat)
    content = _content(draft.content.text, draft.media)
    if draft.chat.type == "private":
        state.met.add(draft.sender)
    message = state.post(replace(draft, content=content, date=int(state.now())))
    _tell_bot(state, "message", message)
    return message


def edit(state: State, person: User, message: Message, text: str) -> Message:
    """A person changes their own message."""
    _check_may_write(state, person, message.chat)
    if message.sender != person:
        raise BadRequest("message can't be edited")
    changed = state.change(message, _content(text, message.media), ())
    _tell_bot(state, "edited_message", changed)
    return changed


def press(state: State, person: User, message: Message, data: str) -> str:
    """A person presses a button; gives the id of the callback query that the bot gets."""
    _check_may_write(state, person, message.chat)
    if not any(button.get("callback_data") == data for row in message.keyboard for button in row):
        raise BadRequest("there is no such button")
    state.directory.check_bot(message.chat)
    query_id = str(randbelow(2**63))
    state.pressed[query_id] = person
    query: Json = {
        "id": query_id,
        "from": person.as_json(),
        "message": message.as_json(),
        "chat_instance": str(message.chat.id),
        "data": data,
    }
    state.updates.add("callback_query", query)
    return query_id


def _check_may_write(state: State, person: User, chat: Chat) -> None:
    if person not in chat.members:
        raise BadRequest("chat not found")
    state.directory.check_moved(chat)
    if chat.type == "private" and person in state.blocked:
        raise BadRequest("the bot is blocked: unblock it first")


def _content(text: str, media: Json) -> Text:
    content = tidy(text)
    if not content.text and not media:
        raise BadRequest("message text is empty")
    if units(content.text) > MAX_TEXT:
        raise BadRequest("message is too long")
    return content


def _tell_bot(state: State, kind: str, message: Message) -> None:
    if message.chat.type == "private" or _hears(state, message):
        state.updates.add(kind, message.as_json())


def _hears(state: State, message: Message) -> bool:
    return state.directory.has_bot(message.chat) and is_for_bot(message, state.bot)


def is_for_bot(message: Message, bot: User) -> bool:
    """Does a bot in privacy mode see this message of a group?

    It sees commands (but not those for another bot), mentions of it and replies to it; see
    https://core.telegram.org/bots/features#privacy-mode
    """
    if message.reply_to and message.reply_to.sender == bot:
        return True
    return any(_names(entity, message.content.text, bot) for entity in message.content.entities)


def _names(entity: Entity, text: str, bot: User) -> bool:
    piece = text.encode("utf-16-le")[2 * entity.offset : 2 * entity.stop].decode("utf-16-le")
    if entity.type == "mention":
        return piece.lower() == f"@{bot.username}".lower()
    if entity.type == "bot_command":
        whose = re.fullmatch(r"/\w+(?:@(\w+))?", piece)
        return whose is not None and (whose[1] or bot.username).lower() == bot.username.lower()
    return False
