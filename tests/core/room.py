"""A plain model of the seats of one session: who has one, and who waits for one.

It knows nothing of the code that it is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Answer:
    """What one person said, in the model."""

    word: str
    guests: int
    asked: int
    """The place in line; the one who asked first is served first."""
    said: int
    is_confirmed: bool = True
    has_seat: bool = False

    @property
    def seats(self) -> int:
        return 1 + self.guests if self.has_seat else 0

    @property
    def is_waiting(self) -> bool:
        return self.word == "going" and not self.has_seat


@dataclass
class Room:
    """The seats of one session."""

    capacity: int | None = None
    guests: int = 0
    is_cancelled: bool = False
    step: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """Who was given a seat by what another did, since this was last looked at."""

    def taken(self) -> int:
        return sum(one.seats for one in self.answers.values())

    def line(self) -> list[str]:
        waiting = [name for name, one in self.answers.items() if one.is_waiting]
        return sorted(waiting, key=lambda name: self.answers[name].asked)

    def serve(self, by: str | None = None) -> None:
        """Seats go to those who wait, and the first who needs too many holds up the line."""
        for name in self.line():
            one = self.answers[name]
            if self.capacity is not None and self.taken() + 1 + one.guests > self.capacity:
                return
            one.has_seat = True
            if name != by:
                self.told.append(name)

    def say(self, name: str, word: str, guests: int | None) -> bool:
        """Whether it was taken."""
        self.step += 1
        if self.is_cancelled:
            return False
        before = self.answers.get(name)
        if word == "no":
            guests = 0
        elif guests is None:
            had = before.guests if before else 0
            guests = had if before and before.word == word else min(had, self.guests)
        elif not 0 <= guests <= self.guests:
            return False
        if before is None or before.word != "going" or word != "going":
            self.answers[name] = Answer(word, guests, self.step, self.step)
            if before and (before.word, before.guests) == (word, guests):
                self.answers[name].asked = before.asked
        else:
            more = guests - before.guests
            is_more = before.has_seat and more > 0 and self.capacity is not None
            if is_more and (self.line() or self.taken() + more > (self.capacity or 0)):
                return False
            if more or not before.is_confirmed:
                before.said = self.step
            before.guests, before.is_confirmed = guests, True
        self.serve(by=name)
        return True

    def leave(self, name: str) -> None:
        self.step += 1
        if self.answers.pop(name, None) is not None:
            self.serve()

    def join(self, gone: str, stays: str) -> None:
        """Two were one human all along."""
        one, other = self.answers.pop(gone, None), self.answers.get(stays)
        if one is None:
            return
        later = one if other is None or one.said > other.said else other
        earlier = other if later is one else one
        self.answers[stays] = later
        if earlier is not None and (later.word, earlier.word) == ("going", "going"):
            later.asked = min(later.asked, earlier.asked)
            if earlier.has_seat and not later.has_seat:
                later.has_seat, later.guests = True, min(later.guests, earlier.guests)
        self.serve()
