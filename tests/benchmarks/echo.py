"""The least that python-telegram-bot can do: a bot that says each message back.

Run by `tests.benchmarks.http` as a child process, with the variables of the real bot.
"""

import os
import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

AT_ONCE = 16


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main() -> None:
    url, token = os.environ["TELEGRAM_API_URL"], os.environ["TELEGRAM_BOT_TOKEN"]
    builder = ApplicationBuilder().token(token).base_url(f"{url}/bot")
    bot = builder.concurrent_updates(AT_ONCE if "--side-by-side" in sys.argv else 1).build()
    bot.add_handler(MessageHandler(filters.TEXT, echo))
    bot.run_polling()


if __name__ == "__main__":
    main()
