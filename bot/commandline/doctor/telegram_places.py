"""What the bot may do in each group of each club, and how Telegram tells it of what happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.commandline.asking import Asker
from bot.commandline.doctor.database import Clubs
from bot.commandline.doctor.guard import Found
from bot.commandline.platforms.telegram import AREA, TelegramBot
from bot.core.findings import ok, problem, warning
from bot.settings import Settings
from storage.clubs import Club
from storage.places import StoredPlace

MOST_PLACES = 40
_RECENT = timedelta(hours=1)
_HERE = ("creator", "administrator", "member", "restricted")
_MANAGES = ("creator", "administrator")


async def look_at_webhook(ask: Asker, settings: Settings, found: Found) -> None:
    """Whether Telegram sends what happens to where the settings say, and gets through."""
    answer = await ask.get("/getWebhookInfo")
    told = _result(answer.body)
    url, wanted = told.get("url") or "", settings.telegram_webhook_url or ""
    if wanted and url != wanted:
        found.append(
            warning(
                AREA,
                "Telegram does not send to TELEGRAM_WEBHOOK_URL yet.",
                to_do="Start the bot, which tells Telegram so: wprc run",
            )
        )
    elif url and not wanted:
        found.append(
            warning(
                AREA,
                "A webhook of another program is set, so this one is told nothing.",
                to_do="End the other program, then start the bot, which takes the webhook away: "
                "wprc run",
            )
        )
    at = int(told.get("last_error_date") or 0)
    if wanted and at and ask.clock() - datetime.fromtimestamp(at, UTC) < _RECENT:
        words = str(told.get("last_error_message"))[:200]
        found.append(
            problem(
                AREA,
                f"Telegram did not get through to the webhook: {words}.",
                to_do="See whether what speaks https passes it on to TELEGRAM_WEBHOOK_PORT.",
            )
        )


async def look(ask: Asker, bot: TelegramBot, clubs: Clubs, found: Found) -> None:
    """Each group once, up to a bound."""
    homes = [(club, home) for club, places in clubs for home in places if home.platform == AREA]
    if not homes:
        found.append(
            warning(
                AREA,
                "It serves no group yet.",
                to_do=f"Add it to one: {bot.invitation} and type /setup there.",
            )
        )
    for club, home in homes[:MOST_PLACES]:
        if not await _look_at(ask, bot, club, home, found):
            found.append(
                warning(
                    AREA,
                    "Telegram wants to be asked no more for now, so not every group was looked at.",
                    to_do="Wait a minute, then type again: wprc doctor",
                )
            )
            return
    if len(homes) > MOST_PLACES:
        rest = len(homes) - MOST_PLACES
        found.append(ok(AREA, f"{rest} more groups were not looked at."))


async def _look_at(
    ask: Asker, bot: TelegramBot, club: Club, home: StoredPlace, found: Found
) -> bool:
    """False where Telegram wants to be asked no more for now."""
    chat_answer = await ask.get(f"/getChat?chat_id={home.chat_id}")
    own_answer = await ask.get(f"/getChatMember?chat_id={home.chat_id}&user_id={bot.id}")
    if 429 in (chat_answer.status, own_answer.status):
        return False
    chat, own = _result(chat_answer.body), _result(own_answer.body)
    status = own.get("status")
    group = f"{chat.get('title') or home.chat_id} ({club.prefix})"
    if status not in _HERE or (status == "restricted" and not own.get("is_member")):
        words = "" if own_answer.status == 200 else f": {own_answer.words}"
        found.append(
            problem(
                AREA,
                f"{group}: it is not in this group any more{words}.",
                to_do=f"Add it again: {bot.invitation}",
            )
        )
        return True
    before = len(found)
    is_administrator = status in _MANAGES
    allowed = (chat.get("permissions") or {}).get("can_send_messages", True)
    if not is_administrator and not (own.get("can_send_messages", True) and allowed):
        found.append(
            problem(
                AREA,
                f"{group}: missing: Send messages.",
                to_do="Whoever manages the group gives it under Manage group, Permissions.",
            )
        )
    if home.announcements_chat is None:
        found.append(
            warning(
                AREA,
                f"{group}: no place for announcements is set, so nothing is posted there.",
                to_do="There type /setup, where “Announcements here” sets it.",
            )
        )
    if len(found) == before:
        found.append(ok(AREA, f"{group}: it may do all that it has to."))
    return True


def _result(body: Any) -> dict[str, Any]:
    told = body.get("result") if isinstance(body, dict) else None
    return told if isinstance(told, dict) else {}
