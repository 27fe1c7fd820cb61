"""/members: who is in the club, for its organisers, and what they may do about it."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.chat.commands import Access, Arg, Data, PersonRef, command
from bot.chat.errors import Conflict, NotFound
from bot.chat.reply import Action, Block, Card, Reply, Style
from bot.chat.text import Bold, Italic, Span
from bot.core.catalogue import ORGANISER
from bot.core.context import Context
from bot.core.leaving import forget, forget_question, let_go
from bot.core.page_view import shown
from bot.core.people import acting
from storage.people import Person

_WHO = Arg("The member")


@command(
    "members",
    "Who is in the club",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
    examples=("/members", "/members Ana"),
)
def list_members(ctx: Context, who: Annotated[PersonRef | None, _WHO] = None) -> Reply:
    if who is not None:
        return _card(ctx, _found(ctx, who))
    people = [one for one in ctx.uow.people.everyone() if one.is_member]
    blocks = []
    for one in people:
        roles = ", ".join(sorted(one.roles))
        places = ", ".join(account.platform.capitalize() for account in one.accounts)
        line: list[Span] = [Bold(shown(one.name)), f" ({places}{', ' + roles if roles else ''})"]
        blocks.append(
            Block(tuple(line), (Action(shown(one.name)[:40], "members", (str(one.id),)),))
        )
    claims = [one for one in ctx.uow.claims.all() if one.agreed_at is None]
    for claim in claims:
        values = (str(claim.person_id), claim.name)
        blocks.append(
            Block(
                (
                    Italic(
                        f"{shown(claim.person)} says that {shown(claim.name)} on the pages is them."
                    ),
                ),
                (
                    Action("Agree", "agree", (*values, "yes"), Style.PRIMARY),
                    Action("No", "agree", (*values, "no")),
                ),
            )
        )
    return Reply(
        card=Card(f"{ctx.catalogue.club.name}: {len(people)} members", body=tuple(blocks)),
        again=ctx.again(),
        page=ctx.invocation.page,
        revision=ctx.catalogue.club.version,
    )


def _found(ctx: Context, who: PersonRef) -> Person:
    person = ctx.uow.people.by_id(who.id)
    if person is None:
        raise NotFound("The club does not know that person any more.")
    return person


def _card(ctx: Context, person: Person, said: str = "") -> Reply:
    number = str(person.id)
    is_organiser = ORGANISER in person.roles
    state = "Has left the club." if person.left_at else "A member of the club."
    if person.barred_at:
        state += " No opinions are taken from them."
    return Reply(
        text=(said,) if said else (),
        card=Card(shown(person.name), body=(Block((state,)),)),
        actions=(
            Action(
                "Not an organiser" if is_organiser else "Make an organiser",
                "appoint",
                (number, "no" if is_organiser else "yes"),
            ),
            Action(
                "Take opinions again" if person.barred_at else "Take no opinions",
                "barring",
                (number, "no" if person.barred_at else "yes"),
            ),
            *((Action("Remove", "remove", (number,), Style.DANGER),) if not person.left_at else ()),
            Action("Forget", "erase", (number,), Style.DANGER),
            Action("All members", "members"),
        ),
    )


@command(
    "appoint",
    "Make a member an organiser, or not",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def appoint(
    ctx: Context,
    who: Annotated[PersonRef, _WHO],
    choice: Annotated[Literal["yes", "no"], Arg("Whether they are one")],
) -> Reply:
    person = _found(ctx, who)
    organisers = [one for one in ctx.uow.people.everyone() if ORGANISER in one.roles]
    if choice == "no" and [one.id for one in organisers] == [person.id]:
        raise Conflict("A club needs an organiser: make another member one first.")
    ctx.uow.people.set_role(person.id, ORGANISER, choice == "yes")
    action = "made an organiser" if choice == "yes" else "took the organiser's role from"
    ctx.uow.audit.note(ctx.now, action, by=acting(ctx).id, about=person.id)
    return _card(ctx, _found(ctx, who), "Done.")


@command(
    "barring",
    "Take no opinions from a member, or take them again",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def set_barred(
    ctx: Context,
    who: Annotated[PersonRef, _WHO],
    choice: Annotated[Literal["yes", "no"], Arg("Whether")],
) -> Reply:
    person = _found(ctx, who)
    ctx.uow.people.set(person.id, barred_at=ctx.now if choice == "yes" else None)
    action = "barred from opinions" if choice == "yes" else "takes opinions again from"
    ctx.uow.audit.note(ctx.now, action, by=acting(ctx).id, about=person.id)
    return _card(ctx, _found(ctx, who), "Done.")


@command(
    "remove",
    "Remove a member from the club",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def remove_member(
    ctx: Context,
    who: Annotated[PersonRef, _WHO],
    sure: Annotated[Literal["yes"] | None, Arg("Whether this is meant")] = None,
) -> Reply:
    """They come back only when an organiser takes opinions from them again."""
    person = _found(ctx, who)
    if sure is None:
        return Reply(
            text=(
                f"Remove {shown(person.name)}? Every message to them stops; ",
                "they cannot come back by themselves.",
            ),
            actions=(
                Action("Yes, remove", "remove", (str(person.id), "yes"), Style.DANGER),
                Action("No", "members", (str(person.id),)),
            ),
        )
    if ORGANISER in person.roles:
        raise Conflict("Take the organiser's role first.")
    let_go(ctx, person)
    ctx.uow.people.set(person.id, barred_at=ctx.now)
    ctx.uow.audit.note(ctx.now, "removed", by=acting(ctx).id, about=person.id)
    return _card(ctx, _found(ctx, who), "Removed.")


@command(
    "erase",
    "Forget a member",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def erase_member(
    ctx: Context,
    who: Annotated[PersonRef, _WHO],
    keep: Annotated[Literal["withdraw", "nameless"] | None, Arg("What becomes of opinions")] = None,
    sure: Annotated[Literal["yes"] | None, Arg("Whether this is meant")] = None,
) -> Reply:
    person = _found(ctx, who)
    if ORGANISER in person.roles:
        raise Conflict("Take the organiser's role first.")
    if keep is None or sure is None:
        return forget_question(keep, "erase", (str(person.id),))
    by = acting(ctx)
    forget(ctx, person, is_kept=keep == "nameless")
    ctx.uow.audit.note(ctx.now, "forgot a member", by=by.id)
    return Reply(text=("Forgotten.",), actions=(Action("All members", "members"),))


@command(
    "agree",
    "Say whether a name on the pages is a member's",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def agree_to_claim(
    ctx: Context,
    who: Annotated[PersonRef, _WHO],
    name: Annotated[str, Arg("The name", max_length=60)],
    choice: Annotated[Literal["yes", "no"], Arg("Whether it is theirs")],
) -> Reply:
    by = acting(ctx)
    if choice == "no":
        ctx.uow.claims.drop(name, who.id)
        return Reply(text=("Not agreed.",), actions=(Action("All members", "members"),))
    if not ctx.uow.claims.agree(name, who.id, ctx.now):
        raise Conflict("That name is another member's already, or was not asked for.")
    ctx.uow.audit.note(ctx.now, "agreed to a name", by=by.id, about=who.id)
    return Reply(text=("Agreed.",), actions=(Action("All members", "members"),))
