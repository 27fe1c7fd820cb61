"""Forgetting: taking what a person said and was out of every row, old revisions and indexes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, text, update

from storage.asks import AskTable
from storage.contacts import ContactTable
from storage.paper_rows import PaperTable
from storage.platform_state import PlatformStateTable
from storage.posts import PostTable
from storage.revisions import ContributorTable, RevisionTable
from storage.sections import ItemTable


class Forgetting:
    """What is forgotten of one club. `purge` is told that the file is to be cleaned as well."""

    def __init__(self, connection: Connection, club_id: int, purge: Callable[[], None]) -> None:
        self._connection = connection
        self._club_id = club_id
        self._purge = purge

    def begin(self) -> None:
        """From here on what is deleted is overwritten too, where the database can do that.

        Comes before the first deletion of a unit of work.
        """
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql("PRAGMA secure_delete = ON")
        self._purge()

    def end(self) -> None:
        """Comes after the last one: the search's index lets go of the words that were in it."""
        if self._connection.dialect.name == "sqlite":
            self._connection.execute(
                text("INSERT INTO passage_index (passage_index) VALUES ('optimize')")
            )

    def drop_items(self, keys: Sequence[str]) -> None:
        """Takes opinions off every revision of every page; the current ones are saved anew."""
        mine = and_(ItemTable.club_id == self._club_id, ItemTable.opinion.in_(keys))
        self._connection.execute(delete(ItemTable).where(mine))

    def unname_items(self, key: str, said: str) -> None:
        """Leaves an opinion on the pages without its author's name."""
        mine = and_(ItemTable.club_id == self._club_id, ItemTable.opinion == key)
        statement = update(ItemTable).where(mine)
        self._connection.execute(statement.values(text=said, attributed_to=()))

    def forget_name(self, name: str, *, is_kept: bool) -> list[str]:
        """Takes a name off what pages say of it; gives the codes of the papers that changed.

        What its bearer said goes, or stays without the name.
        """
        changed = self._forget_credits(name)
        statement = select(
            *(ItemTable.revision_id, ItemTable.section_position, ItemTable.position),
            *(ItemTable.text, ItemTable.attributed_to),
        ).where(ItemTable.club_id == self._club_id, ItemTable.attributed_to != ())
        for revision, section, position, said, names in self._connection.execute(statement).all():
            if name.casefold() not in {one.casefold() for one in names}:
                continue
            changed.add(revision)
            mine = and_(
                ItemTable.club_id == self._club_id,
                ItemTable.revision_id == revision,
                ItemTable.section_position == section,
                ItemTable.position == position,
            )
            if not is_kept:
                self._connection.execute(delete(ItemTable).where(mine))
                continue
            bare = re.sub(rf"\s*[(（]{re.escape(name)}[)）]", "", said, flags=re.IGNORECASE)
            others = tuple(one for one in names if one.casefold() != name.casefold())
            values = {"text": bare, "attributed_to": others}
            self._connection.execute(update(ItemTable).where(mine).values(values))
        return self._codes(changed)

    def _forget_credits(self, name: str) -> set[int]:
        table = ContributorTable
        mine = and_(table.club_id == self._club_id, func.lower(table.name) == name.casefold())
        dropped = delete(table).where(mine).returning(table.revision_id)
        changed = set(self._connection.execute(dropped).scalars())
        theirs = and_(
            ContactTable.club_id == self._club_id, func.lower(ContactTable.name) == name.casefold()
        )
        self._connection.execute(delete(ContactTable).where(theirs))
        return changed

    def _codes(self, revisions: set[int]) -> list[str]:
        joined = and_(
            PaperTable.club_id == RevisionTable.club_id, PaperTable.id == RevisionTable.paper_id
        )
        statement = select(PaperTable.code).join(RevisionTable, joined).distinct()
        mine = and_(RevisionTable.club_id == self._club_id, RevisionTable.id.in_(revisions))
        return list(self._connection.execute(statement.where(mine)).scalars())

    def detach_revisions(self, person_id: int, to_person: int | None = None) -> None:
        """Who saved a page is not known any more, or is another one."""
        mine = and_(RevisionTable.club_id == self._club_id, RevisionTable.created_by == person_id)
        self._connection.execute(update(RevisionTable).where(mine).values(created_by=to_person))

    def forget_account(self, platform: str, account_id: str) -> None:
        """Open forms, notes of an adapter and posts in the chat with this account."""
        for table, columns in (
            (AskTable, (AskTable.account_id,)),
            (PostTable, (PostTable.chat_id,)),
        ):
            theirs: ColumnElement[bool] = columns[0] == account_id
            self._connection.execute(delete(table).where(table.platform == platform, theirs))
        state = PlatformStateTable
        account = json.dumps({"account": account_id})[1:-1]
        for mine in (
            state.key.startswith(f"asked:{account_id}:", autoescape=True),
            and_(
                state.key.startswith("link:", autoescape=True),
                state.value.contains(account, autoescape=True),
            ),
        ):
            self._connection.execute(delete(state).where(state.platform == platform, mine))
