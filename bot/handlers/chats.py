"""Which chats and users there are, and which of them can be reached."""

import logging

from telegram import ChatMember, Update

from bot.database import StoreError
from bot.services import Context

log = logging.getLogger(__name__)

GONE = {ChatMember.BANNED, ChatMember.LEFT}


async def seen(update: Update, context: Context) -> None:
    """Note the chat and the user of every update; an answer never fails for want of it."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or update.my_chat_member:
        return
    who = (user.id, user.full_name) if user else None
    try:
        await context.services.store.saw(
            chat.id, chat.type, chat.effective_name or "", who, context.services.clock()
        )
    except StoreError as error:
        log.error("chat %s was not noted: %s", chat.id, error)


async def membership(update: Update, context: Context) -> None:
    """The bot was blocked, removed, or let in again."""
    change = update.my_chat_member
    if change:
        active = change.new_chat_member.status not in GONE
        await context.services.store.set_active(change.chat.id, active=active)
