"""Every handler and job wired on one screen, and the life of the bot from start to stop."""

import logging
from datetime import UTC, datetime

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    Updater,
    filters,
)

from bot.ending import Ending
from bot.handlers import admin, buttons, chats, commands, errors, menu, questions
from bot.inbox import FairProcessor, Inbox
from bot.limiter import PatientLimiter
from bot.polling import PollingRequest
from bot.searcher import Searcher
from bot.services import Context, DoslovnoApplication, Services
from bot.settings import ConfigurationError, Settings
from bot.store import Store
from retrieval.generation import Generation

log = logging.getLogger(__name__)

CONNECTIONS = 128
DATABASE = "bot.sqlite3"
ALLOWED_UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
]


REFUSED = (
    "TELEGRAM_BOT_TOKEN: the server at TELEGRAM_API_URL refuses this token; "
    "copy it again from @BotFather, or mend the address"
)


class GaveUp(Exception):
    """The bot cannot go on; the message says why and what to do."""


def add_handlers(application: DoslovnoApplication, settings: Settings) -> None:
    new = filters.UpdateType.MESSAGE
    asked = filters.UpdateType.MESSAGES & filters.TEXT & ~filters.COMMAND
    admins = filters.User(settings.admin_ids)
    button = CallbackQueryHandler[Context, None]
    for handler in (
        CommandHandler("start", commands.start, new),
        CommandHandler("help", commands.help_, new),
        CommandHandler("latest", commands.latest, new),
        CommandHandler("sources", commands.sources, new),
        CommandHandler("ask", questions.ask),
        CommandHandler("reload", admin.reload, new & admins),
        MessageHandler(filters.COMMAND & new, commands.unknown),
        MessageHandler(asked, questions.question),
        MessageHandler(
            filters.ALL & ~filters.StatusUpdate.ALL & ~filters.TEXT & new, questions.not_text
        ),
        button(buttons.more, r"^m\d{1,18}$"),
        button(buttons.surroundings, r"^c\d{1,18}$"),
        button(buttons.article_of_quote, r"^a\d{1,18}$"),
        button(buttons.listed_article, r"^A\d{1,18}$"),
        button(buttons.example, r"^e\d{1,18}$"),
        button(buttons.unknown),
        ChatMemberHandler(chats.membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ):
        application.add_handler(handler)
    application.add_handler(TypeHandler(Update, chats.seen), group=-1)
    application.add_error_handler(errors.failed)


def build(services: Services, limiter: PatientLimiter, ending: Ending) -> DoslovnoApplication:
    """The application, talking to TELEGRAM_API_URL, with every handler in place."""
    settings = services.settings
    polling = PollingRequest(services.inbox.take_in, ending.give_up, connection_pool_size=1)
    builder = (
        ApplicationBuilder()
        .application_class(DoslovnoApplication, {"services": services})
        .context_types(ContextTypes(context=Context))
        .token(settings.require_token())
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .rate_limiter(limiter)
        .get_updates_request(polling)
        .connection_pool_size(CONNECTIONS)
        .pool_timeout(30)
        .read_timeout(30)
        .concurrent_updates(FairProcessor(services.inbox, ending.event))
        .job_queue(None)
    )
    application = builder.build()
    if not isinstance(application, DoslovnoApplication):
        raise TypeError("the builder did not take the application's class")
    add_handlers(application, settings)
    return application


async def run(settings: Settings, generation: Generation) -> None:
    """Answer questions until SIGTERM or Ctrl-C; what is being answered then is finished first.

    Raises StoreError if the database cannot be opened, ConfigurationError for a token that
    Telegram refuses, GaveUp when another bot polls with the same token.
    """
    ending = Ending.at_signals()
    store = await Store.open(settings.state_dir / DATABASE)
    try:
        searcher = Searcher(generation, settings.corpus_dir, settings.state_dir, _now())
        services = Services(settings, store, Inbox(store, _now), searcher, _now)
        await _serve(services, ending)
    finally:
        await store.close()
    if ending.reason:
        raise GaveUp(ending.reason)


def _now() -> datetime:
    return datetime.now(UTC)


async def _serve(services: Services, ending: Ending) -> None:
    limiter = PatientLimiter()
    application = build(services, limiter, ending)
    try:
        await ending.unless(application.initialize())
        await ending.unless(_start(application, services, ending))
        await ending.event.wait()
    except InvalidToken as error:
        raise ConfigurationError(REFUSED) from error
    finally:
        limiter.stop()
        await _stop(application)


async def _start(application: DoslovnoApplication, services: Services, ending: Ending) -> None:
    await admin.record_articles(services)
    await application.start()
    for update in await services.inbox.left_over():
        await application.update_queue.put(Update.de_json(update, application.bot))
    await updater_of(application).start_polling(
        bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES, error_callback=_said_by_the_request
    )
    articles = len(services.searcher.current.articles)
    log.info("@%s answers from %d articles", application.bot.username, articles)
    for task in (
        menu.show_commands(application.bot, services.settings),
        admin.tell_of_empty_archive(application.bot, services),
    ):
        application.create_task(ending.unless(task))


def _said_by_the_request(error: TelegramError) -> None:
    """PollingRequest has said in the log what is wrong; PTB goes on trying."""
    log.debug("polling: %s", error)


def updater_of(application: DoslovnoApplication) -> Updater:
    if application.updater is None:
        raise RuntimeError("the application was built without an updater")
    return application.updater


async def _stop(application: DoslovnoApplication) -> None:
    """Fetch no more updates, finish the answers under way, close the connections."""
    log.info("stopping")
    if updater_of(application).running:
        await updater_of(application).stop()
    if application.running:
        await application.stop()
    await application.shutdown()
