"""/doctor: what an organiser is told of their own club, and nobody else."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.adapter import Sight
from bot.chat.errors import Rejected, Unknown
from bot.chat.invocation import PlaceRef
from storage.database import Database
from storage.deliveries import DeliveryDraft
from tests.conftest import NOW
from tests.core.hall import words
from tests.core.town import Town, member


def seen(town: Town, **lacks: Sight) -> None:
    """From now on the platforms are seen, and this is what the bot lacks there."""

    class Seeing:
        def __init__(self, name: str) -> None:
            self.name = name

        def sight(self, place: PlaceRef) -> Sight | None:
            return lacks.get(self.name, Sight(f"#{place.chat_id}"))

    town.app._adapters = [Seeing("discord"), Seeing("telegram")]  # type: ignore[list-item]


async def test_all_is_well(town: Town) -> None:
    seen(town)
    await town.schedule("next thu 7pm")
    said = words(await town.type(town.organiser, "doctor"))
    assert "all is well" in said
    assert "Announcements: #c1 on Discord: all is there." in said
    assert "Sessions: Session 1" in said
    assert "messages are to come about it, the first" in said


async def test_each_thing_that_is_wrong_has_a_remedy(town: Town, database: Database) -> None:
    hint = "Inline mode is off."
    seen(
        town,
        discord=Sight("#papers", ("Embed Links",), "Edit Channel."),
        telegram=Sight("Readers", (), "", False, "Switch it on.", (hint,)),
    )
    ana, bo = member("Ana", "discord"), member("Bo", "telegram")
    for one in (ana, bo):
        await town.say(one, "#WPRC-006 It holds.")
    await town.tick()
    town.telegram.trouble.append(Rejected("no"))
    town.discord.trouble.append(Unknown())
    await town.schedule("next thu 7pm")
    with database.unit(town.club_id, write=True) as uow:
        uow.reach.set_person("telegram", bo.account_id, NOW)
    said = words(await town.type(town.organiser, "doctor"))
    assert "things to see to" in said
    assert (
        "✗ Places: Announcements: #papers on Discord: missing: Embed Links. Edit Channel." in said
    )
    assert "Opinions: Readers on Telegram: ordinary messages are not read there" in said
    assert f"Hint: {hint}" in said
    assert "1 failed or came too late; of 1 nobody knows" in said
    assert "take no private messages of the bot: 1 on Telegram" in said
    assert "Bo" not in said
    with database.unit(town.club_id, write=True) as uow:
        uow.reach.set_place("discord", "s1", NOW)
        (group,) = [one for one in uow.places.all() if one.platform == "telegram"]
        uow.places.remove(group.id)
        uow.places.add("telegram", "-200")
    said = words(await town.type(town.organiser, "doctor"))
    assert "The bot is not let in to a server on Discord since" in said
    assert "Nothing is announced in Readers on Telegram" in said


async def test_what_should_have_gone_out_by_now_is_told(town: Town) -> None:
    await town.schedule("next thu 7pm")
    town.now += timedelta(days=6)
    said = words(await town.type(town.organiser, "doctor"))
    assert "should have been sent by now" not in said
    # It is planned, and then nobody sends it.
    due_at = town.now - timedelta(hours=1)
    with town.database.unit(town.club_id, write=True) as uow:
        draft = DeliveryDraft("k", "announcement", "1", "discord", "c1", due_at)
        uow.deliveries.plan([draft], due_at)
    said = words(await town.type(town.organiser, "doctor"))
    assert "1 that should have been sent by now waits" in said


async def test_it_is_for_organisers_and_about_their_club_alone(
    town: Town, database: Database
) -> None:
    said = words(await town.type(member("Ana", "discord"), "doctor"))
    assert "for organisers" in said
    with database.unit(write=True) as uow:
        other = uow.of_club(uow.clubs.add("ZKRC", "Others", NOW).id)
        other.places.add("discord", "s9")
        bo = other.people.add("Bo", "discord", "bo", NOW)
        other.people.join(bo.id, NOW)
        other.reach.set_person("discord", "bo", NOW)
    said = words(await town.type(town.organiser, "doctor"))
    assert "private messages of the bot" not in said
    assert "s9" not in said


async def test_a_calendar_that_cannot_be_read_is_named_without_its_address(town: Town) -> None:
    with town.database.unit(town.club_id, write=True) as uow:
        uow.luma.begin("secret")
    assert "Luma" not in words(await town.type(town.organiser, "doctor"))
    with town.database.unit(town.club_id, write=True) as uow:
        uow.luma.set(feed="https://cal.test/x?key=y", failures=0, said="2 events are new.")
    assert "✓ Luma: The calendar was read: 2 events" in words(
        await town.type(town.organiser, "doctor")
    )
    with town.database.unit(town.club_id, write=True) as uow:
        uow.luma.set(failures=3, said="it is no calendar.")
    said = words(await town.type(town.organiser, "doctor"))
    assert "could not be read 3 times in a row: it is no calendar. Type /luma" in said
    assert "cal.test" not in said
