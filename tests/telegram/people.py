"""A person at Telegram's client: writes, replies, presses, picks, and reads what comes of it."""

from __future__ import annotations

from tests.telegram.entities import typed_text
from tests.telegram.groups import Group, Topic
from tests.telegram.markup import start_payload
from tests.telegram.places import Chat, Member, Message, member_of
from tests.telegram.posting import is_meant, post, tell_of
from tests.telegram.pressing import Answer, Press, Presser
from tests.telegram.reading import PATIENCE, Place, chat_of, message_of
from tests.telegram.refusals import CannotDo, Json
from tests.telegram.seen import Seen

__all__ = ["Answer", "Person", "Press"]


class Person(Presser):
    """Acts in the private chat with the bot, in groups, and in chats without it."""

    # Writing.

    async def starts(self, payload: str = "") -> Message:
        """Opens the private chat and presses START."""
        return await self.says(self.private, f"/start {payload}".strip())

    async def says(
        self, place: Place, text: str, *, reply_to: Message | Seen | None = None
    ) -> Message:
        thread_id = place.thread_id if isinstance(place, Topic) else None
        target = None if reply_to is None else message_of(reply_to)
        return self._write(chat_of(place), thread_id, text, target)

    def _write(
        self, chat: Chat, thread_id: int | None, text: str, reply_to: Message | None
    ) -> Message:
        self.enter(chat)
        content = typed_text(text)
        if not 1 <= content.size <= 4096:
            raise CannotDo("a message has 1 to 4096 characters")
        return post(
            self._world,
            chat,
            self,
            content,
            thread_id=thread_id,
            reply_to=reply_to,
            is_anonymous=member_of(chat, self).is_anonymous,
        )

    async def replies(self, message: Message | Seen, text: str) -> Message:
        """A reply, where its target is."""
        target = message_of(message)
        if target.is_deleted:
            raise CannotDo("the message is gone")
        return self._write(target.chat, _topic_id(target), text, target)

    async def answers(self, seen: Seen, text: str) -> Message:
        """Types into the field that the bot opened by asking for a reply."""
        if not seen.force_reply:
            raise CannotDo(f"{self.first_name}'s client opens no reply to that message")
        return await self.replies(seen, text)

    async def chooses(self, seen: Seen, choice: str) -> Message:
        """Taps a key of the keyboard that the bot offered, which sends its words."""
        if choice not in [key for row in seen.choices for key in row]:
            raise CannotDo(f"no key {choice!r} in {seen.choices}")
        return self._write(seen.chat, _topic_id(seen.message), choice, None)

    async def edits(self, message: Message, text: str) -> None:
        """Changes a message of one's own."""
        if message.sender is not self or message.is_deleted:
            raise CannotDo("one edits one's own messages only")
        message.content = typed_text(text)
        message.edited_at = self._world.clock.now()
        message.is_meant = message.is_meant or is_meant(self._world, message)
        tell_of(self._world, message, self, "edited_message")

    async def deletes(self, message: Message) -> None:
        """Takes back a message of one's own, of which Telegram tells no bot."""
        if message.sender is not self:
            raise CannotDo("one takes back one's own messages only")
        message.is_deleted = True
        self._world.bell.ring()

    async def sends_file(
        self,
        place: Place,
        name: str,
        data: bytes,
        *,
        caption: str = "",
        content_type: str | None = None,
        is_photo: bool = False,
        reply_to: Message | Seen | None = None,
    ) -> Message:
        chat = self.enter(chat_of(place))
        file = self._world.add_file(name, data, content_type, is_photo=is_photo)
        target = None if reply_to is None else message_of(reply_to)
        return post(
            self._world,
            chat,
            self,
            typed_text(caption),
            thread_id=place.thread_id if isinstance(place, Topic) else None,
            reply_to=target,
            file=file,
            is_anonymous=member_of(chat, self).is_anonymous,
        )

    async def opens(self, url: str, group: Group | None = None) -> Message:
        """Follows a deep link to the bot; ``startgroup`` adds it to a group first."""
        found = start_payload(url)
        bot = self._world.bot
        if found is None or found[0].lower() != str(bot.username).lower():
            raise CannotDo(f"{url} does not lead to the bot")
        _, kind, payload = found
        if kind == "start":
            return await self.starts(payload)
        if group is None:
            raise CannotDo("that link asks for a group")
        if not member_of(group.chat, bot).is_here:
            group.add_bot(self)
        return await self.says(group, f"/start@{bot.username} {payload}".strip())

    async def reacts(self, message: Message | Seen, emoji: str | None) -> None:
        """Reacts, or takes the reaction back; the bot is told where it is an admin and asked."""
        target = message_of(message)
        new = [] if emoji is None else [{"type": "emoji", "emoji": emoji}]
        old, target.reactions[self.id] = target.reactions.get(self.id, []), new
        if target.chat.is_private or member_of(target.chat, self._world.bot).is_admin:
            payload: Json = {"chat": target.chat.payload(), "message_id": target.id}
            payload |= {"user": self.payload(), "date": int(self._world.clock.now())}
            payload |= {"old_reaction": old, "new_reaction": new}
            self._world.tell("message_reaction", payload, target.chat.id, [self])

    async def sees_reaction(
        self, message: Message | Seen, emoji: str, patience: float = PATIENCE
    ) -> None:
        """Waits until the bot has reacted to a message with this."""
        target = message_of(message)
        await self._world.bell.until(
            lambda: True if emoji in self.reactions_to(target) else None,
            lambda: f"the bot's reactions are {self.reactions_to(target)}",
            patience=patience,
        )

    def reactions_to(self, message: Message | Seen) -> list[str]:
        """How the bot has reacted to a message."""
        mine = message_of(message).reactions.get(self._world.bot.id, [])
        return [str(one.get("emoji")) for one in mine]

    # Blocking.

    def block(self) -> None:
        """Blocks the bot, which is told so if the chat was open."""
        self._mark(is_blocked=True)

    def unblock(self) -> None:
        self._mark(is_blocked=False)

    def deactivate(self) -> None:
        """Deletes the account; the bot learns it when it writes next."""
        self._world.private_of(self).is_deactivated = True

    def _mark(self, *, is_blocked: bool) -> None:
        world, chat = self._world, self.private
        state = world.private_of(self)
        if state.is_blocked == is_blocked:
            return
        state.is_blocked = is_blocked
        bot = Member(world.bot, "kicked" if is_blocked else "member")
        chat.members.setdefault(world.bot.id, Member(world.bot, "member"))
        world.tell_membership(chat, self, world.bot, bot)


def _topic_id(message: Message) -> int | None:
    return message.thread_id if message.is_topic_message else None
