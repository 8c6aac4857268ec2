"""When a digest is due: daily or weekly at a local time, outside quiet hours, through DST."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Frequency = Literal["now", "daily", "weekly"]

Minutes = tuple[int, int]
"""From when to when in minutes after local midnight; it may go over midnight."""

DAY = timedelta(days=1)
NEAR = range(-2, 10)
"""Days around today that have the next due moment in any case: a week, and a move by a night."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a chat wants its digests; the clock is that of `zone`."""

    frequency: Frequency
    minute: int
    """After local midnight."""
    weekday: int
    """Monday is 0; only for weekly."""
    quiet: Minutes | None
    """Quiet hours; None, or the same moment twice: there are none."""
    zone: ZoneInfo

    def next_due(self, after: datetime) -> datetime:
        """The first moment for a digest strictly after `after`, in UTC; never in quiet hours.

        For «now» it is `after` itself or the end of the quiet hours that it falls in.
        """
        if self.frequency == "now":
            return self._moved(after.astimezone(UTC))
        today = after.astimezone(self.zone).date()
        days = (today + number * DAY for number in NEAR)
        dues = (self._moved(self._moment(day, self.minute)) for day in days if self._is_on(day))
        return next(due for due in dues if due > after)

    def quiet_end(self, at: datetime) -> datetime | None:
        """When the quiet hours that `at` falls in end, in UTC; None outside of them."""
        if self.quiet is None:
            return None
        start, stop = self.quiet
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        if not within(self.quiet, minute):
            return None
        tomorrow = minute >= start > stop
        return self._moment_after(at, local.date() + tomorrow * DAY, stop)

    def _is_on(self, day: date) -> bool:
        return self.frequency == "daily" or day.weekday() == self.weekday

    def _moved(self, due: datetime) -> datetime:
        return self.quiet_end(due) or due

    def _moment_after(self, at: datetime, day: date, minute: int) -> datetime:
        """The second time that the clock shows it, where the first has passed."""
        first = self._moment(day, minute)
        return first if first > at else self._moment(day, minute, fold=1)

    def _moment(self, day: date, minute: int, fold: int = 0) -> datetime:
        """When the local clock shows this, in UTC; the moment after the gap, where it never does.

        A gap lies between what the two offsets around it make of a time (PEP 495).
        """
        shown = datetime.combine(day, time(*divmod(minute, 60)))
        late = shown.replace(tzinfo=self.zone).astimezone(UTC)
        early = shown.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        if late <= early:  # the same, or a time that the clock shows twice
            return early if fold else late
        seconds = range(int((late - early).total_seconds()))
        return early + timedelta(
            seconds=bisect_left(
                seconds, shown, key=lambda after: self._clock(early + timedelta(seconds=after))
            )
        )

    def _clock(self, at: datetime) -> datetime:
        """What the local clock shows."""
        return at.astimezone(self.zone).replace(tzinfo=None)


def within(quiet: Minutes, minute: int) -> bool:
    """Whether quiet hours cover a minute of the day; their last one is not covered."""
    start, stop = quiet
    if start <= stop:
        return start <= minute < stop
    return minute >= start or minute < stop


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of this name; None where there is none, whatever the name looks like."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
