"""Repeats: how a session comes again, as a rule of RFC 5545 on wall times.

The rule is followed by the clock on the wall, so that 8 pm stays 8 pm across a clock change.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import islice

from dateutil.rrule import rrule, rrulestr

from bot.chat.errors import Invalid
from bot.chat.text import clean

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDER = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": -1,
}
_WORDS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_NEVER = frozenset({"no", "never", "once", "none", "does not repeat", "-"})
_MOST_TEXT, _MOST_INTERVAL, _MOST_COUNT = 200, 52, 200
_MOST_LOOKED_AT = 2_000
_HORIZON = timedelta(days=366 * 12)
_DAY = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in (day.lower() for day in _DAYS))
_DAY += "|tues|thur|thurs"
_EVERY = re.compile(
    rf"(?:every )?(?:(other|second|2nd|(\d{{1,2}})) ?)?(week|day|month|{_DAY})s?"
    rf"(?: (?:on )?({_DAY})s?)?",
    re.ASCII,
)
_NTH = re.compile(
    rf"(?:monthly |every |the )*(?:on )?(?:the )?({'|'.join(_ORDER)}) ({_DAY})"
    r"(?: (?:of|in) (?:the|each|every) month)?(?: monthly)?"
)
_ON_DAY = re.compile(r"monthly (?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)?", re.ASCII)
_UNTIL = re.compile(r" (?:until|till) (\d{4}-\d{2}-\d{2})$", re.ASCII)
_TIMES = re.compile(r"(?:,)? (?:x ?)?(\d{1,3})(?: times)?$|,? x ?(\d{1,3})$", re.ASCII)
_PLAIN = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "every week": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "every fortnight": "FREQ=WEEKLY;INTERVAL=2",
}
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
)
_HINT = (
    "Write “weekly”, “every other thursday”, “last tuesday” or “monthly on the 15th”; “until "
    "2031-06-01” or “5 times” behind it ends it; “no” repeats nothing."
)


def read_repeat(text: str, start: datetime) -> str | None:
    """The rule that a text means, None for none; raises Invalid with what would be right.

    `start` is the first session's wall time: “monthly” is on its weekday's place in the month.
    """
    words = " ".join(clean(text[: _MOST_TEXT + 1]).casefold().split()).rstrip(".")
    if len(words) > _MOST_TEXT:
        raise Invalid(f"That is too long. {_HINT}")
    if words in _NEVER:
        return None
    rule = words.upper() if words.startswith(("freq=", "rrule:")) else None
    if rule is None:
        bare, end = _cut_end(words)
        rule = _rule(bare, start)
        if rule is None:
            raise Invalid(f"“{clean(text)[:60]}” is no repeat that I understand. {_HINT}")
        rule += end
    rule = rule.removeprefix("RRULE:")
    _check(rule, start)
    return rule


def _cut_end(words: str) -> tuple[str, str]:
    if match := _UNTIL.search(words):
        return words[: match.start()], f";UNTIL={match[1].replace('-', '')}T235959"
    match = re.search(r",? (?:(\d{1,3}) times|x ?(\d{1,3}))$", words, re.ASCII)
    if match:
        return words[: match.start()], f";COUNT={int(match[1] or match[2])}"
    return words, ""


def _rule(words: str, start: datetime) -> str | None:
    if words in _PLAIN:
        return _PLAIN[words]
    if words in ("monthly", "every month"):
        place = (start.day - 1) // 7 + 1
        return f"FREQ=MONTHLY;BYDAY={place if place < 5 else -1}{_CODES[start.weekday()]}"
    if match := _NTH.fullmatch(words):
        return f"FREQ=MONTHLY;BYDAY={_ORDER[match[1]]}{_code(match[2])}"
    if match := _ON_DAY.fullmatch(words):
        return f"FREQ=MONTHLY;BYMONTHDAY={int(match[1])}"
    match = _EVERY.fullmatch(words)
    if match is None:
        return None
    interval = int(match[2]) if match[2] else 2 if match[1] else 1
    every = f";INTERVAL={interval}" if interval != 1 else ""
    unit = match[3]
    if unit == "day":
        return f"FREQ=DAILY{every}"
    if unit == "month":
        place = (start.day - 1) // 7 + 1
        return f"FREQ=MONTHLY{every};BYDAY={place if place < 5 else -1}{_CODES[start.weekday()]}"
    named = match[4] if unit == "week" else unit
    on = f";BYDAY={_code(named)}" if named else ""
    return f"FREQ=WEEKLY{every}{on}"


def _code(name: str) -> str:
    return next(
        code for code, day in zip(_CODES, _DAYS, strict=True) if day[:3].lower() == name[:3]
    )


def _check(rule: str, start: datetime) -> None:
    """Raises Invalid for a rule that means nothing, never comes, or is unreasonable."""
    parts = _parts(rule)
    is_known = (
        parts.get("FREQ") in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY") and set(parts) <= _PARTS
    )
    for name, most in (("INTERVAL", _MOST_INTERVAL), ("COUNT", _MOST_COUNT)):
        number = parts.get(name, "1")
        is_known &= number.isascii() and number.isdecimal() and 1 <= int(number[:6]) <= most
    if not is_known:
        raise Invalid(f"That rule cannot be followed. {_HINT}")
    try:
        found = occurrences(rule, start, start - timedelta(minutes=1), 1)
    except (ValueError, TypeError, OverflowError, KeyError, IndexError, AttributeError):
        raise Invalid(f"That rule cannot be read. {_HINT}") from None
    if not found:
        raise Invalid("By that rule there is no date at all. Look at it once more.")


def _parts(rule: str) -> dict[str, str]:
    return {
        name: value for name, _, value in (part.partition("=") for part in rule.split(";")) if name
    }


def occurrences(rule: str, start: datetime, after: datetime, limit: int) -> list[datetime]:
    """The wall times of a rule from `start` on that are later than `after`; at most `limit`.

    Wall times have no zone. Never looks at more than a few thousand dates, nor further ahead than
    twelve years.
    """
    if limit <= 0:
        return []
    parsed = rrulestr(rule, dtstart=start)
    if not isinstance(parsed, rrule):
        raise ValueError(f"not one rule: {rule!r}")
    found: list[datetime] = []
    for local in islice(_bounded(rule, parsed, max(start, after) + _HORIZON), _MOST_LOOKED_AT):
        if local > after:
            found.append(local)
            if len(found) == limit:
                break
    return found


def _bounded(rule: str, parsed: rrule, horizon: datetime) -> rrule:
    """The rule with an end, since one that never comes would be looked for until the year 9999."""
    return parsed if "UNTIL" in _parts(rule) else parsed.replace(until=horizon)


def repeat_words(rule: str) -> str:
    """``every other Thursday``, ``the last Tuesday of each month``."""
    parts = _parts(rule)
    interval = int(parts.get("INTERVAL", "1"))
    days = list(re.finditer(r"([+-]?\d)?([A-Z]{2})", parts.get("BYDAY", "")))
    names = " and ".join(_named(match) for match in days)
    match parts["FREQ"]:
        case "WEEKLY" if names:
            words = f"every {_other(interval)}{names}"
        case "WEEKLY":
            words = f"every {_other(interval)}week" if interval < 3 else f"every {interval} weeks"
        case "MONTHLY" if names:
            each = "each month" if interval == 1 else f"every {interval} months"
            words = f"the {names} of {each}"
        case "MONTHLY" if "BYMONTHDAY" in parts:
            words = f"monthly on day {parts['BYMONTHDAY']}"
        case freq:
            unit = {"DAILY": "day", "MONTHLY": "month", "YEARLY": "year"}.get(freq, "week")
            words = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    if "COUNT" in parts:
        words += f", {parts['COUNT']} times"
    if "UNTIL" in parts:
        until = parts["UNTIL"]
        words += f", until {until[:4]}-{until[4:6]}-{until[6:8]}"
    return words


def _other(interval: int) -> str:
    return {1: "", 2: "other "}.get(interval, f"{interval}th ")


def _named(match: re.Match[str]) -> str:
    name = dict(zip(_CODES, _DAYS, strict=True))[match[2]]
    return f"{_WORDS[int(match[1])]} {name}" if match[1] else name
