"""Who is in the sandbox now: people and chats by their ids, and what became of groups."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from bot.sandbox.wire import BadRequest, Forbidden, Migrated
from bot.sandbox.world import CHATS, PEOPLE, Chat, User, private

FIRST_OF_CROWD = 200_001
FIRST_SUPERGROUP = -1002000000004
"""Ids of supergroups that groups become; further ones are smaller."""


class Directory:
    """People and chats. A crowd costs no more to look up in, and the page doesn't show it."""

    def __init__(self) -> None:
        self._people = {person.id: person for person in PEOPLE}
        self._chats = {chat.id: chat for chat in CHATS}
        self._next_person = count(FIRST_OF_CROWD)
        self._next_supergroup = count(FIRST_SUPERGROUP, -1)
        self._moved: dict[Chat, Chat] = {}
        self._left: set[Chat] = set()

    def person(self, given: str) -> User:
        """The person with this id; raises BadRequest."""
        person = self._people.get(_id(given))
        if person is None:
            raise BadRequest("user not found")
        return person

    def chat(self, given: str) -> Chat:
        """The chat with this id, a group that has moved as well; raises BadRequest."""
        chat = self._chats.get(_id(given))
        if chat is None:
            raise BadRequest("chat not found" if given else "chat_id is empty")
        return chat

    def chats_of(self, person: User) -> Iterator[Chat]:
        """The chats on a person's screen: their own with the bot, then their groups."""
        groups = (chat for chat in self._chats.values() if chat.type != "private")
        yield self.chat(str(person.id))
        yield from (chat for chat in groups if person in chat.members and chat not in self._moved)

    def gather(self, people: int) -> list[User]:
        """So many made-up people more, each with a private chat."""
        numbers = [next(self._next_person) for _ in range(people)]
        crowd = [User(number, f"Читатель {number}", f"reader_{number}") for number in numbers]
        self._people |= {person.id: person for person in crowd}
        self._chats |= {person.id: private(person) for person in crowd}
        return crowd

    def appoint(self, chat: Chat, person: User, *, admin: bool) -> None:
        """Make a member of a group its administrator, or one member among others again."""
        others = tuple(each for each in chat.admins if each != person)
        self._chats[chat.id] = replace(chat, admins=(*others, person) if admin else others)

    def upgrade(self, group: Chat) -> Chat:
        """Make an ordinary group a supergroup: a new chat under a new id."""
        supergroup = replace(group, id=next(self._next_supergroup), type="supergroup")
        self._chats[supergroup.id] = self._moved[group] = supergroup
        return supergroup

    def has_bot(self, chat: Chat) -> bool:
        """Is the bot in this chat? Whether a person has blocked it is another matter."""
        return chat not in self._left

    def let_bot(self, chat: Chat, *, in_: bool) -> None:
        """Put the bot into a group, or out of it."""
        (self._left.discard if in_ else self._left.add)(chat)

    def check_moved(self, chat: Chat) -> None:
        """Raises Migrated for a group that has become a supergroup."""
        if chat in self._moved:
            raise Migrated(self._moved[chat].id)

    def check_bot(self, chat: Chat) -> None:
        """Raises what the bot is told of a group that has moved or that it was put out of."""
        self.check_moved(chat)
        if not self.has_bot(chat):
            raise Forbidden(f"bot was kicked from the {chat.type} chat")


def _id(given: str) -> int:
    """The id that a text is, written as ids are; 0, which nobody has, where it is none."""
    try:
        number = int(given)
    except ValueError:
        return 0
    return number if str(number) == given else 0
