"""Who speaks in a passage: a name beside a verb of speech, at the head of a turn, in an interview.

The rules go by the words around the name alone: hundreds of passages are asked for one question.
Names are given as spans of the text, as matched; their case is known from surnames in -ов, -ин,
-ский (А. А. Зализняк, «Грамматический словарь русского языка») and from a preposition before them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from retrieval.models import Article, Span

_PAST_STEMS = """
сказа говори отмети отмеча заяви заявля рассказа рассказыва поясни поясня объясни объясня добави
подчеркну подчёркива подчеркива сообщи сообща напомни предупреди призна ответи призва написа указа
заключи спроси предложи завери подтверди пообеща высказа вырази констатирова прокомментирова
уточни резюмирова возрази упомяну спрогнозирова оцени счита полага утвержда воскликну настаива
"""
_PRESENT_STEMS = """
отмеча заявля рассказыва поясня объясня добавля подчеркива подчёркива сообща напомина предупрежда
призна призыва указыва уточня отвеча полага счита утвержда дума завер подтвержда констатиру
комментиру резюмиру прогнозиру оценива пиш спрашива предлага выража возража настаива заключа
"""
_OTHER_FORMS = """
говорит говорят уверен уверена уверены убежден убеждён убеждена убеждены надеется надеются
поделился поделилась поделились делится обратился обратилась согласился согласилась
признался призналась
"""
_SAYS = frozenset(
    _OTHER_FORMS.split()
    + [stem + end for stem in _PAST_STEMS.split() for end in ("л", "ла", "ли")]
    + [stem + end for stem in _PRESENT_STEMS.split() for end in ("ет", "ют")]
)
_NEAR = 120
"""Characters on either side of a name in which its verb is looked for."""
_OCCURRENCES = 6
"""How many places of a name in a passage are looked at."""
_HEAD = 600
"""Characters of an article that are taken for its beginning, behind the head."""

_WORDS = re.compile(r"[\w-]+")
_STOP = re.compile(r"[.!?…\n](?<![\s.(«\"][A-ZА-ЯЁ].)(?<!\bим.)(?<!\bг.)(?:(?<=\n)|[»”\")]*\s)")
"""The end of a sentence, and no initial («Е. Нуржума»)."""
_CREDITED = re.compile(
    r"(?:\b[Пп]о\s+(?:словам|мнению|оценк\w+|утверждению|убеждению|подсч[её]там|прогнозам|выражению)"
    r"|\b[Сс]\s+точки\s+зрения|\b[Сс]о\s+слов)\b[^,;:]{0,80}$"
)
_INTERVIEW = re.compile(
    r"\b(?:интервью|бесед\w+|разговор\w*|диалог\w*|вопрос\w*)\b[^.!?;:]{0,80}$", re.IGNORECASE
)
_PREPOSITION_WORDS = """
о об обо про с со к ко от у для при над под перед против без за между из в на по до из-за вокруг
"""
_PREPOSITIONS = frozenset(_PREPOSITION_WORDS.split())
_WITH_PEOPLE = frozenset(
    {"с", "со", "о", "об", "обо", "про", "к", "ко", "от", "у", "между", "против"}
)
"""Behind the last of these the person is met or spoken of: «заявил на встрече с премьером Сато»."""
_OBLIQUE = re.compile(
    r"(?:(?:[ое]в|ёв|[иы]н)(?:у|ым|е|ой)|[сц]к(?:ого|ому|им|ом|ой|ую)|(?<=[бвгджзклмнпрстфхц])(?:у|ом))$"
)
_OF_WOMEN = re.compile(r"(?:[оеё]ва|[иы]на|[сц]кая)$")
_OF_MEN = re.compile(r"(?:[оеё]в|[иы]н|[сц]кий)$")


def speaks(text: str, name: Sequence[Span], *, answers: bool = False) -> bool:
    """Whether a person speaks in a passage.

    `name` has the words of the name as spans of `text`, in order, of every place where it stands;
    `answers` says that the passage is this person's answer in an interview (see `interviewed`).
    """
    return answers or any(_speaks_at(text, place) for place in _places(text, name))


def opening(article: Article) -> str:
    """What says who is interviewed: the title, the author, and the beginning of the article."""
    head = article.text[: article.body + _HEAD]
    return "\n".join(filter(None, (article.title, article.author, head)))


def interviewed(text: str, name: Sequence[Span]) -> bool:
    """Whether the opening of an article says that this person is interviewed, or its author.

    `name` has spans of `text`, as `opening` gives it.
    """
    return any(
        _speaks_at(text, place)
        or bool(_INTERVIEW.search(text[_bounds(text, place).start : place.start]))
        or _alone(text, place)
        for place in _places(text, name)
    )


def _places(text: str, name: Sequence[Span]) -> Iterator[Span]:
    """Where the name stands: its words beside each other are one place."""
    places: list[Span] = []
    for span in islice(name, 3 * _OCCURRENCES):
        if places and len(text[places[-1].stop : span.start].strip(" -")) == 0:
            places[-1] = Span(places[-1].start, span.stop)
        else:
            places.append(span)
    return islice(iter(places), _OCCURRENCES)


def _speaks_at(text: str, place: Span) -> bool:
    around = _bounds(text, place)
    before, after = text[around.start : place.start], text[place.stop : around.stop]
    if _CREDITED.search(before):
        return True
    name = text[place.start : place.stop].casefold()
    *_, last = before.split() or [""]
    if last.lower().lstrip("«(") in _PREPOSITIONS or _OBLIQUE.search(name):
        return False
    return _labels(before, after) or _says_after(name, after) or _says_before(name, before)


def _bounds(text: str, place: Span) -> Span:
    """The sentence of a name, no more than so many characters on either side."""
    start, stop = max(0, place.start - _NEAR), min(len(text), place.stop + _NEAR)
    for end in _STOP.finditer(text, start, place.start):
        start = end.end()
    following = _STOP.search(text, place.stop, stop)
    return Span(start, following.start() if following else stop)


def _labels(before: str, after: str) -> bool:
    """«Нуржума: …», «Политолог Ералы Нуржума: «…»»."""
    return after[:2] == ": " and "," not in before and (after[2:3] in '«“"—–-' or len(before) < 50)


def _says_after(name: str, after: str) -> bool:
    """«Накано, профессор университета в Токио, отмечает»: commas between name and verb in pairs."""
    words = _WORDS.findall(after)
    if _SAYS.isdisjoint(words):
        return False
    first = next(i for i, word in enumerate(words) if word in _SAYS)
    between = after[: after.index(words[first])]
    relative = first > 0 and words[first - 1].startswith("котор")
    return between.count(",") % 2 == 0 and not relative and _agree(name, words[first])


def _says_before(name: str, before: str) -> bool:
    """«…, — пояснил в Токио политолог Нуржума»: the verb is in the same clause."""
    words = _WORDS.findall(before.rpartition(",")[2])
    if _SAYS.isdisjoint(words):
        return False
    last = max(i for i, word in enumerate(words) if word in _SAYS)
    governing = [word for word in words[last:] if word in _PREPOSITIONS]
    return not _WITH_PEOPLE.issuperset(governing[-1:] or "-") and _agree(name, words[last])


def _agree(name: str, verb: str) -> bool:
    """Whether the gender of a surname, as far as it shows, is that of a verb in the past."""
    if verb.endswith("л"):
        return not _OF_WOMEN.search(name)
    return not (verb.endswith("ла") and _OF_MEN.search(name))


def _alone(text: str, place: Span) -> bool:
    """Whether the name has a line to itself, as an author's has."""
    start = text.rfind("\n", 0, place.start) + 1
    stop = text.find("\n", place.stop)
    return not (text[start : place.start] + text[place.stop : None if stop < 0 else stop]).strip()
