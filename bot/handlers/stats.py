"""/stats, for admins: figures, and a chart of questions a day."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telegram import ReplyParameters, Update

from bot import replies
from bot.render.stats import Statistics, caption
from bot.services import Context, Services

DAYS = 30


async def stats(update: Update, context: Context) -> None:
    """A picture of the last 30 days with the figures under it."""
    message = update.effective_message
    if message is None:
        return
    services = context.services
    zone = services.settings.timezone
    days = last_days(services.clock(), zone)
    starts = [datetime.combine(day, time(), zone) for day in days]
    questions = await services.store.questions(starts)
    reply = caption(await _statistics(services, starts[0], questions))
    await context.bot.send_photo(
        message.chat_id,
        await asyncio.to_thread(_drawn, list(zip(days, questions, strict=True))),
        caption=reply.text,
        caption_entities=replies.entities(reply),
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
    )


def last_days(now: datetime, zone: ZoneInfo) -> list[date]:
    """The last 30 days of this zone's calendar, today the last."""
    today = now.astimezone(zone).date()
    return [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]


async def _statistics(services: Services, since: datetime, questions: Sequence[int]) -> Statistics:
    feeds, failing = await services.store.feed_counts()
    return Statistics(
        await services.store.subscribers(),
        await services.store.deliveries(since),
        questions[-1],
        sum(questions),
        feeds,
        failing,
        len(services.searcher.current.articles),
    )


def _drawn(days: Sequence[tuple[date, int]]) -> bytes:
    from bot.chart import draw  # noqa: PLC0415 -- matplotlib takes long to import, and few ask

    return draw(days)
