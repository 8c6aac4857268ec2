"""What a digest looks like, and that it keeps to Telegram's limits."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import MAX_ENTITIES, MAX_MESSAGE
from bot.quotes import units
from bot.render.digest import Heading, Item, catch_up_question, message
from bot.texts import digests
from retrieval.models import Span
from tests.builders import article, quote

ALMATY = ZoneInfo("Asia/Almaty")
NINE = datetime(2026, 11, 22, 9, tzinfo=ALMATY)
HEADING = Heading(NINE - timedelta(days=1), NINE, 1, 1, 1)
NBSP = "\u00a0"

URANIUM = article("Добыча урана выросла.", title="Уран", url="https://zakon.kz/1")
OIL = article("Нефть подешевела.", id_="b.txt", title="Нефть", source=None, date=None)


def test_a_digest_reads_so() -> None:
    reply, taken = message(
        HEADING,
        [
            Item(URANIUM, (quote(URANIUM, Span(7, 12)),), 5, editions=("Trend", "")),
            Item(OIL, (quote(OIL),), 6, updated=True),
        ],
    )
    assert taken == 2
    assert reply.text.replace(NBSP, " ") == (
        "Новое с 21 ноября, 09:00 по 22 ноября 2026 г., 09:00\n"
        "1 новая статья, 1 обновлённая\n"
        "\n"
        "1. Уран\n"
        "Zakon.kz · 19 декабря 2025 г.\n"
        "Добыча урана выросла.\n"
        "Ещё 2 издания: Trend, источник не указан\n"
        "\n"
        "2. Обновлено: Нефть\n"
        "источник не указан · дата не указана\n"
        "Нефть подешевела."
    )
    shown = {reply.text[mark.start : mark.stop]: (mark.kind, mark.url) for mark in reply.marks}
    assert shown["Уран"] == ("text_link", "https://zakon.kz/1")
    assert shown["Нефть"] == ("bold", None)
    assert shown["урана"] == ("bold", None)
    assert shown["Добыча урана выросла."] == ("blockquote", None)
    assert [[(b.label, b.data) for b in row] for row in reply.buttons] == [
        [("Статья 1", "A5"), ("Статья 2", "A6")]
    ]
    reply.check()


def test_topics_are_headings_and_further_ones_are_named() -> None:
    reply, _ = message(
        HEADING,
        [
            Item(URANIUM, topics=("уран", "Казатомпром")),
            Item(OIL, topics=("уран",)),
            Item(OIL, topics=("нефть",)),
        ],
    )
    lines = reply.text.split("\n")
    assert [line for line in lines if line.startswith("▪")] == ["▪ уран", "▪ нефть"]
    assert lines.count("Также по теме: Казатомпром") == 1


@pytest.mark.parametrize(
    ("since", "heading"),
    [
        (NINE, "Новое за 22 ноября 2026 г., 09:00"),
        (NINE - timedelta(hours=2), "Новое за 22 ноября 2026 г., 07:00–09:00"),
        (NINE - timedelta(days=7), "Новое с 15 ноября, 09:00 по 22 ноября 2026 г., 09:00"),
        (NINE.replace(year=2025), "Новое с 22 ноября 2025 г., 09:00 по 22 ноября 2026 г., 09:00"),
    ],
)
def test_the_period_is_named(since: datetime, heading: str) -> None:
    reply, _ = message(Heading(since, NINE, 1, 0, 1), [Item(OIL)])
    assert reply.text.split("\n")[0].replace(NBSP, " ") == heading


def test_a_further_message_says_so() -> None:
    reply, _ = message(Heading(NINE, NINE, 30, 0, 11), [Item(OIL)])
    assert reply.text.split("\n")[0].endswith(" — продолжение")
    assert "\n11. Нефть\n" in reply.text
    assert "новых статей" not in reply.text


@given(st.data())
def test_a_message_keeps_to_the_limits_and_takes_at_least_one(data: st.DataObject) -> None:
    words = st.text(max_size=400)
    items = [
        Item(
            found := article(
                data.draw(words) + "я", title=data.draw(words), source=data.draw(words)
            ),
            (quote(found),) * data.draw(st.integers(0, 2)),
            1,
            topics=tuple(data.draw(st.lists(words, max_size=3))),
            editions=tuple(data.draw(st.lists(words, max_size=20))),
        )
        for _ in range(data.draw(st.integers(1, 12)))
    ]
    reply, taken = message(Heading(NINE, NINE, len(items), 0, 1), items)
    assert 1 <= taken <= len(items)
    assert units(reply.text) <= MAX_MESSAGE
    assert len(reply.marks) <= MAX_ENTITIES
    reply.check()


@pytest.mark.parametrize(
    ("articles", "said"),
    [(1, "вышла 1 статья."), (2, "вышло 2 статьи."), (11, "вышло 11 статей."), (21, "вышла 21 ")],
)
def test_who_comes_back_is_asked(articles: int, said: str) -> None:
    reply = catch_up_question(articles)
    assert said in reply.text
    assert [button.label for row in reply.buttons for button in row] == ["Прислать", "Не нужно"]
    assert digests.CATCH_UP == "Прислать"
