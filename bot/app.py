"""The life of the bot from start to stop, and what goes on in it; its handlers are in `routes`."""

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import datetime

import httpx
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, Updater

from bot.background import Background, Work
from bot.clock import now
from bot.ending import Ending, GaveUp
from bot.fetch import Fetcher
from bot.handlers import admin, menu
from bot.inbox import FairProcessor
from bot.limiter import PatientLimiter
from bot.opening import Opened
from bot.polling import PollingRequest
from bot.request import DirectRequest
from bot.routes import add_handlers
from bot.services import Bot, Context, DoslovnoApplication, Services
from bot.settings import ConfigurationError, Settings
from bot.store import Store
from bot.trying import until
from bot.watch import watch

log = logging.getLogger(__name__)

CONNECTIONS = 128
TIMEOUT = httpx.Timeout(5, read=30, pool=30)
DATABASE = "bot.sqlite3"
THREAD_TURN = 0.0005
"""Seconds that a thread which computes may keep answers waiting each time; Python's own 5 ms add up
to 60 an answer while new articles are matched with topics (`make bench`)."""
CALM = 5.0
"""Seconds after the start that belong to the questions asked while the bot was down."""
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
        .request(DirectRequest(CONNECTIONS, TIMEOUT))
        .get_updates_request(polling)
        .concurrent_updates(FairProcessor(services.inbox, ending.event))
        .job_queue(None)
    )
    application = builder.build()
    if not isinstance(application, DoslovnoApplication):
        raise TypeError("the builder did not take the application's class")
    add_handlers(application, settings)
    return application


async def run(settings: Settings, archive: Opened, clock: Callable[[], datetime] = now) -> None:
    """Answer questions until SIGTERM or Ctrl-C; what is being answered then is finished first.

    `clock` gives the time in UTC, aware. Raises StoreError if the database cannot be opened,
    ConfigurationError for a token that Telegram refuses, GaveUp when another bot polls with the
    same token.
    """
    ending = Ending.at_signals()
    sys.setswitchinterval(THREAD_TURN)
    store = await Store.open(settings.state_dir / DATABASE)
    try:
        async with Fetcher(settings.fetch_allow_hosts) as fetcher:
            services = Services.of(settings, store, archive.generation, clock, fetcher)
            services.searcher.behind = archive.behind
            await _serve(services, ending)
    finally:
        await store.close()
    if ending.reason:
        raise GaveUp(ending.reason)


async def _serve(services: Services, ending: Ending) -> None:
    limiter = PatientLimiter(services.delivery.pace)
    application = build(services, limiter, ending)
    background = Background(ending.event)
    try:
        await ending.unless(application.initialize())
        await ending.unless(_start(application, services, ending))
        background.start(works(application.bot, services, ending.event))
        await ending.event.wait()
    except InvalidToken as error:
        raise ConfigurationError(REFUSED) from error
    finally:
        ending.event.set()
        limiter.stop()
        await services.searcher.close()
        await _stop(application, background)


def works(bot: Bot, services: Services, ending: asyncio.Event) -> dict[str, Work]:
    """What goes on beside the answers, by its name in the log."""
    corpus, refresh = services.settings.corpus_dir, services.intake.refresh
    always: dict[str, Work] = {
        "the article ledger": lambda: services.intake.run(ending),
        "the planning of digests": lambda: _plan(services, ending),
        "the delivery of digests": lambda: services.delivery.run(bot, ending),
        "the polling of feeds": lambda: services.feeds.run(ending),
    }
    if services.settings.watch_corpus:
        always["the watch on the corpus folder"] = lambda: watch(corpus, refresh, ending)
    return always


async def _plan(services: Services, ending: asyncio.Event) -> None:
    """Not before the ledger has what came while the bot was down: it belongs into these digests."""
    while not (ending.is_set() or services.intake.recorded.is_set()):
        await until(services.intake.recorded, 1)
    await services.planner.run(ending)


async def _start(application: DoslovnoApplication, services: Services, ending: Ending) -> None:
    if not services.searcher.behind:  # else that waits till questions are answered
        await services.intake.record()
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
        _quicken(services),
    ):
        application.create_task(ending.unless(task))


async def _quicken(services: Services) -> None:
    """Have searching become faster, but not while the first questions wait for their answers."""
    await asyncio.sleep(CALM)
    await services.searcher.quicken()


def _said_by_the_request(error: TelegramError) -> None:
    """PollingRequest has said in the log what is wrong; PTB goes on trying."""
    log.debug("polling: %s", error)


def updater_of(application: DoslovnoApplication) -> Updater:
    if application.updater is None:
        raise RuntimeError("the application was built without an updater")
    return application.updater


async def _stop(application: DoslovnoApplication, background: Background) -> None:
    """Fetch no more updates, finish the answers and digests under way, close the connections."""
    log.info("stopping")
    if updater_of(application).running:
        await updater_of(application).stop()
    if application.running:
        await application.stop()
    await background.finish()
    await application.shutdown()
