"""All that the bot remembers, a module for each kind of thing; times are UTC in ISO 8601."""

from bot.store.answers import Answer, Answers, StoredQuote
from bot.store.chats import Chats
from bot.store.ledger import Ledger
from bot.store.updates import StoredUpdate, Updates

__all__ = ["Answer", "Store", "StoredQuote", "StoredUpdate"]


class Store(Chats, Updates, Answers, Ledger):
    """What the bot remembers. Every method may raise StoreError."""
