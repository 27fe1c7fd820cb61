"""What reminders a club sends, and what each member wants of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, ForeignKey, and_, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, within_club

PLACE, OFF = "place", "off"
CHAT_ONLY, LUMA_ONLY, BOTH = "chat", "luma", "both"
"""Which lists count for a member: answers given here, Luma's guest list, or whichever is later."""


class ClubSettingsTable(Base):
    __tablename__ = "club_settings"

    club_id: Mapped[int] = mapped_column(
        ForeignKey("clubs.id", ondelete="CASCADE"), primary_key=True
    )
    plan: Mapped[dict[str, object]]
    defaults: Mapped[dict[str, object]]


class ReminderChoiceTable(Base):
    __tablename__ = "reminder_choices"
    __table_args__ = (within_club(["person_id"], "people", ["id"]),)

    club_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    reach: Mapped[str]
    kinds: Mapped[dict[str, object]]
    lead: Mapped[int | None]
    quiet_from: Mapped[int | None]
    quiet_to: Mapped[int | None]
    luma: Mapped[str | None]
    luma_mark: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class ReminderChoice:
    """What one member wants; what is left out is the club's."""

    where: str = PLACE
    """A platform for private messages there, else a mention in the place, or nothing at all."""
    kinds: dict[str, object] = field(default_factory=dict)
    """Kinds of reminders that they have switched on or off."""
    lead: int | None = None
    """Minutes before the start for the one that goes to those who come."""
    quiet_from: int | None = None
    """Minutes after midnight in their own zone; no reminder comes from here on ..."""
    quiet_to: int | None = None
    """... to here."""
    luma: str | None = None
    """Which lists count for them: chat, luma, both; None where they were not asked."""
    luma_mark: str | None = None
    """The mark of the address that they gave for it; the address itself is kept nowhere."""


@dataclass(frozen=True, slots=True)
class ClubSettings:
    """What a club has set; what is left out is the program's own default."""

    plan: dict[str, object] = field(default_factory=dict)
    """Minutes by kind of reminder; None switches a kind off."""
    defaults: dict[str, object] = field(default_factory=dict)
    """What a new session begins with."""


_CHOICE = tuple(ReminderChoice.__dataclass_fields__)
_CHOICES = select(
    ReminderChoiceTable.person_id,
    ReminderChoiceTable.reach,
    *(getattr(ReminderChoiceTable, name) for name in _CHOICE[1:]),
).where(ReminderChoiceTable.club_id == bindparam("club"))
_SOME_CHOICES = _CHOICES.where(ReminderChoiceTable.person_id.in_(bindparam("only", expanding=True)))


class Reminders:
    """The settings of one club and of its members."""

    def __init__(self, connection: Connection, club_id: int) -> None:
        self._connection = connection
        self._club_id = club_id

    def settings(self) -> ClubSettings:
        table = ClubSettingsTable
        statement = select(table.plan, table.defaults)
        row = self._connection.execute(
            statement.where(table.club_id == self._club_id)
        ).one_or_none()
        return ClubSettings() if row is None else ClubSettings(*row)

    def save(self, settings: ClubSettings) -> None:
        values = {
            "plan": settings.plan,
            "defaults": settings.defaults,
        }
        statement = self._insert(ClubSettingsTable).values(values | {"club_id": self._club_id})
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["club_id"], set_=values)
        )

    def choice(self, person_id: int) -> ReminderChoice:
        return self.choices([person_id]).get(person_id, ReminderChoice())

    def choices(self, only: Sequence[int] | None = None) -> dict[int, ReminderChoice]:
        """By person, of all or of some; who is not in it wants what the club does."""
        given: dict[str, object] = {"club": self._club_id}
        if only is not None:
            given["only"] = list(only)
        rows = self._connection.execute(_CHOICES if only is None else _SOME_CHOICES, given)
        return {row[0]: ReminderChoice(*row[1:]) for row in rows}

    def choose(self, person_id: int, choice: ReminderChoice) -> None:
        values = {name: getattr(choice, name) for name in _CHOICE}
        values["reach"] = values.pop("where")
        keys = {"club_id": self._club_id, "person_id": person_id}
        statement = self._insert(ReminderChoiceTable).values(values | keys)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["club_id", "person_id"], set_=values)
        )

    def forget_person(self, person_id: int) -> None:
        mine = and_(self._ours, ReminderChoiceTable.person_id == person_id)
        self._connection.execute(delete(ReminderChoiceTable).where(mine))

    @property
    def _ours(self) -> ColumnElement[bool]:
        return ReminderChoiceTable.club_id == self._club_id

    def _insert(self, table: type[Base]):  # type: ignore[no-untyped-def]
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        return dialect.insert(table)
