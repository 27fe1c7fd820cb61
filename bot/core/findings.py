"""What was found when something was looked at: a level, what is so, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.text import Span, Text


class Level(StrEnum):
    """How bad it is; the order is from good to bad."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a doctor. `to_do` is a sentence; empty where there is nothing to be done."""

    area: str
    level: Level
    what: Text
    to_do: str = ""


def ok(area: str, *what: Span, to_do: str = "") -> Finding:
    return Finding(area, Level.OK, what, to_do)


def warning(area: str, *what: Span, to_do: str) -> Finding:
    return Finding(area, Level.WARNING, what, to_do)


def problem(area: str, *what: Span, to_do: str) -> Finding:
    return Finding(area, Level.PROBLEM, what, to_do)


def worst(findings: Iterable[Finding]) -> Level:
    """The level of the whole."""
    levels = list(Level)
    return max((one.level for one in findings), key=levels.index, default=Level.OK)
