"""A session in the making, and how a saved one is changed: one field at a time, shown first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from bot.chat.commands import Access, Arg, Data, command
from bot.chat.errors import Conflict, Invalid, NotFound
from bot.chat.reply import Action, Ask, AskField, Block, Card, Field, Reply, Style
from bot.chat.text import Bold, Text, When, one_line, plain
from bot.core.announce import targets, trouble_in
from bot.core.context import Context
from bot.core.dates import (
    before_words,
    in_fold,
    in_gap,
    length_words,
    read_before,
    read_length,
    read_when,
    to_local,
    to_utc,
)
from bot.core.luma.events import luma_page
from bot.core.page_view import shown
from bot.core.sessions.repeats import occurrences, read_repeat, repeat_words
from bot.core.sessions.words import (
    deadline_words,
    is_over,
    subject_of,
    when_of,
    where_of,
)
from bot.core.values import person_named
from storage.session_rows import CANCELLED, DRAFT, PROPOSED, SCHEDULED, ClubSession, Series

ACT = Arg("The session's number")
_MOST_SEATS, _MOST_GUESTS, _MAX_PLACE = 100_000, 10, 300
NONE = frozenset({"none", "no", "-", "off", "nothing", "nobody"})
_LUMA_OWNS = frozenset({"when", "length", "place", "link", "luma", "repeat"})


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that can be set: what is asked, what is there, and how an answer is read."""

    label: str
    question: str
    now: Callable[[Context, ClubSession], str]
    read: Callable[[Context, ClubSession, str], dict[str, object]]


def _when(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    default = datetime.fromisoformat(session.local_start).time()
    local = read_when(text, ctx.now, session.time_zone, default)
    return {
        "local_start": local.isoformat(timespec="minutes"),
        "starts_at": to_utc(local, session.time_zone),
    }


def _paper(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    if text.casefold() in NONE:
        return {"code": None, "title": session.title or session.event_title or "Open session"}
    found = ctx.catalogue.resolve(text, limit=2)
    if len(found) != 1:
        many = "means several papers" if found else "is no paper of the club"
        raise Invalid(f"“{one_line(text)[:60]}” {many}. Write a code, such as 6.")
    return {"code": found[0].code, "title": None}


def _host(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    if text.casefold() in NONE:
        return {"host_id": None}
    return {"host_id": person_named(text, ctx.catalogue).id}


def _number(most: int, what: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and int(text) <= most):
            raise Invalid(f"{what} is a whole number up to {most:,}, or “none”.")
        return int(text)

    return read


def _capacity(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    seats = None if text.casefold() in NONE else _number(_MOST_SEATS, "The number of seats")(text)
    if seats == 0:
        raise Invalid("A session has at least one seat. Write “none” for no limit.")
    return {"capacity": seats}


def _guests(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    guests = 0 if text.casefold() in NONE else _number(_MOST_GUESTS, "How many one may bring")(text)
    return {"guests": guests}


def _place(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    if text.casefold() in NONE:
        return {"place": None}
    return {"place": one_line(text)[:_MAX_PLACE]}


def web_address(text: str) -> str:
    """A link that people may follow; raises Invalid for what is none."""
    address = one_line(text)
    is_web = address.startswith(("https://", "http://")) and " " not in address
    if not is_web or len(address) > _MAX_PLACE or "@" in address.split("/")[2]:
        raise Invalid("A link begins with https:// and has no spaces in it.")
    return address


def _link(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    return {"url": None if text.casefold() in NONE else web_address(text)}


def _luma(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    if text.casefold() in NONE:
        return {"luma_url": None}
    page = luma_page(text)
    if page is None:
        raise Invalid("That is no page on Luma. Its link looks like https://luma.com/abcd1234.")
    for other in ctx.uow.sessions.by_page(page):
        if other.id != session.id and other.state != CANCELLED:
            raise Conflict(
                f"That is the page of session {other.number} already.",
                actions=(Action("Show it", "prepare", (str(other.number),)),),
            )
    return {"luma_url": page}


def _voice(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    if text.casefold() in NONE:
        return {"channel": None}
    server = next((one for one in ctx.catalogue.homes if one.platform == "discord"), None)
    if server is None:
        raise Invalid("The club has no server on Discord that could have a voice channel.")
    # The last one: a link and what is there already begin with the server.
    numbers = re.findall(r"(?<![0-9])[0-9]{15,20}(?![0-9])", text)
    if not numbers:
        raise Invalid(
            "Which channel that is cannot be told by its name. On Discord right-click the voice "
            "channel (on a phone: hold it), choose “Copy Link”, and paste that here."
        )
    return {"channel": f"discord:{server.chat_id}:{numbers[-1]}"}


def _deadline(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    return {"closes_before": None if text.casefold() in NONE else read_before(text)}


def _repeat(ctx: Context, session: ClubSession, text: str) -> dict[str, object]:
    if (series := series_of(ctx, session)) is not None:
        raise Conflict(
            f"It is one of a series: {repeat_words(series.rule)}. To let it repeat otherwise, end "
            "that one first.",
            actions=(Action("End the series", "end-series", (str(session.number),)),),
        )
    rule = read_repeat(text, datetime.fromisoformat(session.local_start))
    return {"rule": rule, "series_id": None, "series_date": None}


def series_of(ctx: Context, session: ClubSession) -> Series | None:
    """The series that it is one of, unless that has ended."""
    series = ctx.uow.sessions.series(session.series_id) if session.series_id else None
    return series if series is not None and series.ended_at is None else None


def _or(value: object) -> str:
    return "none" if value is None else str(value)


DETAILS: Mapping[str, Detail] = {
    "paper": Detail("Paper", "The paper's code or title", lambda c, s: s.code or "", _paper),
    "title": Detail(
        "Title",
        "What the session is called",
        lambda c, s: s.title or "",
        lambda c, s, text: {"title": None if text.casefold() in NONE else one_line(text)[:200]},
    ),
    "when": Detail(
        "When",
        "When, such as next thu 7pm",
        lambda c, s: s.local_start.replace("T", " "),
        _when,
    ),
    "length": Detail(
        "Length",
        "How long, such as 90 min",
        lambda c, s: length_words(s.minutes),
        lambda c, s, text: {"minutes": read_length(text)},
    ),
    "place": Detail("Place", "Where it is: an address", lambda c, s: _or(s.place), _place),
    "link": Detail("Link", "Where to join: a link", lambda c, s: _or(s.url), _link),
    "voice": Detail(
        "Voice channel",
        "The voice channel: its link or its number",
        lambda c, s: _or(s.channel),
        _voice,
    ),
    "host": Detail(
        "Host", "Who hosts it, by name", lambda c, s: plain(host_words(c, s)) or "none", _host
    ),
    "capacity": Detail(
        "Seats", "How many seats there are", lambda c, s: _or(s.capacity), _capacity
    ),
    "deadline": Detail(
        "Deadline",
        "Answers until how long before: 2 hours, none",
        lambda c, s: "none" if s.closes_before is None else before_words(s.closes_before),
        _deadline,
    ),
    "guests": Detail("Guests", "How many each may bring", lambda c, s: str(s.guests), _guests),
    "luma": Detail("Luma link", "The event's page on Luma", lambda c, s: _or(s.luma_url), _luma),
    "repeat": Detail(
        "Repeat",
        "How often: every other thursday, last tuesday",
        lambda c, s: repeat_words(s.rule) if s.rule else "no",
        _repeat,
    ),
}
FIELDS = Literal[
    "paper", "title", "when", "length", "place", "link", "voice", "host", "capacity", "deadline",
    "guests", "luma", "repeat",
]  # fmt: skip


def host_words(ctx: Context, session: ClubSession) -> Text:
    person = ctx.uow.people.by_id(session.host_id) if session.host_id else None
    return (shown(person.name),) if person is not None else ()


def found(ctx: Context, number: int) -> ClubSession:
    """The session, locked; raises NotFound."""
    session = ctx.uow.sessions.locked(number)
    if session is None:
        raise NotFound("There is no such session. See /sessions.")
    return session


def draft_card(ctx: Context, session: ClubSession, said: str = "") -> Reply:
    """Everything about a session as an organiser sets it, with a button for each thing."""
    number = str(session.number)
    fields = [
        Field("What", (subject_of(session, ctx.catalogue.by_code),)),
        Field("When", when_of(session)),
        Field("Where", where_of(session) or ("not said yet",)),
        Field("Length", (length_words(session.minutes),)),
        Field("Host", host_words(ctx, session) or ("nobody",)),
        Field("Seats", ("no limit" if session.capacity is None else str(session.capacity),)),
        Field("Answers until", (deadline_words(session),)),
        Field("Guests", (str(session.guests) if session.guests else "none",)),
    ]
    if session.event_title and session.event_title != session.title:
        fields.insert(0, Field("In its calendar", (shown(session.event_title),)))
    is_open = session.state in (DRAFT, PROPOSED)
    series = series_of(ctx, session)
    save = (Action("Save", "save-session", (number,), Style.PRIMARY),) if is_open else ()
    others = () if is_open else (Action("Show the session", "session", (number,)),)
    return Reply(
        text=(said,) if said else (),
        card=Card(
            "Save this session?" if is_open else f"Session {number}: what can be changed",
            tuple(fields),
            tuple(Block(line) for line in _remarks(ctx, session)),
        ),
        actions=(
            *save,
            *_suggested(ctx, session),
            *(
                Action(detail.label, "alter", (number, name))
                for name, detail in DETAILS.items()
                if not (name in _LUMA_OWNS and session.luma_id)
                and not (name == "repeat" and series is not None)
            ),
            *((Action("End the series", "end-series", (number,)),) if series else ()),
            Action("Keep as the club's defaults", "keep-defaults", (number,)),
            *(
                (Action("Not a session of ours", "cancel-session", (number,), Style.DANGER),)
                if session.state == PROPOSED
                else ()
            ),
            *others,
        ),
    )


def _suggested(ctx: Context, session: ClubSession) -> list[Action]:
    """The paper whose code the event's name begins with; an organiser says whether it is meant."""
    word = (session.event_title or "").partition(" ")[0].rstrip(":.,-–")
    head = ctx.catalogue.by_code(word) if session.code is None and len(word) > 3 else None
    if head is None or session.state != PROPOSED:
        return []
    values = (str(session.number), "paper", head.code)
    return [Action(f"The paper is {head.code}", "alter", values, Style.PRIMARY)]


def _remarks(ctx: Context, session: ClubSession) -> list[Text]:
    local = datetime.fromisoformat(session.local_start)
    zone = session.time_zone
    lines: list[Text] = [(f"That is {local:%A, %-d %B %Y, %H:%M} in {zone}.",)]
    if in_gap(local, zone):
        shown_at = to_local(to_utc(local, zone), zone)
        lines.append((f"The clocks go forward over that time: it begins at {shown_at:%H:%M}.",))
    if in_fold(local, zone):
        lines.append(("The clocks go back then: the first of the two is meant.",))
    if (series := series_of(ctx, session)) is not None:
        rule = repeat_words(series.rule)
        lines.append(
            (
                Bold("One of a series"),
                f": {rule}. What you change, changes here alone.",
            )
        )
    elif session.rule and session.series_id is None:
        lines.append((Bold("Repeats"), f": {repeat_words(session.rule)}. Next: ", *_next(session)))
    if session.luma_id:
        lines.append(("Luma owns time and place of this one: change them there.",))
    if session.state in (DRAFT, PROPOSED) and not any(
        home.announcements_chat for home in ctx.uow.places.all()
    ):
        lines.append(
            (
                "There is no place for announcements yet: ",
                "whoever manages a server or group types /setup there.",
            )
        )
    if session.state in (DRAFT, PROPOSED):
        places = [target.place for target in targets(ctx.uow.places.all())]
        lines += [(trouble,) for place in places if (trouble := trouble_in(ctx, place))]
    return lines


def _next(session: ClubSession) -> Text:
    start = datetime.fromisoformat(session.local_start)
    spans: list[str | When] = []
    for local in occurrences(session.rule or "", start, start, 3):
        spans += ["; " if spans else "", When(to_utc(local, session.time_zone))]
    return (*spans, ".")


@command(
    "prepare",
    "Change a session",
    data=Data.READ,
    access=Access.ORGANISER,
    private=True,
    hidden=True,
)
def prepare(ctx: Context, number: Annotated[int, ACT]) -> Reply:
    session = ctx.uow.sessions.by_number(number)
    if session is None:
        raise NotFound("There is no such session. See /sessions.")
    return draft_card(ctx, session)


def ask_for(session: ClubSession, name: str, ctx: Context) -> Reply:
    """The form for one thing, with what is there already."""
    detail = DETAILS[name]
    question = AskField("value", detail.question, max_length=300, value=detail.now(ctx, session))
    action = Action(detail.label, "alter", (str(session.number), name))
    return Reply(ask=Ask(action, f"Session {session.number}: {detail.label}", (question,)))


def refuse_change(ctx: Context, session: ClubSession, name: str) -> None:
    """Raises Conflict for what cannot be changed here, or not any more."""
    if session.luma_id and name in _LUMA_OWNS:
        raise Conflict(
            "Luma owns time and place of this session. Change them there, and it follows here: "
            f"{session.luma_url or 'the event’s page on Luma'}"
        )
    if session.state == CANCELLED:
        raise Conflict(
            "This session is cancelled.",
            actions=(Action("Undo the cancellation", "uncancel", (str(session.number),)),),
        )
    if session.state == SCHEDULED and is_over(session, ctx.now):
        raise Conflict("This session is over; nothing about it can be changed any more.")


def read_change(ctx: Context, session: ClubSession, name: str, value: str) -> dict[str, object]:
    """What a field is set to; raises Invalid with what would be right."""
    return DETAILS[name].read(ctx, session, value.strip())
