"""Which chats and users there are, and which of them can be reached."""

import logging

from telegram import ChatMember, Update

from bot.database import StoreError
from bot.handlers.digests import returned
from bot.services import Context

log = logging.getLogger(__name__)

GONE = {ChatMember.BANNED, ChatMember.LEFT}


async def seen(update: Update, context: Context) -> None:
    """Note the chat and the user of every update; an answer never fails for want of it."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or update.my_chat_member:
        return
    who = (user.id, user.full_name) if user else None
    services = context.services
    try:
        if await services.store.saw(
            chat.id, chat.type, chat.effective_name or "", who, services.clock()
        ):
            await returned(context.bot, services, chat.id)
    except StoreError as error:
        log.error("chat %s was not noted: %s", chat.id, error)


async def membership(update: Update, context: Context) -> None:
    """The bot was blocked, removed, or let in again."""
    change, services = update.my_chat_member, context.services
    if change:
        if change.new_chat_member.status in GONE:
            await services.store.closed(change.chat.id)
        elif await services.store.reopen(change.chat.id):
            await returned(context.bot, services, change.chat.id)


async def migrated(update: Update, context: Context) -> None:
    """A group became a supergroup: all that it has goes on under its new id."""
    message = update.effective_message
    if message and message.migrate_to_chat_id:
        await context.services.store.migrated(message.chat_id, message.migrate_to_chat_id)
        context.services.delivery.wake()
