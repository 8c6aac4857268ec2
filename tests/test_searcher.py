"""The archive in use: searched, reloaded from real files, and never left without an answer."""

import asyncio
import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import render
from bot.outcome import Outcome, Reach
from bot.quotes import MAX_QUOTE, Quote, units
from bot.rebuilding import Interrupted, Making, Rebuild
from bot.searcher import Searcher, find, look_up, where
from bot.store import StoredQuote
from bot.texts import EXAMPLES
from retrieval import query
from retrieval.analyzer import Analyzer
from retrieval.assembling import build
from retrieval.corpus import CorpusError
from retrieval.found import Confidence, Correction, Found
from retrieval.generation import Generation
from retrieval.models import Hit, PartialDate, Reason, Span
from retrieval.query import Query, parse
from retrieval.storage import GenerationError
from tests import rebuilt
from tests.builders import ARTICLES, article, corpus, shipped_archive

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WORD = re.compile(r"\w+(?:-\w+)*")

URANIUM = "Казахстан добывает уран в Туркестанской области.\n\nРудники работают круглый год.\n"
OIL = "Нефть качают на шельфе Каспийского моря.\n\nПлатформы стоят на островах.\n"
TEA = "Чай собирают в горах Шри-Ланки.\n\nЛистья сушат на солнце.\n"


def opened(tmp_path: Path, rebuild: Rebuild = rebuilt.in_place, /, **files: str) -> Searcher:
    """A searcher over a corpus of these files, named without `.txt`."""
    folder = corpus(tmp_path / "articles", {f"{name}.txt": text for name, text in files.items()})
    state = tmp_path / "state"
    return Searcher(rebuilt.opened(folder, state), folder, state, NOW, rebuild)


def first_line(text: str) -> str:
    return text.partition("\n")[0]


async def first(searcher: Searcher, question: str) -> str | None:
    quotes = (await searcher.search(question, 1)).quotes
    return quotes[0].text if quotes else None


# Searching


async def test_a_question_finds_a_quote_and_a_stranger_finds_none(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM, oil=OIL)
    assert await first(searcher, "Где добывают уран?") == first_line(URANIUM)
    assert await first(searcher, "рецепт борща") is None
    assert await first(searcher, "") is None


async def test_search_leaves_the_event_loop_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = opened(tmp_path, uran=URANIUM)
    threads: list[threading.Thread] = []

    def slow(current: Generation, *_args: object, **_options: object) -> Outcome:
        threads.append(threading.current_thread())
        return Outcome(query.parse("", current.analyzer), Found(), Reach(1))

    monkeypatch.setattr("bot.searcher.look_up", slow)
    await searcher.search("уран", 1)
    await searcher.examples()
    assert threads
    assert threading.main_thread() not in threads


def stored(quote: Quote) -> StoredQuote:
    return StoredQuote(quote.article.id, quote.article.digest, *quote.span, quote.text)


@pytest.mark.parametrize("question", ["Токаев", "Казахстан и Япония", "соглашения"])
def test_the_next_quotes_are_others_till_there_are_none(shipped: Generation, question: str) -> None:
    shown: list[StoredQuote] = []
    while quotes := find(shipped, question, 3, shown):
        fresh = [stored(quote) for quote in quotes]
        assert not set(fresh) & set(shown)
        shown += fresh
        assert len(shown) <= len(shipped.passages)
    assert len(shown) > 3
    assert len({(quote.article_id, quote.start) for quote in shown}) == len(shown)


def test_what_was_shown_is_known_again_where_a_reload_has_moved_it(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM, oil=OIL)
    (quote,) = find(searcher.current, "уран", 1)
    (tmp_path / "articles/uran.txt").write_text(f"Заметка дня.\n\n{URANIUM}", encoding="utf-8")
    asyncio.run(searcher.reload(LATER))
    assert quote.text not in [
        found.text for found in find(searcher.current, "уран", 9, [stored(quote)])
    ]
    assert quote.text in [found.text for found in find(searcher.current, "уран", 9)]


@pytest.mark.parametrize(
    ("start", "text", "span"),
    [
        (0, "Уран", Span(0, 4)),
        (14, "Уран", Span(14, 18)),
        (9, "Уран", Span(0, 4)),
        (0, "Нефть", Span(5, 10)),
        (5, "Нефть ", None),
        (0, "нефть", None),
    ],
)
def test_where_a_quote_stands_now(start: int, text: str, span: Span | None) -> None:
    quote = StoredQuote("a.txt", "d", start, start + len(text), text)
    assert where(quote, article("Уран\nНефть.\n\n\nУран")) == span


# What a search came to


class Replies:
    """Stands in for the archive's search: gives what it is told, notes what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *found: Found) -> None:
        self.asked: list[Query] = []
        self._found = iter(found)
        monkeypatch.setattr("retrieval.search.search", self._search)

    def _search(self, _current: Generation, asked: Query, _k: int, *_exclude: object) -> Found:
        self.asked.append(asked)
        return next(self._found)


def hit(archive: Generation) -> Hit:
    return Hit(archive.passages[0], 1.0, ())


FIXED = (Correction("урн", "уран"),)


def test_what_was_searched_is_told(tmp_path: Path) -> None:
    dated = "---\ntitle: {0}\ndate: {1}\n---\nУран добывают: {0}.\n"
    files = {f"{n}.md": dated.format(n, d) for n, d in (("а", "2024"), ("б", "2025-03-01"))}
    folder = corpus(tmp_path / "articles", files | {"в.txt": TEA})
    reach = look_up(build(folder), "войлок", 1).reach
    assert reach == Reach(3, PartialDate(2024), PartialDate(2025, 3, 1))
    undated = opened(tmp_path / "other", uran=URANIUM).current
    assert look_up(undated, "войлок", 1).reach == Reach(1, None, None)


def test_a_day_and_literal_words_reach_the_search(
    shipped: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[object] = []
    parse = query.parse

    def noted(text: str, analyzer: Analyzer, today: date | None, *, literal: bool) -> Query:
        days.append((text, today, literal))
        return parse(text, analyzer, today, literal=literal)

    monkeypatch.setattr("retrieval.query.parse", noted)
    for literal in (False, True):
        look_up(shipped, "уран", 1, today=NOW.date(), literal=literal)
    assert days == [("уран", NOW.date(), False), ("уран", NOW.date(), True)]


@pytest.mark.parametrize(
    ("literal", "other", "instead", "searches"),
    [
        (True, Found(confidence=Confidence.SURE, corrections=FIXED), FIXED, 2),
        (False, Found(confidence=Confidence.SURE, corrections=FIXED), (), 1),
        (True, Found(corrections=FIXED), (), 2),
    ],
)
def test_literal_words_without_an_answer_are_tried_with_corrections(
    shipped: Generation,
    monkeypatch: pytest.MonkeyPatch,
    literal: bool,
    other: Found,
    instead: tuple[Correction, ...],
    searches: int,
) -> None:
    """What is offered instead has been found; corrections that find nothing are not."""
    hits = (hit(shipped),) if other.confidence == Confidence.SURE else ()
    replies = Replies(monkeypatch, Found(), replace(other, hits=hits))
    assert look_up(shipped, "урн", 3, literal=literal).instead == instead
    assert [asked.literal for asked in replies.asked] == [literal, False][:searches]


def test_a_question_in_another_layout_is_told_as_it_was_searched(shipped: Generation) -> None:
    typed = "lfnf^2025-12 njrftd"
    came = look_up(shipped, typed, 1, today=NOW.date())
    assert (came.query.text, came.query.literal, came.typed) == (
        "дата:2025-12 токаев",
        False,
        typed,
    )
    assert "Только за декабрь 2025\u00a0г." in [note.text for note in render.notes(came)]
    (offer,) = render.offers(came)
    assert (offer.question, offer.literal) == (typed, True)
    assert look_up(shipped, typed, 1, literal=True).query.text == typed


def test_the_nearest_is_kept_only_where_there_are_no_hits(
    shipped: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = hit(shipped)
    Replies(monkeypatch, Found(nearest=near), Found((near,), Confidence.SURE, nearest=near))
    refused, answered = (look_up(shipped, "уран", 3) for _ in range(2))
    assert refused.nearest
    assert refused.nearest.text in near.passage.text
    assert not refused.quotes
    assert answered.nearest is None
    assert len(answered.quotes) == 1


@pytest.mark.parametrize(
    ("part", "cut"),
    [
        ("Казахстан добывает уран в Туркестанской области.", (False, False)),
        ("Казахстан добывает уран", (False, True)),
        ("уран", (True, True)),
        ("Рудники работают круглый год.", (False, False)),
    ],
)
def test_a_part_of_a_passage_is_quoted_as_cut(
    tmp_path: Path, part: str, cut: tuple[bool, bool]
) -> None:
    searcher = opened(tmp_path, uran=URANIUM)
    (found,) = searcher.current.articles
    start = found.text.index(part)
    quote = searcher.quote(found, Span(start, start + len(part)))
    assert (quote.text, (quote.cut_before, quote.cut_after)) == (part, cut)


# Around a quote


@pytest.mark.parametrize(
    ("quoted", "around"),
    [
        ("Первый.", ["Первый.", "Второй."]),
        ("Второй.", ["Первый.", "Второй.", "Третий."]),
        ("Четвёртый.", ["Третий.", "Четвёртый."]),
        ("торой", ["Первый.", "Второй.", "Третий."]),
        ("Второй.\n\nТретий.", ["Первый.", "Второй.", "Третий.", "Четвёртый."]),
        ("\n\nТретий", ["Второй.", "Третий.", "Четвёртый."]),
        ("\n\n", []),
    ],
)
def test_around_a_quote_stand_the_passages_before_and_after(
    tmp_path: Path, quoted: str, around: list[str]
) -> None:
    text = "Первый.\n\nВторой.\n\nТретий.\n\nЧетвёртый.\n"
    searcher = opened(tmp_path, before=OIL, numbers=text, uran=URANIUM)
    found = searcher.article("numbers.txt")
    assert found is not None
    start = found.text.index(quoted)
    passages = searcher.around(found, Span(start, start + len(quoted)))
    assert [passage.text for passage in passages] == around


async def test_around_an_article_that_has_gone_is_nothing(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM, oil=OIL)
    gone = searcher.article("oil.txt")
    assert gone is not None
    (tmp_path / "articles/oil.txt").unlink()
    await searcher.reload(LATER)
    assert searcher.article("oil.txt") is None
    assert not searcher.around(gone, Span(0, 5))


def test_around_the_only_passage_is_that_passage(tmp_path: Path) -> None:
    searcher = opened(tmp_path, tea="Чай собирают в горах.")
    found = searcher.article("tea.txt")
    assert found is not None
    assert [p.text for p in searcher.around(found, Span(0, 3))] == ["Чай собирают в горах."]


# Reloading


async def test_a_reload_takes_in_what_changed_and_says_what(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM, oil=OIL, same="Погода была ясной.\n")
    folder = tmp_path / "articles"
    corpus(folder, {"tea.txt": TEA, "oil.txt": OIL + "\nТанкеры ждут у причала.\n"})
    (folder / "broken.jsonl").write_text('{"text": "x"}\n{broken\n', encoding="utf-8")
    (folder / "picture.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "uran.txt").unlink()

    report = await searcher.reload(LATER)

    assert (report.added, report.changed, report.removed) == (
        ("broken.jsonl#1", "tea.txt"),
        ("oil.txt",),
        ("uran.txt",),
    )
    assert [(refused.path, refused.reason, refused.line) for refused in report.refused] == [
        ("broken.jsonl", Reason.JSON, 2),
        ("picture.txt", Reason.NOT_TEXT, None),
    ]
    assert report.articles == len(searcher.current.articles) == 4
    assert report.seconds > 0
    assert searcher.loaded_at == LATER
    assert await first(searcher, "Где собирают чай?") == first_line(TEA)
    assert await first(searcher, "танкеры у причала") == "Танкеры ждут у причала."
    assert await first(searcher, "добыча урана") is None


async def test_a_reload_without_changes_says_none(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM)
    report = await searcher.reload(LATER)
    assert (report.added, report.changed, report.removed, report.refused) == ((), (), (), ())
    assert await first(searcher, "уран") == first_line(URANIUM)


async def test_a_file_that_broke_is_refused_and_gone_till_it_is_mended(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM, oil=OIL)
    file = tmp_path / "articles/oil.txt"
    file.write_bytes(b"\x00\x01\x02" * 100)
    broken = await searcher.reload(LATER)
    assert (broken.removed, [one.path for one in broken.refused]) == (("oil.txt",), ["oil.txt"])
    assert await first(searcher, "нефть на шельфе") is None
    file.write_text(OIL, encoding="utf-8")
    mended = await searcher.reload(LATER)
    assert (mended.added, mended.refused) == (("oil.txt",), ())
    assert await first(searcher, "нефть на шельфе") == first_line(OIL)


async def test_everything_may_go_and_come_back(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM)
    (tmp_path / "articles/uran.txt").unlink()
    assert (await searcher.reload(LATER)).articles == 0
    assert await first(searcher, "уран") is None
    assert await searcher.examples() == []
    corpus(tmp_path / "articles", {"oil.txt": OIL})
    assert (await searcher.reload(LATER)).added == ("oil.txt",)
    assert await first(searcher, "нефть на шельфе") == first_line(OIL)


async def test_a_folder_that_has_gone_leaves_the_old_archive(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM)
    before = searcher.current
    (tmp_path / "articles").rename(tmp_path / "elsewhere")
    with pytest.raises(CorpusError):
        await searcher.reload(LATER)
    assert (searcher.current, searcher.loaded_at) == (before, NOW)
    assert await first(searcher, "уран") == first_line(URANIUM)
    (tmp_path / "elsewhere").rename(tmp_path / "articles")
    assert (await searcher.reload(LATER)).articles == 1


class Gate:
    """A rebuild that waits until it is let through."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.passed = asyncio.Event()

    async def __call__(self, corpus_dir: Path, state_dir: Path) -> Making:
        self.reached.set()
        await asyncio.wait_for(self.passed.wait(), 30)
        async for each in rebuilt.in_place(corpus_dir, state_dir):
            yield each


async def test_during_a_reload_questions_are_answered(tmp_path: Path) -> None:
    gate = Gate()
    searcher = opened(tmp_path, gate, uran=URANIUM)
    corpus(tmp_path / "articles", {"oil.txt": OIL})
    reload = asyncio.ensure_future(searcher.reload(LATER))
    await gate.reached.wait()
    try:
        assert await first(searcher, "уран") == first_line(URANIUM)
        assert await first(searcher, "нефть на шельфе") is None
    finally:
        gate.passed.set()
    assert (await reload).added == ("oil.txt",)
    assert await first(searcher, "нефть на шельфе") == first_line(OIL)
    assert (await searcher.reload(LATER)).added == ()


async def test_the_end_gives_up_a_reload_that_runs_and_those_after_it(tmp_path: Path) -> None:
    gate = Gate()
    searcher = opened(tmp_path, gate, uran=URANIUM)
    before = searcher.current
    reload = asyncio.ensure_future(searcher.reload(LATER))
    await gate.reached.wait()
    await searcher.close()
    with pytest.raises(Interrupted):
        await reload
    with pytest.raises(Interrupted):
        await searcher.reload(LATER)
    assert (searcher.current, searcher.loaded_at) == (before, NOW)
    assert await first(searcher, "уран") == first_line(URANIUM)


async def test_a_reload_that_is_cancelled_is_closed(tmp_path: Path) -> None:
    gate = Gate()
    searcher = opened(tmp_path, gate, uran=URANIUM)
    reload = asyncio.ensure_future(searcher.reload(LATER))
    await gate.reached.wait()
    reload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reload
    gate.passed.set()
    assert (await searcher.reload(LATER)).articles == 1


async def test_what_another_process_has_built_meanwhile_is_told_too(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM, oil=OIL)
    folder = tmp_path / "articles"
    (folder / "uran.txt").unlink()
    corpus(folder, {"oil.txt": OIL + "\nТанкеры ждут у причала.\n", "tea.txt": TEA})
    rebuilt.opened(folder, tmp_path / "state")  # as `doslovno index` does
    report = await searcher.reload(LATER)
    assert (report.added, report.changed, report.removed) == (
        ("tea.txt",),
        ("oil.txt",),
        ("uran.txt",),
    )
    assert await first(searcher, "Где собирают чай?") == first_line(TEA)


async def test_what_another_process_builds_just_before_the_reload_is_told_too(
    tmp_path: Path,
) -> None:
    async def overtaken(corpus_dir: Path, state_dir: Path) -> Making:
        rebuilt.opened(corpus_dir, state_dir)
        async for each in rebuilt.in_place(corpus_dir, state_dir):
            yield each

    searcher = opened(tmp_path, overtaken, uran=URANIUM)
    corpus(tmp_path / "articles", {"tea.txt": TEA})
    assert (await searcher.reload(LATER)).added == ("tea.txt",)
    assert (await searcher.reload(LATER)).added == ()


class Merging:
    """A rebuild that goes on after it has built: it merges, or fails at it, when it is let."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.merged = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, corpus_dir: Path, state_dir: Path) -> Making:
        try:
            async for each in rebuilt.in_place(corpus_dir, state_dir):
                yield each
            await asyncio.wait_for(self.merged.wait(), 30)
            if self.error:
                raise self.error
            corpus(corpus_dir, {"tea.txt": TEA})  # so that it is seen to be another generation
            rebuilt.opened(corpus_dir, state_dir)
            yield None
        finally:
            self.ended.set()


async def test_what_is_merged_after_a_reload_answers_silently(tmp_path: Path) -> None:
    merging = Merging()
    searcher = opened(tmp_path, merging, uran=URANIUM)
    assert (await searcher.reload(LATER)).articles == 1
    before = searcher.current
    merging.merged.set()
    await merging.ended.wait()
    assert searcher.current is not before
    assert await first(searcher, "Где собирают чай?") == first_line(TEA)
    report = await searcher.reload(LATER)
    assert report.added == ("tea.txt",), "it was seen, but not told"
    await searcher.close()


async def test_merging_that_fails_is_said_in_the_log_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    merging = Merging(GenerationError("no space left"))
    searcher = opened(tmp_path, merging, uran=URANIUM)
    await searcher.reload(LATER)
    merging.merged.set()
    await merging.ended.wait()
    await searcher.close()
    assert caplog.messages[-1:] == ["segments of the index are merged another time: no space left"]
    assert await first(searcher, "уран") == first_line(URANIUM)


async def test_a_reload_does_not_wait_for_merging(tmp_path: Path) -> None:
    merging = Merging()
    searcher = opened(tmp_path, merging, uran=URANIUM)
    await searcher.reload(LATER)
    corpus(tmp_path / "articles", {"oil.txt": OIL})
    assert (await searcher.reload(LATER)).added == ("oil.txt",)
    assert merging.ended.is_set()
    await searcher.close()


# Examples


def usable(searcher: Searcher, question: str) -> bool:
    """Whether a press on the button gives quotes: it is a question, and it has an answer."""
    return render.complaint(question) is None and bool(find(searcher.current, question, 1))


async def test_the_shipped_examples_work_on_the_shipped_archive(shipped: Generation) -> None:
    searcher = Searcher(shipped, ARTICLES, ARTICLES, NOW)
    assert await searcher.examples() == list(EXAMPLES)
    assert all(usable(searcher, question) for question in EXAMPLES)


async def test_on_another_archive_the_examples_are_its_own_and_work(tmp_path: Path) -> None:
    searcher = opened(tmp_path, uran=URANIUM, oil=OIL, tea=TEA)
    examples = await searcher.examples()
    assert len(examples) == 3
    assert not set(examples) & set(EXAMPLES)
    assert all(usable(searcher, question) for question in examples)


async def test_examples_are_short_enough_for_a_question_and_a_button(tmp_path: Path) -> None:
    """A title comes from people, as long as they like; a press on it must still be answered."""
    searcher = opened(tmp_path, uran=URANIUM)
    title = "Уран в Туркестанской области " * 60
    corpus(tmp_path / "articles", {"long.md": f"---\ntitle: {title}\n---\n{URANIUM}"})
    await searcher.reload(LATER)
    examples = await searcher.examples()
    assert examples
    assert all(usable(searcher, question) for question in examples)
    assert all(len(question) <= render.MAX_TITLE for question in examples)


@pytest.mark.parametrize("k", [0, 1, 2])
async def test_no_more_examples_than_asked_for(tmp_path: Path, k: int) -> None:
    assert len(await opened(tmp_path, uran=URANIUM, oil=OIL, tea=TEA).examples(k)) == k


# Every quote is a slice of its stored article


def asked_of(archive: Generation, chance: Random) -> str:
    """A question of words from random passages, in the ways people type them."""
    words = [
        word
        for passage in chance.choices(archive.passages, k=chance.choice((1, 1, 1, 2, 3)))
        for word in chance.choices(WORD.findall(passage.text), k=chance.randint(1, 5))
    ]
    way = chance.choice((str, str.lower, str.upper, lambda text: text.replace("ё", "е")))
    return way(" ".join(words)) + chance.choice(("", "?", "…"))


def is_under_a_head(quote: Quote) -> bool:
    """Whether a section head or an interviewer's question stands over it: that may match alone."""
    passages = shipped_archive().passages_of(quote.article.id)
    return any(
        one.section or one.question for one in passages if one.start <= quote.span.start < one.stop
    )


@settings(max_examples=150)
@given(st.randoms(use_true_random=False))
def test_every_quote_is_a_slice_of_its_stored_article(chance: Random) -> None:
    """Over the whole shipped archive, as the files on disk have it."""
    question = asked_of(shipped_archive(), chance)
    asks_for_days = bool(parse(question, shipped_archive().analyzer).periods)
    for quote in find(shipped_archive(), question, chance.randint(1, 9)):
        on_disk = (ARTICLES / quote.article.path).read_bytes().decode("utf-8")
        assert quote.text
        assert on_disk[quote.span.start : quote.span.stop] == quote.text
        assert units(quote.text) <= MAX_QUOTE
        reply = render.answer([quote])
        reply.check()
        ((span, _),) = reply.quotes
        assert reply.text[span.start : span.stop] == quote.text
        assert all(quote.span.start <= word.start < word.stop <= quote.span.stop
                   for word in quote.bold)  # fmt: skip
        told = quote.bold or is_under_a_head(quote) or asks_for_days
        assert told, "nothing tells why it was found"


def test_every_passage_of_the_shipped_archive_is_quoted_when_it_is_asked_for(
    shipped: Generation,
) -> None:
    """Its own words are a question that it answers, and its quote is a slice of its file."""
    for passage in shipped.passages:
        quotes = find(shipped, passage.text[: render.MAX_QUESTION], 3)
        assert any(quote.article.id == passage.article.id for quote in quotes), passage.text
        for quote in quotes:
            on_disk = (ARTICLES / quote.article.path).read_bytes().decode("utf-8")
            assert on_disk[quote.span.start : quote.span.stop] == quote.text
