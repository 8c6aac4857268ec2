"""What happened in chats, in order: the page and the tests follow it."""

from collections import deque
from dataclasses import dataclass

from bot.sandbox.bell import Bell
from bot.sandbox.wire import Json
from bot.sandbox.world import Chat, User

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: in a chat, to one person, or (neither given) to all."""

    number: int
    kind: str
    payload: Json
    chat: Chat | None = None
    person: User | None = None

    def seen_by(self, person: User) -> bool:
        """Does this person's screen show it?"""
        in_chat = self.chat is None or person in self.chat.members
        return in_chat and self.person in (None, person)

    def as_json(self) -> Json:
        where: Json = {"chat": self.chat.id} if self.chat else {}
        whose: Json = {"user": self.person.id} if self.person else {}
        return {"number": self.number, "kind": self.kind, **where, **whose, **self.payload}


class Events:
    """The latest events; numbers begin at 1 and grow by one."""

    def __init__(self) -> None:
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self.last = 0
        self.bell = Bell()

    def add(
        self, kind: str, payload: Json, chat: Chat | None = None, person: User | None = None
    ) -> None:
        self.last += 1
        self._kept.append(Event(self.last, kind, payload, chat, person))
        self.bell.ring()

    def after(self, number: int) -> list[Event]:
        """Events that came after the one with this number, as far as they are kept."""
        newer = min(self.last - number, len(self._kept))
        return list(self._kept)[-newer:] if newer > 0 else []

    def reaches(self, number: int) -> bool:
        """Can one who has seen events up to this number be told all that came after it?"""
        return self.last - len(self._kept) <= number <= self.last
