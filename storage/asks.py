"""Half-filled forms, so that what a person has typed survives a restart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of
from storage.places import PLATFORMS


class AskTable(Base):
    __tablename__ = "asks"
    __table_args__ = (one_of("platform", PLATFORMS),)

    # The key is what keeps it to one open form for each person and chat. It names no club, since
    # a club is founded by a form as well.
    platform: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str]
    updated_at: Mapped[datetime]


class Asks:
    """The open forms of all chats; what stands in a form is its adapter's own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, platform: str, chat_id: str, account_id: str, form: str, at: datetime) -> None:
        """Opens a form or keeps what was filled in since; another open one gives way."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        values = {"form": form, "updated_at": at}
        statement = dialect.insert(AskTable).values(
            platform=platform, chat_id=chat_id, account_id=account_id, **values
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["platform", "chat_id", "account_id"], set_=values
            )
        )

    def get(self, platform: str, chat_id: str, account_id: str) -> str | None:
        """The open form, if there is one."""
        mine = _of(platform, chat_id, account_id)
        return self._connection.execute(select(AskTable.form).where(mine)).scalar()

    def drop(self, platform: str, chat_id: str, account_id: str) -> bool:
        """Closes a form; False when none was open."""
        mine = _of(platform, chat_id, account_id)
        return self._connection.execute(delete(AskTable).where(mine)).rowcount > 0

    def forget_before(self, instant: datetime) -> int:
        """Closes the forms that nobody has touched since; how many those were."""
        statement = delete(AskTable).where(AskTable.updated_at < instant)
        return self._connection.execute(statement).rowcount


def _of(platform: str, chat_id: str, account_id: str) -> ColumnElement[bool]:
    return and_(
        AskTable.platform == platform,
        AskTable.chat_id == chat_id,
        AskTable.account_id == account_id,
    )
