"""The list of feeds, a feed's screen, and what is said of an address, within Telegram's limits."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetch import Trouble
from bot.message import Reply
from bot.render.feeds import ON_PAGE, ask_remove, feed_list, one_feed, title_of
from bot.store.feeds import StoredFeed
from bot.texts import feeds as texts
from tests.test_render import HOSTILE, sendable

NOW = datetime(2025, 12, 20, 9, 5, tzinfo=UTC)
ALMATY = ZoneInfo("Asia/Almaty")
FEED = StoredFeed(
    *(7, "https://vestnik.kz/rss", "Вестник", None, None), False, 12, 0, "", NOW, None, NOW
)


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.buttons]


def data(reply: Reply) -> list[str]:
    return [button.data for row in reply.buttons for button in row]


def test_the_list_says_how_each_feed_is() -> None:
    failing = replace(FEED, id=8, title="", error=Trouble.TIMEOUT, articles=1)
    paused = replace(FEED, id=9, title="Тренд", paused=True, last_success=None, articles=0)
    reply = feed_list([FEED, failing, paused], 0, ALMATY)
    assert reply.text == (
        "Ленты\n\n"
        "1. Вестник\n12 статей · получена 20 декабря 2025\u00a0г., 14:05\n\n"
        "2. vestnik.kz\n1 статья · получена 20 декабря 2025\u00a0г., 14:05"
        " · ошибка: сайт отвечает слишком долго\n\n"
        "3. Тренд\nприостановлена · 0 статей · ещё ни разу не загружена"
    )
    assert data(reply) == ["f:o:7", "f:o:8", "f:o:9", "f:a"]


def test_an_empty_list_says_how_to_begin() -> None:
    reply = feed_list([], 5, ALMATY)
    assert texts.NO_FEEDS in reply.text
    assert labels(reply) == [["Добавить ленту"]]


@pytest.mark.parametrize(
    ("page", "first", "turning"),
    [(0, 1, ["f:l:1"]), (1, 9, ["f:l:0", "f:l:2"]), (2, 17, ["f:l:1"]), (99, 17, ["f:l:1"])],
)
def test_a_long_list_has_pages(page: int, first: int, turning: list[str]) -> None:
    feeds = [replace(FEED, id=number) for number in range(1, 20)]
    reply = feed_list(feeds, page, ALMATY)
    assert data(reply)[0] == f"f:o:{first}"
    assert [each for each in data(reply) if each.startswith("f:l:")] == turning
    assert sum(each.startswith("f:o:") for each in data(reply)) <= ON_PAGE


def test_a_feeds_screen_has_what_can_be_done() -> None:
    reply = one_feed(FEED, ALMATY, "Лента добавлена.")
    assert reply.text.startswith("Лента добавлена.\n\nВестник\nhttps://vestnik.kz/rss\n12 статей")
    assert data(reply) == ["f:c:7", "f:p:7", "f:d:7", "f:l:0"]
    assert labels(reply)[1] == ["Приостановить", "Удалить"]
    paused = one_feed(replace(FEED, paused=True), ALMATY)
    assert data(paused) == ["f:r:7", "f:d:7", "f:l:0"]
    assert labels(paused)[0] == ["Возобновить", "Удалить"]


def test_removing_is_asked_for_again() -> None:
    reply = ask_remove(FEED)
    assert reply.text.startswith("Удалить ленту?\n«Вестник»")
    assert labels(reply) == [["Да, удалить", "Назад"]]
    assert data(reply) == ["f:D:7", "f:o:7"]


@given(st.sampled_from(HOSTILE) | st.text(max_size=300), st.integers(0, 30))
def test_any_title_can_be_sent(title: str, number: int) -> None:
    hostile = replace(FEED, id=2**63 - 1, title=title, url=f"https://a.kz/{title}"[:2000])
    assert sendable(feed_list([hostile] * number, 0, ALMATY))
    assert sendable(one_feed(hostile, ALMATY, texts.added(title_of(hostile), 5)))
    assert sendable(ask_remove(hostile))


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_is_said_in_one_plain_line(trouble: Trouble) -> None:
    for line in (texts.not_added(trouble), texts.failing("Вестник", FEED.url, trouble)):
        assert "\n" not in line
        assert line[0].isupper()
    assert texts.trouble(str(trouble)) == texts.TROUBLES[trouble]


def test_a_trouble_of_another_release_is_an_error_all_the_same() -> None:
    assert texts.error("moon in the wrong phase") == "ошибка: неизвестная причина"
