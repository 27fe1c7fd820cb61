"""wprc init: from flags and the environment, against both platforms over HTTP."""

from __future__ import annotations

import re
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from dotenv.parser import parse_stream
from hypothesis import given
from hypothesis import strategies as st

from bot.commandline.init.club import initials
from bot.commandline.init.env_file import changed
from storage.codes import FOUND, JOIN
from storage.database import Database
from tests.commandline.installation import Installation, fresh
from tests.conftest import NOW
from tests.discord.intents import MESSAGE_CONTENT
from tests.discord.world import TOKEN as DISCORD_TOKEN
from tests.telegram.faults import Hang

__all__ = ["fresh"]


def values_of(path: Path) -> dict[str, str | None]:
    return {one.key: one.value for one in parse_stream(StringIO(path.read_text())) if one.key}


def code_in(text: str) -> str:
    found = re.search(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b", text)
    assert found, text
    return found[0]


def opened(fresh: Installation) -> Database:
    return Database(f"sqlite:///{fresh.data / 'wprc.sqlite'}")


async def test_flags_take_an_empty_folder_to_a_bot_that_can_be_started(fresh: Installation) -> None:
    ran = await fresh.init("--zone", "Europe/London")
    assert (ran.code, ran.err) == (0, "")
    assert fresh.env.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in fresh.folder.iterdir()] == [".env"]
    assert values_of(fresh.env) == {
        "DISCORD_TOKEN": DISCORD_TOKEN,
        "TELEGRAM_TOKEN": fresh.telegram.token,
        "WPRC_CLUB": "WPRC",
        "WPRC_TIME_ZONE": "Europe/London",
    }
    assert f"client_id={fresh.discord.application_id}&" in ran.out
    assert f"https://t.me/{fresh.telegram.username}?startgroup=setup" in ran.out
    for hint in ("Message Content Intent” is off", "Privacy mode is on", "wprc run", "/setup"):
        assert hint in ran.out
    with closing(opened(fresh)) as database, database.unit() as uow:
        (club,) = uow.clubs.all()
        assert (club.prefix, club.time_zone) == ("WPRC", "Europe/London")
        assert club.name == "Whitepaper Reading Club"
        assert uow.codes.has(code_in(ran.out), JOIN, NOW)


async def test_without_a_name_the_code_founds_the_club_in_the_chat(fresh: Installation) -> None:
    ran = await fresh.wprc("init", "--telegram-token", fresh.telegram.token)
    assert ran.code == 0
    with closing(opened(fresh)) as database, database.unit() as uow:
        assert uow.clubs.all() == []
        assert uow.codes.has(code_in(ran.out), FOUND, NOW)


async def test_tokens_come_from_the_input_or_the_environment(fresh: Installation) -> None:
    typed = f"{DISCORD_TOKEN}\n{fresh.telegram.token}\n"
    ran = await fresh.wprc("init", "--discord-token", "-", "--telegram-token", "-", typed=typed)
    assert ran.code == 0
    fresh.env.unlink()
    fresh.monkeypatch.setenv("DISCORD_TOKEN", DISCORD_TOKEN)
    fresh.monkeypatch.setenv("TELEGRAM_TOKEN", fresh.telegram.token)
    assert (await fresh.wprc("init", "--yes")).code == 0
    tokens = {"DISCORD_TOKEN": DISCORD_TOKEN, "TELEGRAM_TOKEN": fresh.telegram.token}
    assert values_of(fresh.env) == tokens
    ended = await fresh.wprc("init", "--discord-token", "-")
    assert ended.code == 2
    assert "DISCORD_TOKEN: the input ended" in ended.err


async def test_what_the_environment_overrules_is_told(fresh: Installation) -> None:
    fresh.monkeypatch.setenv("DISCORD_TOKEN", "one-of-before")
    ran = await fresh.wprc("init", "--discord-token", DISCORD_TOKEN)
    assert ran.code == 0
    assert "DISCORD_TOKEN is also set in the environment, which wins over .env" in ran.err
    assert values_of(fresh.env)["DISCORD_TOKEN"] == DISCORD_TOKEN
    assert "one-of-before" not in ran.out + ran.err


async def test_typed_again_it_changes_what_is_given_and_nothing_else(fresh: Installation) -> None:
    assert (await fresh.init()).code == 0
    text = fresh.env.read_text() + "# my own words\nLOG_LEVEL=DEBUG # for now\n"
    fresh.env.write_text(text.replace(DISCORD_TOKEN, "one-of-before"))
    fresh.env.chmod(0o644)
    ran = await fresh.wprc(
        "init", "--discord-token", DISCORD_TOKEN, "--club", "Readers", "--zone", "Asia/Tokyo"
    )
    assert ran.code == 0
    after = fresh.env.read_text()
    assert after.startswith(text)
    comment, value = after.removeprefix(text).strip().split("\n")
    assert comment.startswith("# The time zone")
    assert value == "WPRC_TIME_ZONE=Asia/Tokyo"
    assert fresh.env.stat().st_mode & 0o777 == 0o600
    with closing(opened(fresh)) as database, database.unit() as uow:
        (club,) = uow.clubs.all()
        assert (club.name, club.time_zone) == ("Readers", "Asia/Tokyo")
    assert (await fresh.wprc("init", "--telegram-token", "none")).code == 0
    assert values_of(fresh.env)["TELEGRAM_TOKEN"] == ""
    again = await fresh.wprc("init", "--yes")
    assert again.code == 0
    assert "As it was" in again.out


async def test_a_link_to_the_file_stays_a_link(fresh: Installation, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.env"
    real.write_text("LOG_LEVEL=INFO\n")
    fresh.env.symlink_to(real)
    assert (await fresh.init()).code == 0
    assert fresh.env.is_symlink()
    assert values_of(real)["DISCORD_TOKEN"] == DISCORD_TOKEN


async def test_a_wrong_token_is_refused_and_nothing_is_written(fresh: Installation) -> None:
    ran = await fresh.wprc("init", "--discord-token", "mistaken-token-of-another")
    assert ran.code == 1
    assert "Discord refuses this token" in ran.err
    other = "4242:mistaken-token-of-another"
    ran = await fresh.wprc("init", "--telegram-token", other)
    assert ran.code == 1
    assert "Telegram refuses this token" in ran.err
    assert "mistaken" not in ran.err
    malformed = await fresh.wprc("init", "--telegram-token", "half a mistaken one")
    assert malformed.code == 2
    assert "TELEGRAM_TOKEN: a token is a number, a colon" in malformed.err
    assert "mistaken" not in malformed.err
    assert not fresh.env.exists()
    fresh.discord.take_violations()
    fresh.telegram.take_violations()


async def test_a_platform_that_is_away_is_named_and_can_be_left_unasked(
    fresh: Installation,
) -> None:
    fresh.monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    ran = await fresh.wprc("init", "--telegram-token", fresh.telegram.token)
    assert ran.code == 1
    assert "Telegram cannot be asked: the connection is refused" in ran.err
    assert "--no-check" in ran.err
    assert not fresh.env.exists()
    ran = await fresh.wprc("init", "--no-check", "--telegram-token", fresh.telegram.token)
    assert ran.code == 0
    assert "not tested" in ran.out
    assert values_of(fresh.env)["TELEGRAM_TOKEN"] == fresh.telegram.token


async def test_a_platform_that_never_answers_is_waited_for_only_so_long(
    fresh: Installation,
) -> None:
    fresh.monkeypatch.setattr("bot.commandline.init.trying._SECONDS", 0.3)
    fresh.telegram.faults.add(method="getMe", kind=Hang())
    ran = await fresh.wprc("init", "--telegram-token", fresh.telegram.token)
    assert ran.code == 1
    assert "no answer within 0.3 s" in ran.err


async def test_what_is_switched_on_and_off_is_told(fresh: Installation) -> None:
    fresh.discord.privileged = MESSAGE_CONTENT
    fresh.discord.portal = {
        "interactions_endpoint_url": "https://example.org/",
        "bot_require_code_grant": True,
        "bot_public": False,
    }
    fresh.telegram.privacy_mode = fresh.telegram.inline_mode = False
    ran = await fresh.init()
    for hint in (
        "though “Message Content Intent” is on",
        "Interactions Endpoint URL is set",
        "OAuth2 Code Grant",
        "Public Bot” is off",
        "Privacy mode is off",
        "Inline mode is off",
        "/setinline",
    ):
        assert hint in ran.out
    assert "DISCORD_MESSAGE_CONTENT" not in values_of(fresh.env)
    assert (await fresh.wprc("init", "--message-content")).code == 0
    assert values_of(fresh.env)["DISCORD_MESSAGE_CONTENT"] == "true"
    fresh.discord.privileged = 0
    assert "Discord will refuse the connection" in (await fresh.wprc("init", "--yes")).out


async def test_either_database_is_made_ready(fresh: Installation, empty_url: str) -> None:
    token = ("--telegram-token", fresh.telegram.token)
    ran = await fresh.wprc("init", *token, "--database", empty_url, "--club", "Readers")
    assert ran.code == 0, ran.err
    assert values_of(fresh.env)["DATABASE_URL"] == empty_url
    with closing(Database(empty_url)) as database, database.unit() as uow:
        assert [club.prefix for club in uow.clubs.all()] == ["READ"]


async def test_a_database_that_cannot_be_used_is_refused(fresh: Installation) -> None:
    Path("letter.txt").write_text("Dear Ana, " * 1_000)
    ran = await fresh.wprc("init", "--yes", "--database", "sqlite:///letter.txt")
    assert ran.code == 1
    assert "file is not a database" in ran.err
    ran = await fresh.wprc("init", "--database", "postgresql://ana:secret@127.0.0.1:9/wprc")
    assert ran.code == 1
    assert "ana:***@127.0.0.1" in ran.err
    assert "secret" not in ran.err
    ran = await fresh.wprc("init", "--database", "mysql://host/name")
    assert ran.code == 2
    assert not fresh.env.exists()


async def test_what_is_wrong_in_the_file_is_mended_or_told(fresh: Installation) -> None:
    fresh.env.write_text("TELEGRAM_TOKEN=half\nLOG_LEVEL=INFO\n")
    ran = await fresh.wprc("init", "--telegram-token", fresh.telegram.token)
    assert ran.code == 0
    assert "TELEGRAM_TOKEN in .env counts as not set" in ran.err
    assert values_of(fresh.env)["TELEGRAM_TOKEN"] == fresh.telegram.token
    fresh.env.write_text("LOG_LEVEL=loud\n")
    ran = await fresh.wprc("init", "--yes")
    assert ran.code == 2
    assert "LOG_LEVEL is 'loud'" in ran.err
    fresh.env.write_text("what is this\n")
    assert "Line 1 of .env is not NAME=value" in (await fresh.wprc("init", "--yes")).err


async def test_a_prefix_needs_its_club(fresh: Installation) -> None:
    ran = await fresh.wprc("init", "--prefix", "ZKRC")
    assert ran.code == 2
    assert "say its name with --club" in ran.err
    assert not fresh.env.exists()


async def test_without_a_terminal_and_without_anything_given_it_says_how(
    fresh: Installation,
) -> None:
    ran = await fresh.wprc("init")
    assert ran.code == 2
    assert "wprc init --help" in ran.err


async def test_without_the_library_it_says_what_to_install(fresh: Installation) -> None:
    fresh.monkeypatch.setitem(sys.modules, "aiohttp", None)
    ran = await fresh.wprc("init", "--telegram-token", fresh.telegram.token)
    assert ran.code == 1
    assert "pip install 'wprc-bot[telegram]'" in ran.err


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("Whitepaper Reading Club", "WRC"),
        ("Readers", "READ"),
        ("Клуб", ""),
        ("7 Papers", "PAPE"),
        ("a b c d e f g h i j k l m n o p q r", "ABCDEFGHIJKLMNOP"),
    ],
)
def test_a_prefix_is_proposed(name: str, prefix: str) -> None:
    assert initials(name) == prefix


_LINES = st.sampled_from(
    ["# a comment\n", "\n", "WPRC_CLUB=ABC\n", "export DISCORD_TOKEN='x y' # mine\r\n", "\tA=\n"]
)
_TEXT = st.characters(codec="utf-8", exclude_characters="\r\n", exclude_categories=("Cs", "Cc"))


@given(st.lists(_LINES, max_size=6), st.text(_TEXT, min_size=1, max_size=40))
def test_any_value_is_read_back_and_the_other_lines_stay(lines: list[str], value: str) -> None:
    before = "".join(lines)
    after = changed(before, {"DISCORD_TOKEN": value})
    found = [(one.key, one.value) for one in parse_stream(StringIO(after)) if one.key]
    assert ("DISCORD_TOKEN", value) in found
    assert [one[0] for one in found].count("DISCORD_TOKEN") == 1
    others = [line for line in lines if "DISCORD_TOKEN" not in line]
    assert "".join(others) in after or "DISCORD_TOKEN" in before
    for line in others:
        assert line in after
