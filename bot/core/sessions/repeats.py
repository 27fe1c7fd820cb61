"""Repeats: how a session comes again, as a rule of RFC 5545 on wall times.

The rule is followed by the clock on the wall, so that 8 pm stays 8 pm across a clock change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
_WORDS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_NEVER = frozenset({"no", "never", "once", "none", "does not repeat", "-"})
_MOST_TEXT, _MOST_INTERVAL, _MOST_COUNT = 200, 52, 200
_MOST_LOOKED_AT = 10_000
_HORIZON = timedelta(days=366 * 12)
_DAY = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in (day.lower() for day in _DAYS))
_DAY += "|tues|thur|thurs"
_DAY_LIST = rf"(?:{_DAY})s?(?:(?:,? and |, ?)(?:{_DAY})s?)*"
_EVERY = re.compile(
    rf"(?:every )?(?:(other|second|2nd|(\d{{1,2}})) ?)?(?:(week|day|month)s?|({_DAY_LIST}))"
    rf"(?: (?:on )?({_DAY_LIST}))?",
    re.ASCII,
)
_MONTHS = r"(?:the|each|every)(?: (other|\d{1,2}))? months?"
_NTH = re.compile(
    rf"(?:monthly |every |the )*(?:on )?(?:the )?({'|'.join(_ORDER)}) ({_DAY})"
    rf"(?: (?:of|in) {_MONTHS})?( monthly)?",
    re.ASCII,
)
_ON_DAY = re.compile(
    r"(?:monthly|every (?:(other|\d{1,2}) )?months?) (?:on )?(?:the |day )?"
    r"(\d{1,2})(?:st|nd|rd|th)?",
    re.ASCII,
)
_UNTIL = re.compile(r",? (?:until|till) (\d{4}-\d{2}-\d{2})$", re.ASCII)
_TIMES = re.compile(r",? (?:(\d{1,3}) times|x ?(\d{1,3}))$", re.ASCII)
_PLAIN = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "every week": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "every fortnight": "FREQ=WEEKLY;INTERVAL=2",
    "yearly": "FREQ=YEARLY",
    "every year": "FREQ=YEARLY",
}
_NUMBER = r"[1-9]\d{0,2}"
_SHAPES = {
    "INTERVAL": re.compile(_NUMBER, re.ASCII),
    "COUNT": re.compile(_NUMBER, re.ASCII),
    "UNTIL": re.compile(r"\d{8}T235959", re.ASCII),
    "WKST": re.compile("|".join(_CODES)),
}
_ORDINALS = re.compile(rf"[+-]?[1-5]?(?:{'|'.join(_CODES)})(?:,[+-]?[1-5]?(?:{'|'.join(_CODES)}))*")
_WEEKDAYS = re.compile(rf"(?:{'|'.join(_CODES)})(?:,(?:{'|'.join(_CODES)}))*")
_DATE = r"-?(?:[1-9]|[12]\d|3[01])"
_MONTH_DAYS = re.compile(rf"{_DATE}(?:,{_DATE})*", re.ASCII)
_BY_FREQUENCY: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "DAILY": {},
    "WEEKLY": {"BYDAY": _WEEKDAYS},
    "MONTHLY": {"BYDAY": _ORDINALS, "BYMONTHDAY": _MONTH_DAYS},
    "YEARLY": {},
}
"""What a rule may say. What filters more may never come true, and then the dates of a rule would be
looked for until the year 9999.
"""
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
    rule = _whole_days(rule.removeprefix("RRULE:"))
    _check(rule, start)
    return rule


def _whole_days(rule: str) -> str:
    """With an end that takes in its day: other calendars write the day alone, or an instant."""
    return re.sub(r"(?<![A-Z])UNTIL=(\d{8})(?:T\d{6}Z?)?(?=;|$)", r"UNTIL=\1T235959", rule)


def _cut_end(words: str) -> tuple[str, str]:
    if match := _UNTIL.search(words):
        return words[: match.start()], f";UNTIL={match[1].replace('-', '')}T235959"
    if match := _TIMES.search(words):
        return words[: match.start()], f";COUNT={int(match[1] or match[2])}"
    return words, ""


def _rule(words: str, start: datetime) -> str | None:
    if words in _PLAIN:
        return _PLAIN[words]
    if words in ("monthly", "every month"):
        place = (start.day - 1) // 7 + 1
        return f"FREQ=MONTHLY;BYDAY={place if place < 5 else -1}{_CODES[start.weekday()]}"
    is_second = words.startswith(("every second ", "every 2nd ")) and "month" not in words
    if not is_second and (match := _NTH.fullmatch(words)):
        return f"FREQ=MONTHLY{_interval(match[3])};BYDAY={_ORDER[match[1]]}{_code(match[2])}"
    if match := _ON_DAY.fullmatch(words):
        return f"FREQ=MONTHLY{_interval(match[1])};BYMONTHDAY={int(match[2])}"
    match = _EVERY.fullmatch(words)
    if match is None:
        return None
    every, unit, named = _interval(match[1]), match[3], match[4] or match[5]
    if unit == "month" and not named:
        place = (start.day - 1) // 7 + 1
        return f"FREQ=MONTHLY{every};BYDAY={place if place < 5 else -1}{_CODES[start.weekday()]}"
    if unit == "day" and not named:
        return f"FREQ=DAILY{every}"
    if unit in ("day", "month") or (match[4] and match[5]):
        return None
    return f"FREQ=WEEKLY{every}{_on(named) if named else ''}"


def _interval(word: str | None) -> str:
    number = int(word) if word and word.isdecimal() else 2 if word else 1
    return f";INTERVAL={number}" if number != 1 else ""


def _on(names: str) -> str:
    codes = {_code(name) for name in re.findall(_DAY, names)}
    return f";BYDAY={','.join(code for code in _CODES if code in codes)}"


def _code(name: str) -> str:
    return next(
        code for code, day in zip(_CODES, _DAYS, strict=True) if day[:3].lower() == name[:3]
    )


def _check(rule: str, start: datetime) -> None:
    """Raises Invalid for a rule that means nothing, never comes, or is unreasonable."""
    parts = _parts(rule)
    shapes = {**_SHAPES, **_BY_FREQUENCY.get(parts.get("FREQ", ""), {})}
    is_known = (
        parts.get("FREQ") in _BY_FREQUENCY
        and not {"COUNT", "UNTIL"} <= set(parts)
        and not {"BYDAY", "BYMONTHDAY"} <= set(parts)
        and all(
            name in shapes and shapes[name].fullmatch(value)
            for name, value in parts.items()
            if name != "FREQ"
        )
        and int(parts.get("INTERVAL", "1")) <= _MOST_INTERVAL
        and int(parts.get("COUNT", "1")) <= _MOST_COUNT
    )
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
    horizon = max(start, after) + _HORIZON
    found: list[datetime] = []
    for local in islice(parsed, _MOST_LOOKED_AT):
        if local > horizon:
            break
        if local > after:
            found.append(local)
            if len(found) == limit:
                break
    return found


def repeat_words(rule: str) -> str:
    """``every other Thursday``, ``the last Tuesday of each month``; a rule that has no such words
    as it is. `read_repeat` understands each of them.
    """
    parts = _parts(rule)
    words = _words(parts, int(parts.get("INTERVAL", "1")))
    if words is None or "WKST" in parts:
        return rule
    if "COUNT" in parts:
        words += f", {parts['COUNT']} times"
    if until := parts.get("UNTIL"):
        words += f", until {until[:4]}-{until[4:6]}-{until[6:8]}"
    return words


def _words(parts: dict[str, str], interval: int) -> str | None:
    days, on = parts.get("BYDAY", ""), parts.get("BYMONTHDAY", "")
    name = dict(zip(_CODES, _DAYS, strict=True))
    match parts["FREQ"]:
        case "DAILY":
            return "every day" if interval == 1 else f"every {interval} days"
        case "YEARLY" if interval == 1:
            return "every year"
        case "WEEKLY":
            named = " and ".join(name[day] for day in days.split(",") if days)
            if interval > 2:
                return f"every {interval} weeks" + (f" on {named}" if named else "")
            return f"every {'other ' if interval == 2 else ''}{named or 'week'}"
        case "MONTHLY" if re.fullmatch(r"\d{1,2}", on, re.ASCII):
            return f"{_every_month(interval)} on day {on}"
        case "MONTHLY" if found := re.fullmatch(r"\+?([1-4]|-1)([A-Z]{2})", days):
            each = "each month" if interval == 1 else _every_month(interval)
            return f"the {_WORDS[int(found[1])]} {name[found[2]]} of {each}"
    return None


def _every_month(interval: int) -> str:
    return "every month" if interval == 1 else f"every {interval} months"
