"""Front matter: what a page says about itself in fields, which wins over what its text says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.archive.grammar.dates import read_date
from bot.archive.grammar.links import web_link
from bot.archive.grammar.people import find_contacts, read_people, without_contacts
from bot.archive.lines import normalise
from bot.archive.record import (
    Contact,
    Contributor,
    Link,
    NotAPage,
    PageDate,
    PageWarning,
    PaperCode,
)

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}-\d{3,6}")
_NETWORKS = {"tg": "telegram", "twitter": "x", "mail": "email", "e-mail": "email"}


@dataclass(slots=True)
class Fields:
    """The fields that a page may have; None or empty where it has none."""

    code: PaperCode | None = None
    texts: dict[str, str] = field(default_factory=dict)
    """Title, subtitle, abstract, category, chapter, summary."""
    date: PageDate | None = None
    people: list[Contributor] = field(default_factory=list)
    paper_authors: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def read_fields(given: Mapping[str, object], warnings: list[PageWarning]) -> Fields:
    """Reads the fields; NotAPage for a code that is none."""
    fields = Fields()
    for key in ("title", "subtitle", "abstract", "category", "chapter", "summary"):
        value = given.get(key) or (given.get("categories") if key == "category" else None)
        if text := without_contacts(_text(value)):
            fields.texts[key] = text
    if code := _text(given.get("code")) or _code_elsewhere(given):
        fields.code = PaperCode.parse(code)
        if fields.code is None:
            raise NotAPage(f"The code “{code[:40]}” is none. Write it like WPRC-006.")
    if date := _text(given.get("date")):
        found = read_date(date)
        fields.date = found.date if found else None
        if fields.date is None:
            text = f"The date “{date[:40]}” is in no calendar; write it like 2024-06-28."
            warnings.append(PageWarning(1, text))
    for entry in _entries(given.get("contributors")):
        fields.people += _people(entry)
    authors = given.get("paper_authors") or given.get("authors") or given.get("author")
    fields.paper_authors = [name for entry in _entries(authors) if (name := _name(entry))]
    for entry in _entries(given.get("links")):
        url = _text(entry.get("url")) if isinstance(entry, Mapping) else _text(entry)
        label = _text(entry.get("label")) if isinstance(entry, Mapping) else ""
        if link := web_link(url, label or None):
            fields.links.append(link)
    return fields


def _code_elsewhere(given: Mapping[str, object]) -> str:
    """The value of another field that is a code: ``id: WPRC-006``."""
    codes = (value for value in given.values() if isinstance(value, str) and _CODE.fullmatch(value))
    return next(codes, "")


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return normalise(", ".join(str(part) for part in value))
    return "" if value is None or isinstance(value, Mapping) else normalise(str(value))


def _entries(value: object) -> Iterator[object]:
    if isinstance(value, list | tuple):
        yield from value
    elif value is not None:
        yield value


def _name(entry: object) -> str:
    return _text(entry.get("name") if isinstance(entry, Mapping) else entry)


def _people(entry: object) -> list[Contributor]:
    if not isinstance(entry, Mapping):
        return read_people(_text(entry))
    name, hidden = find_contacts(_name(entry).replace("|", " "))
    name = normalise(name)
    role = normalise(_text(entry.get("role")).translate(str.maketrans("()", "  ")))
    contacts = list(hidden)
    for key, value in entry.items():
        if key == "contacts":
            contacts += _contacts(value)
        elif key not in ("name", "role") and _text(value):
            contacts.append(_contact(str(key), _text(value)))
    return [Contributor(name, role or "contributor", tuple(contacts))] if name else []


def _contacts(value: object) -> Iterator[Contact]:
    for entry in _entries(value):
        if not isinstance(entry, Mapping):
            yield from find_contacts(_text(entry))[1]
        elif "kind" in entry:
            yield _contact(_text(entry["kind"]), _text(entry.get("value")))
        else:
            yield from (_contact(str(kind), _text(text)) for kind, text in entry.items())


def _contact(kind: str, value: str) -> Contact:
    kind = normalise(kind.replace("|", " ").replace(":", " ")).lower()
    return Contact(_NETWORKS.get(kind, kind), normalise(value.replace("|", " ")).removeprefix("@"))
