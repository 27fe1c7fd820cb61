"""The club on Telegram."""
