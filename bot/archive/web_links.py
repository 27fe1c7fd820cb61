"""Addresses that markup holds beside its text."""

from __future__ import annotations

import re

from bot.archive.lines import normalise
from bot.archive.record import Link

_WEB = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)
_LONGEST_LABEL = 200


def web_link(address: str, label: str) -> Link | None:
    """A link to a web page; None for mail addresses, scripts and addresses inside the same site.

    A label that only repeats the address is dropped, as is one that is a whole text.
    """
    url = address.strip()
    if not _WEB.fullmatch(url):
        return None
    shown = normalise(label)
    keep = shown and shown != url and len(shown) <= _LONGEST_LABEL
    return Link(url, shown if keep else None)
