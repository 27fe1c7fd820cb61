"""What is said without calling a command, as far as the table has a command for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.adapters.discord.api import Api, nonce_of
from bot.adapters.discord.errors import ApiError
from bot.adapters.discord.incoming import PLATFORM, Json, actor_of, channel_of, url_of
from bot.adapters.discord.render import render
from bot.chat.desk import Desk
from bot.chat.invocation import Event, Invocation, MessageRef, Origin, PlaceRef, Value
from bot.chat.reply import Reach, Reply
from bot.chat.text import clean

log = logging.getLogger(__name__)

SAID = "message"
_WAITING = 1_000
_ORDINARY = frozenset({0, 19, 20, 23})


class Listening:
    """Handles messages in the order in which they were said, and remembers the last one seen.

    `has_content` says whether Discord shows the text of what is not said to the bot.
    """

    def __init__(
        self,
        desk: Desk,
        api: Api,
        place_of: Callable[[Json], PlaceRef],
        own_id: Callable[[], str],
        *,
        has_content: bool,
        serves: Callable[[PlaceRef], bool] = lambda place: True,
        name_of: Callable[[PlaceRef], str | None] = lambda place: None,
    ) -> None:
        """`name_of` gives what a thread is called."""
        self._desk = desk
        self._api = api
        self._place_of = place_of
        self._own_id = own_id
        self._has_content = has_content
        self._serves = serves
        self._name_of = name_of
        self._commands = frozenset(one.name for one in desk.commands)
        # A place stands for what was said there while nobody listened.
        self._queue: asyncio.Queue[Invocation | PlaceRef] = asyncio.Queue(_WAITING)
        self._is_open = True
        self._seen: dict[str, int] = {}
        self._read: dict[str, int] = {}

    def has(self, command: str) -> bool:
        """Whether anybody wants to know of this kind of event."""
        return command in self._commands

    def said(self, payload: Json) -> None:
        """A message in a watched place, in a direct conversation, or to the bot."""
        if self.has(SAID) and self._is_meant(payload, self._place_of(payload)):
            self._put(self._invocation(SAID, payload, payload["author"]))

    def edited(self, payload: Json) -> None:
        """A message says something else now, wherever it stands: any may have been saved."""
        if not self.has(Event.MESSAGE_EDITED) or not payload.get("author"):
            return
        if not payload.get("edited_timestamp") or not payload.get("content"):
            # Discord says so too when it has found out what a link leads to.
            return
        if self._is_persons(payload):
            self._put(self._invocation(Event.MESSAGE_EDITED, payload, payload["author"]))

    def deleted(self, payload: Json) -> None:
        """A message is there no more. Who took it away is not told."""
        if self.has(Event.MESSAGE_DELETED):
            nobody = {"id": "0", "username": "unknown"}
            self._put(self._invocation(Event.MESSAGE_DELETED, payload, nobody))

    def deleted_many(self, payload: Json) -> None:
        for number in payload.get("ids", ()):
            self.deleted({**payload, "id": number})

    def removed(self, payload: Json) -> None:
        """The bot was put out of a server; one that is merely out of reach is not gone."""
        if payload.get("unavailable") or not self.has(Event.BOT_REMOVED):
            return
        server = payload["id"]
        event = {"id": server, "channel_id": server, "guild_id": server}
        self._put(self._invocation(Event.BOT_REMOVED, event, {"id": "0", "username": "unknown"}))

    async def run(self) -> None:
        """Handles one after the other until it is cancelled."""
        while True:
            got = await self._queue.get()
            with self._desk.logged_as("" if isinstance(got, PlaceRef) else got.id):
                try:
                    await (self._catch_up(got) if isinstance(got, PlaceRef) else self._handle(got))
                except Exception:
                    log.exception("a message could not be handled")
                finally:
                    self._queue.task_done()

    async def drain(self, seconds: float) -> None:
        """Takes nothing more, and waits so long for what was taken in."""
        self._is_open = False
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            log.warning("messages were still waiting at the end: %d", self._queue.qsize())

    def read_back(self) -> None:
        """Takes in what was said in watched places while nobody listened, oldest first."""
        if self.has(SAID):
            for place in self._desk.watched(PLATFORM):
                if self._serves(place):
                    self._put(place)

    async def _catch_up(self, place: PlaceRef) -> None:
        channel = channel_of(place)
        last = await self._last_seen(channel)
        try:
            if not last:
                # From here on nothing is missed; what was said before was said to others.
                await self._saw(channel, int(await self._api.newest_message(channel)))
                return
            while last and self._is_open:
                messages = await self._api.messages_after(channel, str(last))
                for payload in messages:
                    if not self._is_open:
                        return
                    await self._read_one({**payload, "guild_id": place.server_id}, place)
                last = int(messages[-1]["id"]) if messages else 0
        except ApiError as error:
            log.warning("channel %s could not be read back: %s", channel, error)

    async def _read_one(self, payload: Json, place: PlaceRef) -> None:
        """One message that fails does not keep those after it from being read."""
        with self._desk.logged_as(str(payload["id"])):
            try:
                if self._is_meant(payload, place):
                    await self._handle(self._invocation(SAID, payload, payload["author"], place))
            except Exception:
                log.exception("a message that was read back could not be handled")
        number = int(payload["id"])
        self._read[channel_of(place)] = number
        await self._saw(channel_of(place), number)

    def _put(self, got: Invocation | PlaceRef) -> None:
        if not self._is_open:
            return
        try:
            self._queue.put_nowait(got)
        except asyncio.QueueFull:
            log.error("a message was not taken in: %d are waiting", _WAITING)

    async def _handle(self, invocation: Invocation) -> None:
        message = invocation.message
        if message is None:
            await self._desk.dispatch(invocation)
            return
        channel, number = channel_of(message.place), int(message.message_id)
        if invocation.command == SAID and number <= self._read.get(channel, 0):
            # It came in while the channel was being read back, and was read there.
            return
        reply = await self._desk.dispatch(invocation)
        # An edited or deleted message may be an old one, and says nothing of those after it.
        if invocation.command == SAID and self._is_watched(message.place):
            await self._saw(channel, number)
        await self._respond(invocation, message, reply)

    async def _last_seen(self, channel: str) -> int:
        """The newest message that was seen in a channel, 0 where none was yet."""
        if channel not in self._seen:
            self._seen[channel] = int(await self._desk.load_state(PLATFORM, f"seen:{channel}") or 0)
        return self._seen[channel]

    async def _saw(self, channel: str, number: int) -> None:
        if number > await self._last_seen(channel):
            self._seen[channel] = number
            await self._desk.save_state(PLATFORM, f"seen:{channel}", str(number))

    async def _respond(self, invocation: Invocation, message: MessageRef, reply: Reply) -> None:
        channel = channel_of(message.place)
        try:
            if reply.reaction is not None:
                await self._api.react(channel, message.message_id, reply.reaction.emoji)
            if not (reply.text or reply.card or reply.files):
                return
            rendered = render(reply)
            payload = rendered.payload
            if reply.audience.reach is Reach.PRIVATE and not message.place.is_private:
                channel = await self._api.direct_channel(invocation.actor.account_id)
            else:
                reference = {"message_id": message.message_id, "fail_if_not_exists": False}
                payload = payload | {"message_reference": reference}
            nonce = nonce_of(f"{invocation.command} {invocation.id}")
            number = await self._api.send(channel, payload, rendered.files, nonce)
            if reply.subject is not None and channel == channel_of(message.place):
                await self._desk.posted(MessageRef(message.place, number), reply.subject)
        except ApiError as error:
            log.warning("a message could not be answered: %s", error)

    def _is_meant(self, payload: Json, place: PlaceRef) -> bool:
        if not self._is_persons(payload):
            return False
        if not self._has_content and not payload.get("content"):
            # Discord hides the text, and without one there is nothing to take in.
            return False
        own = self._own_id()
        replied = (payload.get("referenced_message") or {}).get("author") or {}
        is_named = any(one["id"] == own for one in payload.get("mentions", ()))
        return place.is_private or is_named or replied.get("id") == own or self._is_watched(place)

    def _is_persons(self, payload: Json) -> bool:
        """Whether a person wrote it, in their own words."""
        return not (
            payload["author"].get("bot")
            or payload.get("webhook_id")
            or payload.get("type", 0) not in _ORDINARY
        )

    def _is_watched(self, place: PlaceRef) -> bool:
        channels = {(one.chat_id, one.thread_id) for one in self._desk.watched(PLATFORM)}
        return (place.chat_id, place.thread_id) in channels or (place.chat_id, None) in channels

    def _invocation(
        self, command: str, payload: Json, author: Json, place: PlaceRef | None = None
    ) -> Invocation:
        place = place or self._place_of(payload)
        member = {**(payload.get("member") or {}), "user": author}
        # Options named so, where the command has them, say what the message was a reply to.
        arguments: dict[str, Value] = {}
        replied = (payload.get("message_reference") or {}).get("message_id")
        if replied:
            arguments["reply_to"] = replied
        return Invocation(
            id=f"{payload['id']}-{command}",
            command=command,
            actor=actor_of({"member": member}),
            place=place,
            origin=Origin.EVENT,
            arguments=arguments,
            message=MessageRef(place, payload["id"]),
            message_text=clean(payload.get("content") or ""),
            message_author=actor_of({"member": member}),
            message_url=url_of(place, payload["id"]),
            thread_name=self._name_of(place),
        )
