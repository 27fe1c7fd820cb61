"""The bot about itself: who it is, where it is, and where the gateway is."""

from __future__ import annotations

from tests.discord.calls import Call
from tests.discord.intents import GUILD_MEMBERS, MESSAGE_CONTENT, PRESENCES
from tests.discord.places import ChannelKind
from tests.discord.refusals import Json, no_access, unknown
from tests.discord.world import World

_FLAGS = {PRESENCES: 1 << 12, GUILD_MEMBERS: 1 << 14, MESSAGE_CONTENT: 1 << 18}


def me(world: World, call: Call) -> Json:
    return world.bot.payload() | {
        "mfa_enabled": False,
        "locale": "en-US",
        "premium_type": 0,
        "verified": True,
        "email": None,
    }


def user(world: World, call: Call) -> Json:
    found = world.users.get(call.id("user_id"))
    if found is None:
        raise unknown("User")
    return found.payload()


def application(world: World, call: Call) -> Json:
    flags = sum(flag for held, flag in _FLAGS.items() if held & world.privileged)
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": world.bot.payload(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": world.owner.payload(),
        "team": None,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": len(world.members_of(world.bot)),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
    } | world.portal


def gateway(world: World, call: Call) -> Json:
    return {"url": world.gateway.url()}


def gateway_of_bot(world: World, call: Call) -> Json:
    limit = {"total": 1000, "remaining": 1000, "reset_after": 86400000, "max_concurrency": 1}
    return {"url": world.gateway.url(), "shards": 1, "session_start_limit": limit}


def guilds(world: World, call: Call) -> list[Json]:
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(int(guild.permissions_of(world.bot))),
            "features": [],
        }
        for guild in world.members_of(world.bot)
    ]


def guild(world: World, call: Call) -> Json:
    return world.find_guild(call.id("guild_id")).payload()


def channels(world: World, call: Call) -> list[Json]:
    found = world.find_guild(call.id("guild_id")).channels.values()
    return [channel.payload() for channel in found if not channel.is_thread]


def active_threads(world: World, call: Call) -> Json:
    found = world.find_guild(call.id("guild_id")).channels.values()
    threads = [channel for channel in found if channel.kind is ChannelKind.PUBLIC_THREAD]
    return {"threads": [thread.payload() for thread in threads], "members": [], "has_more": False}


def roles(world: World, call: Call) -> list[Json]:
    return [role.payload() for role in world.find_guild(call.id("guild_id")).roles.values()]


def member(world: World, call: Call) -> Json:
    found = world.find_guild(call.id("guild_id")).members.get(call.id("user_id"))
    if found is None:
        raise unknown("Member")
    return found.payload()


def members(world: World, call: Call) -> list[Json]:
    """Only for who was granted the intent."""
    if not world.privileged & GUILD_MEMBERS:
        raise no_access()
    found = world.find_guild(call.id("guild_id")).members.values()
    return [one.payload() for one in found][: call.number("limit", 1)]


def leave(world: World, call: Call) -> None:
    left = world.find_guild(call.id("guild_id"))
    del left.members[world.bot.id]
    world.tell("GUILD_DELETE", {"id": str(left.id)}, left, 1)


ROUTES = {
    "GET /users/@me": me,
    "GET /users/{user_id}": user,
    "GET /users/@me/guilds": guilds,
    "DELETE /users/@me/guilds/{guild_id}": leave,
    "GET /applications/@me": application,
    "GET /oauth2/applications/@me": application,
    "GET /gateway": gateway,
    "GET /gateway/bot": gateway_of_bot,
    "GET /guilds/{guild_id}": guild,
    "GET /guilds/{guild_id}/channels": channels,
    "GET /guilds/{guild_id}/threads/active": active_threads,
    "GET /guilds/{guild_id}/roles": roles,
    "GET /guilds/{guild_id}/members": members,
    "GET /guilds/{guild_id}/members/{user_id}": member,
}
