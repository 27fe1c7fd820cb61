"""/profile: what the club knows of a member, and what they decide about it; always private."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from bot.chat.commands import Arg, Data, command
from bot.chat.errors import Invalid
from bot.chat.reply import Action, Block, Card, Field, Reply, Style
from bot.chat.text import Bold, Text, clean, one_line
from bot.core.context import Context
from bot.core.names import MAX_NAME, chosen_name
from bot.core.page_view import shown
from bot.core.people import acting
from bot.core.zones import ZONE, zone_named
from storage.people import ASK, MEMBERS, NAMED, Person

_STANDING = {
    ASK: "You are asked about each opinion.",
    NAMED: "Each opinion is published with your name at once.",
    MEMBERS: "Each opinion is for members only.",
}
_STANDING_LABELS = {
    ASK: "Ask me each time",
    NAMED: "Always with my name",
    MEMBERS: "Always members only",
}


@command(
    "profile",
    "What the club knows of you, and what you decide about it",
    data=Data.WRITE,
    private=True,
)
def show_profile(ctx: Context) -> Reply:
    return profile_reply(ctx, acting(ctx))


def profile_reply(ctx: Context, person: Person, said: str = "") -> Reply:
    zone = person.time_zone or f"{ctx.catalogue.club.time_zone} (the club's)"
    return Reply(
        text=(said,) if said else (),
        card=Card(
            f"You in {ctx.catalogue.club.name}",
            fields=(Field("Name", (shown(person.name),)), Field("Time zone", (zone,))),
            body=tuple(Block(line) for line in _lines(ctx, person)),
        ),
        actions=(
            Action("My opinions", "mine"),
            Action("Change my name", "callme"),
            Action("My time zone", "myzone"),
            Action("My reminders", "reminders", ("mine",)),
            Action("My sessions", "sessions", ("mine",)),
            *(
                Action(label, "standing", (choice,))
                for choice, label in _STANDING_LABELS.items()
                if choice != person.standing
            ),
            Action(
                "Hide my name on cards" if person.shows_name else "Show my name on cards",
                "showname",
                ("no" if person.shows_name else "yes",),
            ),
            *((Action("You may ask me again", "askme"),) if person.is_quiet else ()),
            *_links(person),
            Action("A name on the pages is mine", "claim"),
            Action("Export my data", "mydata"),
            Action("Leave the club", "quit", style=Style.DANGER),
            Action("Forget me", "forget", style=Style.DANGER),
        ),
    )


def _links(person: Person) -> list[Action]:
    if len(person.accounts) == 1:
        return [Action("Link my other platform", "link")]
    return [
        Action(f"Unlink {one.platform.capitalize()}", "unlink", (one.platform,))
        for one in person.accounts
        if one.linked_at is not None
    ]


def _lines(ctx: Context, person: Person) -> list[Text]:
    counted = Counter(one.visibility for one in ctx.uow.opinions.of_person(person.id))
    kept = ", ".join(f"{number} {kind}" for kind, number in sorted(counted.items())) or "none"
    accounts = ", ".join(
        f"{one.platform.capitalize()} as {shown(one.name)}" for one in person.accounts
    )
    cards = "may show" if person.shows_name else "does not show"
    lines: list[Text] = [
        (Bold("Opinions"), f": {_STANDING[person.standing]}"),
        (Bold("Cards"), f": your name {cards} on the cards of sessions that you come to."),
        (Bold("Kept about you"), f": your name, your accounts ({accounts}), opinions: {kept}."),
    ]
    if person.is_quiet:
        lines.append(("You asked to be asked nothing more about opinions.",))
    if person.barred_at is not None:
        lines.append(("The organisers take no opinions from you at present.",))
    for claim in ctx.uow.claims.of_person(person.id):
        state = "is yours" if claim.agreed_at else "waits for an organiser's word"
        lines.append((Bold(shown(claim.name)), f" on the pages {state}."))
    return lines


def _again(ctx: Context, said: str) -> Reply:
    return profile_reply(ctx, acting(ctx), said)


@command(
    "callme", "Change the name that you appear under", data=Data.WRITE, private=True, hidden=True
)
def set_name(
    ctx: Context,
    name: Annotated[str, Arg("Your name, as it shall be printed", max_length=MAX_NAME)],
) -> Reply:
    """From now on. What stands on pages is printed anew with the next digest."""
    person = acting(ctx)
    new = chosen_name(name)
    if new.casefold() != person.name.casefold():
        _refuse_taken(ctx, person, new)
    ctx.uow.people.rename(person.id, new)
    for code in {one.code for one in ctx.uow.opinions.of_person(person.id) if one.is_public}:
        ctx.uow.papers.refresh(code)
    return _again(ctx, f"You appear as {new} now.")


def _refuse_taken(ctx: Context, person: Person, name: str) -> None:
    """Nobody speaks under the name of another member, or under one that another has claimed."""
    wanted = name.casefold()
    others = {one.name.casefold() for one in ctx.uow.people.everyone() if one.id != person.id}
    claimed = {
        one.name for one in ctx.uow.claims.all() if one.agreed_at and one.person_id != person.id
    }
    if wanted in others | claimed:
        raise Invalid(f"{name} is another member's name here. Add something that tells you apart.")


@command("myzone", "Set your own time zone", data=Data.WRITE, private=True, hidden=True)
def set_own_zone(ctx: Context, zone: Annotated[str, ZONE]) -> Reply:
    ctx.uow.people.set_time_zone(acting(ctx).id, zone_named(zone))
    # Their quiet hours are other hours now.
    ctx.uow.sessions.look_again(ctx.now)
    return _again(ctx, "Times are shown to you in your own zone.")


@command(
    "standing", "Settle what becomes of your opinions", data=Data.WRITE, private=True, hidden=True
)
def set_standing(
    ctx: Context, choice: Annotated[Literal["ask", "named", "members"], Arg("What")]
) -> Reply:
    """For what is said from now on: what was said before keeps what was chosen for it."""
    ctx.uow.people.set(acting(ctx).id, standing=choice)
    return _again(ctx, _STANDING[choice])


@command(
    "showname", "Whether your name may show on cards", data=Data.WRITE, private=True, hidden=True
)
def set_shows_name(ctx: Context, choice: Annotated[Literal["yes", "no"], Arg("Whether")]) -> Reply:
    ctx.uow.people.set(acting(ctx).id, shows_name=choice == "yes")
    return _again(ctx, "Changed.")


@command("askme", "Be asked about opinions again", data=Data.WRITE, private=True, hidden=True)
def allow_asking(ctx: Context) -> Reply:
    ctx.uow.people.set(acting(ctx).id, is_quiet=False)
    return _again(ctx, "You are asked again from now on.")


@command(
    "claim", "Say that a name on the pages is yours", data=Data.WRITE, private=True, hidden=True
)
def claim_name(
    ctx: Context, name: Annotated[str, Arg("The name, as the pages have it", max_length=MAX_NAME)]
) -> Reply:
    """An organiser agrees before it counts."""
    person = acting(ctx)
    wanted = one_line(name)
    taken = [one for one in ctx.uow.claims.all() if one.name == wanted.casefold() and one.agreed_at]
    if taken and taken[0].person_id != person.id:
        raise Invalid(f"{clean(wanted)} is known to be another member.")
    ctx.uow.claims.add(wanted, person.id, ctx.now)
    return _again(ctx, "An organiser sees this under /members and agrees, or not.")


@command("rejoin", "Come back to the club", data=Data.WRITE, private=True, hidden=True)
def come_back(ctx: Context) -> Reply:
    actor = ctx.invocation.actor
    person = ctx.uow.people.by_account(actor.platform, actor.account_id)
    if person is not None and person.left_at is not None:
        if person.barred_at is not None:
            raise Invalid("The organisers have to let you in again. Ask one of them.")
        ctx.uow.people.set_left(person.id, None)
    return _again(ctx, "Welcome back.")
