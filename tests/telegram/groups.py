"""Groups and their topics, as a test sets them up and changes them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.telegram.entities import typed_text
from tests.telegram.places import Chat, Member, Message, User, member_of
from tests.telegram.posting import post_service
from tests.telegram.refusals import Json
from tests.telegram.world import World


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a forum; the General one has no thread id."""

    group: Group
    name: str
    thread_id: int | None

    @property
    def chat(self) -> Chat:
        return self.group.chat

    @property
    def id(self) -> int:
        """Of the group: a topic has none of its own."""
        return self.group.id


class Group:
    """``chat`` is another one after an upgrade, and so is ``id``."""

    def __init__(self, world: World, title: str, *, is_supergroup: bool, is_forum: bool) -> None:
        self._world = world
        self.chat = world.new_group(title, is_supergroup=is_supergroup, is_forum=is_forum)
        self._bot: list[User] = []

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def owner(self) -> User:
        owners = [one.user for one in self.chat.members.values() if one.status == "creator"]
        assert owners, "the group has no owner"
        return owners[0]

    # People.

    def join(self, user: User, status: str = "member", *, says_so: bool = False) -> None:
        """Brings somebody in; ``says_so`` writes so into the chat, as Telegram does."""
        self._world.tell_membership(self.chat, user, user, Member(user, status))
        if says_so:
            self._service(user, {"new_chat_members": [user.payload()]})

    def leave(self, user: User) -> None:
        self._world.tell_membership(self.chat, user, user, Member(user, "left"))
        self._service(user, {"left_chat_member": user.payload()})

    def promote(self, user: User) -> None:
        self._world.tell_membership(self.chat, self.owner, user, Member(user, "administrator"))

    def demote(self, user: User) -> None:
        self._world.tell_membership(self.chat, self.owner, user, Member(user, "member"))

    def go_anonymous(self, user: User, *, is_anonymous: bool = True) -> None:
        """From now on an admin speaks in the name of the group."""
        member = member_of(self.chat, user)
        assert member.is_admin, "only admins can be anonymous"
        member.is_anonymous = is_anonymous

    # The bot.

    def add_bot(self, by: User | None = None, *, is_admin: bool = False) -> None:
        adder, bot = by or self.owner, self._world.bot
        self._world.tell_membership(self.chat, adder, bot, Member(bot, "member"))
        self._service(adder, {"new_chat_members": [bot.payload()]})
        if is_admin:
            self.promote_bot()

    def kick_bot(self, by: User | None = None) -> None:
        bot = self._world.bot
        self._world.tell_membership(self.chat, by or self.owner, bot, Member(bot, "kicked"))

    def promote_bot(self) -> None:
        self.promote(self._world.bot)

    def demote_bot(self) -> None:
        self.demote(self._world.bot)

    def other_bot_says(self, text: str) -> Message:
        """Some other bot, after which bare commands are not for ours in privacy mode."""
        if not self._bot:
            key = self._world.number() + 6_000_000_000
            self._bot.append(User(key, "Other Bot", username="other_club_bot", is_bot=True))
        message = Message(
            self._world.new_message_id(self.chat),
            self.chat,
            self._bot[0],
            self._world.clock.now(),
            typed_text(text),
        )
        self.chat.messages[message.id] = message
        self.chat.last_bot = self._bot[0].id
        return message

    # The group itself.

    @property
    def general(self) -> Topic:
        return Topic(self, "General", None)

    def topic(self, name: str) -> Topic:
        """A new topic, whose id is that of the message with which it began."""
        assert self.chat.is_forum, "only a forum has topics"
        created: Json = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = post_service(self._world, self.chat, self.owner, created, begins_topic=True)
        self.chat.topics[message.id] = name
        return Topic(self, name, message.id)

    def rename_topic(self, topic: Topic, name: str) -> Topic:
        """Gives a topic another name; its later messages still show how it was called first."""
        assert topic.thread_id is not None, "General has another way"
        self.chat.topics[topic.thread_id] = name
        told: Json = {"forum_topic_edited": {"name": name}}
        post_service(self._world, self.chat, self.owner, told, thread_id=topic.thread_id)
        return Topic(self, name, topic.thread_id)

    def close_topic(self, topic: Topic) -> None:
        """Deletes a topic, so that nothing can be sent to it."""
        assert topic.thread_id is not None, "General cannot go"
        del self.chat.topics[topic.thread_id]

    def rename(self, title: str) -> None:
        self.chat.title = title
        self._service(self.owner, {"new_chat_title": title})

    def upgrade(self) -> None:
        """Makes a supergroup of a basic group: with a new id, and with no message of the old."""
        assert self.chat.kind == "group", "it is a supergroup already"
        old = self.chat
        new = self._world.new_group(old.title, is_supergroup=True)
        new.members = old.members
        new.last_bot = old.last_bot
        owner = self.owner
        old.became = new
        post_service(self._world, old, owner, {"migrate_to_chat_id": new.id})
        self.chat = new
        post_service(self._world, new, owner, {"migrate_from_chat_id": old.id})

    def _service(self, sender: User, service: Json) -> Message:
        return post_service(self._world, self.chat, sender, service)
