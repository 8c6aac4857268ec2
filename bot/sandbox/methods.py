"""The methods of the Bot API that the sandbox has, by their names in lower case.

Each takes the state and the request's parameters and gives the `result`, or raises ApiError
with the description that Telegram gives.
"""

from collections.abc import Awaitable, Callable

from bot.sandbox import files, sending
from bot.sandbox.formatting import units
from bot.sandbox.membership import member
from bot.sandbox.menu import commands_of, scope_of
from bot.sandbox.params import Params
from bot.sandbox.state import State
from bot.sandbox.wire import BadRequest, Json
from bot.sandbox.world import User

MAX_ALERT = 200
MAX_POLL_SECONDS = 50
MAX_UPDATES = 100
GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)

Method = Callable[[State, Params], Awaitable[object]]


async def get_me(state: State, _params: Params) -> Json:
    abilities: Json = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return state.bot.as_json() | abilities


async def get_updates(state: State, params: Params) -> list[Json]:
    if params.text("allowed_updates"):
        state.updates.allow([str(kind) for kind in params.array("allowed_updates")])
    limit = params.number("limit", MAX_UPDATES)
    limit = limit if 1 <= limit <= MAX_UPDATES else MAX_UPDATES
    seconds = min(max(params.number("timeout"), 0), MAX_POLL_SECONDS)
    return await state.updates.poll(params.number("offset"), limit, seconds)


async def set_webhook(state: State, params: Params) -> bool:
    if params.text("url"):
        raise BadRequest("bad webhook: the sandbox gives updates by getUpdates only")
    return await delete_webhook(state, params)


async def delete_webhook(state: State, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        state.updates.clear()
    return True


async def get_webhook_info(state: State, _params: Params) -> Json:
    waiting = len(state.updates)
    asked: Json = {"allowed_updates": state.updates.allowed} if state.updates.allowed else {}
    about: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}
    return about | asked


async def answer_callback_query(state: State, params: Params) -> bool:
    if units(params.text("text")) > MAX_ALERT:
        raise BadRequest("MESSAGE_TOO_LONG")
    query_id = params.text("callback_query_id")
    person = state.pressed.pop(query_id, None)
    if person is None:
        raise BadRequest("query is too old and response timeout expired or query ID is invalid")
    answer: Json = {"text": params.text("text"), "show_alert": params.flag("show_alert")}
    state.events.add("answered", {"query_id": query_id, **answer}, person=person)
    return True


async def set_my_commands(state: State, params: Params) -> bool:
    commands = commands_of(params)
    scope = scope_of(params, state.met_chat)
    state.menu.set(scope, params.text("language_code"), commands)
    state.menu_changed()
    return True


async def get_my_commands(state: State, params: Params) -> list[Json]:
    scope = scope_of(params, state.met_chat)
    return state.menu.get(scope, params.text("language_code"))


async def delete_my_commands(state: State, params: Params) -> bool:
    scope = scope_of(params, state.met_chat)
    state.menu.set(scope, params.text("language_code"), [])
    state.menu_changed()
    return True


async def get_file(state: State, params: Params) -> Json:
    file = state.files.get(params.text("file_id"))
    if file is None:
        raise BadRequest("invalid file_id")
    if len(file.body) > files.MAX_DOWNLOAD:
        raise BadRequest("file is too big")
    return file.described() | {"file_path": file.path}


async def get_chat(state: State, params: Params) -> Json:
    chat = state.met_chat(params.text("chat_id"))
    full: Json = {"accent_color_id": 0, "max_reaction_count": 11}
    return chat.as_json() | full | {"accepted_gift_types": dict.fromkeys(GIFTS, False)}


async def get_chat_member(state: State, params: Params) -> Json:
    chat, user = state.met_chat(params.text("chat_id")), _user(state, params)
    return member(user, "member" if user == state.bot else chat.status(user))


def _user(state: State, params: Params) -> User:
    given = params.text("user_id")
    if given == str(state.bot.id):
        return state.bot
    try:
        return state.person(given)
    except BadRequest as error:
        raise BadRequest("PARTICIPANT_ID_INVALID") from error


async def get_chat_administrators(state: State, params: Params) -> list[Json]:
    chat = state.met_chat(params.text("chat_id"))
    if chat.owner is None:
        raise BadRequest("there are no administrators in the private chat")
    return [member(each, chat.status(each)) for each in (chat.owner, *chat.admins)]


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": sending.send_message,
    "senddocument": sending.send_document,
    "sendphoto": sending.send_photo,
    "editmessagetext": sending.edit_message_text,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "deletemessage": sending.delete_message,
    "sendchataction": sending.send_chat_action,
    "answercallbackquery": answer_callback_query,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "getfile": get_file,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
}
