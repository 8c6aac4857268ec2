"""Questions, buttons and commands, end to end over HTTP with the real bot in a child process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import texts
from bot.sandbox.world import SANDBOX_TOKEN
from tests.running import (
    ADMIN,
    NEWSROOM,
    READER,
    Room,
    assert_verbatim,
    quotes_of,
    room,
)
from tests.sandbox_client import Seen

CORRIDOR = "Какой маршрут называют Средним коридором?"
NAME = "@doslovno_sandbox_bot"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as opened:
        yield opened


async def test_an_answer_is_verbatim_quotes_with_source_and_date(here: Room) -> None:
    question = await here.client.say(READER, CORRIDOR)
    answer = await here.client.wait_for_reply(question)

    assert_verbatim(answer, here.corpus)
    assert answer.json["reply_to_message"]["message_id"] == question.id
    assert "более известного как Средний коридор" in quotes_of(answer)[0]
    assert "Trend · дата не указана" in answer.text
    assert "Trend" not in quotes_of(answer)[0]
    assert {"Средний коридор", "маршрута"} <= set(answer.pieces("bold"))
    assert {"Контекст 1", "Статья 1"} <= set(answer.buttons)


async def test_typing_is_shown_before_the_answer(here: Room) -> None:
    await here.ask("уран")
    methods = [call["method"] for call in await here.client.calls()]
    assert methods.index("sendChatAction") < methods.index("sendMessage")


async def test_start_offers_three_examples_that_work(here: Room) -> None:
    start = await here.ask("/start")
    assert len(start.buttons) == 3
    for example in start.buttons:
        said = await here.press(start, example)
        assert said.text == example
        answer = await here.client.wait_for_reply(said)
        assert_verbatim(answer, here.corpus)


async def test_more_shows_other_quotes_until_there_are_none(here: Room) -> None:
    answer = await here.ask("Токаев")
    shown = quotes_of(answer)
    assert len(shown) == 3
    while "Ещё" in answer.buttons:
        pressed = await here.client.press(READER, answer, "Ещё")
        assert "Ещё" not in (await here.client.wait_for_edit(pressed)).buttons
        answer = await here.client.wait_for_reply(pressed)
        assert_verbatim(answer, here.corpus)
        shown += quotes_of(answer)
    assert len(shown) > 6
    assert len(set(shown)) == len(shown)


async def test_context_shows_the_paragraphs_around_a_quote(here: Room) -> None:
    answer = await here.ask(CORRIDOR)
    around = await here.press(answer, "Контекст 1")
    before, own, after = quotes_of(around)
    assert_verbatim(around, here.corpus)
    assert quotes_of(answer)[0] in around.pieces("bold")
    assert own == quotes_of(answer)[0]
    assert before.startswith("Большое внимание уделялось вопросам энергетики.")
    assert after.endswith("на развитие противопаводковых систем в Казахстане.")


async def test_article_comes_whole(here: Room) -> None:
    answer = await here.ask(CORRIDOR)
    first = await here.press(answer, "Статья 1")
    body = first.text.partition("дата не указана")[2].strip()
    text = (here.corpus / "002_54d944de63979dc0.txt").read_text(encoding="utf-8")
    pieces = [body]
    while not text.rstrip().endswith(pieces[-1]):
        pieces.append((await here.client.wait_for_reply(first)).text)
        first = (await here.client.messages(READER))[-1]
    assert "".join(" ".join(pieces).split()) == "".join(text.partition(" - ")[2].split())


async def test_a_very_long_article_comes_as_a_file(here: Room) -> None:
    long = "Запасы тория в Семее оценили заново.\n\n" + "Очередной абзац доклада о тории.\n\n" * 900
    (here.corpus / "long.md").write_text(
        f"---\ntitle: Торий\nsource: Вестник\ndate: 2024-02-01\n---\n{long}", encoding="utf-8"
    )
    await here.ask("/reload", ADMIN)
    file = await here.press(await here.ask("запасы тория"), "Статья")
    assert file.json["document"]["file_name"] == "Торий.txt"
    assert file.text == "Торий\nВестник · 1 февраля 2024 г."
    stored = await here.client.http.get(
        f"/bot{SANDBOX_TOKEN}/getFile", params={"file_id": file.json["document"]["file_id"]}
    )
    path = stored.json()["result"]["file_path"]
    body = (await here.client.http.get(f"/file/bot{SANDBOX_TOKEN}/{path}")).text
    assert body.count("Очередной абзац доклада о тории.") == 900


@pytest.mark.parametrize("question", ["рецепт борща", "Какая погода в Париже?", "привет"])
async def test_what_the_archive_does_not_hold_is_not_found(here: Room, question: str) -> None:
    answer = await here.ask(question)
    assert "не найдено" in answer.text
    assert "в 5 статьях (19 декабря 2025\u00a0г. — 21 декабря 2025\u00a0г.), архив" in answer.text
    assert not quotes_of(answer)
    assert all(label.startswith("Ближайшее: ") for label in answer.buttons)


async def test_how_a_question_was_read_is_said_above_the_quotes(here: Room) -> None:
    answer = await here.ask("визит -Китай дата:2025-13")
    assert answer.pieces("italic")[:2] == [
        "Без слова: Китай.",
        "Не понял «дата:2025-13», ищу как слова. Пример: дата:2025-12.",
    ]
    assert_verbatim(answer, here.corpus)


async def test_unusable_questions_get_a_clear_line(here: Room) -> None:
    for said, reply in (
        ("а" * 1001, texts.too_long(1001, 1000)),
        ("?!", texts.EMPTY_QUESTION),
        ("/ask", texts.EMPTY_QUESTION),
        ("/frobnicate", texts.UNKNOWN_COMMAND),
    ):
        assert (await here.ask(said)).text == reply
    for kind in ("sticker", "photo", "voice"):
        said_it = await here.client.say(READER, attach=kind)
        assert (await here.client.wait_for_reply(said_it)).text == texts.ONLY_TEXT


async def test_an_edited_question_gets_its_answer_edited(here: Room) -> None:
    question = await here.client.say(READER, "рецепт борща")
    refused = await here.client.wait_for_reply(question)
    found = await here.client.wait_for_edit(await here.client.edit(READER, question, CORRIDOR))
    assert found.id == refused.id
    assert_verbatim(found, here.corpus)
    assert "Контекст 1" in found.buttons
    again = await here.client.wait_for_edit(await here.client.edit(READER, question, "борщ"))
    assert again.id == refused.id
    assert "не найдено" in again.text
    assert "Контекст 1" not in again.buttons


async def test_an_edit_that_changes_no_word_sends_nothing(here: Room) -> None:
    question = await here.client.say(READER, "где уран")
    await here.client.wait_for_reply(question)
    await here.client.edit(READER, question, "где  уран")
    await here.ask("Токаев")
    assert not await here.client.calls("editMessageText")


async def test_a_group_is_answered_only_when_it_asks_the_bot(here: Room) -> None:
    silent = [
        await here.client.say(READER, said, NEWSROOM)
        for said in ("Где уран?", "/frobnicate", "/ask@other_bot уран")
    ]
    await here.client.say(READER, attach="sticker", chat=NEWSROOM)
    answer = await here.ask(f"{NAME} уран?", READER, NEWSROOM)
    assert_verbatim(answer, here.corpus)
    assert answer.json["reply_to_message"]["message_id"] > silent[-1].id
    for asked in ("/ask уран", f"/ask{NAME} уран", "/ask\nуран"):
        assert quotes_of(await here.ask(asked, READER, NEWSROOM)) == quotes_of(answer)
    reply = await here.client.say(READER, "Токаев", NEWSROOM, reply_to=answer)
    assert_verbatim(await here.client.wait_for_reply(reply), here.corpus)
    assert (await here.ask(f"/frobnicate{NAME}", READER, NEWSROOM)).text == texts.UNKNOWN_COMMAND


async def test_latest_lists_dated_articles_first_and_opens_them(here: Room) -> None:
    latest = await here.ask("/latest")
    lines = [line for line in latest.text.splitlines() if "·" in line]
    assert lines[0] == "источник не указан · 21 декабря 2025 г."
    assert lines[-1].endswith("дата не указана")
    assert len(lines) == len(latest.buttons) == 5
    first = await here.press(latest, "Статья 1")
    assert first.text.startswith("Императорская аудиенция")


async def test_sources_count_articles_and_dates(here: Room) -> None:
    sources = (await here.ask("/sources")).text
    assert "Zakon.kz — 1 статья, 19 декабря 2025 г." in sources
    assert "источник не указан — 1 статья, 21 декабря 2025 г." in sources
    assert "В архиве 5 статей." in sources


async def test_only_admins_are_shown_and_given_reload(here: Room) -> None:
    for user, has in ((READER, False), (ADMIN, True)):
        help_text = (await here.ask("/help", user)).text
        assert ("/reload" in help_text) == has
        start = await here.client.say(user, "/start")
        await here.client.wait_for_reply(start)
    await _menu_set(here)
    assert "reload" in await here.client.menu(ADMIN)
    assert "reload" not in await here.client.menu(READER)
    assert (await here.client.menu(READER))["latest"] == texts.COMMANDS["latest"]


async def _menu_set(here: Room) -> None:
    scoped: list[dict[str, object]] = []
    while not scoped:
        calls = await here.client.calls("setMyCommands", wait=20)
        scoped = [call for call in calls if "scope" in str(call) and call["code"] == 200]


async def test_two_presses_of_more_show_different_quotes(here: Room) -> None:
    answer = await here.ask("Япония")
    pressed = [await here.client.press(READER, answer, "Ещё") for _ in range(2)]
    first = await here.client.wait_for_reply(pressed[0])
    second = await here.client.wait_for_reply(Seen(first.json, first.number))
    assert not set(quotes_of(first)) & set(quotes_of(second))
