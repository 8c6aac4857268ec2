"""/subscribe, /unsubscribe, /topics and their buttons, with a sandbox as Telegram."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot import replies
from bot.handlers import subscriptions, topics, typed
from bot.message import Button, Reply
from bot.sandbox.world import ANNA, BORIS, GROUP, IRINA
from bot.services import Context
from bot.store.subscriptions import Subscription
from bot.texts import digests as digest_texts
from bot.texts import subscriptions as texts
from bot.texts import topics as topic_texts
from tests.builders import corpus
from tests.sandbox_client import Pressed, Seen
from tests.served import Handlers, Served, served

READER, OTHER, OWNER, NEWSROOM = ANNA.id, BORIS.id, IRINA.id, GROUP.id
HEAD = "---\ntitle: {title}\nsource: {source}\ndate: 2025-12-{day}\n---\n"
ARTICLES = {
    f"{day}.md": HEAD.format(title=title, source=source, day=day) + text
    for day, title, source, text in (
        (10, "Первая", "Trend", "Добыча урана выросла вдвое."),
        (11, "Вторая", "Trend", "Экспорт нефти упал."),
        (12, "Третья", "Zakon.kz", "Переговоры шли об уране и нефти."),
        (13, "Четвёртая", "", "Поставки с ураном начались."),
        (14, "Пятая", "Kazinform", "Завод купил уран."),
    )
}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Served]:
    corpus(tmp_path / "articles", ARTICLES)
    reader = typed.reader({"zone": subscriptions.typed_zone, "topic": topics.typed_topic})
    button = CallbackQueryHandler[Context, None]
    handlers: Handlers = {
        -1: [MessageHandler(filters.ChatType.PRIVATE & filters.TEXT, reader)],
        0: [
            CommandHandler("subscribe", subscriptions.subscribe),
            CommandHandler("unsubscribe", subscriptions.unsubscribe),
            CommandHandler("topics", topics.topics),
            CommandHandler("forge", _forged),
            button(subscriptions.button, r"^s:"),
            button(topics.button, r"^t:"),
        ],
    }
    async with served(tmp_path, handlers) as opened:
        yield opened


async def own(here: Served, chat: int = READER) -> Subscription:
    found = await here.store.subscription(chat)
    assert found is not None
    return found


async def walk(here: Served, message: Seen, *labels: str, user: int = READER) -> Seen:
    """Press one button after another; the message as it is in the end."""
    for label in labels:
        pressed = await here.client.press(user, message, label)
        message = await here.client.wait_for_edit(pressed, message.chat)
    return message


async def _forged(update: Update, context: Context) -> None:
    """A message with a button that carries what stands behind the command."""
    message = update.effective_message
    assert message is not None
    data = (message.text or "").partition(" ")[2]
    await replies.send(context.bot, message.chat_id, Reply("?", buttons=((Button("?", data),),)))


async def forge(here: Served, data: str, user: int = READER, chat: int = READER) -> Pressed:
    """A press with data that no button has, or has no longer."""
    return await here.client.press(user, await here.ask(user, f"/forge {data}", chat), "?")


async def alert(here: Served, pressed: Pressed) -> str:
    answer = await here.client.wait_for_answer(pressed)
    assert answer.get("show_alert")
    return str(answer["text"])


# The menu


async def test_one_tap_is_enough(here: Served) -> None:
    menu = await here.ask(READER, "/subscribe")
    assert menu.text.startswith("Вы подписаны.")
    assert "✓ Ежедневно" in menu.buttons
    subscription = await own(here)
    assert (subscription.active, subscription.frequency, subscription.minute) == (
        *(True, "daily", 540),
    )


@pytest.mark.parametrize(
    ("labels", "field", "value"),
    [
        (["Сразу"], "frequency", "now"),
        (["Еженедельно", "День: понедельник", "среда"], "weekday", 2),
        (["Время: 09:00", "07:00", "07:40"], "minute", 460),
        (["Время: 09:00", "07:00", "Назад", "08:00", "08:05"], "minute", 485),
        (["Темы"], "scope", "topics"),
        (["Источники", "Назад", "Всё"], "scope", "all"),
        (["Тихие часы: нет", "22:00–07:00"], "quiet", (1320, 420)),
        (["Тихие часы: нет", "Другие часы…", "12:00", "14:00"], "quiet", (720, 840)),
        (
            ["Тихие часы: нет", "22:00–07:00", "Тихие часы: 22:00–07:00", "Выключить"],
            "quiet",
            None,
        ),
        (["Часовой пояс: Алматы, UTC+5", "Москва, UTC+3"], "timezone", "Europe/Moscow"),
        (["Обновлённые статьи: нет"], "updates", True),
        (["Обновлённые статьи: нет", "Обновлённые статьи: да"], "updates", False),
        (["Пауза"], "paused", True),
        (["Пауза", "Возобновить"], "paused", False),
        (["Отписаться"], "subscribed", False),
        (["Отписаться", "Подписаться"], "subscribed", True),
    ],
)
async def test_buttons_change_the_subscription_and_lead_back_to_the_menu(
    here: Served, labels: list[str], field: str, value: object
) -> None:
    menu = await here.ask(READER, "/subscribe")
    last = await walk(here, menu, *labels)
    assert getattr(await own(here), field) == value
    assert last.id == menu.id
    assert {"Отписаться", "Подписаться"} & last.buttons.keys()
    assert len(await here.client.messages(READER)) == 2


async def test_sources_are_chosen_and_given_up_by_a_tap(here: Served) -> None:
    menu = await here.ask(READER, "/subscribe")
    sources = await walk(here, menu, "Источники")
    assert list(sources.buttons) == [
        *("Trend · 2 статьи", "источник не указан · 1 статья", "Kazinform · 1 статья"),
        *("Zakon.kz · 1 статья", "Назад"),
    ]
    assert texts.NO_SOURCES in sources.text
    chosen = await walk(here, sources, "Trend · 2 статьи", "источник не указан · 1 статья")
    assert await here.store.sources(READER) == {"Trend", ""}
    left = await walk(here, chosen, "✓ Trend · 2 статьи")
    assert await here.store.sources(READER) == {""}
    assert "Новые статьи из 1 источника" in (await walk(here, left, "Назад")).text


async def test_a_button_of_a_chosen_state_pressed_again_is_no_error(here: Served) -> None:
    menu = await here.ask(READER, "/subscribe")
    pressed = await here.client.press(READER, menu, "✓ Ежедневно")
    assert not (await here.client.wait_for_answer(pressed)).get("text")
    await walk(here, menu, "Сразу")
    assert len(await here.client.messages(READER)) == 2


async def test_two_presses_at_once_both_count(here: Served) -> None:
    menu = await here.ask(OWNER, "/subscribe", NEWSROOM)
    presses = [here.client.press(OWNER, menu, label) for label in ("Темы", "Еженедельно")]
    first = min(await asyncio.gather(*presses), key=lambda pressed: pressed.number)
    edited = await here.client.wait_for_edit(first, NEWSROOM)
    last = await here.client.wait_for_edit(edited)
    assert {"✓ Темы", "✓ Еженедельно"} <= last.buttons.keys()


async def test_an_old_menu_shows_the_present_state(here: Served) -> None:
    menu = await here.ask(READER, "/subscribe")
    await here.ask(READER, "/unsubscribe")
    assert list((await walk(here, menu, "Сразу")).buttons) == ["Подписаться"]
    assert (await own(here)).frequency == "daily"


@pytest.mark.parametrize("data", ["s:when:hourly", "s:at:9999", "s:zone:../x", "s:", "t:cut:-1:x"])
async def test_forged_buttons_are_refused_in_a_window(here: Served, data: str) -> None:
    await here.ask(READER, "/subscribe")
    before = await own(here)
    assert await alert(here, await forge(here, data)) == texts.STALE_BUTTON
    assert await own(here) == before
    assert len(await here.client.messages(READER)) == 4


async def test_a_source_that_is_not_there_is_passed_over(here: Served) -> None:
    await here.ask(READER, "/subscribe")
    pressed = await forge(here, "s:take:0:0123456789abcdef")
    assert "Trend · 2 статьи" in (await here.client.wait_for_edit(pressed, READER)).buttons
    assert await here.store.sources(READER) == set()


# Words behind /subscribe, and zones that are typed


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        *(("7:43", "minute", 463), ("07.43", "minute", 463), ("в 7", "minute", 420)),
        *(("Токио", "timezone", "Asia/Tokyo"), ("UTC+3", "timezone", "Etc/GMT-3")),
    ],
)
async def test_a_time_or_a_city_behind_the_command_is_set(
    here: Served, said: str, field: str, value: object
) -> None:
    assert "Вы подписаны" in (await here.ask(READER, f"/subscribe {said}")).text
    assert getattr(await own(here), field) == value


async def test_who_names_a_time_gets_a_daily_digest(here: Served) -> None:
    await walk(here, await here.ask(READER, "/subscribe"), "Сразу")
    await here.ask(READER, "/subscribe 7:43")
    assert (await own(here)).frequency == "daily"


@pytest.mark.parametrize("said", ["24:00", "7:60", "завтра", "7-43", "٧:٤٣"])
async def test_what_is_no_time_and_no_city_is_said(here: Served, said: str) -> None:
    assert (await here.ask(READER, f"/subscribe {said}")).text == texts.NOT_UNDERSTOOD
    assert await here.store.subscription(READER) is None


async def test_another_zone_is_typed(here: Served) -> None:
    menu = await here.ask(READER, "/subscribe")
    await walk(here, menu, "Часовой пояс: Алматы, UTC+5", "Другой…")
    unknown = await here.ask(READER, "Нигде")
    assert unknown.text == texts.UNKNOWN_ZONE
    await walk(here, unknown, "Другой…")
    assert "(Токио)" in (await here.ask(READER, "токио")).text
    assert (await own(here)).timezone == "Asia/Tokyo"


async def test_back_instead_of_a_city_expects_no_city(here: Served) -> None:
    menu = await here.ask(READER, "/subscribe")
    await walk(here, menu, "Часовой пояс: Алматы, UTC+5", "Другой…", "Назад")
    assert await here.store.rows("SELECT 1 FROM prompts") == []


# Leaving and pausing


async def test_leaving_by_command_is_said(here: Served) -> None:
    assert (await here.ask(READER, "/unsubscribe")).text == texts.NEVER_JOINED
    await here.ask(READER, "/subscribe")
    assert (await here.ask(READER, "/unsubscribe")).text == texts.LEFT
    assert (await here.ask(READER, "/unsubscribe")).text == texts.NEVER_JOINED


async def test_who_comes_back_from_a_pause_is_asked_once_about_what_was_missed(
    here: Served,
) -> None:
    await here.services.intake.record()
    menu = await here.ask(READER, "/subscribe")
    paused = await walk(here, menu, "Пауза")
    (here.corpus / "new.txt").write_text("Завод начал поставки топлива.", "utf-8")
    await here.services.intake.refresh()
    pressed = await here.client.press(READER, paused, "Возобновить")
    question = await here.client.wait_for_reply(pressed, READER)
    assert "вышла 1 статья" in question.text
    assert list(question.buttons) == [digest_texts.CATCH_UP, digest_texts.SKIP]
    again = await here.client.wait_for_edit(await forge(here, "s:resume:"), READER)
    await walk(here, again, "Сразу")
    asked = [each for each in await here.client.messages(READER) if each.text == question.text]
    assert len(asked) == 1


# Groups


async def test_in_a_group_only_its_administrators_decide(here: Served) -> None:
    for command in ("/subscribe", "/unsubscribe", "/topics добавить уран"):
        refused = await here.ask(READER, command, NEWSROOM)
        assert refused.text == digest_texts.ADMINS_ONLY
    assert await here.store.subscription(NEWSROOM) is None
    menu = await here.ask(OWNER, "/subscribe", NEWSROOM)
    assert menu.text.startswith("Группа подписана.")
    pressed = await here.client.press(READER, menu, "Сразу")
    assert await alert(here, pressed) == digest_texts.ADMINS_ONLY
    assert (await own(here, NEWSROOM)).frequency == "daily"
    await walk(here, menu, "Сразу", user=OWNER)
    assert (await own(here, NEWSROOM)).frequency == "now"


async def test_in_a_group_nothing_is_typed_but_commands(here: Served) -> None:
    menu = await here.ask(OWNER, "/subscribe", NEWSROOM)
    shown = await walk(here, menu, "Часовой пояс: Алматы, UTC+5", user=OWNER)
    assert texts.OTHER_ZONE not in shown.buttons
    assert texts.ZONE_BY_COMMAND in shown.text
    assert topic_texts.ADD not in (await here.ask(READER, "/topics", NEWSROOM)).buttons
    for data in ("s:elsewhere:", "t:add:"):
        await here.client.wait_for_edit(await forge(here, data, OWNER, NEWSROOM), NEWSROOM)
    assert await here.store.rows("SELECT 1 FROM prompts") == []


# Topics


async def test_adding_a_topic_shows_what_it_would_have_matched(here: Served) -> None:
    added = await here.ask(READER, "/topics добавить уран")
    assert added.text.startswith(
        "Тема «уран» добавлена.\nВ архиве по ней 4 статьи, самые новые:\n\n"
        "1. Пятая\nKazinform · 14 декабря 2025\u00a0г.\nЗавод купил уран.\n\n"
        "2. Четвёртая\nисточник не указан · 13 декабря 2025\u00a0г.\nПоставки с ураном начались."
    )
    assert added.pieces("blockquote") == [
        *("Завод купил уран.", "Поставки с ураном начались.", "Переговоры шли об уране и нефти.")
    ]
    assert {"уран", "ураном", "уране"} <= set(added.pieces("bold"))
    assert list(added.buttons) == [topic_texts.REMOVE, texts.JOIN]


@pytest.mark.parametrize(
    "command",
    ["/topics add уран", "/topics + уран", "/topics Добавить\n уран", "/topics ДОБАВЬ уран"],
)
async def test_there_are_other_ways_to_say_it(here: Served, command: str) -> None:
    assert "Тема «уран» добавлена" in (await here.ask(READER, command)).text
    assert "Тема «Уран» удалена" not in (await here.ask(READER, "/topics удалить Уран")).text
    assert await here.store.topics(READER) == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("добавить", "нет ни одного слова"),
        ("добавить 😀", "нет ни одного слова"),
        ("добавить и не", "только служебные слова"),
        ("добавить -Китай", "только то, чего не должно быть"),
        ("добавить " + "уран " * 60, "Тема слишком длинная: 299 знаков. Сократите её до 200"),
        ("уран", "/topics добавить уран"),
        ("удалить", "/topics удалить уран"),
        ("удалить нефть", topic_texts.GONE),
    ],
)
async def test_what_is_no_topic_is_said(here: Served, said: str, answer: str) -> None:
    assert answer in (await here.ask(READER, f"/topics {said}")).text
    assert await here.store.topics(READER) == []


async def test_a_topic_without_matches_waits_for_new_articles(here: Served) -> None:
    assert topic_texts.NOTHING_FOUND in (await here.ask(READER, "/topics добавить медь")).text


async def test_a_topic_is_there_once(here: Served) -> None:
    await here.ask(READER, "/topics добавить уран")
    again = await here.ask(READER, "/topics добавить  УРАН ")
    assert again.text.startswith("Тема «уран» уже есть в списке.")
    assert len(await here.store.topics(READER)) == 1


async def test_there_is_a_limit_to_topics(here: Served) -> None:
    for number in range(topics.MOST_TOPICS):
        await here.store.add_topic(READER, f"тема {number}", here.clock())
    refused = await here.ask(READER, "/topics добавить уран")
    assert refused.text == topic_texts.too_many(500)
    assert "Больше 500 тем добавить нельзя" in refused.text
    shown = await walk(here, await here.ask(READER, "/topics"), "›")
    assert {"✕ тема 10", "‹", "2 из 50", "›"} <= shown.buttons.keys()


async def test_topics_are_removed_from_the_list_by_a_tap(here: Served) -> None:
    for text in ("уран", "нефть"):
        await here.ask(READER, f"/topics добавить {text}")
    listed = await here.ask(READER, "/topics")
    left = await walk(here, listed, "✕ уран")
    assert [text for _, text in await here.store.topics(READER)] == ["нефть"]
    assert "✕ уран" not in left.buttons
    assert topic_texts.NO_TOPICS in (await walk(here, left, "✕ нефть")).text
    again = await forge(here, listed.buttons["✕ уран"])
    assert topic_texts.NO_TOPICS in (await here.client.wait_for_edit(again, READER)).text


async def test_a_topic_can_be_taken_back_at_once(here: Served) -> None:
    added = await here.ask(READER, "/topics добавить уран")
    removed = await walk(here, added, topic_texts.REMOVE)
    assert removed.text == "Тема «уран» удалена."
    assert await here.store.topics(READER) == []
    again = await forge(here, added.buttons[topic_texts.REMOVE])
    assert (await here.client.wait_for_edit(again, READER)).text == topic_texts.GONE
    assert topic_texts.NO_TOPICS in (await walk(here, removed, topic_texts.TO_LIST)).text


async def test_a_topic_is_typed_after_the_button(here: Served) -> None:
    listed = await here.ask(READER, "/topics")
    await walk(here, listed, topic_texts.ADD)
    wrong = await here.ask(READER, "и не")
    await walk(here, wrong, topic_texts.ADD)
    assert "Тема «уран» добавлена" in (await here.ask(READER, "уран")).text
    await walk(here, await here.ask(READER, "/topics"), topic_texts.ADD, texts.BACK)
    assert await here.store.rows("SELECT 1 FROM prompts") == []


async def test_one_tap_leads_from_a_topic_to_a_subscription_by_topics(here: Served) -> None:
    added = await here.ask(READER, "/topics добавить уран")
    menu = await here.client.wait_for_reply(
        await here.client.press(READER, added, texts.JOIN), READER
    )
    assert "Новые статьи будут приходить" in menu.text
    known = await here.ask(READER, "/topics добавить уран")
    menu = await here.client.wait_for_reply(
        await here.client.press(READER, known, topic_texts.ONLY_TOPICS), READER
    )
    assert "Новые статьи по 1 теме" in menu.text
    assert (await own(here)).scope == "topics"
