"""One argument: from what a platform gives to what its kind says."""

from __future__ import annotations

from datetime import datetime

from bot.chat.commands import Kind, Parameter, PersonRef, RoleRef, SessionRef
from bot.chat.errors import Invalid
from bot.chat.invocation import Invocation, Origin
from bot.core.catalogue import Catalogue
from storage.session_rows import PROPOSED


def value_of(
    parameter: Parameter,
    value: object,
    invocation: Invocation,
    catalogue: Catalogue,
    now: datetime,
) -> object:
    """The value as the handler takes it; raises Invalid, with what would be right.

    Papers are resolved by the binding itself, since a title may mean several.
    """
    if not isinstance(value, str):
        return value
    match parameter.kind:
        case Kind.INTEGER:
            return _integer(parameter, value)
        case Kind.CHOICE:
            return _choice(parameter, value)
        case Kind.TEXT | Kind.LONG_TEXT:
            return _text(parameter, value)
        case Kind.WHEN:
            return _instant(parameter, value)
    # What was picked from a platform's own list comes as its id; nothing else can be such a thing.
    if invocation.origin is Origin.TYPED and parameter.kind is Kind.ROLE:
        return RoleRef(value, "")
    if invocation.origin is Origin.TYPED and parameter.kind is Kind.PERSON:
        return _member(invocation.actor.platform, value, catalogue)
    if parameter.kind is Kind.PERSON:
        return person_named(value, catalogue)
    if parameter.kind is Kind.SESSION:
        return SessionRef(_session(value, catalogue, now))
    raise Invalid(f"{parameter.name} cannot be typed as “{value}” here: use the buttons.")


def _integer(parameter: Parameter, text: str) -> int:
    if not text.strip().lstrip("-").isdecimal():
        raise Invalid(f"{parameter.name} is a whole number, such as 3; not “{text}”.")
    return int(text)


def _choice(parameter: Parameter, text: str) -> str:
    wanted = text.strip().casefold()
    wanted = parameter.arg.also.get(wanted, wanted)
    for choice in parameter.choices:
        if choice.value.casefold() == wanted:
            return choice.value
    known = ", ".join(choice.value for choice in parameter.choices)
    raise Invalid(f"{parameter.name} is one of {known}; not “{text}”.")


def _text(parameter: Parameter, text: str) -> str:
    most = parameter.arg.max_length
    if len(text) > most:
        raise Invalid(f"{parameter.name} has at most {most:,} characters; this has {len(text):,}.")
    return text.strip()


def _instant(parameter: Parameter, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(
            f"{parameter.name} is a date and a time, such as 2031-03-06 19:00; not “{text}”."
        ) from None


def _member(platform: str, account_id: str, catalogue: Catalogue) -> PersonRef:
    person = catalogue.people.get((platform, account_id))
    if person is None:
        raise Invalid("The club does not know that person yet: they have done nothing here.")
    return PersonRef(person.id, person.name)


def person_named(text: str, catalogue: Catalogue) -> PersonRef:
    """A person by the name that the club knows them by, or by the number that a button carries."""
    wanted = text.strip().removeprefix("@").casefold()
    found = {
        one.id: one.name
        for one in catalogue.people.values()
        if wanted in (one.name.casefold(), str(one.id))
    }
    if len(found) == 1:
        return PersonRef(*found.popitem())
    known = "several people" if found else "nobody"
    raise Invalid(f"The club knows {known} by the name “{text.strip()[:60]}”. See /members.")


def _session(text: str, catalogue: Catalogue, now: datetime) -> int:
    """A session by its number, by the code of its paper, or by a part of what it is called.

    Of several about one paper the next one is meant, else the latest.
    """
    wanted = text.strip().removeprefix("#")
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 9:
        return int(wanted)
    head = catalogue.by_code(wanted)
    if head is not None:
        found = [one for one in catalogue.sessions if one.code == head.code]
    else:
        words = wanted.casefold()
        titles = {one.number: one.title or "" for one in catalogue.sessions}
        for one in catalogue.sessions:
            paper = catalogue.by_code(one.code) if one.code else None
            titles[one.number] += f" {paper.title}" if paper else ""
        found = [one for one in catalogue.sessions if words in titles[one.number].casefold()]
    if not found:
        raise Invalid(f"“{text.strip()[:60]}” is no session. See /sessions.")
    coming = [one for one in found if one.ends_at > now and not one.is_known_off(now)]
    # One that is only proposed may never take place.
    sure = [one for one in coming if one.state != PROPOSED]
    return (sure or coming or found[-1:])[0].number
