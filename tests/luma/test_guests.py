"""Guests on Luma: counted, matched by a mark, and their addresses kept nowhere."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.chat.invocation import Actor, Attachment, Origin
from bot.chat.reply import Reply
from bot.core.luma.guests import mark_of
from storage.rsvps import Count
from tests.core.hall import values_of, words
from tests.core.town import Town, member
from tests.luma.conftest import ON_SQLITE
from tests.luma.server import LumaServer, calendar, event

ANA, BEN = member("Ana", "discord"), member("Ben", "telegram")
CLEO = member("Cleo", "discord")
ANAS = "ana.lovelace@example.org"
EVENT = "evt-demo0001"
HEAD = "api_id,name,email,approval_status\n"


def count(town: Town, number: int = 1) -> Count:
    with town.database.unit(town.club_id) as uow:
        return uow.rsvps.count(town.session(number).id)


async def choose(town: Town, actor: Actor, lists: str, address: str | None = None) -> Reply:
    if address is None:
        return await town.press(actor, "guestlist", lists)
    return await town.fill_in(actor, "guestlist", (lists,), {"address": address})


async def on_luma(town: Town, luma: LumaServer, **details: str) -> None:
    """Session 1 is one of Luma's, and saved."""
    luma.feed = calendar(event(1))
    await town.fill_in(town.organiser, "feed", (), {"address": luma.feed_url})
    await town.press(town.organiser, "alter", "1", "paper", "6")
    for name, value in details.items():
        await town.alter(1, name, value)
    await town.press(town.organiser, "save-session", "1")
    await town.tick()


async def read(town: Town, luma: LumaServer, *guests: tuple[str, str]) -> None:
    luma.guests[EVENT] = list(guests)
    await town.passing(minutes=16)
    await town.app.luma.read_due()
    # Cards are shown anew a moment later.
    await town.passing(seconds=5)


async def send(town: Town, content: str, number: str = "1", name: str = "guests.csv") -> Reply:
    file = Attachment(name, content.encode())
    return await town.call(
        town.organiser, "luma", origin=Origin.TYPED, arguments={"which": number, "file": file}
    )


@ON_SQLITE
@pytest.mark.parametrize("is_old", [False, True])
async def test_the_whole_guest_list_is_read_with_the_key_in_both_shapes(
    town: Town, luma: LumaServer, is_old: bool
) -> None:
    luma.is_old = is_old
    await on_luma(town, luma, capacity="6")
    guests = [(f"g{number}@example.org", "approved") for number in range(5)]
    await read(town, luma, *guests, ("w@example.org", "waitlist"), ("d@example.org", "declined"))
    assert count(town).going == 5
    assert "5 of 6 going" in town.card("telegram").words
    await read(town, luma, *guests[:2])
    assert count(town).going == 2
    said = words(await town.type(town.organiser, "luma"))
    assert "Read for 1 of 1 coming sessions" in said


async def test_guests_of_luma_take_seats_and_give_them_back(town: Town, luma: LumaServer) -> None:
    await on_luma(town, luma, capacity="2")
    await town.tap(ANA, "going")
    await read(town, luma, ("g@example.org", "approved"))
    assert "on the waitlist" in words(await town.tap(BEN, "going"))
    await read(town, luma, ("g@example.org", "declined"))
    assert [one.seats for one in town.answers()] == [1, 1]
    assert count(town).going == 2


async def test_a_member_who_gave_the_address_is_one_and_not_two(
    town: Town, luma: LumaServer
) -> None:
    await on_luma(town, luma)
    await town.tap(ANA, "going")
    await read(town, luma, (ANAS.upper(), "approved"), ("g@example.org", "approved"))
    assert count(town).going == 3
    said = words(await choose(town, ANA, "both", f" {ANAS} "))
    assert "Luma has you on the list of 1 coming session" in said
    assert count(town).going == 2
    assert town.answers()[0].source == "chat"


@ON_SQLITE
@pytest.mark.parametrize("lists", ["luma", "both"])
async def test_lumas_word_is_a_members_answer(town: Town, luma: LumaServer, lists: str) -> None:
    await on_luma(town, luma, capacity="1")
    await choose(town, ANA, lists, ANAS)
    await town.tap(BEN, "going")
    await read(town, luma, (ANAS, "approved"))
    (bens, anas) = town.answers()
    # Luma gave her a seat, whatever is left of them here.
    assert (anas.answer, anas.is_waiting, anas.source) == ("going", False, "luma")
    assert bens.seats == 1
    assert "Ana" in town.card("discord").words
    await read(town, luma, (ANAS, "declined"))
    assert [one.answer for one in town.answers() if one.person_id == anas.person_id] == ["no"]
    await read(town, luma, (ANAS, "approved"))
    assert count(town).going == 2


async def test_for_both_the_later_word_wins(town: Town, luma: LumaServer) -> None:
    await on_luma(town, luma)
    await choose(town, ANA, "both", ANAS)
    await read(town, luma, (ANAS, "approved"))
    await town.tap(ANA, "no")
    await read(town, luma, (ANAS, "approved"))
    assert town.answers()[0].answer == "no"
    assert count(town).going == 0
    await read(town, luma, (ANAS, "declined"))
    await read(town, luma, (ANAS, "approved"))
    assert town.answers()[0].answer == "going"


@ON_SQLITE
async def test_who_wants_only_luma_to_count_is_sent_there(town: Town, luma: LumaServer) -> None:
    await on_luma(town, luma)
    await choose(town, ANA, "luma", ANAS)
    refused = await town.tap(ANA, "going")
    assert "https://luma.com/demo1" in words(refused)
    assert values_of(refused, "guestlist") == [("both",)]
    assert town.answers() == []
    await choose(town, ANA, "both")
    await town.tap(ANA, "going")
    assert town.answers()[0].answer == "going"


async def test_chat_only_takes_no_notice_of_luma(town: Town, luma: LumaServer) -> None:
    await on_luma(town, luma)
    await choose(town, ANA, "both", ANAS)
    await read(town, luma, (ANAS, "approved"), ("g@example.org", "approved"))
    assert count(town).going == 2
    await choose(town, ANA, "chat")
    assert town.answers() == []
    assert count(town).going == 1
    await read(town, luma, (ANAS, "approved"), ("g@example.org", "approved"))
    assert town.answers() == []
    await town.press(ANA, "forget-address")
    assert count(town).going == 2


async def test_an_address_that_is_given_later_counts_at_once(town: Town, luma: LumaServer) -> None:
    await on_luma(town, luma)
    await read(town, luma, (ANAS, "approved"))
    await choose(town, ANA, "both", ANAS)
    assert [one.source for one in town.answers()] == ["luma"]
    assert count(town).going == 1


async def test_forgetting_drops_the_mark(town: Town, luma: LumaServer) -> None:
    await on_luma(town, luma)
    await choose(town, ANA, "both", ANAS)
    await read(town, luma, (ANAS, "approved"))
    with town.database.unit(town.club_id) as uow:
        assert any(one.luma_mark for one in uow.reminders.choices().values())
    await town.press(ANA, "forget", "withdraw", "yes", private=True)
    with town.database.unit(town.club_id) as uow:
        assert not any(one.luma_mark for one in uow.reminders.choices().values())
    assert count(town).going == 1


async def test_no_address_is_kept_anywhere(
    town: Town,
    luma: LumaServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await on_luma(town, luma)
    replies = [await choose(town, ANA, "both", ANAS)]
    replies.append(await choose(town, BEN, "luma", f"ana lovelace {ANAS}"))
    await read(town, luma, (ANAS, "approved"), ("guest.one@example.org", "approved"))
    replies.append(await town.press(ANA, "mydata", private=True))
    for address in (ANAS, "guest.one@example.org"):
        assert address not in caplog.text
        assert all(address not in words(reply) for reply in replies)
        if town.database.is_sqlite:
            with town.database.unit() as _:
                files = [path for path in tmp_path.iterdir() if path.is_file()]
            assert files
            assert all(address.encode() not in path.read_bytes() for path in files)


def test_one_address_has_another_mark_in_another_club() -> None:
    assert mark_of("a", ANAS) != mark_of("b", ANAS)
    assert mark_of("a", ANAS) == mark_of("a", ANAS)


@ON_SQLITE
async def test_too_many_requests_wait_as_long_as_luma_says(town: Town, luma: LumaServer) -> None:
    await on_luma(town, luma)
    await read(town, luma, ("g@example.org", "approved"))
    luma.throttle = 1
    await read(town, luma, ("g@example.org", "approved"), ("h@example.org", "approved"))
    assert count(town).going == 1
    said = words(await town.type(town.organiser, "luma"))
    assert "Luma asks to wait" in said
    await town.passing(seconds=30)
    asked = len(luma.asked)
    await town.app.luma.read_due()
    assert len(luma.asked) == asked
    await town.passing(seconds=10)
    await town.app.luma.read_due()
    assert count(town).going == 2


@ON_SQLITE
@pytest.mark.parametrize("is_old", [False, True])
async def test_an_event_that_is_gone_keeps_no_other_from_being_read(
    town: Town, luma: LumaServer, is_old: bool
) -> None:
    await on_luma(town, luma)
    luma.feed = calendar(event(1), event(2, start="20261217T190000Z", end="20261217T200000Z"))
    await town.press(town.organiser, "read-feed")
    await town.app.luma.read_due()
    await town.press(town.organiser, "alter", "2", "paper", "6")
    await town.press(town.organiser, "save-session", "2")
    luma.gone, luma.is_old = {EVENT}, is_old
    luma.guests["evt-demo0002"] = [("g@example.org", "approved"), ("g@example.org", "declined")]
    await read(town, luma)
    assert count(town, 2).going == 1
    said = words(await town.type(town.organiser, "luma"))
    assert "Read for 1 of 2 coming sessions; session 1: Luma answers with an error (404)." in said


@ON_SQLITE
async def test_a_list_that_breaks_off_changes_nothing(town: Town, luma: LumaServer) -> None:
    await on_luma(town, luma)
    await read(town, luma, ("g@example.org", "approved"))
    luma.fault = "page"
    await read(town, luma, ("g@example.org", "declined"))
    assert count(town).going == 1
    assert "damaged" in words(await town.type(town.organiser, "luma"))


@ON_SQLITE
async def test_a_key_that_is_not_taken_is_said_and_never_shown(
    keyless: Town, luma: LumaServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keyless.app.luma.keys = {"WPRC": "secret-that-is-wrong"}
    await on_luma(keyless, luma)
    await read(keyless, luma)
    said = words(await keyless.type(keyless.organiser, "luma"))
    assert "does not take the club's key" in said
    assert "secret-that-is-wrong" not in said + caplog.text + repr(keyless.app.luma)


@ON_SQLITE
async def test_without_a_key_the_guest_file_does_the_same(keyless: Town, luma: LumaServer) -> None:
    await on_luma(keyless, luma)
    await choose(keyless, ANA, "both", ANAS)
    rows = f"1,Ana,{ANAS},approved\n2,Guest,g@example.org,approved\n3,W,w@example.org,waitlist\n"
    said = words(await send(keyless, HEAD + rows))
    assert "2 guests by Luma's list, 1 more waits there; 1 of them known" in said
    assert ANAS not in said
    assert count(keyless).going == 2
    assert [one.source for one in keyless.answers()] == ["luma"]
    # The same file once more changes nothing, one without her takes her answer back.
    await send(keyless, HEAD + rows)
    assert count(keyless).going == 2
    await send(keyless, HEAD + "2,Guest,g@example.org,approved\n")
    assert [one.answer for one in keyless.answers()] == ["no"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,phone\nAna,1\n", "no column with e-mail addresses"),
        (HEAD, "no guest with an e-mail address"),
        ("", "no column"),
        (HEAD + '1,"' + "x" * 200_000 + '",a@b.org,approved\n', "damaged"),
    ],
)
async def test_a_file_that_is_no_guest_list_says_what_is(
    keyless: Town, luma: LumaServer, content: str, said: str
) -> None:
    await on_luma(keyless, luma)
    assert said in words(await send(keyless, content))


@ON_SQLITE
async def test_other_ways_of_writing_the_file_are_read(keyless: Town, luma: LumaServer) -> None:
    await on_luma(keyless, luma)
    await send(keyless, "\ufeffName;E-Mail;Approval Status\nA;a@b.org;Going\nB;b@b.org;Invited\n")
    assert count(keyless).going == 1
    await send(keyless, "email\nA@b.org\na@b.org \n\nc@b.org\n")
    assert count(keyless).going == 2


@ON_SQLITE
async def test_a_guest_file_is_for_organisers_and_for_a_saved_session(
    keyless: Town, luma: LumaServer
) -> None:
    luma.feed = calendar(event(1))
    await keyless.fill_in(keyless.organiser, "feed", (), {"address": luma.feed_url})
    assert "Save that session first" in words(await send(keyless, HEAD))
    file = Attachment("guests.csv", HEAD.encode())
    refused = await keyless.call(ANA, "luma", origin=Origin.TYPED, arguments={"file": file})
    assert "for organisers" in words(refused)


@ON_SQLITE
async def test_what_stands_openly_is_said(keyless: Town, luma: LumaServer) -> None:
    await on_luma(keyless, luma)
    olga = keyless.organiser
    file = Attachment("guests.csv", (HEAD + "2,G,g@example.org,approved\n").encode())
    in_private = await keyless.call(olga, "luma", is_private=True, attachments=(file,))
    assert "stands openly" not in words(in_private)
    assert "stands openly" in words(await keyless.call(olga, "luma", attachments=(file,)))
    assert "Delete your message" in words(await keyless.type(ANA, "guestlist", f"both {ANAS}"))
