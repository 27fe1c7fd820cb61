"""Clubs and the places that belong to them: founding, joining, leaving, by single-use codes."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated

from bot.archive.record import PaperCode
from bot.chat.commands import Access, Arg, Data, command
from bot.chat.errors import Conflict, Invalid
from bot.chat.invocation import PlaceRef
from bot.chat.reply import Action, Reply, Style
from bot.chat.text import Code, one_line
from bot.core.binding import form
from bot.core.catalogue import ORGANISER
from bot.core.context import Context
from bot.core.people import CONSOLE, make_known
from bot.core.zones import ZONE, zone_named
from storage.codes import FOUND, JOIN
from storage.unit_of_work import UnitOfWork

FOUNDING_CODE_FOR = timedelta(days=30)
JOIN_CODE_FOR = timedelta(days=7)
# Without what looks alike when it is read aloud or off a screen.
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_GROUPS, _GROUP_LENGTH = 3, 4
CODE = Arg("The code, as it was given to you", max_length=40)
SEE_SETUP = (Action("Show the set-up", "setup"),)


def new_code() -> str:
    """Twelve characters, about 58 bits, in groups."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )


def home_of(place: PlaceRef) -> PlaceRef:
    """The whole server or group that a place is in: that is what belongs to a club."""
    return PlaceRef(place.platform, place.server_id or place.chat_id)


def refuse_second_club(ctx: Context) -> None:
    """Raises Conflict where the place belongs to a club already."""
    if ctx.home is not None:
        raise Conflict(
            f"This place belongs to {ctx.catalogue.club.name} already; before it can join another "
            "club it has to leave this one.",
            actions=SEE_SETUP,
        )


@command(
    "enter",
    "Enter a code",
    data=Data.WRITE,
    access=Access.MANAGER,
    private=True,
    hidden=True,
    clubless=True,
)
def enter_code(ctx: Context, code: Annotated[str, CODE]) -> Reply:
    """Joins the club that the code is for, or asks what the club to be founded is called."""
    refuse_second_club(ctx)
    is_good, club_id = ctx.uow.codes.take(code, JOIN, ctx.now)
    if is_good and club_id is not None:
        club = ctx.uow.clubs.by_id(club_id)
        uow = ctx.uow.of_club(club_id)
        has_nobody = _has_nobody(uow)
        _take_place(ctx, uow)
        if has_nobody:
            _appoint(ctx, uow)
        return _welcome(club.name if club else "the club", is_organiser=has_nobody)
    if ctx.uow.codes.has(code, FOUND, ctx.now):
        return Reply(ask=form(ctx.command("found"), {"code": code}))
    raise Invalid(
        "This code is not valid: it was mistyped, used already, or is too old. Ask for a new one."
    )


def _take_place(ctx: Context, uow: UnitOfWork) -> None:
    home = home_of(ctx.invocation.place)
    uow.places.add(home.platform, home.chat_id)


def _has_nobody(uow: UnitOfWork) -> bool:
    """Whether a club is in no chat yet: its code then came from whoever runs the bot, by hand."""
    return not uow.places.all() and not any(
        ORGANISER in person.roles and any(one.platform != CONSOLE for one in person.accounts)
        for person in uow.people.everyone()
    )


def _appoint(ctx: Context, uow: UnitOfWork) -> None:
    """Makes the asker the club's first organiser."""
    actor = ctx.invocation.actor
    person = uow.people.by_account(actor.platform, actor.account_id)
    person = person or make_known(uow, actor, ctx.now)
    uow.people.join(person.id, ctx.now)
    uow.people.set_left(person.id, None)
    uow.people.set_role(person.id, ORGANISER)


def _welcome(name: str, *, is_organiser: bool) -> Reply:
    you = " You are its first organiser." if is_organiser else ""
    return Reply(
        text=(f"This place belongs to {name} now.{you} Next: say where things go.",),
        actions=SEE_SETUP,
    )


@command(
    "found",
    "Found a club",
    data=Data.WRITE,
    access=Access.MANAGER,
    private=True,
    hidden=True,
    clubless=True,
)
def found_club(
    ctx: Context,
    name: Annotated[str, Arg("The club's name", max_length=80)],
    prefix: Annotated[str, Arg("Prefix of its codes, such as WPRC", max_length=16)],
    code: Annotated[str | None, Arg("The founding code", max_length=40)] = None,
    zone: Annotated[str | None, ZONE] = None,
) -> Reply:
    """The founder becomes the club's first organiser."""
    refuse_second_club(ctx)
    parsed = PaperCode.parse(f"{prefix.strip()}-1")
    if parsed is None:
        raise Invalid("A prefix is a letter and up to 15 more letters or digits, such as WPRC.")
    if ctx.uow.clubs.by_prefix(parsed.prefix) is not None:
        raise Conflict(f"There is a club with the prefix {parsed.prefix} already. Take another.")
    title = one_line(name)
    time_zone = zone_named(zone) if zone else ctx.time_zone
    if not ctx.is_open and not ctx.uow.codes.take(code or "", FOUND, ctx.now)[0]:
        raise Invalid(
            "Founding a club needs a founding code that was not used yet. Whoever runs the bot "
            "gets one by typing: wprc code"
        )
    club = ctx.uow.clubs.add(parsed.prefix, title, ctx.now, time_zone)
    uow = ctx.uow.of_club(club.id)
    _take_place(ctx, uow)
    _appoint(ctx, uow)
    return _welcome(title, is_organiser=True)


@command(
    "leave",
    "Take this place out of the club",
    data=Data.WRITE,
    access=Access.MANAGER,
    private=True,
    hidden=True,
)
def leave_club(
    ctx: Context, sure: Annotated[str | None, Arg("Whether this is meant", max_length=3)] = None
) -> Reply:
    if ctx.home is None:
        raise Conflict("This place belongs to no club.", actions=SEE_SETUP)
    name = ctx.catalogue.club.name
    if sure != "yes":
        return Reply(
            text=(f"Take this place out of {name}? The club keeps its papers and its people.",),
            actions=(Action("Yes, leave", "leave", ("yes",), Style.DANGER), Action("No", "setup")),
        )
    ctx.uow.places.remove(ctx.home.id)
    return Reply(text=(f"This place has left {name}.",), actions=SEE_SETUP)


@command(
    "invitation",
    "A code that lets another place join the club",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def give_code(ctx: Context) -> Reply:
    code = new_code()
    ctx.uow.codes.add(code, JOIN, ctx.now + JOIN_CODE_FOR, ctx.uow.club_id)
    return Reply(
        text=(
            "In the other server or group, whoever manages it types ",
            Code("/setup"),
            " and enters ",
            Code(code),
            f". It works once, within {JOIN_CODE_FOR.days} days.",
        ),
        actions=SEE_SETUP,
    )
