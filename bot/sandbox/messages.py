"""Messages, and the memory of them by chat."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import count

from bot.sandbox.detect import with_found
from bot.sandbox.formatting import EMPTY, Text
from bot.sandbox.keyboard import Keyboard
from bot.sandbox.wire import BadRequest, Json
from bot.sandbox.world import Chat, User


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `content` is the caption where there is `media`."""

    id: int
    chat: Chat
    sender: User
    date: int
    """Unix time."""
    content: Text = EMPTY
    media: Json = field(default_factory=dict)
    """A field of the Bot API's Message, by its name: {"document": {...}}."""
    reply_to: "Message | None" = None
    keyboard: Keyboard = ()
    edit_date: int | None = None

    def as_json(self) -> Json:
        """The Bot API's Message."""
        own = self._own()
        if self.reply_to:
            own["reply_to_message"] = self.reply_to._own()
        return own

    def _own(self) -> Json:
        return {
            "message_id": self.id,
            "from": self.sender.as_json(),
            "chat": self.chat.as_json(),
            "date": self.date,
            **({"edit_date": self.edit_date} if self.edit_date else {}),
            **self.media,
            **self._text(),
            **({"reply_markup": {"inline_keyboard": self.keyboard}} if self.keyboard else {}),
        }

    def _text(self) -> Json:
        text, entities = ("caption", "caption_entities") if self.media else ("text", "entities")
        said: Json = {text: self.content.text} if self.content.text else {}
        if self.content.entities:
            said[entities] = [entity.as_json() for entity in self.content.entities]
        return said


class Messages:
    """All messages since the start.

    Private chats and ordinary groups share one count of ids; a supergroup has its own. All begin
    at the same number, so that ids of different chats meet, as they do at Telegram; the number is
    the time of the start, so that they don't after a restart.
    """

    def __init__(self, first_id: int) -> None:
        self._chats: defaultdict[Chat, dict[int, Message]] = defaultdict(dict)
        self._ids: defaultdict[Chat | None, count[int]] = defaultdict(lambda: count(first_id))

    def of(self, chat: Chat) -> list[Message]:
        """The chat's messages, the oldest first."""
        return list(self._chats[chat].values())

    def find(self, chat: Chat, message_id: int) -> Message | None:
        return self._chats[chat].get(message_id)

    def add(self, draft: Message) -> Message:
        """Store a message under the next id; what its text mentions is marked in it."""
        ids = self._ids[draft.chat if draft.chat.type == "supergroup" else None]
        message = replace(draft, id=next(ids), content=with_found(draft.content))
        self._chats[message.chat][message.id] = message
        return message

    def change(self, before: Message, content: Text, keyboard: Keyboard, date: int) -> Message:
        """Store new content of a message; raises BadRequest if it is the same as before."""
        content = with_found(content)
        if (content, keyboard) == (before.content, before.keyboard):
            raise BadRequest(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        after = replace(before, content=content, keyboard=keyboard, edit_date=date)
        self._chats[after.chat][after.id] = after
        return after

    def remove(self, message: Message) -> None:
        del self._chats[message.chat][message.id]
