"""What handlers work with, typed: the settings, the store, and all that goes on beside answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self
from weakref import WeakValueDictionary

from telegram.ext import Application, CallbackContext, ExtBot

from bot.delivery import Delivery
from bot.digest import Planner
from bot.feeds import Feeds
from bot.fetch import Fetcher
from bot.inbox import Inbox
from bot.intake import Intake
from bot.limiter import Lane
from bot.pace import Pace
from bot.rebuilding import Rebuild, in_a_child
from bot.searcher import Searcher
from bot.settings import Settings
from bot.store import Store
from bot.writer import Writer
from retrieval.generation import Generation

Bot = ExtBot[Lane]
Unused = dict[Any, Any]
"""The library's own per-user, per-chat and per-bot memory: state lives in SQLite here."""


class Turns:
    """Locks by key: what concerns one message is done one at a time, all else side by side."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[int, ...], asyncio.Lock] = WeakValueDictionary()

    def __call__(self, *key: int) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())


@dataclass(frozen=True, slots=True)
class Services:
    """All that outlives one update."""

    settings: Settings
    store: Store
    inbox: Inbox
    searcher: Searcher
    clock: Callable[[], datetime]
    """Now, aware, in UTC."""
    intake: Intake
    planner: Planner
    delivery: Delivery
    fetcher: Fetcher
    feeds: Feeds
    turns: Turns = field(default_factory=Turns)

    @classmethod
    def of(
        cls,
        settings: Settings,
        store: Store,
        generation: Generation,
        clock: Callable[[], datetime],
        fetcher: Fetcher,
        rebuild: Rebuild = in_a_child,
    ) -> Self:
        """All of them, put together."""
        zone = settings.timezone
        searcher = Searcher(generation, settings.corpus_dir, settings.state_dir, clock(), rebuild)
        intake = Intake(searcher, store, clock)
        writer = Writer(store, searcher, zone)
        delivery = Delivery(
            store, Pace(), clock, writer.next_message, writer.quiet_end, settings.admin_ids
        )
        return cls(
            settings,
            store,
            Inbox(store, clock),
            searcher,
            clock,
            intake,
            Planner(store, clock, zone, delivery.wake),
            delivery,
            fetcher,
            Feeds(store, fetcher, settings, clock, intake.refresh),
        )

    def today(self) -> date:
        """The day where the readers are: what «вчера» in a question is counted from."""
        return self.clock().astimezone(self.settings.timezone).date()


class DoslovnoApplication(Application[Bot, "Context", Unused, Unused, Unused, None]):
    """An application that carries its services, instead of a dictionary with string keys."""

    def __init__(self, *, services: Services, **options: Any) -> None:
        super().__init__(**options)
        self.services = services


class Context(CallbackContext[Bot, Unused, Unused, Unused]):
    """What a handler is given beside the update."""

    @property
    def services(self) -> Services:
        application = self.application
        if not isinstance(application, DoslovnoApplication):
            raise TypeError("the context belongs to another application")
        return application.services
