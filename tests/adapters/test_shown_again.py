"""The cards of a session on both platforms agree, whichever of them is tapped on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from tests.adapters.session_house import Scene, reader
from tests.conftest import NOW
from tests.telegram.faults import Status


async def test_taps_on_both_platforms_show_on_both_cards(scene: Scene) -> None:
    await scene.schedule(Seats="2")
    on_discord, on_telegram = await scene.cards()
    assert "0 of 2 going" in on_discord.text
    assert "0 of 2 going" in on_telegram.text
    bo, cy, di = scene.server.member("Bo"), reader(scene, "Cy"), reader(scene, "Di")
    await bo.press(on_discord, "Going")
    answer = await bo.answer()
    assert answer.is_private
    assert "you are going" in answer.text
    await cy.presses(on_telegram, "Going")
    await scene.both_say("2 of 2 going")
    assert "Bo, Cy" in scene.on_discord().text
    assert "Bo, Cy" in scene.on_telegram().text
    await di.presses(on_telegram, "Going")
    assert "waitlist" in (await di.answered()).text
    await scene.both_say("1 waiting for a seat")
    await bo.press(scene.on_discord(), "Can't")
    await scene.both_say("2 of 2 going, 0 maybe")
    assert "Cy, Di" in scene.on_discord().text
    # They were changed where they stand: nothing was posted again.
    assert len(scene.telegram.calls_of("editMessageText")) >= 2
    assert scene.on_discord().is_edited


async def test_a_tap_in_a_group_is_answered_over_the_chat_and_leads_nowhere(scene: Scene) -> None:
    await scene.schedule()
    _, card = await scene.cards()
    cy, di = reader(scene, "Cy"), reader(scene, "Di")
    for label, words in (("Going", "you are going"), ("Maybe", "maybe"), ("Can't", "cannot come")):
        answer = await cy.answered(await cy.presses(card, label))
        assert answer.url is None
        assert words in answer.text
    # The same holds where the private chat is open: nobody asked for a message.
    await di.starts()
    await di.hears(di.private)
    assert "you are going" in (await di.answered(await di.presses(card, "Going"))).text
    await di.hears_nothing(di.private)
    # What goes on in private does need the chat, which only the person can open.
    assert (await cy.answered(await cy.presses(card, "Notify me"))).url is not None
    await cy.says(scene.group, f"/rsvp@{scene.telegram.username} going")
    await scene.telegram.until_called("setMessageReaction")
    await scene.both_say("2 going")
    assert len(scene.telegram.sent(scene.group)) == 1


async def test_a_late_answer_to_a_tap_posts_no_link_in_the_group(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The waiting sign ends at once, before there is an answer.
    monkeypatch.setattr("bot.adapters.telegram.press._ANSWER_SECONDS", 0.0)
    await scene.schedule()
    _, card = await scene.cards()
    cy = reader(scene, "Cy")
    assert (await cy.answered(await cy.presses(card, "Going"))).text == ""
    await scene.both_say("1 going")
    assert len(scene.telegram.sent(scene.group)) == 1


async def test_a_card_that_was_deleted_is_left_alone_and_the_others_follow(scene: Scene) -> None:
    await scene.schedule()
    on_discord, on_telegram = await scene.cards()
    on_telegram.message.is_deleted = True
    bo = scene.server.member("Bo")
    await bo.press(on_discord, "Going")
    await scene.until(lambda: "1 going" in scene.on_discord().text)
    await scene.until(lambda: [one.platform for one in scene.mirrors("card")] == ["discord"])
    tries = len(scene.telegram.calls_of("editMessageText"))
    await bo.press(scene.on_discord(), "Maybe")
    await scene.until(lambda: "1 maybe" in scene.on_discord().text)
    assert len(scene.telegram.calls_of("editMessageText")) == tries
    assert len(scene.telegram.sent(scene.group)) == 1
    assert on_telegram.message.is_deleted


async def test_what_shows_already_is_as_good_as_shown(scene: Scene) -> None:
    await scene.schedule()
    on_discord, _ = await scene.cards()
    bo = scene.server.member("Bo")
    await bo.press(on_discord, "Maybe")
    await scene.both_say("1 maybe")
    await scene.until(lambda: all(one.shown == one.wanted for one in scene.mirrors("card")))
    with scene.database.unit(write=True) as uow:
        # As after a kill between showing and noting it: Telegram refuses an edit without effect.
        uow._connection.exec_driver_sql("UPDATE mirrors SET digest = NULL")
        uow.mirrors.touch(uow.of_club(1).sessions.coming(datetime.now(UTC))[0].id, NOW)
    await scene.until(lambda: all(one.shown == one.wanted for one in scene.mirrors("card")))
    called = scene.telegram.calls_of("editMessageText")
    assert called[-1].status == 400
    assert all(one.attempts == 0 for one in scene.mirrors("card"))


async def test_a_refused_edit_is_waited_for_and_the_last_state_arrives(scene: Scene) -> None:
    await scene.schedule()
    on_discord, _ = await scene.cards()
    scene.telegram.faults.add(kind=Status(429, retry_after=1), method="editMessageText", times=1)
    scene.discord.faults.rate_limit("PATCH /channels/*/messages/*", 1.0)
    scene.discord.faults.fail("PATCH /channels/*/messages/*", 503)
    people = [scene.server.member(f"Member {number}") for number in range(4)]
    for one in people:
        await one.press(on_discord, "Going")
        await one.answer()
        await asyncio.sleep(0.3)
    await scene.both_say("4 going")
