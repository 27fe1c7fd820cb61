"""Answers to interactions: the first one within 3 s, the others by its token for 15 minutes."""

from __future__ import annotations

import secrets

from tests.discord.calls import Call
from tests.discord.interactions import Interaction, Kind
from tests.discord.messages import COMMAND, EPHEMERAL, LOADING, MENU, REPLY, Message
from tests.discord.places import Channel, User
from tests.discord.posting import delete, edit, post
from tests.discord.refusals import (
    Json,
    Problem,
    already_acknowledged,
    bad_form,
    dead_token,
    unknown,
)
from tests.discord.seen import see, see_modal
from tests.discord.world import World

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_ON_MESSAGE = frozenset({DEFER_UPDATE, UPDATE})


def begin(
    world: World,
    kind: Kind,
    person: User,
    channel: Channel,
    data: Json,
    message: Message | None = None,
    opener: Interaction | None = None,
) -> Interaction:
    """A person acts: the bot is told, and the clock runs."""
    token = secrets.token_urlsafe(48)
    interaction = Interaction(
        world.ids.next(),
        token,
        kind,
        person,
        channel,
        data,
        world.clock.now(),
        opener,
        message,
    )
    world.interactions[token] = interaction
    payload = interaction.payload(world.bot)
    if message is not None:
        payload["message"] = message.payload(world.bot)
    world.tell("INTERACTION_CREATE", payload, channel.guild, 0)
    return interaction


def callback(world: World, call: Call) -> Json | None:
    interaction = world.interactions.get(call.params["interaction_token"])
    if interaction is None or interaction.id != call.id("interaction_id"):
        raise unknown("Interaction")
    if interaction.callback is not None:
        raise already_acknowledged()
    if world.clock.now() > interaction.ends_at:
        raise unknown("Interaction")
    kind: int = call.body["type"]
    if kind not in _possible(interaction):
        message = f"Type {kind} cannot answer an interaction of type {int(interaction.kind)}."
        raise bad_form([Problem(("type",), "INTERACTION_CALLBACK_TYPE_INVALID", message)])
    _first_answer(world, interaction, kind, call)
    interaction.callback = kind
    is_told = call.query.get("with_response") in ("true", "1")
    return _told(world, interaction, kind) if is_told else None


def _possible(interaction: Interaction) -> frozenset[int]:
    if interaction.kind is Kind.AUTOCOMPLETE:
        return frozenset({CHOICES})
    possible = frozenset({MESSAGE, DEFER})
    if interaction.kind is not Kind.MODAL_SUBMIT:
        possible |= {MODAL}
    return possible | (_ON_MESSAGE if interaction.message is not None else frozenset())


def _first_answer(world: World, interaction: Interaction, kind: int, call: Call) -> None:
    data: Json = call.body.get("data") or {}
    if kind in (MESSAGE, DEFER):
        if kind == DEFER:
            data = {"flags": LOADING | data.get("flags", 0) & EPHEMERAL}
        interaction.original = _post(world, interaction, data, call)
    elif kind in _ON_MESSAGE:
        message = interaction.message
        assert message is not None
        if kind == UPDATE:
            edit(world, message, data, call.files, ("data",))
            interaction.answers.append(see(message))
        interaction.original = message
    elif kind == CHOICES:
        interaction.choices = tuple(data.get("choices") or [])
    else:
        interaction.answers.append(see_modal(data, interaction))


def _post(world: World, interaction: Interaction, data: Json, call: Call) -> Message:
    reference = interaction.original or interaction.message
    if reference is not None and (reference.is_deleted or reference.viewer is not None):
        reference = None
    kind = REPLY if reference is not None else 0
    if interaction.kind is Kind.COMMAND and interaction.original is None:
        kind = COMMAND if interaction.data["type"] == 1 else MENU
    message = post(
        world,
        interaction.channel,
        world.bot,
        data,
        call.files,
        reference=reference,
        viewer=interaction.person if data.get("flags", 0) & EPHEMERAL else None,
        interaction=interaction.metadata(),
        kind=kind,
    )
    if not message.is_loading:
        interaction.answers.append(see(message))
    return message


def _told(world: World, interaction: Interaction, kind: int) -> Json:
    about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    message = interaction.original
    if message is None:
        return {"interaction": about}
    about |= {
        "response_message_id": str(message.id),
        "response_message_loading": message.is_loading,
        "response_message_ephemeral": message.viewer is not None,
    }
    told: Json = {"interaction": about}
    if kind in (MESSAGE, UPDATE):
        told["resource"] = {"type": kind, "message": world.show(message)}
    return told


def follow_up(world: World, call: Call) -> Json:
    """A further message; the first after a deferral takes the place of what was promised."""
    interaction = _by_token(world, call)
    original = interaction.original
    if original is not None and original.is_loading and not original.is_deleted:
        return _change(world, interaction, original, call)
    return world.show(_post(world, interaction, call.body or {}, call))


def show_message(world: World, call: Call) -> Json:
    return world.show(_target(world, call)[1])


def edit_message(world: World, call: Call) -> Json:
    return _change(world, *_target(world, call), call)


def delete_message(world: World, call: Call) -> None:
    delete(world, _target(world, call)[1])


def _change(world: World, interaction: Interaction, message: Message, call: Call) -> Json:
    edit(world, message, call.body or {}, call.files)
    interaction.answers.append(see(message))
    return world.show(message)


def _by_token(world: World, call: Call) -> Interaction:
    interaction = world.interactions.get(call.params["webhook_token"])
    if interaction is None or call.id("webhook_id") != world.application_id:
        raise unknown("Webhook")
    if world.clock.now() > interaction.token_ends_at:
        raise dead_token()
    if interaction.callback is None:
        raise unknown("Webhook")
    return interaction


def _target(world: World, call: Call) -> tuple[Interaction, Message]:
    interaction = _by_token(world, call)
    if "message_id" not in call.params:
        found = interaction.original
    else:
        found = interaction.channel.messages.get(call.id("message_id"))
        own = {str(interaction.id)}
        if found is not None and (found.interaction or {}).get("id") not in own:
            found = found if found is interaction.message else None
    if found is None or found.is_deleted:
        raise unknown("Message")
    return interaction, found


_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ROUTES = {
    "POST /interactions/{interaction_id}/{interaction_token}/callback": callback,
    f"POST {_WEBHOOK}": follow_up,
    **{
        f"{method} {_WEBHOOK}/messages/{key}": handler
        for key in ("@original", "{message_id}")
        for method, handler in (
            ("GET", show_message),
            ("PATCH", edit_message),
            ("DELETE", delete_message),
        )
    },
}
