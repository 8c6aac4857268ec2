"""Which part of a passage is shown as a quote, and the check that it is the article's own text."""

import re
from dataclasses import dataclass

from razdel import sentenize

from retrieval.models import Article, Hit, Span

CUT = "[…]"

MAX_QUOTE = 900
"""UTF-16 units of one quote: three of them with their bylines stay within one message."""


class QuoteMismatch(Exception):
    """A text about to be sent as a quote is not a slice of its article: it must not be sent."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of an article to be shown, and the words in it to be set in bold."""

    article: Article
    span: Span
    bold: tuple[Span, ...] = ()
    cut_before: bool = False
    cut_after: bool = False

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
    """The passage whole, or the run of its sentences that holds most of what matched."""
    passage = hit.passage
    span = best_span(passage.article.text, Span(passage.start, passage.stop), hit.spans, limit)
    bold = tuple(word for word in hit.spans if span.start <= word.start and word.stop <= span.stop)
    return Quote(passage.article, span, bold, span.start > passage.start, span.stop < passage.stop)


def best_span(text: str, whole: Span, matched: tuple[Span, ...], limit: int) -> Span:
    """A slice of at most `limit` UTF-16 units that starts and stops at sentence boundaries.

    A single sentence longer than the limit is cut between words.
    """
    if units(text[whole.start : whole.stop]) <= limit:
        return whole
    sentences = [
        Span(whole.start + piece.start, whole.start + piece.stop)
        for piece in sentenize(text[whole.start : whole.stop])
    ]
    runs = [_run_from(text, sentences[i:], limit) for i in range(len(sentences))]
    best = max(runs, key=lambda run: (_matches(run, matched), -run.start))
    if units(text[best.start : best.stop]) <= limit:
        return best
    return _cut_between_words(text, best, matched, limit)


def _run_from(text: str, sentences: list[Span], limit: int) -> Span:
    """As many sentences from the first on as the limit allows; the first one in any case."""
    start = sentences[0].start
    stop = sentences[0].stop
    for sentence in sentences[1:]:
        if units(text[start : sentence.stop]) > limit:
            break
        stop = sentence.stop
    return Span(start, stop)


def _matches(run: Span, matched: tuple[Span, ...]) -> int:
    return sum(run.start <= word.start and word.stop <= run.stop for word in matched)


def _cut_between_words(text: str, sentence: Span, matched: tuple[Span, ...], limit: int) -> Span:
    """A window of an overlong sentence: a little before the first word that matched, and on."""
    first = next((word.start for word in matched if word.start >= sentence.start), sentence.start)
    earliest = max(first - limit // 4, sentence.start)
    start = sentence.start
    if earliest > start:
        gap = re.compile(r"\s+").search(text, earliest - 1, first)
        start = gap.end() if gap else first
    stop = start + len(first_units(text[start : sentence.stop], limit))
    if stop < sentence.stop and not text[stop].isspace():
        whole = re.fullmatch(r"(.*\S)\s.*", text[start:stop], re.DOTALL)
        stop = start + len(whole[1]) if whole else stop
    return Span(start, start + len(text[start:stop].rstrip()))
