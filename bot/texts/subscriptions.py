"""What chats are told about their subscription: the menu of /subscribe and what it opens."""

import re
from datetime import datetime

from bot.schedule import Frequency, Minutes
from bot.store.subscriptions import Scope
from bot.texts.russian import ARTICLES, Forms, moment, plural, weekday

FREQUENCIES: dict[Frequency, str] = {
    "now": "Сразу",
    "daily": "Ежедневно",
    "weekly": "Еженедельно",
}
SCOPES: dict[Scope, str] = {"all": "Всё", "topics": "Темы", "sources": "Источники"}
PAUSE, RESUME, LEAVE, JOIN = "Пауза", "Возобновить", "Отписаться", "Подписаться"
BACK, OTHER_ZONE = "Назад", "Другой…"
OTHER_HOURS, NO_QUIET = "Другие часы…", "Выключить"
EARLIER, LATER = "‹", "›"
CHOSEN = "✓ "

ON_WEEKDAYS = (
    *("по понедельникам", "по вторникам", "по средам", "по четвергам"),
    *("по пятницам", "по субботам", "по воскресеньям"),
)
TOPICS: Forms = ("теме", "темам", "темам")
SOURCES: Forms = ("источника", "источников", "источников")

SUBSCRIBED, GROUP_SUBSCRIBED = "Вы подписаны.", "Группа подписана."
NOT_SUBSCRIBED = "Подписки нет: новые статьи не приходят. Настройки и темы сохранены."
PAUSED = "Подписка на паузе: ничего не придёт, пока вы её не возобновите."
NO_TOPICS = (
    "Тем пока нет, поэтому ничего не придёт. Добавьте первую, например: /topics добавить уран"
)
NO_SOURCES = "Ни один источник не выбран, поэтому ничего не придёт."
ONLY_WITH_NEWS = "Если нового не будет, выпуск не придёт."
STALE_BUTTON = "Эта кнопка устарела. Откройте меню заново: /subscribe или /topics"

LEFT = (
    "Готово, подписки больше нет: новые статьи приходить не будут. "
    "Настройки и темы сохранены, вернуться можно командой /subscribe"
)
NEVER_JOINED = "Подписки и так нет. Подписаться: /subscribe"

CHOOSE_HOUR = "В котором часу присылать выпуск?"
CHOOSE_MINUTES = "Во сколько присылать выпуск?\nДругое время — командой, например: /subscribe 7:43"
CHOOSE_WEEKDAY = "В какой день присылать выпуск?"
CHOOSE_QUIET = "В тихие часы новые статьи не приходят: они подождут до конца этого времени."
QUIET_FROM = "С которого часа не присылать новых статей?"
ASK_ZONE = (
    "Напишите город, например: Токио. Можно и название пояса, Asia/Tokyo, или разницу с UTC: UTC+9."
)
ZONE_BY_COMMAND = "Другой город — командой, например: /subscribe Токио"
UNKNOWN_ZONE = (
    "Такого города я не знаю. Напишите большой город с тем же временем, например: Токио, "
    "или разницу с UTC: UTC+9."
)
NOT_UNDERSTOOD = (
    "После /subscribe можно указать время или город, например: /subscribe 7:43 "
    "или /subscribe Токио."
)
CHOOSE_SOURCES = "Из каких источников присылать новые статьи?"
NO_SOURCES_YET = "В архиве пока нет ни одного источника."
GONE_SOURCE = "нет в архиве"


TIME = re.compile(r"(?:в\s+)?([01]?\d|2[0-3])(?:[:.]([0-5]\d))?", re.ASCII | re.IGNORECASE)


def minute_said(text: str) -> int | None:
    """Minutes after midnight of «7:43», «07.43» or «в 7»; None for what is no time."""
    found = TIME.fullmatch(text.strip())
    return int(found[1]) * 60 + int(found[2] or 0) if found else None


def clock(minute: int) -> str:
    """«09:05», for minutes after midnight."""
    return "{:02}:{:02}".format(*divmod(minute, 60))


def hours(quiet: Minutes) -> str:
    """«22:00–07:00»."""
    return "–".join(map(clock, quiet))


def what(scope: Scope, chosen: int) -> str:
    """What comes: everything, or what concerns so many topics or sources."""
    if scope == "topics":
        return f"Новые статьи по {plural(chosen, TOPICS)}"
    if scope == "sources":
        return f"Новые статьи из {plural(chosen, SOURCES)}"
    return "Новые статьи"


def when(frequency: Frequency, day: int, minute: int, place: str) -> str:
    """When it comes, by the clock of a place."""
    if frequency == "now":
        return "будут приходить сразу, как только появятся в архиве."
    days = "каждый день" if frequency == "daily" else ON_WEEKDAYS[day]
    return f"будут приходить {days} в {clock(minute)} ({place})."


def following(at: datetime) -> str:
    """When the next digest is planned, in the zone that `at` carries."""
    return f"Следующий выпуск: {moment(at)}. {ONLY_WITH_NEWS}"


def put_off(minute: int, quiet: Minutes) -> str:
    """Why a digest does not come at its time."""
    return f"В {clock(minute)} — тихие часы, поэтому выпуск придёт в {clock(quiet[1])}."


def quiet_hours(quiet: Minutes) -> str:
    """What quiet hours do to what comes at once."""
    return f"В тихие часы, {hours(quiet)}, ничего не приходит: новое придёт в {clock(quiet[1])}."


# Buttons with the state behind their names


def time_button(minute: int) -> str:
    return f"Время: {clock(minute)}"


def day_button(number: int) -> str:
    return f"День: {weekday(number)}"


def quiet_button(quiet: Minutes | None) -> str:
    return f"Тихие часы: {hours(quiet) if quiet else 'нет'}"


def zone_button(label: str) -> str:
    return f"Часовой пояс: {label}"


def updates_button(*, shown: bool) -> str:
    return f"Обновлённые статьи: {'да' if shown else 'нет'}"


# What the menu opens


def quiet_now(quiet: Minutes | None) -> str:
    return f"Сейчас: {hours(quiet)}." if quiet else "Сейчас выключены."


def quiet_to(start: int) -> str:
    return f"Тихие часы с {clock(start)}. До которого часа?"


def by_the_clock_of(label: str) -> str:
    return f"Часовой пояс: {label}."


def choose_zone(label: str) -> str:
    return f"Часовой пояс: {label}. По нему приходят выпуски и считаются тихие часы."


def source_button(name: str, articles: int) -> str:
    """«Zakon.kz · 12 статей», or that a source is no longer in the archive."""
    return f"{name} · {plural(articles, ARTICLES) if articles else GONE_SOURCE}"


def page(number: int, pages: int) -> str:
    return f"{number} из {pages}"
