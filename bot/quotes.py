"""Which part of a passage is shown as a quote, and the check that it is the article's own text."""

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
    """A window of an overlong sentence around the first word that matched."""
    first = next((word.start for word in matched if word.start >= sentence.start), sentence.start)
    start = sentence.start
    if first - start > limit // 4:
        start = _next_word(text, Span(first - limit // 4, first))
    stop = start + len(_first_units(text[start : sentence.stop], limit))
    if stop < sentence.stop:
        stop = _last_word(text, Span(start, stop))
    return Span(start, stop)


def _first_units(text: str, limit: int) -> str:
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore")


def _next_word(text: str, span: Span) -> int:
    """Where the first whole word after a cut begins; the cut itself if there is no space."""
    piece = text[span.start : span.stop]
    head, space, tail = piece.partition(" ")
    return span.start + len(head) + 1 if space and tail else span.start


def _last_word(text: str, span: Span) -> int:
    """Where the last whole word before a cut ends; the cut itself if there is no space."""
    head, _, _ = text[span.start : span.stop].rpartition(" ")
    return span.start + len(head.rstrip()) if head.strip() else span.stop
