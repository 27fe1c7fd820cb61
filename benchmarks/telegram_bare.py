"""The bot to compare with: python-telegram-bot with its defaults, and always the same answer."""

from __future__ import annotations

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from benchmarks.bots import CODE

_TEXT = f"<b>{CODE} · AI X Crypto Primer</b>\n\n<b>Category</b>: AI\n\n" + "Some words. " * 45
_KEYS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton(label, callback_data=f"bare_{label}") for label in row]
        for row in (("Lite summary", "In-depth"), ("Opinions", "Notes"), ("Download page",))
    ]
)


async def paper(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The card, whatever was asked for."""
    assert update.message is not None
    await update.message.reply_text(_TEXT, parse_mode="HTML", reply_markup=_KEYS)


async def press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The card again, in the place of what was pressed."""
    query = update.callback_query
    assert query is not None
    await query.answer()
    await query.edit_message_text(_TEXT, parse_mode="HTML", reply_markup=_KEYS)


def main() -> None:
    """Serves at the address that our own bot is given in the same way."""
    url = os.environ["TELEGRAM_API_URL"]
    builder = ApplicationBuilder().token(os.environ["TELEGRAM_TOKEN"]).job_queue(None)
    application = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    application.add_handler(CommandHandler("paper", paper))
    application.add_handler(CallbackQueryHandler(press))
    application.run_polling(bootstrap_retries=0)


if __name__ == "__main__":
    main()
