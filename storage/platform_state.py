"""What a platform's adapter notes for itself: what it registered, what it saw last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of
from storage.places import PLATFORMS


class PlatformStateTable(Base):
    __tablename__ = "platform_state"
    __table_args__ = (one_of("platform", PLATFORMS),)

    platform: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    saved_at: Mapped[datetime]


class PlatformState:
    """Notes of all platforms; they belong to the bot and to no club."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, platform: str, key: str) -> str | None:
        statement = select(PlatformStateTable.value).where(
            PlatformStateTable.platform == platform, PlatformStateTable.key == key
        )
        return self._connection.execute(statement).scalar()

    def save(self, platform: str, key: str, value: str, at: datetime) -> None:
        """Puts the value in the place of the one before."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(PlatformStateTable).values(
            platform=platform, key=key, value=value, saved_at=at
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["platform", "key"], set_={"value": value, "saved_at": at}
            )
        )

    def forget(self, platform: str, prefix: str, before: datetime) -> int:
        """Drops the notes whose key begins so and that are older; how many those were."""
        statement = delete(PlatformStateTable).where(
            PlatformStateTable.platform == platform,
            func.substr(PlatformStateTable.key, 1, len(prefix)) == prefix,
            PlatformStateTable.saved_at < before,
        )
        return self._connection.execute(statement).rowcount
