"""Updates are written down before Telegram is told that they have arrived.

The Bot API forgets an update once a later one is asked for
(https://core.telegram.org/bots/api#getupdates), so a crash between that and the answer would lose
a question. What was not done with is handled at the next start; what comes twice is handled once.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.database import StoreError
from bot.store import Store, StoredUpdate

log = logging.getLogger(__name__)

Json = dict[str, Any]

KEPT = timedelta(hours=24)
"""How long an update that was not done with is worth handling, and one that was is remembered."""
ATTEMPTS = 3
"""Starts at which an update is tried: one that brings the bot down does not do so for ever."""
MALFORMED = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What reading an update of an unforeseen shape may raise."""


class Inbox:
    """The updates that are being handled, in the database as long as they are."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._kept: set[int] = set()

    async def take_in(self, payload: bytes) -> bytes:
        """Write down the updates of a reply to getUpdates; returns it without those to leave out.

        An update that cannot be read, and one that was here before, leave only their number: it
        moves the offset on.
        """
        try:
            reply = json.loads(payload)
            updates = [each for each in reply["result"] if _number(each) is not None]
        except MALFORMED:
            return payload  # the library says what is wrong with it
        new = await self._write_down([update for update in updates if _is_readable(update)])
        kept: list[Json] = []
        for each in updates:
            is_first = each in new and each not in kept
            kept.append(each if is_first else {"update_id": each["update_id"]})
        return json.dumps({**reply, "result": kept}).encode()

    async def _write_down(self, updates: list[Json]) -> list[Json]:
        """Those that were not here before; all of them where the database fails."""
        keys = [_key(each) for each in updates]
        rows = [
            StoredUpdate(key, each["update_id"], json.dumps(each))
            for key, each in zip(keys, updates, strict=True)
        ]
        try:
            new = await self._store.add_updates(rows, self._clock(), KEPT) if rows else set()
        except StoreError as error:
            log.error("updates are handled without being written down: %s", error)
            return updates
        return [each for key, each in zip(keys, updates, strict=True) if key in new]

    async def left_over(self) -> list[Json]:
        """The updates that the last run was not done with, oldest first."""
        try:
            rows = await self._store.left_over(self._clock() - KEPT, ATTEMPTS)
        except StoreError as error:
            log.error("what was left over cannot be read: %s", error)
            return []
        return [json.loads(row.payload) for row in rows]

    def keep(self, update: Update) -> None:
        """Do not count this update as done with: it is tried again at the next start."""
        self._kept.add(update.update_id)

    async def done(self, update: Update) -> None:
        """This update needs no more work, unless it is to be kept."""
        if not _says(update):
            return  # only moves the offset on; the update itself may be under way
        if update.update_id in self._kept:
            self._kept.discard(update.update_id)
            return
        try:
            await self._store.update_done(update.update_id)
        except StoreError as error:
            log.error("update %s may be handled again: %s", update.update_id, error)


def _says(update: Update) -> bool:
    """Whether there is anything in it beside its number."""
    return bool(update.api_kwargs) or any(
        getattr(update, kind, None) is not None for kind in Update.ALL_TYPES
    )


def _number(update: object) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else None


def _is_readable(update: Json) -> bool:
    try:
        Update.de_json(update, None)
    except MALFORMED as error:
        log.error("update %s cannot be read and is left out: %r", update["update_id"], error)
        return False
    return True


def _key(update: Json) -> str:
    """The same for the same update only: numbers begin anew with another bot or server."""
    whole = json.dumps(update, sort_keys=True)
    return blake2b(whole.encode(), digest_size=16).hexdigest()


class FairProcessor(BaseUpdateProcessor):
    """Handles updates side by side, but only so many of one chat.

    What waits long is waiting for Telegram to let the bot write to one chat; others do not wait
    with it. When it is handled, an update is done with. Once the end has come none is begun: the
    inbox has it for the next start.
    """

    AT_ONCE = 512
    OF_ONE_CHAT = 8

    def __init__(self, inbox: Inbox, ending: asyncio.Event) -> None:
        super().__init__(max_concurrent_updates=1 << 20)  # the bounds are below, chat by chat
        self._inbox = inbox
        self._ending = ending
        self._all = asyncio.Semaphore(self.AT_ONCE)
        self._chats: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        async with self._chat_of(update), self._all:
            if self._ending.is_set() and isinstance(coroutine, Coroutine):
                coroutine.close()
                return
            await coroutine
        if isinstance(update, Update):
            await self._inbox.done(update)

    def _chat_of(self, update: object) -> asyncio.Semaphore:
        chat = update.effective_chat if isinstance(update, Update) else None
        free = asyncio.Semaphore(self.OF_ONE_CHAT)
        return self._chats.setdefault(chat.id if chat else 0, free)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""
