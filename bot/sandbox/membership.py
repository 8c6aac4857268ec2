"""Who is in a chat, and as what: blocking the bot, putting it out, appointing, a group's move.

What the bot hears of it: https://core.telegram.org/bots/api#chatmemberupdated and the service
messages among the fields of https://core.telegram.org/bots/api#message
"""

from bot.sandbox.messages import Message
from bot.sandbox.state import State
from bot.sandbox.wire import BadRequest, Json
from bot.sandbox.world import Chat, User

RIGHTS = dict.fromkeys(
    (
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ),
    True,
)


def member(user: User, status: str) -> Json:
    """The Bot API's ChatMember."""
    more: dict[str, Json] = {
        "creator": {"is_anonymous": False},
        "administrator": {"is_anonymous": False, "can_be_edited": False, **RIGHTS},
        "kicked": {"until_date": 0},
    }
    return {"user": user.as_json(), "status": status} | more.get(status, {})


def block(state: State, person: User, *, blocked: bool) -> None:
    """A person stops the bot, or lets it write again; the bot is told."""
    if blocked == (person in state.blocked):
        return
    state.blocked ^= {person}
    state.events.add("blocked", {"blocked": blocked}, person=person)
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    _tell_of_bot(state, state.chat(str(person.id)), person, (before, after))


def admit_bot(state: State, chat: Chat, *, in_: bool) -> None:
    """The owner of a group puts the bot out of it, or into it again; the bot is told.

    A supergroup's bot that is put out doesn't see the message about it: it is no longer there.
    """
    owner = _owner(chat)
    state.directory.check_moved(chat)
    if in_ == state.directory.has_bot(chat):
        return
    state.directory.let_bot(chat, in_=in_)
    gone = "left" if chat.type == "group" else "kicked"
    _tell_of_bot(state, chat, owner, (gone, "member") if in_ else ("member", gone))
    bot = state.bot.as_json()
    said: Json = {"new_chat_members": [bot]} if in_ else {"left_chat_member": bot}
    _announce(state, chat, owner, said, heard=in_ or chat.type == "group")


def appoint(state: State, chat: Chat, person: User, *, admin: bool) -> None:
    """The owner of a group makes a member its administrator, or takes that back."""
    if person == _owner(chat) or person not in chat.members:
        raise BadRequest("user is the owner of the chat or not in it")
    state.directory.check_moved(chat)
    state.directory.appoint(chat, person, admin=admin)
    state.menu_changed()


def migrate(state: State, group: Chat) -> Chat:
    """An ordinary group becomes a supergroup; the bot is told in both. Gives the new chat."""
    owner = _owner(group)
    state.directory.check_moved(group)
    if group.type != "group":
        raise BadRequest("the chat is a supergroup already")
    state.directory.check_bot(group)
    supergroup = state.directory.upgrade(group)
    _announce(state, group, owner, {"migrate_to_chat_id": supergroup.id})
    state.events.add("migrated", {"to": supergroup.id}, group)
    _announce(state, supergroup, owner, {"migrate_from_chat_id": group.id})
    return supergroup


def _owner(chat: Chat) -> User:
    if chat.owner is None:
        raise BadRequest("the chat is not a group")
    return chat.owner


def _tell_of_bot(state: State, chat: Chat, by: User, statuses: tuple[str, str]) -> None:
    """An update about the bot's own status in a chat, which was the one and is the other."""
    before, after = statuses
    change: Json = {
        "chat": chat.as_json(),
        "from": by.as_json(),
        "date": int(state.now()),
        "old_chat_member": member(state.bot, before),
        "new_chat_member": member(state.bot, after),
    }
    state.updates.add("my_chat_member", change)


def _announce(state: State, chat: Chat, by: User, said: Json, *, heard: bool = True) -> None:
    """A service message; bots see those of their groups in privacy mode too."""
    message = state.post(Message(0, chat, by, int(state.now()), media=said))
    if heard:
        state.updates.add("message", message.as_json())
