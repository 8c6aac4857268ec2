"""What became of a delivery, from the sandbox's journal: what arrived, what twice, how fast."""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.sandbox_client import Json

PAUSE = 1.0
"""Seconds without any call from which on the bot was not sending: it was down, or waiting."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One call of sendMessage; one that has arrived is seen in the chat, whatever the bot heard."""

    chat: int
    time: float
    """Unix time, in seconds."""
    code: int
    """The HTTP status, 0 where the connection was dropped."""
    text: str | None
    """None where nothing arrived."""

    @classmethod
    def from_call(cls, call: Json) -> "Sending":
        """A call as the journal has it."""
        text = call["result"]["text"] if call["result"] else None
        return cls(call["chat_id"], call["time"], call["code"], text)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A message with articles that the chat had already; `cause` is the number of the kill before
    it, «lost» where the reply to the first one was, else «?»."""

    chat: int
    cause: int | str


@dataclass(frozen=True)
class Delivery:
    """All sendings to the readers in order, of articles with these titles; when the bot died."""

    sendings: Sequence[Sending]
    titles: Sequence[str]
    kills: Sequence[float] = ()
    """Unix times, in seconds."""

    def titles_of(self, sending: Sending) -> set[str]:
        return {title for title in self.titles if title in (sending.text or "")}

    def missing(self, readers: Sequence[int]) -> int:
        """How many articles did not reach somebody, over all readers."""
        had: defaultdict[int, set[str]] = defaultdict(set)
        for sending in self.sendings:
            had[sending.chat] |= self.titles_of(sending)
        return sum(len(self.titles) - len(had[reader]) for reader in readers)

    def repeats(self) -> list[Repeat]:
        """The messages that brought a chat what it had already, each with its cause."""
        had: dict[tuple[int, str], Sending] = {}
        found = []
        for sending in self.sendings:
            titles = self.titles_of(sending)
            known = [had[sending.chat, title] for title in titles if (sending.chat, title) in had]
            if known:
                found.append(Repeat(sending.chat, self._cause(known[0], sending)))
            had |= {(sending.chat, title): sending for title in titles}
        return found

    def _cause(self, first: Sending, second: Sending) -> int | str:
        if first.code == 0:
            return "lost"
        before, after = (bisect(self.kills, each.time) for each in (first, second))
        return after if before < after else "?"

    def codes(self) -> Counter[str]:
        """Calls by what became of them."""
        return Counter(map(_outcome, self.sendings))

    def rate(self) -> float:
        """Calls a second, pauses left out."""
        times = [sending.time for sending in self.sendings]
        gaps = [gap for gap in _gaps(times) if gap <= PAUSE]
        return len(gaps) / sum(gaps) if gaps else 0.0

    def busiest_second(self) -> int:
        """The most calls within any one second."""
        times = [sending.time for sending in self.sendings]
        return max(
            (place + 1 - bisect(times, time - 1) for place, time in enumerate(times)), default=0
        )

    def smallest_gap(self) -> float:
        """Seconds between two calls to one chat, the least; infinite where none got two."""
        times: defaultdict[int, list[float]] = defaultdict(list)
        for sending in self.sendings:
            times[sending.chat].append(sending.time)
        return min((gap for each in times.values() for gap in _gaps(each)), default=float("inf"))

    def seconds(self) -> float:
        """From the first call to the last, everything included."""
        return self.sendings[-1].time - self.sendings[0].time if self.sendings else 0.0


def _outcome(sending: Sending) -> str:
    if sending.code:
        return str(sending.code)
    return "dropped after" if sending.text else "dropped before"


def _gaps(times: Sequence[float]) -> Iterator[float]:
    return (after - before for before, after in pairwise(times))
