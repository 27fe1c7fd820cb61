"""A club on two platforms that are kept in memory, and a clock that a test turns.

Messages, edits and calendar entries arrive here as the platforms would show them; everything else
is the house's own, over a real database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.chat.adapter import Events, NativeEvent, Sight
from bot.chat.errors import DeliveryError, Gone
from bot.chat.invocation import Actor, MessageRef, Origin, PlaceRef
from bot.chat.pacer import Pacer
from bot.chat.reply import Reply, Subject
from bot.chat.text import Mention
from bot.core.deliveries import Deliverer
from bot.core.kinds import KINDS
from bot.core.sessions.mirrors import Mirroring
from bot.core.sessions.reminding import plan_due
from storage.database import Database
from storage.deliveries import Delivery
from storage.rsvps import Rsvp
from storage.session_rows import ClubSession
from tests.core.hall import CHANNELS, Hall, values_of, words

BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@dataclass
class Message:
    """One message as it stands; `edits` counts how often it was shown anew."""

    number: str
    place: PlaceRef
    reply: Reply
    at: datetime
    edits: int = 0

    @property
    def words(self) -> str:
        return words(self.reply)

    @property
    def mentions(self) -> set[str]:
        return {span.account_id for span in self.reply.text if isinstance(span, Mention)}


@dataclass
class Calendar:
    """A server's own calendar."""

    entries: dict[str, NativeEvent] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    people: list[str] = field(default_factory=list)

    async def put(self, server_id: str, event_id: str | None, event: NativeEvent) -> str:
        number = event_id or f"e{len(self.entries) + 1}"
        self.entries[number] = event
        return number

    async def cancel(self, server_id: str, event_id: str | None, event: NativeEvent) -> None:
        if event_id is not None:
            self.cancelled.add(event_id)

    async def interested(self, server_id: str, event_id: str) -> list[str]:
        return self.people


class Platform:
    """One platform in memory. `closed` are accounts that take no private messages."""

    repeats_for: float = 0.0

    def __init__(self, name: str, town: Town) -> None:
        self.name = name
        self.pacer = Pacer(clock=lambda: town.now.timestamp())
        self.calendar = Calendar()
        self.events: Events | None = self.calendar if name == "discord" else None
        self.messages: dict[str, Message] = {}
        self.closed: set[str] = set()
        self.trouble: list[DeliveryError] = []
        self._town = town

    @property
    def is_ready(self) -> bool:
        return True

    @property
    def is_connected(self) -> bool:
        return True

    async def run(self) -> None:
        """Nothing comes in here."""

    async def stop(self) -> None:
        """Nothing goes on here."""

    def sight(self, place: PlaceRef) -> Sight | None:
        return None

    async def send(self, place: PlaceRef, reply: Reply, key: str) -> MessageRef:
        if self.trouble:
            raise self.trouble.pop(0)
        if place.is_private and place.chat_id in self.closed:
            raise Gone("closed")
        number = f"{self.name}-{len(self.messages) + 1}"
        self.messages[number] = Message(number, place, reply, self._town.now)
        message = MessageRef(place, number)
        if reply.subject is not None:
            await self._town.app.desk.posted(message, reply.subject)
        return message

    async def edit(self, place: PlaceRef, message_id: str, reply: Reply) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        message = self.messages.get(message_id)
        if message is None:
            raise Gone("deleted")
        message.reply, message.edits = reply, message.edits + 1

    def here(self) -> list[Message]:
        """What stands in the club's place."""
        return [one for one in self.messages.values() if not one.place.is_private]

    def private(self, account_id: str) -> list[Message]:
        return [
            one
            for one in self.messages.values()
            if one.place.is_private and one.place.chat_id == account_id
        ]


class Town(Hall):
    """The hall with announcement places, platforms that messages come to, and a clock."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        zone: str = "UTC",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.now = BEGIN
        super().__init__(database, folder, lambda: self.now, settings)
        with database.unit(self.club_id, write=True) as uow:
            uow.clubs.set_time_zone(self.club_id, zone)
            for place in uow.places.all():
                chat = CHANNELS[place.platform]
                uow.places.assign(place.id, "announcements", chat, None)
        self.discord, self.telegram = Platform("discord", self), Platform("telegram", self)
        self.platforms = {"discord": self.discord, "telegram": self.telegram}
        self.deliverer, self.mirroring = self.another("one")

    def another(self, owner: str) -> tuple[Deliverer, Mirroring]:
        """What one more process sends with."""
        served = tuple(self.platforms.values())

        def clock() -> datetime:
            return self.now

        deliverer = Deliverer(
            self.app.worker,
            self.app.snapshots,
            clock,
            owner,
            lambda: served,
            KINDS,
            plan_due=plan_due,
        )
        return deliverer, Mirroring(self.app.worker, clock, owner, lambda: served)

    async def tick(self) -> None:
        """Everything that is due at this moment is done."""
        for _ in range(100):
            taken = await self.deliverer.deliver_due()
            await self.deliverer.finished()
            taken += await self.mirroring.show_due()
            if not taken:
                return
        raise AssertionError("there is always something due")

    async def until(self, at: datetime) -> None:
        """Lets time pass, and stops at each instant at which something is due."""
        await self.tick()
        for _ in range(20_000):
            coming = self._next()
            if coming is None or coming > at:
                self.now = max(self.now, at)
                await self.tick()
                return
            self.now = max(coming, self.now + timedelta(milliseconds=100))
            await self.tick()
        raise AssertionError("time does not pass")

    async def passing(self, **span: float) -> None:
        await self.until(self.now + timedelta(**span))

    def _next(self) -> datetime | None:
        with self.database.unit() as uow:
            found = [uow.lookout.next_at(), uow.mirrors.next_at(), uow.outbox.next_at(self.now)]
        return min((one for one in found if one is not None), default=None)

    async def schedule(self, when: str, what: str = "6", **details: str) -> int:
        """A saved session's number."""
        drafted = await self.type(self.organiser, "schedule", f"{what} {when}".strip())
        found = values_of(drafted, "save-session")
        assert found, words(drafted)
        (number,) = found[0]
        for name, value in details.items():
            changed = await self.alter(int(number), name, value)
            assert values_of(changed, "save-session"), words(changed)
        saved = await self.press(self.organiser, "save-session", number)
        assert "Saved" in words(saved), words(saved)
        await self.tick()
        return int(number)

    async def alter(self, number: int, name: str, value: str) -> Reply:
        answers = {"value": value}
        return await self.fill_in(self.organiser, "alter", (str(number), name), answers)

    async def link(self, giver: Actor, taker: Actor) -> None:
        """Two accounts become one person, who keeps the giver's name."""
        code = re.search(r"/link (\S+)", words(await self.type(giver, "link", private=True)))
        assert code is not None
        asked = await self.type(taker, "link", code[1], private=True)
        for actor in (taker, giver):
            number = values_of(asked, "linked")[0][0]
            await self.press(actor, "linked", number, "yes", private=True)

    async def tap(self, actor: Actor, answer: str, number: int = 1) -> Reply:
        """On the card in the place, as the platform would say it."""
        card = self.card(actor.platform, number)
        return await self.call(
            actor,
            "rsvp",
            origin=Origin.BUTTON,
            values=(answer, str(number)),
            message=MessageRef(self.place(actor), card.number),
        )

    def card(self, platform: str, number: int = 1) -> Message:
        """The announcement of a session on a platform."""
        for one in self.platforms[platform].here():
            if one.reply.subject == Subject("session", str(number)):
                return one
        raise AssertionError(f"session {number} is not announced on {platform}")

    def session(self, number: int = 1) -> ClubSession:
        with self.database.unit(self.club_id) as uow:
            found = uow.sessions.by_number(number)
        assert found is not None
        return found

    def answers(self, number: int = 1) -> list[Rsvp]:
        with self.database.unit(self.club_id) as uow:
            return uow.rsvps.of_session(self.session(number).id)

    def names(self) -> dict[int, str]:
        with self.database.unit(self.club_id) as uow:
            return {one.id: one.name for one in uow.people.everyone()}

    def deliveries(self, kind: str, number: int = 1) -> list[Delivery]:
        with self.database.unit(self.club_id) as uow:
            return uow.deliveries.of_subject(kind, str(number))


def member(name: str, platform: str) -> Actor:
    return Actor(platform, f"{platform[0]}-{name.casefold()}", name)
