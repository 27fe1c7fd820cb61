"""What people do at the simulated Discord reaches a real discord.py client, and back."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import discord
import pytest

from tests.discord.intents import MESSAGE_CONTENT
from tests.discord.limits_commands import CHAT, MESSAGE_MENU
from tests.discord.options import CannotType
from tests.discord.permissions import Permission
from tests.discord.places import User
from tests.discord.simulator import Simulator
from tests.discord.small_bot import INTENTS, running


async def test_a_command_is_typed_and_answered(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator):
        await ana.slash("paper", what="WPRC-006", part="Abstract")
        card = await ana.answer()
    assert card.embeds[0]["title"] == "WPRC-006 (abstract)"
    assert card.labels == ["In-depth", "Opinion"]
    assert not card.is_private
    assert card.text == "WPRC-006 (abstract)\nA card"


async def test_commands_are_stored_as_they_were_registered(simulator: Simulator) -> None:
    async with running(simulator):
        stored = {one["name"]: one["type"] for one in simulator.commands[None].values()}
    assert stored == {"paper": CHAT, "Save as opinion": MESSAGE_MENU}


async def test_an_option_is_completed(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator):
        assert await ana.complete("paper", "what", "crypto") == [("WPRC-006 On crypto", "WPRC-006")]
        assert await ana.complete("paper", "what", "stars") == []


async def test_nobody_can_send_what_discord_does_not_offer(simulator: Simulator) -> None:
    ana = (await simulator.guild("Papers")).member("Ana")
    async with running(simulator):
        with pytest.raises(CannotType, match="'papers' is not offered"):
            await ana.slash("papers", what="x")
        with pytest.raises(CannotType, match="no option 'title'"):
            await ana.slash("paper", title="x")
        with pytest.raises(CannotType, match="needs 'what'"):
            await ana.slash("paper")
        with pytest.raises(CannotType, match="one of"):
            await ana.slash("paper", what="x", part="Everything")
        with pytest.raises(CannotType, match="does not complete"):
            await ana.complete("paper", "part", "x")


async def test_a_button_changes_its_message(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana, bea = club.member("Ana"), club.member("Bea")
    async with running(simulator):
        await ana.slash("paper", what="WPRC-006")
        card = await ana.answer()
        await bea.press(card, "In-depth")
        assert (await bea.answer()).content == "All of it"
    (seen,) = club.channel("general").visible_to(ana)
    assert seen.content == "All of it"
    assert seen.is_edited


async def test_a_form_is_filled_and_answered_privately(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana, bea = club.member("Ana"), club.member("Bea")
    async with running(simulator):
        await ana.slash("paper", what="WPRC-006")
        await ana.press(await ana.answer(), "opinion")
        form = await ana.answer()
        assert form.modal is not None
        assert form.modal.title == "Your opinion"
        with pytest.raises(CannotType, match="takes 1 to 200"):
            await ana.fill(form, {"Opinion": "x" * 201})
        await ana.fill(form, {"Opinion": "Bold claims"})
        noted = await ana.answer()
    assert noted.content == "Noted: Bold claims"
    assert noted.is_private
    general = club.channel("general")
    assert [seen.content for seen in general.visible_to(ana)] == ["", "Noted: Bold claims"]
    assert [seen.content for seen in general.visible_to(bea)] == [""]


async def test_a_menu_shows_the_message_in_full(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana, bea = club.member("Ana"), club.member("Bea")
    async with running(simulator) as bot:
        said = await bea.say("Very good", club.channel("general"))
        assert (await bot.messages.get()).content == ""
        await ana.right_click(said, "Save as opinion")
        assert (await ana.answer()).content == "Saved: Very good"


async def test_a_command_works_in_direct_messages(simulator: Simulator) -> None:
    ana = simulator.person("Ana")
    async with running(simulator):
        await ana.slash("paper", what="WPRC-006", channel=ana.dm)
        assert (await ana.answer()).text == "WPRC-006\nA card"


async def test_who_may_not_see_a_channel_sees_nothing_of_it(simulator: Simulator) -> None:
    club = await simulator.guild("Papers", channels=("general", "board"))
    ana, bea = club.member("Ana"), club.member("Bea")
    board = club.channel("board")
    club.hide(board, ana, club.bot_role)
    async with running(simulator) as bot:
        await ana.say("Among us", board)
        assert (await bot.messages.get()).channel.id == board.id
        with pytest.raises(CannotType, match="does not see"):
            await bea.say("Hello?", board)
    assert len(board.visible_to(ana)) == 1
    assert board.visible_to(bea) == []


async def test_content_without_the_intent(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana = club.member("Ana")
    general = club.channel("general")
    async with running(simulator) as bot:
        place = bot.get_partial_messageable(general.id)
        question = await place.send("What do you think?")
        posted = general.messages[question.id]
        await ana.slash("paper", what="WPRC-006")
        card = await ana.answer()

        async def arrives(content: str, **more: object) -> str:
            await ana.say(content, general, **more)  # type: ignore[arg-type]
            return (await bot.messages.get()).content

        assert await arrives("Hello") == ""
        mention = simulator.bot.mention
        assert await arrives(f"Hello {mention}") == f"Hello {mention}"
        assert await arrives("Fine", reply_to=posted) == "Fine"
        assert await arrives("Fine", reply_to=posted, ping=False) == ""
        assert await arrives("Fine", reply_to=card) == ""
        await ana.say("Psst", ana.dm)
        assert (await bot.messages.get()).content == "Psst"
        read = [message.content async for message in place.history(limit=1)]
        assert read == [""]


async def test_content_with_the_intent() -> None:
    async with Simulator(privileged=MESSAGE_CONTENT) as simulator:
        ana = (await simulator.guild("Papers")).member("Ana")
        intents = discord.Intents(INTENTS.value, message_content=True)
        async with running(simulator, intents) as bot:
            await ana.say("Hello")
            assert (await bot.messages.get()).content == "Hello"


async def test_files_go_both_ways(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana = club.member("Ana")
    general = club.channel("general")
    async with running(simulator) as bot:
        page = await ana.upload("Seite ä.md", b"# A page")
        await ana.say(f"Here {simulator.bot.mention}", general, files=[page])
        (attached,) = (await bot.messages.get()).attachments
        assert await attached.read() == b"# A page"
        place = bot.get_partial_messageable(general.id)
        await place.send(
            "Export", file=discord.File(io.BytesIO(b"\0\1\r\n--x"), "x.bin", description="All")
        )
        export = await ana.hear(general)
    assert [(file.filename, file.data, file.description) for file in export.files] == [
        ("x.bin", b"\0\1\r\n--x", "All")
    ]


async def test_who_is_really_pinged(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    club.let_bot(Permission.MENTION_EVERYONE)
    readers = club.add_role("Readers")
    ana, bea, cleo = club.member("Ana"), club.member("Bea", readers), club.member("Cleo")
    general = club.channel("general")
    text = f"@everyone {ana.mention} <@&{readers.id}> `{cleo.mention}`"
    wide, none = discord.AllowedMentions.all(), discord.AllowedMentions.none()
    only = discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(ana.id)], replied_user=False
    )
    async with running(simulator) as bot:
        place = bot.get_partial_messageable(general.id)
        everybody: set[User] = {ana, bea, cleo, club.guild.owner}
        reaches: list[tuple[discord.AllowedMentions, set[User]]] = [
            (wide, everybody),
            (none, set()),
            (only, {ana}),
        ]
        for allowed, reached in reaches:
            await place.send(text, allowed_mentions=allowed)
            assert (await ana.hear(general)).pinged == reached
        embed = discord.Embed(description=text)
        await place.send(embed=embed, allowed_mentions=wide)
        assert (await ana.hear(general)).pinged == set()


async def test_reactions_threads_and_pins(simulator: Simulator) -> None:
    club = await simulator.guild("Papers")
    ana = club.member("Ana")
    general = club.channel("general")
    async with running(simulator) as bot:
        channel = await bot.fetch_channel(general.id)
        assert isinstance(channel, discord.TextChannel)
        message = await channel.send("Session on Friday")
        await message.add_reaction("\N{WHITE HEAVY CHECK MARK}")
        await message.pin()
        assert [pinned.id async for pinned in channel.pins()] == [message.id]
        thread = await message.create_thread(name="Talk")
        await thread.send("In here")
        place = general.messages[message.id].thread
        assert place is not None
        assert (await ana.hear(place)).content == "In here"
        await ana.say("Yes", place)
        assert (await bot.messages.get()).channel.id == thread.id
        await asyncio.sleep(0)
    assert general.messages[message.id].reactions == {"\N{WHITE HEAVY CHECK MARK}": {simulator.bot}}


async def test_the_gateway_is_told_to_anybody(simulator: Simulator) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(simulator.api_url + "/gateway") as response,
    ):
        # With a charset beside it discord.py would read text.
        assert response.headers["Content-Type"] == "application/json"
        assert (await response.json())["url"] == simulator.gateway.url()
