"""Opinions before the core: what is taken, what is left alone, who is asked, who may decide."""

from __future__ import annotations

import pytest

from bot.archive import read_page
from bot.chat.errors import Gone
from bot.chat.invocation import Actor, Event, Invocation, MessageRef, Origin, PlaceRef
from bot.chat.reply import Reach, Subject
from bot.core.questions import ASK_AGAIN_AFTER, ask_again
from tests.core.hall import CODE, Hall, deliver, kept, key_of, words
from tests.core.test_deliveries import Platform

ANA = Actor("discord", "ana", "Ana")
BO = Actor("telegram", "bo", "Bo")
MALLORY = Actor("discord", "mallory", "Mallory")
STRANGER = Actor("telegram", "999", "Stranger")
OWN_COMMANDS = ("consent", "follow", "reword", "withdraw", "topic", "newtopic", "about", "mine")


@pytest.mark.parametrize(
    "said",
    [
        "#WPRC-006 Bonds need a judge.",
        "#wprc 6: Bonds need a judge.",
        "WPRC-006: Bonds need a judge.",
    ],
)
async def test_a_marked_message_is_an_opinion_and_the_author_alone_is_asked(
    hall: Hall, said: str
) -> None:
    platform = Platform("discord")
    hall.app._adapters.append(platform)
    reply = await hall.say(ANA, said)
    assert (reply.reaction and reply.reaction.emoji, words(reply)) == ("✍", "")
    (one,) = kept(hall)
    assert (one.text, one.visibility, one.question) == ("Bonds need a judge.", "private", "choose")
    await deliver(hall)
    assert platform.seen == [("ana", "Who may read this?")]


@pytest.mark.parametrize(
    "said",
    [
        "Bonds need a judge.",
        "WPRC-006 is long",
        "#weather",
        "/opinions",
        "#WPRC-006",
        "p. 25",
        "   ",
    ],
)
async def test_other_talk_is_left_alone(hall: Hall, said: str) -> None:
    reply = await hall.say(ANA, said)
    assert (reply.reaction, words(reply), kept(hall)) == (None, "", [])


async def test_elsewhere_nothing_is_taken(hall: Hall) -> None:
    place = PlaceRef("discord", "another", server_id="s1")
    message = MessageRef(place, "m1")
    call = Invocation("x", "message", ANA, place, origin=Origin.EVENT, message=message)
    reply = await hall.app.desk.dispatch(call)
    assert (words(reply), kept(hall)) == ("", [])


async def test_the_same_message_is_one_opinion_by_whatever_way_it_comes(hall: Hall) -> None:
    said = f"#{CODE} Bonds need a judge."
    for _ in range(3):
        await hall.say(ANA, said, "m1")
    await hall.say(ANA, said, "m1", event=Event.MESSAGE_EDITED)
    message = MessageRef(hall.place(ANA), "m1")
    reply = await hall.call(
        ANA,
        "opinion",
        origin=Origin.MENU,
        message=message,
        message_text=said,
        message_author=ANA,
    )
    assert "an opinion of yours already" in words(reply)
    assert len(kept(hall)) == 1
    await hall.press(ANA, "withdraw", kept(hall)[0].key, "yes")
    await hall.say(ANA, said, "m1")
    assert kept(hall) == [], "what was taken back does not come again by itself"


async def test_a_reply_to_a_paper_is_about_it_and_one_to_anything_else_is_talk(hall: Hall) -> None:
    place = hall.place(BO)
    await hall.app.desk.posted(MessageRef(place, "card"), Subject("paper", CODE))
    await hall.app.desk.posted(MessageRef(place, "meeting"), Subject("session", "1"))
    await hall.say(BO, "I doubt it.", reply_to="card")
    await hall.say(BO, "I come later.", reply_to="meeting")
    assert [(one.text, one.code) for one in kept(hall)] == [("I doubt it.", CODE)]


async def test_in_a_papers_thread_every_message_is_about_it(hall: Hall) -> None:
    await hall.say(ANA, "I doubt it.", thread=("t1", "WPRC-006 on Thursday"))
    await hall.app.desk.posted(MessageRef(hall.place(ANA), "t2"), Subject("paper", CODE))
    await hall.say(ANA, "I doubt that too.", thread=("t2", "Whatever"))
    await hall.say(ANA, "Just talk.", thread=("t3", "Whatever"))
    assert [one.text for one in kept(hall)] == ["I doubt that too.", "I doubt it."]


async def test_nobody_else_can_press_the_buttons_of_an_opinion(hall: Hall) -> None:
    key = key_of(await hall.type(ANA, "opinion", f"{CODE} Bonds need a judge."))
    (before,) = kept(hall)
    for actor in (BO, STRANGER, hall.organiser):
        for name in OWN_COMMANDS:
            for values in ((key, "yes"), (key, "named"), (key, CODE), (key,)):
                reply = await hall.press(actor, name, *values)
                assert "judge" not in words(reply)
        for name in ("item", "hide", "shift", "shorten", "bar"):
            assert "judge" not in words(await hall.press(hall.organiser, name, key, "Because"))
    assert kept(hall) == [before]


async def test_who_is_a_stranger_in_private_is_told_how_to_become_a_member(hall: Hall) -> None:
    reply = await hall.type(STRANGER, "opinion", f"{CODE} Let me in.", private=True)
    assert "in one of its places" in words(reply)
    assert kept(hall) == []
    await hall.type(STRANGER, "profile")
    await hall.type(STRANGER, "opinion", f"{CODE} Let me in.", private=True)
    assert len(kept(hall)) == 1


async def test_whoever_cannot_be_reached_finds_the_question_with_the_next_private_answer(
    hall: Hall,
) -> None:
    platform = Platform("telegram", says=[Gone()])
    hall.app._adapters.append(platform)
    await hall.say(BO, f"#{CODE} Bonds need a judge.")
    await deliver(hall)
    in_public = await hall.type(BO, "paper", CODE)
    assert "waits for your word" not in words(in_public)
    in_private = await hall.type(BO, "help")
    assert in_private.audience.reach is Reach.PRIVATE
    assert "waits for your word" in words(in_private)
    card = await hall.press(BO, *("mine", "waiting"))
    assert "Publish with my name" in words(card)
    await hall.press(BO, "consent", key_of(card), "members")
    assert "waits for your word" not in words(await hall.type(BO, "help"))


async def test_a_question_is_put_once_more_and_then_never_again(hall: Hall) -> None:
    platform = Platform("discord")
    hall.app._adapters.append(platform)
    await hall.say(ANA, f"#{CODE} Bonds need a judge.")
    now = hall.app.clock()
    for share in (0.5, 1.5, 2, 10, 100):
        with hall.database.unit(hall.club_id, write=True) as uow:
            ask_again(uow, now + share * ASK_AGAIN_AFTER)
    with hall.database.unit(hall.club_id) as uow:
        (person,) = [one for one in uow.people.everyone() if one.name == "Ana"]
        assert len(uow.deliveries.of_person(person.id)) == 2
        assert uow.opinions.of_person(person.id)[0].visibility == "private"


async def test_stop_asking_is_for_ever(hall: Hall) -> None:
    platform = Platform("discord")
    hall.app._adapters.append(platform)
    await hall.say(ANA, f"#{CODE} One.")
    await deliver(hall)
    await hall.press(ANA, "quiet", kept(hall)[0].key)
    await hall.say(ANA, f"#{CODE} Two.")
    await deliver(hall)
    assert len(platform.seen) == 1
    assert {(one.visibility, one.question) for one in kept(hall)} == {("private", None)}


async def test_an_edited_message_changes_nothing_unless_its_author_says_so(hall: Hall) -> None:
    await hall.say(ANA, f"#{CODE} Bonds need a judge.", "m1")
    key = kept(hall)[0].key
    await hall.press(ANA, "consent", key, "named")
    await hall.say(MALLORY, f"#{CODE} Forged.", "m1", event=Event.MESSAGE_EDITED)
    await hall.say(ANA, f"#{CODE} Bonds need two judges.", "m1", event=Event.MESSAGE_EDITED)
    (one,) = kept(hall)
    assert (one.text, one.proposed) == ("Bonds need a judge.", "Bonds need two judges.")
    assert "Bonds need two judges (Ana)." in words(await hall.press(ANA, "mine", key))
    assert "two" not in words(await hall.type(STRANGER, "opinions", CODE))
    await hall.press(ANA, "follow", key, "yes")
    assert "two judges" in words(await hall.type(STRANGER, "opinions", CODE))
    await hall.call(
        STRANGER,
        Event.MESSAGE_DELETED,
        origin=Origin.EVENT,
        place=hall.place(ANA),
        message=MessageRef(hall.place(ANA), "m1"),
    )
    assert "Shall the opinion go" in words(await hall.press(ANA, "mine", key))
    assert "two judges" in words(await hall.type(STRANGER, "opinions", CODE))
    await hall.press(ANA, "withdraw", key, "yes")
    assert "judges" not in words(await hall.type(STRANGER, "opinions", CODE))


async def test_an_edit_of_a_message_that_was_none_can_make_it_an_opinion(hall: Hall) -> None:
    await hall.say(ANA, "WPR-006 A typo.", "m1")
    await hall.say(ANA, f"#{CODE} No typo.", "m1", event=Event.MESSAGE_EDITED)
    assert [one.text for one in kept(hall)] == ["No typo."]


async def test_without_a_name_is_without_a_trace(hall: Hall) -> None:
    for number in range(6):
        await hall.say(ANA if number % 2 else BO, f"#{CODE} Word {number}.", f"m{number}")
    for one in kept(hall):
        actor = ANA if one.platform == "discord" else BO
        await hall.press(actor, "consent", one.key, "named")
        await hall.press(actor, "consent", one.key, "nameless")
    with hall.database.unit(hall.club_id) as uow:
        shown = uow.opinions.public(CODE)
    assert [one.url for one in shown] == [None] * 6
    # Nothing that is shown, nor its order, follows from when it was said.
    assert [one.key for one in shown] == sorted(one.key for one in shown)
    seen = words(await hall.type(STRANGER, "opinions", CODE))
    assert not {"Ana", "Bo", "said here", "https"} & set(seen.replace("(", " ").split())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("x" * 4_001, "at most 4,000 characters"),
        ("\u202e\u0000\u2066", "no words in that"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_the_reason(
    hall: Hall, said: str, told: str
) -> None:
    reply = await hall.fill_in(ANA, "opinion", (CODE,), {"text": said})
    assert told in words(reply)
    reply = await hall.say(ANA, f"#{CODE} {said}")
    assert reply.audience.reach is Reach.PRIVATE or words(reply) == ""
    assert kept(hall) == []


async def test_ten_megabytes_and_ten_a_minute_are_refused(hall: Hall) -> None:
    assert "characters" in words(await hall.fill_in(ANA, "opinion", (CODE,), {"text": "a" * 10**7}))
    told = [words(await hall.type(ANA, "opinion", f"{CODE} Word {n}.")) for n in range(31)]
    assert "more than 30 opinions in an hour" in told[-1]
    assert len(kept(hall)) == 30


async def test_hostile_words_are_words(hall: Hall) -> None:
    said = "<b>@everyone</b> *bold* [x](https://e.example) \u202egnirts (Olga). #WPRC-007 ${x}"
    key = key_of(await hall.fill_in(ANA, "opinion", (CODE,), {"text": said}))
    await hall.press(ANA, "consent", key, "nameless")
    await hall.press(hall.organiser, "print", CODE)
    page = (await hall.press(STRANGER, "download", CODE)).files[0].content
    assert "\u202e" not in page.decode()
    (item,) = read_page(page).record.sections[-1].items
    assert item.attributed_to == (), "nobody is named who did not say it"
    assert "@everyone" in item.text


async def test_standing_choices_hold_for_what_is_said_from_then_on(hall: Hall) -> None:
    await hall.say(ANA, f"#{CODE} Before.")
    await hall.press(ANA, "standing", "named")
    await hall.say(ANA, f"#{CODE} After.")
    await hall.press(ANA, "standing", "members")
    await hall.say(ANA, f"#{CODE} Later.")
    assert {one.text: one.visibility for one in kept(hall)} == {
        "Before.": "private",
        "After.": "named",
        "Later.": "members",
    }


async def test_a_card_that_is_picked_opens_the_form_about_its_paper(hall: Hall) -> None:
    place = hall.place(ANA)
    await hall.app.desk.posted(MessageRef(place, "card"), Subject("paper", CODE))
    reply = await hall.call(
        ANA,
        "opinion",
        origin=Origin.MENU,
        message=MessageRef(place, "card"),
        message_text="AI X Crypto Primer",
    )
    assert reply.ask is not None
    assert reply.ask.action.values == (CODE,)
    other = await hall.call(
        ANA,
        "opinion",
        origin=Origin.MENU,
        message=MessageRef(place, "another"),
        message_text="Said by a bot.",
    )
    assert "Nobody's own words" in words(other)


async def test_an_edit_that_concerns_nobody_is_answered_by_nothing(hall: Hall) -> None:
    place = PlaceRef("discord", "c9", server_id="s9")
    message = MessageRef(place, "m1")
    for actor in (ANA, STRANGER):
        reply = await hall.say(actor, "Just talk.", "m1", event=Event.MESSAGE_EDITED)
        assert (words(reply), reply.reaction) == ("", None)
    call = Invocation("x", Event.MESSAGE_EDITED, ANA, place, origin=Origin.EVENT, message=message)
    assert words(await hall.app.desk.dispatch(call)) == ""
