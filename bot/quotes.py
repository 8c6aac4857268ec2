"""Which part of a passage is shown as a quote, and the check that it is the article's own text."""

import re
from dataclasses import dataclass

from retrieval.focusing.sentences import leans, sentences
from retrieval.models import Article, Hit, Passage, Span

CUT = "[…]"

MAX_QUOTE = 900
"""UTF-16 units of one quote: three of them with their bylines stay within one message."""


class QuoteMismatch(Exception):
    """A text about to be sent as a quote is not a slice of its article: it must not be sent."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of an article to be shown, what matched in it in bold, the answer underlined."""

    article: Article
    span: Span
    bold: tuple[Span, ...] = ()
    cut_before: bool = False
    cut_after: bool = False
    underlined: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.stop]

    def check(self, shown: str) -> None:
        """Raise QuoteMismatch unless `shown` is, to the character, what the article says there."""
        if not shown or shown != self.text:
            raise QuoteMismatch(f"{self.article.id}: {self.span} is not what is about to be sent")


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def first_units(text: str, limit: int) -> str:
    """As much of a text as fits into so many UTF-16 units; no character is split."""
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore")


def quote_of(hit: Hit, limit: int = MAX_QUOTE) -> Quote:
    """The passage from the sentence that answers on, as far as the limit (UTF-16 units) allows.

    It begins one sentence earlier if that sentence points back («Он», «При этом») and both fit.
    Where no sentence answers it is the passage whole, or the run of its sentences that holds most
    of what matched.
    """
    passage = hit.passage
    span = (
        _from_sentence(passage, hit.sentence, limit)
        if hit.sentence
        else best_span(passage.article.text, Span(passage.start, passage.stop), hit.spans, limit)
    )
    return Quote(
        passage.article,
        span,
        _inside(hit.spans, span),
        span.start > passage.start,
        span.stop < passage.stop,
        _inside(hit.answer, span),
    )


def best_span(text: str, whole: Span, matched: tuple[Span, ...], limit: int) -> Span:
    """A slice of at most `limit` UTF-16 units that starts and stops at sentence boundaries.

    A single sentence longer than the limit keeps its beginning and ends between words.
    """
    if units(text[whole.start : whole.stop]) <= limit:
        return whole
    found = _sentences(text, whole)
    runs = [_run_from(text, found[i:], limit) for i in range(len(found))]
    best = max(runs, key=lambda run: (_matches(run, matched), -run.start))
    return _cut_between_words(text, best, limit)


def _from_sentence(passage: Passage, answering: Span, limit: int) -> Span:
    """The run of sentences that begins with the one that answers, or with the one it leans on."""
    text = passage.article.text
    found = _sentences(text, Span(passage.start, passage.stop))
    following = [sentence for sentence in found if sentence.start > answering.start]
    run = _run_from(text, [answering, *following], limit)
    before = [sentence for sentence in found if sentence.stop <= answering.start]
    if before and leans(text[slice(*answering)]):
        earlier = _run_from(text, [before[-1], answering, *following], limit)
        run = earlier if earlier.stop >= answering.stop else run
    return _cut_between_words(text, run, limit)


def _sentences(text: str, whole: Span) -> list[Span]:
    """The sentences of a part of a text; of one without words, the part itself."""
    found = sentences(text[whole.start : whole.stop])
    return [Span(whole.start + one.start, whole.start + one.stop) for one in found] or [whole]


def _inside(words: tuple[Span, ...], span: Span) -> tuple[Span, ...]:
    return tuple(word for word in words if span.start <= word.start and word.stop <= span.stop)


def _run_from(text: str, found: list[Span], limit: int) -> Span:
    """As many sentences from the first on as the limit allows; the first one in any case."""
    start = found[0].start
    stop = found[0].stop
    for sentence in found[1:]:
        if units(text[start : sentence.stop]) > limit:
            break
        stop = sentence.stop
    return Span(start, stop)


def _matches(run: Span, matched: tuple[Span, ...]) -> int:
    return sum(run.start <= word.start and word.stop <= run.stop for word in matched)


def _cut_between_words(text: str, run: Span, limit: int) -> Span:
    """As much of it as the limit allows, from its beginning to the end of a word."""
    if units(text[run.start : run.stop]) <= limit:
        return run
    stop = run.start + len(first_units(text[run.start : run.stop], limit))
    if not text[stop].isspace():
        whole = re.fullmatch(r"(.*\S)\s.*", text[run.start : stop], re.DOTALL)
        stop = run.start + len(whole[1]) if whole else stop
    return Span(run.start, run.start + len(text[run.start : stop].rstrip()))
