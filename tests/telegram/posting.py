"""Messages of people and of Telegram itself, and which of them reach the bot."""

from __future__ import annotations

from tests.telegram.entities import Formatted, commands_of
from tests.telegram.places import ANONYMOUS, Chat, File, Message, User, member_of
from tests.telegram.refusals import Json
from tests.telegram.world import World


def post(
    world: World,
    chat: Chat,
    sender: User,
    content: Formatted,
    *,
    thread_id: int | None = None,
    reply_to: Message | None = None,
    file: File | None = None,
    via_bot: User | None = None,
    markup: Json | None = None,
    inline_id: str | None = None,
    is_anonymous: bool = False,
) -> Message:
    """Puts a message of a person into a chat, and tells the bot if it may read it."""
    message = Message(
        world.new_message_id(chat),
        chat,
        ANONYMOUS if is_anonymous else sender,
        world.clock.now(),
        content,
        sender_chat=chat if is_anonymous else None,
        reply_to=reply_to,
        file=file,
        via_bot=via_bot,
        markup=markup,
        inline_id=inline_id,
    )
    thread(message, thread_id)
    chat.messages[message.id] = message
    message.is_meant = is_meant(world, message)
    tell_of(world, message, sender)
    return message


def post_service(
    world: World,
    chat: Chat,
    sender: User,
    service: Json,
    *,
    begins_topic: bool = False,
    thread_id: int | None = None,
) -> Message:
    """A message that Telegram writes itself, such as of who came and went."""
    message = Message(
        world.new_message_id(chat), chat, sender, world.clock.now(), Formatted(""), service=service
    )
    if begins_topic:
        message.thread_id, message.is_topic_message = message.id, True
    thread(message, thread_id)
    chat.messages[message.id] = message
    tell_of(world, message, sender)
    return message


def thread(message: Message, thread_id: int | None) -> None:
    """Marks in which topic a message stands; in other supergroups a reply has a thread, too."""
    chat, reply_to = message.chat, message.reply_to
    if chat.is_forum:
        if thread_id is not None:
            message.thread_id, message.is_topic_message = thread_id, True
            if reply_to is None:  # Every message of a topic replies to where the topic began.
                message.reply_to = chat.messages.get(thread_id)
    elif chat.kind == "supergroup" and reply_to is not None:
        message.thread_id = reply_to.thread_id or reply_to.id


def tell_of(world: World, message: Message, sender: User, kind: str = "message") -> None:
    if may_read(world, message):
        lane = message.chat.id
        world.tell(kind, message.payload(), lane, [] if sender.is_bot else [sender])
    else:
        world.bell.ring()


def may_read(world: World, message: Message) -> bool:
    """Whether the bot is shown a message; in groups privacy mode keeps most from it."""
    chat = message.chat
    if chat.is_private:
        return chat.user is not None and not world.private_of(chat.user).is_blocked
    bot = member_of(chat, world.bot)
    if not bot.is_here or (chat.became is not None and not message.service):
        return False
    if message.service or bot.is_admin or not world.privacy_mode:
        return True
    return message.is_meant


def is_meant(world: World, message: Message) -> bool:
    """Whether privacy mode lets a message pass.

    That are commands with the bot's name, bare ones unless another bot spoke last, what was sent
    through the bot, and replies to the bot or to what was meant for it. A mention is not.
    """
    if message.via_bot is world.bot:
        return True
    name = f"@{world.bot.username}".lower()
    for command in commands_of(message.content.text, message.content.entities):
        _, at, addressee = command.partition("@")
        if at and f"@{addressee}".lower() == name:
            return True
        if not at and message.chat.last_bot in (None, world.bot.id):
            return True
    reply_to = message.reply_to
    return reply_to is not None and (reply_to.sender is world.bot or reply_to.is_meant)
