"""Who may decide for a chat: in a private chat its person, in a group its administrators."""

import logging

from telegram import CallbackQuery, Chat, Update
from telegram.error import BadRequest, ChatMigrated, TelegramError

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
    return user is not None and user.id in await _administrators(context, chat.id)


async def _administrators(context: Context, chat_id: int) -> set[int]:
    """The administrators of a group; of one that has become a supergroup those it has there.

    None where Telegram does not tell the bot.
    """
    try:
        admins = await context.bot.get_chat_administrators(chat_id)
    except ChatMigrated as error:
        await context.services.store.migrated(chat_id, error.new_chat_id)
        return await _administrators(context, error.new_chat_id)
    except BadRequest as error:
        log.warning("the administrators of chat %s are not known: %s", chat_id, error)
        return set()
    return {admin.user.id for admin in admins}


async def acknowledge(query: CallbackQuery, text: str = "") -> None:
    """Stop a button's waiting sign, with a text in a window if there is one."""
    try:
        await query.answer(text or None, show_alert=bool(text))
    except TelegramError as error:
        log.info("a button's waiting sign was not stopped: %s", error)
