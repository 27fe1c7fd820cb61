"""What the bot may do in each server of each club, asked over REST, without the gateway."""

from __future__ import annotations

from typing import Any

from bot.commandline.asking import Answer, Asker
from bot.commandline.doctor.database import Clubs
from bot.commandline.doctor.guard import Found
from bot.commandline.platforms.discord import AREA, DiscordBot
from bot.core.findings import ok, problem, warning
from bot.settings import Settings
from storage.clubs import Club
from storage.places import PURPOSES, StoredPlace

MOST_PLACES = 40
_GONE = (403, 404)
_VITAL = ("View Channels", "Send Messages", "Send Messages in Threads")


async def look(ask: Asker, bot: DiscordBot, clubs: Clubs, settings: Settings, found: Found) -> None:
    """Each server once, up to a bound."""
    homes = [(club, home) for club, places in clubs for home in places if home.platform == AREA]
    if not homes:
        found.append(
            warning(
                AREA,
                "It serves no server yet.",
                to_do=f"Add it to one: {bot.invitation} and type /setup there.",
            )
        )
    for club, home in homes[:MOST_PLACES]:
        if not await _look_at(ask, bot, club, home, settings, found):
            return
    if len(homes) > MOST_PLACES:
        rest = len(homes) - MOST_PLACES
        found.append(ok(AREA, f"{rest} more servers were not looked at."))


async def _look_at(
    ask: Asker,
    bot: DiscordBot,
    club: Club,
    home: StoredPlace,
    settings: Settings,
    found: Found,
) -> bool:
    """False where Discord wants to be asked no more for now."""
    answers = [
        await ask.get(f"/guilds/{home.chat_id}{rest}")
        for rest in ("", f"/members/{bot.user_id}", "/channels")
    ]
    if any(one.status == 429 for one in answers):
        _say_limited(found)
        return False
    guild, member, channels = (one.body for one in answers)
    if any(one.status != 200 for one in answers):
        what = "It is not in this server any more" if answers[0].status in _GONE else "Not to see"
        found.append(
            problem(
                AREA,
                f"A server of {club.prefix} ({home.chat_id}): {what}: {_refusal(answers)}.",
                to_do=f"Add it again: {bot.invitation}",
            )
        )
        return True
    server = f"{guild['name']} ({club.prefix})"
    before = len(found)
    from bot.adapters.discord.permissions import permissions_in

    if home.announcements_chat and not permissions_in(guild, member).create_events:
        found.append(
            warning(
                AREA,
                f"{server}: missing: Create Events, so sessions stay out of its calendar.",
                to_do="Server Settings, Roles, the bot's role, Permissions.",
            )
        )
    by_id = {one["id"]: one for one in channels}
    for purpose in PURPOSES:
        if not await _look_at_channel(
            ask, purpose, home, (server, guild, member, by_id), settings, found
        ):
            return False
    if len(found) == before:
        found.append(ok(AREA, f"{server}: it may do all that it has to."))
    return True


async def _look_at_channel(
    ask: Asker,
    purpose: str,
    home: StoredPlace,
    there: tuple[str, Any, Any, dict[str, Any]],
    settings: Settings,
    found: Found,
) -> bool:
    server, guild, member, by_id = there
    chat = getattr(home, f"{purpose}_chat")
    number = getattr(home, f"{purpose}_thread")
    if chat is None:
        if purpose == "announcements":
            found.append(
                warning(
                    AREA,
                    f"{server}: no place for announcements is set, so nothing is posted there.",
                    to_do="There type /setup, where “Announcements here” sets it.",
                )
            )
        return True
    channel, thread = by_id.get(chat), None
    if channel is not None and number is not None:
        answer = await ask.get(f"/channels/{number}")
        if answer.status == 429:
            _say_limited(found)
            return False
        thread = answer.body if answer.status == 200 else None
    if channel is None or (number is not None and thread is None):
        found.append(
            problem(
                AREA,
                f"{server}: the channel for {purpose} is gone, or hidden from it.",
                to_do=f"There type /setup, where “{purpose.capitalize()} here” sets another.",
            )
        )
        return True
    from bot.adapters.discord.permissions import sight_of_payloads

    has_content = settings.discord_message_content
    sight = sight_of_payloads(guild, member, channel, thread, has_content)
    if sight.missing:
        say = problem if set(_VITAL) & set(sight.missing) else warning
        text = f"{server}, {sight.name} for {purpose}: missing: {', '.join(sight.missing)}."
        found.append(say(AREA, text, to_do=sight.remedy))
    return True


def _refusal(answers: list[Answer]) -> str:
    return next(one.words for one in answers if one.status != 200)


def _say_limited(found: Found) -> None:
    found.append(
        warning(
            AREA,
            "Discord wants to be asked no more for now, so not every place was looked at.",
            to_do="Wait a minute, then type again: wprc doctor",
        )
    )
