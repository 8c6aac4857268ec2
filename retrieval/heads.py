"""The head of a plain text: lines before the body that give title, source, date; one rule each.

A rule takes the text from the start of a line on, and answers with what it found there and how
many characters of it are head.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from retrieval import media
from retrieval.clues import Clue
from retrieval.dates import read_date
from retrieval.fields import is_web_address
from retrieval.layout import ends_sentence, is_wrapped, lines
from retrieval.litter import is_litter, reading_time
from retrieval.models import PartialDate

LONGEST_TITLE = 200
"""A first line longer than this is a lead, though it may have no full stop."""

_BULLET = re.compile(r"[-–—•]\s+")
_BARS = re.compile(r"\s+[|•·/»–—-]\s+|\s*[|•·]\s*")
_COMMAS = re.compile(r"\s+[|•·/»–—-]\s+|\s*[|•·]\s*|,\s+(?=[A-ZА-ЯЁ\d])")
_DATE_LABELS = r"дата публикации|дата|опубликовано|публикация|date|published"
_RUBRICS = (
    "аналитика|бизнес|в мире|главное|интервью|казахстан|культура|мир|мнени[ея]|наука"
    "|новости|общество|политика|происшествия|спорт|статьи|технологии|финансы|экономика|эксклюзив"
)
_YEAR_MARK = re.compile(r"(?<=\d)\s*г\.$")
_WINDOW = 2_000


def date_word(text: str) -> Clue | None:
    """«date 2025-12-19 Японские СМИ…»: the word and a date, the body may follow on the line."""
    match = re.match(r"date:?[ \t]+(\d{4}-\d{2}-\d{2})(?=\s|$)", text, re.IGNORECASE)
    date = read_date(match[1]) if match else None
    return Clue(match.end(), date=date) if match and date else None


def date_line(text: str) -> Clue | None:
    """«19 декабря 2025, 14:35», «- 19 дек. 2025 г.»: a date alone on its line."""
    line = _first_line(text)
    date = _full_date(_BULLET.sub("", line, count=1))
    return Clue(len(line), date=date) if date else None


def date_prefix(text: str) -> Clue | None:
    """«2025-12-19 Токио принял…», «19.12.2025 14:35 Токио…»: figures no sentence begins with."""
    match = re.match(
        r"(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?"
        r"|\d{1,2}\.\d{1,2}\.\d{4},?\s+\d{1,2}:\d{2})"
        r"\s*(?:[|:–—-]\s*)?(?=[A-ZА-ЯЁ«\"])",
        text,
    )
    date = read_date(match[1]) if match else None
    return Clue(match.end(), date=date) if match and date else None


def dated_line(text: str) -> Clue | None:
    """«Zakon.kz, 19 декабря 2025», «19.12.2025 | Политика | Tengrinews.kz»: cells, one a date."""
    line = _first_line(text)
    if len(line) > 120:
        return None
    cells = _cells(line, _BARS) or _cells(line, _COMMAS)
    if not cells or ends_sentence(_YEAR_MARK.sub("", line)):
        return None
    names = [cell for cell in cells if media.is_domain(cell) or media.is_known(cell)]
    date = next(date for cell in cells if (date := _full_date(cell)))
    return Clue(len(line), source=media.canonical(names[0]) if names else "", date=date)


def _cells(line: str, separator: re.Pattern[str]) -> list[str]:
    """The cells of a line, if there are two or more and just one is a date."""
    cells = [cell.strip() for cell in separator.split(line) if cell.strip()]
    return cells if len(cells) > 1 and sum(bool(_full_date(cell)) for cell in cells) == 1 else []


def date_label(text: str) -> Clue | None:
    """«Дата: 19.12.2025», «Опубликовано: 19 декабря 2025, 14:35»."""
    line = _first_line(text)
    match = re.fullmatch(rf"(?:{_DATE_LABELS})(?:\s*:\s*|\s+)(\S.*)", line, re.IGNORECASE)
    date = read_date(match[1]) if match else None
    return Clue(len(line), date=date) if date else None


def source_label(text: str) -> Clue | None:
    """«Источник: Zakon.kz»; of an address, its host."""
    stop, value = _labelled("источник|источник публикации|сми|издание|source", text)
    if is_web_address(value):
        parts = urlsplit(value)
        is_page = bool(parts.path.strip("/") or parts.query)
        host = (parts.hostname or "").removeprefix("www.")
        return Clue(stop, source=host, url=value if is_page else "")
    is_medium = _is_name(value) and (not value[0].islower() or media.is_domain(value))
    return Clue(stop, source=media.canonical(value)) if is_medium else None


def author_label(text: str) -> Clue | None:
    """«Автор: Айгуль Сериккызы»."""
    stop, value = _labelled("автор|авторы|текст|author", text)
    return Clue(stop, author=value.strip(" .")) if _is_name(value) else None


def title_label(text: str) -> Clue | None:
    """«Заголовок: Токио принял президента»."""
    stop, value = _labelled("заголовок|название|тема|title", text)
    return Clue(stop, title=value) if 0 < len(value) <= LONGEST_TITLE else None


def url_label(text: str) -> Clue | None:
    """«Ссылка: https://zakon.kz/1», or the address alone."""
    stop, value = _labelled("ссылка|адрес|url|link", text)
    value, stop = (value, stop) if value else (_first_line(text), len(_first_line(text)))
    return Clue(stop, url=value) if is_web_address(value) else None


def blog_name(text: str) -> Clue | None:
    """«- Times Tengri» where «- 19 дек. 2025 г.» or «- 6 мин. чтения» comes next."""
    match = re.match(r"[-–—•]\s+([^\n]{2,60})\n\s*([-–—•]\s+[^\n]{2,40})(?:\n|$)", text)
    if not match or ends_sentence(match[1]):
        return None
    follows = _BULLET.sub("", match[2], count=1).strip()
    is_head = read_date(follows) or reading_time(follows)
    return Clue(match.end(1), source=media.canonical(match[1])) if is_head else None


def litter_line(text: str) -> Clue | None:
    """«- 6 мин. чтения», «Фото: Акорда», «Просмотров: 120» among the lines of the head."""
    line = _first_line(text)
    return Clue(len(line)) if is_litter(line) else None


def rubric_line(text: str) -> Clue | None:
    """«Политика», «Новости / Экономика»: where on the site it stood."""
    line = _first_line(text)
    separator = r"\s*(?:[/|>»•·,]|::|->)\s*"
    trail = rf"главная(?:{separator}[^.!?\n]{{1,80}})?"
    rubrics = rf"(?:{_RUBRICS})(?:{separator}(?:{_RUBRICS}))*"
    return Clue(len(line)) if re.fullmatch(rf"{trail}|{rubrics}", line, re.IGNORECASE) else None


def subtitle_line(text: str) -> Clue | None:
    """A second line like a title, where a date, a label or a rubric comes next."""
    line, _, rest = text.partition("\n")
    follows = rest.lstrip()
    rules = (date_line, dated_line, *LABELS, blog_name, litter_line, rubric_line)
    is_head = bool(follows) and any(rule(follows) for rule in rules)
    fits = is_head and len(line) <= LONGEST_TITLE and _is_headline(line.rstrip())
    return Clue(len(line.rstrip())) if fits else None


def title_line(text: str) -> Clue | None:
    """A first line without a full stop that paragraphs follow.

    A line too long for a title still names the article, but is body: its clue ends at 0.
    """
    window = text[:_WINDOW]
    found = lines(window)
    line = _first_line(text)
    if len(found) < 2 or not _is_headline(line) or is_wrapped(window, found[:3]):
        return None
    rest = [window[span.start : span.stop] for span in found[1:]]
    goes_on = rest[0][0].islower() and not is_litter(rest[0]) and not date_word(rest[0])
    if goes_on or not any(ends_sentence(other) for other in rest):
        return None
    return Clue(len(line) if len(line) <= LONGEST_TITLE else 0, title=line)


def _is_headline(line: str) -> bool:
    starts = line[0].isalnum() or line[0] in '«“"„#№'
    closed = line.endswith((".", ":", ";", ",", "…")) or re.search(r"\.[»”\"]$", line)
    return starts and not closed and not line[0].islower() and not is_litter(line)


def _first_line(text: str) -> str:
    return text.partition("\n")[0].rstrip()


def _full_date(text: str) -> PartialDate | None:
    date = read_date(text)
    return date if date and date.month else None


def _labelled(names: str, text: str) -> tuple[int, str]:
    """Where the line ends, and what stands behind one of the labels; "" if it has none."""
    line = _first_line(text)
    match = re.fullmatch(rf"(?:{names})\s*:\s*(\S.*)", line, re.IGNORECASE)
    return len(line), match[1].strip() if match else ""


def _is_name(text: str) -> bool:
    return 0 < len(text) <= 80 and not re.search(r"[!?;]|\w\w\.\s", text.rstrip("."))


LABELS: tuple[Callable[[str], Clue | None], ...] = (
    date_label,
    source_label,
    author_label,
    title_label,
    url_label,
)
RULES: tuple[Callable[[str], Clue | None], ...] = (
    date_word,
    date_line,
    date_prefix,
    dated_line,
    *LABELS,
    blog_name,
    litter_line,
    rubric_line,
    title_line,
)
