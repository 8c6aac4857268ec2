"""Everything a running sandbox remembers, and the few things that touch several parts of it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex

from bot.sandbox.directory import Directory
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.formatting import Text
from bot.sandbox.journal import Journal
from bot.sandbox.keyboard import Keyboard
from bot.sandbox.menu import Menu
from bot.sandbox.messages import Message, Messages
from bot.sandbox.updates import Updates
from bot.sandbox.wire import BadRequest, Forbidden, Json
from bot.sandbox.world import SANDBOX_TOKEN, Chat, User, bot_of

BOT_SILENT_AFTER = 15.0
"""Seconds without a request for updates after which the page says that no bot is connected."""


@dataclass
class State:
    """One sandbox. `now` gives Unix time."""

    token: str = SANDBOX_TOKEN
    now: Callable[[], float] = time.time
    silent_after: float = BOT_SILENT_AFTER
    run: str = field(default_factory=lambda: token_hex(8))
    """Tells this start of the sandbox from others, to pages that were open before."""

    def __post_init__(self) -> None:
        first_id = int(self.now())
        self.bot: User = bot_of(self.token)
        self.bot_online = False
        self.directory = Directory()
        self.messages = Messages(first_id)
        self.updates = Updates(first_id, self._on_poll)
        self.files = Files(first_id)
        self.events, self.journal = Events(), Journal()
        self.menu, self.faults = Menu(), Faults()
        self.blocked: set[User] = set()
        self.met: set[User] = set()
        """People who have written to the bot: only to them can it write."""
        self.pressed: dict[str, User] = {}
        """Callback queries that wait for an answer."""
        self._silence: asyncio.TimerHandle | None = None
        self._closed = False

    def chat(self, given: str) -> Chat:
        """The chat with this id; raises BadRequest."""
        return self.directory.chat(given)

    def met_chat(self, given: str) -> Chat:
        """A chat the bot knows of: a group it is in, or a person who has written to it.

        Raises ApiError: Migrated for a group that has become a supergroup.
        """
        chat = self.chat(given)
        self.directory.check_bot(chat)
        if chat.type == "private" and chat.members[0] not in self.met:
            raise BadRequest("chat not found")
        return chat

    def open_chat(self, given: str) -> Chat:
        """A chat the bot may write to; raises Forbidden where it is blocked."""
        chat = self.met_chat(given)
        if chat.type == "private" and chat.members[0] in self.blocked:
            raise Forbidden("bot was blocked by the user")
        return chat

    def person(self, given: str) -> User:
        """The person with this id; raises BadRequest."""
        return self.directory.person(given)

    def post(self, draft: Message) -> Message:
        """A new message, in the chat and on screens."""
        message = self.messages.add(draft)
        self.events.add("message", {"message": message.as_json()}, message.chat)
        return message

    def change(self, message: Message, content: Text, keyboard: Keyboard) -> Message:
        """New content for a message; raises BadRequest if nothing changes."""
        changed = self.messages.change(message, content, keyboard, int(self.now()))
        self.events.add("edited", {"message": changed.as_json()}, changed.chat)
        return changed

    def remove(self, message: Message) -> None:
        self.messages.remove(message)
        self.events.add("deleted", {"message_id": message.id}, message.chat)

    def menu_changed(self) -> None:
        self.events.add("menu", {})

    def menus(self, person: User) -> Json:
        """The commands the person is offered, by chat."""
        chats = self.directory.chats_of(person)
        return {str(chat.id): self.menu.seen(chat, person) for chat in chats}

    def close(self) -> None:
        """The end: the bot's silence no longer matters."""
        self._closed = True
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._silence:
            self._silence.cancel()

    def _on_poll(self, begins: bool) -> None:
        self._stop_timer()
        if begins:
            self._show_bot(online=True)
        elif not self._closed:
            loop = asyncio.get_running_loop()
            self._silence = loop.call_later(self.silent_after, self._bot_is_silent)

    def _bot_is_silent(self) -> None:
        self._show_bot(online=False)

    def _show_bot(self, *, online: bool) -> None:
        if online != self.bot_online:
            self.bot_online = online
            self.events.add("bot", {"online": online})
