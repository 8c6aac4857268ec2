"""Finds the passages of a news archive that answer a question; knows nothing of Telegram or SQL."""
