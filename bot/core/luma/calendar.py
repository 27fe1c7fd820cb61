"""/luma: the club's calendar on Luma, its files and its guests; and links that are pasted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from bot.chat.commands import Access, Arg, Data, SessionRef, command
from bot.chat.errors import Conflict, Invalid
from bot.chat.fetching import Fetched
from bot.chat.invocation import Attachment
from bot.chat.reply import Action, Ask, AskField, Block, Card, Reply, Style
from bot.chat.text import Bold, Text, When, WhenStyle
from bot.core.calendars.reading import CalendarFile
from bot.core.context import Context
from bot.core.luma.events import calendar_address, is_link, luma_page
from bot.core.luma.guest_lists import read_guest_file
from bot.core.luma.guests import guests_words, is_said_openly, take_guests
from bot.core.luma.proposing import (
    Taken,
    missing_words,
    read_file,
    take_in,
    taken_reply,
    taken_words,
)
from bot.core.sessions.preparing import NONE, draft_card
from bot.core.sessions.rsvps import WHICH, find_session
from bot.core.sessions.words import is_over, label_of
from storage.luma import LumaCalendar
from storage.session_rows import CANCELLED, SCHEDULED, ClubSession

FEED_EVERY = timedelta(minutes=15)
_OK = 200
_MAX_ADDRESS = 1_000
_HOW = (
    "Luma's pages cannot be read by a program. There are two ways: on the event's page choose “Add "
    "to calendar”, and send the file that you get with /schedule; or give the address of the "
    "club's calendar feed once, and every event of it comes in by itself."
)
_OPENLY = (
    " But the file stands openly in this place: delete your message, and send the next one in a "
    "private chat with me."
)
_SET = Action("Set the calendar feed", "feed", style=Style.PRIMARY)


def calendar_of(ctx: Context) -> LumaCalendar:
    """What the club has told of its calendar; begun where nobody has told anything yet."""
    return ctx.uow.luma.get() or ctx.uow.luma.begin(secrets.token_hex(32))


@command(
    "luma",
    "The club's calendar on Luma: its feed, its files and its guests",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    examples=("/luma", "/luma @guests.csv"),
)
def show_luma(
    ctx: Context,
    which: Annotated[SessionRef | None, WHICH] = None,
    file: Annotated[
        Attachment | None, Arg("A calendar file, or the guest file (CSV) of an event")
    ] = None,
) -> Reply:
    if file is None:
        return _status(ctx)
    if file.content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"BEGIN:VCALENDAR"):
        return take_file(ctx, file, None)
    session = _with_guests(ctx, which)
    calendar = calendar_of(ctx)
    guests = read_guest_file(file.content, file.name)
    if calendar.guests_at is not None:
        raise Conflict("Luma's guest lists are read with the club's key, so no file is needed.")
    counted = take_guests(ctx, session, guests, calendar.secret)
    label = label_of(session, ctx.catalogue.by_code)
    openly = _OPENLY if is_said_openly(ctx) else ""
    return Reply(
        text=(f"{label}: {guests_words(counted)} No name and no address of it is kept.{openly}",),
        actions=(Action("Show the session", "session", (str(session.number),)),),
    )


def _with_guests(ctx: Context, which: SessionRef | None) -> ClubSession:
    """The session that a guest file is about; the next one on Luma where none is named."""
    if which is not None:
        session = find_session(ctx, which)
    else:
        coming = ctx.uow.sessions.coming(ctx.now, (SCHEDULED,))
        on_luma = [one for one in coming if one.luma_id or one.luma_url]
        if not on_luma:
            raise Invalid(
                "Which session is this the guest list of? Write its number: /luma 3, with the file."
            )
        session = on_luma[0]
    locked = ctx.uow.sessions.locked(session.number)
    if locked is None or locked.state == CANCELLED or is_over(locked, ctx.now):
        raise Conflict("That session is over or cancelled.")
    if locked.state != SCHEDULED:
        raise Conflict(
            "Save that session first; then send its guest file.",
            actions=(Action("Prepare it", "prepare", (str(locked.number),)),),
        )
    return locked


def _status(ctx: Context) -> Reply:
    calendar = calendar_of(ctx)
    return Reply(
        card=Card("The club's calendar on Luma", body=tuple(Block(line) for line in lines(ctx))),
        actions=(
            _SET if calendar.feed is None else Action("Change the feed", "feed"),
            *((Action("Read it now", "read-feed"),) if calendar.feed else ()),
            *((Action("Forget the feed", "feed", ("none",)),) if calendar.feed else ()),
            Action("Coming sessions", "sessions"),
        ),
    )


def lines(ctx: Context) -> list[Text]:
    """How the club's calendar is set up, and how reading it went."""
    calendar = ctx.uow.luma.get() or LumaCalendar("")
    if calendar.feed is None:
        feed: Text = (Bold("Feed"), ": none. With one, each event becomes a proposed session.")
    else:
        host = urlsplit(calendar.feed).hostname or "?"
        feed = (Bold("Feed"), f": at {host}; its address is shown to nobody.")
        if calendar.read_at is not None:
            when = When(calendar.read_at, WhenStyle.DATE_TIME)
            feed = (*feed, " Last tried ", when, f": {calendar.said or 'nothing new.'}")
        else:
            feed = (*feed, " It was not read yet.")
    if calendar.guests_at is not None:
        said = calendar.guests_said or "They were not read yet."
        guests = f": read with the club's key. {said}"
    else:
        guests = ": there is no key, so send an event's guest file (CSV) with /luma."
    return [feed, (Bold("Guests"), guests)]


def _feed_in(arguments: Mapping[str, object]) -> str | None:
    address = arguments.get("address")
    if not isinstance(address, str) or address.casefold() in NONE:
        return None
    return _feed_address(address)


def _feed_address(text: str) -> str:
    if text.casefold().startswith("webcal://"):
        return f"https://{text[len('webcal://') :]}"
    return text


@command(
    "feed",
    "Set the address of the club's calendar feed",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
    fetches=_feed_in,
)
def set_feed(
    ctx: Context,
    address: Annotated[str | None, Arg("Its address", max_length=_MAX_ADDRESS)] = None,
) -> Reply:
    """The feed is read at once, so that a wrong address is known before it is kept."""
    calendar_of(ctx)
    if address is None:
        question = AskField(
            "address", "The address of the calendar feed (iCal), or none", max_length=_MAX_ADDRESS
        )
        return Reply(ask=Ask(Action("Luma calendar", "feed"), "Luma calendar", (question,)))
    if address.casefold() in NONE:
        ctx.uow.luma.set(feed=None, feed_at=None, etag=None, modified=None, said=None, read_at=None)
        return _status(ctx)
    fetched = ctx.fetched
    if fetched.status != _OK:
        raise Invalid(f"That address answers with an error ({fetched.status}). {_WHERE}")
    calendar = read_file(ctx, fetched.content, "What is behind that address", _WHERE)
    taken = take_in(ctx, calendar)
    noted = read_well(ctx, fetched, calendar, taken)
    ctx.uow.luma.set(feed=_feed_address(address), **noted)
    return taken_reply(ctx, taken)


def read_well(
    ctx: Context, fetched: Fetched, calendar: CalendarFile, taken: Taken
) -> dict[str, object]:
    """What is noted of a feed that was read."""
    # What is more than is proposed at once comes with the next reading, which must be a whole one.
    known = {} if taken.left else fetched.headers
    return {
        "etag": known.get("etag"),
        "modified": known.get("last-modified"),
        "failures": 0,
        "said": taken_words(taken) + missing_words(ctx, calendar),
        "read_at": ctx.now,
        "feed_at": ctx.now + FEED_EVERY,
    }


_WHERE = (
    "The feed's address is on the calendar's page on Luma, under “Add iCal subscription”; it "
    "begins like https://api.lu.ma/ics/get?entity=calendar."
)


@command(
    "read-feed",
    "Read the club's calendar feed now",
    data=Data.WRITE,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def read_feed_now(ctx: Context) -> Reply:
    calendar = ctx.uow.luma.get()
    if calendar is None or calendar.feed is None:
        raise Conflict("The club has no calendar feed yet.", actions=(_SET,))
    ctx.uow.luma.set(feed_at=ctx.now, etag=None, modified=None)
    return Reply(
        text=("It is read within a minute. What is new appears among the coming sessions.",),
        actions=(Action("Look again", "luma"), Action("Coming sessions", "sessions")),
    )


def address_in(arguments: Mapping[str, object]) -> str | None:
    """What is fetched before a session is scheduled by a link."""
    when = arguments.get("when")
    if not isinstance(when, str) or arguments.get("file") is not None or not is_link(when):
        return None
    return calendar_address(when)


def take_file(ctx: Context, file: Attachment, code: str | None) -> Reply:
    """A calendar file that an organiser sends: its events become proposed sessions."""
    taken = take_in(ctx, read_file(ctx, file.content, file.name), code=code)
    # A file may be older than what the feed said last, so the feed has the last word.
    ctx.uow.luma.set(etag=None, modified=None)
    return taken_reply(ctx, taken)


def take_link(ctx: Context, link: str, code: str | None) -> Reply:
    """A pasted link: a calendar behind it is read, a page on Luma is looked for in the feed."""
    page = luma_page(link)
    if page is not None:
        known = [one for one in ctx.uow.sessions.by_page(page) if one.state != CANCELLED]
        if known:
            return draft_card(ctx, known[0], "This event is here already.")
    elif ctx.answer is None:
        raise Invalid("That is no link to a calendar. Luma's look like https://luma.com/abcd1234.")
    if page is None or (isinstance(ctx.answer, Fetched) and ctx.answer.status == _OK):
        fetched = ctx.fetched
        if fetched.status != _OK:
            raise Invalid(f"That address answers with an error ({fetched.status}). {_HOW}")
        return taken_reply(
            ctx, take_in(ctx, read_file(ctx, fetched.content, "The calendar"), code=code)
        )
    calendar = ctx.uow.luma.get()
    if calendar is None or calendar.feed is None:
        raise Invalid(_HOW, actions=(_SET,))
    read_feed_now.handler(ctx)
    return Reply(
        text=(
            "Luma's pages cannot be read by a program, but the club's calendar feed can. ",
            "It is read within a minute; the event then appears among the coming sessions.",
        ),
        actions=(
            Action("Coming sessions", "sessions"),
            Action("Look for it again", "schedule", (code or "", page or link)),
        ),
    )
