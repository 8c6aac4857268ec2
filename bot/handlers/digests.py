"""/digest, and what a reader who was away is asked: whether to send what was missed."""

import logging

from telegram import Update

from bot import replies
from bot.handlers.rights import acknowledge, may_manage
from bot.message import Reply
from bot.render.digest import catch_up_question
from bot.services import Bot, Context, Services
from bot.store.subscriptions import Subscription
from bot.texts import digests

log = logging.getLogger(__name__)


async def digest(update: Update, context: Context) -> None:
    """What is new since the last digest, now."""
    chat = update.effective_chat
    if chat is None:
        return
    reply = await _put_on_its_way(update, context, chat.id)
    if reply:
        await replies.send(context.bot, chat.id, Reply(reply))


async def _put_on_its_way(update: Update, context: Context, chat_id: int) -> str | None:
    """What stands against a digest now; None if it is on its way."""
    services = context.services
    if not await may_manage(update, context):
        return digests.ADMINS_ONLY
    subscription = await services.store.subscription(chat_id)
    if subscription is None or not subscription.subscribed:
        return digests.NOT_SUBSCRIBED
    if await services.planner.plan_now(subscription):
        return None
    zone = subscription.schedule(services.settings.timezone).zone
    return digests.nothing_new(subscription.since.astimezone(zone))


async def returned(bot: Bot, services: Services, chat_id: int) -> None:
    """A chat that was closed to the bot is open again: its subscription goes on from now.

    Raises StoreError.
    """
    subscription = await services.store.subscription(chat_id)
    if subscription and subscription.subscribed and not subscription.paused:
        await resume(bot, services, subscription)


async def resume(bot: Bot, services: Services, subscription: Subscription) -> None:
    """End a pause or an absence, and ask whether to send what came meanwhile.

    Raises StoreError.
    """
    chat_id, now = subscription.chat_id, services.clock()
    due = subscription.schedule(services.settings.timezone).next_due(now)
    await services.store.resume(chat_id, now, due)
    waiting = await services.store.held_articles(chat_id)
    articles = waiting + len(await services.planner.missed(subscription))
    if articles:
        await replies.send(bot, chat_id, catch_up_question(articles))
    elif missed := await services.store.missed(chat_id):
        await services.store.skip_missed(chat_id, missed, now)


async def catch_up(update: Update, context: Context) -> None:
    """«Прислать»: what was missed, digests that were on their way first."""
    services, chat = context.services, update.effective_chat
    if chat is None or not await _allowed(update, context):
        return
    subscription = await services.store.subscription(chat.id)
    missed = await services.store.missed(chat.id)
    done = False
    if subscription and missed:
        entries = await services.planner.missed(subscription)
        done = await services.store.catch_up(chat.id, missed, entries, services.clock())
    services.delivery.wake()
    await _settled(update, context, digests.CATCHING_UP if done else digests.SETTLED)


async def skip(update: Update, context: Context) -> None:
    """«Не нужно»: only what is new from now on."""
    services, chat = context.services, update.effective_chat
    if chat is None or not await _allowed(update, context):
        return
    missed = await services.store.missed(chat.id)
    done = missed and await services.store.skip_missed(chat.id, missed, services.clock())
    await _settled(update, context, digests.SKIPPED if done else digests.SETTLED)


async def _allowed(update: Update, context: Context) -> bool:
    """Whether who pressed may decide for the chat; stops the button's waiting sign."""
    allowed = await may_manage(update, context)
    if query := update.callback_query:
        await acknowledge(query, "" if allowed else digests.ADMINS_ONLY)
    return allowed


async def _settled(update: Update, context: Context, said: str) -> None:
    """The answer in place of the question, so that it is not pressed again."""
    query = update.callback_query
    if query and query.message:
        chat_id, message_id = query.message.chat.id, query.message.message_id
        if not await replies.edit(context.bot, chat_id, message_id, Reply(said)):
            await replies.send(context.bot, chat_id, Reply(said))
