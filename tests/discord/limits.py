"""The documented limits of a whole request, found by its path and method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.discord.limits_commands import command_problems, commands_problems
from tests.discord.limits_components import component_problems
from tests.discord.limits_embeds import embed_problems
from tests.discord.limits_modals import completion_problems, modal_problems
from tests.discord.refusals import Json, Problem, too_long

IS_V2 = 1 << 15
MOST_FILES = 10


def problems_within_limits(method: str, template: str, body: Any) -> list[Problem]:
    """What a body has beyond the documented limits.

    Raises AttributeError, TypeError or KeyError on a body of another shape, which the description
    of the interface tells better.
    """
    check = _CHECKS.get((method, template))
    return [] if check is None or body is None else list(check(body))


def message_problems(message: Json) -> Iterator[Problem]:
    content = message.get("content")
    if content is not None and len(content) > 2000:
        yield too_long(("content",), 2000)
    embeds = message.get("embeds") or []
    yield from embed_problems(embeds)
    is_v2 = bool((message.get("flags") or 0) & IS_V2)
    if is_v2:
        yield from v2_problems(message)
    yield from component_problems(message.get("components") or [], is_v2=is_v2)
    if len(message.get("attachments") or []) > MOST_FILES:
        yield too_long(("attachments",), MOST_FILES)
    if isinstance(message.get("nonce"), str) and len(message["nonce"]) > 25:
        yield too_long(("nonce",), 25)
    yield from _allowed_mentions(message.get("allowed_mentions") or {})


def v2_problems(message: Json) -> Iterator[Problem]:
    """What may not stand beside components V2."""
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if message.get(name):
            yield Problem(
                (name,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def edit_problems(change: Json, *, was_v2: bool) -> Iterator[Problem]:
    """As for a new message, but an edit may leave out the flag that its components live under.

    Whoever changes a message checks this, since only there it is known what the message was.
    """
    flags = (change.get("flags") or 0) | (IS_V2 if was_v2 else 0)
    yield from message_problems(change | {"flags": flags})


def _allowed_mentions(allowed: Json) -> Iterator[Problem]:
    parse = allowed.get("parse") or []
    for name in ("users", "roles"):
        listed = allowed.get(name) or []
        if len(listed) > 100:
            yield too_long(("allowed_mentions", name), 100)
        if listed and name in parse:
            yield Problem(
                ("allowed_mentions",),
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.',
            )


def _callback_problems(callback: Json) -> Iterator[Problem]:
    checks: dict[int, Callable[[Json], Iterator[Problem]]] = {
        4: message_problems,
        8: completion_problems,
        9: modal_problems,
    }
    check = checks.get(callback["type"])
    for problem in check(callback.get("data") or {}) if check else ():
        yield Problem(("data", *problem.path), problem.code, problem.message)


_CHANNEL = "/channels/{channel_id}/messages"
_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
_COMMANDS = (
    "/applications/{application_id}/commands",
    "/applications/{application_id}/guilds/{guild_id}/commands",
)
_CHECKS: dict[tuple[str, str], Callable[[Any], Iterator[Problem]]] = {
    ("POST", _CHANNEL): message_problems,
    ("POST", _WEBHOOK): message_problems,
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"): _callback_problems,
    **{("PUT", path): commands_problems for path in _COMMANDS},
    **{("POST", path): command_problems for path in _COMMANDS},
}
