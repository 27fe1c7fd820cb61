"""What a press on a session's card in front of everybody does, and what it leaves alone."""

from __future__ import annotations

from tests.adapters.discord_house import records
from tests.adapters.session_house import Scene, reader
from tests.house import fill


async def test_reading_the_paper_leaves_the_announcement_where_it_is(scene: Scene) -> None:
    fill(scene.database, records())
    await scene.app.snapshots.load()
    await scene.schedule(Paper="6")
    _, card = await scene.cards()
    cy = reader(scene, "Cy")
    await cy.presses(card, "Read the paper")
    await scene.until(lambda: len(scene.telegram.sent(scene.group)) == 2)
    assert "Deepfakes" in scene.telegram.sent(scene.group)[-1].text
    assert "Going" in scene.on_telegram().labels
    # From here on the paper's own buttons turn its pages in place.
    await cy.presses(scene.telegram.sent(scene.group)[-1], "Lite summary")
    await scene.until(lambda: "Sentence 0" in scene.telegram.sent(scene.group)[-1].text)
    assert len(scene.telegram.sent(scene.group)) == 2


async def test_a_tap_is_told_at_a_glance_and_what_must_be_read_waits(scene: Scene) -> None:
    long = "A talk about everything that was ever written of seats and waitlists, and of much more"
    await scene.schedule(Title=long, Seats="1")
    _, card = await scene.cards()
    cy, di = reader(scene, "Cy"), reader(scene, "Di")
    told = await cy.answered(await cy.presses(card, "Going"))
    assert "Session 1" in told.text
    waits = await di.answered(await di.presses(card, "Going"))
    assert waits.text
    assert waits.url is None
    assert waits.is_alert
    await scene.both_say("1 waiting for a seat")


async def test_a_short_answer_needs_no_closing(scene: Scene) -> None:
    await scene.schedule(Title="Proofs")
    _, card = await scene.cards()
    cy = reader(scene, "Cy")
    told = await cy.answered(await cy.presses(card, "Going"))
    assert "you are going" in told.text
    assert not told.is_alert


async def test_organisers_have_one_button_in_front_of_everybody(scene: Scene) -> None:
    await scene.schedule()
    await scene.cards()
    await scene.ana.slash("session")
    card = await scene.ana.answer()
    assert not card.is_private
    assert "Organise" in card.labels
    assert not {"Move", "Cancel", "Attendance"} & set(card.labels)
    await scene.ana.press(card, "Organise")
    own = await scene.ana.answer()
    assert own.is_private
    assert {"Move", "Edit", "Cancel", "Attendance"} <= set(own.labels)
    bo = scene.server.member("Bo")
    await bo.press(card, "Organise")
    assert (await bo.answer()).text == "This is for organisers of Paper Readers."
    await bo.slash("sessions", which="mine")
    assert (await bo.answer()).is_private


async def test_admins_of_a_group_organise_from_there(scene: Scene) -> None:
    await scene.schedule()
    await scene.cards()
    ola = reader(scene, "Ola")
    scene.group.promote(ola)
    await ola.starts()
    await ola.hears(ola.private)
    with scene.database.unit(write=True) as uow:
        uow = uow.of_club(uow.clubs.all()[0].id)
        place = next(one for one in uow.places.all() if one.platform == "telegram")
        uow.places.set_organiser_role(place.id, "administrators")
    await scene.app.snapshots.load()
    await ola.says(scene.group, f"/session@{scene.telegram.username}")
    await scene.until(lambda: "Organise" in scene.telegram.sent(scene.group)[-1].labels)
    await ola.presses(scene.telegram.sent(scene.group)[-1], "Organise")
    own = await ola.hears(ola.private)
    assert {"Move", "Edit", "Cancel", "Attendance"} <= set(own.labels)
    await ola.says(ola.private, "/schedule 6 tomorrow 7pm")
    assert (
        "If you are one by your role in the server or group" in (await ola.hears(ola.private)).text
    )
