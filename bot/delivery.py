"""Digests on their way from the outbox to the chats: nothing is lost, no chat holds up another.

Each message of a digest is noted in the outbox as soon as Telegram has answered. A message is sent
again only if that answer never came (the connection broke, the server took too long), or if the
process was killed between the answer and the note: at most the messages in flight then, of which
there are 23 for each second that Telegram takes to answer (one, as a rule, if that is 1/23 s).
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from telegram.error import (
    ChatMigrated,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from bot import replies
from bot.database import StoreError
from bot.faults import is_closed, may_pass, said, told_to_wait
from bot.limiter import Lane, Stopping, is_passing
from bot.message import Reply
from bot.pace import Pace, gap
from bot.store import Store
from bot.store.notices import Notice
from bot.store.outbox import Parcel
from bot.texts import delivery as texts
from bot.trying import back_off, kept, outcome, until

log = logging.getLogger(__name__)

AT_ONCE = 32
"""Messages under way at a time: enough for the full rate while each takes up to a second."""
LOOK = 1.0
"""Seconds between looks into the outbox; not until the next due time, since clocks are set."""
REFUSED_PAUSE = 60.0
"""Seconds without digests after Telegram refused the token."""
NOTICE_PAUSE = 60.0
"""Seconds until admins who could not be reached are told again."""


class Part(NamedTuple):
    """The next message of a parcel, and how many of its entries it covers (at least one).

    Without a reply there is nothing to say of them: they are gone from the archive.
    """

    reply: Reply | None
    entries: int


Compose = Callable[[Parcel], Awaitable[Part]]
QuietEnd = Callable[[int, datetime], Awaitable[datetime | None]]
"""When the quiet hours of a chat end, None outside them (UTC)."""


@dataclass
class Delivery:
    """Sends what is in the outbox. `run` it; `wake` it when there may be something new."""

    store: Store
    pace: Pace
    clock: Callable[[], datetime]
    compose: Compose
    quiet_end: QuietEnd
    admin_ids: Collection[int]
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _ended: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _warm: bool = field(default=False, init=False)
    """Whether a message has gone out: the first ones wait for connections, and would arrive at
    the same moment however evenly they were sent."""
    _busy: set[int] = field(default_factory=set, init=False)
    """Chats with a message under way."""
    _resting: set[int] = field(default_factory=set, init=False)
    """Chats that Telegram would take no message for just now."""
    _carrying: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _waiting: set[asyncio.Task[Part | None]] = field(default_factory=set, init=False)
    """What has not been sent yet, and need not be when the end comes."""

    def wake(self) -> None:
        """Look into the outbox at once."""
        self._woken.set()

    async def run(self, bot: ExtBot[Lane], ending: asyncio.Event) -> None:
        """Deliver until the end has come; then finish, and note, what is in flight.

        It is the event that ends it, and no cancelling.
        """
        self._ended.clear()
        looks = [asyncio.ensure_future(look(bot)) for look in (self._deliver, self._tell)]
        end = asyncio.ensure_future(ending.wait())
        try:
            await asyncio.wait({*looks, end}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._ended.set()
            for task in (end, looks[0], *self._waiting):
                task.cancel()
            await asyncio.wait({*looks, *self._carrying})
        for look in looks:
            if not look.cancelled():
                look.result()

    async def _deliver(self, bot: ExtBot[Lane]) -> None:
        """Begin with what is due as soon as there is room for it."""
        failures = 0
        while True:
            self._woken.clear()
            try:
                await self._begin(bot)
                failures = 0
            except StoreError as error:
                failures += 1
                log.error("the outbox cannot be read: %s", error)
            await until(self._woken, LOOK + (back_off(failures) if failures else 0.0))

    async def _begin(self, bot: ExtBot[Lane]) -> None:
        room = (AT_ONCE if self._warm else 1) - len(self._carrying)
        if room <= 0 or self.pace.pause_left():
            return
        busy = self._busy | self._resting
        for parcel in await self.store.due_parcels(self.clock(), busy, room):
            self._busy.add(parcel.chat_id)
            task = asyncio.ensure_future(self._carry(bot, parcel))
            self._carrying.add(task)
            task.add_done_callback(self._carried)

    def _carried(self, task: asyncio.Task[None]) -> None:
        self._carrying.discard(task)
        self.wake()

    async def _carry(self, bot: ExtBot[Lane], parcel: Parcel) -> None:
        """Take a parcel one message further, or see to what prevents it."""
        ready = asyncio.ensure_future(self._get_ready(parcel))
        self._waiting.add(ready)
        try:
            error = await outcome(self._send(bot, parcel, ready))
            if error:
                await self._settle(parcel, error)
        finally:
            self._waiting.discard(ready)
            self._busy.discard(parcel.chat_id)

    async def _get_ready(self, parcel: Parcel) -> Part | None:
        """The next message of a parcel, when its turn has come; None if that is later."""
        chat_id, now = parcel.chat_id, self.clock()
        quiet_end = None if parcel.asked else await self.quiet_end(chat_id, now)
        if quiet_end:
            await self._kept(lambda: self.store.postponed(parcel.id, quiet_end))
            return None
        part = await self.compose(parcel)
        if part.entries < 1:
            raise ValueError("a message of a digest covers none of its entries")
        if part.reply and (wait := await self.pace.turn(chat_id)):
            self._resting.add(chat_id)
            asyncio.get_running_loop().call_later(wait, self._resting.discard, chat_id)
            return None
        return part

    async def _send(
        self, bot: ExtBot[Lane], parcel: Parcel, ready: asyncio.Task[Part | None]
    ) -> None:
        """Send what is ready, and note at once that it is out."""
        part = await ready
        self._waiting.discard(ready)
        if part is None or self._ended.is_set():
            return
        pause = 0.0
        if part.reply:
            await replies.send(bot, parcel.chat_id, part.reply, digest=True)
            self.pace.accepted()
            self._warm = True
            pause = gap(parcel.chat_id)
        sent, now = parcel.sent + part.entries, self.clock()
        next_try = now + timedelta(seconds=pause)
        await self._kept(lambda: self.store.delivered(parcel.id, sent, now, next_try))

    async def _settle(self, parcel: Parcel, error: BaseException) -> None:
        """React to what kept a message from going out."""
        chat_id = parcel.chat_id
        wait = back_off(parcel.attempts)
        match error:
            case RetryAfter():
                wait = told_to_wait(error)
                self.pace.refused(chat_id, wait)
            case ChatMigrated(new_chat_id=new_id):
                await self._kept(lambda: self.store.migrated(chat_id, new_id))
            case InvalidToken():
                self.pace.pause(REFUSED_PAUSE)
            case TelegramError() if is_passing(error):
                self.pace.failed(chat_id)
            case StoreError():
                pass
            case TelegramError() if is_closed(error):
                log.info("chat %s is closed to the bot: %s", chat_id, error)
                await self._kept(lambda: self.store.closed(chat_id, said(error)))
                return
            case _:
                await self._park(parcel, error)
                return
        log.warning(
            "digest %s did not reach chat %s (%s); trying again in %.1f s",
            *(parcel.id, chat_id, said(error), wait),
        )
        next_try = self.clock() + timedelta(seconds=wait)
        await self._kept(lambda: self.store.postponed(parcel.id, next_try, said(error)))

    async def _park(self, parcel: Parcel, error: BaseException) -> None:
        """Put a parcel aside that will never go out, and let admins know of a new cause."""
        reason, now = said(error), self.clock()
        log.error(
            "digest %s for chat %s is parked: %s",
            *(parcel.id, parcel.chat_id, reason),
            exc_info=None if isinstance(error, TelegramError) else error,
        )
        cause = f"parked:{now.date()}:{re.sub('[0-9]+', '#', reason)}"
        await self._kept(lambda: self.store.add_notice(cause, texts.parked(reason), now))
        await self._kept(lambda: self.store.parked(parcel.id, reason, now))

    async def _kept(self, write: Callable[[], Awaitable[object]]) -> None:
        """Note what became of a message; before that is done, no more is sent to its chat."""
        await kept(write, self._ended)

    # What admins are told

    async def _tell(self, bot: ExtBot[Lane]) -> None:
        """Tell admins what they have not been told yet."""
        while not self._ended.is_set():
            pause = LOOK
            try:
                for notice in await self.store.untold_notices():
                    if not await self._told(bot, notice):
                        pause = NOTICE_PAUSE
            except StoreError as error:
                log.error("notices for admins cannot be read: %s", error)
                pause = NOTICE_PAUSE
            await until(self._ended, pause)

    async def _told(self, bot: ExtBot[Lane], notice: Notice) -> bool:
        """Tell each admin; False if some could not be reached now, but may be later."""
        reply, is_done = Reply(notice.text), True
        for admin in sorted({*self.admin_ids} - {*notice.reached}):
            error = await self._tell_one(bot, admin, reply)
            if may_pass(error):
                is_done = False
            else:
                await kept(partial(self.store.notice_reached, notice.key, admin), self._ended)
        if is_done:
            await self._kept(lambda: self.store.notice_told(notice.key))
        return is_done

    async def _tell_one(
        self, bot: ExtBot[Lane], admin_id: int, reply: Reply
    ) -> BaseException | None:
        """Tell one admin; what went wrong is returned, so that it is no hindrance to others."""
        while wait := await self.pace.turn(admin_id):
            await until(self._ended, wait)
            if self._ended.is_set():
                return Stopping("not told: the bot is stopping")
        error = await outcome(replies.send(bot, admin_id, reply, digest=True))
        if isinstance(error, RetryAfter):
            self.pace.refused(admin_id, told_to_wait(error))
        if error:
            log.warning("admin %s was not told: %s", admin_id, said(error))
        else:
            self.pace.accepted()
        return error
