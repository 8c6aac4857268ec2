"""What digests say, and the questions around them."""

from datetime import datetime

from bot.texts.russian import Forms, clock, day_of, plural

NEW_ARTICLES: Forms = ("новая статья", "новые статьи", "новых статей")
UPDATED_ARTICLES: Forms = ("обновлённая статья", "обновлённые статьи", "обновлённых статей")
UPDATED_ONES: Forms = ("обновлённая", "обновлённые", "обновлённых")
MISSED_ARTICLES: Forms = ("статья", "статьи", "статей")
EDITIONS: Forms = ("издание", "издания", "изданий")

UPDATED = "Обновлено"
OTHER_TOPICS = "Также по теме"
CATCH_UP, SKIP = "Прислать", "Не нужно"
NOT_SUBSCRIBED = "Вы не подписаны на новые статьи. Подписаться: /subscribe"
DIGEST_ON_ITS_WAY = "Выпуск уже собран и скоро придёт."
CATCHING_UP = "Хорошо, присылаю пропущенное."
SKIPPED = "Хорошо. Дальше будут только новые статьи."
SETTLED = "Это уже решено: изменить подписку можно в /subscribe"
ADMINS_ONLY = "Это могут только администраторы группы."


def heading(since: datetime, until: datetime) -> str:
    """«Новое с 21 ноября, 09:00 по 22 ноября 2026 г., 09:00», in the zone that both carry."""
    if since.date() == until.date():
        start, stop = clock(since), clock(until)
        return f"Новое за {day_of(until)}, {stop if start == stop else f'{start}–{stop}'}"
    start = day_of(since, year=since.year != until.year)
    return f"Новое с {start}, {clock(since)} по {day_of(until)}, {clock(until)}"


def count(new: int, updated: int) -> str:
    """«5 новых статей», «1 обновлённая статья», «2 новые статьи, 1 обновлённая»."""
    if not updated:
        return plural(new, NEW_ARTICLES)
    if not new:
        return plural(updated, UPDATED_ARTICLES)
    return f"{plural(new, NEW_ARTICLES)}, {plural(updated, UPDATED_ONES)}"


def continued(since: datetime, until: datetime) -> str:
    """The heading of a digest's further messages."""
    return f"{heading(since, until)} — продолжение"


def editions(sources: list[str], number: int) -> str:
    """«Ещё 3 издания: Trend, Kazinform, Zakon.kz»; of so many, those that are named."""
    more = " и другие" if number > len(sources) else ""
    return f"Ещё {plural(number, EDITIONS)}: {', '.join(sources)}{more}"


def nothing_new(since: datetime) -> str:
    """What /digest says where there is nothing, `since` in the reader's zone."""
    return f"С {clock(since)} {day_of(since)} новых статей по подписке нет."


def welcome_back(articles: int) -> str:
    """The question to a reader who was away."""
    verb = "вышла" if articles % 10 == 1 and articles % 100 != 11 else "вышло"
    return (
        f"Подписка снова работает. За это время по ней {verb} "
        f"{plural(articles, MISSED_ARTICLES)}. Прислать?"
    )
