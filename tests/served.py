"""Some of the bot's handlers in the test's own process, with a sandbox as their Telegram."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from telegram.ext import ApplicationBuilder, BaseHandler, ContextTypes

from bot.fetch import Fetcher
from bot.handlers import errors
from bot.limiter import PatientLimiter
from bot.sandbox.server import Sandbox
from bot.sandbox.world import ADMIN_ID, SANDBOX_TOKEN
from bot.services import Context, DoslovnoApplication, Services
from bot.settings import Settings
from bot.store import Store
from tests.builders import corpus
from tests.rebuilt import in_place, opened
from tests.sandbox_client import SandboxClient, Seen

Handlers = Mapping[int, list[BaseHandler[Any, Context, Any]]]
"""By their group, in their order."""


@dataclass
class Served:
    """A sandbox with a client, and what serves it; `clock` is moved by the test."""

    client: SandboxClient
    services: Services
    corpus: Path
    clock: "Clock"

    @property
    def store(self) -> Store:
        return self.services.store

    async def ask(self, user: int, text: str, chat: int | None = None) -> Seen:
        """Say something and wait for the bot's reply."""
        return await self.client.wait_for_reply(await self.client.say(user, text, chat))

    async def send(self, user: int, name: str, body: str | bytes) -> Seen:
        """Send a document and wait for the bot's reply."""
        content = body.encode() if isinstance(body, str) else body
        said = await self.client.say(user, files={"document": (name, content)})
        return await self.client.wait_for_reply(said)


@dataclass
class Clock:
    """The real time, and how far ahead of it the bot believes to be."""

    ahead: timedelta = field(default=timedelta())

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def services_of(
    store: Store, folder: Path, clock: Callable[[], datetime], fetcher: Fetcher
) -> Services:
    """Services over the archive in `folder`/articles."""
    articles = corpus(folder / "articles", {})
    settings = Settings(corpus_dir=articles, state_dir=folder, admin_ids=frozenset({ADMIN_ID}))
    return Services.of(settings, store, opened(articles, folder), clock, fetcher, in_place)


@asynccontextmanager
async def served(
    folder: Path, handlers: Handlers, *, side_by_side: bool = True
) -> AsyncIterator[Served]:
    """The handlers at work, on several updates at once or on one after another.

    The articles in `folder`/articles are the archive.
    """
    clock = Clock()
    store = await Store.open(folder / "bot.sqlite3")
    try:
        async with (
            Sandbox() as sandbox,
            SandboxClient(sandbox.url) as client,
            Fetcher({"127.0.0.1"}) as fetcher,
        ):
            services = services_of(store, folder, clock, fetcher)
            async with _running(sandbox.url, services, handlers, side_by_side):
                await client.wait_for_bot()
                yield Served(client, services, folder / "articles", clock)
    finally:
        await store.close()


@asynccontextmanager
async def _running(
    url: str, services: Services, handlers: Handlers, side_by_side: bool
) -> AsyncIterator[None]:
    application = (
        ApplicationBuilder()
        .application_class(DoslovnoApplication, {"services": services})
        .context_types(ContextTypes(context=Context))
        .token(SANDBOX_TOKEN)
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .rate_limiter(PatientLimiter())
        .concurrent_updates(side_by_side)
        .job_queue(None)
        .build()
    )
    assert isinstance(application, DoslovnoApplication)
    for group, members in handlers.items():
        application.add_handlers(members, group)
    application.add_error_handler(errors.failed)
    async with application:
        await application.start()
        updater = application.updater
        assert updater
        await updater.start_polling()
        try:
            yield
        finally:
            await updater.stop()
            await application.stop()
