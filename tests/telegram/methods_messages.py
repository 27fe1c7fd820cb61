"""What the bot does with messages: sends, changes, deletes, pins, reacts."""

from __future__ import annotations

from typing import Any

from tests.telegram.calls import Call
from tests.telegram.entities import Formatted, read_text
from tests.telegram.markup import check_markup, is_inline, start_flaws
from tests.telegram.places import Chat, File, Message, member_of
from tests.telegram.posting import thread
from tests.telegram.reactions import REACTIONS
from tests.telegram.refusals import Json, bad_request, broken, too_many_requests
from tests.telegram.spec import Upload
from tests.telegram.world import World

TEXT = 4096
CAPTION = 1024
ACTIONS = ("typing", "upload_photo", "upload_document")  # Others are for what nobody here sends.
UPLOAD = {"document": 50 * 1024 * 1024, "photo": 10 * 1024 * 1024}


def send_message(world: World, call: Call) -> Json:
    content = _content(call, "text", "entities", call.get("text"))
    if not content.text:
        raise broken("message text is empty")
    if content.size > TEXT:
        raise broken("message is too long")
    return _send(world, call, content, str(call.get("text")))


def send_document(world: World, call: Call) -> Json:
    return _send_file(world, call, "document")


def send_photo(world: World, call: Call) -> Json:
    return _send_file(world, call, "photo")


def _send_file(world: World, call: Call, name: str) -> Json:
    content = _caption(call)
    given = call.get(name)
    if isinstance(given, str) and given.startswith("attach://"):
        given = call.get(given.removeprefix("attach://"), given)
    if isinstance(given, Upload):
        if not given.data:
            raise broken("file must be non-empty")
        if len(given.data) > UPLOAD[name]:
            raise broken("Request Entity Too Large")
        file = world.add_file(
            given.filename, given.data, given.content_type, is_photo=name == "photo"
        )
    else:
        found = world.files.get(str(given))
        if found is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        file = found
    return _send(world, call, content, str(call.get("caption", "")), file)


def _send(
    world: World, call: Call, content: Formatted, source: str, file: File | None = None
) -> Json:
    markup = call.get("reply_markup")
    chat = world.find_chat(call.get("chat_id"))
    if markup is not None:
        call.flaws += check_markup(markup, is_private=chat.is_private)
    thread_id = _thread_id(chat, call.get("message_thread_id"))
    reply_to = _reply_to(world, chat, call)
    if reply_to is not None and chat.is_forum and thread_id is None:
        thread_id = reply_to.thread_id if reply_to.is_topic_message else None
    if world.limits is not None:
        seconds = world.meter.pass_through(world.limits, chat.id)
        if seconds is not None:
            raise too_many_requests(seconds)
    message = Message(
        world.new_message_id(chat),
        chat,
        world.bot,
        world.clock.now(),
        content,
        source=source,
        reply_to=reply_to,
        markup=markup,
        file=file,
    )
    thread(message, thread_id)
    chat.messages[message.id] = message
    world.appear(message)
    return message.payload()


def _content(call: Call, text: str, entities: str, value: Any) -> Formatted:
    content = read_text(str(value or ""), call.get("parse_mode"), call.get(entities))
    call.flaws += content.flaws
    for entity in content.entities:
        if "url" in entity:
            call.flaws += start_flaws(entity["url"])
    return content


def _caption(call: Call) -> Formatted:
    content = _content(call, "caption", "caption_entities", call.get("caption"))
    if content.size > CAPTION:
        raise broken("message caption is too long")
    return content


def _thread_id(chat: Chat, thread_id: int | None) -> int | None:
    if not thread_id:
        return None
    if not chat.is_forum or thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return thread_id


def _reply_to(world: World, chat: Chat, call: Call) -> Message | None:
    said = call.get("reply_parameters")
    if not said:
        return None
    where = chat
    if said.get("chat_id") is not None:
        where = world.find_chat(said["chat_id"])
    found = where.messages.get(said["message_id"])
    if found is None or found.is_deleted:
        if said.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return found


# Changing.


def edit_message_text(world: World, call: Call) -> Json | bool:
    content = _content(call, "text", "entities", call.get("text"))
    if not content.text:
        raise broken("message text is empty")
    message = _to_edit(world, call)
    if message.file is not None:
        raise broken("there is no text in the message to edit")
    if content.size > TEXT:
        raise broken("MESSAGE_TOO_LONG")
    return _edit(world, call, message, content, str(call.get("text")))


def edit_message_caption(world: World, call: Call) -> Json | bool:
    content = _caption(call)
    message = _to_edit(world, call)
    if message.file is None:
        raise broken("there is no caption in the message to edit")
    return _edit(world, call, message, content, str(call.get("caption", "")))


def edit_message_reply_markup(world: World, call: Call) -> Json | bool:
    message = _to_edit(world, call)
    return _edit(world, call, message, message.content, message.source)


def _to_edit(world: World, call: Call) -> Message:
    inline_id = call.get("inline_message_id")
    if inline_id is not None:
        found = world.inline_messages.get(inline_id)
        if found is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return found
    chat = world.find_chat(call.get("chat_id"))
    if call.get("message_id") is None:
        raise broken("message identifier is not specified")
    message = chat.messages.get(call.get("message_id"))
    if message is None or message.is_deleted:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot or not is_inline(message.markup):
        raise bad_request("message can't be edited")
    return message


def _edit(
    world: World, call: Call, message: Message, content: Formatted, source: str
) -> Json | bool:
    markup = call.get("reply_markup")
    if markup is not None:
        if not is_inline(markup):
            raise broken("inline keyboard expected")
        call.flaws += check_markup(markup, is_private=message.chat.is_private)
    markup = markup if markup and markup.get("inline_keyboard") else None
    old = message.markup if message.markup and message.markup.get("inline_keyboard") else None
    same_text = (content.text, content.entities) == (message.content.text, message.content.entities)
    if same_text and markup == old:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    message.content, message.source, message.markup = content, source, markup
    message.edited_at = world.clock.now()
    world.appear(message, is_edit=True)
    return True if message.inline_id is not None else message.payload()


def delete_message(world: World, call: Call) -> bool:
    chat = world.find_chat(call.get("chat_id"))
    _delete(world, chat, call.get("message_id"))
    return True


def delete_messages(world: World, call: Call) -> bool:
    chat = world.find_chat(call.get("chat_id"))
    keys: list[int] = call.get("message_ids")
    if not 1 <= len(keys) <= 100:
        raise broken("too many messages to delete" if keys else "message identifiers are empty")
    for key in keys:
        if key in chat.messages and not chat.messages[key].is_deleted:
            _delete(world, chat, key)
    return True


def _delete(world: World, chat: Chat, key: int) -> None:
    message = chat.messages.get(key)
    if message is None or message.is_deleted:
        raise bad_request("message to delete not found")
    is_own = message.sender is world.bot
    may = is_own or chat.is_private or member_of(chat, world.bot).is_admin
    is_old = world.clock.now() - message.date > 48 * 3600
    if not may or (is_old and (chat.is_private or is_own)):
        raise bad_request(
            "message can't be deleted for everyone" if may else "message can't be deleted"
        )
    message.is_deleted = True
    world.bell.ring()


# Around a message.


def pin_chat_message(world: World, call: Call) -> bool:
    chat = world.find_chat(call.get("chat_id"))
    message = chat.messages.get(call.get("message_id"))
    if not chat.is_private and not member_of(chat, world.bot).is_admin:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    if message is None or message.is_deleted:
        raise bad_request("message to pin not found")
    chat.pinned.append(message.id)
    world.bell.ring()
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    chat = world.find_chat(call.get("chat_id"))
    message = chat.messages.get(call.get("message_id"))
    if message is None or message.is_deleted:
        raise bad_request("message to react not found")
    reaction: list[Json] = call.get("reaction") or []
    if len(reaction) > 1:
        raise broken("REACTIONS_TOO_MANY")
    if any(one["type"] == "emoji" and one["emoji"] not in REACTIONS for one in reaction):
        raise broken("REACTION_INVALID")
    message.reactions[world.bot.id] = reaction
    world.bell.ring()
    return True


def send_chat_action(world: World, call: Call) -> bool:
    if call.get("action") not in ACTIONS:
        raise broken("wrong parameter action in request")
    chat = world.find_chat(call.get("chat_id"))
    _thread_id(chat, call.get("message_thread_id"))
    return True
