"""What the chat page and the tests ask of the sandbox: JSON under `/sandbox/`.

Each takes the state and the request's parameters and gives the `result`, or raises ApiError.
People and chats are named by their ids; a person's chat with the bot has the person's id.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from bot.sandbox import faults, files, membership, people
from bot.sandbox.formatting import Text
from bot.sandbox.messages import Message
from bot.sandbox.params import Params, Upload
from bot.sandbox.pictures import SMILE
from bot.sandbox.state import State
from bot.sandbox.wire import ApiError, BadRequest, Json
from bot.sandbox.world import ADMIN_ID, PEOPLE, Chat, User

SHOWN = 300
"""Messages of a chat that a page gets when it opens."""
MAX_WAIT = 60
MAX_CROWD = 100_000

Act = Callable[[State, Params], Awaitable[object]]


async def snapshot(state: State, params: Params) -> Json:
    """All that the screen of `user` shows, and the number of the last event it includes."""
    person = state.person(params.text("user"))
    chats = list(state.directory.chats_of(person))
    return {
        "run": state.run,
        "number": state.events.last,
        "user": person.id,
        "users": [each.as_json() | {"is_admin": each.id == ADMIN_ID} for each in PEOPLE],
        "bot": state.bot.as_json() | {"online": state.bot_online},
        "chats": [{"id": chat.id, "type": chat.type, "title": chat.title} for chat in chats],
        "messages": {str(chat.id): _latest(state, chat) for chat in chats},
        "menus": state.menus(person),
        "blocked": person in state.blocked,
    }


def _latest(state: State, chat: Chat) -> list[Json]:
    return [message.as_json() for message in state.messages.of(chat)[-SHOWN:]]


async def users(_state: State, _params: Params) -> list[Json]:
    """The people of the sandbox, without crowds."""
    return [person.as_json() for person in PEOPLE]


async def menu(state: State, params: Params) -> Json:
    """The bot's commands that `user` is offered, by chat."""
    return state.menus(state.person(params.text("user")))


async def messages(state: State, params: Params) -> list[Json]:
    """All messages of `chat`."""
    return [each.as_json() for each in state.messages.of(state.chat(params.text("chat")))]


async def events(state: State, params: Params) -> list[Json]:
    """Events after number `after`, of `chat` if given; waits up to `wait` seconds for one."""
    chat = state.chat(params.text("chat")) if params.text("chat") else None

    def look() -> list[Json]:
        newer = state.events.after(params.number("after"))
        return [event.as_json() for event in newer if chat in (None, event.chat)]

    return await state.events.bell.until(look, _wait(params))


async def calls(state: State, params: Params) -> list[Json]:
    """The journal after number `after`, of `method` if given; waits up to `wait` seconds.

    With `limit` at most so many calls, the earliest.
    """
    method, after = params.text("method"), params.number("after")
    limit = params.number("limit") or None
    bell = state.journal.bell
    return await bell.until(lambda: state.journal.calls(method, after, limit), _wait(params))


async def keep_calls(state: State, params: Params) -> bool:
    """How many calls the journal remembers (`kept`)."""
    if params.number("kept") < 1:
        raise BadRequest("kept is 1 or more")
    state.journal.keep(params.number("kept"))
    return True


def _wait(params: Params) -> int:
    return min(params.number("wait"), MAX_WAIT)


async def say(state: State, params: Params) -> Json:
    """`user` writes `text` into `chat`, in reply to message `reply_to`.

    With it goes a file `document` or `photo`, or a stand-in named by `attach`: sticker, photo
    or voice.
    """
    person, chat = _who_and_where(state, params)
    text, media = Text(params.text("text")), _media(state, params)
    reply_to = _message(state, chat, params, "reply_to") if params.text("reply_to") else None
    message = people.say(state, Message(0, chat, person, 0, text, media, reply_to))
    return _with_number(state, message)


async def edit(state: State, params: Params) -> Json:
    """`user` changes the text of their `message` in `chat`."""
    person, chat = _who_and_where(state, params)
    message = _message(state, chat, params, "message")
    return _with_number(state, people.edit(state, person, message, params.text("text")))


async def press(state: State, params: Params) -> Json:
    """`user` presses the button of `message` in `chat` that carries `data`."""
    person, chat = _who_and_where(state, params)
    number, message = state.events.last, _message(state, chat, params, "message")
    query_id = people.press(state, person, message, params.text("data"))
    return {"query_id": query_id, "number": number}


async def block(state: State, params: Params) -> bool:
    """`user` blocks the bot, or unblocks it where `blocked` is false."""
    membership.block(state, state.person(params.text("user")), blocked=params.flag("blocked"))
    return True


async def crowd(state: State, params: Params) -> Json:
    """So many made-up `people` more who have written to the bot, without the bot being told.

    Gives the ids of the `first` and the `last` of them; those between are theirs too.
    """
    if not 1 <= params.number("people") <= MAX_CROWD:
        raise BadRequest(f"people is a number from 1 to {MAX_CROWD}")
    made = state.directory.gather(params.number("people"))
    state.met.update(made)
    return {"first": made[0].id, "last": made[-1].id}


async def migrate(state: State, params: Params) -> Json:
    """The group `chat` becomes a supergroup; gives its new id as `chat`."""
    return {"chat": membership.migrate(state, _chat(state, params)).id}


async def admit_bot(state: State, params: Params) -> bool:
    """The bot is put out of the group `chat`, or, where `in` is true, into it again."""
    membership.admit_bot(state, _chat(state, params), in_=params.flag("in"))
    return True


async def appoint(state: State, params: Params) -> bool:
    """`user` becomes an administrator of the group `chat`, or a plain member (`admin`: false)."""
    person = state.person(params.text("user"))
    membership.appoint(state, _chat(state, params), person, admin=params.flag("admin"))
    return True


def _chat(state: State, params: Params) -> Chat:
    return state.chat(params.text("chat"))


async def faults_on(state: State, _params: Params) -> list[Json]:
    """The faults that are switched on."""
    return [switch.as_json() for switch in state.faults.active]


async def add_fault(state: State, params: Params) -> bool:
    """Switch a fault on; see `bot.sandbox.faults`."""
    state.faults.active.append(faults.read(params))
    return True


async def clear_faults(state: State, _params: Params) -> bool:
    """Switch all faults off."""
    state.faults.active.clear()
    return True


ACTS: dict[tuple[str, str], Act] = {
    ("GET", "snapshot"): snapshot,
    ("GET", "users"): users,
    ("GET", "menu"): menu,
    ("GET", "messages"): messages,
    ("GET", "events"): events,
    ("GET", "calls"): calls,
    ("POST", "calls"): keep_calls,
    ("GET", "faults"): faults_on,
    ("POST", "faults"): add_fault,
    ("DELETE", "faults"): clear_faults,
    ("POST", "say"): say,
    ("POST", "edit"): edit,
    ("POST", "press"): press,
    ("POST", "block"): block,
    ("POST", "crowd"): crowd,
    ("POST", "migrate"): migrate,
    ("POST", "membership"): admit_bot,
    ("POST", "appoint"): appoint,
}


def find_act(verb: str, name: str) -> Act:
    """The act behind an HTTP verb and a name; raises ApiError 404."""
    if (verb, name) not in ACTS:
        raise ApiError(HTTPStatus.NOT_FOUND, "Not Found")
    return ACTS[verb, name]


def _who_and_where(state: State, params: Params) -> tuple[User, Chat]:
    person = state.person(params.text("user"))
    return person, state.chat(params.text("chat") or str(person.id))


def _message(state: State, chat: Chat, params: Params, name: str) -> Message:
    message = state.messages.find(chat, params.number(name))
    if message is None:
        raise BadRequest("message not found")
    return message


def _with_number(state: State, message: Message) -> Json:
    """The message, and the number of the event that told of it."""
    return {"message": message.as_json(), "number": state.events.last}


def _media(state: State, params: Params) -> Json:
    if "photo" in params.files:
        return files.photo(state.files.add("photo", params.files["photo"]))
    if "document" in params.files:
        return files.document(state.files.add("document", params.files["document"]))
    return _stand_in(state, params.text("attach"))


def _stand_in(state: State, kind: str) -> Json:
    smile = Upload("smile.png", "image/png", SMILE)
    makers: dict[str, Callable[[], Json]] = {
        "": dict,
        "sticker": lambda: files.sticker(state.files),
        "voice": lambda: files.voice(state.files),
        "photo": lambda: files.photo(state.files.add("photo", smile)),
    }
    if kind not in makers:
        raise BadRequest("attach is sticker, photo or voice")
    return makers[kind]()
