"""/digest, and what a reader who was away is asked: whether to send what was missed."""

from telegram import Update

from bot import replies
from bot.handlers.presses import say
from bot.handlers.rights import acknowledge, may_manage
from bot.message import Reply
from bot.render.digest import catch_up_question
from bot.services import Bot, Context, Services
from bot.texts import digests


async def digest(update: Update, context: Context) -> None:
    """What is new since the last digest, now."""
    chat = update.effective_chat
    if chat is None:
        return
    reply = await _put_on_its_way(update, context, chat.id)
    if reply:
        await say(update, context, Reply(reply))


async def _put_on_its_way(update: Update, context: Context, chat_id: int) -> str | None:
    """What stands against a digest now; None if it is on its way."""
    services = context.services
    if not await may_manage(update, context):
        return digests.ADMINS_ONLY
    subscription = await services.store.subscription(chat_id)
    if subscription is None or not subscription.subscribed:
        return digests.NOT_SUBSCRIBED
    planned = await services.planner.plan_now(subscription)
    if await services.store.hasten(chat_id, services.clock()):
        services.delivery.wake()
        return None if planned else digests.DIGEST_ON_ITS_WAY
    if articles := await services.store.held_articles(chat_id):
        await replies.send(context.bot, chat_id, catch_up_question(articles))
        return None
    zone = subscription.schedule(services.settings.timezone).zone
    return digests.nothing_new(subscription.since.astimezone(zone))


async def returned(bot: Bot, services: Services, chat_id: int) -> None:
    """A chat that was closed to the bot is open again: its subscription goes on from now.

    Raises StoreError.
    """
    async with services.turns(chat_id, 0):
        subscription = await services.store.subscription(chat_id)
        if subscription and subscription.active and await services.store.unasked(chat_id):
            await resume(bot, services, chat_id)


async def resume(bot: Bot, services: Services, chat_id: int) -> None:
    """End a pause or an absence, and ask whether to send what came meanwhile.

    Raises StoreError.
    """
    await services.planner.resume(chat_id)
    await ask(bot, services, chat_id)


async def ask(bot: Bot, services: Services, chat_id: int) -> None:
    """Whether to send what is held, if anything is and it has not been asked yet.

    Raises StoreError.
    """
    if not await services.store.unasked(chat_id):
        return
    if articles := await services.store.held_articles(chat_id):
        await replies.send(bot, chat_id, catch_up_question(articles))
    await services.store.asked(chat_id)


async def catch_up(update: Update, context: Context) -> None:
    """«Прислать»: what was held while the reader was away."""
    services, chat = context.services, update.effective_chat
    if chat and await _allowed(update, context):
        done = await services.store.release_held(chat.id, services.clock())
        services.delivery.wake()
        await _settled(update, context, digests.CATCHING_UP if done else digests.SETTLED)


async def skip(update: Update, context: Context) -> None:
    """«Не нужно»: only what is new from now on."""
    services, chat = context.services, update.effective_chat
    if chat and await _allowed(update, context):
        done = await services.store.drop_held(chat.id, services.clock())
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
