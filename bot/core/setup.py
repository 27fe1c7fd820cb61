"""/setup: which club a place belongs to, where in it things go, and what the bot lacks there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.commands import Access, Arg, Data, RoleRef, command
from bot.chat.errors import Conflict, NotAllowed
from bot.chat.invocation import ADMINISTRATORS, PlaceRef
from bot.chat.reply import Action, Audience, Block, Card, Field, Reach, Reply, Style
from bot.chat.text import Bold, Text
from bot.core.context import Context
from bot.core.deliveries import Kind
from bot.core.founding import enter_code
from bot.core.help import show_club
from bot.core.luma.calendar import lines as luma_lines
from bot.core.zones import ZONE, zone_named
from storage.clubs import Club
from storage.deliveries import Delivery, DeliveryDraft
from storage.places import StoredPlace
from storage.unit_of_work import UnitOfWork

BOARD = "board"
_LABELS = {"announcements": "Announcements", "opinions": "Opinions"}


@command(
    "setup",
    "Set this place up: which club it is, and where things go",
    data=Data.WRITE,
    access=Access.MANAGER,
    private=True,
    clubless=True,
)
def set_up(
    ctx: Context,
    code: Annotated[
        str | None, Arg("A code that joins a club, or founds one", max_length=40)
    ] = None,
    announcements: Annotated[PlaceRef | None, Arg("Where announcements go")] = None,
    opinions: Annotated[PlaceRef | None, Arg("Where members give opinions")] = None,
    role: Annotated[RoleRef | None, Arg("Who has this role is an organiser")] = None,
    zone: Annotated[str | None, ZONE] = None,
) -> Reply:
    if ctx.invocation.place.is_private and ctx.home is None:
        raise NotAllowed("A server or a group is set up, not a private chat. Type /setup there.")
    if code:
        return enter_code.handler(ctx, code)
    if ctx.home is None:
        return _unset(ctx)
    for purpose, place in (("announcements", announcements), ("opinions", opinions)):
        if place is not None:
            ctx.uow.places.assign(ctx.home.id, purpose, place.chat_id, place.thread_id)
            _offer_button(ctx, purpose, place)
    if role is not None:
        ctx.uow.places.set_organiser_role(ctx.home.id, role.id)
    if zone is not None:
        ctx.uow.clubs.set_time_zone(ctx.uow.club_id, zone_named(zone))
        # Quiet hours of those who have no zone of their own are meant in it.
        ctx.uow.sessions.look_again(ctx.now)
    return _status(ctx)


def _unset(ctx: Context) -> Reply:
    """What somebody who manages a new place can do, and what works already."""
    needs = "anybody may." if ctx.is_open else "with a founding code from whoever runs the bot."
    lines: list[Text] = [
        (
            Bold("Join a club"),
            (
                ": an organiser of it types /setup at home, presses “Code for another place”, "
                "and gives you the code."
            ),
        ),
        (Bold("Found a club"), f": {needs}"),
    ]
    if ctx.catalogue.papers:
        lines.append((f"Until then this place reads the papers of {ctx.catalogue.club.name}.",))
    return Reply(
        card=Card("This place belongs to no club yet", body=tuple(Block(line) for line in lines)),
        actions=(
            Action("I have a code", "enter", style=Style.PRIMARY),
            *((Action("Found a club", "found"),) if ctx.is_open else ()),
        ),
    )


@command(
    "here",
    "Use this place for announcements or for opinions",
    data=Data.WRITE,
    access=Access.MANAGER,
    private=True,
    hidden=True,
)
def use_here(
    ctx: Context,
    purpose: Annotated[Literal["announcements", "opinions"], Arg("What for")],
) -> Reply:
    if ctx.home is None:
        raise Conflict("This place belongs to no club yet. Type /setup.")
    place = ctx.invocation.place
    ctx.uow.places.assign(ctx.home.id, purpose, place.chat_id, place.thread_id)
    _offer_button(ctx, purpose, place)
    return _status(ctx)


def _offer_button(ctx: Context, purpose: str, place: PlaceRef) -> None:
    """Where opinions cannot be given by plain message, the place itself shows what to press."""
    sight = ctx.sight(place)
    if purpose != "opinions" or sight is None or sight.reads_messages:
        return
    thread = place.thread_id or ""
    draft = DeliveryDraft(
        key=f"{BOARD}:{place.platform}:{place.chat_id}:{thread}",
        kind=BOARD,
        subject=BOARD,
        platform=place.platform,
        chat_id=place.chat_id,
        thread_id=place.thread_id,
        server_id=place.server_id,
        due_at=ctx.now,
    )
    ctx.uow.deliveries.plan([draft], ctx.now)


def _board(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    return Reply(
        text=(
            "What do you think of the paper that we read? ",
            "I cannot read ordinary messages here, so press the button, or type /opinion. ",
            "You decide who may read what you say.",
        ),
        actions=(Action("Give an opinion", "opinion", style=Style.PRIMARY),),
    )


@command(
    "admins",
    "Make those who manage this place organisers, or not",
    data=Data.WRITE,
    access=Access.MANAGER,
    private=True,
    hidden=True,
)
def trust_administrators(
    ctx: Context, are_organisers: Annotated[Literal["yes", "no"], Arg("Whether they are")]
) -> Reply:
    if ctx.home is None:
        raise Conflict("This place belongs to no club yet. Type /setup.")
    role = ADMINISTRATORS if are_organisers == "yes" else None
    ctx.uow.places.set_organiser_role(ctx.home.id, role)
    return _status(ctx)


def _admins_action(home: StoredPlace) -> tuple[Action, ...]:
    """Only where no role of the platform's own was picked."""
    if home.organiser_role == ADMINISTRATORS:
        return (Action("Admins are not organisers", "admins", ("no",)),)
    return () if home.organiser_role else (Action("Admins are organisers", "admins", ("yes",)),)


@command(
    "zone",
    "Set the club's time zone",
    data=Data.WRITE,
    access=Access.MANAGER,
    private=True,
    hidden=True,
)
def set_zone(ctx: Context, zone: Annotated[str, ZONE]) -> Reply:
    if ctx.home is None:
        raise Conflict("This place belongs to no club yet. Type /setup.")
    ctx.uow.clubs.set_time_zone(ctx.uow.club_id, zone_named(zone))
    return _status(ctx)


@command(
    "pinboard",
    "The card to pin",
    data=Data.READ,
    access=Access.MANAGER,
    private=False,
    hidden=True,
)
def post_pinboard(ctx: Context) -> Reply:
    """The club's card in the open, for whoever sees the place for the first time."""
    here = Audience(Reach.PLACE, place=ctx.invocation.place)
    return replace(show_club.handler(ctx), audience=here)


def _status(ctx: Context) -> Reply:
    """How the place is set up, what is missing, and the buttons that change it."""
    club = ctx.uow.clubs.by_id(ctx.uow.club_id)
    home = next((one for one in ctx.uow.places.all() if ctx.home and one.id == ctx.home.id), None)
    if club is None or home is None:
        raise Conflict("This place was taken out of the club meanwhile. Type /setup again.")
    return Reply(
        card=Card(
            f"This place belongs to {club.name}",
            fields=(Field("Prefix", (club.prefix,)), Field("Time zone", (club.time_zone,))),
            body=tuple(Block(line) for line in _lines(ctx, club, home)),
        ),
        actions=(
            *(Action(f"{label} here", "here", (purpose,)) for purpose, label in _LABELS.items()),
            Action("Post the card to pin", "pinboard"),
            *_admins_action(home),
            Action("Time zone", "zone"),
            *((Action("Luma calendar", "luma"),) if ctx.is_organiser else ()),
            Action("Code for another place", "invitation"),
            Action("Leave the club", "leave", style=Style.DANGER),
        ),
    )


def _lines(ctx: Context, club: Club, home: StoredPlace) -> list[Text]:
    lines: list[Text] = []
    set_places = (
        ("announcements", home.announcements_chat, home.announcements_thread),
        ("opinions", home.opinions_chat, home.opinions_thread),
    )
    for purpose, chat, thread in set_places:
        label = _LABELS[purpose]
        if chat is None:
            lines.append((Bold(label), f": nowhere yet. Press “{label} here” where they belong."))
        else:
            place = PlaceRef(home.platform, chat, thread, server_id=home.chat_id)
            lines += _place_lines(ctx, purpose, place)
    whose = "whoever has the role that was set here, and " if home.organiser_role else ""
    if home.organiser_role == ADMINISTRATORS:
        whose = "whoever manages this place, and "
    lines.append((Bold("Organisers"), f": {whose}those whom {club.name} made organisers."))
    lines += [(Bold("Luma calendar"), " · ", *line) for line in luma_lines(ctx)]
    sight = ctx.sight(ctx.invocation.place)
    lines += [(hint,) for hint in (sight.hints if sight else ())]
    return lines


def _place_lines(ctx: Context, purpose: str, place: PlaceRef) -> list[Text]:
    """A place by its name, and what the bot lacks there with where to change it."""
    sight = ctx.sight(place)
    if sight is None:
        return [(Bold(_LABELS[purpose]), ": set")]
    lines: list[Text] = [(Bold(_LABELS[purpose]), f": {sight.name}")]
    if sight.missing:
        lines.append((f"• Missing there: {', '.join(sight.missing)}. {sight.remedy}",))
    if purpose == "opinions" and not sight.reads_messages:
        lines.append(
            ("• Ordinary messages cannot be read there, so it shows a button. ", sight.reading)
        )
    return lines


BOARD_KINDS: Mapping[str, Kind] = {BOARD: Kind(_board)}
