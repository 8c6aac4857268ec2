"""Uploads end to end: what an admin sends, what is shown and fixed, what gets into the archive."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import filing
from bot.clippings import address_keys
from bot.handlers import typed, uploads
from bot.routes import LINK
from bot.sandbox.world import ADMIN_ID, ANNA, SANDBOX_TOKEN
from bot.services import Context
from bot.texts import uploads as texts
from retrieval.corpus import MAX_BYTES
from tests.sandbox_client import Seen
from tests.served import Handlers, Served, served

ADMIN, READER = ADMIN_ID, ANNA.id
URANIUM = "Запасы урана\n\nЗапасы урана выросли.\n\nДобыча урана упала.\n"
PAGE = """<html><head><title>Уран подорожал</title>
<meta property="og:site_name" content="Вести"><meta property="og:title" content="Уран подорожал">
<meta property="article:published_time" content="2026-11-12T10:00:00+05:00"></head>
<body><article><h1>Уран подорожал</h1><p>Цена урана на бирже выросла на десять процентов за неделю,
сообщили в четверг участники торгов.</p><p>Аналитики ждут, что рост продолжится до конца года, если
поставки не увеличатся.</p></article></body></html>"""


def handlers() -> Handlers:
    private = filters.ChatType.PRIVATE & filters.User(ADMIN)
    answers = typed.reader({"source": uploads.source_given, "date": uploads.date_given})
    return {
        -1: [MessageHandler(filters.ChatType.PRIVATE & filters.TEXT, answers)],
        0: [
            MessageHandler(private & filters.Document.ALL, uploads.document),
            MessageHandler(private & LINK, uploads.link),
            CallbackQueryHandler[Context, None](uploads.pressed, "^u:"),
        ],
    }


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path, handlers()) as opened:
        yield opened


async def press(here: Served, message: Seen, button: str) -> Seen:
    """Press a button and wait for the message that it changes."""
    pressed = await here.client.press(ADMIN, message, button)
    return await here.client.wait_for_edit(pressed, message.chat)


async def fix(here: Served, message: Seen, button: str, value: str) -> Seen:
    """Press «Источник» or «Дата» and type the value; what the bot replies to it."""
    pressed = await here.client.press(ADMIN, message, button)
    await here.client.wait_for_reply(pressed, message.chat)
    return await here.ask(ADMIN, value)


def stored(here: Served) -> dict[str, str]:
    """The files of uploads, by name."""
    folder = here.corpus / filing.FOLDER
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


# Documents


async def test_a_document_is_shown_as_it_was_understood(here: Served) -> None:
    shown = await here.send(ADMIN, "u.txt", URANIUM.encode("cp1251"))
    assert shown.text.split("\n") == [
        "Запасы урана",
        "Источник: не указан",
        "Дата: не указана",
        "Абзацев: 2",
        "",
        "Запасы урана выросли.",
        "",
        texts.CHECK,
    ]
    assert shown.pieces("blockquote") == ["Запасы урана выросли."]
    assert list(shown.buttons) == [texts.ADD, texts.SOURCE, texts.DATE, texts.CANCEL]


async def test_source_and_date_are_fixed_and_the_article_is_added(here: Served) -> None:
    shown = await here.send(ADMIN, "u.txt", URANIUM.encode("cp1251"))
    shown = await fix(here, shown, texts.SOURCE, ' ТОО\n"Вести" ')
    assert 'Источник: ТОО "Вести"\nДата: не указана' in shown.text
    shown = await fix(here, shown, texts.DATE, "12 ноября 2026")
    assert 'Источник: ТОО "Вести"\nДата: 12 ноября 2026\u00a0г.' in shown.text
    done = await press(here, shown, texts.ADD)
    assert done.text.startswith(f"{texts.ADDED}\nЗапасы урана\n")
    assert list(done.buttons) == ["Статья"]
    (article,) = here.services.searcher.current.articles
    assert (article.path, article.source, str(article.date)) == (
        "uploads/u.txt",
        'ТОО "Вести"',
        "2026-11-12",
    )
    assert set(await here.store.standing_digests()) == {"uploads/u.txt"}


@pytest.mark.parametrize("date", ["12.11.2026", "2026-11", "12 ноября 2026", "2026-11-12"])
async def test_dates_are_read_as_people_write_them(here: Served, date: str) -> None:
    shown = await fix(here, await here.send(ADMIN, "u.txt", URANIUM), texts.DATE, date)
    assert "ноябр" in shown.text
    assert "2026" in shown.text


async def test_nonsense_is_asked_about_again_and_a_dash_takes_back(here: Served) -> None:
    shown = await here.send(ADMIN, "u.md", f"---\ndate: 2025-01-02\n---\n{URANIUM}")
    again = await fix(here, shown, texts.DATE, "завтра")
    assert again.text == texts.NOT_A_DATE
    assert "Дата: 2026" in (await here.ask(ADMIN, "2026")).text
    assert "Дата: 2 января 2025" in (await fix(here, shown, texts.DATE, "-")).text
    assert (await fix(here, shown, texts.SOURCE, "…")).text == texts.NOT_A_SOURCE
    assert "Источник: Trend" in (await here.ask(ADMIN, "Trend")).text
    assert "Источник: не указан" in (await fix(here, shown, texts.SOURCE, "—")).text


async def test_a_name_never_leaves_the_folder_nor_overwrites(here: Served) -> None:
    for text in (URANIUM, URANIUM.replace("урана", "тория")):
        await press(here, await here.send(ADMIN, "../../u.txt", text), texts.ADD)
    assert sorted(stored(here)) == ["u-2.txt", "u.txt"]


async def test_pressing_twice_adds_once(here: Served) -> None:
    first = await here.send(ADMIN, "u.txt", URANIUM)
    second = await fix(here, first, texts.DATE, "2026")
    await asyncio.gather(*(here.client.press(ADMIN, second, texts.ADD) for _ in range(3)))
    done = await here.client.wait_for_edit(second)
    assert done.text.startswith(texts.ADDED)
    answer = await here.client.wait_for_answer(await here.client.press(ADMIN, first, texts.ADD))
    assert (answer["text"], answer["show_alert"]) == (texts.GONE, True)
    assert sorted(stored(here)) == ["u.txt", "u.txt.meta.toml"]
    edits = [call for call in await here.client.calls("editMessageText") if call["code"] == 200]
    assert len(edits) == 1


async def test_what_is_in_the_archive_is_not_added_again(here: Served) -> None:
    await press(here, await here.send(ADMIN, "u.txt", URANIUM), texts.ADD)
    again = await here.send(ADMIN, "other.txt", URANIUM)
    assert again.text.startswith(f"{texts.KNOWN}\nЗапасы урана\n")
    assert list(again.buttons) == ["Статья"]


async def test_two_that_are_the_same_are_added_once(here: Served) -> None:
    first = await here.send(ADMIN, "u.txt", URANIUM)
    second = await here.send(ADMIN, "v.txt", URANIUM)
    await press(here, first, texts.ADD)
    assert (await press(here, second, texts.ADD)).text.startswith(texts.KNOWN)
    assert list(stored(here)) == ["u.txt"]


async def test_cancelled_is_gone(here: Served) -> None:
    shown = await here.send(ADMIN, "u.txt", URANIUM)
    pressed = await here.client.press(ADMIN, shown, texts.SOURCE)
    await here.client.wait_for_reply(pressed, ADMIN)
    done = await press(here, shown, texts.CANCEL)
    assert (done.text, done.buttons) == (texts.CANCELLED, {})
    assert not (here.corpus / filing.FOLDER).exists()
    assert await here.store.rows("SELECT * FROM uploads") == []
    assert await here.store.rows("SELECT * FROM prompts") == []


async def test_lines_are_counted_and_the_good_ones_added(here: Served) -> None:
    lines = (
        '{"title": "Уран", "text": "Уран подорожал."}\n{"title": 1}\n{"text": "Торий. Дёшев."}\n'
    )
    shown = await here.send(ADMIN, "news.jsonl", lines)
    assert shown.text.startswith("news.jsonl\nСтатей: 2\nУран — источник не указан")
    assert "Не принято: 1\nnews.jsonl, строка 2: " in shown.text
    done = await press(here, shown, texts.ADD)
    assert done.text.startswith("В архив добавлено: 2 статьи.")
    assert "Не принято: 1" in done.text
    again = await here.send(ADMIN, "news.jsonl", lines)
    assert "Уже есть в архиве: 2" in again.text
    assert not again.buttons


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.pdf", b"%PDF", texts.FORMATS),
        ("a.txt.meta.toml", b"source = 1", texts.FORMATS),
        ("a.txt", b"\x00\x01", "a.txt: это не текст"),
        ("a.md", "---\ndate: 2026-02-31\n---\nУран.".encode(), "a.md: такой даты не бывает"),
        ("a.txt", b" " * (MAX_BYTES + 1), texts.too_large(MAX_BYTES)),
    ],
)
async def test_what_cannot_be_added_is_said(
    here: Served, name: str, body: bytes, says: str
) -> None:
    shown = await here.send(ADMIN, name, body)
    assert says in shown.text
    assert not shown.buttons
    assert await here.store.rows("SELECT * FROM uploads") == []


@pytest.mark.parametrize("code", [400, 404])
async def test_a_document_that_telegram_does_not_give_is_said(here: Served, code: int) -> None:
    await here.client.fault("getFile", times=1, error_code=code, description="file is too big")
    assert (await here.send(ADMIN, "u.txt", URANIUM)).text == texts.NOT_DOWNLOADED


async def test_a_document_that_the_archive_refuses_is_taken_back(here: Served) -> None:
    shown = await here.send(ADMIN, "u.md", f"---\nid: u1\n---\n{URANIUM}")
    other = here.corpus / "a.md"
    other.write_text("---\nid: u1\n---\nЗапасы тория.\n", "utf-8")
    done = await press(here, shown, texts.ADD)
    assert "такой id уже есть у другой статьи" in done.text
    assert stored(here) == {}


async def test_a_folder_that_cannot_be_read_keeps_the_upload_waiting(here: Served) -> None:
    shown = await here.send(ADMIN, "u.txt", URANIUM)
    here.corpus.rename(here.corpus.with_name("elsewhere"))
    pressed = await here.client.press(ADMIN, shown, texts.ADD)
    assert (await here.client.wait_for_reply(pressed, ADMIN)).text == texts.NOT_SAVED
    here.corpus.with_name("elsewhere").rename(here.corpus)
    assert (await press(here, shown, texts.ADD)).text.startswith(texts.ADDED)


# Buttons that are not one's own


@pytest.mark.parametrize(
    ("user", "data", "says"),
    [
        (READER, "u:add:1", texts.NOT_ALLOWED),
        (ADMIN, "u:add:2", texts.GONE),
        (ADMIN, "u:add:999999999999999999", texts.GONE),
        (ADMIN, "u:add", texts.GONE),
        (ADMIN, "u:add:1:2", texts.GONE),
        (ADMIN, "u:add:-1", texts.GONE),
        (ADMIN, "u:shout:1", texts.GONE),
    ],
)
async def test_a_button_of_others_or_of_another_release_does_nothing(
    here: Served, user: int, data: str, says: str
) -> None:
    for chat in (ADMIN, READER):
        await here.store.add_upload(chat, "u.txt", URANIUM.encode(), here.clock())
    begin = await here.client.say(user, "/start")
    keyboard = {"inline_keyboard": [[{"text": texts.ADD, "callback_data": data}]]}
    message = {"chat_id": user, "text": "Кнопка", "reply_markup": keyboard}
    await here.client.http.post(f"/bot{SANDBOX_TOKEN}/sendMessage", json=message)
    pressed = await here.client.press(user, await here.client.wait_for_reply(begin), texts.ADD)
    answer = await here.client.wait_for_answer(pressed)
    assert (answer["text"], answer["show_alert"]) == (says, True)
    assert len(await here.store.rows("SELECT id FROM uploads")) == 2


# Links


@asynccontextmanager
async def site(*pages: tuple[str, str, bytes]) -> AsyncIterator[str]:
    """A web server on this machine: pages as (path, media type, body), else 404; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        found = [(kind, body) for name, kind, body in pages if name == path]
        status, (kind, body) = ("200 OK", found[0]) if found else ("404 No", ("text/plain", b""))
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
        writer.write(f"{head}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("kind", "encoding"), [("text/html", "utf-8"), ("text/html; charset=windows-1251", "cp1251")]
)
async def test_a_link_is_stored_with_its_title_source_date_and_address(
    here: Served, kind: str, encoding: str
) -> None:
    async with site(("/1", kind, PAGE.encode(encoding))) as url:
        shown = await here.ask(ADMIN, f" {url}/1\n")
    assert shown.text.startswith(
        "Уран подорожал\nИсточник: Вести\nДата: 12 ноября 2026\u00a0г.\nАбзацев: 2\n"
    )
    assert shown.pieces("text_link") == ["Уран подорожал"]
    await press(here, await fix(here, shown, texts.DATE, "2026-11-13"), texts.ADD)
    assert sorted(stored(here)) == ["Уран подорожал.md", "Уран подорожал.md.meta.toml"]
    (article,) = here.services.searcher.current.articles
    assert (article.title, article.source, str(article.date), article.url) == (
        "Уран подорожал",
        "Вести",
        "2026-11-13",
        f"{url}/1",
    )
    assert "выросла на десять процентов" in article.text


async def test_a_link_to_an_article_of_the_archive_is_known_by_its_address(here: Served) -> None:
    other = PAGE.replace("десять", "двадцать").encode()
    async with site(
        ("/1", "text/html", PAGE.encode()), ("/1?utm_source=x", "text/html", other)
    ) as url:
        await press(here, await here.ask(ADMIN, f"{url}/1"), texts.ADD)
        again = await here.ask(ADMIN, f"{url}/1?utm_source=x")
    assert again.text.startswith(texts.KNOWN)


async def test_feeds_know_an_article_that_was_added_by_its_link(here: Served) -> None:
    async with site(("/1", "text/html", PAGE.encode())) as url:
        await press(here, await here.ask(ADMIN, f"{url}/1"), texts.ADD)
    known = await here.store.clipping(address_keys("feed", f"{url}/1?utm_source=rss", None))
    assert known == "uploads/Уран подорожал.md"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/none", "Страница не загружена: по этому адресу ничего нет."),
        ("/picture", "Страница не загружена: по этому адресу не текст."),
        ("/empty", texts.NO_ARTICLE),
    ],
)
async def test_a_link_that_gives_no_article_is_said(here: Served, path: str, says: str) -> None:
    pages = (("/picture", "image/png", b"PNG"), ("/empty", "text/html", b"<html></html>"))
    async with site(*pages) as url:
        assert (await here.ask(ADMIN, url + path)).text == says


async def test_a_link_into_the_own_network_is_refused(here: Served) -> None:
    said = await here.ask(ADMIN, "http://192.168.1.1/admin")
    assert said.text == (
        "Страница не загружена: адрес ведёт во внутреннюю сеть; такие не загружаются."
    )
