"""Who is in the club, and who becomes a member of it by what they do."""

from __future__ import annotations

from datetime import datetime

from bot.chat.errors import NotAllowed
from bot.chat.invocation import Actor
from bot.chat.reply import Action
from bot.core.catalogue import ORGANISER, Catalogue
from bot.core.context import Context
from bot.core.names import NOBODY, printable_name
from bot.core.snapshots import Snapshots
from storage.people import Person
from storage.unit_of_work import UnitOfWork
from storage.worker import DatabaseWorker

CONSOLE = "console"


def acting(ctx: Context) -> Person:
    """The member who asks. Whoever acts in a place of the club becomes one of its members.

    Raises NotAllowed for somebody whom the club knows from nowhere, and for one who has left.
    """
    actor = ctx.invocation.actor
    person = ctx.uow.people.by_account(actor.platform, actor.account_id)
    if person is not None and person.left_at is not None:
        raise NotAllowed(
            f"You have left {ctx.catalogue.club.name}.", actions=(Action("Come back", "rejoin"),)
        )
    if person is not None and person.joined_at is not None:
        return person
    # Without any place of its own a club is wherever somebody talks to the bot.
    is_here = ctx.home is not None or actor.platform == CONSOLE or not ctx.catalogue.homes
    if not is_here:
        raise NotAllowed(
            f"I do not know you as a member of {ctx.catalogue.club.name} yet. Type this once in "
            "one of its places, or press a button there; from then on it works here too."
        )
    if person is None:
        return make_known(ctx.uow, actor, ctx.now)
    ctx.uow.people.join(person.id, ctx.now)
    return ctx.uow.people.by_id(person.id) or person


def make_known(uow: UnitOfWork, actor: Actor, now: datetime, *, is_member: bool = True) -> Person:
    """A new person, by the name that they have on their platform.

    A name that is known to be another's on the pages is not theirs.
    """
    name = printable_name(actor.name)
    if any(one.agreed_at and one.name == name.casefold() for one in uow.claims.all()):
        name = printable_name(f"{NOBODY} {name}")
    return uow.people.add(name, actor.platform, actor.account_id, now, is_member=is_member)


async def join_as(
    snapshots: Snapshots, worker: DatabaseWorker, club: Catalogue, actor: Actor, now: datetime
) -> None:
    """Makes sure that the club knows this person; who manages the place is an organiser."""
    known = club.person(actor)
    if known is not None and (known.is_organiser or not actor.is_manager):
        return

    def join(uow: UnitOfWork) -> None:
        person = uow.people.by_account(actor.platform, actor.account_id)
        person = person or make_known(uow, actor, now)
        if actor.is_manager:
            uow.people.set_role(person.id, ORGANISER)

    await worker.write(join, club.club.id)
    await snapshots.refresh(club.club.id)
