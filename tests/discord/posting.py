"""Posting, changing and deleting messages, whoever does it and by whatever path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.discord.calls import Upload
from tests.discord.intents import DIRECT_MESSAGES, GUILD_MESSAGES
from tests.discord.limits import IS_V2, edit_problems
from tests.discord.limits_components import walk
from tests.discord.mentions import mentions_of
from tests.discord.messages import EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS, File, Message
from tests.discord.places import Channel, User
from tests.discord.refusals import Json, Path, Problem, Refusal, bad_form, empty_message
from tests.discord.world import World

MOST_BYTES = 10 * 1024 * 1024  # Of one file.
_FLAGS = SUPPRESS_NOTIFICATIONS | IS_V2 | 1 << 2
_ANSWER_FLAGS = _FLAGS | EPHEMERAL | LOADING


def post(
    world: World,
    channel: Channel,
    author: User,
    body: Json,
    uploads: dict[int, Upload],
    *,
    reference: Message | None = None,
    viewer: User | None = None,
    interaction: Json | None = None,
    kind: int = 0,
    files: Sequence[File] = (),
) -> Message:
    """A new message; Discord refuses an empty one. ``files`` were uploaded before."""
    message = Message(world.ids.next(), channel, author, world.clock.now(), kind=kind)
    message.flags = (body.get("flags") or 0) & (_FLAGS if interaction is None else _ANSWER_FLAGS)
    message.reference, message.viewer, message.interaction = reference, viewer, interaction
    message.nonce = body.get("nonce")
    if interaction is not None:
        message.application_id = world.application_id
    message.files = list(files)
    _fill(world, message, body, uploads)
    if not message.is_loading and _is_empty(message):
        raise empty_message()
    channel.messages[message.id] = message
    world.tell_of_message("MESSAGE_CREATE", message)
    return message


def edit(
    world: World, message: Message, body: Json, uploads: dict[int, Upload], path: Path = ()
) -> None:
    """Changes what the body names; whoever only waited for the message is pinged now."""
    problems = [
        Problem((*path, *problem.path), problem.code, problem.message)
        for problem in edit_problems(body, was_v2=message.is_v2)
    ]
    if problems:
        raise bad_form(problems)
    before = (message.content, message.embeds, message.components, message.files)
    was_loading = message.is_loading
    message.flags |= (body.get("flags") or 0) & IS_V2
    message.flags &= ~LOADING
    pinged = message.mentions.pinged
    _fill(world, message, body, uploads)
    if _is_empty(message):
        message.content, message.embeds, message.components, message.files = before
        raise empty_message()
    if was_loading:
        message.nonce = None
    else:
        message.edited_at = world.clock.now()
        message.mentions = replace(message.mentions, pinged=pinged)
    world.tell_of_message("MESSAGE_UPDATE", message)


def delete(world: World, message: Message) -> None:
    message.is_deleted = True
    message.channel.messages.pop(message.id, None)
    guild = message.channel.guild
    payload: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
    if guild is not None:
        payload["guild_id"] = str(guild.id)
    if message.viewer is None:
        needs = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        world.tell("MESSAGE_DELETE", payload, guild, needs)
    world.bell.ring()


def _fill(world: World, message: Message, body: Json, uploads: dict[int, Upload]) -> None:
    files = _files(world, message, body, uploads)
    if "content" in body:
        message.content = (body["content"] or "").strip()
    urls = {f"attachment://{file.filename}": file.url for file in files}
    if "embeds" in body:
        message.embeds = [
            _resolved(embed, urls) | {"type": "rich"} for embed in body["embeds"] or []
        ]
    if "components" in body:
        message.components = _resolved(body["components"] or [], urls)
        for number, (_, component) in enumerate(walk(message.components), start=1):
            component.setdefault("id", number)
    message.files = files
    shown: Json = {
        "content": message.content,
        "components": message.components,
        "allowed_mentions": body.get("allowed_mentions"),
    }
    replied_to = message.reference.author if message.reference else None
    message.mentions = mentions_of(shown, message.channel, message.author, replied_to, world.users)
    if message.viewer is not None:
        pinged = message.mentions.pinged & {message.viewer}
        message.mentions = replace(message.mentions, pinged=pinged)


def _files(world: World, message: Message, body: Json, uploads: dict[int, Upload]) -> list[File]:
    """The files of a message after this body: those it keeps, then those it brings."""
    listed = body.get("attachments")
    described = {str(one.get("id")): one for one in listed or []}
    kept = [file for file in message.files if listed is None or str(file.id) in described]
    known = {str(file.id) for file in kept} | {str(index) for index in uploads}
    strange = [index for index, one in enumerate(listed or []) if str(one.get("id")) not in known]
    if strange:
        raise bad_form(
            Problem(("attachments", index, "id"), "ATTACHMENT_NOT_FOUND", "There is no such file.")
            for index in strange
        )
    for index, upload in uploads.items():
        if len(upload.data) > MOST_BYTES:
            raise Refusal(413, 40005, "Request entity too large", is_violation=True)
        file = world.add_file(upload.filename, upload.data, is_ephemeral=message.viewer is not None)
        file.description = described.get(str(index), {}).get("description")
        kept.append(file)
    return kept


def _resolved(value: Any, urls: dict[str, str]) -> Any:
    """A copy, in which references to files of the message are their addresses."""
    if isinstance(value, dict):
        return {name: _resolved(inner, urls) for name, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, urls) for inner in value]
    return urls.get(value, value) if isinstance(value, str) else value


def _is_empty(message: Message) -> bool:
    return not (message.content or message.embeds or message.components or message.files)
