"""An announcement: a preview, one delivery for each place, and what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.archive.record import PaperCode, PaperRecord
from bot.chat.invocation import Actor, Invocation, Origin, PlaceRef
from bot.chat.reply import Reply
from bot.chat.text import Bold, Mention, Span, plain
from bot.core.announce import ANNOUNCEMENT, KINDS
from storage.database import Database
from storage.deliveries import Delivery
from tests.conftest import NOW
from tests.house import House, fill, open_house

OLA = Actor("telegram", "7", "Ola")
ANA = Actor("telegram", "8", "Ana")
GROUP = PlaceRef("telegram", "-1")
_LONG = timedelta(hours=1)


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    fill(database, [PaperRecord(PaperCode("WPRC", 1), "One")])
    with database.unit(write=True) as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        ola = uow.people.add("Ola", "telegram", "7", NOW)
        uow.people.set_role(ola.id, "organiser")
        group = uow.places.add("telegram", "-1")
        uow.places.assign(group.id, "announcements", "-1", "9")
        server = uow.places.add("discord", "900")
        uow.places.assign(server.id, "announcements", "901", None)
        uow.places.add("discord", "950")
    async with open_house(database, tmp_path) as house:
        yield house


async def call(house: House, command: str, *values: str, actor: Actor = OLA) -> Reply:
    origin = Origin.BUTTON if values else Origin.TEXT
    return await house.app.desk.dispatch(
        Invocation("1", command, actor, GROUP, origin, values=values)
    )


def told(reply: Reply) -> str:
    blocks = [plain(block.text) for block in reply.card.body] if reply.card else []
    return "\n".join([plain(reply.text), *blocks])


def planned(database: Database) -> list[Delivery]:
    with database.unit() as uow:
        deliveries = uow.of_club(uow.clubs.all()[0].id).deliveries
        return deliveries.listed(("pending", "sent", "unknown", "failed"), 50)


async def test_nothing_goes_out_before_somebody_says_so_and_then_once_to_each_place(
    house: House, database: Database
) -> None:
    preview = await call(house, "announce", "We meet on Thursday.")
    assert "We meet on Thursday." in told(preview)
    assert "a topic on Telegram" in told(preview)
    assert "a place on Discord" in told(preview)
    assert [action.label for action in preview.actions] == ["Post it", "Do not post"]
    assert planned(database) == []

    post = preview.actions[0]
    assert told(await call(house, post.command, *post.values)) == "On its way to 2 places."
    assert told(await call(house, post.command, *post.values)) == "This was posted already."
    found = {(one.platform, one.chat_id, one.thread_id, one.server_id) for one in planned(database)}
    assert found == {("telegram", "-1", "9", None), ("discord", "901", None, "900")}


async def test_what_is_dropped_is_never_posted(house: House, database: Database) -> None:
    post, drop = (await call(house, "announce", "Never mind.")).actions
    assert told(await call(house, drop.command, *drop.values)) == "It is not posted."
    assert told(await call(house, post.command, *post.values)) == "This was posted already."
    assert planned(database) == []


async def test_only_organisers_announce_and_a_forged_number_is_nothing(
    house: House, database: Database
) -> None:
    for command, values in (("announce", ("Hello",)), ("post", ("1",)), ("deliveries", ())):
        assert "for organisers" in told(await call(house, command, *values, actor=ANA))
    assert "no such announcement" in told(await call(house, "post", "999"))
    assert planned(database) == []


async def test_what_an_organiser_types_neither_formats_nor_notifies(
    house: House, database: Database
) -> None:
    text = "<b>@everyone</b> **now** \u202e[x](https://example.org)"
    post = (await call(house, "announce", text)).actions[0]
    await call(house, post.command, *post.values)
    with database.unit() as uow:
        reply = KINDS[ANNOUNCEMENT].compose(uow, planned(database)[0])
    assert reply is not None
    spans: tuple[Span, ...] = reply.text
    assert isinstance(spans[0], Bold)
    assert not any(isinstance(span, Mention) for span in spans)
    assert spans[1] == "\n<b>@everyone</b> **now** [x](https://example.org)"


async def test_without_a_place_one_is_told_how_to_set_it(house: House, database: Database) -> None:
    with database.unit(write=True) as uow:
        uow.reach.set_place("telegram", "-1", NOW)
        uow.reach.set_place("discord", "900", NOW)
    assert "nowhere to announce" in told(await call(house, "announce", "Hello"))


async def test_deliveries_say_what_became_of_each_and_let_one_try_again(
    house: House, database: Database
) -> None:
    assert "Nothing was sent unasked" in told(await call(house, "deliveries"))
    post = (await call(house, "announce", "We meet.")).actions[0]
    await call(house, post.command, *post.values)
    first, second = planned(database)
    with database.unit(write=True) as uow:
        uow.outbox.claim(["telegram", "discord"], "me", NOW.replace(year=2030), _LONG, 9)
        uow.outbox.settle(first.id, "me", "failed", NOW, error="the bot is not let in there")
        uow.outbox.settle(second.id, "me", "unknown", NOW, error="no answer came")
    shown = await call(house, "deliveries")
    assert "Failed: Announcement 1 to a place on Discord" in told(shown)
    assert "the bot is not let in there" in told(shown)
    assert "It may have arrived: look there before you send it again" in told(shown)
    assert shown.card is not None
    assert {field.name: plain(field.value) for field in shown.card.fields}["Unknown"] == "1"

    assert "1 message is on the way" in told(await call(house, "retry", "failed"))
    assert "nothing to send again" in told(await call(house, "retry", "failed"))
    assert "1 message is on the way" in told(await call(house, "retry", str(second.id)))
    assert {one.state for one in planned(database)} == {"pending"}
    assert "nothing to send again" in told(await call(house, "retry", "99999"))
