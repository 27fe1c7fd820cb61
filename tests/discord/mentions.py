"""Whom a message really pings: what its text names, and what ``allowed_mentions`` lets through."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.discord.limits_components import TEXT, walk
from tests.discord.permissions import Permission
from tests.discord.places import Channel, User
from tests.discord.refusals import Json

_CODE = re.compile(r"```.*?```|``[^\n]*?``|`[^`\n]*`", re.DOTALL)
_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Mentions:
    """``users`` and ``roles`` are what the message names; ``pinged`` are the people it reaches."""

    users: tuple[User, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False
    pinged: frozenset[User] = frozenset()


def mentions_of(
    message: Json, channel: Channel, author: User, replied_to: User | None, people: dict[int, User]
) -> Mentions:
    """The mentions of a message body; embeds never ping, and neither does code.

    A backslash before a mention does not keep it from pinging here: whether it does on Discord is
    nothing to rely upon.
    """
    text = _CODE.sub(" ", "\n".join(_texts(message)))
    allowed = message.get("allowed_mentions")
    users = _allowed(_ids(_USER, text), "users", allowed)
    roles = _allowed(_ids(_ROLE, text), "roles", allowed)
    everyone = _EVERYONE.search(text) is not None
    everyone = everyone and (allowed is None or "everyone" in (allowed.get("parse") or []))
    replied = allowed is None or bool(allowed.get("replied_user"))
    named = [people[key] for key in users if key in people]
    if replied_to is not None and replied and replied_to not in named:
        named.append(replied_to)
    if channel.guild is None:
        here = {channel.recipient} if channel.recipient else set()
        return Mentions(users=tuple(named), pinged=frozenset(set(named) & here))
    may_all = bool(channel.permissions_of(author) & Permission.MENTION_EVERYONE)
    held = channel.guild.roles
    roles = [key for key in roles if key in held and (may_all or held[key].is_mentionable)]
    everyone = everyone and may_all
    pinged = {
        member.user
        for member in channel.guild.members.values()
        if everyone or member.user in named or set(member.roles) & set(roles)
        if channel.permissions_of(member.user) & Permission.VIEW_CHANNEL
    }
    return Mentions(tuple(named), tuple(roles), everyone, frozenset(pinged - {author}))


def _texts(message: Json) -> Iterable[str]:
    yield str(message.get("content") or "")
    for _, component in walk(message.get("components") or []):
        if component.get("type") == TEXT:
            yield str(component.get("content") or "")


def _ids(pattern: re.Pattern[str], text: str) -> list[int]:
    return list(dict.fromkeys(int(match[1]) for match in pattern.finditer(text)))


def _allowed(ids: list[int], kind: str, allowed: Json | None) -> list[int]:
    if allowed is None or kind in (allowed.get("parse") or []):
        return ids
    listed = {int(key) for key in allowed.get(kind) or []}
    return [key for key in ids if key in listed]
