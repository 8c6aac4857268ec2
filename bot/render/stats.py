"""The caption under the chart of /stats."""

from dataclasses import dataclass

from bot.message import Composer, Reply, shortened
from bot.store.stats import Deliveries, Subscribers
from bot.texts import stats as texts

MAX_REASON = 90
"""Characters of a failure's reason."""
REASONS_ROOM = 480
"""UTF-16 units of the reasons: a caption takes 1024 (https://core.telegram.org/bots/api#sendphoto)."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that /stats tells beside its chart."""

    subscribers: Subscribers
    deliveries: Deliveries
    questions_today: int
    questions_lately: int
    feeds: int
    failing: int
    articles: int


def caption(figures: Statistics) -> Reply:
    """A line a figure; what is seldom otherwise than nought is left out when it is."""
    message = Composer()
    message.line(texts.STATISTICS, "bold")
    _subscribers(message, figures.subscribers)
    message.line()
    _deliveries(message, figures.deliveries)
    message.line()
    message.line(texts.counted(texts.QUESTIONS_TODAY, figures.questions_today))
    message.line(texts.counted(texts.QUESTIONS_LATELY, figures.questions_lately))
    message.line()
    message.line(texts.counted(texts.ARTICLES, figures.articles))
    message.line(texts.counted(texts.FEEDS, figures.feeds))
    _some(message, texts.FAILING, figures.failing)
    return message.reply()


def _subscribers(message: Composer, subscribers: Subscribers) -> None:
    message.line(texts.counted(texts.SUBSCRIBERS, subscribers.active))
    _some(message, texts.PAUSED, subscribers.paused)
    _some(message, texts.CLOSED, subscribers.closed)


def _deliveries(message: Composer, found: Deliveries) -> None:
    message.line(texts.lately(texts.DELIVERED, found.delivered, found.lately))
    message.line(texts.counted(texts.PENDING, found.pending))
    _some(message, texts.HELD, found.held)
    message.line(texts.counted(texts.PARKED, found.parked))
    if found.failures:
        message.line()
        message.line(texts.FAILURES, "bold")
        lines = [texts.reason(shortened(error, MAX_REASON), n) for error, n in found.failures]
        message.lines(lines, REASONS_ROOM)


def _some(message: Composer, label: str, number: int) -> None:
    if number:
        message.line(texts.counted(label, number))
