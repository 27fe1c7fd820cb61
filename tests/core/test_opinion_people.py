"""People around opinions: who proposes, hides, leaves, is removed or forgotten."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bot.chat.invocation import Actor, MessageRef, Origin
from tests.core.hall import CODE, Hall, deliver, kept, key_of, values_of, words
from tests.core.test_deliveries import Platform

ANA = Actor("discord", "ana", "Ana")
BO = Actor("telegram", "bo", "Bo")
STRANGER = Actor("telegram", "999", "Stranger")


async def test_who_proposes_what_another_said_decides_nothing(hall: Hall) -> None:
    message = MessageRef(hall.place(BO), "m9")
    menu = partial(
        hall.call,
        name="opinion",
        origin=Origin.MENU,
        message=message,
        message_text=f"{CODE} Judges cost.",
        message_author=BO,
    )
    assert "You can save your own messages" in words(await menu(ANA))
    assert "asked in private" in words(await menu(hall.organiser))
    assert "known already" in words(await menu(hall.organiser))
    assert "Judges" not in words(await hall.type(hall.organiser, "opinions", CODE))
    (one,) = kept(hall)
    assert (one.text, one.proposed) == ("", "Judges cost.")
    card = words(await hall.press(BO, "mine", one.key))
    assert "Judges cost (Bo)." in card
    await hall.press(BO, "consent", one.key, "named")
    assert "Judges" not in words(await hall.type(hall.organiser, "opinions", CODE))
    await hall.press(BO, "follow", one.key, "no")
    assert kept(hall) == []


async def test_authors_hear_what_is_printed_and_organisers_what_is_stale(hall: Hall) -> None:
    platform = Platform("discord")
    hall.app._adapters.append(platform)
    key = key_of(await hall.type(ANA, "opinion", f"{CODE} Bonds need a judge."))
    await hall.press(ANA, "consent", key, "named")
    await hall.press(hall.organiser, "print", CODE)
    with hall.database.unit(hall.club_id) as uow:
        (person,) = [one for one in uow.people.everyone() if one.name == "Ana"]
        assert [one.kind for one in uow.deliveries.of_person(person.id)] == ["woven"]
    await deliver(hall)
    await hall.press(ANA, "withdraw", key, "yes")
    await deliver(hall)
    assert [chat for chat, _ in platform.seen] == ["ana", "organiser"]
    assert "Copies of the page" in platform.seen[1][1]
    page = (await hall.press(STRANGER, "download", CODE)).files[0].content.decode()
    assert "judge" not in page


async def test_nothing_of_who_is_forgotten_stays_in_the_files(
    hall: Hall, tmp_path: Path, dialect: str
) -> None:
    if dialect != "sqlite":
        pytest.skip("the files of a server are its own")
    zoe = Actor("telegram", "777000777", "Zerubabel")
    for said in ("Quixotic bonds.", "Ytterbium judges."):
        key = key_of(await hall.type(zoe, "opinion", f"{CODE} {said}"))
        await hall.press(zoe, "consent", key, "named")
        await hall.press(hall.organiser, "print", CODE)
    await hall.say(zoe, f"#{CODE} Xylophone talk.", "m1")
    await hall.press(zoe, "forget", "withdraw", "yes")
    found = b"".join(path.read_bytes() for path in tmp_path.glob("club.sqlite*"))
    for trace in (b"Zerubabel", b"777000777", b"uixotic", b"tterbium", b"ylophone", b"zerubabel"):
        assert trace not in found, trace


async def test_who_was_removed_comes_back_only_with_an_organisers_word(hall: Hall) -> None:
    await hall.type(ANA, "profile")
    with hall.database.unit(hall.club_id) as uow:
        (person,) = [one for one in uow.people.everyone() if one.name == "Ana"]
    await hall.press(hall.organiser, "remove", str(person.id), "yes")
    assert "You have left" in words(await hall.type(ANA, "profile"))
    assert "an organiser" in words(await hall.press(ANA, "rejoin")).lower().replace(
        "organisers", "an organiser"
    )
    assert "You have left" in words(await hall.type(ANA, "profile"))
    await hall.press(hall.organiser, "barring", str(person.id), "no")
    await hall.press(ANA, "rejoin")
    assert "You in WPRC" in words(await hall.type(ANA, "profile"))
    assert values_of(await hall.type(hall.organiser, "members"), "members")


async def test_a_hidden_one_that_its_author_keeps_private_is_no_organisers_any_more(
    hall: Hall,
) -> None:
    key = key_of(await hall.type(ANA, "opinion", f"{CODE} Bonds need a judge."))
    await hall.press(ANA, "consent", key, "named")
    await hall.press(hall.organiser, "hide", key, "Off the point")
    assert "judge" in words(await hall.press(hall.organiser, "item", key))
    await hall.press(ANA, "consent", key, "private")
    for name in ("item", "unhide", "shift", "shorten", "bar"):
        assert "judge" not in words(await hall.press(hall.organiser, name, key))


async def test_a_name_on_the_pages_is_nobody_elses(hall: Hall) -> None:
    await hall.type(ANA, "profile")
    await hall.fill_in(ANA, "claim", (), {"name": "Rongxin"})
    with hall.database.unit(hall.club_id) as uow:
        (claim,) = uow.claims.all()
    await hall.press(hall.organiser, "agree", str(claim.person_id), "Rongxin", "yes")
    told = words(await hall.type(Actor("telegram", "31", "Rongxin"), "profile"))
    assert "Reader Rongxin" in told
    mallory = Actor("telegram", "32", "Mallory")
    assert "known to be another" in words(
        await hall.fill_in(mallory, "claim", (), {"name": "rongxin"})
    )
    assert "another member" in words(await hall.fill_in(mallory, "callme", (), {"name": "Rongxin"}))
