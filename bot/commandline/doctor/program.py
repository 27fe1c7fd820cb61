"""The program itself, what it is made of, and whether there is a backup."""

from __future__ import annotations

import platform
import sqlite3
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from bot import __version__
from bot.commandline.doctor.guard import Found
from bot.core.findings import ok, problem, warning
from bot.settings import Settings

_LIBRARIES = ("sqlalchemy", "alembic", "psycopg", "apscheduler")
_EXTRAS = {"discord": "discord.py", "telegram": "python-telegram-bot"}
_ENDINGS = ("*.sqlite", "*.dump")
OLD_BACKUP = timedelta(days=7)
_MISSED = 2  # So many of them before one is missed: the bot may have been away for a while.
_WHY = {True: "The bot's log says why none was made.", False: "WPRC_BACKUP_EVERY is 0."}


def look_at_versions(settings: Settings, found: Found) -> None:
    """Says them all in one line, for a report; what a token needs and is not there is found."""
    tokens = {"discord": settings.discord_token, "telegram": settings.telegram_token}
    names = [*_LIBRARIES]
    for extra, library in _EXTRAS.items():
        if _version(library):
            names.append(library)
        elif tokens[extra]:
            found.append(
                problem(
                    "versions",
                    f"{library} is not installed, and {extra.upper()}_TOKEN is set.",
                    to_do=f"Type: pip install 'wprc-bot[{extra}]'",
                )
            )
    libraries = ", ".join(f"{name} {_version(name)}" for name in names)
    found.append(
        ok(
            "versions",
            f"wprc {__version__}, Python {platform.python_version()}, SQLite "
            f"{sqlite3.sqlite_version}, {libraries}, {platform.system()} {platform.machine()}.",
        )
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def look_at_backups(settings: Settings, now: datetime, found: Found) -> None:
    """The newest file among the backups, against how often the bot is to make one."""
    folder = settings.backup_folder
    made = [file.stat().st_mtime for ending in _ENDINGS for file in folder.glob(ending)]
    target = folder if folder.is_dir() else folder / f"first{_ending(settings)}"
    to_do = f"To make one now, type: wprc backup {target}"
    hours = settings.backup_hours
    if not made and not hours and not _is_file(settings):
        text = f"There is none in {folder}; a server often has backups of its own."
        found.append(ok("backup", text, to_do=to_do))
    elif not made:
        plan = f"; the bot makes one every {hours} h" if hours else ""
        found.append(warning("backup", f"There is none in {folder}{plan}.", to_do=to_do))
    else:
        age = now - datetime.fromtimestamp(max(made), UTC)
        due = timedelta(hours=_MISSED * hours) if hours else OLD_BACKUP
        text = f"The last one is {_age(age)} old, of {len(made)} in {folder}."
        say = ok if age <= due else partial(warning, to_do=f"{_WHY[bool(hours)]} {to_do}")
        found.append(say("backup", text))


def _age(span: timedelta) -> str:
    hours = max(0, int(span.total_seconds() // 3600))
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def _is_file(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _ending(settings: Settings) -> str:
    return ".sqlite" if _is_file(settings) else ".dump"
