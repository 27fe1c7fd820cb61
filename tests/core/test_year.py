"""A year of a club: members in eight zones, each with wishes of their own, on both platforms.

Sessions repeat, move, are cancelled by mistake and in earnest; people answer, change their minds,
leave and come back; the bot is down for hours and days. Each message that came, to whom, about
what, where and when, is compared with a plain model.
"""

from __future__ import annotations

import calendar
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from bot.chat.invocation import Actor
from bot.chat.text import plain
from storage.database import Database
from tests.core.hall import words
from tests.core.plain import PLACES, Club, Meeting, Sent, Who
from tests.core.town import BEGIN, Message, Town

T = TypeVar("T")
FACTOR = int(os.environ.get("WPRC_TEST_EXAMPLES", "1"))
ZONES = (
    *("Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("America/St_Johns", "Pacific/Auckland", "Africa/Casablanca", "Asia/Tokyo"),
)
CLUB_ZONE = "Europe/London"
LEADS = {"1 day": 1440, "2 days": 2880, "3 hours": 180, "90 minutes": 90}
SEATS = 3
QUIETS = ((22, 8), (23, 7), (0, 6), (13, 15))
SAID = {
    "Will you come?": "rsvp",
    "You have not said yet": "nudge",
    "A seat is free now": "seat",
    "is cancelled": "cancelled",
    "Changed": "changed",
    "takes place after all": "changed",
    "What do you think": "after",
    "It begins": "begins",
    "meets.": "announced",
}


def as_sent(message: Message) -> Sent:
    said = plain(message.reply.text)
    (kind,) = (kind for start, kind in SAID.items() if start in said)
    number = re.search(r"Session (\d+) ·", words(message.reply))
    assert number is not None, words(message.reply)
    place = message.place
    return Sent(
        message.at.replace(second=0, microsecond=0),
        int(number[1]),
        place.platform,
        place.chat_id if place.is_private else "place",
        kind,
        frozenset(message.mentions),
    )


class Messages(Town):
    """Where cards stay as they were sent, since here messages are counted."""

    async def tick(self) -> None:
        for _ in range(100):
            taken = await self.deliverer.deliver_due()
            await self.deliverer.finished()
            if not taken:
                return
        raise AssertionError("there is always something due")

    def _next(self) -> datetime | None:
        with self.database.unit() as uow:
            found = [uow.lookout.next_at(), uow.outbox.next_at(self.now)]
        return min((one for one in found if one is not None), default=None)


class Year:
    """The same things are done to the house and to the model."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.dice = town, random.Random(seed)  # noqa: S311
        self.club = Club(town.now)
        self.series: dict[int, Iterator[date]] = {}
        self.deadlines: dict[int, timedelta | None] = {}

    async def gather(self) -> None:
        """One or two members in each zone, on one platform each, and one who is on both."""
        for number, zone in enumerate(ZONES):
            for platform in PLACES if number % 3 == 1 else PLACES[number % 2 :][:1]:
                name = f"{'Dis' if platform == 'discord' else 'Tel'}{'abcdefgh'[number]}"
                who = Who(name, {platform: f"{platform[0]}-{name}"}, zone)
                self.club.people[name] = who
                await self.town.press(self.actor(who), "myzone", zone)
        twin = self.club.people.pop("Telh")
        both = self.club.people["Dish"]
        await self.town.link(self.actor(both), self.actor(twin))
        both.accounts |= twin.accounts
        for who in self.club.people.values():
            for _ in range(3):
                await self.wish(who)
        for name in ("Disb", "Teld"):
            who = self.club.people[name]
            platform, account = next(iter(who.accounts.items()))
            who.closed.add(platform)
            self.town.platforms[platform].closed.add(account)

    def actor(self, who: Who) -> Actor:
        platform = self.dice.choice(sorted(who.accounts))
        return Actor(platform, who.accounts[platform], who.name)

    def pick(self, found: list[T]) -> T:
        return self.dice.choice(found)

    def open_ones(self) -> list[Meeting]:
        """Those that can still be answered."""
        now = self.club.now
        return [
            one
            for one in self.club.meetings.values()
            if now < one.end and one.start - now < timedelta(days=20)
        ]

    async def wish(self, who: Who) -> None:
        """Somebody changes what they want of reminders."""
        actor = self.actor(who)
        match self.dice.randrange(8):
            case 0 | 1 | 2:
                await self.town.press(actor, "notify")
                who.where = actor.platform
            case 3:
                where = self.pick(["place", "place", "off", *who.accounts])
                await self.town.press(actor, "remindme", "where", where)
                who.where = where
            case 4:
                words_ = self.pick(sorted(LEADS))
                await self.town.press(actor, "remindme", "lead", words_)
                who.lead, who.wants_day = timedelta(minutes=LEADS[words_]), True
            case 5:
                begins, ends = self.pick(list(QUIETS))
                await self.town.press(actor, "remindme", "quiet", f"{begins}:00-{ends}:00")
                who.quiet = (begins, ends)
            case 6:
                is_on = self.dice.random() < 0.7
                state = "on" if is_on else "off"
                await self.town.press(actor, "remindme", "kind", f"hour-{state}")
                who.wants_hour = is_on
            case _:
                is_on = self.dice.random() < 0.6
                state = "on" if is_on else "off"
                name = self.pick(["nudge", "day"])
                await self.town.press(actor, "remindme", "kind", f"{name}-{state}")
                setattr(who, f"wants_{name}", is_on)

    async def schedule(self, when: str, start: datetime, **details: str) -> Meeting:
        number = await self.town.schedule(when, **details)
        meeting = Meeting(number, start, self.club.now, has_paper=True)
        meeting.room.capacity, meeting.room.guests = SEATS, 1
        self.club.schedule(meeting)
        return meeting

    async def repeat(
        self, rule: str, dates: list[date], hour: int, deadline: int | None = None
    ) -> None:
        """A series, whose dates are said here by another way than by its rule."""
        self.series[hour] = iter(dates)
        self.deadlines[hour] = timedelta(days=deadline) if deadline else None
        first = next(self.series[hour])
        when = f"{first} {hour}:00"
        closing = {"deadline": f"{deadline} days"} if deadline else {}
        meeting = await self.schedule(
            when, at_wall(first, hour), repeat=rule, capacity=str(SEATS), guests="1", **closing
        )
        meeting.closes_before = self.deadlines[hour]
        self.notice_new()

    def notice_new(self) -> None:
        """Sessions of a series that are there now: each is on the next of its dates."""
        with self.town.database.unit(self.town.club_id) as uow:
            found = sorted(uow.sessions.coming(self.town.now), key=lambda one: one.number)
        for one in found:
            if one.number not in self.club.meetings:
                hour = datetime.fromisoformat(one.local_start).hour
                start = at_wall(next(self.series[hour]), hour)
                assert one.starts_at == start
                meeting = Meeting(one.number, start, start - timedelta(days=7), has_paper=False)
                meeting.room.capacity, meeting.room.guests = SEATS, 1
                meeting.closes_before = self.deadlines[hour]
                self.club.meetings[one.number] = meeting

    async def until(self, at: datetime) -> None:
        await self.town.until(at)
        self.club.until(at)
        self.notice_new()

    async def outage(self, at: datetime) -> None:
        """Nothing runs until then; the clock goes on."""
        self.town.now = at
        await self.town.tick()
        self.club.outage(at)
        self.notice_new()

    async def live(self, end: datetime) -> None:
        while self.club.now < end:
            later = timedelta(minutes=self.dice.randrange(1, 60 * 60))
            if self.dice.random() < 0.06:
                await self.outage(self.club.now + 1.5 * later)
            else:
                await self.until(self.club.now + later)
            for _ in range(self.dice.randrange(3)):
                await self.happen()
                self.club.served()
                await self.town.tick()

    async def happen(self) -> None:
        """One thing that members or organisers do."""
        who = self.pick(list(self.club.people.values()))
        chance = self.dice.random()
        if not who.is_member:
            if chance < 0.5:
                await self.town.press(self.actor(who), "rejoin")
                who.is_member = True
        elif chance < 0.62:
            await self.answer(who)
        elif chance < 0.76:
            await self.wish(who)
        elif chance < 0.79:
            await self.town.press(self.actor(who), "quit", "yes")
            self.club.leave(who.name)
        elif open_ones := self.open_ones():
            await self.organise(self.pick(open_ones), chance)

    async def answer(self, who: Who) -> None:
        open_ones = self.open_ones()
        if not open_ones:
            return
        meeting = self.pick(open_ones)
        word = self.pick(["going", "going", "going", "maybe", "no"])
        guests = self.pick([None, None, None, 1])
        more = () if guests is None else (str(guests),)
        await self.town.press(self.actor(who), "rsvp", word, str(meeting.number), *more)
        if word == "no" or self.club.now < meeting.closes:
            meeting.room.say(who.name, word, guests)

    async def organise(self, meeting: Meeting, chance: float) -> None:
        town, number = self.town, str(meeting.number)
        if meeting.room.is_cancelled:
            if self.dice.random() < 0.6 and meeting.start > town.now:
                await town.press(town.organiser, "uncancel", number)
                if self.club.uncancel(meeting):
                    await self.tell(meeting)
        elif chance < 0.85:
            await self.move(meeting)
        elif chance < 0.9:
            await town.press(town.organiser, "cancel-session", number, "yes")
            self.club.cancel(meeting)
        elif chance < 0.95:
            await town.alter(meeting.number, "paper", "6")
            meeting.has_paper = True
        else:
            seats = self.pick([2, 4, 6, 8])
            await town.alter(meeting.number, "capacity", str(seats))
            meeting.room.capacity = seats
            meeting.room.serve()

    async def move(self, meeting: Meeting) -> None:
        here = meeting.start.astimezone(ZoneInfo(CLUB_ZONE))
        day = here.date() + timedelta(days=self.dice.randrange(-3, 8))
        start = at_wall(day, self.pick([18, 20, 21]))
        if start <= self.town.now or start == meeting.start:
            return
        when = f"{start.astimezone(ZoneInfo(CLUB_ZONE)):%Y-%m-%d %H:%M}"
        await self.town.alter(meeting.number, "when", when)
        self.club.move(meeting, start)
        if self.dice.random() < 0.7:
            await self.tell(meeting)

    async def tell(self, meeting: Meeting) -> None:
        await self.town.press(self.town.organiser, "tell", str(meeting.number))
        self.club.tell(meeting)


def at_wall(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(CLUB_ZONE)).astimezone(UTC)


def last_tuesdays(first: date, months: int) -> list[date]:
    found = []
    for number in range(first.month - 1, first.month - 1 + months):
        year, month = first.year + number // 12, number % 12 + 1
        day = date(year, month, calendar.monthrange(year, month)[1])
        found.append(day - timedelta(days=(day.weekday() - 1) % 7))
    return found


@pytest.mark.parametrize("seed", range(1 * FACTOR))
async def test_each_message_of_a_year_is_as_it_should_be(
    database: Database, tmp_path: Path, dialect: str, seed: int
) -> None:
    """A shorter one on PostgreSQL, where each step costs more."""
    town = Messages(database, tmp_path, zone=CLUB_ZONE)
    await town.open()
    try:
        year = Year(town, seed)
        await year.gather()
        thursdays = [date(2026, 12, 10) + timedelta(days=21 * number) for number in range(40)]
        await year.repeat("every 3 weeks on thursday", thursdays, 20)
        await year.repeat("last tuesday", last_tuesdays(date(2026, 12, 1), 20), 19, deadline=4)
        await year.live(BEGIN + timedelta(days=366 if dialect == "sqlite" else 40))
        came = Counter(
            as_sent(one) for at in town.platforms.values() for one in at.messages.values()
        )
        wanted = Counter(
            replace(one, at=one.at.replace(second=0, microsecond=0)) for one in year.club.sent
        )
    finally:
        await town.close()
    missing, more = wanted - came, came - wanted
    lines = [f"missing: {one}" for one in missing] + [f"too much: {one}" for one in more]
    assert not lines, "\n".join(sorted(lines, key=lambda line: line.split(": ", 1)[1])[:20])
    assert {one.kind for one in wanted} >= set(SAID.values()) or dialect != "sqlite"
    assert (
        max(
            Counter(
                (one.number, one.chat)
                for one in came.elements()
                if one.chat != "place" and one.kind != "seat"
            ).values()
        )
        <= 3
    )
