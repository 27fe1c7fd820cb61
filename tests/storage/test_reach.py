"""Marks of platforms: in every club that is there, and everything moves with a chat."""

from __future__ import annotations

from storage.clubs import Club
from storage.database import Database
from storage.deliveries import DeliveryDraft
from storage.posts import Post
from tests.conftest import NOW


def test_an_account_is_marked_in_all_its_clubs(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        other = uow.of_club(uow.clubs.add("ZKRC", "Zero Knowledge", NOW).id)
        for one in (uow, other):
            one.people.add("Ana", "telegram", "7", NOW)
            one.people.add("Bo", "discord", "7", NOW)
        versions = [uow.clubs.version(club.id), uow.clubs.version(other.club_id)]
        assert uow.reach.set_person("telegram", "7", NOW) == 2
        assert uow.reach.set_person("telegram", "7", NOW) == 0
        assert [uow.clubs.version(club.id), uow.clubs.version(other.club_id)] != versions
        marks = [one.accounts[0].unreachable_at for one in other.people.everyone()]
        assert marks == [NOW, None]
        assert uow.reach.set_person("telegram", "7", None) == 2


def test_a_place_is_marked_in_all_its_clubs(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        other = uow.of_club(uow.clubs.add("ZKRC", "Zero Knowledge", NOW).id)
        uow.places.add("telegram", "-5", "1")
        other.places.add("telegram", "-5", "2")
        other.places.add("discord", "-5")
        before = [uow.clubs.version(club.id), uow.clubs.version(other.club_id)]
        assert uow.reach.set_place("telegram", "-5", NOW) == 2
        assert uow.reach.set_place("telegram", "-5", NOW) == 0
        after = [uow.clubs.version(club.id), uow.clubs.version(other.club_id)]
        assert all(new != old for new, old in zip(after, before, strict=True))
        assert [place.gone_at for place in other.places.all()] == [NOW, None]
        assert uow.reach.set_place("telegram", "-5", None) == 2
        assert [place.gone_at for place in other.places.all()] == [None, None]


def test_everything_moves_with_a_chat(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        place = uow.places.add("telegram", "-5")
        uow.places.assign(place.id, "announcements", "-5", "9")
        uow.places.assign(place.id, "opinions", "-77", None)
        for message in ("1", "2"):
            uow.posts.add(Post("telegram", "-5", message, "paper", "WPRC-001"), NOW)
        uow.posts.add(Post("telegram", "-100", "2", "paper", "WPRC-002"), NOW)
        uow.asks.put("telegram", "-5", "7", "form", NOW)
        uow.deliveries.plan([DeliveryDraft("a", "announcement", "1", "telegram", "-5", NOW)], NOW)
        assert uow.reach.move("telegram", "-5", "-100") == 1
        assert uow.reach.move("telegram", "-5", "-100") == 0
        assert uow.reach.move("telegram", "-100", "-100") == 0
        (moved,) = uow.places.all()
        assert (moved.chat_id, moved.announcements_chat, moved.announcements_thread) == (
            "-100",
            "-100",
            "9",
        )
        assert moved.opinions_chat == "-77"
        first, second = (uow.posts.by_message("telegram", "-100", one) for one in ("1", "2"))
        assert first is not None and first.subject_key == "WPRC-001"  # noqa: PT018
        assert second is not None and second.subject_key == "WPRC-002"  # noqa: PT018
        assert uow.asks.get("telegram", "-100", "7") == "form"
        assert uow.deliveries.listed(["pending"], 1)[0].chat_id == "-100"


def test_a_chat_that_moved_into_a_known_one_leaves_that_one(database: Database, club: Club) -> None:
    with database.unit(club.id, write=True) as uow:
        uow.places.add("telegram", "-5")
        kept = uow.places.add("telegram", "-100")
        uow.reach.move("telegram", "-5", "-100")
        assert [place.id for place in uow.places.all()] == [kept.id]


def test_a_form_is_one_for_a_person_in_a_chat(database: Database) -> None:
    with database.unit(write=True) as uow:
        uow.asks.put("telegram", "-5", "7", "first", NOW)
        uow.asks.put("telegram", "-5", "7", "second", NOW)
        uow.asks.put("telegram", "-5", "8", "other", NOW)
        assert uow.asks.get("telegram", "-5", "7") == "second"
        assert uow.asks.drop("telegram", "-5", "7")
        assert not uow.asks.drop("telegram", "-5", "7")
        assert uow.asks.forget_before(NOW) == 0
        assert uow.asks.forget_before(NOW.replace(year=2027)) == 1
