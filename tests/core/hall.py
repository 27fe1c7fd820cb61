"""People of several platforms before one house, without the platforms: each call is one line."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import App, now
from bot.archive.record import PaperCode, PaperRecord, Section, SectionKind
from bot.chat.invocation import Actor, Invocation, MessageRef, Origin, PlaceRef, Value
from bot.chat.reply import Reply
from bot.chat.text import plain
from bot.core.people import join_as
from bot.settings import load_settings
from storage.database import Database
from storage.opinions import Opinion
from tests.house import fill

CODE = "WPRC-006"
HOMES = {"discord": "s1", "telegram": "-100"}
CHANNELS = {"discord": "c1", "telegram": "-100"}


class Hall:
    """One club with a place on each platform, and an organiser who is on Discord."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        clock: Callable[[], datetime] = now,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.database = database
        self._numbers = itertools.count(1)
        paper = PaperRecord(
            PaperCode.parse(CODE) or PaperCode("WPRC", 6),
            "AI X Crypto Primer",
            sections=(Section(SectionKind.SUMMARY, "Summary", "What it says."),),
        )
        fill(database, [paper])
        with database.unit(write=True) as uow:
            self.club_id = uow.clubs.all()[0].id
            for platform, home in HOMES.items():
                place = uow.of_club(self.club_id).places.add(platform, home)
                uow.of_club(self.club_id).places.assign(
                    place.id, "opinions", CHANNELS[platform], None
                )
        environ = {"WPRC_DATA_DIR": str(folder), **(settings or {})}
        self.app = App(load_settings(environ, None), database, clock)
        self.organiser = Actor("discord", "organiser", "Olga", is_manager=True)

    async def open(self) -> None:
        await self.app.__aenter__()
        club = self.app.snapshots.default()
        assert club is not None
        at = self.app.clock()
        await join_as(self.app.snapshots, self.app.worker, club, self.organiser, at)

    async def close(self) -> None:
        await self.app.__aexit__(None, None, None)

    def place(self, actor: Actor, *, is_private: bool = False) -> PlaceRef:
        if is_private:
            return PlaceRef(actor.platform, actor.account_id, is_private=True)
        server = HOMES[actor.platform] if actor.platform == "discord" else None
        return PlaceRef(actor.platform, CHANNELS[actor.platform], server_id=server)

    async def press(self, actor: Actor, name: str, *values: str, private: bool = False) -> Reply:
        """A button, or a forged one."""
        return await self.call(actor, name, origin=Origin.BUTTON, values=values, is_private=private)

    async def type(
        self, actor: Actor, name: str, rest: str = "", *, private: bool = False
    ) -> Reply:
        return await self.call(actor, name, rest=rest, is_private=private)

    async def fill_in(
        self, actor: Actor, name: str, values: tuple[str, ...], answers: Mapping[str, Value]
    ) -> Reply:
        return await self.call(actor, name, origin=Origin.FORM, values=values, arguments=answers)

    async def say(
        self,
        actor: Actor,
        text: str,
        number: str | None = None,
        *,
        event: str = "message",
        thread: tuple[str, str] | None = None,
        private: bool = False,
        **arguments: Value,
    ) -> Reply:
        """A plain message, or what happened to one."""
        place = self.place(actor, is_private=private)
        if thread is not None:
            place = PlaceRef(place.platform, place.chat_id, thread[0], server_id=place.server_id)
        whole = place
        return await self.call(
            actor,
            event,
            origin=Origin.EVENT,
            place=place,
            message=MessageRef(whole, number or f"m{next(self._numbers)}"),
            message_text=text,
            message_author=actor,
            message_url=None if private else f"https://chat.test/{number}",
            thread_name=thread[1] if thread else None,
            arguments=arguments,
        )

    async def call(
        self,
        actor: Actor,
        name: str,
        *,
        is_private: bool = False,
        place: PlaceRef | None = None,
        **given: Any,
    ) -> Reply:
        where = place or self.place(actor, is_private=is_private)
        call = Invocation(f"call-{next(self._numbers)}", name, actor, where, **given)
        return await self.app.desk.dispatch(call)


def words(reply: Reply) -> str:
    """All that a reply shows: text, card, buttons, files."""
    parts = [plain(reply.text)]
    if reply.card is not None:
        parts.append(reply.card.title)
        parts += [f"{field.name}: {plain(field.value)}" for field in reply.card.fields]
        for block in reply.card.body:
            parts += [plain(block.text), *(action.label for action in block.actions)]
    parts += [action.label for action in reply.actions]
    parts += [file.content.decode() for file in reply.files]
    if reply.ask is not None:
        parts += [field.label + field.value for field in reply.ask.fields]
    return "\n".join(parts)


def values_of(reply: Reply, command: str) -> list[tuple[str, ...]]:
    """What the buttons of a reply that call this command carry."""
    actions = list(reply.actions)
    if reply.card is not None:
        actions += [action for block in reply.card.body for action in block.actions]
    return [action.values for action in actions if action.command == command]


def key_of(reply: Reply) -> str:
    """The opinion that an author's card is about."""
    found = values_of(reply, "reword")
    assert found, words(reply)
    return found[0][0]


def kept(hall: Hall) -> list[Opinion]:
    """Every opinion that is not withdrawn, whoever may read it."""
    with hall.database.unit(hall.club_id) as uow:
        people = uow.people.everyone()
        return [one for person in people for one in uow.opinions.of_person(person.id)]


async def deliver(hall: Hall) -> None:
    await hall.app._budgets.renew()
    await hall.app.deliverer.deliver_due()
    await hall.app.deliverer.finished()
