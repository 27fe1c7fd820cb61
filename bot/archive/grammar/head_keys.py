"""Lines of a head that name what they say: ``Date: 28 June 2024``."""

from __future__ import annotations

import re

from bot.archive.record import Contact, Contributor

TEXTS = ("title", "subtitle", "category", "chapter", "abstract")
DATES = ("date", "session date")
CODES = ("code", "paper code")
LINKS = ("link", "links", "url", "source", "website", "paper", "paper link")
_ALIASES = {"tagline": "subtitle", "track": "category"}
_KEY = re.compile(
    r"(title|subtitle|tagline|category|track|chapter|abstract|date|session date|code|paper code"
    r"|paper|paper link|links?|url|source|website|authors?|paper authors?"
    r"|contributors?|contributed by|mitwirkende|contributeurs|presenters?|presented by"
    r"|reviewers?|reviewed by|hosts?|hosted by|summari[sz]ed by|summari[sz]ers?|written by"
    r"|note-?takers?|editors?|speakers?|moderators?)\s*:\s*(\S.*)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"Contributor \(([^()]+)\): (.+)")


def is_key(text: str) -> bool:
    """Whether a line names what it says."""
    return bool(_KEY.match(text) or _PERSON.match(text))


def is_abstract_label(text: str) -> bool:
    """Whether a line says that the abstract follows."""
    return len(text) < 12 and text.rstrip(" :").casefold() == "abstract"


def read_key(text: str) -> tuple[str, str] | None:
    """The name of a field, in lower case, and its value; None for a line that is no field."""
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    key = match[1].lower()
    return _ALIASES.get(key, key), match[2]


def read_person(text: str) -> Contributor | None:
    """Reads a line such as ``Contributor (reviewer): Ana | email: ana@example.org``."""
    match = _PERSON.fullmatch(text)
    if match is None:
        return None
    name, *contacts = match[2].split(" | ")
    pairs = (contact.partition(": ") for contact in contacts)
    return Contributor(name, match[1], tuple(Contact(kind, value) for kind, _, value in pairs))
