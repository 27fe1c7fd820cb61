"""/announce: one text to the announcement places of the club, on every platform, once each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.chat.commands import Access, Arg, Data, LongText, command
from bot.chat.errors import Conflict, NotFound
from bot.chat.invocation import PlaceRef
from bot.chat.reply import Action, Block, Card, Reply, Style
from bot.chat.text import Bold, Text, clean, counted
from bot.core.context import Context
from bot.core.deliveries import Kind
from storage.announcements import Announcement
from storage.deliveries import Delivery, DeliveryDraft
from storage.places import StoredPlace
from storage.unit_of_work import UnitOfWork

ANNOUNCEMENT = "announcement"
# One message on every platform, with the club's name above it.
MAX_TEXT = 1_800


@dataclass(frozen=True, slots=True)
class Target:
    """A place where announcements go, and the server or group that it is in."""

    place: PlaceRef
    home: StoredPlace


def targets(homes: Sequence[StoredPlace]) -> list[Target]:
    """Where the announcements of a club go, each place once; where the bot is let in."""
    found: dict[PlaceRef, Target] = {}
    for home in homes:
        if home.announcements_chat and home.gone_at is None:
            chat, thread = home.announcements_chat, home.announcements_thread
            # What differs from the home's own id is a part of a server.
            server = home.chat_id if chat != home.chat_id else None
            place = PlaceRef(home.platform, chat, thread, server_id=server)
            found.setdefault(place, Target(place, home))
    return list(found.values())


def name_of(ctx: Context, place: PlaceRef) -> str:
    """A place as a person knows it."""
    sight = ctx.sight(place)
    return f"{sight.name} on {place.platform.capitalize()}" if sight else _unnamed(place)


def trouble_in(ctx: Context, place: PlaceRef) -> str:
    """What the bot lacks in a place, as sentences; empty as far as nothing is known."""
    sight = ctx.sight(place)
    if sight is None or not sight.missing:
        return ""
    missing = ", ".join(sight.missing)
    return f"In {name_of(ctx, place)} the bot lacks: {missing}. {sight.remedy}".strip()


def _unnamed(place: PlaceRef) -> str:
    kind = "a topic" if place.thread_id else "a place"
    return f"{kind} on {place.platform.capitalize()}"


@command(
    "announce",
    "Tell all places of the club, after a preview",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    examples=("/announce We meet on Thursday.",),
)
def announce(
    ctx: Context, text: Annotated[LongText, Arg("What to announce", max_length=MAX_TEXT)]
) -> Reply:
    """Shows what would be posted and where; nothing is posted before somebody says so."""
    said = clean(text).strip()
    reached = targets(ctx.uow.places.all())
    if not reached:
        raise Conflict(
            "There is nowhere to announce it yet. Whoever manages a server or group of the club "
            "types /setup there and presses “Announcements here”."
        )
    number = ctx.uow.announcements.add(said, ctx.now)
    return Reply(
        text=("This is how it will look. Post it?",),
        card=Card(
            "Preview",
            body=(Block(_post(ctx.catalogue.club.name, said)), *map(Block, _where(ctx, reached))),
        ),
        actions=(
            Action("Post it", "post", (str(number),), Style.PRIMARY),
            Action("Do not post", "unpost", (str(number),)),
        ),
    )


def _where(ctx: Context, reached: Sequence[Target]) -> list[Text]:
    lines: list[Text] = [(Bold("It goes to"), ":")]
    for target in reached:
        sight = ctx.sight(target.place)
        missing = f". Missing there: {', '.join(sight.missing)}" if sight and sight.missing else ""
        lines.append((f"• {name_of(ctx, target.place)}{missing}",))
    if gone := [home for home in ctx.uow.places.all() if home.gone_at is not None]:
        lines.append((f"Left out, since the bot is not let in there: {len(gone)}.",))
    return lines


@command(
    "post",
    "Post an announcement",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def post_announcement(ctx: Context, number: Annotated[int, Arg("Which one")]) -> Reply:
    """Plans one delivery for each place; said again it plans none."""
    found = _found(ctx, number)
    reached = targets(ctx.uow.places.all())
    show = (Action("Show deliveries", "deliveries"),)
    if not reached:
        raise Conflict("There is nowhere left to announce it. Type /setup in a place of the club.")
    if not ctx.uow.announcements.confirm(found.id, ctx.now):
        return Reply(text=("This was posted already.",), actions=show)
    drafts = [
        DeliveryDraft(
            key=":".join(
                (ANNOUNCEMENT, str(found.id), place.platform, place.chat_id, place.thread_id or "")
            ),
            kind=ANNOUNCEMENT,
            subject=str(found.id),
            platform=place.platform,
            chat_id=place.chat_id,
            thread_id=place.thread_id,
            server_id=place.server_id,
            due_at=ctx.now,
        )
        for place in (target.place for target in reached)
    ]
    count = ctx.uow.deliveries.plan(drafts, ctx.now)
    return Reply(text=(f"On its way to {counted(count, 'place')}.",), actions=show)


@command(
    "unpost",
    "Do not post an announcement",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def drop_announcement(ctx: Context, number: Annotated[int, Arg("Which one")]) -> Reply:
    found = _found(ctx, number)
    # A draft that was confirmed by nobody is never posted; confirming it now would post nothing.
    if not ctx.uow.announcements.confirm(found.id, ctx.now):
        return Reply(
            text=("This was posted already.",), actions=(Action("Show deliveries", "deliveries"),)
        )
    return Reply(text=("It is not posted.",))


def _found(ctx: Context, number: int) -> Announcement:
    found = ctx.uow.announcements.by_id(number)
    if found is None:
        raise NotFound("There is no such announcement here. Type /announce again.")
    return found


def _post(club: str, text: str) -> Text:
    return (Bold(club), f"\n{text}")


def compose(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    """The announcement as it stands now."""
    found = uow.announcements.by_id(int(delivery.subject))
    club = uow.clubs.by_id(delivery.club_id)
    here = (delivery.platform, delivery.chat_id, delivery.thread_id)
    places = [target.place for target in targets(uow.places.all())]
    if found is None or club is None:
        return None
    if here not in [(one.platform, one.chat_id, one.thread_id) for one in places]:
        # The club has left that place, or announces elsewhere now.
        return None
    return Reply(text=_post(club.name, found.text))


KINDS: Mapping[str, Kind] = {
    ANNOUNCEMENT: Kind(lambda uow, delivery: compose(uow.of_club(delivery.club_id), delivery))
}
