"""Every message keeps to Telegram's limits, whatever titles, sources, names and texts come in."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import render, replies, texts
from bot.handlers.commands import LATEST
from bot.message import MAX_ENTITIES, MAX_MESSAGE, Mark, Reply
from bot.quotes import MAX_QUOTE, Quote, quote_of, units
from bot.render import ReloadReport, SourceSummary
from retrieval.models import Article, Hit, PartialDate, Passage, Reason, Refusal, Span
from tests.builders import article, quote

MAX_CAPTION = 1024
MAX_DATA = 64
LARGEST_ID = 2**63 - 1
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)

LABELLED = {
    "one long word": "а" * 5000,
    "many words": "слово " * 1000,
    "emoji": "😀" * 3000,
    "joined emoji": "👩‍🚀 " * 1000,
    "many lines": "\n" * 50 + "з\n" * 2000,
    "control characters": "\u202eтекст \ud83d\x00\x1b[31m" * 100,
    "one letter": "а",
}
HOSTILE = tuple(LABELLED.values())
every_name = pytest.mark.parametrize("name", HOSTILE, ids=tuple(LABELLED))
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=300))
paragraphs = st.text(st.sampled_from("абв 😀.,\u00a0"), min_size=1, max_size=700).filter(str.strip)
bodies = st.builds(
    lambda parts, gap: gap.join(parts).strip(),
    st.lists(paragraphs, min_size=1, max_size=40),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)


def hostile(text: str, name: str) -> Article:
    """An article whose title and source are `name`, as far as the corpus lets such names in."""
    url = "https://a.kz/" + "я" * 1500
    return article(text, title=name.strip() or "О нефти", source=name.strip() or None, url=url)


def sendable(reply: Reply) -> bool:
    """Whether Telegram would take it: length, entities and button data within limits."""
    entities = replies.entities(reply)
    length = units(reply.text)
    assert 0 < length <= MAX_MESSAGE
    assert reply.text.strip() == reply.text
    assert len(entities) <= MAX_ENTITIES
    for entity in entities:
        assert entity.offset >= 0
        assert entity.length > 0
        assert entity.offset + entity.length <= length
    for button in (button for row in reply.buttons for button in row):
        assert button.label.strip()
        assert 1 <= len(button.data.encode()) <= MAX_DATA
    reply.check()
    return True


def shown(reply: Reply, mark: Mark) -> str:
    return reply.text[mark.start : mark.stop]


# Answers


def test_an_answer_shows_quote_source_date_and_title() -> None:
    source = article("Уран добывают.", url="https://zakon.kz/1")
    reply = render.answer([quote(source, Span(0, 4))], [7], 3)
    assert reply.text == "Уран добывают.\n— Zakon.kz · 19 декабря 2025 г.\nО нефти"
    assert [(mark.kind, shown(reply, mark), mark.url) for mark in reply.marks] == [
        ("blockquote", "Уран добывают.", None),
        ("bold", "Уран", None),
        ("text_link", "О нефти", "https://zakon.kz/1"),
    ]
    assert [[(button.label, button.data) for button in row] for row in reply.buttons] == [
        [("Контекст", "c7"), ("Статья", "a7")],
        [("Ещё", "m3")],
    ]


def test_several_quotes_are_numbered_and_so_are_their_buttons() -> None:
    sources = [article("Уран."), article("Нефть.", id_="b.txt", source=None, date=None)]
    reply = render.answer([quote(one) for one in sources], [7, 8])
    assert reply.text == (
        "Уран.\n1. Zakon.kz · 19 декабря 2025 г.\nО нефти\n\n"
        "Нефть.\n2. источник не указан · дата не указана\nО нефти"
    )
    assert [[button.label for button in row] for row in reply.buttons] == [
        ["Контекст 1", "Статья 1"],
        ["Контекст 2", "Статья 2"],
    ]
    assert [[button.data for button in row] for row in reply.buttons] == [
        ["c7", "a7"],
        ["c8", "a8"],
    ]


def test_without_ids_there_are_no_buttons() -> None:
    assert render.answer([quote(article("Уран."))]).buttons == ()


@pytest.mark.parametrize(
    ("source", "date", "byline"),
    [
        ("Trend", PartialDate(2025, 12, 9), "Trend · 9 декабря 2025 г."),
        ("Trend", PartialDate(2025, 8), "Trend · август 2025 г."),
        ("Trend", PartialDate(2025), "Trend · 2025 г."),
        ("Trend", None, "Trend · дата не указана"),
        (None, PartialDate(2025), "источник не указан · 2025 г."),
        (None, None, "источник не указан · дата не указана"),
        ("", None, "источник не указан · дата не указана"),
    ],
)
def test_a_byline_says_what_is_not_known(
    source: str | None, date: PartialDate | None, byline: str
) -> None:
    assert render.byline(article("Уран.", source=source, date=date)) == byline


@every_name
@pytest.mark.parametrize("text", ["у" * 5000, "😀" * 5000, "Уран добывают там. " * 500])
def test_three_of_the_longest_quotes_fit_one_message(text: str, name: str) -> None:
    source = hostile(text.strip(), name)
    whole = Passage(source, 0, len(source.text))
    words = tuple(Span(start, start + 4) for start in range(0, 900, 5))
    found = quote_of(Hit(whole, 1.0, words))
    assert units(found.text) > MAX_QUOTE - 30
    cut = Quote(source, found.span, found.bold, cut_before=True, cut_after=True)
    assert sendable(render.answer([cut] * 3, [LARGEST_ID] * 3, LARGEST_ID))


@given(st.lists(st.tuples(bodies, names), min_size=1, max_size=3), st.data())
def test_any_answer_can_be_sent(found: list[tuple[str, str]], data: st.DataObject) -> None:
    quotes = []
    for text, name in found:
        passage = Passage(hostile(text, name), 0, len(text))
        edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=60)))
        spans = zip(edges[::2], edges[1::2], strict=False)
        quotes.append(quote_of(Hit(passage, 1.0, tuple(Span(*edge) for edge in spans))))
    reply = render.answer(quotes, range(1, len(quotes) + 1), 1)
    assert sendable(reply)
    assert all(quote.text in reply.text for quote in quotes)


# Context


def passages(*parts: str) -> tuple[Passage, ...]:
    """Passages that are the paragraphs of one article."""
    source = article("\n\n".join(parts), url="https://zakon.kz/1")
    starts = [sum(len(part) + 2 for part in parts[:number]) for number in range(len(parts))]
    return tuple(
        Passage(source, start, start + len(part)) for start, part in zip(starts, parts, strict=True)
    )


def test_context_shows_the_passages_with_the_quote_in_bold() -> None:
    around = passages("Раньше.", "Уран добывают.", "Потом.")
    reply = render.context(around, Span(9, 23), 7, changed=False)
    assert reply.text == (
        "Раньше.\n\nУран добывают.\n\nПотом.\n— Zakon.kz · 19 декабря 2025 г.\nО нефти"
    )
    *marks, link = reply.marks
    assert [(mark.kind, shown(reply, mark)) for mark in marks] == [
        ("blockquote", "Раньше."),
        ("blockquote", "Уран добывают."),
        ("bold", "Уран добывают."),
        ("blockquote", "Потом."),
    ]
    assert (link.kind, link.url) == ("text_link", "https://zakon.kz/1")
    assert [button.data for row in reply.buttons for button in row] == ["a7"]
    reply.check()


def test_context_of_a_changed_article_says_so_first() -> None:
    reply = render.context(passages("Уран добывают."), Span(0, 14), 7, changed=True)
    assert reply.text.startswith(f"{texts.ARTICLE_CHANGED}\n\nУран добывают.\n")
    assert sendable(reply)


@given(st.lists(bodies, min_size=1, max_size=3), names, st.booleans(), st.data())
def test_any_context_can_be_sent_and_holds_the_quote(
    parts: list[str], name: str, changed: bool, data: st.DataObject
) -> None:
    source = hostile("\n\n".join(parts), name)
    around = [Passage(source, 0, len(source.text))]
    places = st.integers(0, len(source.text) - 1)
    start = data.draw(places)
    quoted = Span(start, min(start + data.draw(st.integers(1, 900)), len(source.text)))
    reply = render.context(around, quoted, LARGEST_ID, changed=changed)
    assert sendable(reply)
    assert any(mark.kind == "bold" for mark in reply.marks)


@pytest.mark.parametrize("part", ["у" * 1200, "😀" * 1200, "Уран там. " * 120])
def test_context_of_the_longest_passages_holds_the_whole_quote(part: str) -> None:
    around = passages(*[part.strip()] * 3)
    middle = around[1]
    quoted = quote_of(Hit(middle, 1.0, (Span(middle.stop - 5, middle.stop - 2),))).span
    reply = render.context(around, quoted, LARGEST_ID, changed=True)
    assert sendable(reply)
    assert middle.article.text[slice(*quoted)] in [
        shown(reply, mark) for mark in reply.marks if mark.kind == "bold"
    ]


@every_name
@pytest.mark.parametrize("length", [1100, 1150, 1200, 1250, 1300, 1360])
def test_context_about_as_long_as_a_message_can_be_sent(name: str, length: int) -> None:
    source = hostile("\n\n".join(["у" * length] * 3), name)
    around = [Passage(source, start, start + length) for start in range(0, 3 * length, length + 2)]
    quoted = Span(around[1].start, around[1].start + 900)
    reply = render.context(around, quoted, LARGEST_ID, changed=True)
    assert sendable(reply)
    assert "у" * 900 in reply.text


# Whole articles


@given(bodies, names, st.booleans())
def test_a_whole_article_is_sent_whole(body: str, name: str, changed: bool) -> None:
    source = replace(hostile(f"шапка\n{body}", name), body=6)
    sent = render.article_messages(source, changed=changed)
    assert all(sendable(reply) for reply in sent)
    first, *rest = (reply.text for reply in sent)
    squeezed = "".join("".join([first, *rest]).split())
    assert squeezed.endswith("".join(body.split()))
    assert len(squeezed) - len("".join(body.split())) < 300
    for piece in rest:
        assert piece in source.text


def test_a_whole_article_is_split_at_paragraph_ends() -> None:
    parts = [f"{number} {'слово ' * 60}".strip() for number in range(50)]
    sent = render.article_messages(article("\n\n".join(parts)))
    assert len(sent) > 4
    assert all(sendable(reply) for reply in sent)
    heads = "О нефти\nZakon.kz · 19 декабря 2025 г.\n\n"
    assert sent[0].text.startswith(heads)
    pieces = [sent[0].text.removeprefix(heads), *(reply.text for reply in sent[1:])]
    assert [part for piece in pieces for part in piece.split("\n\n")] == parts


@every_name
@pytest.mark.parametrize("text", ["у" * 9000, "слово " * 2000, "😀" * 5000, "абзац\n\n" * 2000])
def test_a_long_article_with_a_long_title_can_be_sent(name: str, text: str) -> None:
    sent = render.article_messages(hostile(text.strip(), name), changed=True)
    assert len(sent) > 2
    assert all(sendable(reply) for reply in sent)


def test_the_head_of_an_article_says_title_source_date_and_links() -> None:
    source = article("date 2025\nУран.", body=10, url="https://zakon.kz/1", source=None)
    (reply,) = render.article_messages(source, changed=True)
    assert reply.text == (
        f"{texts.ARTICLE_CHANGED}\n\nО нефти\nисточник не указан · 19 декабря 2025 г.\n\nУран."
    )
    assert [(mark.kind, shown(reply, mark), mark.url) for mark in reply.marks] == [
        ("bold", "О нефти", None),
        ("text_link", "источник не указан · 19 декабря 2025 г.", "https://zakon.kz/1"),
    ]


@pytest.mark.parametrize(
    ("text", "body", "shown_body"),
    [("Шапка\n\nУран.\n", 6, "Уран."), ("Шапка\n\n", 6, "Шапка"), (" Уран. ", 0, "Уран.")],
)
def test_the_body_is_what_stands_below_the_head(text: str, body: int, shown_body: str) -> None:
    assert render.body_of(article(text, body=body)) == shown_body


def test_an_article_as_a_file_has_all_of_it() -> None:
    source = article("Шапка\nУран.\n\nНефть.", body=6, url="https://zakon.kz/1", date=None)
    assert render.article_file(source) == (
        "О нефти\nZakon.kz · дата не указана\nhttps://zakon.kz/1\n\nУран.\n\nНефть.\n"
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Уран и нефть", "Уран и нефть.txt"),
        ("../../etc/passwd", "etcpasswd.txt"),
        ("«Уран»: 18,6%?", "Уран 18,6.txt"),
        ("😀", "Статья.txt"),
        ("", "Статья.txt"),
        ("a\x00b\n\u202ec\\d|e", "ab cde.txt"),
    ],
)
def test_a_file_is_named_by_its_title(title: str, name: str) -> None:
    assert render.file_name(article("Уран.", title=title)) == name


@given(names)
def test_any_file_name_can_be_saved(title: str) -> None:
    name = render.file_name(article("Уран.", title=title))
    assert name.endswith(".txt")
    assert len(name) > 4
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\:*?"<>|\n\x00')


@given(names, st.booleans())
def test_a_caption_keeps_to_its_limit(name: str, changed: bool) -> None:
    caption = render.caption(hostile("Уран.", name), changed=changed)
    assert 0 < units(caption) <= MAX_CAPTION
    assert caption.startswith(texts.ARTICLE_CHANGED) == changed


# Lists


def test_the_newest_are_numbered_with_a_button_each() -> None:
    found = [article("Уран.", url="https://zakon.kz/1"), article("Нефть.", date=None)]
    reply = render.newest(found, [5, None])
    assert reply.text == (
        "Новые статьи\n\n1. О нефти\nZakon.kz · 19 декабря 2025 г.\n\n"
        "2. О нефти\nZakon.kz · дата не указана"
    )
    assert [(button.label, button.data) for row in reply.buttons for button in row] == [
        ("Статья 1", "A5")
    ]


@given(st.lists(names, min_size=1, max_size=LATEST))
def test_any_list_of_newest_articles_can_be_sent(found: list[str]) -> None:
    articles = [hostile("Уран.", name) for name in found]
    assert sendable(render.newest(articles, [LARGEST_ID] * len(articles)))


@every_name
def test_the_longest_list_of_newest_articles_can_be_sent(name: str) -> None:
    assert sendable(render.newest([hostile("Уран.", name)] * LATEST, [LARGEST_ID] * LATEST))


def summary(name: str | None, number: int = 1) -> SourceSummary:
    return SourceSummary(name, number, PartialDate(2024, 9, 30), PartialDate(2025, 12, 19))


def test_sources_are_listed_with_counts_and_dates() -> None:
    listed = [summary("Trend", 2), SourceSummary(None, 1, None, None)]
    assert render.sources(listed, 3, NOW).text == (
        "Источники\n\n"
        "Trend — 2 статьи, 30 сентября 2024 г. — 19 декабря 2025 г.\n"
        "источник не указан — 1 статья, дата не указана\n\n"
        "В архиве 3 статьи.\nАрхив загружен 22 ноября 2026 г., 14:05."
    )


@pytest.mark.parametrize("number", [1, 60, 500])
@every_name
def test_any_number_of_sources_can_be_sent(name: str, number: int) -> None:
    reply = render.sources([summary(f"{name}{n}", 10_000) for n in range(number)], 10**6, NOW)
    assert sendable(reply)
    assert reply.text.endswith("Архив загружен 22 ноября 2026 г., 14:05.")


@pytest.mark.parametrize("number", [40, 60, 500])
def test_ordinary_sources_can_be_sent_too(number: int) -> None:
    assert sendable(
        render.sources([summary(f"Казахстанская правда {n}") for n in range(number)], number, NOW)
    )


@pytest.mark.parametrize("number", [3, 60, 500])
def test_sources_that_are_not_listed_are_counted(number: int) -> None:
    lines = render.sources([summary(f"И{n}") for n in range(number)], number, NOW).text.split("\n")
    listed = [line for line in lines if line.startswith("И") and " — " in line]
    left = [int(line.removeprefix("и ещё ")) for line in lines if line.startswith("и ещё ")]
    assert len(listed) + sum(left) == number


def report(names: tuple[str, ...] = (), refused: tuple[Refusal, ...] = ()) -> ReloadReport:
    return ReloadReport(names, names, names, refused, 5, 0.26)


def test_a_reload_report_says_what_changed_and_what_was_refused() -> None:
    refused = (Refusal("новости.jsonl", Reason.JSON, "in English", 3),)
    found = ReloadReport(("a.txt", "b.txt"), ("c.txt",), (), refused, 5, 0.26)
    assert render.reload_report(found).text == (
        "Архив перечитан за 0,3 с. В архиве 5 статей.\n\n"
        "Добавлено: 2\na.txt\nb.txt\n\n"
        "Изменено: 1\nc.txt\n\n"
        "Не принято: 1\nновости.jsonl, строка 3: ошибка в JSON"
    )


def test_a_reload_without_changes_says_so() -> None:
    assert render.reload_report(report()).text.endswith(texts.NO_CHANGES)
    refused = (Refusal("a.txt", Reason.EMPTY),)
    assert texts.NO_CHANGES in render.reload_report(report((), refused)).text


@pytest.mark.parametrize("number", [1, 15, 800])
@every_name
def test_any_reload_report_can_be_sent(name: str, number: int) -> None:
    found = tuple(f"{n}{name}" for n in range(number))
    refused = tuple(Refusal(one, Reason.FIELD, line=1) for one in found)
    reply = render.reload_report(report(found, refused))
    assert sendable(reply)
    for heading in ("Добавлено", "Изменено", "Удалено", "Не принято"):
        assert f"{heading}: {number}" in reply.text


def test_names_that_are_not_listed_are_counted() -> None:
    text = render.reload_report(report(tuple(f"{n}.txt" for n in range(1000)))).text
    for part in text.split("\n\n")[1:]:
        heading, *lines, more = part.split("\n")
        assert heading.endswith(": 1000")
        assert more == texts.and_more(1000 - len(lines))


@pytest.mark.parametrize("reason", Reason)
def test_the_reason_of_a_refusal_is_said_however_long_the_name_of_its_file(reason: Reason) -> None:
    refused = Refusal("архив/" + "оченьдлинноеимя" * 17 + ".jsonl", reason, line=12345)
    lines = render.reload_report(report((), (refused,))).text.split("\n")
    (line,) = [line for line in lines if line.startswith("архив/")]
    assert line.endswith(f"строка 12345: {texts.REASONS[reason]}")


# What the bot is


def test_start_offers_its_examples_as_buttons() -> None:
    reply = render.start([(7, "Где уран?"), (8, "Где нефть?")])
    assert reply.text == texts.START + texts.START_CHOOSE
    assert [[(button.label, button.data) for button in row] for row in reply.buttons] == [
        [("Где уран?", "e7")],
        [("Где нефть?", "e8")],
    ]
    assert sendable(render.start([(LARGEST_ID, "Где уран?")]))


def test_start_without_examples_does_not_speak_of_them() -> None:
    assert render.start([]) == Reply(texts.START + texts.START_ASK)


def test_help_lists_the_commands_of_this_reader() -> None:
    assert sendable(render.help_text(texts.COMMANDS | texts.ADMIN_COMMANDS))
    assert "/reload" not in render.help_text(texts.COMMANDS).text
    assert "\n/latest — Новые статьи\n" in render.help_text(texts.COMMANDS).text


@pytest.mark.parametrize(
    "text", [value for name, value in vars(texts).items() if name.isupper() and value is not None]
)
def test_a_fixed_text_fits_a_message(text: object) -> None:
    if isinstance(text, str):
        assert 0 < units(text) <= MAX_MESSAGE
