"""What handlers work with, typed: the settings, the searcher, the store and the clock."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from telegram.ext import Application, CallbackContext, ExtBot

from bot.inbox import Inbox
from bot.searcher import Searcher
from bot.settings import Settings
from bot.store import Store

Bot = ExtBot[None]
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
    turns: Turns = field(default_factory=Turns)


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
