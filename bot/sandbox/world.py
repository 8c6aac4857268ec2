"""Who lives in the sandbox: the bot, three people and their newsroom's group."""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.wire import Json

SANDBOX_TOKEN = "1000000001:" + "sandbox" * 5
"""The token of the sandbox's bot: public on purpose, of the shape that Telegram's have."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot, as others see them."""

    id: int
    first_name: str
    username: str
    is_bot: bool = False

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
    """A private chat of one person with the bot, or a group with the bot in it."""

    id: int
    type: Literal["private", "supergroup"]
    title: str
    members: tuple[User, ...]
    """People only; the bot is in every chat."""
    owner: User | None = None

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
CHATS = (*(private(person) for person in PEOPLE), GROUP)


def bot_of(token: str) -> User:
    """The bot a token belongs to: its id is what stands before the colon."""
    return User(int(token.partition(":")[0]), "Дословно", "doslovno_sandbox_bot", is_bot=True)
