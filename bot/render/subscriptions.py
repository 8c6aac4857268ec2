"""The menu of /subscribe and the menus it opens: one message, edited at every press.

A button's data is «s:», a verb, and after a second colon what it sets or shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.message import Button, Composer, Reply, shortened
from bot.render import MAX_SOURCE
from bot.schedule import Minutes, Schedule, within
from bot.store.subscriptions import Subscription
from bot.texts import subscriptions as texts
from bot.texts import zones
from bot.texts.russian import UNKNOWN_SOURCE, weekday

HOUR, DAY = 60, 24 * 60
QUIET_PRESETS: tuple[Minutes, ...] = tuple(
    (start * HOUR, stop * HOUR)
    for start, stop in ((21, 9), (22, 7), (22, 9), (23, 7), (23, 8), (0, 8))
)
SOURCES_A_PAGE = 10

Rows = list[list[Button]]


@dataclass(frozen=True, slots=True)
class View:
    """What a chat's menu shows: its subscription, and what belongs to it.

    `default` is the settings' time zone; `topics` and `sources` are how many the chat has.
    """

    subscription: Subscription
    default: ZoneInfo
    now: datetime
    topics: int
    sources: int

    @property
    def schedule(self) -> Schedule:
        return self.subscription.schedule(self.default)

    @property
    def zone_label(self) -> str:
        return zones.label(self.schedule.zone, self.now)


def data(verb: str, value: object = "") -> str:
    """What a button carries."""
    return f"s:{verb}:{value}"


def menu(view: View) -> Reply:
    """The state of a subscription in words, and a button for all that can be changed."""
    subscription = view.subscription
    if not subscription.subscribed:
        return not_subscribed()
    message = Composer()
    for line in _state(view):
        message.line(line)
        message.line()
    return message.reply(_menu_rows(view))


def not_subscribed() -> Reply:
    return Reply(texts.NOT_SUBSCRIBED, buttons=((Button(texts.JOIN, data("join")),),))


def _state(view: View) -> Iterable[str]:
    """What the chat is, what will come and when; nothing that may turn out untrue."""
    subscription = view.subscription
    in_group = subscription.chat_id < 0
    if subscription.paused:
        yield texts.PAUSED
        return
    yield texts.GROUP_SUBSCRIBED if in_group else texts.SUBSCRIBED
    if subscription.scope == "topics" and not view.topics:
        yield texts.NO_TOPICS
    elif subscription.scope == "sources" and not view.sources:
        yield texts.NO_SOURCES
    else:
        yield _promise(view)
        yield from _next_one(view)


def _promise(view: View) -> str:
    subscription, schedule = view.subscription, view.schedule
    chosen = view.topics if subscription.scope == "topics" else view.sources
    place = zones.place(schedule.zone, view.now)
    when = texts.when(schedule.frequency, schedule.weekday, schedule.minute, place)
    return f"{texts.what(subscription.scope, chosen)} {when}"


def _next_one(view: View) -> Iterable[str]:
    schedule, planned = view.schedule, view.subscription.due
    if schedule.frequency == "now":
        if schedule.quiet:
            yield texts.quiet_hours(schedule.quiet)
        return
    if schedule.quiet and within(schedule.quiet, schedule.minute):
        yield texts.put_off(schedule.minute, schedule.quiet)
    due = planned if planned and planned > view.now else schedule.next_due(view.now)
    yield texts.following(due.astimezone(schedule.zone))


def _menu_rows(view: View) -> Rows:
    own = view.subscription
    planned = own.frequency != "now"
    frequencies = [
        _choice(name, data("when", value), chosen=value == own.frequency)
        for value, name in texts.FREQUENCIES.items()
    ]
    scopes = [
        _choice(name, data("what", value), chosen=value == own.scope)
        for value, name in texts.SCOPES.items()
    ]
    times = [Button(texts.time_button(own.minute), data("hours"))] if planned else []
    days = [Button(texts.day_button(own.weekday), data("days"))]
    return [
        frequencies[:2],
        frequencies[2:],
        days + times if own.frequency == "weekly" else times,
        scopes,
        [Button(texts.quiet_button(own.quiet), data("quiet"))],
        [Button(texts.zone_button(view.zone_label), data("zones"))],
        [Button(texts.updates_button(shown=own.updates), data("updates", int(not own.updates)))],
        [_pause_button(own), Button(texts.LEAVE, data("leave"))],
    ]


def _pause_button(subscription: Subscription) -> Button:
    if subscription.paused:
        return Button(texts.RESUME, data("resume"))
    return Button(texts.PAUSE, data("pause"))


# When


def choose_hour(view: View) -> Reply:
    chosen = view.subscription.minute // HOUR
    buttons = [
        _choice(texts.clock(hour * HOUR), data("hour", hour), chosen=hour == chosen)
        for hour in range(24)
    ]
    text = f"{texts.CHOOSE_HOUR}\n{texts.by_the_clock_of(view.zone_label)}"
    return _submenu(text, _grid(buttons, 3))


def choose_minute(view: View, hour: int) -> Reply:
    buttons = [
        _choice(texts.clock(minute), data("at", minute), chosen=minute == view.subscription.minute)
        for minute in range(hour * HOUR, (hour + 1) * HOUR, 5)
    ]
    return _submenu(texts.CHOOSE_MINUTES, _grid(buttons, 3), back="hours")


def choose_day(view: View) -> Reply:
    buttons = [
        _choice(weekday(day), data("day", day), chosen=day == view.subscription.weekday)
        for day in range(7)
    ]
    return _submenu(texts.CHOOSE_WEEKDAY, _grid(buttons, 2))


def choose_quiet(view: View) -> Reply:
    quiet = view.subscription.quiet
    buttons = [
        _choice(texts.hours(hours), data("hush", "{}-{}".format(*hours)), chosen=hours == quiet)
        for hours in QUIET_PRESETS
    ]
    rows = _grid(buttons, 2)
    rows.append([Button(texts.OTHER_HOURS, data("from"))])
    if quiet:
        rows.append([Button(texts.NO_QUIET, data("loud"))])
    text = f"{texts.CHOOSE_QUIET}\n{texts.quiet_now(quiet)}"
    return _submenu(f"{text} {texts.by_the_clock_of(view.zone_label)}", rows)


def choose_quiet_from() -> Reply:
    buttons = [Button(texts.clock(start), data("to", start)) for start in range(0, DAY, HOUR)]
    return _submenu(texts.QUIET_FROM, _grid(buttons, 4), back="quiet")


def choose_quiet_to(start: int) -> Reply:
    buttons = [
        Button(texts.clock(stop), data("hush", f"{start}-{stop}"))
        for stop in range(0, DAY, HOUR)
        if stop != start
    ]
    return _submenu(texts.quiet_to(start), _grid(buttons, 4), back="from")


def choose_zone(view: View, *, typing: bool) -> Reply:
    """Some zones to tap on; any other is typed after a button, or behind the command."""
    current = view.schedule.zone
    offered = dict.fromkeys((*zones.OFFERED, view.default.key, current.key))
    buttons = [
        _choice(zones.label(ZoneInfo(key), view.now), data("zone", key), chosen=key == current.key)
        for key in offered
    ]
    rows = _grid(buttons, 2)
    text = texts.choose_zone(view.zone_label)
    if typing:
        rows.append([Button(texts.OTHER_ZONE, data("elsewhere"))])
    else:
        text += f"\n{texts.ZONE_BY_COMMAND}"
    return _submenu(text, rows)


def ask_zone() -> Reply:
    return _submenu(texts.ASK_ZONE, [], back="back")


def unknown_zone() -> Reply:
    return Reply(texts.UNKNOWN_ZONE, buttons=((Button(texts.OTHER_ZONE, data("elsewhere")),),))


# From where


class SourceChoice(NamedTuple):
    """A source to choose, "" for an unknown one; `articles` is 0 if it has left the archive."""

    name: str
    articles: int
    chosen: bool


def choose_sources(choices: Sequence[SourceChoice], page: int) -> Reply:
    """One page of the sources, the chosen ones marked; a page that is not there is the last."""
    pages = max(-(-len(choices) // SOURCES_A_PAGE), 1)
    page = min(page, pages - 1)
    shown = choices[page * SOURCES_A_PAGE : (page + 1) * SOURCES_A_PAGE]
    rows = [[_source(choice, page)] for choice in shown]
    rows.append(turning(page, pages, data("sources")))
    lines = [texts.CHOOSE_SOURCES if choices else texts.NO_SOURCES_YET]
    if not any(choice.chosen for choice in choices):
        lines.append(texts.NO_SOURCES)
    return _submenu("\n".join(lines), rows)


def _source(choice: SourceChoice, page: int) -> Button:
    verb = "drop" if choice.chosen else "take"
    name = shortened(choice.name or UNKNOWN_SOURCE, MAX_SOURCE)
    label = texts.source_button(name, choice.articles)
    return _choice(label, data(verb, f"{page}:{source_key(choice.name)}"), chosen=choice.chosen)


def source_key(name: str) -> str:
    """A source in a button's data, where a name may be too long: 16 characters."""
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def turning(page: int, pages: int, prefix: str) -> list[Button]:
    """«‹» «2 из 5» «›» under a list of several pages; the page's number ends the data."""
    if pages < 2:
        return []
    here = Button(texts.page(page + 1, pages), f"{prefix}{page}")
    earlier = [Button(texts.EARLIER, f"{prefix}{page - 1}")] if page else []
    later = [Button(texts.LATER, f"{prefix}{page + 1}")] if page < pages - 1 else []
    return [*earlier, here, *later]


def _choice(label: str, carried: str, *, chosen: bool) -> Button:
    return Button(f"{texts.CHOSEN if chosen else ''}{label}", carried)


def _grid(buttons: Sequence[Button], width: int) -> Rows:
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]


def _submenu(text: str, rows: Rows, back: str = "menu") -> Reply:
    message = Composer()
    message.line(text)
    return message.reply([*rows, [Button(texts.BACK, data(back))]])
