"""A platform's limits are kept ahead of time, and people who are answered never wait."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.invocation import PlaceRef
from bot.chat.pacer import Pacer, Rate

GROUP = PlaceRef("telegram", "-1")


def private(number: int) -> PlaceRef:
    return PlaceRef("telegram", str(number), is_private=True)


def limits(place: PlaceRef) -> tuple[Rate, ...]:
    return (Rate(1, 1.0),) if place.is_private else (Rate(1, 1.0), Rate(20, 60.0))


class Time:
    """A clock that goes on when everybody sleeps; each sleep ends a little late."""

    def __init__(self, late: float = 0.0) -> None:
        self.now = 1_000.0
        self.late = late

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += max(0.0, seconds) + self.late
        await asyncio.sleep(0)


def paced(time: Time, rate: float | None = 30.0) -> Pacer:
    return Pacer(rate, limits, clock=time.clock, sleep=time.sleep)


def most_in(instants: Sequence[float], seconds: float) -> int:
    """The most that fall into any span of so many seconds."""
    return max(
        position - bisect_left(instants, instant - seconds + 1e-9) + 1
        for position, instant in enumerate(instants)
    )


@settings(max_examples=30, deadline=None)
@given(count=st.integers(60, 300), late=st.floats(0, 0.003))
async def test_many_chats_get_theirs_as_fast_as_the_limit_allows_and_no_faster(
    count: int, late: float
) -> None:
    time = Time(late)
    pacer = paced(time)
    begun = time.now
    sent = []
    for number in range(count):
        await pacer.turn(private(number))
        sent.append(time.now)
    assert most_in(sent, 1.0) <= 30
    assert sent[-1] - begun <= 1.03 * (count - 1) / 30 + 0.05


@settings(max_examples=20, deadline=None)
@given(counts=st.lists(st.integers(0, 3), min_size=30, max_size=60))
async def test_a_group_gets_twenty_in_a_minute_and_one_in_a_second(counts: list[int]) -> None:
    time = Time()
    pacer = paced(time)
    sent = []
    for others in counts:
        for number in range(others):
            await pacer.turn(private(number))
        await pacer.turn(GROUP)
        sent.append(time.now)
    assert most_in(sent, 60.0) <= 20
    assert most_in(sent, 1.0) <= 1


async def test_an_answer_does_not_wait_and_what_is_unasked_makes_room() -> None:
    time = Time()
    pacer = paced(time)
    for number in range(30):
        pacer.used(private(number))
    assert time.now == 1_000.0
    await pacer.turn(private(99))
    assert 1_000.9 < time.now < 1_001.2


async def test_a_full_chat_says_how_long_and_holds_nobody_up() -> None:
    time = Time()
    pacer = paced(time)
    for _ in range(20):
        pacer.used(GROUP)
    assert 59 < pacer.room_in(GROUP) < 62
    assert pacer.room_in(private(1)) == 0
    await pacer.turn(private(1))
    assert time.now < 1_001


async def test_a_chat_that_refuses_is_left_alone_for_so_long_and_the_others_are_not() -> None:
    time = Time()
    pacer = paced(time)
    pacer.refused(7, private(1))
    assert pacer.held(private(1)) == pacer.room_in(private(1)) == 7
    assert pacer.held(private(2)) == 0
    await pacer.turn(private(2))
    assert time.now == 1_000.0
    await pacer.turn(private(1))
    assert time.now >= 1_007


async def test_a_platform_that_refuses_is_left_alone_and_then_written_to_more_slowly() -> None:
    time = Time()
    pacer = paced(time)
    pacer.refused(5)
    sent = []
    for number in range(1_500):
        await pacer.turn(private(number))
        sent.append(time.now)
    assert sent[0] >= 1_005
    assert most_in(sent[:60], 1.0) < 29
    assert most_in(sent[-60:], 1.0) >= 29


async def test_processes_share_and_a_new_one_waits_until_the_others_know() -> None:
    time = Time()
    pacer = paced(time)
    pacer.share(2)
    pacer.wait_for_share(3.0)
    sent = []
    for number in range(60):
        await pacer.turn(private(number))
        sent.append(time.now)
    assert sent[0] >= 1_003
    assert most_in(sent, 1.0) <= 15


async def test_after_a_pause_something_is_made_up_for_and_no_second_is_overfull() -> None:
    time = Time()
    pacer = paced(time)
    sent = []
    for number in range(300):
        if number in (100, 217):
            time.now += 0.2
        await pacer.turn(private(number))
        sent.append(time.now)
    assert most_in(sent, 1.0) <= 30
    assert sent[-1] - sent[0] <= 1.01 * 299 / 30 + 0.35


async def test_a_message_that_is_ready_late_leaves_late_and_no_second_is_overfull() -> None:
    time = Time()
    pacer = paced(time)
    sent = []
    for number in range(120):
        slot = await pacer.reserve(private(number), 0.05)
        assert slot - time.now <= 0.05 + 1e-9
        if number % 30 == 7:
            time.now = max(time.now, slot) + 0.1
        await pacer.leave(slot)
        assert time.now >= slot - 1e-9
        sent.append(time.now)
    assert most_in(sent, 1.0) <= 30


async def test_while_people_are_answered_there_is_room_for_the_next_answers() -> None:
    time = Time()
    pacer = paced(time)
    instants = []
    for number in range(200):
        if number % 3 == 0:
            pacer.used(private(1_000 + number))
            instants.append(time.now)
        await pacer.turn(private(number))
        instants.append(time.now)
    assert most_in(instants[60:], 1.0) <= 28


async def test_a_message_of_two_requests_takes_two_turns() -> None:
    time = Time()
    pacer = Pacer(50.0, requests=lambda place: 2, clock=time.clock, sleep=time.sleep)
    instants = []
    for number in range(100):
        await pacer.turn(private(number))
        instants.append(time.now)
        await pacer.leave()
        instants.append(time.now)
    assert most_in(instants, 1.0) <= 50
    assert instants[-1] - instants[0] <= 1.03 * 199 / 50


async def test_each_refusal_slows_down_a_little_more_and_those_at_once_are_one() -> None:
    time = Time()
    pacer = paced(time)

    async def seconds() -> float:
        for number in range(30):
            await pacer.turn(private(number))
        begun = time.now
        for number in range(30):
            await pacer.turn(private(number))
        return time.now - begun

    usual = await seconds()
    for _ in range(9):
        pacer.refused(0.1)
    once = await seconds()
    for _ in range(9):
        pacer.refused(0.1)
        time.now += 1.5
    assert usual < once < 1.1 * usual
    assert await seconds() > 1.2 * usual


async def test_without_limits_nothing_waits_and_memory_is_bounded() -> None:
    time = Time()
    free = Pacer(clock=time.clock, sleep=time.sleep)
    for _ in range(100):
        await free.turn(GROUP)
    assert time.now == 1_000.0
    pacer = paced(time)
    for number in range(30_000):
        pacer.used(private(number))
        pacer.refused(0.001, private(number))
        time.now += 0.01
    assert len(pacer._chats) + len(pacer._held) <= 20_002
