"""/link: two accounts become one person when both sides say so, and two again when they want."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from bot.chat.commands import Arg, Data, command
from bot.chat.errors import Conflict, Invalid, NotFound
from bot.chat.reply import Action, Reply, Style
from bot.chat.text import Code
from bot.core.context import Context
from bot.core.deliveries import Kind
from bot.core.founding import new_code
from bot.core.people import acting
from bot.core.profile import profile_reply
from bot.core.questions import tell
from bot.core.sessions.rsvps import refill
from storage.deliveries import Delivery
from storage.link_codes import LinkCode
from storage.people import Person
from storage.unit_of_work import UnitOfWork

LINK = "link"
CODE_FOR = timedelta(minutes=10)
_NUMBER = Arg("Which link")


@command(
    "link",
    "Be one person on Discord and on Telegram",
    data=Data.WRITE,
    private=True,
    examples=("/link", "/link ABCD-EFGH-JKMN"),
)
def link_accounts(
    ctx: Context,
    code: Annotated[
        str | None, Arg("The code that the other platform gave you", max_length=40)
    ] = None,
) -> Reply:
    person = acting(ctx)
    here = ctx.invocation.actor.platform
    waiting = ctx.uow.link_codes.taken_from(person.id, ctx.now)
    if not code and waiting is not None and (question := _question(ctx.uow, waiting)):
        # Who could not be written to asks for the question.
        return question
    if not code:
        made = new_code()
        ctx.uow.link_codes.add(made, person.id, here, ctx.now + CODE_FOR)
        return Reply(
            text=(
                "On the other platform, in a private chat with me, type ",
                Code(f"/link {made}"),
                f". It works once, within {int(CODE_FOR.total_seconds() / 60)} minutes. ",
                "Then I ask you here whether that was you.",
            )
        )
    link = ctx.uow.link_codes.type_in(code, person.id, here, ctx.now)
    if link is None:
        raise Invalid(
            "This code is not valid: it was mistyped, used already, or is too old. Type /link on "
            "the other platform for a new one."
        )
    giver = ctx.uow.people.by_id(link.giver_id)
    if giver is None:
        raise NotFound("Whoever the code is from is not in the club any more.")
    _refuse(giver, link.platform, person, here)
    return Reply(
        text=(
            f"Are you {giver.name} on {link.platform.capitalize()}? ",
            f"Then your opinions and all else become one history, under the name {giver.name}.",
        ),
        actions=(
            Action("Yes, that is me", "linked", (str(link.id), "yes"), Style.PRIMARY),
            Action("No", "linked", (str(link.id), "no")),
        ),
    )


def _refuse(giver: Person, platform: str, taker: Person, here: str) -> None:
    """Raises Conflict where the two cannot be one human with an account on each platform."""
    if giver.id == taker.id:
        raise Conflict("This is the same person already. Type the code on the other platform.")
    for person, there in ((giver, here), (taker, platform)):
        if (known := person.account_on(there)) is not None:
            raise Conflict(
                f"{person.name} has an account on {there.capitalize()} already ({known.name}); a "
                "person has one there at most. Unlink it first: /profile."
            )


@command("linked", "Confirm a link", data=Data.WRITE, private=True, hidden=True)
def confirm_link(
    ctx: Context,
    number: Annotated[int, _NUMBER],
    answer: Annotated[Literal["yes", "no"], Arg("Whether it is you")],
) -> Reply:
    """First the one who typed the code, then the one who was given it."""
    person = acting(ctx)
    link = ctx.uow.link_codes.by_id(number, ctx.now)
    if link is None or person.id not in (link.giver_id, link.taker_id):
        raise NotFound("This link is not open any more. Type /link for a new one.")
    if answer == "no":
        ctx.uow.link_codes.close(person.id)
        return Reply(text=("Nothing was linked.",))
    giver = ctx.uow.people.by_id(link.giver_id)
    taker = ctx.uow.people.by_id(link.taker_id) if link.taker_id else None
    if giver is None or taker is None:
        raise NotFound("This link is not open any more. Type /link for a new one.")
    _refuse(giver, link.platform, taker, link.taker_platform or "")
    if person.id == taker.id:
        ctx.uow.link_codes.take(link.id)
        key = f"{LINK}:{link.id}"
        is_told = tell(ctx.uow, giver, LINK, str(link.id), key, ctx.now, link.platform)
        how = "I have asked you there" if is_told else "Type /link there"
        return Reply(text=(f"Now the other side: {how} on {link.platform.capitalize()}.",))
    if not link.is_taken:
        raise Conflict("The other side has not confirmed yet.")
    return _joined(ctx, giver, taker)


def _joined(ctx: Context, giver: Person, taker: Person) -> Reply:
    """The taker's history goes to the giver, who keeps the name and what was set."""
    uow = ctx.uow
    uow.link_codes.close(giver.id, taker.id)
    uow.opinions.move(taker.id, giver.id)
    uow.opinions.move_proposals(taker.id, giver.id)
    uow.audit.move(taker.id, giver.id)
    uow.claims.move(taker.id, giver.id)
    uow.deliveries.move_person(taker.id, giver.id)
    _join_sessions(ctx, giver, taker)
    uow.forgetting.detach_revisions(taker.id, giver.id)
    for account in taker.accounts:
        uow.people.move_account(
            account.platform, account.account_id, giver.id, ctx.now, sorted(taker.roles)
        )
    for role in taker.roles:
        uow.people.set_role(giver.id, role)
    if taker.barred_at is not None and giver.barred_at is None:
        uow.people.set(giver.id, barred_at=taker.barred_at)
    uow.people.remove(taker.id)
    refresh(ctx, giver.id)
    platform = " and ".join(one.platform.capitalize() for one in taker.accounts)
    uow.audit.note(ctx.now, f"linked {platform}", by=giver.id)
    return profile_reply(
        ctx, uow.people.by_id(giver.id) or giver, f"{platform} is linked: one person."
    )


def _join_sessions(ctx: Context, giver: Person, taker: Person) -> None:
    """One human has one seat; what the other account had goes on to whoever waits."""
    uow = ctx.uow
    found = [uow.sessions.by_id(one.session_id) for one in uow.rsvps.of_person(taker.id)]
    sessions = [
        session
        for number in sorted(one.number for one in found if one is not None)
        if (session := uow.sessions.locked(number)) is not None
    ]
    uow.rsvps.move_person(taker.id, giver.id)
    uow.sessions.detach_person(taker.id, giver.id)
    if taker.id in uow.reminders.choices() and giver.id not in uow.reminders.choices():
        uow.reminders.choose(giver.id, uow.reminders.choice(taker.id))
    uow.reminders.forget_person(taker.id)
    for session in sessions:
        refill(ctx, session)


def refresh(ctx: Context, *person_ids: int) -> None:
    """The pages on which these people are named."""
    codes = {
        one.code
        for number in person_ids
        for one in ctx.uow.opinions.of_person(number)
        if one.is_public
    }
    for code in sorted(codes):
        ctx.uow.papers.refresh(code)


@command(
    "unlink",
    "Make a linked account a person of its own again",
    data=Data.WRITE,
    private=True,
    hidden=True,
)
def unlink(
    ctx: Context,
    platform: Annotated[Literal["discord", "telegram", "console"], Arg("Which account")],
    sure: Annotated[Literal["yes"] | None, Arg("Whether this is meant")] = None,
) -> Reply:
    """What was said on that platform goes with it."""
    person = acting(ctx)
    account = person.account_on(platform)
    if account is None or account.linked_at is None:
        raise Conflict("No such account is linked. See /profile.")
    if sure is None:
        return Reply(
            text=(f"Make {account.name} on {platform.capitalize()} a person of its own again?",),
            actions=(
                Action("Yes, unlink", "unlink", (platform, "yes"), Style.DANGER),
                Action("No", "profile"),
            ),
        )
    uow = ctx.uow
    other = uow.people.split_off(person, account, ctx.now)
    uow.opinions.move(person.id, other.id, platform)
    for role in account.roles_before or ():
        uow.people.set_role(other.id, role)
    if person.barred_at is not None:
        uow.people.set(other.id, barred_at=person.barred_at)
    refresh(ctx, person.id, other.id)
    uow.audit.note(ctx.now, f"unlinked {platform.capitalize()}", by=person.id)
    return profile_reply(ctx, acting(ctx), f"{platform.capitalize()} is unlinked.")


def _question(uow: UnitOfWork, link: LinkCode) -> Reply | None:
    taker = uow.people.by_id(link.taker_id) if link.taker_id else None
    if taker is None or not link.is_taken:
        return None
    platform = (link.taker_platform or "").capitalize()
    return Reply(
        text=(f"Somebody says on {platform}, as {taker.name}, that they are you. Is that so?",),
        actions=(
            Action("Yes, that is me", "linked", (str(link.id), "yes"), Style.PRIMARY),
            Action("No", "linked", (str(link.id), "no")),
        ),
    )


def _compose(uow: UnitOfWork, delivery: Delivery) -> Reply | None:
    uow = uow.of_club(delivery.club_id)
    link = uow.link_codes.by_id(int(delivery.subject), delivery.due_at)
    if link is None or link.giver_id != delivery.person_id:
        return None
    return _question(uow, link)


LINK_KINDS: Mapping[str, Kind] = {LINK: Kind(_compose)}
