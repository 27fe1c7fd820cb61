"""What an organiser does with a calendar, and what has become of it."""

from __future__ import annotations

from bot.chat.invocation import Attachment, Origin
from bot.chat.reply import Reply
from storage.luma import LumaCalendar
from storage.session_rows import ClubSession
from tests.core.hall import words
from tests.core.town import Town
from tests.luma.server import LumaServer, calendar, event


def sessions(town: Town) -> list[ClubSession]:
    with town.database.unit(town.club_id) as uow:
        states = ("draft", "proposed", "scheduled", "cancelled")
        return sorted(uow.sessions.coming(town.now, states), key=lambda one: one.number)


def kept(town: Town) -> LumaCalendar:
    with town.database.unit(town.club_id) as uow:
        found = uow.luma.get()
    assert found is not None
    return found


async def set_feed(town: Town, luma: LumaServer, address: str | None = None) -> Reply:
    answers = {"address": address or luma.feed_url}
    return await town.fill_in(town.organiser, "feed", (), answers)


async def send(town: Town, name: str, content: bytes, command: str = "schedule") -> Reply:
    file = Attachment(name, content)
    return await town.call(town.organiser, command, origin=Origin.TYPED, arguments={"file": file})


async def later(town: Town, minutes: float = 16.0) -> None:
    """The feed is read again when its time has come."""
    await town.passing(minutes=minutes)
    await town.app.luma.read_due()
    await town.tick()


async def saved(town: Town, luma: LumaServer, **details: str) -> int:
    """A session from the feed, with its paper chosen and saved."""
    luma.feed = calendar(event(1, **details))
    await set_feed(town, luma)
    (number,) = (str(one.number) for one in sessions(town))
    await town.press(town.organiser, "alter", number, "paper", "6")
    assert "Saved" in words(await town.press(town.organiser, "save-session", number))
    await town.tick()
    return int(number)
