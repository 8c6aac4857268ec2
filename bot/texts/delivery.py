"""What admins are told of digests that cannot be delivered."""


def parked(error: str) -> str:
    """A digest will never be taken; `error` is in English, as Telegram or the bot words it."""
    return (
        "Выпуск не удалось доставить, и повторять отправку бесполезно: он отложен. Остальные "
        "выпуски отправляются как обычно.\n"
        f"Причина: {error}\n"
        "Подробности — в журнале бота."
    )
