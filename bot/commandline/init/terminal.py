"""The questions of `wprc init` on a terminal: what is needed, why, and where to get it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from getpass import getpass

from bot.commandline.init import club as clubs
from bot.commandline.init.setup import NONE, Setup, Wrong
from bot.commandline.init.summary import line_of, lines_of, own_zone, state_of
from bot.commandline.init.trying import Failed
from bot.commandline.platforms import discord, telegram
from bot.core.findings import Finding
from bot.settings import variables
from bot.settings.readers import mask_url

_TRIES = 3
_DISCORD = f"""
Discord. The bot needs a token, which is the password that it connects with.
  1. Open {discord.PORTAL} and press “New Application”.
  2. Under “Bot” press “Reset Token”, and copy the token.
No privileged intent is needed. With “Message Content Intent” on, the bot can also
take in what members write in a place for opinions."""
_TELEGRAM = """
Telegram. The bot needs a token here too.
  1. Write to @BotFather on Telegram: /newbot, then a name, then a user name.
  2. Copy the token from its answer.
  3. Send it /setinline as well, so that papers can be found from any chat."""
_DATABASE = """
Database. An SQLite file is right for one computer and any club. For several
processes, or a server that you have already: postgresql://user:password@host/name"""
_CLUB = """
The club. Its papers are called by its prefix: WPRC-006 is paper 6 of WPRC. The
time zone is the one in which its sessions are planned."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def ask(question: str, default: str = "") -> str:
    """An answer, or the default for an empty one; raises EOFError at the end of input."""
    shown = f" [{default}]" if default else ""
    return input(f"{question}{shown}: ").strip() or default


def is_yes(answer: str) -> bool:
    return answer.casefold() in ("y", "yes")


def ask_everything(setup: Setup) -> None:
    """The first time: one thing after the other, each tried at once. Written at the end."""
    say("A few questions; Enter takes what stands in brackets, Ctrl-C ends without a trace.")
    if not setup.settings.discord_token:
        change_discord(setup)
    if not setup.settings.telegram_token:
        change_telegram(setup)
    change_database(setup)
    if setup.club is not None:
        say(f"It has the club {setup.club.name} ({setup.club.prefix}) already.")
    elif setup.database is not None and setup.club_name is None:
        change_club(setup)


def change_discord(setup: Setup) -> None:
    say(_DISCORD)
    if not _change_token(setup, variables.DISCORD_TOKEN, "Discord", setup.meet_discord):
        return
    bot = setup.discord
    if bot is None:
        return
    say(f"It works: {bot.name}.")
    if bot.has_content_intent and not setup.settings.discord_message_content:
        change_reading(setup)
    _show(discord.switches(bot, reads_messages=setup.settings.discord_message_content))


def change_reading(setup: Setup) -> None:
    say("\nThe bot may read what members write in the places for opinions, and offer to keep it.")
    current = "yes" if setup.settings.discord_message_content else "no"
    answer = ask("Let it read ordinary messages on Discord", current)
    setup.set(variables.DISCORD_MESSAGE_CONTENT, "true" if is_yes(answer) else "false")


def change_telegram(setup: Setup) -> None:
    say(_TELEGRAM)
    if not _change_token(setup, variables.TELEGRAM_TOKEN, "Telegram", setup.meet_telegram):
        return
    if setup.telegram is not None:
        say(f"It works: @{setup.telegram.username}.")
        _show(telegram.switches(setup.telegram))


def _change_token(
    setup: Setup, variable: variables.Variable[str], name: str, meet: Callable[[], None]
) -> bool:
    """Asks until a token works, a few times; whether there is a new one."""
    before = setup.changes.get(variable.name)
    is_set = bool(setup.in_file.get(variable.name))
    otherwise = f"Enter keeps it, “{NONE}” removes it" if is_set else f"Enter leaves {name} out"
    for _ in range(_TRIES):
        token = getpass(f"Token (it does not show while you paste it; {otherwise}): ").strip()
        if not token:
            return False
        try:
            setup.set(variable, token)
            meet()
        except Wrong as error:
            say(str(error))
        except Failed as error:
            say(str(error))
            if not error.is_refused and is_yes(ask("Keep it without a test", "no")):
                return True
        else:
            return True
        setup.changes.pop(variable.name, None)
        if before is not None:
            setup.changes[variable.name] = before
    say(f"{name} stays as it was. Once you have the token, type: wprc init")
    return False


def change_database(setup: Setup) -> None:
    say(_DATABASE)
    for _ in range(_TRIES):
        shown = mask_url(setup.settings.database_url)
        answer = ask("Database", shown)
        try:
            if answer != shown:
                setup.set(variables.DATABASE_URL, answer)
            setup.open_database()
        except (Wrong, Failed) as error:
            say(str(error))
            setup.changes.pop(variables.DATABASE_URL.name, None)
        else:
            say("It works.")
            return
    raise Failed("No database that works was given. Mend it, then type: wprc init")


def change_club(setup: Setup) -> None:
    say(_CLUB)
    old = setup.club
    name = ask("Name of the club (Enter: later, in the chat)", old.name if old else "")
    if not name:
        return
    prefix = old.prefix if old else clubs.initials(name)
    if old is None:
        prefix = _valid(setup, variables.CLUB, "Prefix", prefix)
        if not prefix:
            return
    zone = old.time_zone if old else setup.settings.time_zone
    zone = own_zone() if zone == "UTC" and old is None else zone
    if not _valid(setup, variables.TIME_ZONE, "Time zone", zone):
        setup.changes.pop(variables.CLUB.name, None)
        return
    setup.changes[variables.CLUB.name] = prefix
    setup.club_name = name


def _valid(setup: Setup, variable: variables.Variable[str], question: str, default: str) -> str:
    """Asks until the answer can be read, a few times; empty where it never could."""
    for _ in range(_TRIES):
        answer = ask(question, default)
        try:
            setup.set(variable, answer)
        except Wrong as error:
            say(str(error))
            continue
        if setup.changes[variable.name]:
            return variable.read(answer)
        say("A club has one.")
    setup.changes.pop(variable.name, None)
    say("The club stays as it was. To try again, type: wprc init")
    return ""


def change_one_by_one(setup: Setup) -> None:
    """Later: shows what is set, without secrets, and changes what is picked; each at once."""
    changes: tuple[Callable[[Setup], None], ...] = (
        change_discord,
        change_telegram,
        change_database,
        change_club,
        change_reading,
        _new_code,
    )
    while True:
        say(f"\nThis is set in {setup.path}:")
        for number, (label, state) in enumerate(state_of(setup), start=1):
            say(f"  {number}  {label:<10} {state}")
        picked = ask("Change which (a number; Enter ends)")
        if not picked:
            return
        if not picked.isdecimal() or not 1 <= int(picked) <= len(changes):
            say(f"Pick a number from 1 to {len(changes)}.")
            continue
        try:
            changes[int(picked) - 1](setup)
            setup.settle_club()
        except (Wrong, Failed) as error:
            say(str(error))
            setup.changes.clear()
            continue
        if setup.save():
            say(f"Written to {setup.path}. A bot that runs takes it over when it is started anew.")
        setup.club_name = None


def _new_code(setup: Setup) -> None:
    if setup.database is not None:
        code = clubs.code_for(setup.database, setup.club)
        say("\n".join(lines_of(code)))


def _show(findings: list[Finding]) -> None:
    say("\n".join(f"  {line_of(finding)}" for finding in findings))
