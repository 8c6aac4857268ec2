"""What is said of feeds: the list, one feed's screen, what is wrong with an address."""

from datetime import datetime

from bot.fetch import Trouble
from bot.texts.russian import ARTICLES, Forms, moment, plural, quoted

NO_FEEDS = "Лент пока нет. Добавьте первую кнопкой или командой: /feeds добавить АДРЕС"
ADD, PAUSE, RESUME, REMOVE, CHECK = (
    "Добавить ленту",
    "Приостановить",
    "Возобновить",
    "Удалить",
    "Проверить сейчас",
)
TO_LIST, EARLIER, LATER = "К списку лент", "← Раньше", "Дальше →"
YES_REMOVE, NO_REMOVE = "Да, удалить", "Назад"
ADDING = ("добавить", "add")
"""The words behind /feeds before an address."""
WHERE = "Пришлите адрес ленты RSS или Atom либо сайта, на котором она есть."
HOW = "Напишите адрес вместе с командой: /feeds добавить https://example.kz/rss"
PAUSED = "приостановлена"
NOT_YET = "ещё ни разу не загружена"
REMOVED = "Этой ленты больше нет в списке."
CHECKING = "Проверяю ленту."
ADMINS_ONLY = "Лентами управляют только администраторы бота."

MORE = ("Далее", "Подробнее", "Подробнее на сайте")
MORE_OF = (
    *("Читать далее", "Читать дальше", "Читать полностью", "Читать больше", "Читать ещё"),
    *("Read more", "Continue reading"),
)
"""How feeds call the link to the rest of an article, alone or with its title behind it."""

ENTRIES: Forms = ("запись", "записи", "записей")

TROUBLES: dict[Trouble, str] = {
    Trouble.ADDRESS: "это не адрес в интернете; он начинается с https://",
    Trouble.PRIVATE: "адрес ведёт во внутреннюю сеть; такие не загружаются",
    Trouble.REDIRECTS: "адрес слишком много раз пересылает на другой",
    Trouble.TOO_LARGE: "слишком большой файл",
    Trouble.NOT_TEXT: "по этому адресу не текст",
    Trouble.ROBOTS: "файл robots.txt сайта запрещает загрузку",
    Trouble.NO_HOST: "такой сайт не найден; проверьте адрес",
    Trouble.CONNECTION: "сайт не отвечает",
    Trouble.TIMEOUT: "сайт отвечает слишком долго",
    Trouble.SERVER: "ошибка на стороне сайта",
    Trouble.BUSY: "сайт просит обращаться реже",
    Trouble.DENIED: "сайт не даёт доступа",
    Trouble.MISSING: "по этому адресу ничего нет",
    Trouble.GONE: "сайт сообщает, что ленты больше нет",
    Trouble.NOT_A_FEED: "это не лента RSS или Atom",
}


def trouble(name: str) -> str:
    """What is wrong, in a few words; `name` is a Trouble as it is stored."""
    known = {str(each): text for each, text in TROUBLES.items()}
    return known.get(name, "неизвестная причина")


def heading(page: int, pages: int) -> str:
    return f"Ленты, страница {page} из {pages}" if pages > 1 else "Ленты"


def count(articles: int) -> str:
    return plural(articles, ARTICLES)


def last_success(at: datetime | None) -> str:
    return f"получена {moment(at)}" if at else NOT_YET


def error(name: str) -> str:
    return f"ошибка: {trouble(name)}"


def added(title: str, entries: int) -> str:
    return f"Лента {quoted(title)} добавлена. Сейчас в ней {plural(entries, ENTRIES)}."


def known(title: str) -> str:
    return f"Лента {quoted(title)} уже есть в списке."


def not_added(name: Trouble) -> str:
    return f"Лента не добавлена: {trouble(name)}."


def ask_remove(title: str) -> str:
    return f"Удалить ленту?\n{quoted(title)}\nЕё статьи останутся в архиве."


def failing(title: str, url: str, name: Trouble) -> str:
    """The one notice to admins about a feed that has failed for a day, or is gone."""
    named = f"{quoted(title)} ({url})" if title else url
    if name is Trouble.GONE:
        return f"Лента {named} приостановлена: {trouble(name)}. Список лент: /feeds"
    return f"Лента {named} не загружается больше суток: {trouble(name)}. Список лент: /feeds"
