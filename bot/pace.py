"""How fast messages may go, so that Telegram takes them all.

The limits: about 30 messages a second overall (25 here), one a second in a chat, 20 a minute in a
group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from time import monotonic

RATE = 23.0
"""Digest messages a second, evenly spaced: of the 25 allowed two are left for those that another
follows too closely, since neither the network nor the event loop keeps time."""
SLACK = 0.015
"""Seconds by which a message that was sent late may be followed sooner, to keep up the rate."""
CHAT_GAP = 1.05
"""Seconds between two messages of a chat."""
GROUP_GAP = 3.0
"""Seconds after which a group gets the next message of a digest: not twenty at once, and then
none for a minute."""
GROUP_LIMIT, GROUP_WINDOW = 20, 61.0
"""Messages of a group in so many seconds; a little over a minute, for the same reason."""
IN_A_ROW = 3
"""Chats that fail one after another, with no success between, until the fault is not theirs."""
OUTAGE_PAUSES = 1.0, 60.0
"""Seconds without digests when everything fails: the first time, doubled up to the last."""

ChatId = int | str
"""Its number, or the @name of a channel."""


def is_group(chat_id: ChatId) -> bool:
    return isinstance(chat_id, str) or chat_id < 0


def gap(chat_id: int) -> float:
    """Seconds from one message of a digest to its next in the same chat."""
    return GROUP_GAP if is_group(chat_id) else CHAT_GAP


class Pace:
    """When the next message of a digest may go.

    A digest waits for its `turn`; an answer to a person never waits, but is told of, and digests
    give way to it: each pushes their next turn on, and the times of its chat.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._queue = asyncio.Lock()
        self._next = float("-inf")
        self._chats: defaultdict[ChatId, deque[float]] = defaultdict(deque)
        self._sent: deque[tuple[float, ChatId]] = deque()
        self._held: dict[ChatId, float] = {}
        self._refused: dict[ChatId, float] = {}
        self._failed: set[ChatId] = set()
        self._outages = 0
        self._paused_until = float("-inf")

    async def turn(self, chat_id: int) -> float:
        """Wait for the next turn, in the order of asking, and take it: returns 0.

        Where it is the chat or a pause that has to be waited for, no turn is taken; returns for
        how many seconds.
        """
        async with self._queue:
            while (wait := self._next - self._clock()) > 0:
                await self._sleep(wait)
            now = self._clock()
            wait = max(self._chat_wait(chat_id, now), self._paused_until - now)
            if wait > 0:
                return wait
            self._next = max(self._next, now - SLACK) + 1 / RATE
            self._note(chat_id, now)
            return 0.0

    def pause_left(self) -> float:
        """Seconds for which no digest goes to anybody."""
        return max(self._paused_until - self._clock(), 0.0)

    def live(self, chat_id: ChatId) -> None:
        """A message goes out now that is no digest."""
        now = self._clock()
        self._next = max(self._next, now) + 1 / RATE
        self._note(chat_id, now)

    def accepted(self) -> None:
        """A message arrived: what fails is the matter of one chat."""
        self._refused.clear()
        self._failed.clear()
        self._outages = 0

    def refused(self, chat_id: ChatId, seconds: float) -> None:
        """A 429: the chat waits as told, or all do if the limit is not this chat's alone."""
        now = self._clock()
        self._held = {chat: until for chat, until in self._held.items() if until > now}
        self._held[chat_id] = self._refused[chat_id] = now + seconds
        if len(self._refused) >= IN_A_ROW:
            self._paused_until = max(self._paused_until, *self._refused.values())

    def failed(self, chat_id: ChatId) -> None:
        """A fault of the network or the server: if it is everywhere, all wait, longer each time."""
        self._failed.add(chat_id)
        if len(self._failed) >= IN_A_ROW and not self.pause_left():
            first, last = OUTAGE_PAUSES
            self.pause(min(first * 2**self._outages, last))
            self._outages = min(self._outages + 1, 16)

    def pause(self, seconds: float) -> None:
        """Let no digest go for so long."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _chat_wait(self, chat_id: ChatId, now: float) -> float:
        """Seconds until a digest may go to this chat, 0 or less if it may now."""
        until = self._held.get(chat_id, now)
        times = self._chats.get(chat_id)
        if times:
            until = max(until, times[-1] + CHAT_GAP)
            if is_group(chat_id) and len(times) >= GROUP_LIMIT:
                until = max(until, times[-GROUP_LIMIT] + GROUP_WINDOW)
        return until - now

    def _note(self, chat_id: ChatId, now: float) -> None:
        """Remember a message as long as it counts."""
        self._chats[chat_id].append(now)
        self._sent.append((now, chat_id))
        while self._sent[0][0] <= now - GROUP_WINDOW:
            _, chat = self._sent.popleft()
            self._chats[chat].popleft()
            if not self._chats[chat]:
                del self._chats[chat]
