"""/reload and what becomes of old answers, end to end with the real bot in a child process."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import texts
from bot.settings import index_in
from retrieval.storage import open_generation
from retrieval.storing.lock import Lock
from tests.running import (
    ADMIN,
    NEWSROOM,
    READER,
    Room,
    assert_verbatim,
    quotes_of,
    room,
)

CORRIDOR = "Какой маршрут называют Средним коридором?"
TREND = "002_54d944de63979dc0.txt"
THORIUM = (
    "---\ntitle: Торий\nsource: Вестник\ndate: 2024-02\n---\nЗапасы тория в Семее оценили заново.\n"
)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as opened:
        yield opened


async def test_added_changed_removed_and_refused_files_are_reported(here: Room) -> None:
    (here.corpus / "thorium.md").write_text(THORIUM, encoding="utf-8")
    changed = here.corpus / TREND
    changed.write_text(changed.read_text("utf-8").replace("тантала", "тантала и бериллия"), "utf-8")
    (here.corpus / "004_876a1a6a5dd91c7d.txt").unlink()
    (here.corpus / "broken.jsonl").write_text('{"title": "Нет конца"\n', encoding="utf-8")

    report = (await here.ask("/reload", ADMIN)).text
    assert "Добавлено: 1\nthorium.md" in report
    assert f"Изменено: 1\n{TREND}" in report
    assert "Удалено: 1\n004_876a1a6a5dd91c7d.txt" in report
    assert "Не принято: 1\nbroken.jsonl, строка 1: ошибка в JSON" in report
    assert "В архиве 5 статей." in report

    thorium = await here.ask("запасы тория")
    assert quotes_of(thorium) == ["Запасы тория в Семее оценили заново."]
    assert "Вестник · февраль 2024 г." in thorium.text
    assert "бериллия" in (await here.ask("экспорт бериллия")).text
    assert "не найдено" in (await here.ask("Что отмечает политолог Нуржума?")).text
    assert texts.NO_CHANGES in (await here.ask("/reload", ADMIN)).text


async def test_for_others_reload_does_not_exist(here: Room) -> None:
    assert (await here.ask("/reload")).text == (await here.ask("/reloat")).text
    await here.client.say(READER, "/reload", NEWSROOM)
    await here.client.say(READER, "/reloat", NEWSROOM)
    answer = await here.ask("/ask уран", READER, NEWSROOM)
    before = [m for m in await here.client.messages(NEWSROOM) if m.json["from"]["is_bot"]]
    assert [message.id for message in before] == [answer.id]


async def test_a_failing_reload_leaves_the_old_archive(here: Room) -> None:
    here.corpus.rename(here.corpus.with_name("elsewhere"))
    assert (await here.ask("/reload", ADMIN)).text == texts.RELOAD_FAILED
    assert_verbatim(await here.ask(CORRIDOR), here.corpus.with_name("elsewhere"))


async def test_while_another_process_builds_a_reload_says_so(here: Room) -> None:
    with Lock(index_in(here.state)):
        assert (await here.ask("/reload", ADMIN)).text == texts.RELOAD_LOCKED
        assert_verbatim(await here.ask(CORRIDOR), here.corpus)
    assert texts.NO_CHANGES in (await here.ask("/reload", ADMIN)).text


async def test_the_end_stops_the_process_that_builds(here: Room) -> None:
    paragraph = (here.corpus / TREND).read_text(encoding="utf-8")
    for number in range(1_000):
        (here.corpus / f"copy{number}.txt").write_text(f"Выпуск {number}. {paragraph}", "utf-8")
    await here.client.say(ADMIN, "/reload")
    await here.ask(CORRIDOR)
    assert await here.bot.stop() == 0
    assert len(open_generation(index_in(here.state)).articles) < 1_000
    with Lock(index_in(here.state)):
        pass
    assert "Traceback" not in here.bot.log


async def test_questions_are_answered_while_a_reload_runs_and_a_second_is_refused(
    here: Room,
) -> None:
    paragraph = (here.corpus / TREND).read_text(encoding="utf-8")
    for number in range(150):
        (here.corpus / f"copy{number}.txt").write_text(f"Выпуск {number}. {paragraph}", "utf-8")
    first = await here.client.say(ADMIN, "/reload")
    second = await here.client.say(ADMIN, "/reload")
    reply_to_second = await here.client.wait_for_reply(second)
    answer = await here.ask("император Нарухито", READER)
    report = await here.client.wait_for_reply(reply_to_second, seconds=60)

    assert reply_to_second.text == texts.RELOAD_RUNNING
    assert quotes_of(answer)
    assert "Добавлено: 150" in report.text
    assert report.json["reply_to_message"]["message_id"] == first.id
    assert answer.number < report.number


async def test_buttons_say_what_became_of_their_article(here: Room) -> None:
    answer = await here.ask(CORRIDOR)
    path = here.corpus / TREND
    text = path.read_text(encoding="utf-8")

    path.write_text(text.replace("БАКУ /Trend/ - ", "БАКУ /Trend/ - Добавлено. "), "utf-8")
    await here.ask("/reload", ADMIN)
    moved = await here.press(answer, "Контекст 1")
    assert moved.text.startswith(texts.ARTICLE_CHANGED)
    assert quotes_of(answer)[0] in moved.pieces("bold")
    assert (await here.press(answer, "Статья 1")).text.startswith(texts.ARTICLE_CHANGED)

    path.write_text(text.replace("Средний коридор", "Срединный коридор"), "utf-8")
    await here.ask("/reload", ADMIN)
    gone = await here.press(answer, "Контекст 1")
    assert gone.text == texts.QUOTE_GONE
    assert (await here.press(gone, "Статья")).text.startswith(texts.ARTICLE_CHANGED)

    path.unlink()
    await here.ask("/reload", ADMIN)
    for button in ("Контекст 1", "Статья 1"):
        assert (await here.press(answer, button)).text == texts.ARTICLE_GONE


async def test_an_empty_archive_is_said_to_admins_and_readers(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    async with room(tmp_path) as here:
        await here.client.say(ADMIN, "/help")  # an admin the bot may write to, once it restarts
        assert (await here.ask("уран")).text == texts.EMPTY_ARCHIVE
        assert (await here.ask("/latest")).text == texts.EMPTY_ARCHIVE
        assert (await here.ask("/sources")).text == texts.EMPTY_ARCHIVE
        assert not (await here.ask("/start")).buttons
        before = await here.client.messages(ADMIN)
        await here.bot.stop()
        await here.start_bot()
        async with asyncio.timeout(20):
            told: list[str] = []
            while texts.EMPTY_ARCHIVE_ADMIN not in told:
                await here.client.events(wait=1)
                told = [m.text for m in await here.client.messages(ADMIN)][len(before) :]
