"""What an answer looks like: quotes and how the question was read, or why there are none."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bot import texts
from bot.message import MAX_MESSAGE, Button, Composer, MarkKind, Reply, shortened
from bot.outcome import Outcome
from bot.quotes import Quote, first_units, units
from bot.render.articles import MAX_TITLE, add_title, byline
from bot.render.offers import emptying, minus_words, nearest_button, unquoted
from bot.texts import answers as said
from retrieval.asking.filters import Fault
from retrieval.found import Confidence, Correction, Sighting
from retrieval.query import Query

MAX_QUESTION = 1000
"""Characters of a question."""
MAX_WORD = 40
"""Characters of a word or a condition of the question, where it is repeated."""
MAX_NOTE = 600
"""UTF-16 units of one line about a question."""
MOST_WORDS = 12
"""Words of the question that are repeated where nothing was found."""
MOST_CONDITIONS = 6
"""Lines about conditions, above the quotes."""


class Note(NamedTuple):
    """A line above the quotes."""

    text: str
    kind: MarkKind | None = None


PERHAPS = (Note(said.WEAK),)


def answer(
    quotes: Sequence[Quote],
    quote_ids: Sequence[int] = (),
    more: int | None = None,
    *,
    notes: Sequence[Note] = (),
    offered: Sequence[Sequence[Button]] = (),
) -> Reply:
    """Up to three quotes, each with its byline and title under it.

    `quote_ids` are what the buttons refer to (none: no buttons), `more` is the answer that «Ещё»
    continues, `offered` are the buttons of other ways to ask.
    """
    body = Composer()
    for number, quote in enumerate(quotes, start=1):
        body.quote(quote)
        body.add(f"{number}. " if len(quotes) > 1 else "— ")
        body.line(byline(quote.article))
        add_title(body, quote.article)
        body.line()
    message = Composer()
    _add_notes(message, notes, MAX_MESSAGE - units(body.text))
    if message.text:
        message.line()
    message.extend(body)
    return message.reply([*_answer_buttons(quote_ids, more), *offered])


def _add_notes(message: Composer, notes: Iterable[Note], room: int) -> None:
    """As much of the lines as there is room for, in UTF-16 units of the whole message."""
    for text, kind in notes:
        left = min(room - units(message.text) - 2, MAX_NOTE)
        fitting = text if units(text) <= left else f"{first_units(text, left - 1)}…"
        if left > 1:
            message.line(fitting, kind)


def _answer_buttons(quote_ids: Sequence[int], more: int | None) -> list[list[Button]]:
    rows = []
    for number, quote_id in enumerate(quote_ids, start=1):
        suffix = f" {number}" if len(quote_ids) > 1 else ""
        rows.append(
            [
                Button(texts.CONTEXT + suffix, f"c{quote_id}"),
                Button(texts.ARTICLE + suffix, f"a{quote_id}"),
            ]
        )
    if more is not None:
        rows.append([Button(texts.MORE, f"m{more}")])
    return rows


def possibly(outcome: Outcome) -> Sequence[Note]:
    """What stands above quotes if it is not sure that they are to the point."""
    return PERHAPS if outcome.found.confidence == Confidence.WEAK else ()


def notes(outcome: Outcome) -> list[Note]:
    """How the question was read, and how sure the quotes are: the lines above them."""
    corrections = list(map(_corrected, outcome.found.corrections))
    first = [Note(said.corrected(corrections))] if corrections else []
    return [*first, *_conditions(outcome), *possibly(outcome)]


def _conditions(outcome: Outcome) -> list[Note]:
    """The filters and the preferences of a question, and what of it was not understood."""
    query = outcome.query
    conditions = [each._replace(value=_short(each.value)) for each in query.filters]
    phrases = [_short(phrase.text) for phrase in query.phrases if phrase.strict]
    minus = [_short(word[1:]) for word in minus_words(query)]
    lines = (
        said.only(conditions) if conditions else "",
        said.phrases_only(phrases) if phrases else "",
        said.without(minus) if minus else "",
        _days(outcome),
        *map(_fault, query.faults),
    )
    return [Note(line, "italic") for line in lines if line][:MOST_CONDITIONS]


def _days(outcome: Outcome) -> str:
    periods = outcome.query.periods
    if not periods or not outcome.quotes:
        return said.first_of(periods) if periods else ""
    return said.of_other_days(periods) if outcome.found.of_other_days else said.first_of(periods)


def _fault(fault: Fault) -> str:
    return said.fault(fault._replace(typed=_short(fault.typed)))


def _corrected(correction: Correction) -> Correction:
    return Correction(*map(_short, correction))


def _short(text: str) -> str:
    return shortened(text, MAX_WORD)


# No quotes


def complaint(question: str) -> str | None:
    """What is wrong with a question, in one line for who asked it; None if nothing is."""
    if len(question) > MAX_QUESTION:
        return texts.too_long(len(question), MAX_QUESTION)
    if not any(character.isalnum() for character in question):
        return texts.EMPTY_QUESTION
    return None


def refusal(
    outcome: Outcome,
    loaded_at: datetime,
    nearest: int | None = None,
    offered: Sequence[Sequence[Button]] = (),
) -> Reply:
    """Why there is no quote: what was searched and by which words, what emptied the result.

    `loaded_at` is in the reader's zone; `nearest` is the id of the quote that comes nearest (None:
    it is named, without a button).
    """
    message = Composer()
    if outcome.reach.articles == 0:
        return Reply(texts.EMPTY_ARCHIVE)
    if not _asks_for_anything(outcome.query):
        _add_notes(message, _wordless(outcome.query), MAX_MESSAGE)
        return message.reply()
    message.line(said.NOT_FOUND)
    message.line()
    searched = f"{said.searched(*outcome.reach)}, {said.loaded(loaded_at)}."
    plain = map(Note, [searched, *_wanting(outcome)])
    _add_notes(message, [*plain, *_conditions(outcome)], MAX_MESSAGE - 3 * MAX_TITLE)
    return message.reply([*offered, *_nearest(message, outcome, nearest)])


def _asks_for_anything(query: Query) -> bool:
    """Whether there was something to search for: words, or days, sources and titles alone."""
    return bool(query.words or query.filters or query.periods)


def _wordless(query: Query) -> list[Note]:
    """Why nothing could be searched; of minus words alone it is said as a fault."""
    faults = [Note(_fault(each)) for each in query.faults][:MOST_CONDITIONS]
    only_minus = any(each.kind == "minus" for each in query.faults)
    return faults if only_minus else [Note(said.NO_WORDS), *faults]


def _wanting(outcome: Outcome) -> list[str]:
    """By which words was searched, and which word or condition there is no answer for."""
    named = [
        Sighting(_short(word.text), tuple(map(_short, word.lemmas)), word.passages)
        for word in outcome.found.words
    ]
    absent = list(dict.fromkeys(word.text for word in named if not word.passages))
    lines = (
        said.words(named, MOST_WORDS) if named else "",
        said.missing(absent[:MOST_WORDS]) if absent else "",
        said.answered_instead(list(map(_corrected, outcome.instead))) if outcome.instead else "",
        _emptied(outcome, absent),
    )
    return [line for line in lines if line]


def _emptied(outcome: Outcome, absent: Sequence[str]) -> str:
    """What to leave out for an answer; "" where nothing, or where the line above says as much."""
    query, condition = outcome.query, emptying(outcome)
    if condition and (query.words or query.periods or len(query.filters) > 1):
        return said.answered_without(_short(condition))
    if loose := _short(unquoted(outcome)):
        return said.answered_instead([Correction(loose, loose)])
    word = outcome.found.emptied
    known = word in {each.text for each in outcome.found.words}
    return said.not_beside(_short(word)) if known and absent != [_short(word)] else ""


def _nearest(message: Composer, outcome: Outcome, quote_id: int | None) -> list[list[Button]]:
    """What comes nearest to an answer: a button, not a quote."""
    if outcome.nearest is None:
        return []
    title = outcome.nearest.article.title
    if quote_id is not None:
        return [[nearest_button(title, quote_id)]]
    message.line()
    message.line(said.nearest(shortened(title, MAX_TITLE)))
    return []
