"""The folder of backups that are made by themselves: their names, the newest, and which stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.backup_file import drop_abandoned
from storage.database import Database

LEASE = "scheduled backup"
"""Whoever holds it makes the backup that is due."""

_STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """The backups of one database, each named by its instant: wprc-20261128-030000.sqlite.

    Other files in the folder are left alone.
    """

    path: Path
    name: str
    suffix: str

    @classmethod
    def of(cls, database: Database, path: Path) -> BackupFolder:
        """The backups of this database in a folder."""
        if database.path is not None:
            return cls(path, database.path.stem, ".sqlite")
        return cls(path, database.writer.url.database or "wprc", ".dump")

    def name_at(self, instant: datetime) -> Path:
        """The file of a backup that is made now."""
        return self.path / f"{self.name}-{instant.astimezone(UTC):{_STAMP}}{self.suffix}"

    def all(self) -> list[tuple[datetime, Path]]:
        """The backups with their instants, the newest first."""
        found = []
        for path in self.path.glob(f"*{self.suffix}"):
            stamp = path.name.removeprefix(f"{self.name}-").removesuffix(self.suffix)
            try:
                made_at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
            except ValueError:
                continue
            if path == self.name_at(made_at):
                found.append((made_at, path))
        return sorted(found, reverse=True)

    def newest_at(self, now: datetime) -> datetime | None:
        """When the newest was made; what a wrong clock has dated later than now does not count."""
        return next((made_at for made_at, _ in self.all() if made_at <= now), None)

    def thin_out(self, days: int) -> list[Path]:
        """Removes what is kept no longer, and says which those were.

        Of the newest day all stay, and the last of each day before it, of so many days in all.
        """
        seen: list[object] = []
        removed = []
        for made_at, path in self.all():
            day = made_at.date()
            is_new_day = day not in seen
            if is_new_day:
                seen.append(day)
            if len(seen) > days or (not is_new_day and day != seen[0]):
                path.unlink(missing_ok=True)
                removed.append(path)
        drop_abandoned(self.path, f"{self.name}-")
        return removed
