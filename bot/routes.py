"""Every handler on one screen: which command, message or button leads where."""

import re

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.handlers import (
    admin,
    buttons,
    chats,
    commands,
    digests,
    errors,
    feeds,
    questions,
    stats,
    subscriptions,
    topics,
    typed,
    uploads,
)
from bot.services import Context, DoslovnoApplication
from bot.settings import Settings

NEW = filters.UpdateType.MESSAGE
ASKED = filters.UpdateType.MESSAGES & filters.TEXT & ~filters.COMMAND
PRIVATE = NEW & filters.ChatType.PRIVATE
SENT = filters.ALL & ~filters.StatusUpdate.ALL & ~filters.TEXT & NEW
LINK = filters.TEXT & filters.Regex(re.compile(r"^\s*https?://\S+\s*$", re.IGNORECASE))

COMMANDS = {
    "start": commands.start,
    "help": commands.help_,
    "latest": commands.latest,
    "sources": commands.sources,
    "subscribe": subscriptions.subscribe,
    "unsubscribe": subscriptions.unsubscribe,
    "digest": digests.digest,
    "topics": topics.topics,
}
ADMIN_COMMANDS = {"reload": admin.reload, "feeds": feeds.feeds, "stats": stats.stats}
BUTTONS = {
    r"^m\d{1,18}$": buttons.more,
    r"^o\d{1,18}$": buttons.offer,
    r"^n\d{1,18}$": buttons.nearest,
    r"^c\d{1,18}$": buttons.surroundings,
    r"^a\d{1,18}$": buttons.article_of_quote,
    r"^A\d{1,18}$": buttons.listed_article,
    r"^e\d{1,18}$": buttons.example,
    r"^s:": subscriptions.button,
    r"^t:": topics.button,
    r"^d:catch$": digests.catch_up,
    r"^d:skip$": digests.skip,
    r"^f:": feeds.pressed,
    r"^u:": uploads.pressed,
    "": buttons.unknown,
}
TYPED = {
    "zone": subscriptions.typed_zone,
    "topic": topics.typed_topic,
    "feed": feeds.typed_feed,
    "source": uploads.source_given,
    "date": uploads.date_given,
}
"""Who takes the message that answers what the bot has just asked."""


def add_handlers(application: DoslovnoApplication, settings: Settings) -> None:
    """Add them all; of those in a group the first that fits is taken."""
    admins = filters.User(settings.admin_ids)
    uploaded = PRIVATE & admins
    button = CallbackQueryHandler[Context, None]
    for handler in (
        *(CommandHandler(name, call, NEW) for name, call in COMMANDS.items()),
        *(CommandHandler(name, call, NEW & admins) for name, call in ADMIN_COMMANDS.items()),
        CommandHandler("ask", questions.ask),
        MessageHandler(filters.COMMAND & NEW, commands.unknown),
        MessageHandler(filters.Document.ALL & uploaded, uploads.document),
        MessageHandler(LINK & uploaded, uploads.link),
        MessageHandler(filters.StatusUpdate.MIGRATE, chats.migrated),
        MessageHandler(ASKED, questions.question),
        MessageHandler(SENT, questions.not_text),
        *(button(call, pattern) for pattern, call in BUTTONS.items()),
        ChatMemberHandler(chats.membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ):
        application.add_handler(handler)
    typing = MessageHandler(PRIVATE & filters.TEXT, typed.reader(TYPED))
    application.add_handler(typing, group=-1)
    application.add_handler(TypeHandler(Update, chats.seen), group=-2)
    application.add_error_handler(errors.failed)
