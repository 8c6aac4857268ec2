"""What each button of the subscription's menu does."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Unpack

from bot import overview
from bot.handlers import digests
from bot.handlers.presses import Press, Serve, StaleButton, Verbs, among, number
from bot.message import Reply
from bot.render import subscriptions as render
from bot.render.subscriptions import DAY, SourceChoice, View
from bot.services import Context
from bot.store.subscriptions import Changes
from bot.texts.subscriptions import FREQUENCIES, SCOPES
from bot.texts.zones import zone_called

MOST_PAGES = 100_000


async def menu(context: Context, chat_id: int) -> Reply:
    """The menu of a chat in its present state."""
    return await _screen(context, chat_id, render.menu)


async def _screen(context: Context, chat_id: int, screen: Callable[[View], Reply]) -> Reply:
    """A menu for a subscriber; whoever is none is offered to become one."""
    services = context.services
    subscription = await services.store.subscription(chat_id)
    if subscription is None or not subscription.subscribed:
        return render.not_subscribed()
    topics = await services.store.topics(chat_id)
    sources = await services.store.sources(chat_id)
    default = services.settings.timezone
    return screen(View(subscription, default, services.clock(), len(topics), len(sources)))


def _show(screen: Callable[[View], Reply]) -> Serve:
    async def serve(context: Context, press: Press) -> Reply:
        return await _screen(context, press.chat_id, screen)

    return serve


def _change(**changes: Unpack[Changes]) -> Serve:
    """Set something and go back to the menu; «Источники» goes on to the list of them."""

    async def serve(context: Context, press: Press) -> Reply:
        services = context.services
        default = services.settings.timezone
        await services.store.change(press.chat_id, services.clock(), default, **changes)
        if changes.get("scope") == "sources":
            return await _sources(context, press.chat_id, 0)
        return await menu(context, press.chat_id)

    return serve


async def _join(context: Context, press: Press) -> Reply:
    services = context.services
    await services.store.subscribe(press.chat_id, services.clock(), services.settings.timezone)
    return await menu(context, press.chat_id)


async def _leave(context: Context, press: Press) -> Reply:
    await context.services.store.unsubscribe(press.chat_id, context.services.clock())
    return await menu(context, press.chat_id)


async def _pause(context: Context, press: Press) -> Reply:
    await context.services.store.pause(press.chat_id)
    return await menu(context, press.chat_id)


async def _resume(context: Context, press: Press) -> Reply:
    """Pressed twice it is done once: the question of what was missed is asked once."""
    subscription = await context.services.store.subscription(press.chat_id)
    if subscription and subscription.subscribed and subscription.paused:
        await digests.resume(context.bot, context.services, press.chat_id)
    else:  # the bot may have been killed before it had asked
        await digests.ask(context.bot, context.services, press.chat_id)
    return await menu(context, press.chat_id)


# Time zones


async def _zones(context: Context, press: Press) -> Reply:
    def screen(view: View) -> Reply:
        return render.choose_zone(view, typing=press.private)

    return await _screen(context, press.chat_id, screen)


async def _elsewhere(context: Context, press: Press) -> Reply:
    """«Другой…»: the next message names the zone; groups have the command for it."""
    if not press.private:
        return await _zones(context, press)
    now = context.services.clock()
    await context.services.store.ask_for(press.chat_id, press.user_id, "zone", 0, now)
    return render.ask_zone()


async def _not_elsewhere(context: Context, press: Press) -> Reply:
    """«Назад» instead of a city: the next message is a question again."""
    await context.services.store.drop_prompt(press.chat_id, press.user_id)
    return await _zones(context, press)


# Sources


async def _sources(context: Context, chat_id: int, page: int) -> Reply:
    choices = await _choices(context, chat_id)
    return await _screen(context, chat_id, lambda _: render.choose_sources(choices, page))


async def _choices(context: Context, chat_id: int) -> list[SourceChoice]:
    """The archive's sources, most articles first, then those chosen that it no longer has."""
    chosen = await context.services.store.sources(chat_id)
    current = context.services.searcher.current
    summaries = await asyncio.to_thread(overview.summaries, current)
    articles = Counter({each.source or "": each.articles for each in summaries})
    names = sorted(chosen | articles.keys(), key=lambda name: (-articles[name], name))
    return [SourceChoice(name, articles[name], name in chosen) for name in names]


def _page(value: str) -> Serve:
    page = number(value, MOST_PAGES)

    async def serve(context: Context, press: Press) -> Reply:
        return await _sources(context, press.chat_id, page)

    return serve


def _choose(value: str, *, chosen: bool) -> Serve:
    """Choose the source that is meant by «page:key», or give it up; one that went is not there."""
    page, _, key = value.partition(":")
    shown = number(page, MOST_PAGES)

    async def serve(context: Context, press: Press) -> Reply:
        for choice in await _choices(context, press.chat_id):
            if render.source_key(choice.name) == key:
                store = context.services.store
                await store.choose_source(press.chat_id, choice.name, chosen=chosen)
        return await _sources(context, press.chat_id, shown)

    return serve


# What buttons carry


def _quiet(value: str) -> Serve:
    start, _, stop = value.partition("-")
    return _change(quiet=(number(start, DAY), number(stop, DAY)))


def _zone(value: str) -> Serve:
    zone = zone_called(value)
    if zone is None:
        raise StaleButton(value)
    return _change(timezone=zone)


def _minutes(value: str) -> Serve:
    hour = number(value, 24)
    return _show(lambda view: render.choose_minute(view, hour))


def _quiet_to(value: str) -> Serve:
    start = number(value, DAY)
    return _show(lambda _: render.choose_quiet_to(start))


VERBS: Verbs = {
    "menu": lambda _: _show(render.menu),
    "join": lambda _: _join,
    "leave": lambda _: _leave,
    "pause": lambda _: _pause,
    "resume": lambda _: _resume,
    "when": lambda value: _change(frequency=among(value, FREQUENCIES)),
    "what": lambda value: _change(scope=among(value, SCOPES)),
    "updates": lambda value: _change(updates=bool(number(value, 2))),
    "hours": lambda _: _show(render.choose_hour),
    "hour": _minutes,
    "at": lambda value: _change(minute=number(value, DAY)),
    "days": lambda _: _show(render.choose_day),
    "day": lambda value: _change(weekday=number(value, 7)),
    "quiet": lambda _: _show(render.choose_quiet),
    "from": lambda _: _show(lambda _: render.choose_quiet_from()),
    "to": _quiet_to,
    "hush": _quiet,
    "loud": lambda _: _change(quiet=None),
    "zones": lambda _: _zones,
    "zone": _zone,
    "elsewhere": lambda _: _elsewhere,
    "back": lambda _: _not_elsewhere,
    "sources": _page,
    "take": lambda value: _choose(value, chosen=True),
    "drop": lambda value: _choose(value, chosen=False),
}
