"""Leaving the club, being forgotten by it, and taking along what it knows of one."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from bot.archive.speaking import Speech, printed
from bot.chat.commands import Arg, Data, command
from bot.chat.errors import Conflict
from bot.chat.reply import Action, File, Reply, Style
from bot.core.catalogue import ORGANISER
from bot.core.context import Context
from bot.core.opinion_changes import taken_back
from bot.core.people import acting
from bot.core.records import draft_of, record_of
from bot.core.sessions.rsvps import give_up_seats
from storage.people import Person

_SURE = Arg("Whether this is meant")


@command("quit", "Leave the club", data=Data.WRITE, private=True, hidden=True)
def leave_as_member(ctx: Context, sure: Annotated[Literal["yes"] | None, _SURE] = None) -> Reply:
    person = acting(ctx)
    refuse_last_organiser(ctx, person)
    if sure is None:
        return Reply(
            text=(
                f"Leave {ctx.catalogue.club.name}? Every message to you stops. ",
                "What you published stays; to take it along, press “Forget me” instead.",
            ),
            actions=(
                Action("Yes, leave", "quit", ("yes",), Style.DANGER),
                Action("No", "profile"),
            ),
        )
    let_go(ctx, person)
    return Reply(
        text=("You have left. You can come back at any time.",),
        actions=(Action("Come back", "rejoin"),),
    )


def refuse_last_organiser(ctx: Context, person: Person) -> None:
    """Raises Conflict where a club of several members would be left without any organiser."""
    members = [one for one in ctx.uow.people.everyone() if one.is_member]
    organisers = [one.id for one in members if ORGANISER in one.roles]
    if organisers == [person.id] and len(members) > 1:
        raise Conflict(
            "You are the only organiser. Make another member one first: /members.",
            actions=(Action("Members", "members"),),
        )


def let_go(ctx: Context, person: Person) -> None:
    """They get nothing more, and what waited for their word stays private."""
    ctx.uow.people.set_left(person.id, ctx.now)
    ctx.uow.deliveries.cancel_of_person(person.id, ctx.now)
    ctx.uow.link_codes.close(person.id)
    give_up_seats(ctx, person)


@command("forget", "Be forgotten by the club", data=Data.WRITE, private=True, hidden=True)
def forget_me(
    ctx: Context,
    keep: Annotated[Literal["withdraw", "nameless"] | None, Arg("What becomes of opinions")] = None,
    sure: Annotated[Literal["yes"] | None, _SURE] = None,
) -> Reply:
    """Asks what becomes of the opinions, and then once more."""
    actor = ctx.invocation.actor
    person = ctx.uow.people.by_account(actor.platform, actor.account_id)
    if person is None:
        raise Conflict("The club knows nothing of you.")
    refuse_last_organiser(ctx, person)
    if keep is None or sure is None:
        return forget_question(keep, "forget", ())
    forget(ctx, person, is_kept=keep == "nameless")
    return Reply(
        text=(
            "You are forgotten. ",
            "Backups that were made before may still hold what was known, until they are replaced.",
        )
    )


def forget_question(keep: str | None, name: str, values: tuple[str, ...]) -> Reply:
    if keep is None:
        return Reply(
            text=(
                "Everything that is known goes: name, accounts, settings, what waits to be sent. ",
                "What shall become of the opinions that were published?",
            ),
            actions=(
                Action("Withdraw them", name, (*values, "withdraw"), Style.DANGER),
                Action("Keep them without my name", name, (*values, "nameless"), Style.DANGER),
                Action("Stop", "profile"),
            ),
        )
    what = "are withdrawn" if keep == "withdraw" else "stay without a name"
    return Reply(
        text=(
            f"This cannot be undone. Published opinions {what}; all other ones go. ",
            "Backups of the database may hold something until they are replaced.",
        ),
        actions=(
            Action("Yes, forget me", name, (*values, keep, "yes"), Style.DANGER),
            Action("Stop", "profile"),
        ),
    )


def forget(ctx: Context, person: Person, *, is_kept: bool) -> None:
    """Takes a person out of rows, revisions, indexes, forms, deliveries and the log."""
    uow = ctx.uow
    uow.forgetting.begin()
    claimed = [one.name for one in uow.claims.of_person(person.id) if one.agreed_at]
    _forget_opinions(ctx, person, is_kept=is_kept)
    for name in claimed:
        _forget_name(ctx, name, is_kept=is_kept)
    uow.opinions.move_proposals(person.id, None)
    uow.audit.forget_person(person.id)
    uow.forgetting.detach_revisions(person.id)
    accounts = [(one.platform, one.account_id) for one in person.accounts]
    uow.deliveries.forget_person(person.id, accounts)
    give_up_seats(ctx, person)
    uow.rsvps.forget_person(person.id)
    uow.reminders.forget_person(person.id)
    uow.sessions.detach_person(person.id)
    for platform, account_id in accounts:
        uow.forgetting.forget_account(platform, account_id)
    uow.people.remove(person.id)
    uow.forgetting.end()


def _forget_opinions(ctx: Context, person: Person, *, is_kept: bool) -> None:
    uow = ctx.uow
    codes = {one.code for one in uow.opinions.of_person(person.id)}
    kept = uow.opinions.part_from(person.id) if is_kept else []
    for one in kept:
        said = printed(Speech(one.key, one.text))
        uow.forgetting.unname_items(one.key, said)
    taken_back(ctx, uow.opinions.of_person(person.id))
    uow.opinions.delete_of(person.id)
    for code in sorted(codes):
        _print_again(ctx, code)


def _print_again(ctx: Context, code: str) -> None:
    """The page as its rows have it now, so that its digest, search and card follow."""
    content = ctx.uow.papers.content(code)
    if content is not None:
        ctx.uow.papers.save(draft_of(record_of(content)), ctx.now)
        ctx.uow.papers.refresh(code)


def _forget_name(ctx: Context, name: str, *, is_kept: bool) -> None:
    """What pages that were brought in say of somebody who has shown that it is their name."""
    for code in ctx.uow.forgetting.forget_name(name, is_kept=is_kept):
        _print_again(ctx, code)


@command(
    "mydata",
    "Everything that the club knows of you, as a file",
    data=Data.READ,
    private=True,
    hidden=True,
)
def export_own_data(ctx: Context) -> Reply:
    actor = ctx.invocation.actor
    person = ctx.uow.people.by_account(actor.platform, actor.account_id)
    if person is None:
        raise Conflict("The club knows nothing of you.")
    text = json.dumps(_known(ctx, person), ensure_ascii=False, indent=2)
    return Reply(
        text=("Everything that the club knows of you:",),
        files=(File("my-data.json", text.encode(), "application/json"),),
    )


def _known(ctx: Context, person: Person) -> dict[str, object]:
    opinions = [
        {
            "paper": one.code,
            "text": one.text,
            "proposed": one.proposed,
            "topic": one.topic,
            "pages": [one.page_start, one.page_end] if one.page_start is not None else None,
            "who_may_read_it": one.visibility,
            "hidden_because": one.hidden_reason,
            "said_at": one.url,
            "given_at": one.created_at.isoformat(),
            "revisions": [
                {"number": number, "who_may_read_it": seen, "text": text, "at": at.isoformat()}
                for number, seen, text, at in ctx.uow.opinions.history(one.id)
            ],
        }
        for one in ctx.uow.opinions.of_person(person.id)
    ]
    return {
        "club": ctx.catalogue.club.name,
        "name": person.name,
        "time_zone": person.time_zone,
        "joined_at": person.joined_at.isoformat() if person.joined_at else None,
        "roles": sorted(person.roles),
        "accounts": [
            {"platform": one.platform, "id": one.account_id, "name": one.name}
            for one in person.accounts
        ],
        "settings": {
            "opinions": person.standing,
            "name_on_cards": person.shows_name,
            "asked_about_opinions": not person.is_quiet,
        },
        "names_on_pages": [one.name for one in ctx.uow.claims.of_person(person.id)],
        "opinions": opinions,
        "sessions": _answers(ctx, person),
        "reminders": _wishes(ctx, person),
        "messages": [
            {"about": one.kind, "state": one.state, "due_at": one.due_at.isoformat()}
            for one in ctx.uow.deliveries.of_person(person.id)
        ],
    }


def _answers(ctx: Context, person: Person) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for one in ctx.uow.rsvps.of_person(person.id):
        session = ctx.uow.sessions.by_id(one.session_id)
        found.append(
            {
                "session": session.number if session else None,
                "answer": one.answer,
                "guests": one.guests,
                "waiting": one.is_waiting,
                "answered_at": one.answered_at.isoformat(),
                "was_there": one.was_there,
            }
        )
    return found


def _wishes(ctx: Context, person: Person) -> dict[str, object]:
    choice = ctx.uow.reminders.choice(person.id)
    return {
        "where": choice.where,
        "kinds": choice.kinds,
        "minutes_before": choice.lead,
        "quiet_minutes": [choice.quiet_from, choice.quiet_to],
        "luma": choice.luma,
        "has_given_luma_an_address": choice.luma_mark is not None,
    }
