"""Those who made a page: names with roles and contacts, out of a byline or a list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.archive.lines import normalise
from bot.archive.record import Contact, Contributor

_EMAIL = re.compile(
    r"(?:mailto:|e-?mail:?\s*)?([\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})", re.I
)
_AT_SIGN = re.compile(r"\s?[\[(](?:at|@)[\])]\s?(?=[\w-]{1,63}\.\w)", re.IGNORECASE)
"""How some write it so that machines do not find it."""
_NETWORKS = {
    "tg": "telegram",
    "telegram": "telegram",
    "discord": "discord",
    "dc": "discord",
    "twitter/x": "x",
    "x/twitter": "x",
    "twitter": "x",
    "github": "github",
    "gh": "github",
    "linkedin": "linkedin",
    "farcaster": "farcaster",
    "signal": "signal",
    "whatsapp": "whatsapp",
    "wechat": "wechat",
    "微信": "wechat",
    "instagram": "instagram",
    "ig": "instagram",
    "matrix": "matrix",
    "nostr": "nostr",
    "medium": "medium",
    "slack": "slack",
    "line": "line",
    "mastodon": "mastodon",
    "bluesky": "bluesky",
    "phone": "phone",
}
_HANDLE = re.compile(
    r"(?<![\w/])("
    + "|".join(sorted(_NETWORKS, key=len, reverse=True))
    + r")\s*[:=]\s*(@?[\w.+#/@-]{1,64})",
    re.I,
)
_X = re.compile(r"(?<=[(,;|])(\s?)x\s*[:=]\s*@?(\w{1,40})|(?<!\w)x\s*[:=]\s*@(\w{1,40})", re.I)
_PUBLIC = re.compile(r"(?<![\w/])(?:tg|telegram)\s*[:=]\s*@?\w{1,64}", re.I)
_AT = re.compile(r"(?<![\w.])@([A-Za-z0-9_.]{2,40})")
_ROLES = (
    "presenter|presented|presents|host|hosted|reviewer|reviewed|reviews?|summari[sz]er|summari[sz]ed|author"
    "|co-?author|editor|edited|note-?taker|notes|translator|translated|moderator|moderated|speaker|facilitator"
    "|organi[sz]er|organi[sz]ed|writer|written|researcher|scribe|lead|question-?keeper|guest|contributor"
    "|contributed|discussant|proofreader|designer|curator|student|mentor"
)
_DONE = {
    "presented": "presenter", "presents": "presenter", "hosted": "host", "reviewed": "reviewer",
    "review": "reviewer", "reviews": "reviewer", "edited": "editor", "translated": "translator",
    "moderated": "moderator", "written": "writer", "contributed": "contributor",
    "notes": "note-taker",
    "summarised": "summariser", "summarized": "summarizer", "organised": "organiser",
    "organized": "organizer", "notetaker": "note-taker",
}  # fmt: skip
_ROLE = re.compile(rf"(?:{_ROLES})s?", re.I)
_LEAD = re.compile(rf"({_ROLES})s?(?:\s+by|\s*[:：])\s*:?\s*|(?:by|with|von|par|por)\s*:?\s+", re.I)
_SEPARATOR = re.compile(r"\s*(?:[·•|;,&、，/]|\s(?:and|und|et|y|e)\s)\s*(?:(?:and|und|et)\s)?\s*")
_BRACKET = re.compile(r"\(([^()]*)\)?|\[([^\[\]]*)\]")
_INSIDE = re.compile(r"[(\[<][^()\[\]<>]*[)\]>]?")


def find_contacts(text: str) -> tuple[str, tuple[Contact, ...]]:
    """A text without the addresses and handles in it, and these."""
    contacts: list[Contact] = []

    def keep(kind: str, value: str) -> str:
        contacts.append(Contact(kind, value.rstrip(".,;")))
        return " "

    text = _AT_SIGN.sub("@", text)
    if "@" in text:
        text = _EMAIL.sub(lambda match: keep("email", match[1]), text)
    text = _HANDLE.sub(
        lambda match: keep(_NETWORKS[match[1].lower()], match[2].removeprefix("@")), text
    )
    text = _X.sub(lambda match: keep("x", match[2] or match[3]), text)
    if "@" in text:
        text = _AT.sub(lambda match: keep("handle", match[1]), text)
    return (normalise(text) if contacts else text), tuple(contacts)


def without_contacts(text: str) -> str:
    """A title or another text of the head without addresses in it.

    Words before a colon stay unless they can be nothing else: ``Signal: private messages``.
    """
    if "@" not in text and "tg" not in text.lower() and "telegram" not in text.lower():
        return text
    return normalise(_AT.sub(" ", _PUBLIC.sub(" ", _EMAIL.sub(" ", text))))


def role_of(text: str) -> str | None:
    """A role by its usual name; None for words that are none."""
    text = text.strip().lower()
    if not _ROLE.fullmatch(text):
        return None
    single = text.removesuffix("s")
    return _DONE.get(text) or _DONE.get(single) or single


def clean_name(text: str) -> str:
    """A name without the marks that set it off."""
    return normalise(text.replace("|", " ")).strip(" *·•,;:[]<>–—-").strip()


def read_people(text: str, *, strict: bool = False) -> list[Contributor]:
    """The people of a byline such as ``Ana (presenter), [Ben**], Zoë (tg: zoe)``.

    With ``strict``, empty unless each part is short enough to be a name.
    """
    people: list[Contributor] = []
    role = "contributor"
    for entry in _entries(_AT_SIGN.sub("@", text)):
        found = _LEAD.match(entry)
        if found:
            role = (role_of(found[1]) or role) if found[1] else role
            entry = entry[found.end() :]
        person = _read_person(entry, role)
        if person.name:
            people.append(person)
        elif person.contacts and people:
            last = people[-1]
            people[-1] = replace(last, contacts=last.contacts + person.contacts)
        if strict and (len(person.name) > 60 or person.name.count(" ") > 4):
            return []
    return people


def _entries(text: str) -> list[str]:
    """Cuts a list at its separators, but not within brackets."""
    masked = _INSIDE.sub(lambda match: "\0" * len(match[0]), text)
    masked = _HANDLE.sub(lambda match: "\0" * len(match[0]), masked)
    entries, start = [], 0
    for match in _SEPARATOR.finditer(masked):
        entries.append(text[start : match.start()])
        start = match.end()
    entries.append(text[start:])
    return [entry for entry in (entry.strip() for entry in entries) if entry]


def _read_person(entry: str, role: str) -> Contributor:
    if "*" in entry and role == "contributor":
        role = "reviewer"
    entry, contacts = find_contacts(entry)
    name = entry
    for match in _BRACKET.finditer(entry):
        inner = (match[1] or match[2] or "").strip(" ,;")
        named = role_of(inner)
        if named:
            role = named
        if named or not inner:
            name = name.replace(match[0], " ")
    return Contributor(clean_name(name), role, contacts)


def merge_people(people: Iterable[Contributor]) -> tuple[Contributor, ...]:
    """One entry for each name, with all contacts and the most telling role."""
    merged: dict[str, Contributor] = {}
    for person in people:
        key = person.name.casefold()
        known = merged.get(key)
        if known is None:
            merged[key] = replace(person, contacts=tuple(dict.fromkeys(person.contacts)))
            continue
        role = known.role if person.role == "contributor" else person.role
        contacts = tuple(dict.fromkeys(known.contacts + person.contacts))
        merged[key] = replace(known, role=role, contacts=contacts)
    return tuple(merged.values())
