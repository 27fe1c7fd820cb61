"""Telegram on loopback: the Bot API for a real client, and people for a test.

A test sets up people and groups, lets them act, and reads what they see; every request of the bot
is checked. See ``Person`` for what people can do and ``Group`` for what a group can be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from types import TracebackType

from tests.telegram.calls import Call, Violation
from tests.telegram.entities import typed_text
from tests.telegram.groups import Group, Topic
from tests.telegram.limits import Limits, Overrun
from tests.telegram.people import Person
from tests.telegram.places import Member, Message, User
from tests.telegram.posting import post
from tests.telegram.reading import Place
from tests.telegram.seen import Seen, see
from tests.telegram.server import Server
from tests.telegram.webhook import Webhook
from tests.telegram.world import World

__all__ = ["Group", "Limits", "Person", "Seen", "TelegramSimulator", "Topic"]


class TelegramSimulator(World):
    """``async with TelegramSimulator() as tg:``; then ``tg.url`` answers for ``tg.token``.

    ``checks=False`` leaves requests unchecked, where only speed matters.
    """

    def __init__(self, *, checks: bool = True, port: int = 0) -> None:
        super().__init__(checks=checks)
        self._server = Server(self)
        self._webhook = Webhook(self)
        self._port = port

    async def __aenter__(self) -> TelegramSimulator:
        await self._server.start(self._port)
        self._webhook.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._webhook.stop()
        await self._server.stop()

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is to be."""
        return self.base

    @property
    def username(self) -> str:
        return str(self.bot.username)

    # Setting up.

    def user(
        self,
        name: str,
        *,
        language_code: str | None = "en",
        username: str | None = None,
        last_name: str | None = None,
    ) -> Person:
        """Somebody who never wrote to the bot. The id does not fit 32 bits, as with Telegram."""
        key = 5_000_000_000 + self.number()
        person = Person(key, name, last_name, username, language_code, world=self)
        self.users[key] = person
        return person

    def group(
        self,
        title: str,
        *,
        admins: Sequence[User] = (),
        members: Iterable[User] = (),
        is_supergroup: bool = True,
        is_forum: bool = False,
        bot: str | None = "member",
        username: str | None = None,
    ) -> Group:
        """A group, owned by the first of the admins; ``bot`` is member, admin, or None.

        A ``username`` makes it public, which only a supergroup can be.
        """
        group = Group(self, title, is_supergroup=is_supergroup or is_forum, is_forum=is_forum)
        group.chat.username = username
        people = group.chat.members
        for admin in admins or [self.user(f"Owner of {title}")]:
            people[admin.id] = Member(admin, "administrator" if people else "creator")
        for member in members:
            people[member.id] = Member(member)
        if bot is not None:
            group.add_bot(is_admin=bot == "admin")
        return group

    def advance(self, seconds: float) -> None:
        """Lets simulated time pass at once."""
        self.clock.jump(seconds)
        self.bell.ring()

    def say_many(
        self, n: int, *, people: int = 50, text: str = "/paper WPRC-006", start: int = 0
    ) -> list[Message]:
        """``n`` messages of many people in their private chats, at once; ``{n}`` is numbered."""
        crowd = [self.user(f"Reader {number}") for number in range(min(people, n))]
        said = []
        for number in range(start, start + n):
            person = crowd[number % len(crowd)]
            state = self.private_of(person)
            state.has_started = state.is_known = True
            content = typed_text(text.replace("{n}", str(number)))
            said.append(post(self, person.private, person, content))
        return said

    # Looking.

    def sent(self, place: Place | int | None = None) -> list[Seen]:
        """All messages that the bot sent, there or anywhere, as they stand now."""
        key = place if isinstance(place, int) or place is None else place.id
        thread = place.thread_id if isinstance(place, Topic) else None
        return [
            see(message)
            for chat in list(self.chats.values())
            if key in (None, chat.id)
            for message in chat.messages.values()
            if message.sender is self.bot and thread in (None, message.thread_id)
        ]

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def overruns(self) -> list[Overrun]:
        """What came sooner than the limits allow."""
        return self.meter.overruns

    def take_violations(self) -> list[Violation]:
        """The violations so far, which then no longer count: for tests that provoke them."""
        taken = list(self.violations)
        self.violations.clear()
        return taken

    async def until_acknowledged(self, patience: float = 5.0) -> None:
        """Waits until the bot has taken all updates."""
        await self.bell.until(
            lambda: True if not self.updates.pending else None,
            lambda: f"{len(self.updates.pending)} updates were not taken",
            patience=patience,
        )

    async def until_called(self, method: str, times: int = 1, patience: float = 5.0) -> list[Call]:
        """Waits until a method was called so often and answered."""

        def look() -> list[Call] | None:
            found = [call for call in self.calls_of(method) if call.status is not None]
            return found if len(found) >= times else None

        return await self.bell.until(
            look, lambda: f"{method} was not called {times} times", patience=patience
        )

    async def settle(self, seconds: float = 0.05) -> None:
        """Lets whatever is under way go on for a moment."""
        await asyncio.sleep(seconds)
