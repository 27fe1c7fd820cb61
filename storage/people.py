"""People: one human in a club, their accounts on the platforms, and their roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    ForeignKey,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    false,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, one_of, within_club
from storage.clubs import bump_version
from storage.places import PLATFORMS

ROLES = ("organiser",)
ASK, NAMED, MEMBERS = "ask", "named", "members"
STANDING = (ASK, NAMED, MEMBERS)
_FEW = 100


class PersonTable(Base):
    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("club_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))
    name: Mapped[str]
    time_zone: Mapped[str | None]
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    standing: Mapped[str] = mapped_column(server_default=ASK)
    shows_name: Mapped[bool] = mapped_column(server_default=true())
    is_quiet: Mapped[bool] = mapped_column(server_default=false())
    barred_at: Mapped[datetime | None]


class AccountTable(Base):
    __tablename__ = "accounts"
    __table_args__ = (
        within_club(["person_id"], "people", ["id"]),
        one_of("platform", PLATFORMS),
        UniqueConstraint("club_id", "platform", "account_id"),
    )

    club_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    name: Mapped[str]
    unreachable_at: Mapped[datetime | None]
    linked_at: Mapped[datetime | None]
    roles_before: Mapped[tuple[str, ...] | None]


class RoleTable(Base):
    __tablename__ = "roles"
    __table_args__ = (within_club(["person_id"], "people", ["id"]), one_of("role", ROLES))

    club_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


@dataclass(frozen=True, slots=True)
class Account:
    """A person on one platform."""

    platform: str
    account_id: str
    name: str
    unreachable_at: datetime | None = None
    """Since when no message can be sent there: the person has blocked the bot."""
    linked_at: datetime | None = None
    """Since when this account is joined to the person; None for the one they came with."""
    roles_before: tuple[str, ...] | None = None
    """What the account's own person was in the club before."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person with everything that tells who they are and what they may do."""

    id: int
    name: str
    time_zone: str | None
    left_at: datetime | None
    roles: frozenset[str]
    accounts: tuple[Account, ...]
    joined_at: datetime | None = None
    """Since when they are a member: since they first did something in a place of the club."""
    standing: str = ASK
    """What becomes of their opinions unasked."""
    shows_name: bool = True
    """Whether their name may show on the cards of what they come to."""
    is_quiet: bool = False
    """They want no more questions about opinions."""
    barred_at: datetime | None = None
    """Since when organisers take no opinions from them."""

    @property
    def is_member(self) -> bool:
        return self.joined_at is not None and self.left_at is None

    def account_on(self, platform: str) -> Account | None:
        return next((one for one in self.accounts if one.platform == platform), None)


# Made once: who somebody is, is asked with each tap, and making these takes longer than asking.
_ONLY: BindParameter[int] = bindparam("only", expanding=True)
_EVERYONE = (
    select(
        *(PersonTable.id, PersonTable.name, PersonTable.time_zone, PersonTable.left_at),
        *(PersonTable.joined_at, PersonTable.standing, PersonTable.shows_name),
        *(PersonTable.is_quiet, PersonTable.barred_at),
    )
    .where(PersonTable.club_id == bindparam("club"))
    .order_by(PersonTable.id)
)
_SOME = _EVERYONE.where(PersonTable.id.in_(_ONLY))
_BY_ACCOUNT = _EVERYONE.where(
    PersonTable.id
    == select(AccountTable.person_id)
    .where(
        AccountTable.club_id == bindparam("club"),
        AccountTable.platform == bindparam("platform"),
        AccountTable.account_id == bindparam("account"),
    )
    .scalar_subquery()
)
_ACCOUNTS = (
    select(
        *(AccountTable.person_id, AccountTable.platform, AccountTable.account_id),
        *(AccountTable.name, AccountTable.unreachable_at, AccountTable.linked_at),
        AccountTable.roles_before,
    )
    .where(AccountTable.club_id == bindparam("club"))
    .order_by(AccountTable.person_id, AccountTable.platform)
)
_SOME_ACCOUNTS = _ACCOUNTS.where(AccountTable.person_id.in_(_ONLY))
_ROLES = select(RoleTable.person_id, RoleTable.role).where(RoleTable.club_id == bindparam("club"))
_SOME_ROLES = _ROLES.where(RoleTable.person_id.in_(_ONLY))


class People:
    """The people of one club."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def add(
        self,
        name: str,
        platform: str,
        account_id: str,
        at: datetime,
        *,
        time_zone: str | None = None,
        is_member: bool = True,
    ) -> Person:
        """A new person with their first account; raises IntegrityError if it is another's."""
        statement = insert(PersonTable).values(
            club_id=self._club_id,
            name=name,
            time_zone=time_zone,
            created_at=at,
            joined_at=at if is_member else None,
        )
        person_id = self._connection.execute(statement.returning(PersonTable.id)).scalar_one()
        self.add_account(person_id, platform, account_id, name)
        account = Account(platform, account_id, name)
        joined = at if is_member else None
        return Person(person_id, name, time_zone, None, frozenset(), (account,), joined)

    def add_account(self, person_id: int, platform: str, account_id: str, name: str) -> None:
        """The same human on another platform; one account for each platform at most."""
        statement = insert(AccountTable).values(
            club_id=self._club_id,
            person_id=person_id,
            platform=platform,
            account_id=account_id,
            name=name,
        )
        self._connection.execute(statement)
        self._changed()

    def by_account(self, platform: str, account_id: str) -> Person | None:
        found = self._people(_BY_ACCOUNT, platform=platform, account=account_id)
        return found[0] if found else None

    def by_id(self, person_id: int) -> Person | None:
        found = self.some([person_id])
        return found[0] if found else None

    def everyone(self) -> list[Person]:
        """All who were ever in the club, oldest first; ``left_at`` tells who has left."""
        return self._people(_EVERYONE)

    def some(self, ids: Iterable[int]) -> list[Person]:
        """These of them, oldest first."""
        return self._people(_SOME, only=list(ids))

    def roles(self, person_id: int) -> frozenset[str]:
        statement = select(RoleTable.role).where(
            RoleTable.club_id == self._club_id, RoleTable.person_id == person_id
        )
        return frozenset(self._connection.execute(statement).scalars())

    def set_role(self, person_id: int, role: str, held: bool = True) -> None:
        """Gives or takes a role; says nothing where it is so already."""
        if held == (role in self.roles(person_id)):
            return
        if held:
            values = {"club_id": self._club_id, "person_id": person_id, "role": role}
            self._connection.execute(insert(RoleTable), [values])
        else:
            statement = delete(RoleTable).where(
                RoleTable.club_id == self._club_id,
                RoleTable.person_id == person_id,
                RoleTable.role == role,
            )
            self._connection.execute(statement)
        self._changed()

    def move_account(
        self,
        platform: str,
        account_id: str,
        to_person: int,
        linked_at: datetime | None,
        roles_before: Sequence[str] = (),
    ) -> None:
        """Gives an account to another person of the club."""
        mine = and_(
            AccountTable.club_id == self._club_id,
            AccountTable.platform == platform,
            AccountTable.account_id == account_id,
        )
        before = tuple(roles_before) if linked_at else None
        values = {"person_id": to_person, "linked_at": linked_at, "roles_before": before}
        self._connection.execute(update(AccountTable).where(mine).values(values))
        self._changed()

    def split_off(self, person: Person, account: Account, at: datetime) -> Person:
        """An account becomes a person of its own again, with the settings of the one it was."""
        values = {"name": account.name, "time_zone": person.time_zone, "standing": person.standing}
        statement = insert(PersonTable).values(
            club_id=self._club_id,
            **values,
            created_at=at,
            joined_at=person.joined_at,
            left_at=person.left_at,
            shows_name=person.shows_name,
            is_quiet=person.is_quiet,
        )
        other = self._connection.execute(statement.returning(PersonTable.id)).scalar_one()
        self.move_account(account.platform, account.account_id, other, None)
        return self.some([other])[0]

    def remove(self, person_id: int) -> None:
        """Takes a person out of the rows altogether, with accounts and roles."""
        mine = and_(PersonTable.club_id == self._club_id, PersonTable.id == person_id)
        self._connection.execute(delete(PersonTable).where(mine))
        self._changed()

    def set(self, person_id: int, **values: object) -> None:
        """Sets what a person may set of themselves: standing, shows_name, is_quiet, barred_at."""
        self._update(person_id, values)

    def join(self, person_id: int, at: datetime) -> None:
        """They did something in a place of the club, so they are a member of it."""
        self._update(person_id, {"joined_at": at})

    def rename(self, person_id: int, name: str) -> None:
        self._update(person_id, {"name": name})

    def set_time_zone(self, person_id: int, time_zone: str | None) -> None:
        self._update(person_id, {"time_zone": time_zone})

    def set_left(self, person_id: int, left_at: datetime | None) -> None:
        """Notes that a person left the club, or with None that they are back."""
        self._update(person_id, {"left_at": left_at})

    def _update(self, person_id: int, values: dict[str, object]) -> None:
        mine = (PersonTable.club_id == self._club_id) & (PersonTable.id == person_id)
        if self._connection.execute(update(PersonTable).where(mine).values(values)).rowcount:
            self._changed()

    def _changed(self) -> None:
        bump_version(self._connection, self._club_id)

    def _people(self, statement: Select[*tuple[Any, ...]], **given: object) -> list[Person]:
        rows = self._connection.execute(statement, {"club": self._club_id, **given}).all()
        # One person is the common case; the whole club is read without a list of its ids.
        only = [row.id for row in rows] if len(rows) <= _FEW else None
        if not rows:
            return []
        accounts, roles = self._accounts(only), self._roles(only)
        return [
            Person(
                row.id,
                row.name,
                row.time_zone,
                row.left_at,
                frozenset(roles[row.id]),
                tuple(accounts[row.id]),
                row.joined_at,
                row.standing,
                row.shows_name,
                row.is_quiet,
                row.barred_at,
            )
            for row in rows
        ]

    def _accounts(self, only: list[int] | None) -> defaultdict[int, list[Account]]:
        found: defaultdict[int, list[Account]] = defaultdict(list)
        for row in self._about(_ACCOUNTS, _SOME_ACCOUNTS, only):
            found[row[0]].append(Account(*row[1:]))
        return found

    def _roles(self, only: list[int] | None) -> defaultdict[int, list[str]]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        for person_id, role in self._about(_ROLES, _SOME_ROLES, only):
            found[person_id].append(role)
        return found

    def _about(
        self,
        everything: Select[*tuple[Any, ...]],
        some: Select[*tuple[Any, ...]],
        only: list[int] | None,
    ) -> Iterable[Any]:
        given: dict[str, object] = {"club": self._club_id}
        if only is None:
            return self._connection.execute(everything, given)
        return self._connection.execute(some, given | {"only": only})
