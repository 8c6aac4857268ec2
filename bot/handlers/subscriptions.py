"""/subscribe, /unsubscribe, the buttons of the subscription's menu, and a zone that is typed."""

from telegram import Update

from bot.handlers import subscription_menu
from bot.handlers.presses import may_command, say, serve_press
from bot.message import Reply
from bot.render import subscriptions as render
from bot.services import Context
from bot.store.subscriptions import Changes, Subscription
from bot.texts import subscriptions as texts
from bot.texts.zones import zone_called


async def subscribe(update: Update, context: Context) -> None:
    """Subscribe at once, and show the menu; a time or a city behind the command is set."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or message is None or not await may_command(update, context):
        return
    said = " ".join((message.text or "").split()[1:])
    changes = _changes(said)
    if changes is None:
        await say(update, context, Reply(texts.NOT_UNDERSTOOD))
        return
    services = context.services
    now, zone = services.clock(), services.settings.timezone
    subscription = await services.store.subscribe(chat.id, now, zone)
    if changes:
        await services.store.change(chat.id, now, zone, **_at_a_time(changes, subscription))
    await say(update, context, await subscription_menu.menu(context, chat.id))


def _changes(said: str) -> Changes | None:
    """What is set by the text behind the command; None if it is not understood."""
    if not said:
        return {}
    minute, zone = texts.minute_said(said), zone_called(said)
    if minute is not None:
        return {"minute": minute}
    return {"timezone": zone} if zone else None


def _at_a_time(changes: Changes, subscription: Subscription) -> Changes:
    """Who names a time does not want everything at once any more."""
    if "minute" in changes and subscription.frequency == "now":
        return {**changes, "frequency": "daily"}
    return changes


async def unsubscribe(update: Update, context: Context) -> None:
    """Unsubscribe; all settings are kept."""
    chat = update.effective_chat
    if chat is None or not await may_command(update, context):
        return
    store = context.services.store
    subscription = await store.subscription(chat.id)
    if subscription is None or not subscription.subscribed:
        await say(update, context, Reply(texts.NEVER_JOINED))
        return
    await store.unsubscribe(chat.id, context.services.clock())
    await say(update, context, Reply(texts.LEFT))


async def button(update: Update, context: Context) -> None:
    """A button of the menu or of what it opens."""
    await serve_press(update, context, subscription_menu.VERBS)


async def typed_zone(update: Update, context: Context, text: str, _number: int) -> None:
    """The city that a person types after «Другой…»."""
    chat = update.effective_chat
    if chat is None:
        return
    zone = zone_called(text)
    services = context.services
    if zone is None:
        if user := update.effective_user:
            await services.store.ask_for(chat.id, user.id, "zone", 0, services.clock())
        await say(update, context, render.unknown_zone())
        return
    await services.store.change(
        chat.id, services.clock(), services.settings.timezone, timezone=zone
    )
    await say(update, context, await subscription_menu.menu(context, chat.id))
