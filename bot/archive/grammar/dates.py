"""Dates as people write them, known to the day, the month or the year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.archive.record import PageDate

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero ene gennaio janeiro",
            "february feb februar février févr fevrier febrero febbraio fevereiro",
            "march mar märz mrz maerz mars marzo março",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio maio",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet juil julio luglio julho",
            "august aug août aout agosto ago",
            "september sept sep septembre septiembre settembre setembro",
            "october oct oktober okt octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre décembre diciembre dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
_NAME = "(?:" + "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True)) + r")\b\.?"
_DATE = re.compile(
    r"(?<![\w#-])(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:"
    r"(?P<y1>\d{4})\s?[-./]\s?(?P<m1>\d{1,2})(?:\s?[-./]\s?(?P<d1>\d{1,2}))?"
    r"|(?P<d2>\d{1,2})\.\s?(?P<m2>\d{1,2})\.\s?(?P<y2>\d{4})"
    r"|(?P<d3>\d{1,2})/(?P<m3>\d{1,2})/(?P<y3>\d{4})"
    rf"|(?P<d4>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?(?P<m4>{_NAME}),?\s+(?:de\s+)?(?P<y4>\d{{4}})"
    rf"|(?P<m5>{_NAME})\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y5>\d{{4}})"
    rf"|(?P<m6>{_NAME}),?\s+(?:de\s+)?(?P<y6>\d{{4}})"
    r"|(?P<y7>\d{4})年\s?(?P<m7>\d{1,2})月(?:\s?(?P<d7>\d{1,2})日)?"
    r")(?![^\WT]|-)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"[T,\s(]*(?:(?:at|from|um|à)\s)?\d{1,2}(?:[:.]\d{2}){1,2}(?:\s?[-–]\s?\d{1,2}[:.]\d{2})?"
    r"\s?(?:[ap]m|Z|[A-Z]{2,4})?\s?(?:[+-]\d{2}:?\d{2})?[)\s]*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands; the date is None where no calendar has it."""

    date: PageDate | None
    start: int
    end: int
    is_ambiguous: bool = False
    """True for ``03/04/2024``, read as the third of April."""


def find_date(text: str) -> FoundDate | None:
    """The first date of a text that says at least year and month."""
    match = _DATE.search(text)
    if match is None:
        return None
    groups = {name[0]: value for name, value in match.groupdict().items() if value}
    day, month = int(groups["d"]) if "d" in groups else None, _month(groups["m"])
    if match["d3"] and month > 12 and day is not None:
        day, month = month, day
    is_ambiguous = bool(match["d3"]) and day is not None and day <= 12 and day != month
    return FoundDate(_date(int(groups["y"]), month, day), match.start(), match.end(), is_ambiguous)


def read_date(text: str) -> FoundDate | None:
    """Reads a text that is nothing but a date, a year alone included."""
    text = text.strip().removeprefix("@")
    if _YEAR.fullmatch(text):
        return FoundDate(PageDate(int(text)), 0, 4)
    found = find_date(text) if len(text) < 60 else None
    if found is None or text[: found.start].strip(" ,("):
        return None
    rest = text[found.end :]
    if rest.strip(" .,)") and not _TIME.fullmatch(rest):
        return None
    return found


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS[text.casefold().rstrip(".")]


def _date(year: int, month: int, day: int | None) -> PageDate | None:
    try:
        return PageDate(year, month, day)
    except ValueError:
        return None
