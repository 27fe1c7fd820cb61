"""The program itself, what it is made of, and whether there is a backup."""

from __future__ import annotations

import platform
import sqlite3
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot import __version__
from bot.commandline.doctor.guard import Found
from bot.core.findings import ok, problem, warning
from bot.settings import Settings

_LIBRARIES = ("sqlalchemy", "alembic", "psycopg", "apscheduler")
_EXTRAS = {"discord": "discord.py", "telegram": "python-telegram-bot"}
_ENDINGS = ("*.sqlite", "*.dump")
OLD_BACKUP = timedelta(days=7)


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
    """The newest file among the backups."""
    folder: Path = getattr(settings, "backup_dir", None) or settings.data_dir / "backups"
    made = [file.stat().st_mtime for ending in _ENDINGS for file in folder.glob(ending)]
    if not made:
        found.append(
            warning(
                "backup",
                f"There is none in {folder}.",
                to_do=f"Type: wprc backup {folder / 'first'}{_ending(settings)}",
            )
        )
        return
    age = now - datetime.fromtimestamp(max(made), UTC)
    if age > OLD_BACKUP:
        found.append(
            warning(
                "backup",
                f"The last one is {age.days} days old.",
                to_do="Type: wprc backup FILE, and see whether scheduled backups are on.",
            )
        )
        return
    hours = max(0, int(age.total_seconds() // 3600))
    found.append(ok("backup", f"The last one is {hours} h old, of {len(made)} in {folder}."))


def _ending(settings: Settings) -> str:
    return ".sqlite" if settings.database_url.startswith("sqlite") else ".dump"
