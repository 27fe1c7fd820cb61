"""Opening the database for a command: reachable, and with the tables that this program needs."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.settings import Settings
from bot.settings.readers import mask_url
from storage.database import Database
from storage.schema import SchemaBehind, SchemaMismatch, check, migrate


class DatabaseProblem(Exception):
    """The database cannot be used; the text says what happened and what to do next."""


def open_database(settings: Settings, *, may_migrate: bool) -> Database:
    """The database of the settings, migrated if that is allowed here or by the settings.

    Raises DatabaseProblem.
    """
    database = Database(settings.database_url)
    with ExitStack() as undoing:
        undoing.callback(database.close)
        try:
            if may_migrate or settings.auto_migrate:
                _migrate(database)
            else:
                check(database)
        except SchemaBehind as error:
            raise DatabaseProblem(
                f"{error}. WPRC_AUTO_MIGRATE is false, so type: wprc migrate"
            ) from None
        except SchemaMismatch as error:
            raise DatabaseProblem(str(error)) from None
        except (SQLAlchemyError, OSError) as error:
            raise cannot_be_used(settings, error) from None
        undoing.pop_all()
    return database


def cannot_be_used(settings: Settings, error: Exception) -> DatabaseProblem:
    """The problem that a database of the settings could not be reached or read."""
    return DatabaseProblem(
        f"the database {mask_url(settings.database_url)} cannot be used: {reason(error)}. "
        "See DATABASE_URL in .env.example."
    )


def _migrate(database: Database) -> None:
    done = migrate(database)
    if done.before is not None and done.before != done.after:
        kept = f"; the one before is kept as {done.copy}" if done.copy else ""
        sys.stderr.write(f"The database was migrated from {done.before} to {done.after}{kept}.\n")


def reason(error: Exception) -> str:
    """What the database or the system itself says, in one line and without the statement."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return " ".join(str(cause).split()).rstrip(".") or type(cause).__name__
