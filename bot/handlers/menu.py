"""The menu of commands that Telegram shows: everyone's, and the admins' own."""

import logging

from telegram import BotCommandScopeChat
from telegram.error import TelegramError

from bot.services import Bot
from bot.settings import Settings
from bot.texts import ADMIN_COMMANDS, COMMANDS, CommandName

log = logging.getLogger(__name__)


def commands_of(user_id: int | None, settings: Settings) -> dict[CommandName, str]:
    """The commands that a user has, with their descriptions."""
    return COMMANDS | ADMIN_COMMANDS if user_id in settings.admin_ids else COMMANDS


async def show_commands(bot: Bot, settings: Settings) -> None:
    """Set the menus; what Telegram does not take now is set when that admin says /start."""
    try:
        await bot.set_my_commands(list(COMMANDS.items()))
    except TelegramError as error:
        log.warning("the menu of commands was not set: %s", error)
    for admin in sorted(settings.admin_ids):
        try:
            await show_admin_commands(bot, admin)
        except TelegramError as error:
            log.info("the menu of admin %s will be set at /start: %s", admin, error)


async def show_admin_commands(bot: Bot, admin: int) -> None:
    await bot.set_my_commands(
        list((COMMANDS | ADMIN_COMMANDS).items()), scope=BotCommandScopeChat(admin)
    )
