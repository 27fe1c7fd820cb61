"""A person who is somewhere and reads: what the bot wrote, and what the client offers."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.telegram.groups import Group, Topic
from tests.telegram.menus import Menu, menu_of
from tests.telegram.places import Chat, Member, Message, User
from tests.telegram.refusals import CannotDo
from tests.telegram.seen import Seen, see, seen_by
from tests.telegram.world import World

Place = Chat | Group | Topic
PATIENCE = 5.0


@dataclass(eq=False, repr=False)
class Reader(User):
    world: World | None = field(default=None, repr=False)
    heard: set[int] = field(default_factory=set, repr=False)

    @property
    def _world(self) -> World:
        assert self.world is not None
        return self.world

    @property
    def private(self) -> Chat:
        """The private chat with the bot, where it can write once the person wrote."""
        return self._world.chat_with(self)

    async def hears(self, place: Place, patience: float = PATIENCE) -> Seen:
        """The bot's next message or edit here that this person has not read yet."""

        def look() -> Seen | None:
            for one in self._world.appearances.get(chat_of(place).id, ()):
                if one.number not in self.heard and _is_in(one.message, place):
                    self.heard.add(one.number)
                    return seen_by(one.seen, self)
            return None

        self._look_into(place)
        return await self._world.bell.until(
            look, lambda: f"nothing new for {self.first_name}", patience=patience
        )

    async def hears_nothing(self, place: Place, patience: float = 0.2) -> None:
        """Fails if something new comes within ``patience`` real seconds."""
        try:
            seen = await self.hears(place, patience)
        except TimeoutError:
            return
        raise AssertionError(f"heard {seen.text!r}")

    def sees(self, place: Place) -> list[Seen]:
        """The bot's messages that stand here now, oldest first."""
        self._look_into(place)
        return [
            seen_by(see(message, is_edit=message.edited_at is not None), self)
            for message in chat_of(place).messages.values()
            if not message.is_deleted
            and self._world.bot in (message.sender, message.via_bot)
            and _is_in(message, place)
        ]

    def menu(self, place: Place | None = None) -> Menu:
        """The commands that the client offers here."""
        return menu_of(self._world, self, self.private if place is None else chat_of(place))

    def enter(self, chat: Chat) -> Chat:
        """The chat, where this person may write."""
        if chat.is_private:
            if chat.user is not self:
                raise CannotDo("that is somebody else's private chat")
            state = self._world.private_of(self)
            if state.is_blocked:
                raise CannotDo(f"{self.first_name} blocked the bot")
            state.has_started = state.is_known = True
        elif chat.became is not None:
            raise CannotDo("that group is a supergroup now")
        elif self.id not in chat.members:
            chat.members[self.id] = Member(self)
        elif not chat.members[self.id].is_here:
            raise CannotDo(f"{self.first_name} is not in {chat.title}")
        return chat

    def _look_into(self, place: Place) -> None:
        chat = chat_of(place)
        if chat.is_private and chat.user is not self:
            raise CannotDo("that is somebody else's private chat")


def chat_of(place: Place) -> Chat:
    return place if isinstance(place, Chat) else place.chat


def _is_in(message: Message, place: Place) -> bool:
    return not isinstance(place, Topic) or message.thread_id == place.thread_id


def message_of(message: Message | Seen) -> Message:
    return message.message if isinstance(message, Seen) else message
