"""Application commands: registered for everybody or for one guild."""

from __future__ import annotations

from tests.discord.calls import Call
from tests.discord.limits_commands import CHAT, command_problems, commands_problems
from tests.discord.refusals import Json, bad_form, no_access, unknown
from tests.discord.world import World

_KEPT = (
    "name",
    "name_localizations",
    "description_localizations",
    "options",
    "nsfw",
    "contexts",
    "integration_types",
    "handler",
)


def commands(world: World, call: Call) -> list[Json]:
    return list(_place(world, call).values())


def overwrite(world: World, call: Call) -> list[Json]:
    """Replaces all commands of a place; one with a known name and type keeps its id."""
    place = _place(world, call)
    known = {(command["type"], command["name"]): command["id"] for command in place.values()}
    place.clear()
    for body in call.body or []:
        key = known.get((body.get("type") or CHAT, body["name"]))
        _store(world, call, place, body, key)
    return list(place.values())


def create(world: World, call: Call) -> tuple[int, Json]:
    place = _place(world, call)
    kind = call.body.get("type") or CHAT
    for key, command in place.items():
        if (command["type"], command["name"]) == (kind, call.body["name"]):
            return 200, _store(world, call, place, call.body, str(key))
    problems = list(commands_problems([*place.values(), call.body]))
    if problems:
        raise bad_form(problems)
    return 201, _store(world, call, place, call.body, None)


def command(world: World, call: Call) -> Json:
    return _one(world, call)


def change(world: World, call: Call) -> Json:
    command = _one(world, call)
    changed = command | call.body
    problems = list(command_problems(changed))
    if problems:
        raise bad_form(problems)
    return _store(world, call, _place(world, call), changed, command["id"])


def delete(world: World, call: Call) -> None:
    del _place(world, call)[int(_one(world, call)["id"])]


def _place(world: World, call: Call) -> dict[int, Json]:
    if call.id("application_id") != world.application_id:
        raise no_access()
    if "guild_id" not in call.params:
        return world.commands[None]
    guild = world.find_guild(call.id("guild_id"))
    return world.commands.setdefault(guild.id, {})


def _one(world: World, call: Call) -> Json:
    found = _place(world, call).get(call.id("command_id"))
    if found is None:
        raise unknown("Application Command")
    return found


def _store(world: World, call: Call, place: dict[int, Json], body: Json, key: str | None) -> Json:
    kept = {name: body[name] for name in _KEPT if body.get(name) is not None}
    needs = body.get("default_member_permissions")
    stored: Json = kept | {
        "id": key or str(world.ids.next()),
        "application_id": str(world.application_id),
        "version": str(world.ids.next()),
        "type": body.get("type") or CHAT,
        "description": body.get("description") or "",
        "default_member_permissions": None if needs is None else str(needs),
        "dm_permission": body.get("dm_permission", True),
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
        "nsfw": bool(body.get("nsfw")),
    }
    if "guild_id" in call.params:
        stored["guild_id"] = call.params["guild_id"]
    place[int(stored["id"])] = stored
    return stored


_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES = {
    f"{method} {path}{tail}": handler
    for path in (_GLOBAL, _GUILD)
    for method, tail, handler in (
        ("GET", "", commands),
        ("PUT", "", overwrite),
        ("POST", "", create),
        ("GET", "/{command_id}", command),
        ("PATCH", "/{command_id}", change),
        ("DELETE", "/{command_id}", delete),
    )
}
