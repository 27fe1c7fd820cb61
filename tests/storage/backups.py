"""What tests of backups share: a database with something in it, lost, and put back."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from storage.backup import unwatched
from storage.clubs import Club
from storage.database import Database
from storage.restore import Restored, restore
from tests.conftest import NOW
from tests.storage.drafts import whole_draft


def put_back(database: Database, source: Path, kept: Path, now: datetime = NOW) -> Restored:
    return restore(database, source, kept, now, lambda owner: False, unwatched)


def destroy(database: Database) -> None:
    if database.path is None:
        with database.transaction(write=True) as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        database.close()
        return
    database.close()
    database.path.write_bytes(os.urandom(50_000))


def fill(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        uow.papers.save(whole_draft(), NOW)
        uow.places.add("telegram", "-5")
