"""The menus of /subscribe and /topics: what they say, and that Telegram takes them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers import subscription_menu, topics
from bot.handlers.presses import StaleButton, served
from bot.message import MAX_ENTITIES, MAX_MESSAGE, Button, Reply
from bot.quotes import Quote, units
from bot.render import subscriptions as render
from bot.render import topics as render_topics
from bot.render.subscriptions import SourceChoice, View
from bot.render.topics import Audience, Found
from bot.store.subscriptions import Subscription
from bot.texts import zones
from retrieval.models import Span
from tests.builders import article

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 23, 4, tzinfo=UTC)
ALMATY = ZoneInfo("Asia/Almaty")
DAILY = Subscription(
    *(101, True, False, "daily", 540, 0, "all", None, None, False, 0, NOW, TOMORROW)
)
NEXT = "Следующий выпуск: 23 ноября 2026 г., 09:00. Если нового не будет, выпуск не придёт."

minutes = st.integers(0, 1439)
zone_names = st.sampled_from(sorted(available_timezones() - zones.NAMELESS))
subscriptions = st.builds(
    Subscription,
    st.sampled_from([101, -100101]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["now", "daily", "weekly"]),
    minutes,
    st.integers(0, 6),
    st.sampled_from(["all", "topics", "sources"]),
    st.none() | st.tuples(minutes, minutes),
    st.none() | zone_names,
    st.booleans(),
    st.just(0),
    st.just(NOW),
    st.none() | st.just(TOMORROW),
)
views = st.builds(
    View,
    subscriptions,
    zone_names.map(ZoneInfo),
    st.just(NOW),
    st.integers(0, 500),
    st.integers(0, 9),
)
names = st.text(st.characters(), max_size=300) | st.text("😀я ", max_size=300)
choices = st.lists(
    st.builds(SourceChoice, names, st.integers(0, 10**6), st.booleans()), max_size=25
)
audiences = st.builds(Audience, st.none() | subscriptions, st.booleans())


def view(of: Subscription = DAILY, topics: int = 0, sources: int = 0) -> View:
    return View(of, ALMATY, NOW, topics, sources)


def said(reply: Reply) -> str:
    return " ".join(reply.text.replace("\xa0", " ").split())


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.buttons]


def buttons(reply: Reply) -> list[Button]:
    return list(chain.from_iterable(reply.buttons))


def check(reply: Reply) -> None:
    """Telegram takes it (https://core.telegram.org/bots/api#inlinekeyboardbutton), and so does
    the bot when any of its buttons is pressed."""
    reply.check()
    assert 0 < units(reply.text) <= MAX_MESSAGE
    assert len(reply.marks) <= MAX_ENTITIES
    assert len(buttons(reply)) <= 100
    assert all(len(row) <= 8 for row in reply.buttons)
    for button in buttons(reply):
        assert button.label.strip()
        assert 1 <= len(button.data.encode()) <= 64
        verbs = {"s": subscription_menu.VERBS, "t": topics.VERBS}[button.data[0]]
        served(button.data, verbs)


# The menu


def test_the_menu_of_a_new_subscriber() -> None:
    reply = render.menu(view())
    assert said(reply) == (
        f"Вы подписаны. Новые статьи будут приходить каждый день в 09:00 (Алматы). {NEXT}"
    )
    assert labels(reply) == [
        ["Сразу", "✓ Ежедневно"],
        ["Еженедельно"],
        ["Время: 09:00"],
        ["✓ Всё", "Темы", "Источники"],
        ["Тихие часы: нет"],
        ["Часовой пояс: Алматы, UTC+5"],
        ["Обновлённые статьи: нет"],
        ["Пауза", "Отписаться"],
    ]


@pytest.mark.parametrize(
    ("of", "what"),
    [
        (
            replace(DAILY, frequency="weekly"),
            f"Новые статьи будут приходить по понедельникам в 09:00 (Алматы). {NEXT}",
        ),
        (
            replace(DAILY, frequency="now"),
            "Новые статьи будут приходить сразу, как только появятся в архиве.",
        ),
        (
            replace(DAILY, frequency="now", quiet=(1320, 420)),
            "Новые статьи будут приходить сразу, как только появятся в архиве."
            " В тихие часы, 22:00–07:00, ничего не приходит: новое придёт в 07:00.",
        ),
        (
            replace(DAILY, scope="topics"),
            f"Новые статьи по 2 темам будут приходить каждый день в 09:00 (Алматы). {NEXT}",
        ),
        (
            replace(DAILY, scope="sources"),
            f"Новые статьи из 1 источника будут приходить каждый день в 09:00 (Алматы). {NEXT}",
        ),
        (
            replace(DAILY, timezone="Etc/GMT-5"),
            f"Новые статьи будут приходить каждый день в 09:00 (UTC+5). {NEXT}",
        ),
        (
            replace(DAILY, minute=1380, quiet=(1320, 540)),
            "Новые статьи будут приходить каждый день в 23:00 (Алматы)."
            f" В 23:00 — тихие часы, поэтому выпуск придёт в 09:00. {NEXT}",
        ),
        (
            replace(DAILY, due=None),
            f"Новые статьи будут приходить каждый день в 09:00 (Алматы). {NEXT}",
        ),
    ],
)
def test_the_menu_says_what_will_come(of: Subscription, what: str) -> None:
    assert said(render.menu(view(of, topics=2, sources=1))) == f"Вы подписаны. {what}"


@pytest.mark.parametrize(
    ("of", "what"),
    [
        (
            replace(DAILY, scope="topics"),
            "Вы подписаны. Тем пока нет, поэтому ничего не придёт."
            " Добавьте первую, например: /topics добавить уран",
        ),
        (
            replace(DAILY, scope="sources"),
            "Вы подписаны. Ни один источник не выбран, поэтому ничего не придёт.",
        ),
        (
            replace(DAILY, paused=True),
            "Подписка на паузе: ничего не придёт, пока вы её не возобновите.",
        ),
        (
            replace(DAILY, subscribed=False),
            "Подписки нет: новые статьи не приходят. Настройки и темы сохранены.",
        ),
    ],
)
def test_the_menu_promises_nothing_that_will_not_come(of: Subscription, what: str) -> None:
    assert said(render.menu(view(of))) == what


def test_what_is_paused_can_be_resumed_and_who_left_can_come_back() -> None:
    assert labels(render.menu(view(replace(DAILY, paused=True))))[-1] == [
        "Возобновить",
        "Отписаться",
    ]
    assert labels(render.menu(view(replace(DAILY, subscribed=False)))) == [["Подписаться"]]


def test_all_state_is_on_the_buttons() -> None:
    of = replace(
        *(DAILY,),
        frequency="weekly",
        minute=463,
        weekday=2,
        quiet=(1320, 420),
        timezone="Asia/Tokyo",
        updates=True,
    )
    shown = labels(render.menu(view(of)))
    assert ["День: среда", "Время: 07:43"] in shown
    assert ["Тихие часы: 22:00–07:00"] in shown
    assert ["Часовой пояс: Токио, UTC+9"] in shown
    assert ["Обновлённые статьи: да"] in shown


def screens(of: View) -> Iterator[Reply]:
    yield render.menu(of)
    yield render.choose_hour(of)
    yield from (render.choose_minute(of, hour) for hour in range(24))
    yield render.choose_day(of)
    yield render.choose_quiet(of)
    yield render.choose_quiet_from()
    yield render.choose_quiet_to(660)
    yield from (render.choose_zone(of, typing=typing) for typing in (True, False))
    yield from (render.ask_zone(), render.unknown_zone(), render.not_subscribed())


@given(views)
def test_telegram_takes_every_menu_and_the_bot_every_button(of: View) -> None:
    for reply in screens(of):
        check(reply)


@given(views)
def test_one_choice_of_each_kind_is_marked(of: View) -> None:
    marked = [label for row in labels(render.menu(of)) for label in row if label.startswith("✓ ")]
    assert len(marked) == (2 if of.subscription.subscribed else 0)
    zone_labels = [label for row in labels(render.choose_zone(of, typing=True)) for label in row]
    assert len([label for label in zone_labels if label.startswith("✓ ")]) == 1


# Sources


@given(choices, st.integers(0, 5))
def test_telegram_takes_any_source(of: list[SourceChoice], page: int) -> None:
    check(render.choose_sources(of, page))


def test_sources_are_paged_and_the_chosen_ones_marked() -> None:
    of = [SourceChoice(f"Источник {number}", 30 - number, number == 11) for number in range(24)]
    of.append(SourceChoice("Ушедший", 0, chosen=True))
    reply = render.choose_sources(of, 1)
    shown = labels(reply)
    assert shown[:2] == [["Источник 10 · 20 статей"], ["✓ Источник 11 · 19 статей"]]
    assert shown[-2:] == [["‹", "2 из 3", "›"], ["Назад"]]
    last = render.choose_sources(of, 99)
    assert labels(last)[-3:] == [["✓ Ушедший · нет в архиве"], ["‹", "3 из 3"], ["Назад"]]
    assert "Ни один источник не выбран" not in reply.text


def test_with_no_source_chosen_nothing_will_come() -> None:
    reply = render.choose_sources([SourceChoice("", 1, chosen=False)], 0)
    assert "Ни один источник не выбран, поэтому ничего не придёт." in reply.text
    assert labels(reply) == [["источник не указан · 1 статья"], ["Назад"]]


# Time zones


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        *(("Токио", "Asia/Tokyo"), (" токио ", "Asia/Tokyo"), ("Asia/Tokyo", "Asia/Tokyo")),
        *(("asia/tokyo", "Asia/Tokyo"), ("Tokyo", "Asia/Tokyo"), ("Нью Йорк", "America/New_York")),
        *(("нью-йорк", "America/New_York"), ("New York", "America/New_York")),
        *(("Кишинёв", "Europe/Chisinau"), ("Кишинев", "Europe/Chisinau")),
        *(
            ("Астана", "Asia/Almaty"),
            ("Санкт-Петербург", "Europe/Moscow"),
            ("МСК", "Europe/Moscow"),
        ),
        *(("UTC+5", "Etc/GMT-5"), ("utc +05:00", "Etc/GMT-5"), ("+5", "Etc/GMT-5")),
        *(("UTC−3", "Etc/GMT+3"), ("UTC-3", "Etc/GMT+3"), ("Etc/GMT-5", "Etc/GMT-5")),
        *(("UTC", "UTC"), ("UTC+0", "Etc/GMT-0")),
        *(("UTC+15", None), ("UTC+5:30", None), ("Нигде", None), ("", None), ("5", None)),
        *(("localtime", None), ("../etc/passwd", None), ("Europe", None), ("😀", None)),
    ],
)
def test_a_zone_is_known_by_its_city_its_name_and_its_offset(typed: str, zone: str | None) -> None:
    assert zones.zone_called(typed) == zone


@given(zone_names)
def test_every_zone_is_known_by_its_name_and_has_a_label(name: str) -> None:
    assert zones.zone_called(name) == name
    assert "UTC" in zones.label(ZoneInfo(name), NOW)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Asia/Almaty", "Алматы, UTC+5"),
        ("Asia/Kolkata", "Калькутта, UTC+5:30"),
        ("Europe/Kyiv", "Киев, UTC+2"),
        ("Europe/Kiev", "Киев, UTC+2"),
        ("America/Argentina/Buenos_Aires", "Буэнос-Айрес, UTC−3"),
        ("America/St_Johns", "Сент-Джонс, UTC−3:30"),
        ("Etc/GMT-5", "UTC+5"),
        ("UTC", "UTC"),
        ("Europe/London", "Лондон, UTC"),
        ("US/Pacific", "Pacific, UTC−8"),
    ],
)
def test_a_zone_is_shown_by_its_city_and_offset(name: str, label: str) -> None:
    assert zones.label(ZoneInfo(name), NOW) == label


# Topics

ASIDE = Audience(DAILY, private=True)
topic_texts = st.text("аб😀 ", min_size=1, max_size=200).filter(str.strip)


@given(
    st.lists(st.tuples(st.integers(1, 10**18 - 1), topic_texts), max_size=30),
    st.integers(0, 60),
    audiences,
)
def test_telegram_takes_any_list_of_topics(
    own: list[tuple[int, str]], page: int, audience: Audience
) -> None:
    check(render_topics.listed(own, page, audience))
    for topic in own[:1]:
        check(render_topics.known(topic, audience))
        check(render_topics.removed(topic[1]))


@given(topic_texts, audiences, st.text("я😀", min_size=200, max_size=200), st.integers(0, 3))
def test_telegram_takes_the_largest_matches(
    text: str, audience: Audience, words: str, count: int
) -> None:
    matched = article("я" * 360, title=words, source=words)
    quote = Quote(matched, Span(0, 360), (Span(0, 2),), cut_before=True, cut_after=True)
    found = [Found(matched, (quote, quote))] * count
    check(render_topics.added((10**18 - 1, text), found, 10**6, audience))


def test_topics_are_listed_with_a_button_each() -> None:
    reply = render_topics.listed([(1, "уран"), (2, "визит -Китай")], 0, ASIDE)
    assert said(reply) == (
        "В списке 2 темы. Статья подходит, если отвечает хотя бы одной теме."
        " • уран • визит -Китай Сейчас приходят все новые статьи, а не только по темам."
    )
    assert labels(reply) == [
        *(["✕ уран"], ["✕ визит -Китай"], ["Добавить тему"], ["Присылать только по темам"])
    ]


@pytest.mark.parametrize(
    ("subscription", "hint", "button"),
    [
        (None, "Подписки нет", "Подписаться"),
        (replace(DAILY, subscribed=False), "Подписки нет", "Подписаться"),
        (DAILY, "Сейчас приходят все новые статьи", "Присылать только по темам"),
        (replace(DAILY, scope="sources"), "отбираются по источникам", "Присылать только по темам"),
    ],
)
def test_where_topics_do_not_work_it_is_said_and_one_tap_away(
    subscription: Subscription | None, hint: str, button: str
) -> None:
    reply = render_topics.known((1, "уран"), Audience(subscription, private=True))
    assert hint in reply.text
    assert labels(reply) == [["Удалить тему"], [button]]


def test_where_topics_work_nothing_is_added_but_for_a_pause() -> None:
    working = replace(DAILY, scope="topics")
    reply = render_topics.known((1, "уран"), Audience(working, private=True))
    assert said(reply) == "Тема «уран» уже есть в списке."
    paused = Audience(replace(working, paused=True), private=True)
    assert "на паузе" in render_topics.known((1, "уран"), paused).text


def test_a_group_is_told_of_the_commands() -> None:
    group = Audience(DAILY, private=False)
    for own in ([], [(1, "уран")]):
        reply = render_topics.listed(own, 0, group)
        assert "/topics добавить уран" in reply.text
        assert ["Добавить тему"] not in labels(reply)


@pytest.mark.parametrize(
    "data",
    [
        *("s:", "s:nothing:", "s", "s:when:", "s:when:hourly", "s:what:Всё", "s:hour:24"),
        *("s:hour:-1", "s:hour:٣", "s:hour:99999999999999999999", "s:at:1440", "s:at:", "s:at:9.5"),
        *("s:day:7", "s:hush:1-", "s:hush:1-1440", "s:hush:", "s:to:x", "s:zone:Mars/Base"),
        *("s:zone:", "s:zone:../../etc/passwd", "s:updates:2", "s:sources:-1", "s:take:x:y"),
    ],
)
def test_a_button_that_says_nonsense_is_stale(data: str) -> None:
    with pytest.raises(StaleButton):
        served(data, subscription_menu.VERBS)


@pytest.mark.parametrize(
    "data", ["t:cut:0", "t:cut:x:1", "t:cut:0:-1", "t:remove:", "t:list:", "t:list:999999", "t:x"]
)
def test_a_topics_button_that_says_nonsense_is_stale(data: str) -> None:
    with pytest.raises(StaleButton):
        served(data, topics.VERBS)
