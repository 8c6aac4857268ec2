"""How long a question takes on a large archive, stage by stage; and any strings at all.

The archive is made up: sentences of the shipped articles, put together anew, with invented words as
rare as words of a language are (Zipf). Prints a table and asserts nothing; strings that raise are
printed with their errors, and so are the slowest.
"""

import argparse
import json
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import razdel
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from bot import render
from bot.message import Reply
from bot.opening import settle
from bot.outcome import QUOTES
from bot.quotes import QuoteMismatch
from bot.searcher import look_up
from retrieval.assembling import build
from retrieval.calibration import judge
from retrieval.candidates import DEPTH, candidates
from retrieval.conditions import admitted
from retrieval.evidence import evidence
from retrieval.features import matrix
from retrieval.generation import Generation
from retrieval.measuring.judgments import read_questions
from retrieval.preferences import preferred
from retrieval.query import parse
from retrieval.ranking import rank, shipped_ranker
from retrieval.search import search
from retrieval.tally import tally
from retrieval.understanding import understand
from tests.builders import ROOT, shipped_archive

PARAGRAPHS = 57_379
"""As many as the largest of the sets that ranking is measured on."""
IN_AN_ARTICLE = 24
IN_A_FILE = 100
VOCABULARY = 60_000
ZIPF = 1.1
"""The exponent of the frequencies of the invented words."""
SLOW = 200.0
"""Milliseconds that an answer may take."""
FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, OSError),
    *(QuoteMismatch, RuntimeError, TypeError, ValueError),
)
"""What code raises that a string has taken by surprise."""
ROUNDS = 3
"""How often the stages of each question are measured; the median counts."""
PLAIN = "lemma BM25 alone"
RANKING = ("tally", "candidates", "features", "ranker", "preferences")
"""The stages that find and order what is shown."""
NOW = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)

_SYLLABLE_TEXT = "ба ве га до же за ки ло му на пе ра со ту фи ха це ча шу ля ми ко ри да ен ор"
_SYLLABLES = _SYLLABLE_TEXT.split()
_ENDINGS = ["", "а", "у", "ом", "ов", "ия", "ого"]

_FRAGMENT_TEXT = """
дата: дата:2025-12 дата:2025-13 дата:вчера после: до: после:2025 до:32.01.2025 источник:
источник:trend статья: статья:"а -уран -"уран -- — « » " „ “ ' «« »» «уран "Центральная + | & ?
! ... : ; ( ) [ ] { } * ^ $ \\ / % _ # @ ~ < > = С5+1 18,6% 1_000 ё й й ☢️ 👩‍👩‍👧‍👦 🇰🇿 ﷺ שלום مرحبا
日本 ﬁ ½ Ⅷ ① İ ß ǅ вчера завтра сегодня с по за в от года век неделю последнюю 31 февраля 2025
0 00 99999999999 2025-02-30 Токаев токаив njrftd Tokayev уран Япония ЯПОНИИ не ни когда сколько
где кто почему JCM ОЭСР
"""
FRAGMENTS = _FRAGMENT_TEXT.split()
HIDDEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\u00ad\ufeff\ufe0f\u0301\u0306\u0308"
)
CONTROL = "".join(map(chr, [*range(32), *range(127, 160), 0x2028, 0x2029, 0xFFFE, 0xFFFF]))

HOSTILE = {
    "empty": "",
    "letters": "а" * 4096,
    "words": "а " * 2048,
    "a long rare word": "щ" * 2000 + "ъ" * 2000,
    "only minus words": "-уран -Япония -Токаев",
    "minus words without end": "-а" * 2000,
    "minus signs": "-" * 4096,
    "an open quote": "«Центральная Азия",
    "a closed quote": "Центральная Азия»",
    "quotes": '"' * 4096,
    "quotes in quotes": "«" * 2000 + "уран" + "»" * 1999,
    "empty quotes": '«» "" „“',
    "date without a date": "дата:",
    "impossible dates": "дата:2025-13 после:2025-02-30 до:0000",
    "dates without end": "дата:2025 " * 400,
    "filters without end": "источник:" * 450,
    "digits": "9" * 4096,
    "digits in groups": "1 000 " * 680,
    "a huge year": "в 99999999999 году",
    "combining marks": "а" + "\u0301" * 4000,
    "zero width": "у\u200bр\u200dа\ufeffн" * 200,
    "right to left": "\u202eуран\u202c שלום مرحبا",
    "emoji": "👩‍👩‍👧‍👦" * 500,
    "control characters": CONTROL,
    "hyphens in a word": "уран-" * 800,
    "a sum of words": "C5+1" * 1000,
    "apostrophes": "а'" * 2000,
    "brackets": "(" * 2000 + ")" * 2000,
    "every word a different one": " ".join(
        a + b + c for a in "бвгдж" for b in "аеиоу" for c in "бвгджзклмн"
    ),
    "spaces": " \u00a0\u2003\u3000" * 1000,
    "another layout": "rfpf[cnfy b zgjybz " * 200,
    "Latin letters": "Kazakhstan Tokayev Marubeni " * 140,
    "typos": "Кашоган импиратор токаив сотрудничиство " * 100,
    "abbreviations": "ШМТП " * 800,
    "question words": "когда сколько где кто почему " * 140,
    "the end of Unicode": "\U0010ffff\uffff\ue000",
}  # fmt: skip


def any_text() -> st.SearchStrategy[str]:
    """Strings that people, keyboards and attackers send, without lone surrogates."""
    pieces = st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=6), st.text(HIDDEN, max_size=3))
    return st.one_of(
        st.text(max_size=300),
        st.text(CONTROL + HIDDEN + 'аб- "«»:', max_size=300),
        st.lists(pieces, max_size=40).map(" ".join),
        st.lists(pieces, max_size=40).map("".join),
        st.builds(lambda piece, times: (piece * times)[:4096], pieces, st.integers(1, 4096)),
        st.sampled_from(sorted(HOSTILE.values())),
    )


def reply(archive: Generation, question: str) -> Reply:
    """The answer as a chat gets it, and so that it keeps Telegram's limits; without buttons.

    What a chat would be told at once, that a question is too long, is searched here all the same.
    """
    outcome = look_up(archive, question, QUOTES, today=NOW.date())
    answer = (
        render.answer(outcome.quotes[:QUOTES], notes=render.notes(outcome))
        if outcome.quotes
        else render.refusal(outcome, NOW)
    )
    answer.check()
    return answer


def made_up(folder: Path, paragraphs: int, seed: int = 4) -> Generation:
    """An archive of that many paragraphs, the same for the same seed; some are repeated."""
    chance = np.random.default_rng(seed)
    texts = list(_paragraphs(paragraphs, chance))
    starts = [*range(0, paragraphs, IN_AN_ARTICLE), paragraphs]
    lines = [
        _article(texts[start:stop], number) for number, (start, stop) in enumerate(pairwise(starts))
    ]
    for start in range(0, len(lines), IN_A_FILE):
        some = "\n".join(lines[start : start + IN_A_FILE])
        (folder / f"made-up-{start}.jsonl").write_text(some, encoding="utf-8")
    archive = build(folder)
    if len(archive.passages) < paragraphs:
        raise ValueError(f"{len(archive.passages)} passages of {paragraphs}: {archive.refused[:1]}")
    return archive


def _article(texts: Sequence[str], number: int) -> str:
    year, month = 2000 + number // 12 % 26, number % 12 + 1
    fields = {
        "id": f"a{number}",
        "title": " ".join(texts[0].split()[:8]).rstrip(".,:"),
        "date": f"{year}-{month:02}",
        "source": f"Source {number % 50}",
        "text": "\n\n".join(texts),
    }
    return json.dumps(fields, ensure_ascii=False)


def _paragraphs(count: int, chance: np.random.Generator) -> Iterator[str]:
    passages = [passage.text for passage in shipped_archive().passages]
    sentences = [found.text for text in passages for found in razdel.sentenize(text)]
    drawn = chance.integers(len(_SYLLABLES), size=(VOCABULARY, 4))
    words = ["".join(_SYLLABLES[one] for one in row) for row in drawn.tolist()]
    shares = 1 / np.arange(1, VOCABULARY + 1) ** ZIPF
    rare = iter(chance.choice(VOCABULARY, 12 * count, p=shares / shares.sum()).tolist())
    for _ in range(count):
        chosen = chance.choice(len(sentences), 2)
        endings = chance.integers(len(_ENDINGS), size=12).tolist()
        invented = [words[next(rare)] + _ENDINGS[ending] for ending in endings]
        yield " ".join(
            [sentences[chosen[0]], f"{' '.join(invented).capitalize()}.", sentences[chosen[1]]]
        )


def random_strings(count: int, ask: Callable[[str], None]) -> None:
    """Call `ask` with that many strings, the same each time."""

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(any_text())
    def each(text: str) -> None:
        ask(text)

    each()


def stages(archive: Generation, question: str) -> Iterator[str]:
    """Do what a search does; name each stage when it is done."""
    archive.index.top(archive.analyzer.lemmas(question), DEPTH)
    yield PLAIN
    query = parse(question, archive.analyzer, NOW.date())
    yield "parse"
    asked = understand(archive, query)
    yield "understand"
    allowed = admitted(archive, asked.query)
    yield "conditions"
    counted = tally(archive, asked.sought).limited(allowed)
    yield "tally"
    found = candidates(archive, counted)
    yield "candidates"
    features = matrix(archive, asked.sought, found, asked.query.asks)
    yield "features"
    ranker = shipped_ranker()
    merits = ranker.scores(features) if ranker and len(features) else found.base
    yield "ranker"
    preferred(archive, asked, found.numbers, merits)
    yield "preferences"
    judge(archive.calibration, evidence(archive, counted, asked.query.asks))
    yield "confidence"
    rank(archive, asked)
    yield "ranking, whole"
    search(archive, query, QUOTES)
    yield "search, whole: with the words and sentences shown"
    reply(archive, question)
    yield "answer, whole: read, searched and rendered"


def stage_times(archive: Generation, question: str) -> dict[str, float]:
    """Milliseconds of each stage, the median of some rounds; of what ranking adds to BM25, too."""
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        start, taken = time.perf_counter(), dict[str, float]()
        for stage in stages(archive, question):
            taken[stage] = 1000 * (time.perf_counter() - start)
            start = time.perf_counter()
        rounds.append(taken)
    middle = {stage: median(taken[stage] for taken in rounds) for stage in rounds[0]}
    added = sum(middle[stage] for stage in RANKING) - middle[PLAIN]
    return {**middle, "what ranking adds to lemma BM25": added}


def stage_table(archive: Generation, questions: Sequence[str]) -> Table:
    table = Table("stage", "p50, ms", "p95, ms", "max, ms", title="Cost of each stage")
    times = [stage_times(archive, question) for question in questions]
    for stage in times[0]:
        taken = [each[stage] for each in times]
        middle, high = np.percentile(taken, [50, 95])
        table.add_row(stage, f"{middle:.2f}", f"{high:.2f}", f"{max(taken):.1f}")
    return table


class Timed:
    """Answers questions, and keeps how long each took and what it raised."""

    def __init__(self, archive: Generation) -> None:
        self._archive = archive
        self.taken: list[tuple[float, str]] = []
        """Milliseconds, and the question."""
        self.raised: dict[str, str] = {}
        """By the place in the code, the first question that failed there."""

    def ask(self, question: str) -> None:
        start = time.perf_counter()
        try:
            reply(self._archive, question)
        except FAULTS as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno} {type(error).__name__}: {error}"
            self.raised.setdefault(where[:200], question)
        self.taken.append((1000 * (time.perf_counter() - start), question))


def report(console: Console, what: str, timed: Timed, table: Table) -> None:
    times = [taken for taken, _ in timed.taken]
    middle, high = np.percentile(times, [50, 95])
    slow = sum(taken > SLOW for taken in times)
    table.add_row(
        what, str(len(times)), f"{middle:.1f}", f"{high:.1f}", f"{max(times):.1f}", str(slow)
    )
    for where, question in timed.raised.items():
        console.print(f"raised: {where} on {question[:80]!r} ({len(question)})", markup=False)
    for taken, question in sorted(timed.taken, reverse=True)[:5]:
        timed.ask(question)
        again = f"{taken:.0f} ms, {timed.taken[-1][0]:.0f} ms when asked again"
        console.print(f"{what}: {again}: {question[:60]!r} ({len(question)})", markup=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strings", type=int, default=10_000, help="how many random strings")
    parser.add_argument("--paragraphs", type=int, default=PARAGRAPHS)
    options = parser.parse_args()
    console = Console(width=150)
    with TemporaryDirectory() as folder:
        start = time.perf_counter()
        archive = made_up(Path(folder), options.paragraphs)
    built = time.perf_counter() - start
    console.print(f"{len(archive.passages):,} passages, built in {built:.0f} s")
    start = time.perf_counter()
    archive.warm()
    settle()
    console.print(f"made ready for questions in {time.perf_counter() - start:.1f} s")
    table = Table("what", "number", "p50, ms", "p95, ms", "max, ms", f"over {SLOW:.0f} ms")
    ordinary, hostile, strings = Timed(archive), Timed(archive), Timed(archive)
    questions = [question.text for question in read_questions(ROOT / "data/eval/questions.tsv")]
    for question in questions:
        ordinary.ask(question)
    for text in HOSTILE.values():
        hostile.ask(text)
    random_strings(options.strings, strings.ask)
    report(console, "ordinary questions", ordinary, table)
    report(console, "hostile strings", hostile, table)
    report(console, "random strings", strings, table)
    console.print(table)
    console.print(stage_table(archive, questions[::3]))


if __name__ == "__main__":
    main()
