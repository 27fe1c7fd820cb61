"""The first code of a club leads its first organiser in; no later one does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.chat.invocation import Actor, Invocation, Origin, PlaceRef
from bot.settings import load_settings
from storage.codes import JOIN
from storage.database import Database
from tests.conftest import NOW
from tests.core.hall import words


async def test_who_brings_a_new_club_into_its_first_place_is_its_organiser(
    database: Database, tmp_path: Path
) -> None:
    with database.unit(write=True) as uow:
        club = uow.clubs.add("WPRC", "Readers", NOW)
        for code in ("AAAA", "BBBB"):
            uow.codes.add(code, JOIN, NOW + timedelta(days=1), club.id)
    settings = load_settings({"WPRC_DATA_DIR": str(tmp_path)}, None)
    async with App(settings, database, lambda: NOW) as app:

        async def enter(name: str, server: str, code: str) -> str:
            actor = Actor("discord", name, name, is_manager=True)
            place = PlaceRef("discord", f"c{server}", server_id=server)
            call = Invocation(
                f"{name}-{code}", "enter", actor, place, Origin.BUTTON, values=(code,)
            )
            return words(await app.desk.dispatch(call))

        assert "You are its first organiser" in await enter("Ana", "s1", "AAAA")
        said = await enter("Bo", "s2", "BBBB")
    assert "belongs to Readers now" in said
    assert "organiser" not in said
    with database.unit(club.id) as uow:
        organisers = [one.name for one in uow.people.everyone() if "organiser" in one.roles]
    assert organisers == ["Ana"]


async def test_a_club_that_has_an_organiser_gets_no_other_by_a_code(
    database: Database, tmp_path: Path
) -> None:
    with database.unit(write=True) as uow:
        club = uow.clubs.add("WPRC", "Readers", NOW)
        uow.codes.add("AAAA", JOIN, NOW + timedelta(days=1), club.id)
        people = uow.of_club(club.id).people
        people.set_role(people.add("Olga", "telegram", "1", NOW).id, "organiser")
    settings = load_settings({"WPRC_DATA_DIR": str(tmp_path)}, None)
    async with App(settings, database, lambda: NOW) as app:
        actor = Actor("discord", "Bo", "Bo", is_manager=True)
        place = PlaceRef("discord", "c1", server_id="s1")
        call = Invocation("1", "enter", actor, place, Origin.BUTTON, values=("AAAA",))
        assert "organiser" not in words(await app.desk.dispatch(call))
    with database.unit(club.id) as uow:
        roles = {one.name: set(one.roles) for one in uow.people.everyone()}
    assert roles == {"Olga": {"organiser"}}
