"""What REST shows of a channel tells the same permissions as Discord itself works out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.permissions import NEEDS, permissions_in, sight_of_payloads
from tests.discord.permissions import Permission, base_permissions, channel_permissions
from tests.discord.places import Channel, ChannelKind, Guild, Member, Overwrite, Role, User

FLAGS = {
    "view_channel": Permission.VIEW_CHANNEL,
    "send_messages": Permission.SEND_MESSAGES,
    "send_messages_in_threads": Permission.SEND_MESSAGES_IN_THREADS,
    "embed_links": Permission.EMBED_LINKS,
    "attach_files": Permission.ATTACH_FILES,
    "read_message_history": Permission.READ_MESSAGE_HISTORY,
    "add_reactions": Permission.ADD_REACTIONS,
    "create_events": Permission.CREATE_EVENTS,
}
GUILD, OWN, OTHER, BOT = 1, 2, 3, 9
bits = st.lists(st.sampled_from(sorted(FLAGS.values())), unique=True).map(sum)
held = st.one_of(bits, st.just(int(sum(FLAGS.values()))), st.just(int(Permission.ADMINISTRATOR)))
overwrites = st.dictionaries(
    st.sampled_from([GUILD, OWN, OTHER, BOT]),
    st.tuples(bits, bits).map(lambda pair: Overwrite(False, pair[0], pair[1] & ~pair[0])),
)


@given(
    st.tuples(held, held, held),
    st.lists(st.sampled_from([OWN, OTHER]), unique=True),
    overwrites,
    st.booleans(),
)
def test_what_is_missing_is_what_discord_denies(
    roles: tuple[int, int, int], own: list[int], there: dict[int, Overwrite], is_thread: bool
) -> None:
    bot = User(BOT, "Paper Bot", is_bot=True)
    guild = Guild(GUILD, "Readers", User(5, "Owner"))
    for key, permissions in zip((GUILD, OWN, OTHER), roles, strict=True):
        guild.roles[key] = Role(key, str(key), permissions)
    member = Member(bot, guild, 0.0, own)
    channel = Channel(20, "papers", ChannelKind.TEXT, guild, overwrites=there)
    thread = Channel(21, "replies", ChannelKind.PUBLIC_THREAD, guild, channel, owner=bot)
    place = thread if is_thread else channel

    sight = sight_of_payloads(
        guild.payload(),
        member.payload(),
        channel.payload(),
        thread.payload() if is_thread else None,
        has_content=False,
    )

    allowed = channel_permissions(place, member)
    names = {need.flag: need.name for need in NEEDS}
    denied = {names[flag] for flag, bit in FLAGS.items() if not allowed & bit}
    sending = names["send_messages_in_threads" if is_thread else "send_messages"]
    assert sight.name == f"#{place.name}"
    assert set(sight.missing) <= denied
    for vital in (names["view_channel"], sending):
        is_told = vital in sight.missing or names["view_channel"] in sight.missing
        assert is_told == (vital in denied)
    if not denied & {names["view_channel"], sending}:
        others = {sending, names["embed_links"], names["attach_files"], names["add_reactions"]}
        others |= {names["read_message_history"]}
        assert set(sight.missing) == denied & others
    has_events = bool(base_permissions(guild, member) & Permission.CREATE_EVENTS)
    assert permissions_in(guild.payload(), member.payload()).create_events == has_events
