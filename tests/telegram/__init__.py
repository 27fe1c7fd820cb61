"""A simulator of Telegram's Bot API, driven by real python-telegram-bot, and the tests of it."""
