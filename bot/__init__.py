"""What a chat sees: settings, storage, rendering and handlers of the Telegram bot."""
