"""A small reader of Discord's Markdown: which signs of a text do something."""

from __future__ import annotations

import re

# What Discord's clients react to, in the order in which they look for it.
_RULES = (
    ("line", re.compile(r"(?:^|(?<=\n))[ \t]*(?:#{1,3} |-# |>{1,3} |[-*+] |\d+\. )")),
    ("code", re.compile(r"`+[^`]")),
    ("mention", re.compile(r"<(?:@[!&]?|#)\d+>|@everyone|@here")),
    ("special", re.compile(r"<(?:t:-?\d|/[^>]|id:|a?:\w+:\d)")),
    ("address", re.compile(r"<?[A-Za-z]+://[^\s<]")),
    ("masked", re.compile(r"\[[^\]]+\]\(")),
    ("emphasis", re.compile(r"\*|_|~~|\|\|")),
)
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")


def active(text: str) -> list[tuple[str, str]]:
    """Each thing in a text that a client would not show as it stands."""
    found = []
    at = 0
    while at < len(text):
        if match := _ESCAPE.match(text, at):
            at = match.end()
            continue
        for name, rule in _RULES:
            if match := rule.match(text, at):
                found.append((name, match[0]))
                break
        at += 1
    return found


def shown(text: str) -> str:
    """What a reader sees of a text in which nothing is active."""
    return _ESCAPE.sub(r"\1", text).replace("\u200b", "")
