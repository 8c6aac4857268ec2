"""What a chat sees: settings, storage, rendering and handlers of the Telegram bot."""

import os

# python-telegram-bot's own opt-in to what its next release does: waits as timedelta, no warning.
os.environ["PTB_TIMEDELTA"] = "true"
