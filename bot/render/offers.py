"""Other ways to ask the same, offered as buttons under an answer or a refusal."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.message import Button, shortened
from bot.outcome import Outcome
from bot.texts import answers as said
from retrieval import blame
from retrieval.query import Query

MAX_LABEL = 40
"""Characters of a button's text: what a phone shows in one line."""


class Offer(NamedTuple):
    """A question that a button asks."""

    label: str
    question: str
    literal: bool = False


def offers(outcome: Outcome) -> list[Offer]:
    """What else can be asked: the words as they were typed, or corrected, or one filter less."""
    query, found = outcome.query, outcome.found
    made = []
    if found.corrections and not query.literal:
        typed = ", ".join(word for word, _ in found.corrections)
        as_typed = outcome.typed or query.text
        made.append(Offer(_label(said.search_for, typed), as_typed, literal=True))
    if outcome.instead:
        used = ", ".join(word for _, word in outcome.instead)
        made.append(Offer(_label(said.search_for, used), query.text))
    if not found.hits and (wider := _without(outcome)):
        label = _label(said.search_without, emptying(outcome))
        made.append(Offer(label, wider, query.literal))
    if not found.hits and (loose := unquoted(outcome)):
        made.append(Offer(_label(said.search_for, loose), loose, query.literal))
    return made


def offer_buttons(made: Sequence[Offer], ids: Sequence[int]) -> list[list[Button]]:
    """A row for each offer that has an id to refer to."""
    return [[Button(each.label, f"o{number}")] for each, number in zip(made, ids, strict=False)]


def _label(says: said.Label, words: str) -> str:
    """A button's text with the words shortened, so that it fits."""
    return says(shortened(words, MAX_LABEL - len(says(""))))


def _without(outcome: Outcome) -> str:
    """The question without the condition that emptied the result; "" if it was none."""
    query, condition = outcome.query, emptying(outcome)
    typed = re.escape(condition)
    pattern = rf"\(\s*{typed}\s*\)|(?<!\w){typed}(?!\w)"
    rest = re.sub(pattern, " ", query.text, count=1)
    return " ".join(rest.split()) if condition and rest != query.text else ""


def emptying(outcome: Outcome) -> str:
    """The filter or the minus word, as typed, that left nothing of the result; "" if it was none.

    A minus word has its minus: the same word without it is another one.
    """
    query, emptied = outcome.query, outcome.found.emptied
    conditions = {each.typed for each in query.filters}.union(minus_words(query))
    return emptied if emptied in conditions else ""


def unquoted(outcome: Outcome) -> str:
    """The question without the quotes of the phrase that emptied the result; "" if none did."""
    text = outcome.query.text
    for phrase in outcome.query.phrases:
        start, stop = phrase.span
        if phrase.strict and text[max(start - 1, 0) : stop + 1] == outcome.found.emptied:
            rest = f"{text[: start - 1]} {phrase.text} {text[stop + 1 :]}"
            return " ".join(rest.split())
    return ""


def minus_words(query: Query) -> list[str]:
    """The words that a passage must not have, as typed, with the minus; each compound once."""
    return [query.text[slice(*span)] for span in blame.minus_words(query)]


def nearest_button(title: str, quote_id: int) -> Button:
    """The button that shows what comes nearest to an answer."""
    return Button(_label(said.show_nearest, title), f"n{quote_id}")
