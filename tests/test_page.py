"""The sandbox page in a real browser: headless Chromium, with a small scripted bot behind it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO

import pytest
import pytest_asyncio
from matplotlib.figure import Figure
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    FloatRect,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from bot.sandbox.pictures import SMILE
from bot.sandbox.server import Sandbox
from bot.sandbox.state import State
from bot.sandbox.world import ANNA, BORIS, DEPARTMENT, GROUP, IRINA
from tests.sandbox_rig import Caller, Json, Rig, running

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip("no Chromium to open the page in", allow_module_level=True)

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for all tests
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK: ViewportSize = {"width": 1200, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
COMMANDS = [
    {"command": "ask", "description": "спросить"},
    {"command": "latest", "description": "новое"},
]
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
LONG = "Очень длинная подпись, которая не помещается в строку телефона"
"""Text on a button."""


def entity(kind: str, text: str, piece: str, **more: str) -> Json:
    """An entity over a piece of a text, in UTF-16 units."""
    before, _, _ = text.partition(piece)
    length = len(piece.encode("utf-16-le")) // 2
    return {"type": kind, "offset": len(before.encode("utf-16-le")) // 2, "length": length, **more}


def answer() -> Json:
    """What the scripted bot answers: formatting of all kinds, buttons, hostile text."""
    quote, fold = "😀 Стороны подписали документы.", "Длинная цитата. " * 40
    text = f"{quote}\nИсточник\n\n{fold.strip()}\nконец /latest\n{HOSTILE}"
    return {
        "text": text,
        "entities": [
            entity("blockquote", text, quote),
            entity("bold", text, "подписали"),
            entity("text_link", text, "Источник", url="https://example.kz/a"),
            entity("italic", text, "Источник"),
            entity("expandable_blockquote", text, fold.strip()),
        ],
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "Подсказка", "callback_data": "toast"}],
                [{"text": "Окно", "callback_data": "alert"}],
                [{"text": LONG, "callback_data": "edit"}],
            ]
        },
    }


@dataclass
class Script:
    """A bot of a few lines: it answers any text and three buttons."""

    bot: Caller
    offset: int = 0

    async def run(self) -> None:
        await self.bot.result("setMyCommands", commands=COMMANDS)
        while True:
            for update in await self.bot.result("getUpdates", offset=self.offset, timeout=20):
                self.offset = update["update_id"] + 1
                await self.handle(update)

    async def handle(self, update: Json) -> None:
        if query := update.get("callback_query"):
            await self.press(query)
        elif message := update.get("message"):
            chat = {"chat_id": message["chat"]["id"]}
            await self.bot.result("sendChatAction", **chat, action="typing")
            reply = {"reply_parameters": {"message_id": message["message_id"]}}
            await self.bot.result("sendMessage", **chat, **answer(), **reply)

    async def press(self, query: Json) -> None:
        said = {"text": "Слово бота", "show_alert": query["data"] == "alert"}
        said = {} if query["data"] == "edit" else said
        await self.bot.result("answerCallbackQuery", callback_query_id=query["id"], **said)
        if query["data"] == "edit":
            message = query["message"]
            where = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
            await self.bot.result("editMessageText", **where, text="новый текст")


@asynccontextmanager
async def scripted(rig: Rig) -> AsyncIterator[None]:
    """The scripted bot at work."""
    task = asyncio.create_task(Script(rig.bot).run())
    await rig.people.wait_for_bot()
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM, "CI must have a Chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig, scripted(rig):
        yield rig


def worries(said: ConsoleMessage) -> list[str]:
    """Errors in the console; Chromium writes there of refusals too, which the page itself shows."""
    return [said.text] if said.type == "error" and "(Bad Request)" not in said.text else []


@asynccontextmanager
async def opened(
    browser: Browser, rig: Rig, address: str = "", viewport: ViewportSize = DESK
) -> AsyncIterator[Page]:
    """The page, with nothing in its console that a person would have to see to."""
    phone = viewport == PHONE
    page = await browser.new_page(viewport=viewport, has_touch=phone, is_mobile=phone)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.extend(worries(said)))
    await page.goto(f"{rig.sandbox.url}/#{address}")
    yield page
    await page.close()
    assert troubles == []


async def box(node: Locator) -> FloatRect:
    """Where an element stands."""
    rect = await node.bounding_box()
    assert rect
    return rect


def chart(width: int, height: int) -> bytes:
    """A picture of this size, as a bot would send one from memory."""
    body = BytesIO()
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    figure.subplots().plot([3, 1, 2])
    figure.savefig(body, format="png")
    return body.getvalue()


async def ask(page: Page, text: str = "что подписали?") -> None:
    """Write a message and wait for the bot's answer."""
    await page.fill("#text", text)
    await page.press("#text", "Enter")
    await expect(page.locator(".message:not(.own)").last).to_contain_text("Стороны")


async def test_a_first_visit(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await page.click("text=Начать")
        reply = page.locator(".message").nth(1)
        await expect(page.locator(".message.own .text")).to_have_text("/start")
        await expect(reply.locator("blockquote").first).to_contain_text("😀 Стороны подписали")
        await expect(reply.locator("blockquote b")).to_have_text("подписали")
        await expect(reply.locator("a i")).to_have_text("Источник")
        await expect(reply.locator("a").first).to_have_attribute("href", "https://example.kz/a")
        await expect(reply.locator(".reply-head")).to_contain_text("Анна")
        await expect(page.locator("#banner")).to_be_hidden()


async def test_hostile_text_stays_text(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await ask(page, HOSTILE)
        await expect(page.locator(".own .text")).to_have_text(HOSTILE)
        await expect(page.locator(".message:not(.own) .text")).to_contain_text(HOSTILE)
        assert await page.locator("#log img, #log script").count() == 0
        assert "Дословно" in await page.title()


async def test_quotes_fold(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await ask(page)
        quote = page.locator("blockquote").nth(1)
        low = (await box(quote))["height"]
        await page.click('[aria-label="Развернуть цитату"]')
        assert (await box(quote))["height"] > 2 * low
        await page.press('[aria-label="Свернуть цитату"]', "Enter")
        assert (await box(quote))["height"] == low


async def test_buttons(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await ask(page)
        await page.click("text=Подсказка")
        await expect(page.locator(".toast")).to_have_text("Слово бота")
        await page.click(".key:has-text('Окно')")
        await expect(page.locator("dialog")).to_contain_text("Слово бота")
        await page.click("text=Хорошо")
        await page.click(f"text={LONG}")
        await expect(page.locator(".message").last).to_contain_text("новый текст")
        await expect(page.locator(".message").last.locator(".stamp")).to_contain_text("изменено")
        await expect(page.locator(".key")).to_have_count(0)


async def test_a_button_turns_until_the_bot_answers(browser: Browser) -> None:
    keys = {"inline_keyboard": [[{"text": "Ещё", "callback_data": "x"}]]}
    async with running() as rig, opened(browser, rig) as page:
        await rig.people.say(ANNA.id, "привет")
        await rig.bot.result("sendMessage", chat_id=ANNA.id, text="а", reply_markup=keys)
        await page.click(".key")
        await expect(page.locator(".key")).to_have_attribute("aria-busy", "true")
        update = (await rig.bot.result("getUpdates"))[-1]
        query_id = update["callback_query"]["id"]
        await rig.bot.result("answerCallbackQuery", callback_query_id=query_id)
        await expect(page.locator(".key")).not_to_have_attribute("aria-busy", "true")


async def test_commands(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await page.click("#menu")
        await expect(page.locator("#commands [role=option]")).to_have_count(2)
        await page.press("#text", "Escape")
        await expect(page.locator("#commands")).to_be_hidden()
        await page.locator("#text").press_sequentially("/la")
        await expect(page.locator("#commands [role=option]")).to_have_text("/latestновое")
        await page.press("#text", "Enter")
        await expect(page.locator(".own .text")).to_have_text("/latest")
        await page.locator(".message:not(.own) .command").click()
        await expect(page.locator(".own .text")).to_have_text(["/latest", "/latest"])


async def test_a_command_in_a_group_names_the_bot(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig, f"{ANNA.id}/{GROUP.id}") as page:
        await page.click("#menu")
        await page.locator("#commands [role=option]").first.click()
        await expect(page.locator(".own .text")).to_have_text("/ask@doslovno_sandbox_bot")
        await expect(page.locator(".name")).to_have_text("Дословно")


async def test_writing(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await page.fill("#text", "первая")
        await page.press("#text", "Shift+Enter")
        await page.locator("#text").press_sequentially("вторая")
        await page.press("#text", "Enter")
        await expect(page.locator(".own .text")).to_have_text("первая\nвторая")
        await expect(page.locator("#text")).to_have_value("")
        for text in ("быстро", "ещё быстрее"):
            await page.fill("#text", text)
            await page.press("#text", "Enter")
        await expect(page.locator(".own .text").nth(1)).to_have_text("быстро")
        await expect(page.locator(".own .text").nth(2)).to_have_text("ещё быстрее")
        await page.press("#text", "ArrowUp")
        await page.fill("#text", "исправлено")
        await page.press("#text", "Enter")
        await expect(page.locator(".own .text").last).to_have_text("исправлено")
        await expect(page.locator(".own .stamp").last).to_contain_text("изменено")


async def test_what_is_refused_stays_in_the_field(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await page.fill("#text", "я" * 4097)
        await page.press("#text", "Enter")
        await expect(page.locator(".toast")).to_have_text("Сообщение длиннее 4096 знаков.")
        await expect(page.locator("#text")).to_have_value("я" * 4097)


async def test_replying(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await ask(page)
        await page.locator(".message:not(.own)").hover()
        await page.click("text=Ответить >> visible=true")
        await expect(page.locator("#about")).to_contain_text("Дословно")
        await page.fill("#text", "уточняю")
        await page.press("#text", "Enter")
        mine = page.locator(".own:has-text('уточняю')")
        await mine.locator(".reply-head").click()
        await expect(page.locator(".message:not(.own)").first).to_be_focused()


async def test_files(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        for label, sign in (("Стикер", "img.sticker"), ("Голосовое сообщение", ".voice")):
            await page.click("#attach")
            await page.click(f"#attachments >> text={label}")
            await expect(page.locator(f".own {sign}")).to_be_visible()
        for label, sign, file in (
            ("Фото", "img.photo", ("a.png", "image/png", SMILE)),
            ("Документ", ".document", ("текст.txt", "text/plain", b"text")),
        ):
            await page.click("#attach")
            async with page.expect_file_chooser() as chooser:
                await page.click(f"#attachments >> text={label}")
            name, mime, body = file
            await (await chooser.value).set_files({"name": name, "mimeType": mime, "buffer": body})
            await expect(page.locator(f".own {sign}")).to_be_visible()
        async with page.expect_download() as download:
            await page.click(".own .document")
        assert (await download.value).suggested_filename == "текст.txt"


async def test_people_and_unread(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig) as page:
        await rig.people.say(BORIS.id, "всем привет", GROUP.id)
        group = page.locator(f"[data-chat='{GROUP.id}']")
        await expect(group.locator(".badge")).to_have_text("1")
        await group.click()
        await expect(group.locator(".badge")).to_be_hidden()
        await expect(page.locator(".name")).to_have_text("Борис")
        await rig.people.say(BORIS.id, "ещё раз", GROUP.id)
        await expect(page.locator(".message")).to_have_count(2)
        await page.click(".person:has-text('Ирина')")
        await expect(group.locator(".badge")).to_have_text("2")
        await expect(page.locator(".person[aria-pressed=true]")).to_have_text("ИИринаадмин")
        assert page.url.endswith(f"#{IRINA.id}")
        await page.reload()
        await expect(page.locator(".person[aria-pressed=true]")).to_have_text("ИИринаадмин")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_group_that_becomes_a_supergroup(browser: Browser, viewport: ViewportSize) -> None:
    place = f"{ANNA.id}/{DEPARTMENT.id}"
    async with running() as rig, opened(browser, rig, place, viewport) as page:
        await expect(page.locator("h1")).to_have_text("Отдел")
        await rig.bot.result("sendMessage", chat_id=DEPARTMENT.id, text="до")
        await expect(page.locator(".message")).to_have_count(1)
        moved = await rig.people.migrate(DEPARTMENT.id)
        await expect(page.locator(f"[data-chat='{moved}']")).to_have_count(1)
        await expect(page.locator(f"[data-chat='{DEPARTMENT.id}']")).to_have_count(0)
        await expect(page.locator(".service")).to_have_text("Группа стала супергруппой")
        await expect(page.locator("h1")).to_have_text("Отдел")
        await page.fill("#text", "здесь")
        await page.press("#text", "Enter")
        await expect(page.locator(".own .text")).to_have_text("здесь")
        assert page.url.endswith(f"#{ANNA.id}/{moved}")


async def test_a_bot_that_is_put_out_is_told_of(browser: Browser) -> None:
    place = f"{ANNA.id}/{GROUP.id}"
    async with running() as rig, opened(browser, rig, place) as page:
        await rig.people.put_out(GROUP.id)
        await rig.people.let_in(GROUP.id)
        await expect(page.locator(".service")).to_have_text(
            ["Ирина: участник «Дословно» удалён", "Ирина: участник «Дословно» добавлен"]
        )


async def test_a_crowd_is_not_on_the_page(browser: Browser) -> None:
    async with running() as rig, opened(browser, rig) as page:
        crowd = await rig.people.crowd(50)
        for person in crowd:
            await rig.bot.result("sendMessage", chat_id=person, text="а")
        await rig.people.say(ANNA.id, "привет")
        await expect(page.locator(".message")).to_have_count(1)
        await expect(page.locator(".person")).to_have_count(3)
        await expect(page.locator(".chat")).to_have_count(3)


async def test_a_long_alert_and_a_picture_fit_a_phone(browser: Browser) -> None:
    keys = {"inline_keyboard": [[{"text": "Ещё", "callback_data": "x"}]]}
    alert = ("Длинное предупреждение о том, чего сделать нельзя. " * 4)[:200]
    async with running() as rig, opened(browser, rig, viewport=PHONE) as page:
        await rig.people.say(ANNA.id, "привет")
        fields = {"chat_id": ANNA.id, "caption": "Вопросы по дням", "reply_markup": keys}
        await rig.bot.upload("sendPhoto", fields, photo=("a.png", chart(1000, 500)))
        picture = await box(page.locator("img.photo"))
        assert picture["x"] + picture["width"] <= PHONE["width"]
        assert abs(picture["width"] - 2 * picture["height"]) < 2
        await page.click(".key")
        query = (await rig.bot.result("getUpdates"))[-1]["callback_query"]
        where = {"callback_query_id": query["id"], "show_alert": True}
        assert await rig.bot.error("answerCallbackQuery", **where, text=alert + "я")
        await rig.bot.result("answerCallbackQuery", **where, text=alert)
        await expect(page.locator("dialog")).to_contain_text(alert.strip())
        shown = await box(page.locator("dialog"))
        assert shown["x"] >= 0
        assert shown["x"] + shown["width"] <= PHONE["width"]


async def test_typing_and_blocking(browser: Browser) -> None:
    async with running() as rig, opened(browser, rig) as page:
        await rig.people.say(ANNA.id, "привет")
        await expect(page.locator(".message")).to_have_count(1)
        await rig.bot.result("sendChatAction", chat_id=ANNA.id, action="typing")
        await expect(page.locator("#head-status")).to_have_text("печатает…")
        sent = await rig.bot.result("sendMessage", chat_id=ANNA.id, text="ответ")
        await expect(page.locator("#head-status")).to_have_text("бот")
        where = {"chat_id": ANNA.id, "message_id": sent["message_id"]}
        await rig.bot.result("deleteMessage", **where)
        await expect(page.locator(".message")).to_have_count(1)
        await page.click("#block")
        await expect(page.locator("#composer")).to_be_hidden()
        await page.click("#unblock")
        await expect(page.locator("#composer")).to_be_visible()


async def test_a_bot_that_is_silent_is_told_of(browser: Browser) -> None:
    async with running(State(silent_after=0)) as rig, opened(browser, rig) as page:
        await expect(page.locator("#banner")).to_contain_text("Бот не подключён")
        poll = asyncio.create_task(rig.bot.result("getUpdates", timeout=20))
        await expect(page.locator("#banner")).to_be_hidden()
        await rig.people.say(ANNA.id, "привет")
        await poll
        await expect(page.locator("#banner")).to_contain_text("Бот не подключён")


async def test_the_page_survives_a_restart(browser: Browser) -> None:
    async with Sandbox() as first:
        page = await browser.new_page()
        await page.goto(first.url)
        await expect(page.locator(".start")).to_be_visible()
    await expect(page.locator("#banner")).to_contain_text("Нет связи")
    async with Sandbox(port=first.port):
        await expect(page.locator("#banner")).to_contain_text("Бот не подключён")
        await page.fill("#text", "я вернулась")
        await page.press("#text", "Enter")
        await expect(page.locator(".own .text")).to_have_text("я вернулась")
        await page.close()


async def test_a_phone(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig, viewport=PHONE) as page:
        await ask(page)
        await expect(page.locator("#side")).to_be_hidden()
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        key = await box(page.locator(f".key:has-text('{LONG}')"))
        assert key["height"] > 40
        assert key["x"] + key["width"] <= PHONE["width"]
        await page.click("#side-open")
        await expect(page.locator("#side")).to_be_visible()
        await page.click(f"[data-chat='{GROUP.id}']")
        await expect(page.locator("#side")).to_be_hidden()
        await expect(page.locator("h1")).to_have_text("Редакция")


async def test_a_long_answer_is_read_from_its_beginning(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig, viewport={"width": 360, "height": 420}) as page:
        await ask(page)
        top = (await box(page.locator(".message:not(.own)")))["y"]
        log = await box(page.locator("#log"))
        assert log["y"] <= top < log["y"] + 20
        await expect(page.locator("#down")).to_be_visible()


async def test_new_messages_below_are_counted(browser: Browser, rig: Rig) -> None:
    async with opened(browser, rig, viewport=PHONE) as page:
        for _ in range(2):
            await ask(page)
        await page.locator("#log").evaluate("log => log.scrollTo(0, 0)")
        await expect(page.locator("#down")).to_be_visible()
        await rig.bot.result("sendMessage", chat_id=ANNA.id, text="внизу")
        await expect(page.locator("#down-badge")).to_have_text("1")
        await page.click("#down")
        await expect(page.locator("#down")).to_be_hidden()
        await expect(page.locator(".message").last).to_be_in_viewport()
