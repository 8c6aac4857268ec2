"""What chats are told about topics: the list of /topics, adding and removing one."""

from bot.texts.russian import ARTICLES, CHARACTERS, Forms, plural, quoted
from retrieval.topics import Fault

ADD_WORDS = frozenset({"добавить", "добавь", "add", "+"})
REMOVE_WORDS = frozenset({"удалить", "удали", "убрать", "remove", "delete"})
"""What may stand behind /topics, before the topic itself."""

ADD, REMOVE, TO_LIST = "Добавить тему", "Удалить тему", "Все темы"
ONLY_TOPICS = "Присылать только по темам"
CUT = "✕ "
BULLET = "• "

OF_TOPICS: Forms = ("тема", "темы", "тем")
GENITIVE: Forms = ("темы", "тем", "тем")
LONGEST: Forms = ("знака", "знаков", "знаков")

SYNTAX = (
    "Слова подходят в любой форме: «урана», «ураном».\n"
    "• нефть газ — оба слова в одном абзаце\n"
    "• Центральная Азия + Япония — в статье есть и то, и другое\n"
    "• визит -Китай — есть первое, но нет второго\n"
    '• "Средний коридор" — слова стоят рядом'
)
NO_TOPICS = "Тем пока нет. Тема — это слова, по которым отбираются новые статьи."
BY_COMMAND = "Добавить: /topics добавить уран\nУдалить: /topics удалить уран"
ASK_TOPIC = f"Напишите тему одним сообщением, например: уран\n\n{SYNTAX}"
ANY_OF_THEM = "Статья подходит, если отвечает хотя бы одной теме."
NOTHING_FOUND = "В архиве по ней пока ничего нет: она будет ждать новых статей."
NEWEST_OF_THEM = "самые новые:"
UNSUBSCRIBED = "Подписки нет, поэтому статьи по темам не приходят. Подписаться: /subscribe"
NOT_BY_TOPICS = {
    "all": "Сейчас приходят все новые статьи, а не только по темам.",
    "sources": "Сейчас статьи отбираются по источникам, а не по темам.",
}
PAUSED = "Подписка на паузе: статьи по темам придут после «Возобновить» в /subscribe"
NOT_UNDERSTOOD = (
    "Чтобы добавить тему, напишите: /topics добавить уран\n"
    "Чтобы удалить: /topics удалить уран. Список тем: /topics"
)
GONE = "Этой темы в списке нет."


FAULTS: dict[Fault, str] = {
    Fault.EMPTY: "В теме нет ни одного слова. Напишите, например: уран",
    Fault.GRAMMAR: "В теме только служебные слова: они есть в каждой статье. Добавьте другие.",
    Fault.WITHOUT: "В теме только то, чего не должно быть. Добавьте то, что нужно: визит -Китай",
    Fault.SEVERAL: (
        "Добавьте каждую тему отдельно: статья подойдёт по любой из них. "
        "Запятые и «или» бывают только в кавычках."
    ),
    Fault.DASH: (
        "Минус стоит прямо перед своим словом: визит -Китай. Тире бывает только в кавычках."
    ),
    Fault.LONG: "Тема слишком длинная.",
}


def count(topics: int) -> str:
    return f"В списке {plural(topics, OF_TOPICS)}."


def fault(reason: Fault, length: int, limit: int) -> str:
    """What is wrong with a topic of so many characters, and what to do."""
    if reason is not Fault.LONG:
        return FAULTS[reason]
    return (
        f"Тема слишком длинная: {plural(length, CHARACTERS)}. "
        f"Сократите её до {plural(limit, LONGEST)}."
    )


def too_many(limit: int) -> str:
    return f"Больше {plural(limit, GENITIVE)} добавить нельзя. Сначала удалите лишние: /topics"


def added(text: str) -> str:
    return f"Тема {quoted(text)} добавлена."


def known(text: str) -> str:
    return f"Тема {quoted(text)} уже есть в списке."


def removed(text: str) -> str:
    return f"Тема {quoted(text)} удалена."


def found(articles: int, shown: int) -> str:
    """How many articles of the archive match, and which of them follow."""
    newest = f", {NEWEST_OF_THEM}" if articles > shown else ":"
    return f"В архиве по ней {plural(articles, ARTICLES)}{newest}"
