"""Site litter: lines of a saved page that are no part of the article, one named rule each.

A rule takes one line or paragraph, stripped, and answers whether the whole of it is litter. A
sentence of the article that begins with such words («Фото императора опубликовали все») is not.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from retrieval.dates import read_date

_LONGEST = 300
"""Litter is short; a longer paragraph is the article's."""


def _phrases(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


_PICTURE = _phrases(
    *("фото", "видео", "иллюстрация", "коллаж", "скриншот", "кадр", "инфографика", "изображение")
)
_LENT = _phrases(r"предоставлен\w*", "из открытых", "из личного", "из архива", "с сайта", "автора")
_READ_ALSO = _phrases(
    r"(?:читай|читайте|смотри|смотрите)\s+(?:также|тоже|ещ[её]|далее|по теме)\b",
    r"(?:(?:материалы?|новости|ещ[её])\s+)?по теме\s*(?::|$)",
    r"(?:похожие|другие|последние|главные)\s+(?:новости|материалы|статьи)\s*(?::|$)",
    r"(?:популярное|самое читаемое|рекомендуем|лента новостей)\s*(?::|$)",
)
_SUBSCRIBE = _phrases(
    r"подпи(?:сывайтесь|шитесь|сывайся|шись|саться)\b",
    r"следите за (?:нами|нашими|новостями|самыми|событиями|последними|всеми)\b",
    r"(?:читайте нас|присоединяйтесь к нам|оставайтесь с нами)\b",
    r"(?:мы в|наш|больше новостей|все новости|свежие новости)\b.{0,60}"
    r"(?:telegram|телеграм|whatsapp|instagram|facebook|соцсет)",
)
_LABELS = _phrases(
    *("источник(?: фото)?", "авторы?", "текст", "редактор", "дата(?: публикации)?", "tags"),
    *("опубликовано", "обновлено", "теги", "тэги", "метки", "ключевые слова", "рубрика"),
    *("категория", "раздел", r"просмотр(?:ы|ов)", "ссылка", "url"),
)
_SHARE = _phrases(
    *("поделиться", "поделитесь", "рассказать друзьям", "скопировать", "отправить другу"),
    *("распечатать", "версия для печати"),
)
_ADVERTISING = _phrases(
    *("реклама", "на правах рекламы", "advertisement", "партн[её]рский материал", "промо")
)
_MISTAKE = _phrases(
    r"(?:если вы )?(?:нашли|заметили|увидели|обнаружили) (?:ошибку|опечатку|неточность)",
    r"(?:ошибка|опечатка) в тексте\s*\?",
)
_RIGHTS = _phrases(
    r"©|\(c\)\s|copyright\b|все права защищены|любое использование материалов",
    r"при (?:использовании|перепечатке|цитировании|копировании)\b.*(?:ссылк|разрешен|запрещ)",
    r"перепечатка\b.{0,60}(?:запрещ|разреш)",
)


def photo_credit(text: str) -> bool:
    """«Фото: Акорда», «Фото предоставлено пресс-службой», «Скриншот видео», «Коллаж: LS»."""
    credit = rf"\s*[:©/|]\s*(?:[^.!?]|\.\b){{1,100}}|\s+{_LENT}\b(?:[^.!?]|\.\b){{0,80}}|\s+видео"
    return _is_all(rf"\(?{_PICTURE}(?:{credit})?\)?\.?", text)


def captioned_credit(text: str) -> bool:
    """«Токаев и император Нарухито. Фото: Акорда»: a caption, known by the credit that ends it."""
    return bool(
        re.search(r"[.\s/|(](?:Фото|Видео|Коллаж)\s*[:©]\s*(?:[^.!?]|\.\b){2,60}\)?\.?$", text)
    )


def comments(text: str) -> bool:
    """«Комментарии», «Комментариев: 5», «5 комментариев», «Оставить комментарий»."""
    before = r"(?:(?:оставить|добавить|написать|показать|читать|все|нет|\d+)\s+){0,2}"
    count = r"\s*:?\s*[(\[]?\d+[)\]]?|\s+(?:закрыты|отключены)|\s*:"
    return _is_all(rf"{before}комментари(?:й|и|я|ев)(?:{count})?\.?", text)


def reading_time(text: str) -> bool:
    """«6 мин. чтения», «Время чтения: 4 минуты», «Читать 3 мин»."""
    before = r"(?:время (?:чтения|прочтения)\s*:?\s*)?(?:читать\s+)?[~≈]?"
    return _is_all(
        rf"{before}\d+\s*(?:мин|минут[аы]?|min)\b\.?(?:\s*(?:на )?(?:чтени[ея]|read))?", text
    )


def read_also(text: str) -> bool:
    """«Читайте также: …», «Материалы по теме»: a link to another article."""
    return _begins(_READ_ALSO, text)


def share(text: str) -> bool:
    """«Поделиться», «Поделиться в Facebook», «Скопировать ссылку», «Распечатать»."""
    return _is_all(
        rf"{_SHARE}(?:\s+(?:в|во|на|с|ссылку|новостью|статьёй)\b[^.!?]{{0,40}})?[.:]?", text
    )


def subscribe(text: str) -> bool:
    """«Подписывайтесь на наш Telegram-канал», «Следите за нашими новостями в Instagram»."""
    return _begins(_SUBSCRIBE, text)


def advertising(text: str) -> bool:
    """«Реклама», «На правах рекламы», «Реклама: ТОО «Ромашка»»."""
    return _is_all(rf"{_ADVERTISING}(?:\s*[:|][^.!?]{{0,100}})?\.?", text)


def label(text: str) -> bool:
    """«Источник: …», «Автор: …», «Теги: …», «Просмотров: 1234», «Рубрика: Политика»."""
    value = r"(?:(?![.!?]\s+[А-ЯЁA-Z][а-яёa-z]{3,}).){0,120}[^?]"
    return _is_all(rf"{_LABELS}\s*:\s*{value}", text)


def hashtags(text: str) -> bool:
    """«#Токаев #Япония»."""
    return bool(re.fullmatch(r"(?:#[\w-]+[\s,]*)+", text))


def counter(text: str) -> bool:
    """«1 234 просмотра», «Просмотров 56», «👁 512»."""
    number = r"\d+(?:\s\d{3})*"
    return _is_all(rf"{number}\s+(?:просмотр|прочтени)\w*|(?:просмотр\w*|👁)\s*{number}", text)


def mistake_notice(text: str) -> bool:
    """«Ошибка в тексте? Выделите её и нажмите Ctrl+Enter»."""
    return _begins(_MISTAKE, text)


def site_notice(text: str) -> bool:
    """«Фото носит иллюстративный характер», «Сообщить об ошибке», «Читать далее»."""
    return _is_all(
        r"(?:фото|изображение|иллюстрация)\s+нос[ия]т\s+иллюстративный\s+характер"
        r"|мнение\s+(?:редакции|автора)\s+может\s+не\s+совпадать\s+с(?:\s+\w+){1,4}"
        r"|(?:сообщить\s+об\s+ошибке|читать\s+(?:далее|полностью)|рекомендуем\s+почитать"
        r"|показать\s+ещё|на\s+главную|версия\s+для\s+печати)",
        text.rstrip(".!… "),
    )


def copyright_notice(text: str) -> bool:
    """«© 2025 Zakon.kz», «Все права защищены», «При перепечатке ссылка обязательна»."""
    return _begins(_RIGHTS, text)


def farewell(text: str) -> bool:
    """«— Спасибо за беседу!», «Беседовала Айгуль Ким»: how interviews end."""
    thanks = (
        r"(?:(?:большое|ещё раз)\s+)?(?:спасибо|благодарим?)(?:\s+вас|\s+вам)?\s+за\s+(?:\w+\s+)?"
    )
    talk = r"(?:беседу|интервью|разговор|ответы)"
    return _is_all(
        rf"{thanks}{talk}[.!]*|(?:беседовала?|интервью взяла?)\s+[^.!?]{{3,40}}\.?", text
    )


def address(text: str) -> bool:
    """A web address, with a word or two before it, or an e-mail address."""
    web = r"(?:[^.!?:]{0,40}:\s*)?(?:https?://|www\.)\S+"
    return bool(re.fullmatch(rf"{web}|[\w.+-]+@[\w-]+\.[\w.]+", text))


def lone_date(text: str) -> bool:
    """A date, a time or a number alone: «19.12.2025», «14:35», «Сегодня, 10:15», «+7 701 …»."""
    bare = text.lstrip("-–—• ")
    day = r"(?:(?:сегодня|вчера|\d{1,2}\s+[а-яё]{3,8}\.?),?\s*(?:в\s+)?)?"
    return bool(
        re.fullmatch(rf"{day}\d{{1,2}}:\d{{2}}|[\d\s.,:+()-]+", bare, re.I) or read_date(bare)
    )


def separator(text: str) -> bool:
    """«***», «---», «• • •»: nothing that is a letter or a figure."""
    return not any(character.isalnum() for character in text)


@lru_cache(maxsize=256)
def is_litter(text: str) -> bool:
    """Whether a line or a paragraph, stripped, is site litter as a whole."""
    if len(text) > _LONGEST:
        return separator(text)
    return any(rule(text) for rule in RULES)


def _is_all(pattern: str, text: str) -> bool:
    return bool(re.fullmatch(rf"(?:[-–—•*]\s+)?(?:{pattern})", text, re.IGNORECASE))


def _begins(pattern: str, text: str) -> bool:
    return bool(re.match(rf"(?:[-–—•*👉➡]+\s*)?(?:{pattern})", text, re.IGNORECASE))


RULES: tuple[Callable[[str], bool], ...] = (
    photo_credit,
    captioned_credit,
    comments,
    reading_time,
    read_also,
    share,
    subscribe,
    advertising,
    label,
    hashtags,
    counter,
    mistake_notice,
    site_notice,
    copyright_notice,
    farewell,
    address,
    lone_date,
    separator,
)
