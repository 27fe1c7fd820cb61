"""A server's calendar: scheduled events, and those whom they interest."""

from __future__ import annotations

from datetime import datetime

from tests.discord.calls import Call
from tests.discord.clock import iso
from tests.discord.permissions import Permission, base_permissions
from tests.discord.places import Guild
from tests.discord.refusals import Json, Problem, Refusal, bad_form, no_permission
from tests.discord.world import Calendared, World

SCHEDULED, ACTIVE, COMPLETED, CANCELLED = 1, 2, 3, 4
_MOST = 100


def _guild(world: World, call: Call, needs: Permission = Permission.NONE) -> Guild:
    guild = world.find_guild(call.id("guild_id"))
    held = base_permissions(guild, guild.members[world.bot.id])
    if needs & ~held:
        raise no_permission()
    return guild


def _entry(world: World, call: Call, guild: Guild) -> Calendared:
    entry = world.calendar.get(call.id("guild_scheduled_event_id"))
    if entry is None or entry.guild is not guild:
        raise Refusal(404, 10070, "Unknown Guild Scheduled Event")
    return entry


def _shown(world: World, entry: Calendared) -> Json:
    return entry.payload | {
        "id": str(entry.id),
        "guild_id": str(entry.guild.id),
        "creator_id": str(world.bot.id),
        "status": SCHEDULED,
        "privacy_level": 2,
        "entity_id": None,
        "recurrence_rule": None,
        "image": None,
        "user_count": len(entry.interested),
        "user_rsvp": None,
        "guild_scheduled_event_exceptions": [],
    }


def _checked(world: World, body: Json, before: Json) -> Json:
    after = before | body
    start = datetime.fromisoformat(str(after["scheduled_start_time"]))
    if start.timestamp() <= world.clock.now():
        message = "Cannot schedule event in the past."
        raise bad_form([Problem(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_PAST", message)])
    if after["entity_type"] == 3:
        end = after.get("scheduled_end_time")
        location = (after.get("entity_metadata") or {}).get("location")
        if not end or not location or after.get("channel_id") is not None:
            message = "An external event has an end, a location, and no channel."
            raise bad_form([Problem(("entity_type",), "BASE_TYPE_REQUIRED", message)])
    elif after.get("channel_id") is None:
        message = "A voice event needs a channel."
        raise bad_form([Problem(("channel_id",), "BASE_TYPE_REQUIRED", message)])
    return {
        "name": after["name"],
        "description": after.get("description"),
        "scheduled_start_time": iso(start.timestamp()),
        "scheduled_end_time": after.get("scheduled_end_time"),
        "entity_type": after["entity_type"],
        "entity_metadata": after.get("entity_metadata") if after["entity_type"] == 3 else None,
        "channel_id": after.get("channel_id"),
    }


def listed(world: World, call: Call) -> list[Json]:
    guild = _guild(world, call)
    return [_shown(world, one) for one in world.calendar.values() if one.guild is guild]


def create(world: World, call: Call) -> Json:
    guild = _guild(world, call, Permission.CREATE_EVENTS)
    if sum(one.guild is guild for one in world.calendar.values()) >= _MOST:
        raise Refusal(400, 30038, "Maximum number of guild scheduled events reached (100)")
    entry = Calendared(world.ids.next(), guild, _checked(world, call.body or {}, {}))
    world.calendar[entry.id] = entry
    return _shown(world, entry)


def change(world: World, call: Call) -> Json:
    guild = _guild(world, call, Permission.CREATE_EVENTS)
    entry = _entry(world, call, guild)
    entry.payload = _checked(world, call.body or {}, entry.payload)
    return _shown(world, entry)


def remove(world: World, call: Call) -> None:
    guild = _guild(world, call, Permission.CREATE_EVENTS)
    del world.calendar[_entry(world, call, guild).id]


def interested(world: World, call: Call) -> list[Json]:
    """By account id, a page at a time."""
    entry = _entry(world, call, _guild(world, call))
    limit, after = call.number("limit", 100), call.number("after", 0)
    people = sorted(entry.interested, key=lambda user: user.id)
    return [
        {
            "guild_scheduled_event_id": str(entry.id),
            "user_id": str(user.id),
            "user": user.payload(),
            "response": 1,
        }
        for user in [one for one in people if one.id > after][:limit]
    ]


_EVENTS = "/guilds/{guild_id}/scheduled-events"
_ONE = f"{_EVENTS}/{{guild_scheduled_event_id}}"
ROUTES = {
    f"GET {_EVENTS}": listed,
    f"POST {_EVENTS}": create,
    f"PATCH {_ONE}": change,
    f"DELETE {_ONE}": remove,
    f"GET {_ONE}/users": interested,
}
