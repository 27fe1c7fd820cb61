"""The database: whether it can be used, whether it is whole, and what waits in it."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.commandline.database import reason
from bot.commandline.doctor.guard import Found
from bot.commandline.doctor.locks import long_writer
from bot.core.findings import Finding, ok, problem, warning
from bot.logs import redact
from bot.settings import Settings
from bot.settings.readers import mask_url
from storage import inspection
from storage.clubs import Club
from storage.places import StoredPlace
from storage.schema import SchemaBehind, SchemaMismatch, check_on

AREA = "database"
Clubs = list[tuple[Club, list[StoredPlace]]]
_MEGABYTE = 1 << 20
LEAST_FREE, LITTLE_FREE = 64 * _MEGABYTE, 512 * _MEGABYTE
LARGEST_LOG = 64 * _MEGABYTE
LATE = timedelta(minutes=2)
SLOW_ANSWER = timedelta(minutes=1)
RECENT = timedelta(days=7)
_RESTORE = "Put back the last backup: wprc restore FILE"


def look_at_database(
    settings: Settings, seconds: float, found: Found, *, clubs: Clubs, is_usable: list[bool]
) -> None:
    """Also gives the clubs with their places, and whether there is more to be read."""
    url = settings.database_url
    path = inspection.file_of(url)
    if path is not None and not _look_at_file(path, found):
        return
    try:
        with inspection.look_into(url, seconds) as connection:
            check_on(connection)
            is_usable.append(True)
            _look_inside(connection, found, clubs, mask_url(url))
            _look_for_club(settings.club, clubs, found)
    except SchemaBehind as error:
        found.append(problem(AREA, f"{_begun(str(error))}.", to_do="Type: wprc migrate"))
    except SchemaMismatch as error:
        found.append(
            problem(
                AREA,
                f"{_begun(str(error))}.",
                to_do="Install the newer program, or put back a backup from before: "
                "wprc restore FILE",
            )
        )
    except SQLAlchemyError as error:
        found.append(_failure(error, path, mask_url(url)))


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _look_at_file(path: Path, found: Found) -> bool:
    """What can be told without opening it; False where there is nothing to open."""
    if not path.exists():
        found.append(
            problem(
                AREA,
                f"There is no file {path}.",
                to_do="For a new one type: wprc init. If there was one, put back the last backup: "
                "wprc restore FILE",
            )
        )
        return False
    size = sum(_size(path.with_name(path.name + end)) for end in ("", "-wal"))
    found += room(shutil.disk_usage(path.parent).free, size, path.parent)
    for one in (path, path.parent):
        if not os.access(one, os.W_OK):
            found.append(
                problem(
                    AREA,
                    f"This user may not write to {one}.",
                    to_do="Run the bot as the user who owns it, or type: chown -R USER "
                    f"{path.parent}",
                )
            )
    mode = path.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        found.append(
            warning(
                AREA,
                f"Others on this computer may read {path} ({mode:o}), which holds addresses.",
                to_do=f"Type: chmod 600 {path}",
            )
        )
    log = _size(path.with_name(f"{path.name}-wal"))
    if log > LARGEST_LOG:
        found.append(
            warning(
                AREA,
                f"Its write-ahead log has {log // _MEGABYTE} MB, so something reads it all the "
                "time.",
                to_do="End other programs that have it open, then start the bot anew.",
            )
        )
    writer = long_writer(path)
    if writer is not None:
        found.append(
            problem(
                AREA,
                f"Process {writer} keeps it locked, so nothing can be saved.",
                to_do=f"See what it is (ps -p {writer}), such as a database browser with unsaved "
                "changes, and end it.",
            )
        )
    return True


def room(free: int, size: int, folder: Path) -> list[Finding]:
    """Whether the disk has room for what comes, and for a copy of the database at an upgrade."""
    text = f"{free // _MEGABYTE} MB are free in {folder}"
    to_do = f"Make room there; to see what takes it, type: du -xh --max-depth=2 {folder}"
    if free < LEAST_FREE:
        return [problem(AREA, f"The disk is full: {text}.", to_do=to_do)]
    if free < max(LITTLE_FREE, 2 * size):
        return [warning(AREA, f"The disk is nearly full: {text}.", to_do=to_do)]
    return [ok(AREA, f"{text}.")]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _look_inside(connection: Connection, found: Found, clubs: Clubs, shown: str) -> None:
    clubs += inspection.clubs_and_places(connection)
    names = ", ".join(club.prefix for club, _ in clubs[:5]) + (", …" if len(clubs) > 5 else "")
    found.append(ok(AREA, f"{shown} can be read and fits this program. Clubs: {names or 'none'}."))
    if not clubs:
        found.append(warning(AREA, "There is no club in it yet.", to_do="Type: wprc init"))
    if why := inspection.refuses_writes(connection):
        found.append(
            problem(
                AREA,
                f"It takes no writes: {why}.",
                to_do="Name the main server in DATABASE_URL, and a user who owns its tables.",
            )
        )
    if connection.dialect.name != "sqlite":
        return
    mode = inspection.journal_mode(connection)
    if mode != "wal":
        found.append(
            warning(
                AREA,
                f"Its journal mode is {mode}, in which readers and the writer wait for each other.",
                to_do="Start the bot anew; it turns the write-ahead log on. On a network drive use "
                "PostgreSQL instead.",
            )
        )
    if flaws := inspection.flaws(connection):
        found.append(problem(AREA, f"It is damaged: {flaws[0][:200]}.", to_do=_RESTORE))
    elif tables := inspection.orphans(connection):
        text = f"Rows in {', '.join(tables)} hang under nothing."
        found.append(problem(AREA, text, to_do=_RESTORE))
    else:
        found.append(ok(AREA, "It is whole."))


def _look_for_club(prefix: str | None, clubs: Clubs, found: Found) -> None:
    """Whether the one that is meant where nothing else says so is there."""
    if prefix is not None and clubs and prefix not in [club.prefix for club, _ in clubs]:
        found.append(
            warning(
                AREA,
                f"WPRC_CLUB names {prefix}, and there is no such club in it.",
                to_do=f"Set it to {clubs[0][0].prefix}, or found that club: "
                f"wprc init --prefix {prefix} --club NAME",
            )
        )


def _failure(error: SQLAlchemyError, path: Path | None, shown: str) -> Finding:
    why = redact(reason(error))
    name = getattr(error.orig, "sqlite_errorname", "") if isinstance(error, DBAPIError) else ""
    if name.startswith("SQLITE_INTERRUPT"):
        return warning(
            AREA,
            "Looking through all of it takes longer than it may here.",
            to_do="To wait longer, type: wprc doctor --wait 600",
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return problem(
            AREA,
            "Another program keeps it locked, so it cannot even be read.",
            to_do=f"See who has it open (fuser -v {path}), such as a database browser or a copy in "
            "progress, and end it.",
        )
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return problem(AREA, f"{path} is damaged, or no database: {why}.", to_do=_RESTORE)
    to_do = (
        f"See whether this user may read {path} and write to its folder."
        if path
        else "See whether the server runs, and whether DATABASE_URL names it rightly."
    )
    return problem(AREA, f"{shown} cannot be used: {why}.", to_do=to_do)


def look_at_backlog(settings: Settings, seconds: float, now: datetime, found: Found) -> None:
    """What waits to be answered or sent, what went wrong, and whether anybody works on it."""
    with inspection.look_into(settings.database_url, seconds) as connection:
        waits = inspection.backlog(connection, now, LATE, now - RECENT)
        served = inspection.served(connection, now)
    platforms = {
        "Discord": any(name.startswith("Discord bot") for name in served),
        "Telegram": any(name.startswith("Telegram bot") for name in served),
    }
    wanted = {"Discord": settings.discord_token, "Telegram": settings.telegram_token}
    for name, token in wanted.items():
        if token and platforms[name]:
            found.append(ok("running", f"A process serves {name}."))
        elif token:
            found.append(warning("running", f"No process serves {name}.", to_do="Type: wprc run"))
    if waits.inbox_since is not None and now - waits.inbox_since > SLOW_ANSWER:
        found.append(
            problem(
                "inbox",
                f"{waits.inbox} events wait to be answered, the oldest for "
                f"{_age(now - waits.inbox_since)}.",
                to_do="Start the bot (anew): wprc run. If that does not help, its log says why.",
            )
        )
    else:
        found.append(ok("inbox", f"Events that wait to be answered: {waits.inbox}."))
    if waits.overdue_since is not None:
        found.append(
            problem(
                "deliveries",
                f"{waits.overdue} messages should have gone out, the oldest "
                f"{_age(now - waits.overdue_since)} ago.",
                to_do="Start the bot (anew): wprc run. If that does not help, its log says why.",
            )
        )
    if waits.failed or waits.unknown:
        found.append(
            warning(
                "deliveries",
                f"In the last {RECENT.days} days {waits.failed} messages failed, and of "
                f"{waits.unknown} it is not known whether they arrived.",
                to_do="In the chat an organiser types /deliveries, which says why and tries again.",
            )
        )
    if not any(one.area == "deliveries" for one in found):
        found.append(ok("deliveries", "Everything that was due is sent."))


def _age(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
