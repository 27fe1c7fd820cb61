"""What the house is told of messages: who wrote them, where they can be read, what they say now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.telegram.incoming import Bot, Call, Reader
from bot.chat.desk import Desk
from bot.chat.invocation import Actor, Event, Invocation, MessageRef, Origin, PlaceRef
from bot.chat.reply import PRIVATE, Reaction, Reply, say
from bot.core.table import TABLE
from tests.adapters.telegram_house import TelegramStage
from tests.telegram.simulator import TelegramSimulator

READER = Reader.of(TABLE, Bot(42, "paper_bot"))
ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "last_name": "Lux"}
BO = {"id": 8, "is_bot": False, "first_name": "Bo"}
OWN = {"id": 42, "is_bot": True, "first_name": "Bot"}
CHANNEL = {"id": -1001999999999, "type": "channel", "title": "News"}
PRIVATE_CHAT = {"id": 7, "type": "private", "first_name": "Ana"}
BASIC = {"id": -4000000001, "type": "group", "title": "Readers"}
CLOSED = {"id": -1001234567890, "type": "supergroup", "title": "Readers"}
PUBLIC = CLOSED | {"username": "wprc_readers"}
TOPIC = {"message_thread_id": 30, "is_topic_message": True}


def message(text: str, chat: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1, "chat": chat, "from": ANA, "text": text, **more}


def read(kind: str, told: dict[str, Any]) -> Invocation:
    got = READER.read({"update_id": 9, kind: told})
    assert isinstance(got, Call)
    return got.invocation


@pytest.mark.parametrize(
    ("chat", "more", "url"),
    [
        (PRIVATE_CHAT, {}, None),
        (BASIC, {}, None),
        (CLOSED, {}, "https://t.me/c/1234567890/5"),
        (CLOSED, TOPIC, "https://t.me/c/1234567890/30/5"),
        # A reply in a group without topics has a thread that is none.
        (CLOSED, {"message_thread_id": 30}, "https://t.me/c/1234567890/5"),
        (CLOSED | {"id": -1000000000077}, {}, "https://t.me/c/77/5"),
        (CLOSED | {"id": -1997852516352}, {}, "https://t.me/c/997852516352/5"),
        (PUBLIC, {}, "https://t.me/wprc_readers/5"),
        (PUBLIC, TOPIC, "https://t.me/wprc_readers/30/5"),
        (PUBLIC | {"username": "no/such?name"}, {}, "https://t.me/c/1234567890/5"),
        (CLOSED | {"id": -100}, {}, None),
    ],
)
def test_the_address_of_a_message_is_where_members_read_it(
    chat: dict[str, Any], more: dict[str, Any], url: str | None
) -> None:
    assert read("message", message("Well said", chat, **more)).message_url == url
    assert read("edited_message", message("Well said", chat, **more)).message_url == url
    asked = message("/paper 6", chat, reply_to_message=message("It is", chat, **more), **more)
    assert read("message", asked).message_url == url


def test_a_command_as_a_reply_has_the_message_and_its_author() -> None:
    said = message("Judges are needed.", CLOSED, **{"from": BO}, message_id=3)
    call = read("message", message("/paper 6", CLOSED, reply_to_message=said))
    place = PlaceRef("telegram", str(CLOSED["id"]))
    assert call.message == MessageRef(place, "3")
    assert call.message_text == "Judges are needed."
    assert call.message_author == Actor("telegram", "8", "Bo")
    assert (call.rest, call.actor.name) == ("6", "Ana Lux")


@pytest.mark.parametrize(
    "more",
    [
        {"from": OWN},
        {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "sender_chat": CHANNEL},
        {
            "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
            "sender_chat": CLOSED,
        },
        {"via_bot": OWN},
    ],
)
def test_what_is_nobodys_own_words_has_no_author(more: dict[str, Any]) -> None:
    said = message("News", CLOSED, **more)
    call = read("message", message("/paper 6", CLOSED, reply_to_message=said))
    assert call.message_text == "News"
    assert call.message_author is None


def test_a_channels_post_in_its_group_is_nobodys_message() -> None:
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    post = message("/paper 6", CLOSED, **{"from": telegram}, sender_chat=CHANNEL)
    assert READER.read({"update_id": 9, "message": post}) is None
    assert READER.read({"update_id": 9, "edited_message": post}) is None


def test_an_edit_is_the_message_as_it_is_now_and_one_without_words_is_nothing() -> None:
    before = message("Old", CLOSED, **{"from": OWN}, message_id=3)
    call = read("edited_message", message("New", CLOSED, reply_to_message=before))
    assert (call.command, call.origin) == (Event.MESSAGE_EDITED, Origin.EVENT)
    assert (call.message_text, call.arguments) == ("New", {"reply_to": "3"})
    assert call.message == MessageRef(PlaceRef("telegram", str(CLOSED["id"])), "5")
    assert call.message_author == call.actor
    photo = message("", CLOSED) | {"caption": "Seen"}
    assert read("edited_message", photo).message_text == "Seen"
    assert READER.read({"update_id": 9, "edited_message": message("", CLOSED)}) is None
    assert (
        READER.read({"update_id": 9, "edited_message": message("x", CLOSED, via_bot=OWN)}) is None
    )


def listening(heard: list[Invocation], reply: Reply) -> Callable[[Desk], Desk]:
    """A house that answers all that is said or edited with this, and a command with its name."""

    def change(desk: Desk) -> Desk:
        async def dispatch(call: Invocation) -> Reply:
            if call.command.startswith("bot-"):
                return await desk.dispatch(call)
            heard.append(call)
            is_said = call.command in ("message", Event.MESSAGE_EDITED)
            return reply if is_said else say(call.command)

        return replace(desk, dispatch=dispatch)

    return change


async def until_heard(tg: TelegramSimulator, heard: list[Invocation], count: int) -> None:
    await tg.bell.until(
        lambda: True if len(heard) >= count else None,
        lambda: f"heard {[one.command for one in heard]}",
        patience=5,
    )


async def test_the_name_of_a_topic_comes_along_also_after_it_was_renamed_and_a_restart(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana], is_forum=True)
    topic = group.topic("WPRC-006")
    heard: list[Invocation] = []
    change = listening(heard, Reply())
    async with telegram_stage.bot(change):
        await ana.says(topic, f"/paper@{tg.username} 6")
        await ana.hears(topic)
        group.rename_topic(topic, "Primer")
        await ana.says(topic, f"/paper@{tg.username} 6")
        await ana.hears(topic)
    async with telegram_stage.bot(change):
        said = await ana.says(topic, f"Judges are needed, @{tg.username} /paper")
        await ana.replies(said, f"/paper@{tg.username} 6")
        await ana.says(group, f"/paper@{tg.username} 6")
        await ana.hears(group)
    names = [one.thread_name for one in heard]
    assert names[:2] == ["WPRC-006", "Primer"]
    assert names[-2:] == ["Primer", None]


async def test_each_edit_of_what_the_bot_reads_is_told(telegram_stage: TelegramStage) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana], bot="admin")
    heard: list[Invocation] = []
    async with telegram_stage.bot(listening(heard, Reply())):
        said = await ana.says(group, "Judges are needed.")
        await ana.edits(said, "Judges are needed!")
        await until_heard(tg, heard, 1)
    assert [one.message_text for one in heard] == ["Judges are needed!"]
    assert heard[0].message is not None
    assert heard[0].message.message_id == str(said.id)


TAKEN = Reaction("✍")
LATER = say("An opinion of yours waits.", audience=PRIVATE)


async def test_what_is_said_is_answered_by_a_sign_and_in_private(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana], bot="admin")
    heard: list[Invocation] = []
    async with telegram_stage.bot(listening(heard, replace(LATER, reaction=TAKEN))):
        await ana.starts()
        await ana.hears(ana.private)
        said = await ana.says(group, f"@{tg.username} Judges are needed.")
        assert (await ana.hears(ana.private)).text == "An opinion of yours waits."
        await ana.sees_reaction(said, "✍")
        await ana.edits(said, "Judges are needed!")
        assert (await ana.hears(ana.private)).text == "An opinion of yours waits."
        await ana.hears_nothing(group)
    assert ana.reactions_to(said) == ["✍"]


@pytest.mark.parametrize("is_blocked", [False, True])
async def test_who_cannot_be_reached_is_answered_nothing_in_the_group(
    telegram_stage: TelegramStage, is_blocked: bool
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana], bot="admin")
    heard: list[Invocation] = []
    async with telegram_stage.bot(listening(heard, replace(LATER, reaction=TAKEN))):
        if is_blocked:
            await ana.starts()
            await ana.hears(ana.private)
            ana.block()
        said = await ana.says(group, f"@{tg.username} Judges are needed.")
        await ana.sees_reaction(said, "✍")
        await ana.edits(said, "Judges are needed!")
        await tg.until_called("setMessageReaction", 2)
        await ana.hears_nothing(group)
    assert tg.sent(group) == []


async def test_words_alone_for_who_said_something_leave_no_sign_in_the_group(
    telegram_stage: TelegramStage,
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", admins=[ana], bot="admin")
    heard: list[Invocation] = []
    async with telegram_stage.bot(listening(heard, LATER)):
        said = await ana.says(group, f"@{tg.username} Judges are needed.")
        group.go_anonymous(ana)
        await ana.says(group, f"@{tg.username} Judges are needed, says the group.")
        await until_heard(tg, heard, 2)
        await ana.hears_nothing(group)
    assert said.reaction == []
    by_number = sorted(heard, key=lambda one: one.id)
    assert [one.message_author is None for one in by_number] == [False, True]


@pytest.mark.parametrize(
    ("emoji", "shown"), [("\u270d", "\u270d"), ("\u270d\ufe0f", "\u270d"), ("🦖", "👌")]
)
async def test_a_sign_that_telegram_does_not_know_becomes_one_that_it_knows(
    telegram_stage: TelegramStage, emoji: str, shown: str
) -> None:
    tg = telegram_stage.telegram
    ana = tg.user("Ana")
    group = tg.group("Readers", members=[ana], bot="admin")
    heard: list[Invocation] = []
    async with telegram_stage.bot(listening(heard, Reply(reaction=Reaction(emoji)))):
        said = await ana.says(group, f"@{tg.username} Judges are needed.")
        await ana.sees_reaction(said, shown)
