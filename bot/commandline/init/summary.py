"""What `wprc init` says at its end: what is set, the links, the code and the next step."""

from __future__ import annotations

from bot.chat.text import plain
from bot.commandline.init import club as clubs
from bot.commandline.init.club import Code
from bot.commandline.init.setup import Setup
from bot.core.findings import Finding, Level
from bot.settings.readers import mask_url


def own_zone() -> str:
    """The time zone of this computer, UTC where it has none by name."""
    from tzlocal import get_localzone_name

    try:
        return get_localzone_name() or "UTC"
    except (LookupError, OSError, ValueError):
        return "UTC"


def state_of(setup: Setup) -> list[tuple[str, str]]:
    """Each thing that can be changed, and how it stands; no secrets."""
    settings = setup.settings
    discord = "not set"
    if settings.discord_token:
        discord = setup.discord.name if setup.discord else "a token is set, which was not tested"
    telegram = "not set"
    if settings.telegram_token:
        bot = setup.telegram
        telegram = f"@{bot.username}" if bot else "a token is set, which was not tested"
    club = "none yet"
    if setup.club:
        club = f"{setup.club.name} ({setup.club.prefix}), {setup.club.time_zone}"
    return [
        ("Discord", discord),
        ("Telegram", telegram),
        ("Database", mask_url(settings.database_url)),
        ("Club", club),
        ("Reading", f"ordinary messages on Discord: {_yes(settings.discord_message_content)}"),
        ("Code", "a new one, for a server or group"),
    ]


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def line_of(finding: Finding) -> str:
    """What is switched on or off, and how to change it."""
    mark = "" if finding.level is Level.OK else f"{finding.level}: "
    text = f"{finding.area.capitalize()}: {mark}{plain(finding.what)}"
    return f"{text} {finding.to_do}".rstrip()


def lines_of(code: Code) -> list[str]:
    """A code, with what it is for."""
    does = f"lets a server or group join {code.club.name}" if code.club else "founds a club"
    return [f"This code {does}, once, within {code.lasts.days} days:", f"  {code.text}"]


def summary(setup: Setup) -> list[str]:
    """The lines at the end; makes a code where the club is in no chat yet."""
    settings = setup.settings
    lines = []
    if setup.discord:
        lines += [
            f"Discord: {setup.discord.name}. This brings it into a server that you manage:",
            f"  {setup.discord.invitation}",
        ]
    elif settings.discord_token:
        lines.append("Discord: a token is set, which was not tested. For the link: wprc invite")
    if setup.telegram:
        lines += [
            f"Telegram: @{setup.telegram.username}. This adds it to a group that you manage:",
            f"  {setup.telegram.invitation}",
        ]
    elif settings.telegram_token:
        lines.append("Telegram: a token is set, which was not tested.")
    club = setup.club
    if club is not None:
        lines.append(f"The club: {club.name} ({club.prefix}), {club.time_zone}.")
    if not (settings.discord_token or settings.telegram_token):
        lines.append("There is no token yet. To look round without one: wprc chat")
        return lines
    has_code = False
    if setup.database is not None and (club is None or clubs.is_nowhere(setup.database, club)):
        lines += lines_of(clubs.code_for(setup.database, club))
        has_code = True
    return [*lines, "", *_next(has_code=has_code, is_checked=setup.is_checked)]


def _next(*, has_code: bool, is_checked: bool) -> list[str]:
    first = ["Next:", "  1. Start the bot: wprc run"]
    if not is_checked:
        return [*first, "  2. Once the platforms can be reached: wprc doctor"]
    if not has_code:
        return [*first, "  2. To see whether all is well: wprc doctor"]
    return [
        *first,
        "  2. Open a link above, and add the bot.",
        "  3. There type /setup, press “I have a code” and enter the code. Whoever does so first",
        "     becomes the club's organiser.",
        "To see whether all is well: wprc doctor",
    ]
