"""/doctor: what an organiser can see and mend without a shell, for their own club alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.chat.commands import Access, Data, command
from bot.chat.invocation import PlaceRef
from bot.chat.reply import Action, Block, Card, Reply
from bot.chat.text import Bold, Span, When, counted
from bot.core.announce import name_of
from bot.core.context import Context
from bot.core.findings import Finding, Level, ok, problem, warning
from bot.core.people import CONSOLE
from bot.core.sessions.audience import nowhere, wanted
from bot.core.sessions.reminding import members_of, places_of, plan_of
from bot.core.sessions.words import title_of
from storage.deliveries import EXPIRED, FAILED, PENDING, UNKNOWN
from storage.people import Person
from storage.places import PURPOSES, StoredPlace

_MARKS = {Level.OK: "✓", Level.WARNING: "⚠", Level.PROBLEM: "✗"}
_LATE = timedelta(minutes=2)
_SETUP = "There type /setup."


@command(
    "doctor",
    "What is not as it should be, and what to do",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
)
def show_doctor(ctx: Context) -> Reply:
    """What is bad comes first."""
    levels = list(Level)
    found = sorted(findings(ctx), key=lambda one: -levels.index(one.level))
    coming = ctx.uow.sessions.coming(ctx.now)
    count = sum(one.level is not Level.OK for one in found)
    title = f"{ctx.catalogue.club.name}: all is well"
    if count:
        title = (
            f"{ctx.catalogue.club.name}: {count} {'thing' if count == 1 else 'things'} to see to"
        )
    return Reply(
        card=Card(title, body=tuple(Block(_line(one)) for one in found)),
        actions=(
            Action("Look again", "doctor"),
            Action("Deliveries", "deliveries"),
            Action("Reminders", "reminders", ("preview" if coming else "plan",)),
        ),
        again=ctx.again(),
        page=ctx.invocation.page,
    )


def _line(one: Finding) -> tuple[Span, ...]:
    to_do = (f" {one.to_do}",) if one.to_do else ()
    return (f"{_MARKS[one.level]} ", Bold(one.area), ": ", *one.what, *to_do)


def findings(ctx: Context) -> list[Finding]:
    """Everything that concerns the club that is asked about."""
    return [*_places(ctx), *_deliveries(ctx), *_people(ctx), *_sessions(ctx), *_luma(ctx)]


def _places(ctx: Context) -> Iterator[Finding]:
    homes = [home for home in ctx.uow.places.all() if home.platform != CONSOLE]
    if not homes:
        yield warning(
            "Places",
            "The club is in no server and no group yet.",
            to_do="Whoever manages one adds the bot and types /setup there.",
        )
    hints: dict[str, None] = {}
    for home in homes:
        yield from _place(ctx, home)
        sight = ctx.sight(PlaceRef(home.platform, home.chat_id))
        hints.update(dict.fromkeys(sight.hints if sight else ()))
    for hint in hints:
        yield ok("Hint", hint)


def _place(ctx: Context, home: StoredPlace) -> Iterator[Finding]:
    where = name_of(ctx, PlaceRef(home.platform, home.chat_id))
    if home.gone_at is not None:
        what = "server" if home.platform == "discord" else "group"
        yield problem(
            "Places",
            f"The bot is not let in to a {what} on {home.platform.capitalize()} since ",
            When(home.gone_at),
            ".",
            to_do="Whoever manages it adds the bot again.",
        )
        return
    if home.announcements_chat is None:
        yield warning(
            "Places",
            f"Nothing is announced in {where}: no place for it is set.",
            to_do=f"{_SETUP} “Announcements here” sets it.",
        )
    for purpose in PURPOSES:
        chat = getattr(home, f"{purpose}_chat")
        if chat is not None:
            thread = getattr(home, f"{purpose}_thread")
            server = home.chat_id if chat != home.chat_id else None
            yield _purpose(ctx, purpose, PlaceRef(home.platform, chat, thread, server_id=server))


def _purpose(ctx: Context, purpose: str, place: PlaceRef) -> Finding:
    """What the bot lacks where announcements or opinions go."""
    sight, where = ctx.sight(place), name_of(ctx, place)
    if sight is None:
        return ok("Places", f"{purpose.capitalize()}: {where}, which is not seen from here.")
    if sight.missing:
        missing = ", ".join(sight.missing)
        return problem(
            "Places", f"{purpose.capitalize()}: {where}: missing: {missing}.", to_do=sight.remedy
        )
    if purpose == "opinions" and not sight.reads_messages:
        return ok(
            "Places",
            f"Opinions: {where}: ordinary messages are not read there, so it shows a button.",
            to_do=sight.reading,
        )
    return ok("Places", f"{purpose.capitalize()}: {where}: all is there.")


def _deliveries(ctx: Context) -> Iterator[Finding]:
    counts = ctx.uow.deliveries.counts()
    failed = counts.get(FAILED, 0) + counts.get(EXPIRED, 0)
    unknown = counts.get(UNKNOWN, 0)
    # The newest are enough to tell whether anything is stuck.
    waiting = ctx.uow.deliveries.listed((PENDING,), 1_000)
    late = sum(one.due_at < ctx.now - _LATE for one in waiting)
    if late:
        yield problem(
            "Deliveries",
            f"{late} that should have been sent by now {'waits' if late == 1 else 'wait'}.",
            to_do="Whoever runs the bot looks whether it runs, and types: wprc doctor",
        )
    if failed or unknown:
        yield warning(
            "Deliveries",
            f"{failed} failed or came too late; of {unknown} nobody knows whether they arrived.",
            to_do="Press “Deliveries”, which says why and sends again.",
        )
    elif not late:
        yield ok("Deliveries", "Everything that was due is sent.")


def _people(ctx: Context) -> Iterator[Finding]:
    members = [one for one in ctx.uow.people.everyone() if one.is_member]
    closed = Counter(
        account.platform
        for person in members
        if not _is_reachable(person)
        for account in person.accounts
        if account.platform != CONSOLE
    )
    if closed:
        platforms = ", ".join(f"{count} on {name.capitalize()}" for name, count in closed.items())
        yield warning(
            "People",
            f"Members who take no private messages of the bot: {platforms}.",
            to_do="They are named in the place instead. To change it they open the chat with the "
            "bot and type /start.",
        )
    else:
        yield ok("People", "No member has shut the bot out.")


def _is_reachable(person: Person) -> bool:
    chats = [one for one in person.accounts if one.platform != CONSOLE]
    return not chats or any(one.unreachable_at is None for one in chats)


def _sessions(ctx: Context) -> Iterator[Finding]:
    coming = ctx.uow.sessions.coming(ctx.now)
    if not coming:
        yield ok("Sessions", "None is planned.", to_do="To plan one, type /schedule.")
        return
    session = coming[0]
    title = title_of(session, ctx.catalogue.by_code)
    members, places = members_of(ctx.uow, session), places_of(ctx.uow)
    plan = plan_of(ctx.uow, session)
    zone = ctx.catalogue.club.time_zone
    to_come = wanted(session, plan, members, places, zone)
    left = [one for one in to_come if one.at > ctx.now]
    yield ok("Sessions", f"{title}, ", When(session.starts_at), ".")
    if session.announced_at is None:
        yield _unannounced(session.announce_at is not None, places)
    if left:
        yield ok(
            "Reminders",
            f"{len(left)} messages are to come about it, the first ",
            When(left[0].at),
            ".",
        )
    elif session.starts_at > ctx.now:
        yield warning(
            "Reminders",
            "No more is sent about it.",
            to_do="Type /reminders to see the plan, and /setup where announcements belong.",
        )
    if lost := len({one.person_id for one in nowhere(session, plan, members, places, zone)}):
        yield warning(
            "Reminders",
            f"{counted(lost, 'person', 'people')} who said yes or maybe can be reached nowhere.",
            to_do="Press “Reminders” to see who, and tell them yourself.",
        )


def _unannounced(is_timed: bool, places: Sequence[PlaceRef]) -> Finding:
    if not places:
        return warning(
            "Sessions", "It is announced nowhere: no place for announcements is set.", to_do=_SETUP
        )
    text = "It is to be announced later." if is_timed else "It is not announced yet."
    return ok("Sessions", text)


def _luma(ctx: Context) -> Iterator[Finding]:
    """How reading the club's calendar on Luma went; its address may hold a secret."""
    calendar = ctx.uow.luma.get()
    if calendar is None or calendar.feed is None:
        return
    said = f": {calendar.said}" if calendar.said else "."
    if calendar.failures:
        times = "once" if calendar.failures == 1 else f"{calendar.failures} times in a row"
        yield warning(
            "Luma",
            f"The calendar could not be read {times}{said}",
            to_do="Type /luma to see to it.",
        )
    else:
        yield ok("Luma", f"The calendar was read{said}" if said != "." else "It is read soon.")
