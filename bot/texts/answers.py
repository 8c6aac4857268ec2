"""What stands above quotes and in place of them: how a question was read, what was not found."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, datetime

from bot.texts.russian import (
    IN_ARTICLES,
    day,
    moment,
    period,
    plural,
    quoted,
)
from retrieval.asking.filters import Fault, Filter
from retrieval.asking.periods import Period
from retrieval.found import Correction, Sighting
from retrieval.models import PartialDate

Label = Callable[[str], str]
"""Makes a button's text of the words in it."""

NOT_FOUND = "По этому вопросу в архиве ничего не найдено."
WEAK = "Возможно, по теме:"
NO_WORDS = (
    "В вопросе нет слов, по которым можно искать. Добавьте имя, место или предмет: "
    "визит президента в Токио."
)
MOST_FORMS = 3
"""Of one word as it was searched: the others are mostly alike."""

EXAMPLES = {
    "date": "Пример: дата:2025-12.",
    "source": "Пример: источник:trend.",
    "title": "Пример: статья:уран.",
    "minus": "Пример: визит -Китай.",
    "quote": "Пример: «Средний коридор».",
    "unknown_filter": "Есть условия дата:, после:, до:, источник: и статья:.",
}
"""By the kind of what could not be read."""


# How a question was read


def corrected(corrections: Sequence[Correction]) -> str:
    """«Показано по запросу „Кашаган“.»"""
    return f"Показано по запросу {quoted(', '.join(used for _, used in corrections))}."


def search_for(words: str) -> str:
    """The label of a button: «Искать „Кашоган“»."""
    return f"Искать {quoted(words)}"


def search_without(condition: str) -> str:
    """The label of a button: «Искать без „источник:trend“»."""
    return f"Искать без {quoted(condition)}"


def only(filters: Sequence[Filter]) -> str:
    """«Только источник: trend; только с 1 декабря 2025 г.»"""
    said = "; ".join(f"только {_condition(each)}" for each in filters)
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith('.') else '.'}"


def _condition(condition: Filter) -> str:
    if condition.kind == "source":
        return f"источник: {condition.value}"
    if condition.kind == "title":
        return f"статья: {condition.value}"
    if condition.period is None:
        return condition.typed
    if condition.kind == "after":
        return f"с {_day(condition.period.first)}"
    if condition.kind == "before":
        return f"по {_day(condition.period.last)}"
    return within(condition.period)


def phrases_only(phrases: Sequence[str]) -> str:
    """«Только подряд: „средний коридор“.»"""
    return f"Только подряд: {', '.join(map(quoted, phrases))}."


def without(words: Sequence[str]) -> str:
    """«Без слов: Китай, визит.»"""
    return f"Без {'слова' if len(words) == 1 else 'слов'}: {', '.join(words)}."


def first_of(periods: Sequence[Period]) -> str:
    """«Сначала — за декабрь 2025 г.»"""
    said = f"Сначала — {', '.join(map(within, periods))}"
    return said if said.endswith(".") else f"{said}."


def of_other_days(periods: Sequence[Period]) -> str:
    """«За декабрь 2025 г. ничего не нашлось, показаны другие даты.»"""
    days = ", ".join(map(within, periods))
    return f"{days[0].upper()}{days[1:]} ничего не нашлось, показаны другие даты."


def within(of: Period) -> str:
    """«за 2025 г.», «за декабрь 2025 г.», «за 1 мая 2025 г.», «с 1 мая 2025 г. по 3 мая 2025 г.»

    A period without a beginning or an end is «по …» or «с …».
    """
    first, last = of
    if date.min.year == first.year or last.year == date.max.year:
        return f"с {_day(first)}" if last.year == date.max.year else f"по {_day(last)}"
    if first == last:
        return f"за {_day(first)}"
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
        return f"с {_day(first)} по {_day(last)}"
    months = (first.month, last.month)
    if months == (1, 12):
        return f"за {period(PartialDate(first.year), PartialDate(last.year))}"
    return f"за {period(PartialDate(first.year, months[0]), PartialDate(last.year, months[1]))}"


def _day(of: date) -> str:
    return day(PartialDate(of.year, of.month, of.day))


def fault(of: Fault) -> str:
    """«Не понял „дата:2025-13“, ищу как слова. Пример: дата:2025-12.»"""
    if of.kind == "minus":
        return f"Одних минус-слов мало: нужно и слово, которое искать. {EXAMPLES[of.kind]}"
    return f"Не понял {quoted(of.typed)}, ищу как слова. {EXAMPLES[of.kind]}"


# What was not found


def searched(articles: int, first: PartialDate | None, last: PartialDate | None) -> str:
    """«Я искал в 5 статьях (август 2025 г. — 21 декабря 2025 г.)»."""
    within = f" ({period(first, last)})" if first or last else ""
    return f"Я искал в {plural(articles, IN_ARTICLES)}{within}"


def loaded(at: datetime) -> str:
    return f"архив загружен {moment(at)}"


def words(sightings: Sequence[Sighting], limit: int) -> str:
    """«Слова: визита (визит), Токаева.»: as typed, and in which other forms they were searched."""
    named = [_word(each) for each in sightings[:limit]]
    more = f" и ещё {len(sightings) - limit}" if len(sightings) > limit else ""
    return f"Слова: {', '.join(named)}{more}."


def _word(sighting: Sighting) -> str:
    """The forms of a word; what a name is in the dictionary says nothing and is left out."""
    typed = sighting.text.casefold().replace("ё", "е")
    stems = [lemma[:-1] for lemma in sighting.lemmas if lemma.endswith("-")]
    is_name = sighting.text[:1].isupper() and any(map(typed.startswith, stems))
    forms = [lemma for lemma in sighting.lemmas if not lemma.endswith("-")]
    others = dict.fromkeys(form for form in forms[:MOST_FORMS] if form.isascii() or not is_name)
    others.pop(typed, None)
    if sighting.text[:1].isupper():
        others = dict.fromkeys(f"{form[:1].upper()}{form[1:]}" for form in others)
    return f"{sighting.text} ({', '.join(others)})" if others else sighting.text


def missing(absent: Sequence[str]) -> str:
    """«Слова „брюква“ в архиве нет.»"""
    noun = "Слова" if len(absent) == 1 else "Слов"
    return f"{noun} {', '.join(map(quoted, absent))} в архиве нет."


def not_beside(word: str) -> str:
    """A word that the archive has, but nowhere with the others."""
    return f"Без слова {quoted(word)} ответ есть."


def answered_without(condition: str) -> str:
    """«Без условия „источник:trend“ ответ есть.»"""
    return f"Без условия {quoted(condition)} ответ есть."


def answered_instead(corrections: Sequence[Correction]) -> str:
    """«Но есть ответ по запросу „Кашаган“.»"""
    return f"Но есть ответ по запросу {quoted(', '.join(used for _, used in corrections))}."


def nearest(title: str) -> str:
    """«Ближайшее в архиве: „Визит в Токио“.»"""
    return f"Ближайшее в архиве: {quoted(title)}."


def show_nearest(title: str) -> str:
    """The label of a button: «Ближайшее: „Визит в Токио“»."""
    return f"Ближайшее: {quoted(title)}"
