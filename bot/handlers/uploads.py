"""What admins send to be added to the archive: documents and links, and the buttons under them."""

import asyncio
import logging
import re
from mimetypes import guess_extension

from telegram import CallbackQuery, Document, Message, Update
from telegram.error import BadRequest, InvalidToken

from bot import replies, uploads
from bot.answering import show_typing
from bot.fetch import FetchError
from bot.filing import is_readable, safe_name
from bot.handlers.rights import acknowledge
from bot.message import Reply, shortened
from bot.rebuilding import NOT_REBUILT
from bot.render import MAX_SOURCE
from bot.render import uploads as render
from bot.services import Context, Services
from bot.store.uploads import Upload
from bot.texts import RELOAD_LOCKED
from bot.texts import uploads as texts
from bot.uploads import Added, Understood
from retrieval.corpus import MAX_BYTES
from retrieval.dates import read_date
from retrieval.storing.lock import LockError

log = logging.getLogger(__name__)

DATA = re.compile(r"u:(add|source|date|cancel):(\d{1,18})", re.ASCII)
"""What the buttons send."""

# What is sent


async def document(update: Update, context: Context) -> None:
    """A file: show what it was understood as, or why it cannot be."""
    message = update.effective_message
    if message is None or message.document is None:
        return
    name = _name(message.document)
    if not is_readable(name):
        await _say(context, message, Reply(texts.FORMATS))
    elif (message.document.file_size or 0) > MAX_BYTES:
        await _say(context, message, Reply(texts.too_large(MAX_BYTES)))
    else:
        await show_typing(context.bot, message.chat_id)
        await _download(context, message, message.document, name)


def _name(sent: Document) -> str:
    given = sent.file_name or f"document{guess_extension(sent.mime_type or '') or ''}"
    return safe_name(given)


async def _download(context: Context, message: Message, sent: Document, name: str) -> None:
    try:
        file = await context.bot.get_file(sent)
        content = bytes(await file.download_as_bytearray())
    except (BadRequest, InvalidToken) as error:  # over its own limit, or (404) no longer there
        log.info("a document was not to be had: %s", error)
        await _say(context, message, Reply(texts.NOT_DOWNLOADED))
        return
    if len(content) > MAX_BYTES:
        await _say(context, message, Reply(texts.too_large(MAX_BYTES)))
    else:
        await _show(context, message, name, content)


async def link(update: Update, context: Context) -> None:
    """A link: fetch the page and show what it was understood as, or why it cannot be."""
    message = update.effective_message
    if message is None or not message.text:
        return
    await show_typing(context.bot, message.chat_id)
    try:
        page = await context.services.fetcher.get(message.text.strip())
    except FetchError as error:
        log.info("a link was not fetched: %s", error)
        await _say(context, message, Reply(texts.not_fetched(error.trouble)))
        return
    found = await asyncio.to_thread(uploads.clipping, page)
    if found is None:
        await _say(context, message, Reply(texts.NO_ARTICLE))
    else:
        await _show(context, message, *found)


async def _show(context: Context, message: Message, name: str, content: bytes) -> None:
    """Show what is in it, and keep it if there is something to add."""
    services = context.services
    upload = Upload(0, message.chat_id, name, content)
    found = await asyncio.to_thread(uploads.understand, upload, services.searcher.current)
    if found.articles:
        now = services.clock()
        upload = await services.store.add_upload(message.chat_id, name, content, now)
    await _say(context, message, await _preview(services, upload, found))


async def _preview(services: Services, upload: Upload, found: Understood) -> Reply:
    if found.articles:
        return render.preview(upload, found)
    return await _outcome(services, Added((), found.known, found.refused))


async def _outcome(services: Services, added: Added) -> Reply:
    """What came of it, with a button where that is one article."""
    shown = added.articles or added.known
    if len(shown) != 1:
        return render.outcome(added)
    (number,) = await services.store.article_numbers([shown[0].id])
    return render.outcome(added, number)


async def _say(context: Context, message: Message, reply: Reply) -> None:
    await replies.send(context.bot, message.chat_id, reply, message.message_id)


# Buttons under it


async def pressed(update: Update, context: Context) -> None:
    """«Добавить», «Источник», «Дата», «Отмена»."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    data = DATA.fullmatch(query.data or "")
    if query.from_user.id not in context.services.settings.admin_ids:
        await acknowledge(query, texts.NOT_ALLOWED)
        return
    chat_id = query.message.chat.id
    upload = await context.services.store.upload(int(data[2]), chat_id) if data else None
    if data is None or upload is None:
        await acknowledge(query, texts.GONE)
        return
    context.application.create_task(acknowledge(query))
    await _serve(data[1], query, context, upload)


async def _serve(verb: str, query: CallbackQuery, context: Context, upload: Upload) -> None:
    if verb == "add":
        await _add(query, context, upload)
    elif verb == "cancel":
        await _cancel(query, context, upload)
    else:
        await _ask(query, context, upload, verb)


async def _ask(query: CallbackQuery, context: Context, upload: Upload, kind: str) -> None:
    services = context.services
    user = query.from_user.id
    await services.store.ask_for(upload.chat_id, user, kind, upload.id, services.clock())
    question = texts.ASK_SOURCE if kind == "source" else texts.ASK_DATE
    await replies.send(context.bot, upload.chat_id, Reply(question))


async def _cancel(query: CallbackQuery, context: Context, upload: Upload) -> None:
    store = context.services.store
    await store.drop_upload(upload.id)
    await store.drop_prompt(upload.chat_id, query.from_user.id)
    await _replace(query, context, upload, Reply(texts.CANCELLED))


async def _add(query: CallbackQuery, context: Context, upload: Upload) -> None:
    services = context.services
    try:
        added = await uploads.add(services, upload.id, upload.chat_id)
    except (OSError, *NOT_REBUILT) as error:
        log.error("an upload was not added: %s", error)
        said = RELOAD_LOCKED if isinstance(error, LockError) else texts.NOT_SAVED
        await replies.send(context.bot, upload.chat_id, Reply(said))
        return
    if added is None:
        return  # the button was pressed twice, and the first press says what came of it
    await services.store.drop_prompt(upload.chat_id, query.from_user.id)
    await _replace(query, context, upload, await _outcome(services, added))


async def _replace(query: CallbackQuery, context: Context, upload: Upload, reply: Reply) -> None:
    """Put what came of it in place of the message, whose buttons are of no more use."""
    message_id = query.message.message_id if query.message else 0
    if not await replies.edit(context.bot, upload.chat_id, message_id, reply):
        await replies.send(context.bot, upload.chat_id, reply)


# What is typed after «Источник» and «Дата»


async def source_given(update: Update, context: Context, text: str, number: int) -> None:
    """The source of an upload, in place of what the file says."""
    cleared = text.strip() in texts.AS_IN_FILE
    source = shortened(_printable(text), MAX_SOURCE)
    if not cleared and not any(letter.isalnum() for letter in source):
        await _ask_again(update, context, "source", number)
        return
    await context.services.store.fix_source(number, None if cleared else source)
    await _show_again(update, context, number)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


async def date_given(update: Update, context: Context, text: str, number: int) -> None:
    """The date of an upload, in place of what the file says."""
    cleared = text.strip() in texts.AS_IN_FILE
    date = read_date(text)
    if not cleared and date is None:
        await _ask_again(update, context, "date", number)
        return
    await context.services.store.fix_date(number, None if cleared else date)
    await _show_again(update, context, number)


async def _ask_again(update: Update, context: Context, kind: str, number: int) -> None:
    message, user = update.effective_message, update.effective_user
    if message and user:
        services = context.services
        await services.store.ask_for(message.chat_id, user.id, kind, number, services.clock())
        question = texts.NOT_A_SOURCE if kind == "source" else texts.NOT_A_DATE
        await _say(context, message, Reply(question))


async def _show_again(update: Update, context: Context, number: int) -> None:
    message = update.effective_message
    if message is None:
        return
    services = context.services
    upload = await services.store.upload(number, message.chat_id)
    if upload is None:
        await _say(context, message, Reply(texts.GONE))
        return
    found = await asyncio.to_thread(uploads.understand, upload, services.searcher.current)
    await _say(context, message, await _preview(services, upload, found))
