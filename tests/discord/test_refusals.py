"""The simulator refuses what Discord refuses, and remembers what a bot should not have sent."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable

import aiohttp
import discord
import pytest

from tests.discord.permissions import Permission
from tests.discord.simulator import Simulator
from tests.discord.small_bot import SmallBot, running


def refusal_code(error: pytest.ExceptionInfo[discord.HTTPException]) -> tuple[int, int]:
    return error.value.status, error.value.code


async def test_an_embed_over_the_limit_is_refused_and_recorded(simulator: Simulator) -> None:
    general = (await simulator.guild("Papers")).channel("general")
    async with running(simulator) as bot:
        place = bot.get_partial_messageable(general.id)
        with pytest.raises(discord.HTTPException) as error:
            await place.send(embed=discord.Embed(title="x" * 257))
    assert refusal_code(error) == (400, 50035)
    assert "In embeds.0.title: Must be 256 or fewer in length." in error.value.text
    (violation,) = simulator.take_violations()
    assert [problem.path for problem in violation.problems] == [("embeds", 0, "title")]


Send = Callable[[discord.PartialMessageable], Awaitable[object]]


def rows(count: int) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number in range(count):
        view.add_item(discord.ui.Button(label="x" * 80, custom_id=str(number) * 50))
    return view


def same_ids() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for _ in range(2):
        view.add_item(discord.ui.Button(label="x", custom_id="same"))
    return view


def menu(size: int) -> discord.ui.View:
    options = [discord.SelectOption(label=str(number)) for number in range(size)]
    view = discord.ui.View(timeout=None)
    select: discord.ui.Select[discord.ui.View] = discord.ui.Select(options=options[:25])
    select._underlying.options = options
    return view.add_item(select)


def layout(*texts: str) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    for text in texts:
        view.add_item(discord.ui.TextDisplay(text))
    return view


def embed(*, fields: int = 0, value: str = "v", description: str = "d") -> discord.Embed:
    made = discord.Embed(description=description)
    for _ in range(fields):
        made.add_field(name="n", value=value)
    return made


@pytest.mark.parametrize(
    "send",
    [
        pytest.param(lambda place: place.send("x" * 2000), id="content"),
        pytest.param(lambda place: place.send("\N{GRINNING FACE}" * 2000), id="code points count"),
        pytest.param(lambda place: place.send(embed=embed(description="x" * 4096)), id="embed"),
        pytest.param(lambda place: place.send(embed=embed(fields=25)), id="fields"),
        pytest.param(
            lambda place: place.send(embeds=[embed(description="x" * 3000)] * 2), id="6000 in all"
        ),
        pytest.param(lambda place: place.send(view=rows(10)), id="buttons"),
        pytest.param(lambda place: place.send(view=menu(25)), id="menu"),
        pytest.param(lambda place: place.send(view=layout("x" * 2000, "y" * 2000)), id="layout"),
    ],
)
async def test_what_is_at_the_limit_is_taken(simulator: Simulator, send: Send) -> None:
    general = (await simulator.guild("Papers")).channel("general")
    async with running(simulator) as bot:
        await send(bot.get_partial_messageable(general.id))
    assert len(general.messages) == 1


@pytest.mark.parametrize(
    ("send", "path"),
    [
        (lambda place: place.send("x" * 2001), ("content",)),
        (
            lambda place: place.send(embed=embed(description="x" * 4097)),
            ("embeds", 0, "description"),
        ),
        (
            lambda place: place.send(embed=embed(fields=1, value="x" * 1025)),
            ("embeds", 0, "fields", 0, "value"),
        ),
        (
            lambda place: place.send(embed=embed(fields=1, value=" ")),
            ("embeds", 0, "fields", 0, "value"),
        ),
        (lambda place: place.send(embeds=[embed(description="x" * 3001)] * 2), ("embeds",)),
        (
            lambda place: place.send(view=same_ids()),
            ("components", 0, "components", 1, "custom_id"),
        ),
        (
            lambda place: place.send(view=menu(26)),
            ("components", 0, "components", 0, "options"),
        ),
        (lambda place: place.send(view=layout("x" * 4000, "y")), ("components",)),
        (lambda place: place.send(view=layout(*"x" * 41)), ("components",)),
        (lambda place: place.send("x", view=layout("x")), ("content",)),
    ],
)
async def test_what_is_over_a_limit_is_refused(
    simulator: Simulator,
    send: Send,
    path: tuple[str | int, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The library checks some of this itself, which is no reason to let it through here.
    monkeypatch.setattr(discord.ui.LayoutView, "_add_count", lambda self, count: None)
    general = (await simulator.guild("Papers")).channel("general")
    async with running(simulator) as bot:
        with pytest.raises(discord.HTTPException):
            await send(bot.get_partial_messageable(general.id))
    (violation,) = simulator.take_violations()
    told = [problem.path for problem in violation.problems]
    assert path in told
    assert general.messages == {}


async def test_an_empty_message_is_refused(simulator: Simulator) -> None:
    general = (await simulator.guild("Papers")).channel("general")
    async with running(simulator) as bot:
        with pytest.raises(discord.HTTPException) as error:
            await bot.get_partial_messageable(general.id).send(" \n")
    assert refusal_code(error) == (400, 50006)
    assert len(simulator.take_violations()) == 1


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ((403, 50007), lambda bot, s: _dm(bot, s)),
        ((403, 50013), lambda bot, s: _in(bot, s, "quiet").send("x")),
        ((403, 50001), lambda bot, s: _in(bot, s, "hidden").send("x")),
        ((404, 10003), lambda bot, s: bot.get_partial_messageable(1).send("x")),
        (
            (404, 10008),
            lambda bot, s: _in(bot, s, "general").get_partial_message(1).edit(content="x"),
        ),
    ],
)
async def test_what_cannot_be_done_is_named(
    simulator: Simulator,
    code: tuple[int, int],
    refused: Callable[[SmallBot, Simulator], Awaitable[object]],
) -> None:
    club = await simulator.guild("Papers", channels=("general", "quiet", "hidden"))
    club.overwrite(club.channel("quiet"), club.bot_role, deny=Permission.SEND_MESSAGES)
    club.hide(club.channel("hidden"))
    simulator.person("Ana").has_dms_closed = True
    async with running(simulator) as bot:
        with pytest.raises(discord.HTTPException) as error:
            await refused(bot, simulator)
    assert refusal_code(error) == code


async def _dm(bot: SmallBot, simulator: Simulator) -> None:
    (ana,) = (user for user in simulator.users.values() if user.name == "Ana")
    user = await bot.fetch_user(ana.id)
    await user.send("Hello")


def _in(bot: SmallBot, simulator: Simulator, name: str) -> discord.PartialMessageable:
    (channel,) = (one for one in simulator.channels.values() if one.name == name)
    return bot.get_partial_messageable(channel.id)


async def test_a_file_over_the_limit_is_refused(simulator: Simulator) -> None:
    await simulator.guild("Papers")
    async with running(simulator) as bot:
        file = discord.File(io.BytesIO(bytes(10 * 2**20 + 1)), "x")
        with pytest.raises(discord.HTTPException) as error:
            await _in(bot, simulator, "general").send(file=file)
    assert refusal_code(error) == (413, 40005)
    assert len(simulator.take_violations()) == 1


async def test_an_unknown_path_is_a_violation(simulator: Simulator) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(simulator.api_url + "/sessions") as response,
    ):
        assert response.status == 404
    (violation,) = simulator.take_violations()
    assert violation.path == "/sessions"
