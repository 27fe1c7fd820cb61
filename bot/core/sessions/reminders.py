"""/reminders: the club's plan, what each member wants of it, and a rehearsal of what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.commands import Access, Arg, Data, SessionRef, command
from bot.chat.errors import Invalid, NotAllowed
from bot.chat.reply import Action, Ask, AskField, Block, Card, Reply, Style
from bot.chat.text import Bold, Text, one_line
from bot.core.context import Context
from bot.core.dates import before_words, clock_words, read_before, read_clock
from bot.core.people import acting
from bot.core.sessions.audience import (
    AFTER,
    DAY,
    DEFAULT_PLAN,
    HOUR,
    NUDGE,
    WANTED_HOUR,
)
from bot.core.sessions.card import RSVP
from bot.core.sessions.preparing import NONE, found
from bot.core.sessions.rehearsal import LABELS, preview
from bot.core.sessions.reminding import plan_of
from bot.core.sessions.rsvps import WHICH, find_session
from storage.people import Person
from storage.reminders import OFF, PLACE, ReminderChoice
from storage.session_rows import ClubSession

_KINDS = Literal["rsvp", "nudge", "day", "hour", "after"]
_LATEST = 1
_OWN_KINDS = (NUDGE, DAY, HOUR)


@command(
    "reminders",
    "Which reminders are sent, and which you want",
    data=Data.READ,
    private=True,
    ranked=True,
    examples=("/reminders", "/reminders preview", "/reminders mine"),
)
def show_reminders(
    ctx: Context,
    what: Annotated[Literal["plan", "preview", "mine"] | None, Arg("Which part")] = None,
    which: Annotated[SessionRef | None, WHICH] = None,
) -> Reply:
    if what is None:
        what = "plan" if ctx.is_organiser else "mine"
    if what == "mine":
        return own_card(ctx)
    if not ctx.is_organiser:
        raise NotAllowed(
            "The plan is for organisers.", actions=(Action("My reminders", "reminders", ("mine",)),)
        )
    if what == "preview":
        return preview(ctx, find_session(ctx, which))
    return plan_card(ctx, find_session(ctx, which) if which else None)


def plan_card(ctx: Context, session: ClubSession | None = None, said: str = "") -> Reply:
    """The club's reminders, or those of one session where they differ."""
    plan = plan_of(ctx.uow, session)
    number = str(session.number) if session else ""
    lines = [
        Block(
            (Bold(LABELS[kind]), f": {_when_words(plan, kind)}"),
            (Action(f"Change: {LABELS[kind]}"[:60], "plan", (kind, "", number)),),
        )
        for kind in DEFAULT_PLAN
    ]
    title = f"Reminders of session {number}" if session else "The club's reminders"
    return Reply(
        text=(said,) if said else (),
        card=Card(title, body=(Block((_ALWAYS,)), *lines)),
        actions=(
            Action("Preview", "reminders", ("preview", number), Style.PRIMARY),
            Action("My reminders", "reminders", ("mine",)),
            *((Action("The club's plan", "reminders", ("plan",)),) if session else ()),
        ),
    )


_ALWAYS = "When a session is scheduled it is announced in every place for announcements."


def _when_words(plan: Mapping[str, object], kind: str) -> str:
    minutes = plan.get(kind, DEFAULT_PLAN[kind])
    if minutes is None:
        return "off; members can switch it on for themselves" if kind == HOUR else "off"
    if kind == NUDGE:
        is_with = plan.get(RSVP, DEFAULT_PLAN[RSVP]) is not None
        return "on, with the RSVP reminder" if is_with else "off, as the RSVP reminder is"
    if kind == AFTER:
        return f"{before_words(int(str(minutes)))} after the end" if minutes else "at the end"
    return f"{before_words(int(str(minutes)))} before"


def _as_typed(plan: Mapping[str, object], kind: str) -> str:
    """What is set, in words that are understood when they are sent back."""
    minutes = plan.get(kind, DEFAULT_PLAN[kind])
    if minutes is None:
        return "off"
    return "on" if kind == NUDGE else before_words(int(str(minutes)))


@command(
    "plan",
    "Change the club's reminders",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def change_plan(
    ctx: Context,
    kind: Annotated[_KINDS, Arg("Which reminder")],
    value: Annotated[str | None, Arg("How long before, or off", max_length=60)] = None,
    number: Annotated[int | None, Arg("Of one session alone")] = None,
) -> Reply:
    """For the club, or for one session alone."""
    session = found(ctx, number) if number is not None else None
    if value is None:
        label = "How long after the end, or off" if kind == AFTER else "How long before, or off"
        if kind == NUDGE:
            label = "on or off"
        current = _as_typed(plan_of(ctx.uow, session), kind)
        field = AskField("value", label, max_length=60, value=current)
        action = Action(LABELS[kind], "plan", (kind, "", str(number or "")))
        return Reply(ask=Ask(action, LABELS[kind], (field,)))
    minutes = _minutes(kind, value)
    if session is not None:
        changed = dict(session.plan or {}) | {kind: minutes}
        ctx.uow.sessions.mark(session.id, plan=changed)
        ctx.uow.sessions.look_by(session.id, ctx.now, ctx.now)
        session = ctx.uow.sessions.by_number(session.number)
    else:
        settings = ctx.uow.reminders.settings()
        ctx.uow.reminders.save(replace(settings, plan=settings.plan | {kind: minutes}))
        ctx.uow.sessions.look_again(ctx.now)
    return plan_card(ctx, session, "Changed.")


def _minutes(kind: str, value: str) -> int | None:
    words = one_line(value).casefold()
    if words in NONE:
        return None
    if kind == NUDGE:
        if words not in ("on", "yes"):
            raise Invalid("The nudge is on or off; it goes out together with the RSVP reminder.")
        return DEFAULT_PLAN[NUDGE]
    minutes = read_before(words.removesuffix(" after the end"))
    return minutes if kind == AFTER else _in_time(minutes)


def _in_time(minutes: int) -> int:
    """Later than this it would come when the session has begun."""
    if minutes < _LATEST:
        raise Invalid(f"That is too late. At least {before_words(_LATEST)} before, or “off”.")
    return minutes


def own_card(ctx: Context, said: str = "") -> Reply:
    """What somebody gets, where, and how early; with a button for each."""
    person = ctx.uow.people.by_account(
        ctx.invocation.actor.platform, ctx.invocation.actor.account_id
    )
    choice = ctx.uow.reminders.choice(person.id) if person else ReminderChoice()
    club = plan_of(ctx.uow)
    lead = choice.lead if choice.lead is not None else club.get(DAY, DEFAULT_PLAN[DAY])
    is_sent = club.get(DAY, DEFAULT_PLAN[DAY]) is not None
    early = f"{before_words(int(str(lead)))} before" if lead is not None else "off"
    early = early if is_sent else "off in this club"
    last = before_words(int(str(club.get(HOUR) or WANTED_HOUR)))
    quiet = "none"
    if choice.quiet_from is not None and choice.quiet_to is not None:
        quiet = f"{clock_words(choice.quiet_from)} to {clock_words(choice.quiet_to)}"
    zone = (person.time_zone if person else None) or ctx.catalogue.club.time_zone
    lines: list[Text] = [
        (Bold("Where"), f": {_where_words(choice, person)}"),
        (Bold("Reminder when you come"), f": {early if _on(choice, DAY, club) else 'off'}"),
        (Bold(f"Last call {last} before"), f": {'on' if _on(choice, HOUR, club) else 'off'}"),
        (
            Bold("Nudge where you have not answered"),
            f": {'on' if _on(choice, NUDGE, club) else 'off'}",
        ),
        (Bold("Quiet hours"), f": {quiet} ({zone})"),
        *_exceptions(ctx, choice, club),
    ]
    return Reply(
        text=(said,) if said else (),
        card=Card("Your reminders", body=tuple(Block(line) for line in lines)),
        actions=(
            *_where_actions(choice, person),
            *(_switch(choice, kind, club) for kind in _OWN_KINDS),
            Action("How early", "remindme", ("lead",)),
            Action("Quiet hours", "remindme", ("quiet",)),
            Action("Time zone", "myzone"),
            Action("Luma's guest lists", "guestlist"),
        ),
    )


def _exceptions(ctx: Context, choice: ReminderChoice, club: Mapping[str, object]) -> list[Text]:
    """The next sessions for which organisers have planned otherwise, as it is for this member."""
    lines: list[Text] = []
    coming = ctx.uow.sessions.coming(ctx.now) if choice.where != OFF else []
    for session in coming[:_EXCEPTIONS]:
        plan = plan_of(ctx.uow, session)
        differing = [
            f"{_NAMES[kind]} {words}"
            for kind in (DAY, HOUR)
            if (words := _own_words(choice, kind, plan)) != _own_words(choice, kind, club)
        ]
        if differing:
            lines.append((Bold(f"Session {session.number}"), f": {', '.join(differing)}"))
    return lines


def _own_words(choice: ReminderChoice, kind: str, plan: Mapping[str, object]) -> str:
    minutes = plan.get(kind, DEFAULT_PLAN[kind])
    if not _on(choice, kind, plan) or (kind == DAY and minutes is None):
        return "off"
    if kind == DAY and choice.lead is not None:
        minutes = choice.lead
    return f"{before_words(int(str(minutes or WANTED_HOUR)))} before"


_NAMES = {NUDGE: "the nudge", DAY: "the reminder", HOUR: "the last call"}
_EXCEPTIONS = 10


def _on(choice: ReminderChoice, kind: str, club: Mapping[str, object]) -> bool:
    is_usual = kind != HOUR or club.get(HOUR, DEFAULT_PLAN[HOUR]) is not None
    return bool(choice.kinds.get(kind, is_usual))


def _switch(choice: ReminderChoice, kind: str, club: Mapping[str, object]) -> Action:
    is_on = _on(choice, kind, club)
    return Action(
        f"Switch {'off' if is_on else 'on'} {_NAMES[kind]}",
        "remindme",
        ("kind", f"{kind}-{'off' if is_on else 'on'}"),
    )


def _where_words(choice: ReminderChoice, person: Person | None) -> str:
    if choice.where == OFF:
        return "nowhere; you get no reminders at all"
    if choice.where == PLACE:
        return "by name in the club's place; nothing private"
    account = person.account_on(choice.where) if person else None
    if account is not None and account.unreachable_at is not None:
        return f"in private on {choice.where.capitalize()}, where you cannot be reached at present"
    return f"in private on {choice.where.capitalize()}"


def _where_actions(choice: ReminderChoice, person: Person | None) -> list[Action]:
    accounts = person.accounts if person else ()
    places = [one.platform for one in accounts if one.platform != "console"]
    labels = {name: f"In private on {name.capitalize()}" for name in places}
    labels |= {PLACE: "By name in the place", OFF: "Nothing at all"}
    return [
        Action(label, "remindme", ("where", name))
        for name, label in labels.items()
        if name != choice.where
    ]


@command("remindme", "Change your reminders", data=Data.WRITE, private=True, hidden=True)
def change_own(
    ctx: Context,
    what: Annotated[Literal["where", "kind", "lead", "quiet"], Arg("What")],
    value: Annotated[str | None, Arg("What it is to be", max_length=60)] = None,
) -> Reply:
    person = acting(ctx)
    choice = ctx.uow.reminders.choice(person.id)
    if value is None:
        return _ask(what, choice)
    changed = _changed(what, value, choice, person)
    ctx.uow.reminders.choose(person.id, changed)
    ctx.uow.sessions.look_again(ctx.now)
    return own_card(ctx, "Changed.")


def _ask(what: str, choice: ReminderChoice) -> Reply:
    labels = {
        "lead": "How long before: 24 hours, off or default",
        "quiet": "From and to, such as 22:00-8:00, or none",
    }
    if what not in labels:
        raise Invalid("Use the buttons of /reminders mine for that.")
    current = ""
    if what == "lead" and choice.lead is not None:
        current = before_words(choice.lead)
    if what == "quiet" and choice.quiet_from is not None and choice.quiet_to is not None:
        current = f"{clock_words(choice.quiet_from)}-{clock_words(choice.quiet_to)}"
    field = AskField("value", labels[what], max_length=60, value=current)
    title = "How early" if what == "lead" else "Quiet hours"
    return Reply(ask=Ask(Action(title, "remindme", (what,)), title, (field,)))


def _changed(what: str, value: str, choice: ReminderChoice, person: Person) -> ReminderChoice:
    words = one_line(value).casefold()
    match what:
        case "where":
            own = {one.platform for one in person.accounts} - {"console"}
            if words not in own | {PLACE, OFF}:
                raise Invalid("You have no account there. /link joins another one of yours.")
            return replace(choice, where=words)
        case "kind":
            kind, _, state = words.rpartition("-")
            if kind not in _OWN_KINDS or state not in ("on", "off"):
                raise Invalid("Use the buttons of /reminders mine for that.")
            return replace(choice, kinds=choice.kinds | {kind: state == "on"})
        case "lead":
            if words in NONE:
                return replace(choice, kinds=choice.kinds | {DAY: False})
            lead = None if words == "default" else _in_time(read_before(words))
            return replace(choice, lead=lead, kinds=choice.kinds | {DAY: True})
    if words in NONE:
        return replace(choice, quiet_from=None, quiet_to=None)
    first, dash, last = words.replace("–", "-").replace(" to ", "-").partition("-")
    if not dash:
        raise Invalid("Write both ends, such as 22:00-8:00, or “none”.")
    return replace(choice, quiet_from=read_clock(first), quiet_to=read_clock(last))


@command("notify", "Be reminded in private", data=Data.WRITE, private=True, hidden=True)
def notify_me(ctx: Context, which: Annotated[SessionRef | None, WHICH] = None) -> Reply:
    """The one way by which private messages begin: somebody has asked for them."""
    person = acting(ctx)
    platform = ctx.invocation.actor.platform
    if platform == "console":
        raise Invalid("There are no private messages in the console. On a platform there are.")
    choice = ctx.uow.reminders.choice(person.id)
    ctx.uow.reminders.choose(person.id, replace(choice, where=platform))
    ctx.uow.sessions.look_again(ctx.now)
    return own_card(
        ctx,
        f"From now on you are reminded in private on {platform.capitalize()}, of each session that "
        "you come to or have not answered, and never more than three times.",
    )
