"""What Discord sends a bot: who it is, a server, and what a member types and presses there."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

COMMAND, PRESS, COMPLETION = 2, 3, 4
BOT, SERVER, CHANNEL, EVERYONE, COMMAND_ID = (
    str(1_300_000_000_000_000_000 + at) for at in range(5)
)
# As long as real ones.
TOKEN = "aW50ZXJhY3Rpb246MTMwMDAwMDAwMDAwMDAwMDAwMDp" + "Xk3" * 55
_MADE = "2026-01-01T12:00:00.000000+00:00"


def user(number: str, name: str, *, is_bot: bool = False) -> Json:
    """A person or a bot."""
    return {
        "id": number,
        "username": name.lower(),
        "global_name": None if is_bot else name,
        "discriminator": "0420" if is_bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "bot": is_bot,
        "clan": None,
        "primary_guild": None,
        "public_flags": 0,
    }


ME = user(BOT, "Papers", is_bot=True)
_ANA = user("1300000000000000100", "Ana")


def application() -> Json:
    """What the bot is told of itself when it logs in."""
    return {
        "id": BOT,
        "name": "Papers",
        "icon": None,
        "description": "",
        "summary": "",
        "bot": ME,
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": _ANA,
        "team": None,
        "verify_key": "0" * 64,
        "flags": 0,
    }


def ready(gateway: str) -> Json:
    return {
        "v": 10,
        "user": ME,
        "guilds": [{"id": SERVER, "unavailable": True}],
        "session_id": "0123456789abcdef0123456789abcdef",
        "session_type": "normal",
        "resume_gateway_url": gateway,
        "application": {"id": BOT, "flags": 0},
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "_trace": [],
    }


def _member(account: Json, roles: list[str]) -> Json:
    return {
        "user": account,
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": roles,
        "joined_at": _MADE,
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def _role(number: str, name: str) -> Json:
    return {
        "id": number,
        "name": name,
        "permissions": "2248473465835073",
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def _channel(number: str, name: str) -> Json:
    return {
        "id": number,
        "type": 0,
        "name": name,
        "guild_id": SERVER,
        "parent_id": None,
        "position": 0,
        "permission_overwrites": [],
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "flags": 0,
    }


def server() -> Json:
    """A club's server with some roles and channels."""
    return {
        "id": SERVER,
        "name": "Paper Reading Club",
        "icon": None,
        "owner_id": _ANA["id"],
        "features": [],
        "roles": [_role(SERVER, "@everyone"), *(_role(f"{EVERYONE}{at}", "x") for at in range(8))],
        "channels": [_channel(CHANNEL, "papers")]
        + [_channel(f"{CHANNEL}{at}", "talk") for at in range(10)],
        "threads": [],
        "members": [_member(ME, [])],
        "member_count": 200,
        "large": False,
        "unavailable": False,
        "joined_at": _MADE,
        "emojis": [],
        "stickers": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "afk_timeout": 300,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw": False,
        "nsfw_level": 0,
        "preferred_locale": "en-GB",
        "premium_progress_bar_enabled": False,
        "premium_tier": 0,
        "system_channel_flags": 0,
        "verification_level": 0,
    }


def interaction(number: str, kind: int, data: Json, message: Json | None = None) -> Json:
    """Something that a member of the server does in its channel."""
    payload = {
        "id": number,
        "application_id": BOT,
        "type": kind,
        "token": TOKEN,
        "version": 1,
        "data": data,
        "guild_id": SERVER,
        "guild": {"id": SERVER, "locale": "en-GB", "features": []},
        "guild_locale": "en-GB",
        "channel_id": CHANNEL,
        "channel": _channel(CHANNEL, "papers") | {"permissions": "2248473465835073"},
        "member": _member(_ANA, [f"{EVERYONE}1", f"{EVERYONE}2"])
        | {"permissions": "2248473465835073", "unusual_dm_activity_until": None},
        "locale": "en-GB",
        "app_permissions": "2248473465835073",
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": {"0": SERVER},
        "context": 0,
        "attachment_size_limit": 10_485_760,
    }
    return payload if message is None else payload | {"message": message}


def typed(what: str, *, is_half: bool = False) -> Json:
    """``/paper`` with its option; a half-typed one is still being typed."""
    option = {"name": "what", "type": 3, "value": what} | ({"focused": True} if is_half else {})
    return {"id": COMMAND_ID, "name": "paper", "type": 1, "options": [option]}


def pressed(custom_id: str) -> Json:
    return {"id": 2, "component_type": 2, "custom_id": custom_id}


def message(number: str, shown: Json) -> Json:
    """The message that an answer became."""
    return {
        "id": number,
        "type": 20,
        "channel_id": CHANNEL,
        "author": ME,
        "content": shown.get("content") or "",
        "embeds": shown.get("embeds", []),
        "components": shown.get("components", []),
        "attachments": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "timestamp": _MADE,
        "edited_timestamp": None,
        "flags": shown.get("flags", 0),
        "pinned": False,
        "tts": False,
        "webhook_id": BOT,
        "application_id": BOT,
        "position": 0,
        "interaction_metadata": {
            "id": number,
            "type": 2,
            "user": _ANA,
            "authorizing_integration_owners": {"0": SERVER},
            "name": "paper",
            "command_type": 1,
        },
    }


def told(number: str, shown: Json) -> Json:
    """What Discord says of an answer to who asked for it."""
    return {
        "interaction": {
            "id": number,
            "type": 2,
            "response_message_id": number,
            "response_message_loading": False,
            "response_message_ephemeral": bool(shown.get("flags", 0) & 64),
        },
        "resource": {"type": 4, "message": message(number, shown)},
    }
