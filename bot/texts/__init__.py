"""Every Russian string that a person reads, with its plural forms and dates (Unicode CLDR)."""

from datetime import datetime
from typing import Literal

from bot.texts.russian import (
    ARTICLES,
    CHARACTERS,
    moment,
    plural,
)
from retrieval.models import Reason, Refusal

MORE, CONTEXT, ARTICLE = "Ещё", "Контекст", "Статья"

CommandName = Literal[
    "start",
    "help",
    "ask",
    "latest",
    "sources",
    "subscribe",
    "unsubscribe",
    "digest",
    "topics",
    "reload",
    "feeds",
    "stats",
]
COMMANDS: dict[CommandName, str] = {
    "start": "Что умеет бот и примеры вопросов",
    "help": "Как спрашивать",
    "ask": "Задать вопрос: /ask текст",
    "latest": "Новые статьи",
    "sources": "Источники и даты архива",
    "subscribe": "Подписаться на новые статьи и настроить подписку",
    "digest": "Что нового с прошлого выпуска",
    "topics": "Темы подписки: /topics добавить уран",
    "unsubscribe": "Отписаться",
}
ADMIN_COMMANDS: dict[CommandName, str] = {
    "reload": "Перечитать папку со статьями",
    "feeds": "Ленты RSS и Atom",
    "stats": "Подписчики, выпуски и вопросы",
}

EXAMPLES = (
    "Какой маршрут называют Средним коридором?",
    "Что обсуждали Токаев и император Нарухито?",
    "Сколько японских компаний работает в Казахстане?",
)

START = (
    "Я отвечаю на вопросы по архиву новостей — только дословными цитатами. "
    "Под каждой цитатой — источник и дата.\n\n"
)
START_ASK = "Напишите вопрос обычным сообщением."
START_CHOOSE = "Напишите вопрос обычным сообщением или выберите пример."
HELP = (
    "Напишите вопрос или несколько слов — я найду в архиве подходящие абзацы "
    "и приведу их дословно, с источником и датой. От себя ничего не добавляю.\n\n"
    "Можно уточнить:\n"
    "«Средний коридор» — слова в кавычках ищу подряд;\n"
    "визит -Китай — без слова «Китай»;\n"
    "дата:2025-12, после:2025-12-01, до:2026 — по дате статьи;\n"
    "источник:trend — из одного источника;\n"
    "статья:уран — по слову в заголовке.\n\n"
    "«Ещё» — следующие цитаты, «Контекст» — соседние абзацы, «Статья» — статья целиком.\n"
    "Если исправить вопрос, ответ под ним тоже изменится.\n\n"
    "Новые статьи могу присылать сам: /subscribe. В /topics — темы, по которым их отбирать.\n\n"
    "В группе упомяните меня, ответьте на моё сообщение или напишите /ask и вопрос.\n\n"
)
ONLY_TEXT = "Я понимаю только текст. Напишите вопрос словами."
EMPTY_QUESTION = "Напишите вопрос словами, например: /ask Что такое Средний коридор?"
UNKNOWN_COMMAND = "Неизвестная команда. Список команд: /help"
FAILED = "Не получилось ответить. Попробуйте ещё раз чуть позже."
EMPTY_ARCHIVE = "Архив пуст: в нём пока нет ни одной статьи."
EMPTY_ARCHIVE_ADMIN = (
    "Архив пуст: в папке со статьями нет ни одной подходящей. "
    "Добавьте файлы .txt, .md, .jsonl или .html и отправьте /reload."
)
NO_MORE = "Больше ничего не нашлось."
ANSWER_GONE = "Этот ответ уже устарел. Задайте вопрос ещё раз."
ARTICLE_GONE = "Этой статьи больше нет в архиве."
QUOTE_GONE = "Статья изменилась, и этой цитаты в ней больше нет."
ARTICLE_CHANGED = "Статья изменилась после этого ответа."
NEWEST = "Новые статьи"
SOURCES = "Источники"
RELOAD_RUNNING = "Архив уже перечитывается. Отчёт получит тот, кто это начал."
NO_CHANGES = "Изменений нет."


def too_long(length: int, limit: int) -> str:
    return (
        f"Вопрос слишком длинный: {plural(length, CHARACTERS)}. "
        f"Сократите его до {plural(limit, ('знака', 'знаков', 'знаков'))}."
    )


def loaded(at: datetime) -> str:
    return f"Архив загружен {moment(at)}"


def archive_size(articles: int) -> str:
    return f"В архиве {plural(articles, ARTICLES)}."


RELOAD_FAILED = (
    "Перечитать архив не удалось, работает прежний: папка со статьями не читается. "
    "Проверьте CORPUS_DIR; подробности — в журнале бота."
)
RELOAD_LOCKED = "Архив уже обновляет другой процесс. Попробуйте позже."
RELOAD_NO_SPACE = (
    "Перечитать архив не удалось, работает прежний: на диске нет места для индекса. "
    "Освободите место и отправьте /reload ещё раз."
)
RELOAD_INTERRUPTED = (
    "Обновление архива прервано, работает прежний. Сделанное не потеряно: "
    "отправьте /reload ещё раз, и оно продолжится."
)
NOT_WRITTEN = (
    "Перечитать архив не удалось, работает прежний: индекс не записан. "
    "Проверьте папку STATE_DIR; подробности — в журнале бота."
)


def reload_done(seconds: float, articles: int) -> str:
    took = f"{seconds:.1f}".replace(".", ",")
    return f"Архив перечитан за {took} с. {archive_size(articles)}"


ADDED, CHANGED, REMOVED, REFUSED = "Добавлено", "Изменено", "Удалено", "Не принято"


def and_more(number: int) -> str:
    return f"и ещё {number}"


REASONS: dict[Reason, str] = {
    Reason.NOT_TEXT: "это не текст или неизвестный формат",
    Reason.EMPTY: "в файле нет текста",
    Reason.FRONT_MATTER: "ошибка в заголовке YAML",
    Reason.JSON: "ошибка в JSON",
    Reason.FIELD: "обязательное поле не заполнено или заполнено неверно",
    Reason.SIDECAR: "ошибка в файле .meta.toml",
    Reason.DUPLICATE_ID: "такой id уже есть у другой статьи",
    Reason.DATE: "такой даты не бывает",
    Reason.TOO_LARGE: "файл слишком большой",
    Reason.UNREADABLE: "файл не читается",
    Reason.OUTSIDE: "ссылка ведёт за пределы папки",
}


def refusal(refused: Refusal) -> str:
    """«news.jsonl, строка 3: ошибка в JSON»."""
    line = f", строка {refused.line}" if refused.line else ""
    return f"{refused.path}{line}: {REASONS[refused.reason]}"
