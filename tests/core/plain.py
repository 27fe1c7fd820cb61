"""A plain model of who should be sent what about sessions, where and when.

It is written from the words in which the reminders are described, minute by minute where the bot
computes, and knows nothing of the code that it is compared with.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.core.room import Room

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MOST = 3
PLACES = ("discord", "telegram")


@dataclass
class Who:
    """One human."""

    name: str
    accounts: dict[str, str]
    zone: str
    where: str = "place"
    lead: timedelta = DAY
    wants_nudge: bool = True
    wants_day: bool = True
    wants_hour: bool = False
    quiet: tuple[int, int] | None = None
    is_member: bool = True
    closed: set[str] = field(default_factory=set)
    """Platforms on which their private chat takes nothing."""
    unreachable: set[str] = field(default_factory=set)
    """Those of them of which the bot has noticed it."""

    @property
    def chat(self) -> str | None:
        """The platform on which they are written to in private."""
        return self.where if self.where in self.accounts.keys() - self.unreachable else None

    @property
    def place(self) -> str:
        own = [one for one in PLACES if one in self.accounts]
        return self.where if self.where in own else own[0]

    def loud(self, at: datetime, start: datetime) -> datetime:
        """The next minute that is not quiet, or the last one before, if it would be too late."""
        return loud(at, start, self.zone, self.quiet)


@cache
def loud(at: datetime, start: datetime, zone: str, quiet: tuple[int, int] | None) -> datetime:
    def is_quiet(moment: datetime) -> bool:
        if quiet is None:
            return False
        hour = moment.astimezone(ZoneInfo(zone)).hour
        begins, ends = quiet
        return begins <= hour < ends if begins < ends else hour >= begins or hour < ends

    later = earlier = at
    while is_quiet(later):
        later += MINUTE
    if later <= start - timedelta(minutes=30) or later == at:
        return later
    while is_quiet(earlier):
        earlier -= MINUTE
    return earlier


@dataclass(frozen=True)
class Sent:
    """One message; `names` are those whom it mentions."""

    at: datetime
    number: int
    """Of the session."""
    platform: str
    chat: str
    kind: str
    names: frozenset[str] = frozenset()

    def __str__(self) -> str:
        where = f"{self.platform} {self.chat} {' '.join(sorted(self.names))}"
        return f"{self.at:%Y-%m-%d %H:%M} session {self.number}: {self.kind} to {where}"


@dataclass
class Notice:
    """A private message about a change that waits for the end of somebody's quiet hours."""

    at: datetime
    until: datetime
    who: Who
    kind: str


@dataclass
class Meeting:
    number: int
    start: datetime
    announce_at: datetime
    has_paper: bool
    lasts: timedelta = timedelta(minutes=90)
    closes_before: timedelta | None = None
    is_announced: bool = False
    room: Room = field(default_factory=Room)
    tell_at: datetime | None = None
    notices: list[Notice] = field(default_factory=list)
    had: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def end(self) -> datetime:
        return self.start + self.lasts

    @property
    def closes(self) -> datetime:
        """From then on nobody can say yes."""
        return self.end if self.closes_before is None else self.start - self.closes_before

    def count(self, who: Who) -> int:
        """Unasked private messages that they got, or that are on their way to them."""
        waiting = sum(one.who is who and one.kind != "seat" for one in self.notices)
        return self.had[who.name] + waiting

    def is_concerned(self, who: Who) -> bool:
        one = self.room.answers.get(who.name)
        return who.is_member and one is not None and one.word in ("going", "maybe")

    def is_coming(self, who: Who) -> bool:
        return self.is_concerned(who) and not self.room.answers[who.name].is_waiting


@dataclass
class Club:
    """Everything that was said and done, and what was to be sent for it until now."""

    now: datetime
    people: dict[str, Who] = field(default_factory=dict)
    meetings: dict[int, Meeting] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    def until(self, to: datetime) -> None:
        """Time passes while the bot is up: all comes when it is due."""
        while (at := self._next(to)) is not None:
            self._moment(self.now, at)
            self.now = at
        self.now = to

    def outage(self, to: datetime) -> None:
        """The bot is down, and what nobody would want any more does not come at all."""
        self._moment(self.now, to)
        self.now = to

    def _next(self, to: datetime) -> datetime | None:
        found = [at for meeting in self.meetings.values() for at in self._dues(meeting)]
        return min((at for at in found if self.now < at <= to), default=None)

    def _dues(self, meeting: Meeting) -> list[datetime]:
        dues = [meeting.announce_at, *(one.at for one in meeting.notices)]
        dues += [meeting.tell_at] if meeting.tell_at else []
        return dues + [at for at, _, _, _ in self._reminders(meeting)]

    def _reminders(self, meeting: Meeting) -> list[tuple[datetime, datetime, str, Who | None]]:
        """When, until when, what, to whom; None stands for the places."""
        if meeting.room.is_cancelled:
            return []
        start = meeting.start
        found: list[tuple[datetime, datetime, str, Who | None]] = []
        # Nobody is asked what they cannot answer any more.
        last = min(start, meeting.closes)
        asked_at = start - 3 * DAY
        if asked_at >= last:
            asked_at = last - DAY
        is_asked = asked_at > meeting.announce_at
        if is_asked:
            found.append((asked_at, min(last, asked_at + DAY), "rsvp", None))
        if meeting.has_paper:
            found.append((meeting.end, meeting.end + 3 * DAY, "after", None))
        for who in self.people.values():
            if not who.is_member or who.where == "off":
                continue
            if who.name not in meeting.room.answers and is_asked and who.wants_nudge and who.chat:
                at = who.loud(asked_at, last)
                found.append((at, min(last, at + DAY), "nudge", who))
            if meeting.is_coming(who) and who.wants_day:
                found.append((who.loud(start - who.lead, start), start, "begins", who))
            if meeting.is_coming(who) and who.wants_hour:
                found.append((who.loud(start - timedelta(hours=1), start), start, "soon", who))
        return found

    def _moment(self, since: datetime, at: datetime) -> None:
        """All that is due after `since` comes at this instant, unless it is too late for it."""
        tried: set[tuple[str, str]] = set()
        for meeting in self.meetings.values():
            self._of_meeting(meeting, since, at, tried)
        for name, platform in tried:
            self.people[name].unreachable.add(platform)

    def _of_meeting(
        self, meeting: Meeting, since: datetime, at: datetime, tried: set[tuple[str, str]]
    ) -> None:
        room = meeting.room
        is_up = not room.is_cancelled and at < meeting.end
        if not meeting.is_announced and not room.is_cancelled and meeting.announce_at <= at:
            meeting.is_announced = True
            if is_up:
                self._in_places(meeting, at, "announced")
        if meeting.tell_at is not None and meeting.tell_at <= at:
            self._tell(meeting, at, tried)
        for one in [one for one in meeting.notices if one.at <= at]:
            meeting.notices.remove(one)
            self._notice(meeting, one, at, tried)
        self._remind(meeting, since, at, tried)

    def _remind(
        self, meeting: Meeting, since: datetime, at: datetime, tried: set[tuple[str, str]]
    ) -> None:
        due = [one for one in self._reminders(meeting) if since < one[0] <= at]
        last = {who.name for _, _, kind, who in due if kind == "soon" and who}
        named: dict[tuple[datetime, str, str], set[str]] = defaultdict(set)
        for when, until, kind, who in sorted(due, key=lambda one: one[0]):
            if until <= at:
                continue
            if who is None:
                self._in_places(meeting, at, kind)
            elif kind == "begins" and who.name in last:
                continue
            elif who.chat is None:
                named[when, kind, who.place].add(who.accounts[who.place])
            elif meeting.count(who) < MOST:
                self._private(meeting, who, at, kind, tried)
        for (_, kind, place), accounts in named.items():
            self._say(meeting, at, place, "place", kind, accounts)

    def _private(
        self, meeting: Meeting, who: Who, at: datetime, kind: str, tried: set[tuple[str, str]]
    ) -> None:
        """In private; who comes and has closed that chat is named in the place."""
        assert who.chat is not None
        if who.chat in who.closed:
            tried.add((who.name, who.chat))
            if kind != "nudge" and meeting.is_concerned(who):
                self._say(meeting, at, who.place, "place", kind, {who.accounts[who.place]})
            return
        if kind != "seat":
            meeting.had[who.name] += 1
        self._say(meeting, at, who.chat, who.accounts[who.chat], kind)

    def _say(
        self,
        meeting: Meeting,
        at: datetime,
        platform: str,
        chat: str,
        kind: str,
        names: set[str] | None = None,
    ) -> None:
        shown = "begins" if kind == "soon" else kind
        one = Sent(at, meeting.number, platform, chat, shown, frozenset(names or ()))
        self.sent.append(one)

    def _in_places(self, meeting: Meeting, at: datetime, kind: str) -> None:
        for place in PLACES:
            self._say(meeting, at, place, "place", kind)

    def _tell(self, meeting: Meeting, at: datetime, tried: set[tuple[str, str]]) -> None:
        """A notice in each place, which names those who want it so; a private one to the others."""
        assert meeting.tell_at is not None
        kind = "cancelled" if meeting.room.is_cancelled else "changed"
        until = max(meeting.start, meeting.tell_at + timedelta(hours=1))
        until += DAY if kind == "cancelled" else timedelta()
        meeting.tell_at = None
        meeting.notices = [one for one in meeting.notices if one.kind == "seat"]
        concerned = [who for who in self.people.values() if meeting.is_concerned(who)]
        is_late = until <= at or (kind == "changed" and at >= meeting.end)
        named = {place: set[str]() for place in PLACES} if meeting.is_announced else {}
        self._to_people(meeting, concerned, kind, at, until, tried, named)
        if not is_late:
            for place, accounts in named.items():
                self._say(meeting, at, place, "place", kind, accounts)

    def _to_people(
        self,
        meeting: Meeting,
        people: list[Who],
        kind: str,
        at: datetime,
        until: datetime,
        tried: set[tuple[str, str]],
        named: dict[str, set[str]],
    ) -> None:
        for who in people:
            if who.chat is None or (kind != "seat" and meeting.count(who) >= MOST):
                named.setdefault(who.place, set()).add(who.accounts[who.place])
                continue
            notice = Notice(max(at, who.loud(at, meeting.start)), until, who, kind)
            if notice.at > at:
                meeting.notices.append(notice)
            else:
                self._notice(meeting, notice, at, tried)

    def _notice(
        self, meeting: Meeting, notice: Notice, at: datetime, tried: set[tuple[str, str]]
    ) -> None:
        who, kind = notice.who, notice.kind
        is_wanted = meeting.room.is_cancelled == (kind == "cancelled") and meeting.is_concerned(who)
        if kind == "seat":
            is_wanted = is_wanted and meeting.is_coming(who)
        if kind == "changed" and notice.at >= meeting.end:
            is_wanted = False
        if is_wanted and at < notice.until and who.chat:
            self._private(meeting, who, at, kind, tried)

    # What people do.

    def served(self) -> None:
        """Those who were given a seat are told of it."""
        tried: set[tuple[str, str]] = set()
        for meeting in self.meetings.values():
            told = [self.people[name] for name in meeting.room.told]
            meeting.room.told = []
            if told and not meeting.room.is_cancelled:
                named: dict[str, set[str]] = {}
                self._to_people(meeting, told, "seat", self.now, meeting.end, tried, named)
                for place, accounts in named.items():
                    self._say(meeting, self.now, place, "place", "seat", accounts)
        for name, platform in tried:
            self.people[name].unreachable.add(platform)

    def schedule(self, meeting: Meeting) -> None:
        """It is saved, and announced at once."""
        self.meetings[meeting.number] = meeting
        meeting.is_announced = True
        self._in_places(meeting, self.now, "announced")

    def leave(self, name: str) -> None:
        who = self.people[name]
        who.is_member = False
        for meeting in self.meetings.values():
            meeting.notices = [one for one in meeting.notices if one.who is not who]
            if meeting.end > self.now:
                meeting.room.leave(name)
        self.served()

    def move(self, meeting: Meeting, start: datetime) -> None:
        meeting.start = start
        if not meeting.is_announced:
            first = max(self.now, start - 7 * DAY)
            meeting.announce_at = min(meeting.announce_at, first)
        for one in meeting.room.answers.values():
            one.is_confirmed = one.word == "no"
        self._moment(self.now, self.now)

    def tell(self, meeting: Meeting) -> None:
        is_soon = meeting.start - self.now < timedelta(minutes=30)
        meeting.tell_at = meeting.tell_at or self.now + (0 if is_soon else 10) * MINUTE
        self._moment(self.now, self.now)

    def cancel(self, meeting: Meeting) -> None:
        meeting.room.is_cancelled = True
        meeting.notices = []
        meeting.tell_at = self.now + MINUTE if self._is_known(meeting) else None

    def _is_known(self, meeting: Meeting) -> bool:
        return meeting.is_announced or any(map(meeting.is_concerned, self.people.values()))

    def uncancel(self, meeting: Meeting) -> bool:
        """Whether people had been told of it."""
        was_told = self._is_known(meeting) and meeting.tell_at is None
        meeting.room.is_cancelled, meeting.tell_at = False, None
        self._moment(self.now, self.now)
        return was_told
