"""A person at Discord's client: types, presses, fills, says, and reads what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.discord.exchange import Exchange
from tests.discord.forms import Filled, modal_data
from tests.discord.interactions import Interaction, Kind
from tests.discord.limits_commands import CHAT, MESSAGE_MENU
from tests.discord.messages import REPLY, File, Message
from tests.discord.options import CannotType, Value, command_data, resolve
from tests.discord.permissions import Permission
from tests.discord.places import Channel, Role, User
from tests.discord.posting import delete, edit, post
from tests.discord.refusals import Json
from tests.discord.rest_interactions import begin
from tests.discord.rest_reactions import react
from tests.discord.seen import Menu, Modal, Seen
from tests.discord.world import World


class Person(User):
    """Acts where no channel is named in the one that was used last, ``here``."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world.ids.next(), name)
        self._world = world
        self._here: Channel | None = None
        self._last: Exchange | None = None
        self._heard: set[int] = set()
        world.users[self.id] = self

    @property
    def dm(self) -> Channel:
        """The direct messages with the bot."""
        return self._world.dm_with(self)

    @property
    def here(self) -> Channel:
        assert self._here is not None, f"{self.name} is nowhere yet: name a channel"
        return self._here

    def go(self, channel: Channel) -> None:
        """To a channel that the person can see."""
        if not channel.permissions_of(self) & Permission.VIEW_CHANNEL:
            raise CannotType(f"{self.name} does not see #{channel.name}")
        self._here = channel

    # Interactions.

    async def slash(
        self,
        command: str,
        *,
        channel: Channel | None = None,
        options: Mapping[str, Value] | None = None,
        **values: Value,
    ) -> Exchange:
        """Sends a slash command; fails where Discord's client would not offer or send it.

        ``channel`` is where it is typed; an option of that name goes into ``options``.
        """
        registered = self._command(command, CHAT, channel)
        data = command_data(registered, {**values, **(options or {})}, self.here, self)
        return self._begin(Kind.COMMAND, data)

    async def complete(
        self,
        command: str,
        option: str,
        typed: str,
        *,
        channel: Channel | None = None,
        **others: Value,
    ) -> list[tuple[str, str | int | float]]:
        """What the bot offers while ``typed`` stands in an option, as name and value."""
        registered = self._command(command, CHAT, channel)
        known = {one["name"]: one for one in registered.get("options") or []}
        if not known.get(option, {}).get("autocomplete"):
            raise CannotType(f"/{command} does not complete {option!r}")
        data = command_data(registered, {**others, option: typed}, self.here, self, focused=option)
        interaction = begin(self._world, Kind.AUTOCOMPLETE, self, self.here, data)
        return await Exchange(self._world, interaction).choices()

    async def right_click(self, message: Message | Seen, menu: str) -> Exchange:
        """Picks a message's menu entry; the bot is shown the message in full."""
        target = _message(message)
        registered = self._command(menu, MESSAGE_MENU, target.channel)
        shown = {str(target.id): target.payload(self._world.bot)}
        data: Json = {"id": registered["id"], "name": menu, "type": MESSAGE_MENU}
        data |= {"target_id": str(target.id), "resolved": {"messages": shown}}
        return self._begin(Kind.COMMAND, data)

    async def press(self, message: Message | Seen, name: str) -> Exchange:
        """Presses a button, by label or custom_id, as the message stands now."""
        target = self._looked_at(message)
        button = target.button(name)
        if button.is_disabled or button.is_link:
            raise CannotType(f"{name!r} cannot be pressed")
        data = {"custom_id": button.custom_id, "component_type": 2, "id": button.number}
        return self._begin(Kind.COMPONENT, data, target.message)

    async def choose(
        self, message: Message | Seen, *picks: str | User | Role | Channel, menu: int = 0
    ) -> Exchange:
        """Picks options by label or value, or people and places, in a menu of the message."""
        target = self._looked_at(message)
        select = target.menus[menu]
        if select.is_disabled or not select.least <= len(picks) <= select.most:
            raise CannotType(f"{select.custom_id!r} takes {select.least} to {select.most}")
        resolved: Json = {}
        values = [_pick(select, pick, target.message.channel, self, resolved) for pick in picks]
        data: Json = {"custom_id": select.custom_id, "component_type": select.kind}
        data |= {"id": select.number, "values": values} | (
            {"resolved": resolved} if resolved else {}
        )
        return self._begin(Kind.COMPONENT, data, target.message)

    async def fill(self, form: Seen | Modal, values: Mapping[str, Filled]) -> Exchange:
        """Sends a form, its fields named by label or custom_id."""
        modal = form.modal if isinstance(form, Seen) else form
        assert modal is not None, "that is no form"
        self.go(modal.opener.channel)
        data = modal_data(modal, values, self.here, self)
        return self._begin(Kind.MODAL_SUBMIT, data, modal.opener.message, modal.opener)

    async def answer(self, patience: float = 5.0) -> Seen:
        """The next answer to what the person did last."""
        assert self._last is not None, f"{self.name} did nothing yet"
        seen = await self._last.answer(patience)
        if seen.modal is None:
            self._heard.add(seen.message.id)
        return seen

    # Ordinary messages.

    async def say(
        self,
        content: str,
        channel: Channel | None = None,
        *,
        reply_to: Message | Seen | None = None,
        ping: bool = True,
        files: Sequence[File] = (),
    ) -> Message:
        """Posts a message; a reply goes where its target is, and pings unless told not to."""
        target = None if reply_to is None else _message(reply_to)
        self.go(channel or (target.channel if target else self.here))
        in_thread = Permission.SEND_MESSAGES_IN_THREADS
        needs = in_thread if self.here.is_thread else Permission.SEND_MESSAGES
        if not self.here.permissions_of(self) & needs:
            raise CannotType(f"{self.name} may not write in #{self.here.name}")
        allowed = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        body: Json = {"content": content, "allowed_mentions": allowed}
        kind = 0 if target is None else REPLY
        return post(
            self._world, self.here, self, body, {}, reference=target, kind=kind, files=files
        )

    async def change(self, message: Message, content: str) -> None:
        """Edits a message of one's own."""
        assert message.author is self, "one edits one's own messages only"
        edit(self._world, message, {"content": content}, {})

    async def delete(self, message: Message) -> None:
        assert message.author is self, "one deletes one's own messages only"
        delete(self._world, message)

    async def upload(self, name: str, data: bytes, content_type: str | None = None) -> File:
        """A file, ready for an option, a form or a message."""
        return self._world.add_file(name, data, content_type)

    async def react(self, message: Message | Seen, emoji: str, *, is_on: bool = True) -> None:
        react(self._world, _message(message), self, emoji, is_on=is_on)

    async def hear(self, channel: Channel | None = None, patience: float = 5.0) -> Seen:
        """The next message of the bot in a channel that this person did not read yet."""
        place = channel or self.here

        def look() -> Seen | None:
            for seen in place.visible_to(self):
                new = seen.message.id not in self._heard and not seen.is_thinking
                if new and seen.author is self._world.bot:
                    return seen
            return None

        seen = await self._world.bell.until(
            look, lambda: f"nothing new for {self.name} in #{place.name}", patience=patience
        )
        self._heard.add(seen.message.id)
        return seen

    def _begin(
        self,
        kind: Kind,
        data: Json,
        message: Message | None = None,
        opener: Interaction | None = None,
    ) -> Exchange:
        interaction = begin(self._world, kind, self, self.here, data, message, opener)
        self._last = Exchange(self._world, interaction)
        return self._last

    def _looked_at(self, message: Message | Seen) -> Seen:
        target = _message(message)
        self.go(target.channel)
        for seen in target.channel.visible_to(self):
            if seen.source is target:
                return seen
        raise CannotType(f"{self.name} does not see that message (any more)")

    def _command(self, name: str, kind: int, channel: Channel | None) -> Json:
        """A command that is registered, and offered to this person in this place."""
        self.go(channel or self.here)
        guild = self.here.guild
        offered: dict[str, Json] = {}
        for place in (None, guild.id if guild else None):
            for command in self._world.commands.get(place, {}).values():
                if command["type"] == kind and self._is_offered(command):
                    offered[command["name"]] = command
        if name not in offered:
            raise CannotType(f"{name!r} is not offered to {self.name} here, only {sorted(offered)}")
        return offered[name]

    def _is_offered(self, command: Json) -> bool:
        contexts = command["contexts"]
        if self.here.guild is None:
            return bool(command["dm_permission"]) if contexts is None else 1 in contexts
        held = self.here.permissions_of(self)
        needs = command["default_member_permissions"]
        is_admin = bool(held & Permission.ADMINISTRATOR)
        may = needs is None or is_admin or (int(needs) != 0 and not int(needs) & ~held)
        in_guild = contexts is None or 0 in contexts
        return in_guild and may and bool(held & Permission.USE_APPLICATION_COMMANDS)


def _message(message: Message | Seen) -> Message:
    return message.message if isinstance(message, Seen) else message


def _pick(
    select: Menu, pick: str | User | Role | Channel, channel: Channel, person: User, resolved: Json
) -> str:
    if not isinstance(pick, str):
        resolve(pick, channel, person, resolved)
        return str(pick.id)
    for label, value in select.options:
        if pick in (label, value):
            return value
    raise CannotType(f"no option {pick!r} in {[label for label, _ in select.options]}")
