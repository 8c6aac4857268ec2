"""When digests are due: once a local day or week, after gaps of the clock, outside quiet hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.schedule import Frequency, Minutes, Schedule, within, zone_named

ALMATY, BERLIN = ZoneInfo("Asia/Almaty"), ZoneInfo("Europe/Berlin")
NINE = 9 * 60

minutes = st.integers(0, 1439)
zones = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
moments = st.integers(0, 16 * 366 * 24 * 3600).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def daily(minute: int, zone: ZoneInfo = ALMATY, quiet: Minutes | None = None) -> Schedule:
    return Schedule("daily", minute, 0, quiet, zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@st.composite
def schedules(draw: st.DrawFn, *frequencies: Frequency, quiet: bool = True) -> Schedule:
    hours = draw(st.none() | st.tuples(minutes, minutes)) if quiet else None
    frequency = draw(st.sampled_from(frequencies or ("daily", "weekly")))
    return Schedule(frequency, draw(minutes), draw(st.integers(0, 6)), hours, draw(zones))


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        (daily(NINE), "2026-11-22T03:59:59", "2026-11-22T04:00"),
        (daily(NINE), "2026-11-22T04:00", "2026-11-23T04:00"),
        (daily(0), "2026-11-22T18:59", "2026-11-22T19:00"),
        (daily(1439), "2026-11-22T18:58", "2026-11-22T18:59"),
        (Schedule("weekly", NINE, 0, None, ALMATY), "2026-11-22T12:00", "2026-11-23T04:00"),
        (Schedule("weekly", NINE, 6, None, ALMATY), "2026-11-22T12:00", "2026-11-29T04:00"),
        (Schedule("now", NINE, 0, None, ALMATY), "2026-11-22T12:00", "2026-11-22T12:00"),
        # Missed for a month: the next one is reckoned from now, the missed ones are not made up.
        (daily(NINE), "2026-12-22T12:00", "2026-12-23T04:00"),
        # Moved to the end of quiet hours: of the same day, and over midnight.
        (daily(NINE, quiet=(8 * 60, 600)), "2026-11-22T03:00", "2026-11-22T05:00"),
        (daily(NINE, quiet=(8 * 60, 600)), "2026-11-22T04:30", "2026-11-22T05:00"),
        (daily(1380, quiet=(1320, 420)), "2026-11-22T18:30", "2026-11-23T02:00"),
        (Schedule("now", 0, 0, (1320, 420), ALMATY), "2026-11-22T17:00", "2026-11-23T02:00"),
        (Schedule("weekly", 1380, 6, (1320, 420), ALMATY), "2026-11-22T20:00", "2026-11-23T02:00"),
        # From and to the same: no quiet hours.
        (daily(NINE, quiet=(NINE, NINE)), "2026-11-22T03:00", "2026-11-22T04:00"),
        # Berlin's clock goes from 02:00 to 03:00 on 29 March, and back on 25 October.
        (daily(150, BERLIN), "2026-03-28T12:00", "2026-03-29T01:00"),
        (daily(150, BERLIN), "2026-03-29T01:00", "2026-03-30T00:30"),
        (daily(150, BERLIN), "2026-10-24T12:00", "2026-10-25T00:30"),
        (daily(150, BERLIN), "2026-10-25T00:30", "2026-10-26T01:30"),
        (daily(NINE, BERLIN), "2026-03-28T08:00", "2026-03-29T07:00"),
        # Quiet hours that end in the gap end with it; that end twice, after the first time.
        (daily(90, BERLIN, (60, 150)), "2026-03-28T12:00", "2026-03-29T01:00"),
        (daily(90, BERLIN, (60, 150)), "2026-10-24T12:00", "2026-10-25T00:30"),
    ],
)
def test_the_next_due_moment(schedule: Schedule, after: str, due: str) -> None:
    assert schedule.next_due(utc(after)) == utc(due)


@given(schedules(), moments)
def test_a_due_moment_is_later_and_outside_quiet_hours(schedule: Schedule, after: datetime) -> None:
    due = schedule.next_due(after)
    assert due > after
    assert due.tzinfo is UTC
    assert schedule.quiet_end(due) is None


@given(schedules("daily", quiet=False), moments)
def test_every_local_day_has_exactly_one(schedule: Schedule, after: datetime) -> None:
    due = schedule.next_due(after)
    for _ in range(9):
        following = schedule.next_due(due)
        days = [at.astimezone(schedule.zone).date() for at in (due, following)]
        assert days[1] - days[0] == timedelta(days=1)
        due = following


@given(schedules("weekly", quiet=False), moments)
def test_every_week_has_exactly_one_on_its_day(schedule: Schedule, after: datetime) -> None:
    due = schedule.next_due(after)
    days = [at.astimezone(schedule.zone).date() for at in (due, schedule.next_due(due))]
    assert days[0].weekday() == schedule.weekday
    assert days[1] - days[0] == timedelta(days=7)


@given(schedules("daily"), moments)
def test_quiet_hours_move_digests_but_lose_and_add_none(
    schedule: Schedule, after: datetime
) -> None:
    due = schedule.next_due(after)
    later = [due]
    for _ in range(9):
        later.append(schedule.next_due(later[-1]))
    gaps = [b - a for a, b in pairwise(later)]
    assert sum(gaps, timedelta()) <= timedelta(days=9, hours=3)
    assert min(gaps) >= timedelta(hours=20)


@given(schedules("daily", "weekly", quiet=False), moments, st.integers(0, 14 * 24 * 60))
def test_nothing_is_due_in_between(schedule: Schedule, after: datetime, later: int) -> None:
    due = schedule.next_due(after)
    between = after + timedelta(minutes=later)
    assume(between < due)
    assert schedule.next_due(between) == due


@given(schedules(), moments)
def test_a_clock_shows_the_time_that_was_set_unless_it_skips_it(
    schedule: Schedule, after: datetime
) -> None:
    bare = Schedule(schedule.frequency, schedule.minute, schedule.weekday, None, schedule.zone)
    due = bare.next_due(after).astimezone(schedule.zone)
    shown = due.hour * 60 + due.minute
    before = (due.astimezone(UTC) - timedelta(minutes=1)).astimezone(schedule.zone)
    skipped = due.utcoffset() != before.utcoffset()
    assert shown == schedule.minute or (skipped and shown > schedule.minute)


@pytest.mark.parametrize(
    ("quiet", "at", "end"),
    [
        ((1320, 420), "2026-11-22T16:59", None),
        ((1320, 420), "2026-11-22T17:00", "2026-11-23T02:00"),
        ((1320, 420), "2026-11-23T01:59:59", "2026-11-23T02:00"),
        ((1320, 420), "2026-11-23T02:00", None),
        ((780, 840), "2026-11-22T08:30", "2026-11-22T09:00"),
        ((780, 840), "2026-11-22T09:00", None),
        ((0, 0), "2026-11-22T09:00", None),
        (None, "2026-11-22T09:00", None),
    ],
)
def test_when_quiet_hours_end(quiet: Minutes | None, at: str, end: str | None) -> None:
    assert daily(NINE, quiet=quiet).quiet_end(utc(at)) == (utc(end) if end else None)


def test_quiet_hours_that_the_clock_shows_twice_end_after_both() -> None:
    """02:15 in Berlin the second time: 02:30 is still to come, and not an hour ago."""
    schedule = daily(NINE, BERLIN, (60, 150))
    assert schedule.quiet_end(utc("2026-10-25T01:15")) == utc("2026-10-25T01:30")


@given(schedules(), moments)
def test_quiet_hours_end_later_and_within_a_day(schedule: Schedule, at: datetime) -> None:
    end = schedule.quiet_end(at)
    assert end is None or at < end < at + timedelta(hours=27)


@given(minutes, minutes, minutes)
def test_quiet_hours_and_the_rest_of_the_day_have_each_minute_once(
    start: int, stop: int, minute: int
) -> None:
    assume(start != stop)
    assert within((start, stop), minute) != within((stop, start), minute)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        *(("Asia/Almaty", True), ("UTC", True), ("", False), ("Asia", False), ("Mars/Base", False)),
        *(("../../etc/passwd", False), ("/etc/passwd", False), ("a\0b", False), ("я" * 300, False)),
    ],
)
def test_a_zone_is_known_or_not_whatever_its_name(name: str, known: bool) -> None:
    assert (zone_named(name) is not None) is known
