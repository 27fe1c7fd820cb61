"""What the bot has to be allowed on Discord, and why: for the invite link and for `/setup`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import discord

from bot.adapters.discord.incoming import Json
from bot.chat.adapter import Sight

_SCOPES = {
    "bot": "to be a member of the server at all",
    "applications.commands": "to offer its slash commands and menu entries",
}


@dataclass(frozen=True, slots=True)
class Need:
    """A permission by discord.py's name and by the one that Discord shows, and what it is for."""

    flag: str
    name: str
    why: str


NEEDS = (
    Need("view_channel", "View Channels", "to see the channels that it is to serve"),
    Need("send_messages", "Send Messages", "to announce sessions and to share pages"),
    Need("send_messages_in_threads", "Send Messages in Threads", "to do the same in threads"),
    Need("embed_links", "Embed Links", "to show papers as cards"),
    Need("attach_files", "Attach Files", "to give a paper's page as a file"),
    Need("read_message_history", "Read Message History", "to read back after an outage"),
    Need("create_events", "Create Events", "to keep sessions in the server's own calendar"),
    Need("add_reactions", "Add Reactions", "to confirm an opinion without words"),
)
_NO_CALENDAR = (
    "Sessions do not show in the server's own calendar: in the server's settings, under Roles, "
    "give the bot Create Events."
)
_WITH_SENDING = ("embed_links", "attach_files")


def invite_link(application_id: str) -> str:
    """Where whoever manages a server adds the bot, with what it uses and no more."""
    flags = discord.Permissions(**{need.flag: True for need in NEEDS})
    query = {"client_id": application_id, "scope": " ".join(_SCOPES), "permissions": flags.value}
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def reasons() -> list[tuple[str, str]]:
    """Every scope and permission of the link by its name, and why it is there."""
    return [*_SCOPES.items(), *((need.name, need.why) for need in NEEDS)]


def sight_of(channel: discord.abc.GuildChannel | discord.Thread, has_content: bool) -> Sight | None:
    """What the bot lacks in a channel, out of what is known without asking.

    None where its own roles there are not known, since Discord left the bot out of the members.
    """
    own: discord.Member | None = channel.guild.me
    if own is None:
        return None
    is_thread = isinstance(channel, discord.Thread)
    missing = _missing(channel.permissions_for(own), is_thread=is_thread)
    return _sight(channel.name, missing, has_content, own.guild_permissions)


def sight_of_payloads(
    guild: Json, member: Json, channel: Json, thread: Json | None, has_content: bool
) -> Sight:
    """The same out of what REST shows of a server, of the bot in it, and of a channel there.

    A thread has the overwrites of its channel.
    """
    overwrites = {one["id"]: one for one in channel.get("permission_overwrites") or ()}
    own = [one for one in member["roles"] if one in overwrites]
    value = permissions_in(guild, member).value
    if not discord.Permissions(value).administrator:
        for ids in ([guild["id"]], own, [member["user"]["id"]]):
            given = [overwrites[one] for one in ids if one in overwrites]
            for one in given:
                value &= ~int(one["deny"])
            for one in given:
                value |= int(one["allow"])
    missing = _missing(discord.Permissions(value), is_thread=thread is not None)
    name = (thread or channel)["name"]
    return _sight(name, missing, has_content, permissions_in(guild, member))


def permissions_in(guild: Json, member: Json) -> discord.Permissions:
    """What the roles of a member allow in a whole server."""
    held = {guild["id"], *member["roles"]}
    value = 0
    for role in guild["roles"]:
        value |= int(role["permissions"]) if role["id"] in held else 0
    allowed = discord.Permissions(value)
    return discord.Permissions.all() if allowed.administrator else allowed


def _missing(allowed: discord.Permissions, *, is_thread: bool) -> tuple[str, ...]:
    """By the names that Discord shows."""
    sending = "send_messages_in_threads" if is_thread else "send_messages"
    flags = ["view_channel", sending, *_WITH_SENDING, "read_message_history", "add_reactions"]
    # Without the first ones Discord denies those that follow from them, given or not.
    if not allowed.view_channel:
        flags = ["view_channel"]
    elif not getattr(allowed, sending):
        flags = [flag for flag in flags if flag not in _WITH_SENDING]
    names = {need.flag: need.name for need in NEEDS}
    return tuple(names[flag] for flag in flags if not getattr(allowed, flag))


def _sight(
    name: str, missing: tuple[str, ...], has_content: bool, in_server: discord.Permissions
) -> Sight:
    return Sight(
        name=f"#{name}",
        missing=missing,
        remedy="Edit Channel, then Permissions, then the bot's role.",
        reads_messages=has_content,
        reading=(
            "Whoever runs the bot switches on “Message Content Intent” at "
            "https://discord.com/developers/applications and sets DISCORD_MESSAGE_CONTENT=true."
        ),
        hints=() if in_server.create_events else (_NO_CALENDAR,),
    )
