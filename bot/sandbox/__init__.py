"""The sandbox: a local Bot API server with a chat page, to try the bot without a token."""
