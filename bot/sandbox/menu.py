"""The bot's command menu: lists of commands by scope and language, and who sees which.

See https://core.telegram.org/bots/api#determining-list-of-commands
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bot.sandbox.formatting import units
from bot.sandbox.params import Params, as_object
from bot.sandbox.wire import BadRequest, Json
from bot.sandbox.world import Chat, User

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_WIDE = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_IN_CHAT = ("chat", "chat_administrators", "chat_member")


class Scope(NamedTuple):
    """For whom a list of commands is."""

    type: str = "default"
    chat: int = 0
    user: int = 0


class Menu:
    """All lists of commands the bot has set."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], list[Json]] = {}

    def set(self, scope: Scope, language: str, commands: list[Json]) -> None:
        """Replace a list; an empty one is the same as none."""
        self._lists.pop((scope, language), None)
        if commands:
            self._lists[scope, language] = commands

    def get(self, scope: Scope, language: str) -> list[Json]:
        """Exactly this list, [] if it isn't set."""
        return self._lists.get((scope, language), [])

    def seen(self, chat: Chat, person: User) -> list[Json]:
        """The commands this person is offered in this chat: the narrowest list that is set."""
        lists = (
            self.get(scope, language) for scope in _scopes(chat, person) for language in ("ru", "")
        )
        return next(filter(None, lists), [])


def _scopes(chat: Chat, person: User) -> Iterator[Scope]:
    """The scopes that hold, the narrowest first."""
    if chat.type == "private":
        yield from (Scope("chat", chat.id), Scope("all_private_chats"))
    else:
        is_admin = chat.is_admin(person)
        yield Scope("chat_member", chat.id, person.id)
        if is_admin:
            yield Scope("chat_administrators", chat.id)
        yield Scope("chat", chat.id)
        if is_admin:
            yield Scope("all_chat_administrators")
        yield Scope("all_group_chats")
    yield Scope()


def scope_of(params: Params, find_chat: Callable[[str], Chat]) -> Scope:
    """The `scope` of a request; raises BadRequest for one that cannot be."""
    given = params.mapping("scope")
    kind = str(given.get("type", "default"))
    if kind in _WIDE:
        return Scope(kind)
    if kind not in _IN_CHAT:
        raise BadRequest("can't parse BotCommandScope: unsupported type specified")
    chat = find_chat(str(given.get("chat_id", "")))
    if kind != "chat" and chat.type == "private":
        raise BadRequest("can't use specified scope in private chats")
    return Scope(kind, chat.id, _user(given) if kind == "chat_member" else 0)


def _user(given: Json) -> int:
    user = str(given.get("user_id", ""))
    if not user.isdecimal():
        raise BadRequest("invalid user_id specified")
    return int(user)


def commands_of(params: Params) -> list[Json]:
    """The `commands` of a request; raises BadRequest for what Telegram refuses."""
    commands = [_command(as_object(item, "BotCommand")) for item in params.array("commands")]
    if len(commands) > MAX_COMMANDS:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    return commands


def _command(given: Json) -> Json:
    name = str(given.get("command", "")).removeprefix("/")
    description = str(given.get("description", "")).strip()
    if not description:
        raise BadRequest("command description must be non-empty")
    if units(description) > MAX_DESCRIPTION:
        raise BadRequest(f"command description length must not exceed {MAX_DESCRIPTION}")
    if not _NAME.fullmatch(name):
        raise BadRequest("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}
