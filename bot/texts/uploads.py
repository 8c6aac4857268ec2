"""What is said about documents and links that admins send."""

from bot.fetch import Trouble
from bot.texts import feeds
from bot.texts.russian import ARTICLES, plural

ADD, SOURCE, DATE, CANCEL = "Добавить", "Источник", "Дата", "Отмена"

NO_SOURCE, NO_DATE = "не указан", "не указана"
PARAGRAPHS = "Абзацев"
FOUND = "Статей"
IN_ARCHIVE = "Уже есть в архиве"
REFUSED = "Не принято"
NOTHING = "В этом файле нет ни одной статьи."
NOTHING_NEW = "Новых статей в этом файле нет."
FORMATS = "Такие файлы я не читаю. Пришлите файл .txt, .md, .html или .jsonl."
CHECK = "Если всё верно, нажмите «Добавить»."

ASK_SOURCE = (
    "Напишите источник, например: Zakon.kz\nЧтобы оставить как в файле, отправьте знак «-»."
)
ASK_DATE = (
    "Напишите дату, например: 12.11.2026, 12 ноября 2026 или 2026-11\n"
    "Чтобы оставить как в файле, отправьте знак «-»."
)
NOT_A_SOURCE = f"В этом сообщении нет названия источника. {ASK_SOURCE}"
NOT_A_DATE = f"Я не понял дату. {ASK_DATE}"
AS_IN_FILE = ("-", "–", "—")
"""What stands for «leave it as the file says»."""

GONE = (
    "Этот файл уже добавлен, отменён или прислан слишком давно. "
    "Если его нет в архиве, пришлите его ещё раз."
)
CANCELLED = "Отменено, в архив ничего не добавлено."
NOT_ALLOWED = "Добавлять статьи может только администратор бота."
NOT_SAVED = (
    "Сохранить файл не удалось. Проверьте, что в папку со статьями можно писать и что на диске "
    "есть место, и нажмите «Добавить» ещё раз; подробности — в журнале бота."
)
NOT_DOWNLOADED = "Telegram не отдал этот файл. Пришлите его ещё раз."
KNOWN = "Такая статья уже есть в архиве:"
ADDED = "Статья добавлена в архив:"


NO_ARTICLE = "На этой странице не нашлось статьи. Сохраните её текст в файл .txt и пришлите файл."


def not_fetched(trouble: Trouble) -> str:
    """«Страница не загружена: сайт не отвечает.»"""
    gone = trouble is Trouble.GONE
    return f"Страница не загружена: {'её больше нет' if gone else feeds.trouble(trouble)}."


def too_large(limit: int) -> str:
    """`limit` in bytes."""
    return f"Файл слишком большой. Можно прислать не больше {limit // 1024 // 1024} МБ."


def labelled(label: str, value: str | int) -> str:
    """«Источник: Zakon.kz»."""
    return f"{label}: {value}"


def all_known(number: int) -> str:
    return f"Все статьи этого файла ({number}) уже есть в архиве."


def added(number: int) -> str:
    return f"В архив добавлено: {plural(number, ARTICLES)}."
