"""Questions: any text in a private chat; a mention, a reply or /ask in a group; edits of these."""

from telegram import Chat, Message, MessageEntity, Update

from bot import replies, texts
from bot.answering import Asked, answer_question
from bot.message import Reply
from bot.services import Bot, Context

MENTIONS: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]


async def question(update: Update, context: Context) -> None:
    """Answer a text message, new or edited, if it is meant for the bot."""
    message = update.effective_message
    text = addressed(message, context.bot) if message else None
    if message and text is not None:
        await _answer(update, context, message, text)


async def ask(update: Update, context: Context) -> None:
    """/ask текст, new or edited, anywhere."""
    message = update.effective_message
    if message and message.text:
        await _answer(update, context, message, " ".join(message.text.split()[1:]))


async def _answer(update: Update, context: Context, message: Message, text: str) -> None:
    asked, edited = Asked.in_message(message), bool(update.edited_message)
    await answer_question(context.bot, context.services, asked, text, edited=edited)


async def not_text(update: Update, context: Context) -> None:
    """A sticker, a photo, a voice message: one line on how to ask."""
    message = update.effective_message
    if message and message.chat.type == Chat.PRIVATE:
        await replies.send(context.bot, message.chat_id, Reply(texts.ONLY_TEXT), message.message_id)


def addressed(message: Message, bot: Bot) -> str | None:
    """What a message asks the bot, without the mention of its name; None if it asks nothing."""
    text = message.text or ""
    if message.chat.type == Chat.PRIVATE:
        return text
    mentions = [
        (entity, name)
        for entity, name in message.parse_entities(MENTIONS).items()
        if name.lower() == f"@{bot.username}".lower() or (entity.user and entity.user.id == bot.id)
    ]
    for _, name in mentions:
        text = text.replace(name, " ", 1)
    return text if mentions or _replies_to(message, bot) else None


def _replies_to(message: Message, bot: Bot) -> bool:
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == bot.id)
