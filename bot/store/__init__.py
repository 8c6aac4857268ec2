"""All that the bot remembers, a module for each kind of thing; times are UTC in ISO 8601."""

from bot.store.answers import Answer, Answers, Offer, StoredQuote
from bot.store.chats import Chats
from bot.store.digests import Digests
from bot.store.feeds import FeedTable
from bot.store.ledger import Ledger
from bot.store.outbox import Outbox
from bot.store.prompts import Prompts
from bot.store.stats import Stats
from bot.store.subscriptions import Subscriptions
from bot.store.topics import Topics
from bot.store.updates import StoredUpdate, Updates
from bot.store.uploads import Uploads

__all__ = ["Answer", "Offer", "Store", "StoredQuote", "StoredUpdate"]


class Store(
    Chats,
    Updates,
    Answers,
    Prompts,
    Ledger,
    Subscriptions,
    Topics,
    Digests,
    Outbox,
    FeedTable,
    Uploads,
    Stats,
):
    """What the bot remembers. Every method may raise StoreError."""
