"""Who is in the club."""

from __future__ import annotations

from datetime import datetime

from bot.chat.invocation import Actor
from bot.chat.text import one_line
from bot.core.catalogue import ORGANISER, Catalogue
from bot.core.snapshots import Snapshots
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker


async def join_as(
    snapshots: Snapshots, worker: DatabaseWorker, club: Catalogue, actor: Actor, now: datetime
) -> None:
    """Makes sure that the club knows this person; who manages the place is an organiser."""
    known = club.person(actor)
    if known is not None and (known.is_organiser or not actor.is_manager):
        return
    name = one_line(actor.name)[:80]

    def join(uow: UnitOfWork) -> None:
        person = uow.people.by_account(actor.platform, actor.account_id)
        person = person or uow.people.add(name, actor.platform, actor.account_id, now)
        if actor.is_manager:
            uow.people.set_role(person.id, ORGANISER)

    await worker.write(join, club.club.id)
    await snapshots.refresh(club.club.id)
