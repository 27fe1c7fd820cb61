"""Whom and what can be reached, in all clubs: accounts that block the bot, chats that move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, select, update

from storage.asks import AskTable
from storage.base import Base
from storage.clubs import bump_version
from storage.deliveries import PENDING, DeliveryTable
from storage.mirrors import MirrorTable
from storage.people import AccountTable
from storage.places import PlaceTable
from storage.posts import PostTable


class Reach:
    """Marks that belong to a platform and concern every club that is there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_person(self, platform: str, account_id: str, unreachable_at: datetime | None) -> int:
        """Notes since when an account takes no messages, None for one that does; clubs touched."""
        mine = and_(AccountTable.platform == platform, AccountTable.account_id == account_id)
        is_other = (
            AccountTable.unreachable_at.is_not(None)
            if unreachable_at is None
            else AccountTable.unreachable_at.is_(None)
        )
        statement = update(AccountTable).where(mine, is_other)
        marked = statement.values(unreachable_at=unreachable_at).returning(AccountTable.club_id)
        return self._bump(self._connection.execute(marked).scalars())

    def set_place(self, platform: str, chat_id: str, gone_at: datetime | None) -> int:
        """Notes since when a server or group is closed to the bot, None for open; clubs touched."""
        mine = and_(PlaceTable.platform == platform, PlaceTable.chat_id == chat_id)
        is_other = (
            PlaceTable.gone_at.is_not(None) if gone_at is None else PlaceTable.gone_at.is_(None)
        )
        statement = update(PlaceTable).where(mine, is_other)
        marked = statement.values(gone_at=gone_at).returning(PlaceTable.club_id)
        return self._bump(self._connection.execute(marked).scalars())

    def move(self, platform: str, old: str, new: str) -> int:
        """Gives everything that stands in a chat the chat's new id; how many clubs that touched.

        Said again it finds nothing to move. Where both chats are places already, the new one stays.
        """
        if old == new:
            return 0
        touched = self._move_places(platform, old, new)
        for purpose in (PlaceTable.announcements_chat, PlaceTable.opinions_chat):
            statement = update(PlaceTable).where(PlaceTable.platform == platform, purpose == old)
            moved = statement.values({purpose.key: new}).returning(PlaceTable.club_id)
            touched += self._connection.execute(moved).scalars()
        self._connection.execute(
            update(DeliveryTable)
            .where(
                DeliveryTable.platform == platform,
                DeliveryTable.chat_id == old,
                DeliveryTable.state == PENDING,
            )
            .values(chat_id=new)
        )
        mirrored = and_(MirrorTable.platform == platform, MirrorTable.chat_id == old)
        self._connection.execute(update(MirrorTable).where(mirrored).values(chat_id=new))
        tables = Base.metadata.tables
        self._rekey(tables[PostTable.__tablename__], "message_id", platform, old, new)
        self._rekey(tables[AskTable.__tablename__], "account_id", platform, old, new)
        return self._bump(touched)

    def _move_places(self, platform: str, old: str, new: str) -> list[int]:
        def at(chat: str) -> ColumnElement[bool]:
            return and_(PlaceTable.platform == platform, PlaceTable.chat_id == chat)

        if self._connection.execute(select(exists().where(at(new)))).scalar_one():
            dropped = delete(PlaceTable).where(at(old)).returning(PlaceTable.club_id)
            return list(self._connection.execute(dropped).scalars())
        moved = update(PlaceTable).where(at(old)).values(chat_id=new, gone_at=None)
        return list(self._connection.execute(moved.returning(PlaceTable.club_id)).scalars())

    def _rekey(self, table: Table, rest: str, platform: str, old: str, new: str) -> None:
        """Rows whose key holds the chat; where the new chat has such a row, that one stays."""
        other = table.alias()
        is_there = exists().where(
            other.c.platform == platform, other.c.chat_id == new, other.c[rest] == table.c[rest]
        )
        mine = and_(table.c.platform == platform, table.c.chat_id == old)
        self._connection.execute(update(table).where(mine, ~is_there).values(chat_id=new))
        self._connection.execute(delete(table).where(mine))

    def _bump(self, clubs: Iterable[int]) -> int:
        touched = set(clubs)
        for club_id in touched:
            bump_version(self._connection, club_id)
        return len(touched)
