"""Clubs, people, places, stored actions and open forms."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from traceback import format_exception

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from storage.clubs import Club
from storage.codes import FOUND, JOIN
from storage.database import Database
from storage.people import Account, Person
from storage.posts import Post
from storage.stored_actions import StoredAction
from tests.conftest import NOW


def test_a_club_is_found_by_prefix_id_and_place(database: Database, club: Club) -> None:
    with database.unit(write=True) as uow:
        other = uow.clubs.add("ZKRC", "Zero Knowledge", NOW, "Europe/Berlin")
        home = uow.of_club(other.id).places.add("telegram", "-100", "7")
    # Taking a place is a change of the club.
    other = replace(other, version=1)
    with database.unit() as uow:
        assert uow.clubs.all() == [club, other]
        assert uow.clubs.by_prefix("ZKRC") == uow.clubs.by_id(other.id) == other
        assert uow.clubs.by_prefix("zkrc") is None
        assert uow.of_club(other.id).places.by_chat("telegram", "-100", "7") == home
        assert uow.of_club(club.id).places.by_chat("telegram", "-100", "7") is None


@pytest.mark.parametrize("prefix", ["", "wprc", "W PRC", "1WPRC", "W-", "É", "A" * 17])
def test_a_prefix_has_its_shape(database: Database, prefix: str) -> None:
    with pytest.raises(IntegrityError), database.unit(write=True) as uow:
        uow.clubs.add(prefix, "Club", NOW)


def test_a_prefix_belongs_to_one_club(database: Database, club: Club) -> None:
    with pytest.raises(IntegrityError), database.unit(write=True) as uow:
        uow.clubs.add(club.prefix, "Another", NOW)


def test_without_a_club_nothing_of_a_club_is_at_hand(database: Database) -> None:
    with database.unit() as uow, pytest.raises(LookupError):
        _ = uow.papers


@pytest.mark.parametrize("thread", [None, "7"])
def test_a_place_belongs_to_one_club(database: Database, club: Club, thread: str | None) -> None:
    with database.unit(write=True) as uow:
        other = uow.clubs.add("ZKRC", "Zero Knowledge", NOW)
        place = uow.of_club(club.id).places.add("telegram", "-100", thread)
    with pytest.raises(IntegrityError), database.unit(other.id, write=True) as uow:
        uow.places.add("telegram", "-100", thread)
    with database.unit(other.id, write=True) as uow:
        assert not uow.places.remove(place.id)
        uow.places.add("discord", "-100", thread)
    with database.unit(club.id, write=True) as uow:
        assert uow.places.all() == [place]
        assert uow.places.remove(place.id)
        assert uow.places.all() == []


def test_a_place_knows_where_things_go(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        home = uow.places.add("discord", "900")
        uow.places.assign(home.id, "announcements", "901", None)
        uow.places.assign(home.id, "opinions", "902", "7")
        uow.places.set_organiser_role(home.id, "77")
        with pytest.raises(ValueError):
            uow.places.assign(home.id, "weather", "901", None)
    with database.unit(club.id) as uow:
        (place,) = uow.places.all()
        version = uow.clubs.version(club.id)
    assert (place.announcements_chat, place.announcements_thread) == ("901", None)
    assert (place.opinions_chat, place.opinions_thread) == ("902", "7")
    assert place.organiser_role == "77"
    assert version == club.version + 4


def test_a_post_is_known_by_its_message(database: Database, club: Club) -> None:
    post = Post("discord", "901", "5000", "paper", "WPRC-006")
    with database.unit(write=True) as uow:
        other = uow.clubs.add("ZKRC", "Zero Knowledge", NOW)
    with database.unit(club.id, write=True) as uow:
        uow.posts.add(post, NOW)
        uow.posts.add(post, NOW)
        assert uow.posts.by_message("discord", "901", "5000") == post
        assert uow.posts.about("paper", "WPRC-006") == [post]
        assert uow.posts.by_message("discord", "901", "5001") is None
        assert uow.of_club(other.id).posts.by_message("discord", "901", "5000") is None


def test_a_code_is_good_once_and_not_for_ever(database: Database, club: Club) -> None:
    later = NOW + timedelta(days=7)
    with database.unit(write=True) as uow:
        uow.codes.add("ABCD-EFGH-JKMN", JOIN, later, club.id)
        uow.codes.add("FGHJ-KMNP-QRST", FOUND, later, None)
        uow.codes.add("ZZZZ-ZZZZ-ZZZZ", FOUND, NOW, None)
        assert uow.codes.take("abcd efgh jkmn", FOUND, NOW) == (False, None)
        assert uow.codes.take("abcd efgh jkmn", JOIN, NOW) == (True, club.id)
        assert uow.codes.take("abcd efgh jkmn", JOIN, NOW) == (False, None)
        assert uow.codes.has("FGHJ-KMNP-QRST", FOUND, NOW)
        assert not uow.codes.has("FGHJ-KMNP-QRST", FOUND, later)
        assert uow.codes.take("ZZZZ-ZZZZ-ZZZZ", FOUND, NOW) == (False, None)
    with database.transaction(write=False) as connection:
        kept = connection.execute(text("SELECT digest FROM codes")).scalars().all()
    assert all("FGHJ" not in digest for digest in kept)


def test_a_lease_has_one_owner_until_it_runs_out(database: Database) -> None:
    minute = timedelta(minutes=1)
    with database.unit(write=True) as uow:
        assert uow.leases.claim("discord:0", "first", NOW, minute)
        assert uow.leases.claim("discord:0", "first", NOW, minute)
        assert not uow.leases.claim("discord:0", "second", NOW, minute)
        assert uow.leases.claim("discord:1", "second", NOW, minute)
        assert uow.leases.claim("discord:0", "second", NOW + minute, minute)
        assert not uow.leases.claim("discord:0", "first", NOW + minute, minute)
        uow.leases.release("discord:0", "first")
        assert not uow.leases.claim("discord:0", "first", NOW + minute, minute)
        uow.leases.release("discord:0", "second")
        assert uow.leases.claim("discord:0", "first", NOW + minute, minute)


def test_a_platform_keeps_its_notes(database: Database) -> None:
    with database.unit(write=True) as uow:
        assert uow.platform_state.load("discord", "commands") is None
        uow.platform_state.save("discord", "commands", "one", NOW)
        uow.platform_state.save("discord", "commands", "two", NOW)
        assert uow.platform_state.load("discord", "commands") == "two"
        assert uow.platform_state.load("telegram", "commands") is None


def test_old_notes_of_one_kind_are_forgotten(database: Database) -> None:
    later = NOW + timedelta(days=1)
    with database.unit(write=True) as uow:
        for key, at in (("link:a", NOW), ("link:b", later), ("l%nk:a", NOW), ("commands", NOW)):
            uow.platform_state.save("telegram", key, "x", at)
        assert uow.platform_state.forget("telegram", "link:", later) == 1
        assert uow.platform_state.forget("telegram", "l%", later) == 1
        assert uow.platform_state.forget("discord", "", later) == 0
        assert uow.platform_state.load("telegram", "link:a") is None
        assert uow.platform_state.load("telegram", "link:b") == "x"
        assert uow.platform_state.load("telegram", "commands") == "x"


def test_living_leases_of_one_kind_are_counted(database: Database) -> None:
    minute = timedelta(minutes=1)
    with database.unit(write=True) as uow:
        for owner in ("a", "b"):
            assert uow.leases.claim(f"budget telegram {owner}", owner, NOW, minute)
        assert uow.leases.claim("budget discord a", "a", NOW, minute * 2)
        assert uow.leases.alive("budget telegram ", NOW) == 2
        assert uow.leases.alive("budget ", NOW + minute) == 1


def test_a_person_is_known_by_each_account(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        ana = uow.people.add("Ana", "telegram", "42", NOW, time_zone="Europe/Lisbon")
        uow.people.add_account(ana.id, "discord", "77", "ana#1")
        uow.people.set_role(ana.id, "organiser")
    with database.unit(club.id) as uow:
        found = uow.people.by_account("discord", "77")
        assert found == Person(
            ana.id,
            "Ana",
            "Europe/Lisbon",
            None,
            frozenset({"organiser"}),
            (Account("discord", "77", "ana#1"), Account("telegram", "42", "Ana")),
            joined_at=NOW,
        )
        assert found == uow.people.by_id(ana.id) == uow.people.by_account("telegram", "42")
        assert uow.people.by_account("telegram", "77") is None
        assert uow.people.everyone() == [found]


def test_an_account_is_one_person_and_a_platform_one_account(
    database: Database, club: Club
) -> None:
    with database.unit(club.id, write=True) as uow:
        ana = uow.people.add("Ana", "telegram", "42", NOW)
    with pytest.raises(IntegrityError), database.unit(club.id, write=True) as uow:
        uow.people.add("Bo", "telegram", "42", NOW)
    with pytest.raises(IntegrityError), database.unit(club.id, write=True) as uow:
        uow.people.add_account(ana.id, "telegram", "43", "Ana too")
    with pytest.raises(IntegrityError), database.unit(club.id, write=True) as uow:
        uow.people.add("Bo", "matrix", "42", NOW)


def test_a_role_is_given_and_taken_and_each_change_is_counted(
    database: Database, club: Club
) -> None:
    def version() -> int | None:
        with database.unit() as uow:
            return uow.clubs.version(club.id)

    with database.unit(club.id, write=True) as uow:
        ana = uow.people.add("Ana", "console", "ana", NOW)
    counted = [version()]
    for held in (True, True, False, False):
        with database.unit(club.id, write=True) as uow:
            uow.people.set_role(ana.id, "organiser", held)
            assert uow.people.roles(ana.id) == (frozenset({"organiser"}) if held else frozenset())
        counted.append(version())
    assert counted == [1, 2, 2, 3, 3]
    with pytest.raises(IntegrityError), database.unit(club.id, write=True) as uow:
        uow.people.set_role(ana.id, "king")


def test_who_left_and_came_back_stays_the_same_person(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        ana = uow.people.add("Ana", "console", "ana", NOW)
        uow.people.set_left(ana.id, NOW)
        uow.people.rename(ana.id, "Ana B.")
        uow.people.set_time_zone(ana.id, "Asia/Tokyo")
    with database.unit(club.id, write=True) as uow:
        (left,) = uow.people.everyone()
        assert (left.left_at, left.name, left.time_zone) == (NOW, "Ana B.", "Asia/Tokyo")
        uow.people.set_left(ana.id, None)
        found = uow.people.by_id(ana.id)
        assert found is not None
        assert found.left_at is None


def test_a_stored_action_comes_back_and_its_id_is_never_given_again(
    database: Database, club: Club
) -> None:
    arguments: dict[str, object] = {"words": 'a "b" \0 \N{PILE OF POO}', "pages": [1, None, True]}
    with database.unit(club.id, write=True) as uow:
        ana = uow.people.add("Ana", "console", "ana", NOW)
        first = uow.actions.add("search", arguments, NOW, ana.id)
        assert uow.actions.by_id(first) == StoredAction(first, ana.id, "search", arguments, NOW)
        assert uow.actions.forget_before(NOW) == 0
        assert uow.actions.forget_before(NOW + timedelta(seconds=1)) == 1
        assert uow.actions.by_id(first) is None
        assert uow.actions.add("search", {}, NOW) > first


def test_an_instant_needs_a_time_zone_and_comes_back_in_utc(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"), database.unit(write=True) as uow:
        uow.clubs.add("WPRC", "Club", naive)
    there = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=9)))
    with database.unit(write=True) as uow:
        club = uow.clubs.add("WPRC", "Club", NOW)
        uow = uow.of_club(club.id)
        action = uow.actions.by_id(uow.actions.add("search", {}, there))
    assert action is not None
    assert action.created_at == there
    assert action.created_at.tzinfo is UTC


def test_a_unit_that_raises_leaves_nothing(database: Database) -> None:
    with suppress(ZeroDivisionError), database.unit(write=True) as uow:
        uow.clubs.add("WPRC", "Club", NOW)
        raise ZeroDivisionError
    with database.unit() as uow:
        assert uow.clubs.all() == []


def test_a_unit_that_reads_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.unit() as uow:
        uow.clubs.add("WPRC", "Club", NOW)


def test_a_unit_that_reads_sees_one_state(database: Database, club: Club) -> None:
    with database.unit() as reader:
        assert reader.clubs.all() == [club]
        with database.unit(write=True) as uow:
            uow.clubs.add("ZKRC", "Zero Knowledge", NOW)
        assert reader.clubs.all() == [club]


def test_the_file_is_durable_checked_and_nobody_elses(database: Database) -> None:
    if database.path is None:
        pytest.skip("about SQLite's file")
    with database.transaction(write=False) as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_new_file_is_its_owners_alone(empty_url: str) -> None:
    database = Database(empty_url)
    if database.path is None:
        pytest.skip("about SQLite's file")
    with database.unit(write=True):
        assert database.path.stat().st_mode & 0o077 == 0
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name"])
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        Database(url)


def test_what_the_database_refuses_is_told_without_the_row(database: Database, club: Club) -> None:
    name, account = "Secret Name", "very-private-account"
    with database.unit(club.id, write=True) as uow:
        uow.people.add("Ana", "discord", account, NOW)
    with pytest.raises(IntegrityError) as raised, database.unit(club.id, write=True) as uow:
        uow.people.add(name, "discord", account, NOW)
    told = "".join(format_exception(raised.value))
    assert "accounts" in told
    assert account not in told
    assert name not in told
