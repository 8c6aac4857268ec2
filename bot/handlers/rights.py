"""Who may decide for a chat: in a private chat its person, in a group its administrators."""

import logging

from telegram import CallbackQuery, Chat, Update
from telegram.error import TelegramError

from bot.services import Context

log = logging.getLogger(__name__)


async def may_manage(update: Update, context: Context) -> bool:
    """Whether whoever wrote or pressed may change what the chat gets.

    An administrator who writes anonymously appears as the group itself
    (https://core.telegram.org/bots/api#message, `sender_chat`).
    """
    chat, user, message = update.effective_chat, update.effective_user, update.message
    if chat is None:
        return False
    if chat.type == Chat.PRIVATE:
        return True
    if message and message.sender_chat:
        return message.sender_chat.id == chat.id
    admins = await context.bot.get_chat_administrators(chat.id)
    return user is not None and user.id in {admin.user.id for admin in admins}


async def acknowledge(query: CallbackQuery, text: str = "") -> None:
    """Stop a button's waiting sign, with a text in a window if there is one."""
    try:
        await query.answer(text or None, show_alert=bool(text))
    except TelegramError as error:
        log.info("a button's waiting sign was not stopped: %s", error)
