"""Who lives in the sandbox at its start: the bot, three people and their two groups."""

from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.wire import Json

SANDBOX_TOKEN = "1000000001:" + "sandbox" * 5
"""The token of the sandbox's bot: public on purpose, of the shape that Telegram's have."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot, as others see them; the same one as long as the id is."""

    id: int
    first_name: str = field(compare=False)
    username: str = field(compare=False)
    is_bot: bool = field(default=False, compare=False)

    def as_json(self) -> Json:
        """The Bot API's User."""
        seen: Json = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            "username": self.username,
        }
        return seen if self.is_bot else seen | {"language_code": "ru"}


@dataclass(frozen=True, slots=True)
class Chat:
    """A private chat of one person with the bot, or a group; the same one as long as the id is."""

    id: int
    type: Literal["private", "group", "supergroup"] = field(compare=False)
    title: str = field(compare=False)
    members: tuple[User, ...] = field(compare=False)
    """People only; which groups the bot is in, the directory knows."""
    owner: User | None = field(default=None, compare=False)
    admins: tuple[User, ...] = field(default=(), compare=False)
    """Further administrators, beside the owner."""

    def status(self, user: User) -> str:
        """What a person is here, by the name of the Bot API's ChatMember."""
        if user == self.owner:
            return "creator"
        if user in self.admins:
            return "administrator"
        return "member" if user in self.members else "left"

    def is_admin(self, user: User) -> bool:
        """May the person rule here: the owner, or an administrator?"""
        return user == self.owner or user in self.admins

    def as_json(self) -> Json:
        """The Bot API's Chat."""
        if self.type == "private":
            person = self.members[0]
            names: Json = {"first_name": person.first_name, "username": person.username}
        else:
            names = {"title": self.title}
        return {"id": self.id, "type": self.type} | names


def private(person: User) -> Chat:
    """The person's chat with the bot; as at Telegram it has the person's id."""
    return Chat(person.id, "private", person.first_name, (person,))


ANNA = User(101, "Анна", "anna")
BORIS = User(102, "Борис", "boris")
IRINA = User(103, "Ирина", "irina")
PEOPLE = (ANNA, BORIS, IRINA)
ADMIN_ID = IRINA.id
"""The one to name in ADMIN_IDS: the sandbox's administrator of the bot."""
GROUP = Chat(-1001000000001, "supergroup", "Редакция", PEOPLE, owner=IRINA)
DEPARTMENT = Chat(-5001, "group", "Отдел", PEOPLE, owner=IRINA, admins=(ANNA,))
CHATS = (*(private(person) for person in PEOPLE), GROUP, DEPARTMENT)


def bot_of(token: str) -> User:
    """The bot a token belongs to: its id is what stands before the colon."""
    return User(int(token.partition(":")[0]), "Дословно", "doslovno_sandbox_bot", is_bot=True)
