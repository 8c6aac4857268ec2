"""Methods of the Bot API that put messages into chats, change them and take them back."""

from bot.sandbox import drafts, files, keyboard
from bot.sandbox.formatting import Text
from bot.sandbox.messages import Message
from bot.sandbox.params import Params
from bot.sandbox.state import State
from bot.sandbox.wire import BadRequest, Json
from bot.sandbox.world import Chat

ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
    "cancel",
)


async def send_message(state: State, params: Params) -> Json:
    content = drafts.text(params)
    return _send(state, params, content, {})


async def send_document(state: State, params: Params) -> Json:
    content = drafts.caption(params)
    return _send(state, params, content, files.document(state.files.sent(params, "document")))


async def send_photo(state: State, params: Params) -> Json:
    content = drafts.caption(params)
    return _send(state, params, content, files.photo(state.files.sent(params, "photo")))


async def edit_message_text(state: State, params: Params) -> Json:
    content = drafts.text(params)
    message = _own_message(state, params)
    if message.media:
        raise BadRequest("there is no text in the message to edit")
    return state.change(message, content, keyboard.read(params)).as_json()


async def edit_message_reply_markup(state: State, params: Params) -> Json:
    message = _own_message(state, params)
    return state.change(message, message.content, keyboard.read(params)).as_json()


async def delete_message(state: State, params: Params) -> bool:
    message = _message(state, params, "message to delete not found")
    if message.chat.type != "private" and message.sender != state.bot:
        raise BadRequest("message can't be deleted")
    state.remove(message)
    return True


async def send_chat_action(state: State, params: Params) -> bool:
    chat = state.open_chat(params.text("chat_id"))
    if params.text("action").lower() not in ACTIONS:
        raise BadRequest("wrong parameter action in request")
    state.events.add("action", {"action": params.text("action").lower()}, chat)
    return True


def _send(state: State, params: Params, content: Text, media: Json) -> Json:
    chat = state.open_chat(params.text("chat_id"))
    reply_to, keys = _reply_to(state, params, chat), keyboard.read(params)
    draft = Message(0, chat, state.bot, int(state.now()), content, media, reply_to, keys)
    return state.post(draft).as_json()


def _reply_to(state: State, params: Params, chat: Chat) -> Message | None:
    reply = params.mapping("reply_parameters")
    given = reply.get("message_id", params.number("reply_to_message_id"))
    if not isinstance(given, int):
        raise BadRequest("can't parse reply parameters: message_id must be an Integer")
    if not given:
        return None
    if "quote" in reply or reply.get("chat_id", chat.id) not in (chat.id, str(chat.id)):
        raise BadRequest("the sandbox has no replies with quotes or to other chats")
    message = state.messages.find(chat, given)
    lonely = reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    if message is None and not lonely:
        raise BadRequest("message to be replied not found")
    return message


def _message(state: State, params: Params, missing: str) -> Message:
    chat = state.open_chat(params.text("chat_id"))
    if params.number("message_id") <= 0:
        raise BadRequest("message identifier is not specified")
    message = state.messages.find(chat, params.number("message_id"))
    if message is None:
        raise BadRequest(missing)
    return message


def _own_message(state: State, params: Params) -> Message:
    message = _message(state, params, "message to edit not found")
    if message.sender != state.bot:
        raise BadRequest("message can't be edited")
    return message
