"""What /stats says, on its chart and under it."""

from datetime import date

STATISTICS = "Статистика"
CHART = "Вопросы за последние 30 дней"
SUBSCRIBERS = "Подписчики"
PAUSED = "На паузе"
CLOSED = "Заблокировали бота"
DELIVERED = "Доставлено выпусков"
PENDING = "Ждут отправки"
HELD = "Ждут возвращения подписчика"
PARKED = "Не доставлено"
FAILURES = "Причины сбоев"
QUESTIONS_TODAY = "Вопросов сегодня"
QUESTIONS_LATELY = "Вопросов за 30 дней"
FEEDS = "Ленты"
FAILING = "С ошибками"
ARTICLES = "Статей в архиве"


def lately(label: str, total: int, days: int) -> str:
    """«Доставлено выпусков: 340, за 30 дней: 120»."""
    return f"{label}: {total}, за 30 дней: {days}"


def counted(label: str, number: int) -> str:
    """«Статей в архиве: 5»."""
    return f"{label}: {number}"


def reason(error: str, number: int) -> str:
    """«Forbidden: bot was blocked by the user — 3»."""
    return f"{error} — {number}"


def chart_day(day: date) -> str:
    """«22.11»."""
    return f"{day:%d.%m}"
