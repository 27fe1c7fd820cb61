"""Sessions and their series, RSVPs, mirrors, and what a club and its members want of reminders.

Revision: 2026_11_24_sessions, after 2026_11_24_opinions.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import (
    check,
    instant,
    integer,
    json,
    key,
    primary,
    reference,
    table,
    text,
    unique,
)

revision = "2026_11_24_sessions"
down_revision = "2026_11_24_opinions"

_PLATFORMS = "platform IN ('discord', 'telegram', 'console')"
_PEOPLE = ("people", ["club_id", "id"])
_SESSIONS = ("sessions", ["club_id", "id"])


def upgrade() -> None:
    op.add_column("deliveries", text("people", nullable=True))
    op.add_column("deliveries", instant("not_before", nullable=True))
    _create_sessions()
    _create_answers()
    _create_mirrors()
    _create_settings()
    _create_luma()


def _create_sessions() -> None:
    table(
        "series",
        *(key("id"), integer("club_id"), text("rule"), text("local_start"), text("time_zone")),
        *(json("template"), instant("ended_at", nullable=True)),
        reference("series", ["club_id"], "clubs", ["id"]),
        unique("series", "club_id", "id"),
    )
    table(
        "sessions",
        *(key("id"), integer("club_id"), integer("number"), text("state")),
        *(text(name, nullable=True) for name in ("code", "title")),
        *(text("local_start"), text("time_zone"), instant("starts_at"), integer("minutes")),
        *(text(name, nullable=True) for name in ("place", "url", "channel")),
        *(integer(name, nullable=True) for name in ("host_id", "capacity", "closes_before")),
        *(integer("guests"), text("rule", nullable=True), integer("series_id", nullable=True)),
        *(text(name, nullable=True) for name in ("series_date", "luma_id", "luma_url")),
        *(text(name, nullable=True) for name in ("event_title", "event_uid")),
        sa.Column("plan", sa.JSON(), nullable=True),
        *(instant(name, nullable=True) for name in ("announce_at", "announced_at")),
        instant("cancelled_at", nullable=True),
        *(integer(name) for name in ("revision", "moves", "answers", "interested")),
        sa.Column("told", sa.JSON(), nullable=True),
        *(instant(name, nullable=True) for name in ("tell_at", "look_at", "looked_at")),
        *(integer("created_by", nullable=True), instant("created_at")),
        check("sessions", "state", "state IN ('draft', 'proposed', 'scheduled', 'cancelled')"),
        reference("sessions", ["club_id"], "clubs", ["id"]),
        reference("sessions", ["club_id", "series_id"], "series", ["club_id", "id"], None),
        reference("sessions", ["club_id", "host_id"], *_PEOPLE, None),
        unique("sessions", "club_id", "id"),
        unique("sessions", "club_id", "number"),
        unique("sessions", "club_id", "luma_id"),
        unique("sessions", "club_id", "event_uid"),
        unique("sessions", "club_id", "series_id", "series_date"),
    )
    op.create_index("ix_sessions_club_id_starts_at", "sessions", ["club_id", "starts_at"])
    _create_partial_index("ix_sessions_look_at", "sessions", "look_at")


def _create_partial_index(name: str, of: str, column: str) -> None:
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, of, [column], sqlite_where=where, postgresql_where=where)


def _create_answers() -> None:
    op.create_table(
        "rsvps",
        *(integer(name) for name in ("club_id", "session_id", "person_id")),
        *(text("answer"), integer("guests")),
        sa.Column("is_waiting", sa.Boolean(), nullable=False, server_default=sa.false()),
        *(integer("number"), instant("answered_at")),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("was_there", sa.Boolean(), nullable=True),
        text("source"),
        check("rsvps", "answer", "answer IN ('going', 'maybe', 'no')"),
        reference("rsvps", ["club_id", "session_id"], *_SESSIONS),
        reference("rsvps", ["club_id", "person_id"], *_PEOPLE),
        primary("rsvps", "club_id", "session_id", "person_id"),
    )
    op.create_index("ix_rsvps_club_id_person_id", "rsvps", ["club_id", "person_id"])
    op.create_table(
        "luma_guests",
        *(integer("club_id"), integer("session_id"), text("mark"), text("status")),
        reference("luma_guests", ["club_id", "session_id"], *_SESSIONS),
        primary("luma_guests", "club_id", "session_id", "mark"),
    )


def _create_mirrors() -> None:
    table(
        "mirrors",
        *(key("id"), integer("club_id"), integer("session_id"), text("kind"), text("platform")),
        *(text("chat_id"), text("thread_id", nullable=True), text("server_id", nullable=True)),
        *(sa.Column("is_private", sa.Boolean(), nullable=False), text("key")),
        *(
            text("message_id", nullable=True),
            text("intro", nullable=True),
            text("digest", nullable=True),
            integer("wanted"),
            integer("shown"),
        ),
        *(instant("due_at", nullable=True), instant("shown_at", nullable=True)),
        *(text("owner", nullable=True), instant("lease_until", nullable=True)),
        integer("attempts"),
        check("mirrors", "kind", "kind IN ('card', 'event')"),
        check("mirrors", "platform", _PLATFORMS),
        reference("mirrors", ["club_id", "session_id"], *_SESSIONS),
    )
    _create_partial_index("ix_mirrors_due_at", "mirrors", "due_at")
    shown = ["platform", "chat_id", "key", "session_id"]
    op.create_index("uq_mirrors_shown", "mirrors", shown, unique=True)
    op.create_index("ix_mirrors_club_id_session_id", "mirrors", ["club_id", "session_id"])


def _create_settings() -> None:
    op.create_table(
        "club_settings",
        *(integer("club_id"), json("plan"), json("defaults")),
        reference("club_settings", ["club_id"], "clubs", ["id"]),
        primary("club_settings", "club_id"),
    )
    op.create_table(
        "reminder_choices",
        *(integer("club_id"), integer("person_id"), text("reach"), json("kinds")),
        *(integer(name, nullable=True) for name in ("lead", "quiet_from", "quiet_to")),
        *(text("luma", nullable=True), text("luma_mark", nullable=True)),
        reference("reminder_choices", ["club_id", "person_id"], *_PEOPLE),
        primary("reminder_choices", "club_id", "person_id"),
    )


def _create_luma() -> None:
    op.create_table(
        "luma_calendars",
        *(integer("club_id"), text("secret")),
        *(text(name, nullable=True) for name in ("feed", "etag", "modified")),
        *(integer("failures"), text("said", nullable=True)),
        *(instant(name, nullable=True) for name in ("read_at", "feed_at")),
        *(text("guests_said", nullable=True), instant("guests_at", nullable=True)),
        reference("luma_calendars", ["club_id"], "clubs", ["id"]),
        primary("luma_calendars", "club_id"),
    )


def downgrade() -> None:
    for name in (
        "luma_calendars",
        *("reminder_choices", "club_settings", "mirrors", "luma_guests", "rsvps", "sessions"),
        "series",
    ):
        op.drop_table(name)
    for name in ("people", "not_before"):
        op.drop_column("deliveries", name)
